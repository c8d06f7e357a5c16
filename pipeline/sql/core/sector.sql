-- Where emissions come from; a sector may be part of a wider one.
-- grain: sector_id
-- reads: raw.catalogue_sector
with sector as (

    select * from raw.catalogue_sector

)

select
    sector.sector_id,
    sector.title,
    sector.short_title,
    sector.definition,
    sector.parent as parent_sector_id,
    sector."order" as sort_order
from sector
