-- Emissions of register cities as published, in tonnes, with corrections applied and the published value kept beside.
-- Rows for a part of the city, of doubtful quality, or with a mark that excludes them stay out of series or choices.
-- Rows whose place is not in the register are listed in core.unmatched_key.
-- grain: source_file_id, source_row
-- reads: staging.stg_figures__emissions, core.city_alias, core.emission_correction, core.source, core.emission_flag
-- order: city_id, source_id, scope, gas_basis, series_key, year, sector_id, source_row
with emission as (

    select * from staging.stg_figures__emissions

),

city_alias as (

    select * from core.city_alias

),

correction as (

    select * from core.emission_correction

),

source as (

    select * from core.source

),

flag_effect as (

    select
        emission_flag.source_file_id,
        emission_flag.source_row,
        bool_or(emission_flag.excludes_series) as excludes_series,
        bool_or(emission_flag.excludes_choice) as excludes_choice
    from core.emission_flag as emission_flag
    group by emission_flag.source_file_id, emission_flag.source_row

),

corrected as (

    select
        emission.source_id,
        emission.source_city_key,
        city_alias.city_id,
        coalesce(correction.year, emission.year) as year,
        emission.inventory_kind,
        emission.sector_id,
        emission.sector_level,
        coalesce(emission.source_sector, emission.sector_id) as source_sector,
        coalesce(correction.scope, emission.scope) as scope,
        emission.gas_basis,
        coalesce(correction.series_key, emission.series_key) as series_key,
        coalesce(correction.value_t, emission.value_t) as value_t,
        coalesce(correction.population_count, emission.population_count) as population_count,
        coalesce(correction.boundary_id, emission.boundary_id) as boundary_id,
        coalesce(correction.quality_id, emission.quality_id) as quality_id,
        coalesce(correction.flags, emission.flags) as flags,
        emission.flag_reason,
        emission.note,
        emission.source_ref,
        emission.licence_id,
        emission.value_t as published_value_t,
        correction.correction_reason,
        source.is_modelled or emission.inventory_kind = 'modelled' or emission.quality_id = 'modelled' as is_modelled,
        source.source_rank,
        emission.source_file_id,
        emission.source_row
    from emission
    inner join city_alias
        on city_alias.source_id = emission.source_id
        and city_alias.source_city_key = emission.source_city_key
    inner join source
        on source.source_id = emission.source_id
    left join correction
        on correction.source_file_id = emission.source_file_id
        and correction.source_row = emission.source_row

)

select
    corrected.source_id,
    corrected.source_city_key,
    corrected.city_id,
    corrected.year,
    corrected.inventory_kind,
    corrected.sector_id,
    corrected.sector_level,
    corrected.source_sector,
    corrected.scope,
    corrected.gas_basis,
    corrected.series_key,
    corrected.value_t,
    corrected.population_count,
    corrected.boundary_id,
    corrected.quality_id,
    corrected.flags,
    corrected.flag_reason,
    coalesce(flag_effect.excludes_series, false) or corrected.boundary_id = 'partial'
        or corrected.quality_id = 'doubtful' as is_out_of_series,
    coalesce(flag_effect.excludes_choice, false) or corrected.boundary_id = 'partial'
        or corrected.quality_id = 'doubtful' as is_out_of_choice,
    corrected.note,
    corrected.source_ref,
    corrected.licence_id,
    corrected.published_value_t,
    corrected.correction_reason,
    corrected.is_modelled,
    corrected.source_rank,
    corrected.source_file_id,
    corrected.source_row
from corrected
left join flag_effect
    on flag_effect.source_file_id = corrected.source_file_id
    and flag_effect.source_row = corrected.source_row
