-- Derived indicator values lie in the range the registry expects.
-- severity: warning
select city_indicator.city_id, city_indicator.indicator_id, city_indicator.year, city_indicator.value
from mart.city_indicator
inner join core.indicator
    on indicator.indicator_id = city_indicator.indicator_id
where indicator.origin = 'derived'
    and (city_indicator.value < indicator.valid_min or city_indicator.value > indicator.valid_max)
order by city_indicator.city_id, city_indicator.indicator_id, city_indicator.year
