-- What one city can do better than another: the newest value of every indicator of the city itself that has a good
-- direction and does not grow with the size of the place, and the yearly change of the emissions of each sector in the city's
-- default series (F6: from the first to the last inventory with the same parts in that sector, min_span_years apart or more; self-reported ones
-- that change by more than max_unverified_change_pct a year are taken for a change of method and left out).
-- Emissions per person of transport and buildings use the register's people of the very same year where nothing else has
-- them. `better_step` is how much better another city must be to count: a share of the value, or points for yearly changes.
-- `is_doubtful`: emissions per person so far below the middle of all cities that the inventory is taken for incomplete.
-- grain: measure_id, city_id
-- reads: mart.city, mart.city_indicator_latest, mart.total_choice, mart.series, mart.series_point, mart.peer_rule,
--   core.indicator, core.sector, core.threshold
with city as (

    select * from mart.city

),

latest as (

    select * from mart.city_indicator_latest

),

total_choice as (

    select * from mart.total_choice
    where is_chosen

),

series as (

    select * from mart.series
    where series_rank = 1
        and is_usable

),

series_point as (

    select * from mart.series_point
    where sector_level = 'sector'
        and not is_out_of_series
        and value_t > 0

),

indicator as (

    select * from core.indicator

),

sector as (

    select * from core.sector

),

threshold as (

    select * from core.threshold

),

rule as (

    select
        max(case when peer_rule.rule_id = 'better_share_pct' then peer_rule.value end) as better_share_pct,
        max(case when peer_rule.rule_id = 'better_points' then peer_rule.value end) as better_points,
        max(case when peer_rule.rule_id = 'least_plausible_pct' then peer_rule.value end) as least_plausible_pct
    from mart.peer_rule as peer_rule

),

of_emissions as (

    select indicator_id, part_id, is_change
    from (
        values
            ('ghg_per_person_t', 'ghg_total_t', false),
            ('ghg_transport_per_person_t', 'ghg_transport_t', false),
            ('ghg_buildings_per_person_t', 'ghg_buildings_t', false),
            ('ghg_change_per_year_pct', null, true)
    ) as given (indicator_id, part_id, is_change)

),

published as (

    select
        latest.city_id,
        latest.indicator_id,
        latest.year,
        latest.value,
        latest.unit_id,
        latest.source_id,
        latest.quality_id,
        latest.source_ref,
        contains(latest.flags, 'net_of_removals') as is_net_of_removals
    from latest
    inner join indicator
        on indicator.indicator_id = latest.indicator_id
    where indicator.direction <> 'neutral'
        and indicator.geo_level = 'city'
        and latest.unit_id not in ('t', 'MWh')
        and latest.indicator_id <> 'ghg_change_since_base_pct'

),

from_register as (

    select
        latest.city_id,
        of_emissions.indicator_id,
        latest.year,
        latest.value / city.population_count as value,
        't/person' as unit_id,
        latest.source_id,
        latest.quality_id,
        latest.source_ref,
        contains(latest.flags, 'net_of_removals') and of_emissions.part_id = 'ghg_total_t' as is_net_of_removals
    from of_emissions
    inner join latest
        on latest.indicator_id = of_emissions.part_id
    inner join city
        on city.city_id = latest.city_id
        and city.population_year = latest.year
        and city.population_count > 0
    left join published
        on published.city_id = latest.city_id
        and published.indicator_id = of_emissions.indicator_id
    where published.city_id is null

),

valued as (

    select
        published.city_id, published.indicator_id, published.year, published.value, published.unit_id,
        published.source_id, published.quality_id, published.source_ref, published.is_net_of_removals,
        false as is_register_population
    from published
    union all
    select
        from_register.city_id, from_register.indicator_id, from_register.year, from_register.value,
        from_register.unit_id, from_register.source_id, from_register.quality_id, from_register.source_ref,
        from_register.is_net_of_removals, true
    from from_register

),

sector_root as (

    select
        sector.sector_id,
        case coalesce(grandparent.sector_id, parent.sector_id, sector.sector_id)
            when 'stationary_energy_buildings' then 'buildings'
            when 'industry_non_ets' then 'industry'
            when 'ippu_industry' then 'industry'
            else coalesce(grandparent.sector_id, parent.sector_id, sector.sector_id)
        end as root_id
    from sector
    left join sector as parent
        on parent.sector_id = sector.parent_sector_id
        and parent.sector_id <> 'total'
    left join sector as grandparent
        on grandparent.sector_id = parent.parent_sector_id
        and grandparent.sector_id <> 'total'

),

sector_year as (

    select
        series_point.series_id,
        sector_root.root_id,
        series_point.year,
        sum(series_point.value_t) as value_t,
        string_agg(series_point.sector_id, '+' order by series_point.sector_id) as parts,
        min(series_point.quality_id) as quality_id,
        min(series_point.source_ref) as source_ref
    from series
    inner join series_point
        on series_point.series_id = series.series_id
    inner join sector_root
        on sector_root.sector_id = series_point.sector_id
    where sector_root.root_id in ('buildings', 'transport', 'industry', 'waste')
    group by series_point.series_id, sector_root.root_id, series_point.year

),

sector_end as (

    select
        sector_year.series_id,
        sector_year.root_id,
        max(sector_year.year) as last_year,
        arg_max(sector_year.parts, sector_year.year) as parts
    from sector_year
    group by sector_year.series_id, sector_year.root_id

),

sector_start as (

    select
        sector_year.series_id,
        sector_year.root_id,
        min(sector_year.year) as first_year
    from sector_year
    inner join sector_end
        on sector_end.series_id = sector_year.series_id
        and sector_end.root_id = sector_year.root_id
        and sector_end.parts = sector_year.parts
    group by sector_year.series_id, sector_year.root_id

),

sector_change as (

    select
        series.city_id,
        'change_' || sector_end.root_id || '_per_year_pct' as measure_id,
        sector_start.first_year,
        sector_end.last_year,
        100 * (pow(closing.value_t / opening.value_t, 1::double / (sector_end.last_year - sector_start.first_year)) - 1)
            as value,
        series.source_id,
        series.scope,
        series.gas_basis,
        closing.quality_id,
        closing.source_ref
    from sector_end
    inner join sector_start
        on sector_start.series_id = sector_end.series_id
        and sector_start.root_id = sector_end.root_id
    inner join series
        on series.series_id = sector_end.series_id
    inner join sector_year as opening
        on opening.series_id = sector_end.series_id
        and opening.root_id = sector_end.root_id
        and opening.year = sector_start.first_year
    inner join sector_year as closing
        on closing.series_id = sector_end.series_id
        and closing.root_id = sector_end.root_id
        and closing.year = sector_end.last_year
    cross join threshold
    where sector_end.last_year - sector_start.first_year >= threshold.min_span_years

),

credible_change as (

    select
        sector_change.city_id,
        sector_change.measure_id,
        sector_change.first_year,
        sector_change.last_year,
        sector_change.value,
        sector_change.source_id,
        sector_change.scope,
        sector_change.gas_basis,
        sector_change.quality_id,
        sector_change.source_ref
    from sector_change
    cross join threshold
    where sector_change.quality_id not in ('self_reported', 'compiled')
        or abs(sector_change.value) <= threshold.max_unverified_change_pct

),

every as (

    select
        valued.city_id,
        valued.indicator_id as measure_id,
        valued.value,
        valued.unit_id,
        case when coalesce(of_emissions.is_change, false) then series.first_year end as first_year,
        valued.year as last_year,
        valued.source_id,
        case when of_emissions.is_change then series.scope else total_choice.scope end as scope,
        case when of_emissions.is_change then series.gas_basis else total_choice.gas_basis end as gas_basis,
        valued.quality_id,
        valued.source_ref,
        valued.is_net_of_removals,
        valued.is_register_population,
        of_emissions.indicator_id is not null as is_emission,
        coalesce(of_emissions.is_change, false) as is_change,
        indicator.direction
    from valued
    inner join indicator
        on indicator.indicator_id = valued.indicator_id
    left join of_emissions
        on of_emissions.indicator_id = valued.indicator_id
    left join total_choice
        on total_choice.city_id = case when not of_emissions.is_change then valued.city_id end
        and total_choice.year = valued.year
    left join series
        on series.city_id = case when of_emissions.is_change then valued.city_id end
    union all
    select
        credible_change.city_id, credible_change.measure_id, credible_change.value, '%/year', credible_change.first_year,
        credible_change.last_year, credible_change.source_id, credible_change.scope, credible_change.gas_basis,
        credible_change.quality_id, credible_change.source_ref, false, false, true, true, 'lower_is_better'
    from credible_change

),

middle as (

    select
        every.measure_id,
        median(every.value) as value
    from every
    group by every.measure_id

)

select
    every.city_id,
    every.measure_id,
    every.value,
    every.unit_id,
    every.first_year,
    every.last_year,
    every.source_id,
    every.scope,
    every.gas_basis,
    every.quality_id,
    every.source_ref,
    every.is_net_of_removals,
    every.is_register_population,
    every.is_emission,
    every.is_change,
    every.direction,
    case
        when every.is_change then rule.better_points
        else rule.better_share_pct / 100 * abs(every.value)
    end as better_step,
    every.is_emission
        and not every.is_change
        and every.value < rule.least_plausible_pct / 100 * middle.value as is_doubtful
from every
inner join middle
    on middle.measure_id = every.measure_id
cross join rule
