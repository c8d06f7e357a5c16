-- The formulas of progress, each written once (methods F1, F2, F4, F5, F7, F8); nothing else computes them.
-- target_t: F1, base x (1 - cut). path_t: F4, the straight line, or for a constant yearly rate the curve, at the latest
-- inventory year; the target level once the target year has come. gap_*: F5, above the path or target when positive.
-- needed_per_year_*: F7 as a constant yearly percentage, from the base and from the latest inventory, and in tonnes a year;
-- empty for a target of zero, where no constant percentage gets there, and from now on once the target is reached.
-- share_achieved_pct: F2, share of the whole cut made. path_share: share of the cut due by the latest year that was made.
-- pace_ratio: F8, yearly percentage made over yearly percentage needed from the base; empty where F7 is empty or zero.
-- verdict_id: reached when the latest inventory is at or below the target, otherwise by path_share and the thresholds.
-- grain: city_id, yardstick_id
-- reads: mart.progress_case, core.threshold
with progress_case as (

    select * from mart.progress_case
    where reason_id is null

),

threshold as (

    select * from core.threshold

),

level as (

    select
        progress_case.city_id,
        progress_case.yardstick_id,
        progress_case.path_shape,
        progress_case.base_year,
        progress_case.base_t,
        progress_case.latest_year,
        progress_case.latest_t,
        progress_case.target_year,
        progress_case.change_per_year_pct,
        progress_case.base_t * (1 - progress_case.reduction_pct / 100) as target_t,
        (progress_case.latest_year - progress_case.base_year)
            / cast(progress_case.target_year - progress_case.base_year as double) as time_share
    from progress_case
    where progress_case.base_year < progress_case.target_year

),

path as (

    select
        level.city_id,
        level.yardstick_id,
        level.base_year,
        level.base_t,
        level.latest_year,
        level.latest_t,
        level.target_year,
        level.change_per_year_pct,
        level.target_t,
        case
            when level.latest_year >= level.target_year then level.target_t
            when level.path_shape = 'constant_rate'
                then level.base_t * pow(level.target_t / level.base_t, level.time_share)
            else level.base_t - (level.base_t - level.target_t) * level.time_share
        end as path_t,
        case
            when level.target_t > 0
                then 100 * (pow(level.target_t / level.base_t, 1::double / (level.target_year - level.base_year)) - 1)
        end as needed_per_year_from_base_pct,
        case
            when level.target_t > 0 and level.latest_year < level.target_year and level.latest_t > level.target_t
                then 100
                    * (pow(level.target_t / level.latest_t, 1::double / (level.target_year - level.latest_year)) - 1)
        end as needed_per_year_pct,
        case
            when level.latest_year < level.target_year and level.latest_t > level.target_t
                then (level.latest_t - level.target_t) / (level.target_year - level.latest_year)
        end as needed_per_year_t
    from level

),

progress as (

    select
        path.city_id,
        path.yardstick_id,
        path.latest_t,
        path.target_t,
        path.path_t,
        path.latest_t - path.path_t as gap_to_path_t,
        path.latest_t - path.target_t as gap_to_target_t,
        path.needed_per_year_pct,
        path.needed_per_year_from_base_pct,
        path.needed_per_year_t,
        path.change_per_year_pct / nullif(path.needed_per_year_from_base_pct, 0) as pace_ratio,
        (path.base_t - path.latest_t) / nullif(path.base_t - path.path_t, 0) as path_share,
        100 * (path.base_t - path.latest_t) / nullif(path.base_t - path.target_t, 0) as share_achieved_pct
    from path

)

select
    progress.city_id,
    progress.yardstick_id,
    progress.target_t,
    progress.path_t,
    progress.gap_to_path_t,
    progress.gap_to_target_t,
    progress.needed_per_year_pct,
    progress.needed_per_year_from_base_pct,
    progress.needed_per_year_t,
    progress.pace_ratio,
    progress.path_share,
    progress.share_achieved_pct,
    case
        when progress.latest_t <= progress.target_t then 'reached'
        when progress.path_share >= threshold.on_pace_min_share then 'on_pace'
        when progress.path_share >= threshold.behind_min_share then 'behind'
        else 'far_behind'
    end as verdict_id
from progress
cross join threshold
