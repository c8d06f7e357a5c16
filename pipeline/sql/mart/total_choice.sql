-- Whole-city totals per city and year from every source, and which one city_indicator shows. The city's default series
-- comes first, so that all pages print one number; then the source's rank, the scope's order and the id. Shared-sector
-- totals are never a city's total; modelled, doubtful and repeated ones only count as alternatives.
-- grain: series_id, year
-- reads: mart.series_point, mart.series, core.scope, core.indicator_source
-- order: city_id, year, choice_order
with point as (

    select * from mart.series_point
    where sector_level = 'total'
        and sector_set is null

),

series as (

    select * from mart.series

),

scope as (

    select * from core.scope

),

indicator_source as (

    select * from core.indicator_source
    where indicator_id = 'ghg_total_t'

),

whole as (

    select
        point.series_id,
        point.city_id,
        point.year,
        point.source_id,
        point.scope,
        point.gas_basis,
        point.series_key,
        point.value_t,
        point.population_count,
        point.quality_id,
        point.flags,
        point.source_ref,
        point.is_modelled,
        series.is_usable,
        point.is_out_of_choice or point.is_out_of_series as is_out,
        series.series_rank = 1 and series.is_usable as is_default_series,
        row_number() over (
            partition by point.city_id, point.year
            order by
                case when series.is_usable and not point.is_out_of_choice and not point.is_out_of_series then 0 else 1 end,
                case when series.series_rank = 1 then 0 else 1 end,
                coalesce(indicator_source.source_rank, 1000),
                series.source_rank,
                scope.preference,
                point.series_id
        ) as choice_order
    from point
    inner join series
        on series.series_id = point.series_id
    inner join scope
        on scope.scope_id = point.scope
        and scope.is_whole_city
    left join indicator_source
        on indicator_source.source_id = point.source_id

)

select
    whole.series_id,
    whole.city_id,
    whole.year,
    whole.source_id,
    whole.scope,
    whole.gas_basis,
    whole.series_key,
    whole.value_t,
    whole.population_count,
    whole.quality_id,
    whole.flags,
    whole.source_ref,
    whole.is_modelled,
    whole.is_usable,
    whole.is_out,
    whole.is_default_series,
    whole.choice_order,
    whole.choice_order = 1 and whole.is_usable and not whole.is_out as is_chosen
from whole
