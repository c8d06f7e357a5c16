-- Indicators computed from inventories, per city and year: the whole-city total and its parts from the series chosen for
-- that year, per person by the population of the same inventory (where it prints none, a city population of the very same
-- year), and the change of the default series in its latest year. Parts are the source's own top-level rows; a part whose
-- sector is a sub-sector in the registry counts towards its parent; industry outside emission trading and industry processes
-- count as industry, stationary energy as buildings; removals are left out.
-- grain: city_id, indicator_id, year
-- reads: mart.total_choice, mart.series_point, mart.series, core.sector, core.observation
with choice as (

    select * from mart.total_choice

),

point as (

    select * from mart.series_point

),

series as (

    select * from mart.series

),

sector as (

    select * from core.sector

),

city_population as (

    select
        observation.city_id,
        observation.year,
        max(observation.value) as population_count
    from core.observation as observation
    where observation.indicator_id = 'population_count'
        and observation.geo_level = 'city'
        and not observation.is_out_of_choice
    group by observation.city_id, observation.year

),

spread as (

    select
        choice.city_id,
        choice.year,
        count(*) - 1 as alternative_count,
        min(choice.value_t) as alternative_min,
        max(choice.value_t) as alternative_max
    from choice
    where not choice.is_modelled
        and not choice.is_out
    group by choice.city_id, choice.year

),

chosen as (

    select
        choice.series_id,
        choice.city_id,
        choice.year,
        choice.source_id,
        choice.quality_id,
        choice.flags,
        choice.source_ref,
        choice.value_t,
        choice.population_count as inventory_population_count,
        coalesce(choice.population_count, city_population.population_count) as population_count
    from choice
    left join city_population
        on city_population.city_id = choice.city_id
        and city_population.year = choice.year
    where choice.is_chosen

),

sector_root as (

    select
        sector.sector_id,
        case coalesce(grandparent.sector_id, parent.sector_id, sector.sector_id)
            when 'stationary_energy_buildings' then 'buildings'
            when 'industry_non_ets' then 'industry'
            when 'ippu_industry' then 'industry'
            else coalesce(grandparent.sector_id, parent.sector_id, sector.sector_id)
        end as root_sector_id
    from sector
    left join sector as parent
        on parent.sector_id = sector.parent_sector_id
        and parent.sector_id <> 'total'
    left join sector as grandparent
        on grandparent.sector_id = parent.parent_sector_id
        and grandparent.sector_id <> 'total'

),

part as (

    select
        chosen.city_id,
        chosen.year,
        sector_root.root_sector_id as sector_id,
        chosen.source_id,
        chosen.population_count,
        sum(point.value_t) as value_t,
        min(point.quality_id) as quality_id,
        coalesce(string_agg(distinct nullif(point.flags, ''), ';' order by nullif(point.flags, '')), '') as flags,
        min(point.source_ref) as source_ref
    from chosen
    inner join point
        on point.series_id = chosen.series_id
        and point.year = chosen.year
        and point.sector_level = 'sector'
        and point.sector_id <> 'removals'
        and not point.is_out_of_choice
    inner join sector_root
        on sector_root.sector_id = point.sector_id
    where sector_root.root_sector_id in ('buildings', 'industry', 'transport', 'waste', 'afolu')
    group by chosen.city_id, chosen.year, sector_root.root_sector_id, chosen.source_id, chosen.population_count

),

modelled as (

    select
        choice.city_id,
        choice.year,
        choice.source_id,
        choice.value_t,
        choice.quality_id,
        choice.flags,
        choice.source_ref,
        row_number() over (
            partition by choice.city_id, choice.year, case when choice.source_id = 'openghgmap_r2021a' then 1 else 0 end
            order by case choice.source_id when 'carbon_monitor_cities' then 1 else 2 end, choice.series_id
        ) as choice_order
    from choice
    where choice.is_modelled
        and not choice.is_out

),

every as (

    select
        chosen.city_id, 'ghg_total_t' as indicator_id, chosen.year, chosen.value_t as value, chosen.source_id,
        chosen.quality_id, spread.alternative_count, spread.alternative_min, spread.alternative_max, chosen.flags,
        chosen.source_ref
    from chosen
    inner join spread
        on spread.city_id = chosen.city_id
        and spread.year = chosen.year

    union all

    select
        chosen.city_id, 'ghg_per_person_t', chosen.year, chosen.value_t / chosen.population_count, chosen.source_id,
        chosen.quality_id, 0, null, null, chosen.flags, chosen.source_ref
    from chosen
    where chosen.population_count > 0

    union all

    select
        chosen.city_id, 'population_inventory_year_count', chosen.year, chosen.inventory_population_count,
        chosen.source_id, chosen.quality_id, 0, null, null, chosen.flags, chosen.source_ref
    from chosen
    where chosen.inventory_population_count > 0

    union all

    select
        part.city_id, 'ghg_' || part.sector_id || '_t', part.year, part.value_t, part.source_id, part.quality_id,
        0, null, null, part.flags, part.source_ref
    from part

    union all

    select
        part.city_id, 'ghg_' || part.sector_id || '_per_person_t', part.year, part.value_t / part.population_count,
        part.source_id, part.quality_id, 0, null, null, part.flags, part.source_ref
    from part
    where part.population_count > 0
        and part.sector_id in ('buildings', 'transport')

    union all

    select
        series.city_id, 'ghg_change_since_base_pct', series.last_year, series.change_pct, series.source_id,
        series.quality_id, 0, null, null, '', series.series_id
    from series
    where series.series_rank = 1
        and series.is_usable
        and series.change_pct is not null

    union all

    select
        series.city_id, 'ghg_change_per_year_pct', series.last_year, series.change_per_year_pct, series.source_id,
        series.quality_id, 0, null, null, '', series.series_id
    from series
    where series.series_rank = 1
        and series.is_usable
        and series.change_per_year_pct is not null

    union all

    select
        modelled.city_id,
        case when modelled.source_id = 'openghgmap_r2021a' then 'co2_openghgmap_t' else 'ghg_modelled_t' end,
        modelled.year, modelled.value_t, modelled.source_id, modelled.quality_id, 0, null, null, modelled.flags,
        modelled.source_ref
    from modelled
    where modelled.choice_order = 1

)

select
    every.city_id,
    every.indicator_id,
    every.year,
    every.value,
    every.source_id,
    every.quality_id,
    cast(every.alternative_count as integer) as alternative_count,
    cast(every.alternative_min as double) as alternative_min,
    cast(every.alternative_max as double) as alternative_max,
    every.flags,
    every.source_ref
from every
