-- The two ends of each tie, with the register city where the name is known.
-- grain: partnership_id, end_id
-- reads: staging.stg_figures__partnerships, core.city_alias, core.city
with partnership as (

    select * from staging.stg_figures__partnerships

),

city_alias as (

    select * from core.city_alias

),

city as (

    select * from core.city

),

both_ends as (

    select
        partnership.source_id || ':' || partnership.row_id as partnership_id,
        'a' as end_id,
        partnership.source_id,
        partnership.source_name as place_name,
        partnership.source_country as country_iso2,
        partnership.source_latitude_deg as latitude_deg,
        partnership.source_longitude_deg as longitude_deg
    from partnership
    union all
    select
        partnership.source_id || ':' || partnership.row_id as partnership_id,
        'b' as end_id,
        partnership.source_id,
        partnership.target_name as place_name,
        partnership.target_country as country_iso2,
        partnership.target_latitude_deg as latitude_deg,
        partnership.target_longitude_deg as longitude_deg
    from partnership

)

select
    both_ends.partnership_id,
    both_ends.end_id,
    city_alias.city_id,
    both_ends.place_name,
    both_ends.country_iso2,
    coalesce(city.latitude_deg, both_ends.latitude_deg) as latitude_deg,
    coalesce(city.longitude_deg, both_ends.longitude_deg) as longitude_deg
from both_ends
left join city_alias
    on city_alias.source_id = both_ends.source_id
    and city_alias.source_city_key = coalesce(both_ends.country_iso2, '') || '|' || both_ends.place_name
left join city
    on city.city_id = city_alias.city_id
