-- The latest inventory of a verdict is not from the future and not older than forty years.
-- severity: error
select emission_progress.city_id, emission_progress.yardstick_id, emission_progress.latest_age_years
from mart.emission_progress
where emission_progress.latest_age_years < 0
    or emission_progress.latest_age_years > 40
order by emission_progress.city_id, emission_progress.yardstick_id
