-- Where a city has a usable series with two inventories, its change is shown even if no verdict is possible.
-- severity: error
select emission_progress.city_id, emission_progress.yardstick_id
from mart.emission_progress
inner join mart.series
    on series.city_id = emission_progress.city_id
    and series.series_rank = 1
    and series.is_usable
    and series.inventory_count > 1
where emission_progress.change_pct is null
    or emission_progress.latest_age_years is null
order by emission_progress.city_id, emission_progress.yardstick_id
