-- The marks of each emission row, one per line, with what they exclude. Corrected marks replace the published ones.
-- grain: source_file_id, source_row, flag_id
-- reads: staging.stg_figures__emissions, core.emission_correction, core.flag
with emission as (

    select * from staging.stg_figures__emissions

),

correction as (

    select * from core.emission_correction

),

flag as (

    select * from core.flag

),

marked as (

    select
        emission.source_file_id,
        emission.source_row,
        coalesce(correction.flags, emission.flags) as flags
    from emission
    left join correction
        on correction.source_file_id = emission.source_file_id
        and correction.source_row = emission.source_row

),

split as (

    select distinct
        marked.source_file_id,
        marked.source_row,
        trim(mark.flag_id) as flag_id
    from marked
    cross join unnest(string_split(marked.flags, ';')) as mark (flag_id)
    where marked.flags <> ''

)

select
    split.source_file_id,
    split.source_row,
    split.flag_id,
    coalesce(flag.excludes_series, false) as excludes_series,
    coalesce(flag.excludes_choice, false) as excludes_choice,
    flag.flag_id is not null as is_known
from split
left join flag
    on flag.flag_id = split.flag_id
where split.flag_id <> ''
