-- Values of published indicators for register cities. Places are matched by the alias list; regional figures (NUTS 3)
-- by the region a city lies in, and keep their own level so that they are never ranked with city figures. Values outside the
-- registry's range are kept here but left out of every choice.
-- grain: source_file_id, source_row, city_id
-- reads: staging.stg_figures__indicators, core.city_alias, core.city, core.flag, core.indicator
-- order: city_id, indicator_id, year, source_id, source_row
with indicator_value as (

    select * from staging.stg_figures__indicators

),

city_alias as (

    select * from core.city_alias

),

city as (

    select * from core.city

),

flag as (

    select * from core.flag

),

indicator as (

    select * from core.indicator

),

excluded as (

    select distinct
        indicator_value.source_file_id,
        indicator_value.source_row
    from indicator_value
    cross join unnest(string_split(indicator_value.flags, ';')) as mark (flag_id)
    inner join flag
        on flag.flag_id = trim(mark.flag_id)
        and flag.excludes_choice

),

by_alias as (

    select
        indicator_value.source_file_id,
        indicator_value.source_row,
        city_alias.city_id
    from indicator_value
    inner join city_alias
        on city_alias.source_id = indicator_value.source_id
        and city_alias.source_city_key = indicator_value.source_place_key
    where indicator_value.geo_level <> 'nuts3'

),

by_region as (

    select
        indicator_value.source_file_id,
        indicator_value.source_row,
        city.city_id
    from indicator_value
    inner join city
        on city.nuts3_code = indicator_value.geo_code
    where indicator_value.geo_level = 'nuts3'

),

matched as (

    select by_alias.source_file_id, by_alias.source_row, by_alias.city_id from by_alias
    union all
    select by_region.source_file_id, by_region.source_row, by_region.city_id from by_region

)

select
    matched.city_id,
    indicator_value.indicator_id,
    indicator_value.year,
    indicator_value.value,
    indicator_value.unit as unit_id,
    indicator_value.source_id,
    indicator_value.source_place_key,
    indicator_value.place_name,
    indicator_value.geo_level,
    indicator_value.geo_code,
    indicator_value.quality_id,
    indicator_value.flags,
    indicator_value.flag_reason,
    excluded.source_row is not null
        or coalesce(indicator_value.value not between indicator.valid_min and indicator.valid_max, false)
        as is_out_of_choice,
    indicator_value.source_ref,
    indicator_value.licence_id,
    matched.source_file_id,
    matched.source_row
from matched
inner join indicator_value
    on indicator_value.source_file_id = matched.source_file_id
    and indicator_value.source_row = matched.source_row
left join indicator
    on indicator.indicator_id = indicator_value.indicator_id
left join excluded
    on excluded.source_file_id = matched.source_file_id
    and excluded.source_row = matched.source_row
