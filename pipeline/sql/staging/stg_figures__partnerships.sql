-- Ties between two places as listed, with years and coordinates cast.
-- grain: source_file_id, source_row
-- reads: raw.partnerships
with partnerships as (

    select * from raw.partnerships

),

clean as (

    select
        nullif(trim(partnerships.source_id), '') as source_id,
        nullif(trim(partnerships.row_id), '') as row_id,
        nullif(trim(partnerships.source_name), '') as source_name,
        nullif(trim(partnerships.source_country), '') as source_country,
        nullif(trim(partnerships.target_name), '') as target_name,
        nullif(trim(partnerships.target_country), '') as target_country,
        nullif(trim(partnerships.kind_id), '') as kind_id,
        nullif(trim(partnerships.kind_as_listed), '') as kind_as_listed,
        nullif(trim(partnerships.title), '') as title,
        nullif(trim(partnerships.from_year), '') as from_year,
        nullif(trim(partnerships.to_year), '') as to_year,
        nullif(trim(partnerships.evidence_level_id), '') as evidence_level_id,
        nullif(trim(partnerships.status_id), '') as status_id,
        nullif(trim(partnerships.source_url), '') as source_url,
        nullif(trim(partnerships.note), '') as note,
        nullif(trim(partnerships.source_latitude_deg), '') as source_latitude_deg,
        nullif(trim(partnerships.source_longitude_deg), '') as source_longitude_deg,
        nullif(trim(partnerships.target_latitude_deg), '') as target_latitude_deg,
        nullif(trim(partnerships.target_longitude_deg), '') as target_longitude_deg,
        nullif(trim(partnerships.flags), '') as flags,
        nullif(trim(partnerships.flag_reason), '') as flag_reason,
        nullif(trim(partnerships.licence_id), '') as licence_id,
        partnerships.source_file_id,
        partnerships.source_row
    from partnerships

),

cast_columns as (

    select
        clean.source_id,
        clean.row_id,
        clean.source_name,
        clean.source_country,
        clean.target_name,
        clean.target_country,
        clean.kind_id,
        clean.kind_as_listed,
        clean.title,
        try_cast(clean.from_year as integer) as from_year,
        try_cast(clean.to_year as integer) as to_year,
        clean.evidence_level_id,
        clean.status_id,
        clean.source_url,
        clean.note,
        try_cast(clean.source_latitude_deg as double) as source_latitude_deg,
        try_cast(clean.source_longitude_deg as double) as source_longitude_deg,
        try_cast(clean.target_latitude_deg as double) as target_latitude_deg,
        try_cast(clean.target_longitude_deg as double) as target_longitude_deg,
        coalesce(clean.flags, '') as flags,
        clean.flag_reason,
        clean.licence_id,
        nullif(concat_ws('; ',
            case when clean.from_year is not null and try_cast(clean.from_year as integer) is null then 'from_year: ' || clean.from_year end,
            case when clean.to_year is not null and try_cast(clean.to_year as integer) is null then 'to_year: ' || clean.to_year end,
            case when clean.source_latitude_deg is not null and try_cast(clean.source_latitude_deg as double) is null then 'source_latitude_deg: ' || clean.source_latitude_deg end,
            case when clean.source_longitude_deg is not null and try_cast(clean.source_longitude_deg as double) is null then 'source_longitude_deg: ' || clean.source_longitude_deg end,
            case when clean.target_latitude_deg is not null and try_cast(clean.target_latitude_deg as double) is null then 'target_latitude_deg: ' || clean.target_latitude_deg end,
            case when clean.target_longitude_deg is not null and try_cast(clean.target_longitude_deg as double) is null then 'target_longitude_deg: ' || clean.target_longitude_deg end
        ), '') as uncast_text,
        clean.source_file_id,
        clean.source_row
    from clean

)

select
    source_id,
    row_id,
    source_name,
    source_country,
    target_name,
    target_country,
    kind_id,
    kind_as_listed,
    title,
    from_year,
    to_year,
    evidence_level_id,
    status_id,
    source_url,
    note,
    source_latitude_deg,
    source_longitude_deg,
    target_latitude_deg,
    target_longitude_deg,
    flags,
    flag_reason,
    licence_id,
    uncast_text,
    source_file_id,
    source_row
from cast_columns
