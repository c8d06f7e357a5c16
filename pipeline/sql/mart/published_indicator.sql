-- Published indicator values per city and year: the best ranked source, and beside it how many other values there are and
-- how far they spread. Only values of the indicator's own geographic level count, so levels are never mixed.
-- grain: city_id, indicator_id, year
-- reads: core.observation, core.indicator, core.indicator_source, core.source
with observation as (

    select * from core.observation
    where value is not null
        and year is not null
        and not is_out_of_choice

),

indicator as (

    select * from core.indicator
    where origin = 'published'

),

indicator_source as (

    select * from core.indicator_source

),

source as (

    select * from core.source

),

ranked as (

    select
        observation.city_id,
        observation.indicator_id,
        observation.year,
        observation.value,
        observation.source_id,
        observation.quality_id,
        observation.flags,
        observation.source_ref,
        row_number() over (
            partition by observation.city_id, observation.indicator_id, observation.year
            order by
                coalesce(indicator_source.source_rank, 1000),
                source.source_rank,
                case when observation.flags = '' then 0 else 1 end,
                observation.source_place_key,
                observation.source_row
        ) as choice_order,
        count(*) over (partition by observation.city_id, observation.indicator_id, observation.year) as value_count,
        min(observation.value) over (partition by observation.city_id, observation.indicator_id, observation.year)
            as lowest,
        max(observation.value) over (partition by observation.city_id, observation.indicator_id, observation.year)
            as highest
    from observation
    inner join indicator
        on indicator.indicator_id = observation.indicator_id
        and indicator.geo_level = observation.geo_level
    inner join source
        on source.source_id = observation.source_id
    left join indicator_source
        on indicator_source.indicator_id = observation.indicator_id
        and indicator_source.source_id = observation.source_id

)

select
    ranked.city_id,
    ranked.indicator_id,
    ranked.year,
    ranked.value,
    ranked.source_id,
    ranked.quality_id,
    cast(ranked.value_count - 1 as integer) as alternative_count,
    case when ranked.value_count > 1 then ranked.lowest end as alternative_min,
    case when ranked.value_count > 1 then ranked.highest end as alternative_max,
    ranked.flags,
    ranked.source_ref
from ranked
where ranked.choice_order = 1
