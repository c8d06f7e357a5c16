-- All 112 Mission Cities are there, with five yardsticks each.
-- severity: error
select count(distinct city.city_id) as city_count, count(*) as row_count
from core.city
inner join mart.emission_progress
    on emission_progress.city_id = city.city_id
where city.is_mission_city
having count(distinct city.city_id) <> 112
    or count(*) <> 560
