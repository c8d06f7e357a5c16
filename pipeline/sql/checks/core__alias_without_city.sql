-- Every alias names a city of the register.
-- severity: error
select city_alias.source_id, city_alias.source_city_key, city_alias.city_id
from core.city_alias
left join core.city
    on city.city_id = city_alias.city_id
where city.city_id is null
order by city_alias.source_id, city_alias.source_city_key
