-- Populations of the register are between 20 and 20 million, or not known.
-- severity: error
select city.city_id, city.population_count
from core.city
where city.population_count not between 20 and 20000000
order by city.city_id
