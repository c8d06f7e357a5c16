-- The cities this dashboard knows: Mission Cities, Lithuanian municipalities, Turkish cities and others for comparison.
-- grain: city_id
-- reads: staging.stg_reference__city
with city as (

    select * from staging.stg_reference__city

)

select
    city.city_id,
    city.name_en,
    city.name_local,
    city.country_iso2,
    city.place_kind,
    city.group_id,
    city.is_mission_city,
    city.is_lt_municipality,
    city.is_tr_metropolitan,
    city.is_tr_city,
    city.latitude_deg,
    city.longitude_deg,
    city.coordinate_source,
    city.population_count,
    city.population_year,
    city.population_source,
    city.area_km2,
    city.mission_label_date,
    city.mission_label_wave,
    city.climate_target_year,
    city.nuts3_code,
    city.urban_audit_code,
    city.gcom_id,
    city.lau_code,
    city.green_network_member,
    city.note,
    city.source_ref
from city
