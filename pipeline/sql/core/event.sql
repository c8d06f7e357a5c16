-- Dated events of the Mission and of exchanges between its cities.
-- grain: source_file_id, source_row
-- reads: staging.stg_figures__events
-- order: date_start, source_row
with event as (

    select * from staging.stg_figures__events

)

select
    event.source_id,
    event.date_start,
    event.date_end,
    event.date_precision,
    event.title,
    event.place,
    event.country_iso2,
    event.kind_id,
    event.source_url,
    event.note,
    event.licence_id,
    event.source_file_id,
    event.source_row
from event
