-- Ways to spend what is left of a carbon budget after the latest inventory. trend_years_left: years until it is gone if
-- emissions go on changing by the same tonnes a year (empty when they fall fast enough never to use it up).
-- linear_years_to_zero, linear_change_per_year_t: the straight line to zero that uses exactly the budget, 2B/E0 years long
-- and -E0^2/(2B) steep. constant_rate_cut_pct: the constant yearly cut that does so, 1 - exp(-E0/B).
-- grain: city_id
-- reads: mart.carbon_budget
with carbon_budget as (

    select * from mart.carbon_budget
    where budget_t > 0
        and from_t > 0

)

select
    carbon_budget.city_id,
    carbon_budget.from_year,
    carbon_budget.from_t,
    carbon_budget.budget_t,
    case
        when carbon_budget.trend_t_per_year = 0 then carbon_budget.budget_t / carbon_budget.from_t
        when pow(carbon_budget.from_t, 2) + 2 * carbon_budget.trend_t_per_year * carbon_budget.budget_t >= 0
            then (sqrt(pow(carbon_budget.from_t, 2) + 2 * carbon_budget.trend_t_per_year * carbon_budget.budget_t)
                - carbon_budget.from_t) / carbon_budget.trend_t_per_year
    end as trend_years_left,
    2 * carbon_budget.budget_t / carbon_budget.from_t as linear_years_to_zero,
    -pow(carbon_budget.from_t, 2) / (2 * carbon_budget.budget_t) as linear_change_per_year_t,
    100 * (1 - exp(-carbon_budget.from_t / carbon_budget.budget_t)) as constant_rate_cut_pct
from carbon_budget
