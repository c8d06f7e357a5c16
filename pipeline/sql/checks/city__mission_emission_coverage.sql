-- At least 108 Mission Cities have an emission figure of their own.
-- severity: warning
select count(*) as city_count
from mart.city
where city.is_mission_city
    and city.has_emission
having count(*) < 108
