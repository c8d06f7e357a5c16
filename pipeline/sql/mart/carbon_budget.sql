-- The tonnes a city may emit from its base year to the end year if it follows the constant yearly cut of the carbon law, what
-- it has emitted since (years between inventories on a straight line), and what is left after the latest inventory. The sum
-- of a path that falls by a share c a year over n years is E0 x (1 - (1 - c)^n) / c.
-- grain: city_id
-- reads: mart.progress_case, mart.series_total, core.yardstick
with progress_case as (

    select * from mart.progress_case
    where reason_id is null

),

total as (

    select * from mart.series_total

),

yardstick as (

    select * from core.yardstick
    where path_shape = 'constant_rate'

),

step as (

    select
        progress_case.city_id,
        progress_case.yardstick_id,
        total.year,
        total.total_t,
        lead(total.year) over (partition by progress_case.city_id, progress_case.yardstick_id order by total.year)
            as next_year,
        lead(total.total_t) over (partition by progress_case.city_id, progress_case.yardstick_id order by total.year)
            as next_t
    from progress_case
    inner join yardstick
        on yardstick.yardstick_id = progress_case.yardstick_id
    inner join total
        on total.series_id = progress_case.series_id
        and total.year >= progress_case.base_year

),

spent as (

    select
        step.city_id,
        step.yardstick_id,
        sum(
            case
                when step.next_year is null then step.total_t
                else step.total_t * (step.next_year - step.year)
                    + (step.next_t - step.total_t) * (step.next_year - step.year - 1) / 2
            end
        ) as spent_t
    from step
    group by step.city_id, step.yardstick_id

),

granted as (

    select
        progress_case.city_id,
        progress_case.yardstick_id,
        progress_case.series_id,
        progress_case.base_year,
        progress_case.base_t,
        progress_case.latest_year,
        progress_case.latest_t,
        yardstick.target_year as end_year,
        progress_case.base_t
            * (1 - pow(1 - yardstick.yearly_cut_pct / 100, yardstick.target_year - progress_case.base_year + 1))
            / (yardstick.yearly_cut_pct / 100) as whole_budget_t
    from progress_case
    inner join yardstick
        on yardstick.yardstick_id = progress_case.yardstick_id

)

select
    granted.city_id,
    granted.series_id,
    granted.base_year,
    granted.latest_year as from_year,
    granted.latest_t as from_t,
    (granted.latest_t - granted.base_t) / (granted.latest_year - granted.base_year) as trend_t_per_year,
    granted.end_year,
    granted.whole_budget_t,
    spent.spent_t,
    granted.whole_budget_t - spent.spent_t as budget_t
from granted
inner join spent
    on spent.city_id = granted.city_id
    and spent.yardstick_id = granted.yardstick_id
