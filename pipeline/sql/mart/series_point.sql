-- Every figure of every series: one per series, year and sector, in tonnes, with population and tonnes per person of the
-- same inventory. Points marked is_out_of_series are shown but take no part in changes, verdicts and choices.
-- grain: series_id, year, sector_id
-- reads: core.inventory_point, core.shared_sector_point
-- order: city_id, series_id, sector_id, year
with point as (

    select * from core.inventory_point

),

shared_point as (

    select * from core.shared_sector_point

),

both_kinds as (

    select
        point.series_id, point.city_id, point.source_id, point.scope, point.gas_basis, point.series_key, point.year,
        point.sector_id, point.sector_level, point.value_t, point.population_count, point.inventory_kind,
        point.boundary_id, point.quality_id, point.flags, point.flag_reason, point.is_out_of_series,
        point.is_out_of_choice, point.is_modelled, point.source_rank, point.source_city_key, point.source_ref,
        point.correction_reason, point.sector_set, cast(null as double) as full_t
    from point
    union all
    select
        shared_point.series_id, shared_point.city_id, shared_point.source_id, shared_point.scope,
        shared_point.gas_basis, shared_point.series_key, shared_point.year, shared_point.sector_id,
        shared_point.sector_level, shared_point.value_t, shared_point.population_count, shared_point.inventory_kind,
        shared_point.boundary_id, shared_point.quality_id, shared_point.flags, shared_point.flag_reason,
        false as is_out_of_series, true as is_out_of_choice, false as is_modelled, shared_point.source_rank,
        shared_point.source_city_key, shared_point.source_ref, cast(null as varchar) as correction_reason,
        shared_point.sector_set, shared_point.full_t
    from shared_point

)

select
    both_kinds.series_id,
    both_kinds.city_id,
    both_kinds.year,
    both_kinds.sector_id,
    both_kinds.sector_level,
    both_kinds.value_t,
    both_kinds.population_count,
    both_kinds.value_t / nullif(both_kinds.population_count, 0) as per_person_t,
    both_kinds.inventory_kind,
    both_kinds.quality_id,
    both_kinds.flags,
    both_kinds.flag_reason,
    both_kinds.source_ref,
    both_kinds.source_id,
    both_kinds.scope,
    both_kinds.gas_basis,
    both_kinds.series_key,
    both_kinds.boundary_id,
    both_kinds.is_out_of_series,
    both_kinds.is_out_of_choice,
    both_kinds.is_modelled,
    both_kinds.source_rank,
    both_kinds.source_city_key,
    both_kinds.correction_reason,
    both_kinds.sector_set,
    both_kinds.full_t
from both_kinds
