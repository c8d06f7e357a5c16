-- For each indicator the sources that may give it, best first. What municipal staff upload for their own city comes before
-- what others publish of it.
-- grain: indicator_id, source_id
-- reads: raw.catalogue_indicator, raw.catalogue_source
with indicator as (

    select * from raw.catalogue_indicator

),

source as (

    select * from raw.catalogue_source

)

select
    indicator.indicator_id,
    indicator.source_rank[position.rank_number] as source_id,
    cast(position.rank_number as integer) as source_rank
from indicator
cross join unnest(range(1, len(indicator.source_rank) + 1)) as position (rank_number)

union all

select
    indicator.indicator_id,
    source.source_id,
    0 as source_rank
from indicator
cross join source
where source.kind = 'upload'
