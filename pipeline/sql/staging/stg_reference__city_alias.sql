-- Which register city a publisher means by its own key.
-- grain: source_file_id, source_row
-- reads: raw.city_alias
with city_alias as (

    select * from raw.city_alias

),

clean as (

    select
        nullif(trim(city_alias.source_id), '') as source_id,
        nullif(trim(city_alias.source_city_key), '') as source_city_key,
        nullif(trim(city_alias.city_id), '') as city_id,
        nullif(trim(city_alias.place_name), '') as place_name,
        nullif(trim(city_alias.matched_by), '') as matched_by,
        nullif(trim(city_alias.reviewed), '') as reviewed,
        nullif(trim(city_alias.reason), '') as reason,
        city_alias.source_file_id,
        city_alias.source_row
    from city_alias

),

cast_columns as (

    select
        clean.source_id,
        clean.source_city_key,
        clean.city_id,
        clean.place_name,
        clean.matched_by,
        case
            when lower(clean.reviewed) in ('true', 'yes', '1') then true
            when lower(clean.reviewed) in ('false', 'no', '0') then false
        end as is_reviewed,
        clean.reason,
        nullif(concat_ws('; ',
            case when lower(clean.reviewed) not in ('true', 'yes', '1', 'false', 'no', '0', 'unknown') then 'is_reviewed: ' || clean.reviewed end
        ), '') as uncast_text,
        clean.source_file_id,
        clean.source_row
    from clean

)

select
    source_id,
    source_city_key,
    city_id,
    place_name,
    matched_by,
    is_reviewed,
    reason,
    uncast_text,
    source_file_id,
    source_row
from cast_columns
