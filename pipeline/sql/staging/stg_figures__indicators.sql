-- Values of other indicators (air, population, economy), with numbers cast; units are those of the registry.
-- grain: source_file_id, source_row
-- reads: raw.indicators
with indicators as (

    select * from raw.indicators

),

clean as (

    select
        nullif(trim(indicators.source_id), '') as source_id,
        nullif(trim(indicators.source_place_key), '') as source_place_key,
        nullif(trim(indicators.place_name), '') as place_name,
        nullif(trim(indicators.country_iso2), '') as country_iso2,
        nullif(trim(indicators.geo_level), '') as geo_level,
        nullif(trim(indicators.geo_code), '') as geo_code,
        nullif(trim(indicators.indicator_id), '') as indicator_id,
        nullif(trim(indicators.year), '') as year,
        nullif(trim(indicators.value), '') as value,
        nullif(trim(indicators.unit), '') as unit,
        nullif(trim(indicators.quality_id), '') as quality_id,
        nullif(trim(indicators.flags), '') as flags,
        nullif(trim(indicators.flag_reason), '') as flag_reason,
        nullif(trim(indicators.source_ref), '') as source_ref,
        nullif(trim(indicators.licence_id), '') as licence_id,
        indicators.source_file_id,
        indicators.source_row
    from indicators

),

cast_columns as (

    select
        clean.source_id,
        clean.source_place_key,
        clean.place_name,
        clean.country_iso2,
        clean.geo_level,
        clean.geo_code,
        clean.indicator_id,
        try_cast(clean.year as integer) as year,
        try_cast(clean.value as double) as value,
        clean.unit,
        clean.quality_id,
        coalesce(clean.flags, '') as flags,
        clean.flag_reason,
        clean.source_ref,
        clean.licence_id,
        nullif(concat_ws('; ',
            case when clean.year is not null and try_cast(clean.year as integer) is null then 'year: ' || clean.year end,
            case when clean.value is not null and try_cast(clean.value as double) is null then 'value: ' || clean.value end
        ), '') as uncast_text,
        clean.source_file_id,
        clean.source_row
    from clean

)

select
    source_id,
    source_place_key,
    place_name,
    country_iso2,
    geo_level,
    geo_code,
    indicator_id,
    year,
    value,
    unit,
    quality_id,
    flags,
    flag_reason,
    source_ref,
    licence_id,
    uncast_text,
    source_file_id,
    source_row
from cast_columns
