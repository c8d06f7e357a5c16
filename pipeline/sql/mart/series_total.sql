-- The totals of each series that may be compared over time: whole city, not doubtful, above zero.
-- grain: series_id, year
-- reads: mart.series_point, core.scope
-- order: series_id, year
with point as (

    select * from mart.series_point
    where sector_level = 'total'
        and not is_out_of_series
        and value_t > 0

),

scope as (

    select * from core.scope

)

select
    point.series_id,
    point.city_id,
    point.year,
    point.value_t as total_t,
    point.population_count,
    point.full_t,
    point.quality_id,
    point.is_modelled
from point
inner join scope
    on scope.scope_id = point.scope
    and scope.is_whole_city
where not scope.is_official_only
    or point.quality_id = 'official_statistic'
    or point.is_modelled
