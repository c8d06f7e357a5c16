-- For each yardstick that rests on a city's promise, the sources the promise is looked up in, best first.
-- grain: yardstick_id, source_id
-- reads: raw.catalogue_yardstick
with yardstick as (

    select * from raw.catalogue_yardstick

)

select
    yardstick.yardstick_id,
    yardstick.target_sources[position.rank_number] as source_id,
    cast(position.rank_number as integer) as source_rank
from yardstick
cross join unnest(range(1, len(yardstick.target_sources) + 1)) as position (rank_number)
