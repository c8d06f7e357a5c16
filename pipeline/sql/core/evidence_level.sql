-- How sure a tie is, and whether pages show it without being asked.
-- grain: evidence_level_id
-- reads: raw.catalogue_evidence_level
with evidence_level as (

    select * from raw.catalogue_evidence_level

)

select
    evidence_level.evidence_level_id,
    evidence_level.title,
    evidence_level.rank as evidence_rank,
    evidence_level.shown_by_default as is_shown_by_default,
    evidence_level.definition
from evidence_level
