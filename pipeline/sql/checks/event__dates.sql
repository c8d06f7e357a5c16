-- Every event has a first day, and no event ends before it begins.
-- severity: error
select event.source_id, event.source_row, event.date_start, event.date_end
from core.event
where event.date_start is null
    or event.date_end < event.date_start
order by event.source_id, event.source_row
