-- Emission rows of every source, in tonnes, with numbers cast. Text that is no number is kept in `uncast_text`.
-- grain: source_file_id, source_row
-- reads: raw.emissions
with emissions as (

    select * from raw.emissions

),

clean as (

    select
        nullif(trim(emissions.source_id), '') as source_id,
        nullif(trim(emissions.source_city_key), '') as source_city_key,
        nullif(trim(emissions.city_name), '') as city_name,
        nullif(trim(emissions.country_iso2), '') as country_iso2,
        nullif(trim(emissions.year), '') as year,
        nullif(trim(emissions.inventory_kind), '') as inventory_kind,
        nullif(trim(emissions.sector_id), '') as sector_id,
        nullif(trim(emissions.sector_level), '') as sector_level,
        nullif(trim(emissions.source_sector), '') as source_sector,
        nullif(trim(emissions.scope), '') as scope,
        nullif(trim(emissions.gas_basis), '') as gas_basis,
        nullif(trim(emissions.series_key), '') as series_key,
        nullif(trim(emissions.value), '') as value,
        nullif(trim(emissions.unit), '') as unit,
        nullif(trim(emissions.boundary_id), '') as boundary_id,
        nullif(trim(emissions.quality_id), '') as quality_id,
        nullif(trim(emissions.population_count), '') as population_count,
        nullif(trim(emissions.flags), '') as flags,
        nullif(trim(emissions.flag_reason), '') as flag_reason,
        nullif(trim(emissions.note), '') as note,
        nullif(trim(emissions.source_ref), '') as source_ref,
        nullif(trim(emissions.licence_id), '') as licence_id,
        emissions.source_file_id,
        emissions.source_row
    from emissions

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
        clean.sector_level,
        clean.source_sector,
        clean.scope,
        clean.gas_basis,
        coalesce(clean.series_key, 'main') as series_key,
        try_cast(clean.value as double) as value_t,
        clean.unit,
        clean.boundary_id,
        clean.quality_id,
        try_cast(clean.population_count as double) as population_count,
        coalesce(clean.flags, '') as flags,
        clean.flag_reason,
        clean.note,
        clean.source_ref,
        clean.licence_id,
        nullif(concat_ws('; ',
            case when clean.year is not null and try_cast(clean.year as integer) is null then 'year: ' || clean.year end,
            case when clean.value is not null and try_cast(clean.value as double) is null then 'value_t: ' || clean.value end,
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
    sector_level,
    source_sector,
    scope,
    gas_basis,
    series_key,
    value_t,
    unit,
    boundary_id,
    quality_id,
    population_count,
    flags,
    flag_reason,
    note,
    source_ref,
    licence_id,
    uncast_text,
    source_file_id,
    source_row
from cast_columns
