-- Dated events as listed, with dates cast.
-- grain: source_file_id, source_row
-- reads: raw.events
with events as (

    select * from raw.events

),

clean as (

    select
        nullif(trim(events.source_id), '') as source_id,
        nullif(trim(events.date_start), '') as date_start,
        nullif(trim(events.date_end), '') as date_end,
        nullif(trim(events.date_precision), '') as date_precision,
        nullif(trim(events.title), '') as title,
        nullif(trim(events.place), '') as place,
        nullif(trim(events.country_iso2), '') as country_iso2,
        nullif(trim(events.kind_id), '') as kind_id,
        nullif(trim(events.source_url), '') as source_url,
        nullif(trim(events.note), '') as note,
        nullif(trim(events.licence_id), '') as licence_id,
        events.source_file_id,
        events.source_row
    from events

),

cast_columns as (

    select
        clean.source_id,
        try_cast(clean.date_start as date) as date_start,
        try_cast(clean.date_end as date) as date_end,
        clean.date_precision,
        clean.title,
        clean.place,
        clean.country_iso2,
        clean.kind_id,
        clean.source_url,
        clean.note,
        clean.licence_id,
        nullif(concat_ws('; ',
            case when clean.date_start is not null and try_cast(clean.date_start as date) is null then 'date_start: ' || clean.date_start end,
            case when clean.date_end is not null and try_cast(clean.date_end as date) is null then 'date_end: ' || clean.date_end end
        ), '') as uncast_text,
        clean.source_file_id,
        clean.source_row
    from clean

)

select
    source_id,
    date_start,
    date_end,
    date_precision,
    title,
    place,
    country_iso2,
    kind_id,
    source_url,
    note,
    licence_id,
    uncast_text,
    source_file_id,
    source_row
from cast_columns
