-- Places that publishers name but the register does not have, so that no row is lost unseen.
-- grain: table_name, source_id, source_city_key
-- reads: staging.stg_figures__emissions, staging.stg_figures__targets, staging.stg_figures__energy,
--   staging.stg_figures__indicators, staging.stg_figures__partnerships, core.city_alias, core.city
with emission as (

    select * from staging.stg_figures__emissions

),

target as (

    select * from staging.stg_figures__targets

),

energy as (

    select * from staging.stg_figures__energy

),

indicator_value as (

    select * from staging.stg_figures__indicators

),

partnership as (

    select * from staging.stg_figures__partnerships

),

city_alias as (

    select * from core.city_alias

),

city as (

    select * from core.city

),

place as (

    select 'emissions' as table_name, emission.source_id, emission.source_city_key, emission.city_name as place_name,
        emission.country_iso2
    from emission
    union all
    select 'targets', target.source_id, target.source_city_key, target.city_name, target.country_iso2
    from target
    union all
    select 'energy', energy.source_id, energy.source_city_key, energy.city_name, energy.country_iso2
    from energy
    union all
    select 'indicators', indicator_value.source_id, indicator_value.source_place_key, indicator_value.place_name,
        indicator_value.country_iso2
    from indicator_value
    where indicator_value.geo_level <> 'nuts3'
    union all
    select 'partnerships', partnership.source_id,
        coalesce(partnership.source_country, '') || '|' || partnership.source_name, partnership.source_name,
        partnership.source_country
    from partnership
    union all
    select 'partnerships', partnership.source_id,
        coalesce(partnership.target_country, '') || '|' || partnership.target_name, partnership.target_name,
        partnership.target_country
    from partnership

),

without_city as (

    select
        place.table_name,
        place.source_id,
        coalesce(place.source_city_key, '') as source_city_key,
        place.place_name,
        place.country_iso2
    from place
    left join city_alias
        on city_alias.source_id = place.source_id
        and city_alias.source_city_key = place.source_city_key
    where city_alias.city_id is null

    union all

    select
        'indicators' as table_name,
        indicator_value.source_id,
        coalesce(indicator_value.geo_code, '') as source_city_key,
        indicator_value.place_name,
        indicator_value.country_iso2
    from indicator_value
    left join city
        on city.nuts3_code = indicator_value.geo_code
    where indicator_value.geo_level = 'nuts3'
        and city.city_id is null

)

select
    without_city.table_name,
    without_city.source_id,
    without_city.source_city_key,
    min(without_city.place_name) as place_name,
    min(without_city.country_iso2) as country_iso2,
    count(*) as row_count
from without_city
group by without_city.table_name, without_city.source_id, without_city.source_city_key
