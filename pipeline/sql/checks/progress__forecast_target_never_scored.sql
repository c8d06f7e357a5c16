-- A target against a forecast, per inhabitant, or with its base year in the wrong place is never scored.
-- severity: error
select emission_progress.city_id, emission_progress.yardstick_id, city_target.target_id
from mart.emission_progress
inner join mart.city_target
    on city_target.city_id = emission_progress.city_id
    and city_target.used_for_yardstick_id = emission_progress.yardstick_id
where emission_progress.verdict_id <> 'not_assessed'
    and (
        city_target.is_against_forecast
        or city_target.is_per_capita
        or city_target.base_year >= city_target.target_year
        or city_target.base_year <> emission_progress.base_year
        or not city_target.is_usable
    )
order by emission_progress.city_id, emission_progress.yardstick_id
