-- The cities with what pages show first: place, size, label, and how far their inventories reach. The population is the
-- register's, for size classes only; emissions per person use the population of the inventory year.
-- grain: city_id
-- reads: core.city, core.emission, mart.series
with city as (

    select * from core.city

),

reported as (

    select distinct
        emission.city_id
    from core.emission as emission
    where not emission.is_modelled
        and emission.value_t is not null

),

series as (

    select * from mart.series
    where is_usable

),

longest as (

    select
        series.city_id,
        max(series.inventory_count) as inventory_count,
        max(series.last_year) as latest_inventory_year
    from series
    group by series.city_id

)

select
    city.city_id,
    city.name_en,
    city.name_local,
    city.country_iso2,
    city.group_id,
    city.is_mission_city,
    city.is_lt_municipality,
    city.is_tr_metropolitan,
    city.is_tr_city,
    city.place_kind,
    city.latitude_deg,
    city.longitude_deg,
    city.area_km2,
    city.population_count,
    city.population_year,
    city.population_source as population_source_id,
    case
        when city.population_count is null then 'unknown'
        when city.population_count < 50000 then 'under_50k'
        when city.population_count < 200000 then '50k_200k'
        when city.population_count < 1000000 then '200k_1m'
        else 'over_1m'
    end as size_class_id,
    city.mission_label_date,
    city.mission_label_wave,
    city.climate_target_year,
    city.nuts3_code,
    city.green_network_member,
    longest.latest_inventory_year,
    coalesce(longest.inventory_count, 0) as inventory_count,
    reported.city_id is not null as has_emission,
    city.note
from city
left join reported
    on reported.city_id = city.city_id
left join longest
    on longest.city_id = city.city_id
