-- Cuts printed in percent agree with the printed base and target levels, within two points.
-- severity: warning
select target.city_id, target.target_id, target.reduction_pct, target.stated_base_t, target.stated_target_t
from core.target
where target.reason_id is null
    and target.stated_base_t > 0
    and target.stated_target_t is not null
    and abs(100 * (1 - target.stated_target_t / target.stated_base_t) - target.reduction_pct) > 2
order by target.city_id, target.target_id
