-- What the partner finder compares, one row a city, each value with its year. Emissions per person leave out removals: where
-- the inventory's total is net of them, its parts are added instead, and where it prints no parts there is no figure. People
-- are those of the inventory's year; where neither the inventory nor a statistic of that year has them, the register's count
-- of the very same year. Parts are those of the newest inventory that has both buildings and transport; a part at or below
-- zero is left out. Figures per person marked as doubtful in mart.peer_measure are not used. Temperatures of both months belong to one year.
-- grain: city_id
-- reads: mart.city, mart.city_indicator, mart.total_choice, mart.series_point, mart.series, mart.peer_measure
with city as (

    select * from mart.city

),

city_indicator as (

    select * from mart.city_indicator

),

total_choice as (

    select * from mart.total_choice
    where is_chosen

),

series_point as (

    select * from mart.series_point

),

series as (

    select * from mart.series
    where series_rank = 1
        and is_usable

),

doubtful as (

    select
        peer_measure.city_id,
        bool_or(peer_measure.measure_id = 'ghg_per_person_t') as is_total_doubtful
    from mart.peer_measure as peer_measure
    where peer_measure.is_doubtful
    group by peer_measure.city_id

),

parts_sum as (

    select
        series_point.series_id,
        series_point.year,
        sum(series_point.value_t) as value_t
    from series_point
    where series_point.sector_level = 'sector'
        and series_point.sector_id <> 'removals'
    group by series_point.series_id, series_point.year

),

inventory as (

    select
        total_choice.city_id,
        total_choice.year,
        total_choice.source_id,
        total_choice.scope,
        total_choice.gas_basis,
        total_choice.source_ref,
        contains(total_choice.flags, 'net_of_removals') as is_net,
        case
            when contains(total_choice.flags, 'net_of_removals') then parts_sum.value_t
            else total_choice.value_t
        end as gross_t,
        case
            when per_person.value > 0 then total_choice.value_t / per_person.value
            when city.population_year = total_choice.year then city.population_count
        end as population_count
    from total_choice
    inner join city
        on city.city_id = total_choice.city_id
    left join parts_sum
        on parts_sum.series_id = total_choice.series_id
        and parts_sum.year = total_choice.year
    left join city_indicator as per_person
        on per_person.city_id = total_choice.city_id
        and per_person.year = total_choice.year
        and per_person.indicator_id = 'ghg_per_person_t'

),

per_person as (

    select
        inventory.city_id,
        inventory.year,
        inventory.gross_t / inventory.population_count as value,
        inventory.source_id,
        inventory.scope,
        inventory.gas_basis,
        inventory.is_net,
        row_number() over (partition by inventory.city_id order by inventory.year desc) as newest_first
    from inventory
    left join doubtful
        on doubtful.city_id = inventory.city_id
    where inventory.gross_t > 0
        and inventory.population_count > 0
        and not coalesce(doubtful.is_total_doubtful, false)

),

part as (

    select
        city_indicator.city_id,
        city_indicator.year,
        max(city_indicator.source_id) as source_id,
        max(case when city_indicator.indicator_id = 'ghg_buildings_t' then city_indicator.value end) as buildings_t,
        max(case when city_indicator.indicator_id = 'ghg_transport_t' then city_indicator.value end) as transport_t,
        max(case when city_indicator.indicator_id = 'ghg_industry_t' then city_indicator.value end) as industry_t,
        max(case when city_indicator.indicator_id = 'ghg_waste_t' then city_indicator.value end) as waste_t,
        max(case when city_indicator.indicator_id = 'ghg_afolu_t' then city_indicator.value end) as afolu_t
    from city_indicator
    where city_indicator.indicator_id in (
            'ghg_buildings_t', 'ghg_transport_t', 'ghg_industry_t', 'ghg_waste_t', 'ghg_afolu_t'
        )
        and city_indicator.value > 0
    group by city_indicator.city_id, city_indicator.year

),

parts as (

    select
        part.city_id,
        part.year,
        part.source_id,
        part.buildings_t,
        part.transport_t,
        part.industry_t,
        part.waste_t,
        part.afolu_t,
        row_number() over (partition by part.city_id order by part.year desc) as newest_first
    from part
    left join doubtful
        on doubtful.city_id = part.city_id
    where part.buildings_t is not null
        and part.transport_t is not null
        and doubtful.city_id is null

),

temperature as (

    select
        coldest.city_id,
        coldest.year,
        coldest.value as coldest_deg_c,
        warmest.value as warmest_deg_c,
        row_number() over (partition by coldest.city_id order by coldest.year desc) as newest_first
    from city_indicator as coldest
    inner join city_indicator as warmest
        on warmest.city_id = coldest.city_id
        and warmest.year = coldest.year
        and warmest.indicator_id = 'temperature_warmest_month_deg_c'
    where coldest.indicator_id = 'temperature_coldest_month_deg_c'

),

income as (

    select
        city_indicator.city_id,
        city_indicator.year,
        city_indicator.value,
        row_number() over (partition by city_indicator.city_id order by city_indicator.year desc) as newest_first
    from city_indicator
    where city_indicator.indicator_id = 'gdp_per_person_pps'
        and city_indicator.value > 0

)

select
    city.city_id,
    case when city.population_count > 0 then city.population_count end as population_count,
    city.population_year,
    city.population_source_id,
    city.latitude_deg,
    temperature.coldest_deg_c,
    temperature.warmest_deg_c,
    temperature.year as temperature_year,
    income.value as income_pps,
    income.year as income_year,
    per_person.value as per_person_t,
    per_person.year as per_person_year,
    per_person.source_id as per_person_source_id,
    per_person.scope as per_person_scope,
    per_person.gas_basis as per_person_gas_basis,
    coalesce(per_person.is_net, false) as is_without_removals,
    parts.buildings_t,
    parts.transport_t,
    parts.industry_t,
    parts.waste_t,
    parts.afolu_t,
    parts.year as parts_year,
    parts.source_id as parts_source_id,
    series.scope as series_scope,
    series.gas_basis as series_gas_basis,
    series.source_id as series_source_id,
    series.first_year as base_year,
    series.last_year as latest_year
from city
left join temperature
    on temperature.city_id = city.city_id
    and temperature.newest_first = 1
left join income
    on income.city_id = city.city_id
    and income.newest_first = 1
left join per_person
    on per_person.city_id = city.city_id
    and per_person.newest_first = 1
left join parts
    on parts.city_id = city.city_id
    and parts.newest_first = 1
left join series
    on series.city_id = city.city_id
