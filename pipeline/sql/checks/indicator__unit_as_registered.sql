-- Published values are in the unit the registry states for their indicator.
-- severity: error
select observation.source_id, observation.source_row, observation.indicator_id, observation.unit_id
from core.observation
left join core.indicator
    on indicator.indicator_id = observation.indicator_id
where indicator.indicator_id is null
    or observation.unit_id is distinct from indicator.unit_id
order by observation.source_id, observation.source_row
