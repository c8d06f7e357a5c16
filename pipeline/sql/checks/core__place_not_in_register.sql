-- Places with emissions, targets or energy that the register does not have: their figures are not shown.
-- severity: warning
select unmatched_key.table_name, unmatched_key.source_id, unmatched_key.source_city_key, unmatched_key.place_name,
    unmatched_key.row_count
from core.unmatched_key
where unmatched_key.table_name in ('emissions', 'targets', 'energy')
order by unmatched_key.table_name, unmatched_key.source_id, unmatched_key.source_city_key
