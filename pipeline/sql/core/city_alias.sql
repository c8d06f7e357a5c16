-- Which register city a publisher means by its own key, and how the match was made.
-- grain: source_id, source_city_key
-- reads: staging.stg_reference__city_alias
with city_alias as (

    select * from staging.stg_reference__city_alias

)

select
    city_alias.source_id,
    city_alias.source_city_key,
    city_alias.city_id,
    city_alias.place_name,
    city_alias.matched_by,
    city_alias.is_reviewed,
    city_alias.reason
from city_alias
