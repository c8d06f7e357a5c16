-- Mission Cities have coordinates, and all coordinates lie in or near Europe.
-- severity: error
select city.city_id, city.latitude_deg, city.longitude_deg
from core.city
where (city.is_mission_city and (city.latitude_deg is null or city.longitude_deg is null))
    or (city.latitude_deg is null) <> (city.longitude_deg is null)
    or city.latitude_deg not between 20 and 82
    or city.longitude_deg not between -65 and 70
order by city.city_id
