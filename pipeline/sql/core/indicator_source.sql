-- For each indicator the sources that may give it, best first.
-- grain: indicator_id, source_id
-- reads: raw.catalogue_indicator
with indicator as (

    select * from raw.catalogue_indicator

)

select
    indicator.indicator_id,
    indicator.source_rank[position.rank_number] as source_id,
    cast(position.rank_number as integer) as source_rank
from indicator
cross join unnest(range(1, len(indicator.source_rank) + 1)) as position (rank_number)
