-- Final energy rows in MWh, with numbers cast.
-- grain: source_file_id, source_row
-- reads: raw.energy
with energy as (

    select * from raw.energy

),

clean as (

    select
        nullif(trim(energy.source_id), '') as source_id,
        nullif(trim(energy.source_city_key), '') as source_city_key,
        nullif(trim(energy.city_name), '') as city_name,
        nullif(trim(energy.country_iso2), '') as country_iso2,
        nullif(trim(energy.year), '') as year,
        nullif(trim(energy.inventory_kind), '') as inventory_kind,
        nullif(trim(energy.sector_id), '') as sector_id,
        nullif(trim(energy.source_sector), '') as source_sector,
        nullif(trim(energy.scope), '') as scope,
        nullif(trim(energy.value), '') as value,
        nullif(trim(energy.unit), '') as unit,
        nullif(trim(energy.series_key), '') as series_key,
        nullif(trim(energy.population_count), '') as population_count,
        nullif(trim(energy.flags), '') as flags,
        nullif(trim(energy.flag_reason), '') as flag_reason,
        nullif(trim(energy.source_ref), '') as source_ref,
        nullif(trim(energy.licence_id), '') as licence_id,
        energy.source_file_id,
        energy.source_row
    from energy

),

cast_columns as (

    select
        clean.source_id,
        clean.source_city_key,
        clean.city_name,
        clean.country_iso2,
        try_cast(clean.year as integer) as year,
        clean.inventory_kind,
        clean.sector_id,
        clean.source_sector,
        clean.scope,
        try_cast(clean.value as double) as value_mwh,
        clean.unit,
        coalesce(clean.series_key, 'main') as series_key,
        try_cast(clean.population_count as double) as population_count,
        coalesce(clean.flags, '') as flags,
        clean.flag_reason,
        clean.source_ref,
        clean.licence_id,
        nullif(concat_ws('; ',
            case when clean.year is not null and try_cast(clean.year as integer) is null then 'year: ' || clean.year end,
            case when clean.value is not null and try_cast(clean.value as double) is null then 'value_mwh: ' || clean.value end,
            case when clean.population_count is not null and try_cast(clean.population_count as double) is null then 'population_count: ' || clean.population_count end
        ), '') as uncast_text,
        clean.source_file_id,
        clean.source_row
    from clean

)

select
    source_id,
    source_city_key,
    city_name,
    country_iso2,
    year,
    inventory_kind,
    sector_id,
    source_sector,
    scope,
    value_mwh,
    unit,
    series_key,
    population_count,
    flags,
    flag_reason,
    source_ref,
    licence_id,
    uncast_text,
    source_file_id,
    source_row
from cast_columns
