-- Corrections of published figures, each with a reason and a date. A blank year, sector or scope stands for every one.
-- grain: source_file_id, source_row
-- reads: raw.correction
with correction as (

    select * from raw.correction

),

clean as (

    select
        nullif(trim(correction.source_id), '') as source_id,
        nullif(trim(correction.table_name), '') as table_name,
        nullif(trim(correction.source_city_key), '') as source_city_key,
        nullif(trim(correction.year), '') as year,
        nullif(trim(correction.sector_id), '') as sector_id,
        nullif(trim(correction.scope), '') as scope,
        nullif(trim(correction.field), '') as field,
        nullif(trim(correction.old_value), '') as old_value,
        nullif(trim(correction.new_value), '') as new_value,
        nullif(trim(correction.reason), '') as reason,
        nullif(trim(correction.decided_date), '') as decided_date,
        correction.source_file_id,
        correction.source_row
    from correction

),

cast_columns as (

    select
        clean.source_id,
        clean.table_name,
        clean.source_city_key,
        try_cast(clean.year as integer) as year,
        clean.sector_id,
        clean.scope,
        clean.field,
        clean.old_value,
        clean.new_value,
        try_cast(clean.old_value as double) as old_number,
        try_cast(clean.new_value as double) as new_number,
        clean.reason,
        try_cast(clean.decided_date as date) as decided_date,
        nullif(concat_ws('; ',
            case when clean.year is not null and try_cast(clean.year as integer) is null then 'year: ' || clean.year end,
            case when clean.decided_date is not null and try_cast(clean.decided_date as date) is null then 'decided_date: ' || clean.decided_date end
        ), '') as uncast_text,
        clean.source_file_id,
        clean.source_row
    from clean

)

select
    source_id,
    table_name,
    source_city_key,
    year,
    sector_id,
    scope,
    field,
    old_value,
    new_value,
    old_number,
    new_number,
    reason,
    decided_date,
    uncast_text,
    source_file_id,
    source_row
from cast_columns
