-- Ties between two places, or a place and a network, as listed.
-- grain: partnership_id
-- reads: staging.stg_figures__partnerships
with partnership as (

    select * from staging.stg_figures__partnerships

)

select
    partnership.source_id || ':' || partnership.row_id as partnership_id,
    partnership.source_id,
    partnership.row_id,
    partnership.kind_id,
    partnership.kind_as_listed,
    partnership.title,
    partnership.from_year,
    partnership.to_year,
    partnership.evidence_level_id,
    partnership.status_id,
    partnership.source_url,
    partnership.note,
    partnership.flags,
    partnership.flag_reason,
    partnership.licence_id,
    partnership.source_file_id,
    partnership.source_row
from partnership
