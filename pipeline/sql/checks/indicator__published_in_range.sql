-- Published indicator values lie in the range the registry allows; those outside are kept but not shown.
-- severity: warning
select observation.source_id, observation.source_row, observation.city_id, observation.indicator_id, observation.year,
    observation.value
from core.observation
inner join core.indicator
    on indicator.indicator_id = observation.indicator_id
where observation.value < indicator.valid_min
    or observation.value > indicator.valid_max
order by observation.source_id, observation.source_row, observation.city_id
