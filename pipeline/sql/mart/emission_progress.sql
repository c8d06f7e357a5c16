-- How far each city has come against each yardstick: every city of the register and every yardstick has a row. Where no
-- verdict is possible the reason stands instead; base, latest and change are then those of the city's default series, from
-- its first to its latest inventory. Residual, removals and credits are kept apart and never lower the gross figures.
-- grain: city_id, yardstick_id
-- reads: mart.progress_case, mart.progress_formula, mart.series, mart.series_change, core.threshold
with progress_case as (

    select * from mart.progress_case

),

formula as (

    select * from mart.progress_formula

),

series as (

    select * from mart.series

),

change as (

    select * from mart.series_change

),

threshold as (

    select * from core.threshold

),

default_series as (

    select
        series.city_id,
        series.series_id,
        series.first_year
    from series
    where series.series_rank = 1
        and series.is_usable
        and series.inventory_count > 1

),

shown as (

    select
        progress_case.city_id,
        progress_case.yardstick_id,
        coalesce(progress_case.series_id, default_series.series_id) as series_id,
        coalesce(progress_case.base_year, default_series.first_year) as base_year
    from progress_case
    left join default_series
        on default_series.city_id = progress_case.city_id

)

select
    progress_case.city_id,
    progress_case.yardstick_id,
    coalesce(formula.verdict_id, 'not_assessed') as verdict_id,
    progress_case.reason_id,
    shown.series_id,
    series.source_id,
    series.scope,
    series.gas_basis,
    change.base_year,
    change.base_t,
    change.latest_year,
    change.latest_t,
    threshold.as_of_year - change.latest_year as latest_age_years,
    change.change_t,
    change.change_pct,
    change.change_per_year_pct,
    progress_case.target_year,
    progress_case.reduction_pct as target_reduction_pct,
    formula.target_t,
    formula.path_t,
    formula.gap_to_path_t,
    formula.gap_to_target_t,
    formula.needed_per_year_pct,
    formula.needed_per_year_from_base_pct,
    formula.needed_per_year_t,
    formula.pace_ratio,
    formula.path_share,
    formula.share_achieved_pct,
    progress_case.is_default_target,
    progress_case.target_basis,
    progress_case.target_source_id,
    progress_case.target_source_ref,
    progress_case.residual_t,
    progress_case.removals_t,
    cast(null as double) as credits_t,
    series.inventory_count,
    progress_case.target_base_year,
    progress_case.stated_base_t,
    series.sector_set
from progress_case
cross join threshold
inner join shown
    on shown.city_id = progress_case.city_id
    and shown.yardstick_id = progress_case.yardstick_id
left join formula
    on formula.city_id = progress_case.city_id
    and formula.yardstick_id = progress_case.yardstick_id
left join series
    on series.series_id = shown.series_id
left join change
    on change.series_id = shown.series_id
    and change.base_year = shown.base_year
