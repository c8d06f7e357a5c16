-- For each yardstick that rests on a city's promise, the sources the promise is looked up in, best first. A city's own
-- target that its staff uploaded comes before all (rank 0).
-- grain: yardstick_id, source_id
-- reads: raw.catalogue_yardstick, raw.catalogue_source
with yardstick as (

    select * from raw.catalogue_yardstick

),

source as (

    select * from raw.catalogue_source

)

select
    yardstick.yardstick_id,
    yardstick.target_sources[position.rank_number] as source_id,
    cast(position.rank_number as integer) as source_rank
from yardstick
cross join unnest(range(1, len(yardstick.target_sources) + 1)) as position (rank_number)

union all

select
    yardstick.yardstick_id,
    source.source_id,
    0 as source_rank
from yardstick
cross join source
where source.kind = 'upload'
    and yardstick.yardstick_id = 'own_target'
