-- Indicators marked as wide in the registry, one column each, one row per city and year.
-- grain: city_id, year
-- reads: mart.city_indicator
with city_indicator as (

    select * from mart.city_indicator

)

select
    city_indicator.city_id,
    city_indicator.year,
    max(case when city_indicator.indicator_id = 'ghg_total_t' then city_indicator.value end) as ghg_total_t,
    max(case when city_indicator.indicator_id = 'ghg_per_person_t' then city_indicator.value end) as ghg_per_person_t,
    max(case when city_indicator.indicator_id = 'ghg_change_since_base_pct' then city_indicator.value end) as ghg_change_since_base_pct,
    max(case when city_indicator.indicator_id = 'ghg_change_per_year_pct' then city_indicator.value end) as ghg_change_per_year_pct,
    max(case when city_indicator.indicator_id = 'ghg_buildings_t' then city_indicator.value end) as ghg_buildings_t,
    max(case when city_indicator.indicator_id = 'ghg_industry_t' then city_indicator.value end) as ghg_industry_t,
    max(case when city_indicator.indicator_id = 'ghg_transport_t' then city_indicator.value end) as ghg_transport_t,
    max(case when city_indicator.indicator_id = 'ghg_waste_t' then city_indicator.value end) as ghg_waste_t,
    max(case when city_indicator.indicator_id = 'ghg_afolu_t' then city_indicator.value end) as ghg_afolu_t,
    max(case when city_indicator.indicator_id = 'ghg_transport_per_person_t' then city_indicator.value end) as ghg_transport_per_person_t,
    max(case when city_indicator.indicator_id = 'ghg_buildings_per_person_t' then city_indicator.value end) as ghg_buildings_per_person_t,
    max(case when city_indicator.indicator_id = 'energy_total_mwh' then city_indicator.value end) as energy_total_mwh,
    max(case when city_indicator.indicator_id = 'energy_per_person_mwh' then city_indicator.value end) as energy_per_person_mwh,
    max(case when city_indicator.indicator_id = 'energy_buildings_mwh' then city_indicator.value end) as energy_buildings_mwh,
    max(case when city_indicator.indicator_id = 'energy_transport_mwh' then city_indicator.value end) as energy_transport_mwh,
    max(case when city_indicator.indicator_id = 'population_inventory_year_count' then city_indicator.value end) as population_inventory_year_count,
    max(case when city_indicator.indicator_id = 'pm25_ug_m3' then city_indicator.value end) as pm25_ug_m3,
    max(case when city_indicator.indicator_id = 'pm10_ug_m3' then city_indicator.value end) as pm10_ug_m3,
    max(case when city_indicator.indicator_id = 'no2_ug_m3' then city_indicator.value end) as no2_ug_m3,
    max(case when city_indicator.indicator_id = 'population_count' then city_indicator.value end) as population_count
from city_indicator
group by city_indicator.city_id, city_indicator.year
having max(case when city_indicator.indicator_id = 'ghg_total_t' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'ghg_per_person_t' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'ghg_change_since_base_pct' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'ghg_change_per_year_pct' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'ghg_buildings_t' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'ghg_industry_t' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'ghg_transport_t' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'ghg_waste_t' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'ghg_afolu_t' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'ghg_transport_per_person_t' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'ghg_buildings_per_person_t' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'energy_total_mwh' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'energy_per_person_mwh' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'energy_buildings_mwh' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'energy_transport_mwh' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'population_inventory_year_count' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'pm25_ug_m3' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'pm10_ug_m3' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'no2_ug_m3' then 1 end) = 1 or 
    max(case when city_indicator.indicator_id = 'population_count' then 1 end) = 1
