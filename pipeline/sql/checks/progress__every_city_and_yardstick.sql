-- Every city of the register has a row for every yardstick.
-- severity: error
select city.city_id, yardstick.yardstick_id
from core.city
cross join core.yardstick
left join mart.emission_progress
    on emission_progress.city_id = city.city_id
    and emission_progress.yardstick_id = yardstick.yardstick_id
where emission_progress.city_id is null
order by city.city_id, yardstick.yardstick_id
