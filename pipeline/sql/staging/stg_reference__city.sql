-- The city register, with numbers, dates and yes/no cast.
-- grain: source_file_id, source_row
-- reads: raw.city
with city as (

    select * from raw.city

),

clean as (

    select
        nullif(trim(city.city_id), '') as city_id,
        nullif(trim(city.name_en), '') as name_en,
        nullif(trim(city.name_local), '') as name_local,
        nullif(trim(city.country_iso2), '') as country_iso2,
        nullif(trim(city.place_kind), '') as place_kind,
        nullif(trim(city.group_id), '') as group_id,
        nullif(trim(city.is_mission_city), '') as is_mission_city,
        nullif(trim(city.is_lt_municipality), '') as is_lt_municipality,
        nullif(trim(city.is_tr_metropolitan), '') as is_tr_metropolitan,
        nullif(trim(city.is_tr_city), '') as is_tr_city,
        nullif(trim(city.latitude_deg), '') as latitude_deg,
        nullif(trim(city.longitude_deg), '') as longitude_deg,
        nullif(trim(city.coordinate_source), '') as coordinate_source,
        nullif(trim(city.population_count), '') as population_count,
        nullif(trim(city.population_year), '') as population_year,
        nullif(trim(city.population_source), '') as population_source,
        nullif(trim(city.area_km2), '') as area_km2,
        nullif(trim(city.mission_label_date), '') as mission_label_date,
        nullif(trim(city.mission_label_wave), '') as mission_label_wave,
        nullif(trim(city.climate_target_year), '') as climate_target_year,
        nullif(trim(city.nuts3_code), '') as nuts3_code,
        nullif(trim(city.urban_audit_code), '') as urban_audit_code,
        nullif(trim(city.gcom_id), '') as gcom_id,
        nullif(trim(city.lau_code), '') as lau_code,
        nullif(trim(city.green_network_member), '') as green_network_member,
        nullif(trim(city.note), '') as note,
        nullif(trim(city.source_ref), '') as source_ref,
        city.source_file_id,
        city.source_row
    from city

),

cast_columns as (

    select
        clean.city_id,
        clean.name_en,
        clean.name_local,
        clean.country_iso2,
        clean.place_kind,
        clean.group_id,
        case
            when lower(clean.is_mission_city) in ('true', 'yes', '1') then true
            when lower(clean.is_mission_city) in ('false', 'no', '0') then false
        end as is_mission_city,
        case
            when lower(clean.is_lt_municipality) in ('true', 'yes', '1') then true
            when lower(clean.is_lt_municipality) in ('false', 'no', '0') then false
        end as is_lt_municipality,
        case
            when lower(clean.is_tr_metropolitan) in ('true', 'yes', '1') then true
            when lower(clean.is_tr_metropolitan) in ('false', 'no', '0') then false
        end as is_tr_metropolitan,
        case
            when lower(clean.is_tr_city) in ('true', 'yes', '1') then true
            when lower(clean.is_tr_city) in ('false', 'no', '0') then false
        end as is_tr_city,
        try_cast(clean.latitude_deg as double) as latitude_deg,
        try_cast(clean.longitude_deg as double) as longitude_deg,
        clean.coordinate_source,
        try_cast(clean.population_count as double) as population_count,
        try_cast(clean.population_year as integer) as population_year,
        clean.population_source,
        try_cast(clean.area_km2 as double) as area_km2,
        try_cast(clean.mission_label_date as date) as mission_label_date,
        clean.mission_label_wave,
        try_cast(clean.climate_target_year as integer) as climate_target_year,
        clean.nuts3_code,
        clean.urban_audit_code,
        clean.gcom_id,
        clean.lau_code,
        clean.green_network_member,
        clean.note,
        clean.source_ref,
        nullif(concat_ws('; ',
            case when lower(clean.is_mission_city) not in ('true', 'yes', '1', 'false', 'no', '0', 'unknown') then 'is_mission_city: ' || clean.is_mission_city end,
            case when lower(clean.is_lt_municipality) not in ('true', 'yes', '1', 'false', 'no', '0', 'unknown') then 'is_lt_municipality: ' || clean.is_lt_municipality end,
            case when lower(clean.is_tr_metropolitan) not in ('true', 'yes', '1', 'false', 'no', '0', 'unknown') then 'is_tr_metropolitan: ' || clean.is_tr_metropolitan end,
            case when lower(clean.is_tr_city) not in ('true', 'yes', '1', 'false', 'no', '0', 'unknown') then 'is_tr_city: ' || clean.is_tr_city end,
            case when clean.latitude_deg is not null and try_cast(clean.latitude_deg as double) is null then 'latitude_deg: ' || clean.latitude_deg end,
            case when clean.longitude_deg is not null and try_cast(clean.longitude_deg as double) is null then 'longitude_deg: ' || clean.longitude_deg end,
            case when clean.population_count is not null and try_cast(clean.population_count as double) is null then 'population_count: ' || clean.population_count end,
            case when clean.population_year is not null and try_cast(clean.population_year as integer) is null then 'population_year: ' || clean.population_year end,
            case when clean.area_km2 is not null and try_cast(clean.area_km2 as double) is null then 'area_km2: ' || clean.area_km2 end,
            case when clean.mission_label_date is not null and try_cast(clean.mission_label_date as date) is null then 'mission_label_date: ' || clean.mission_label_date end,
            case when clean.climate_target_year is not null and try_cast(clean.climate_target_year as integer) is null then 'climate_target_year: ' || clean.climate_target_year end
        ), '') as uncast_text,
        clean.source_file_id,
        clean.source_row
    from clean

)

select
    city_id,
    name_en,
    name_local,
    country_iso2,
    place_kind,
    group_id,
    is_mission_city,
    is_lt_municipality,
    is_tr_metropolitan,
    is_tr_city,
    latitude_deg,
    longitude_deg,
    coordinate_source,
    population_count,
    population_year,
    population_source,
    area_km2,
    mission_label_date,
    mission_label_wave,
    climate_target_year,
    nuts3_code,
    urban_audit_code,
    gcom_id,
    lau_code,
    green_network_member,
    note,
    source_ref,
    uncast_text,
    source_file_id,
    source_row
from cast_columns
