-- Targets that can be scored cut between 0 and 100 %, from a base year of 1985 or later to a year up to 2060.
-- severity: error
select target.city_id, target.target_id, target.base_year, target.target_year, target.reduction_pct
from core.target
where target.reason_id is null
    and (
        target.reduction_pct <= 0
        or target.reduction_pct > 100
        or target.base_year < 1985
        or target.target_year > 2060
        or target.base_year >= target.target_year
        or target.reduction_pct is null
        or target.base_year is null
        or target.target_year is null
    )
order by target.city_id, target.target_id
