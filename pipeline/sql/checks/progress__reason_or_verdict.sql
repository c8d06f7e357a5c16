-- A city that is not assessed has a reason the registry explains; one that is assessed has none.
-- severity: error
select emission_progress.city_id, emission_progress.yardstick_id, emission_progress.verdict_id,
    emission_progress.reason_id
from mart.emission_progress
left join core.verdict
    on verdict.verdict_id = emission_progress.verdict_id
left join core.reason
    on reason.reason_id = emission_progress.reason_id
where verdict.verdict_id is null
    or (emission_progress.verdict_id = 'not_assessed') <> (emission_progress.reason_id is not null)
    or (emission_progress.reason_id is not null and reason.reason_id is null)
order by emission_progress.city_id, emission_progress.yardstick_id
