-- Ties: one row for an unordered pair of members and a kind, however many rows of the lists state it. Evidence is that of
-- the surest row; years are the first and the last stated; a tie some current row leaves open has no last year. Ties
-- with Russia or Belarus stay marked as suspended or unclear whatever a list says.
-- grain: partnership_id
-- reads: core.partnership_source
with partnership_source as (

    select * from core.partnership_source
    where partnership_id is not null

),

kept as (

    select
        partnership_source.partnership_id,
        partnership_source.source_id,
        partnership_source.row_id,
        partnership_source.member_a_id,
        partnership_source.member_b_id,
        partnership_source.kind_id,
        partnership_source.kind_as_listed,
        partnership_source.title,
        partnership_source.evidence_level_id,
        partnership_source.source_url,
        partnership_source.note,
        partnership_source.flag_reason,
        partnership_source.licence_id,
        partnership_source.source_file_id,
        partnership_source.source_row
    from partnership_source
    where partnership_source.outcome_id = 'kept'

),

flag as (

    select distinct
        partnership_source.partnership_id,
        trim(mark.flag_id) as flag_id
    from partnership_source
    cross join unnest(string_split(partnership_source.flags, ';')) as mark (flag_id)
    where trim(mark.flag_id) <> ''

),

flags as (

    select
        flag.partnership_id,
        string_agg(flag.flag_id, ';' order by flag.flag_id) as flags
    from flag
    group by flag.partnership_id

),

title as (

    select
        partnership_source.partnership_id,
        partnership_source.title,
        min(partnership_source.place_in_tie) as place_in_tie
    from partnership_source
    where partnership_source.title is not null
    group by partnership_source.partnership_id, partnership_source.title

),

titles as (

    select
        title.partnership_id,
        string_agg(title.title, ' · ' order by title.place_in_tie) as titles
    from title
    group by title.partnership_id

),

merged as (

    select
        partnership_source.partnership_id,
        min(partnership_source.from_year) as from_year,
        case
            when not bool_or(partnership_source.status_id = 'active' and partnership_source.to_year is null)
                then max(partnership_source.to_year)
        end as to_year,
        count(distinct partnership_source.from_year) as from_year_count,
        max(partnership_source.from_year) as latest_from_year,
        count(distinct partnership_source.status_id) as status_count,
        case
            when bool_or(partnership_source.status_id = 'suspended_or_unclear') then 'suspended_or_unclear'
            when bool_or(partnership_source.status_id = 'active') then 'active'
            when bool_or(partnership_source.status_id = 'unknown') then 'unknown'
            else min(partnership_source.status_id)
        end as status_id,
        count(*) as row_count,
        count(distinct partnership_source.source_id) as source_count,
        count(distinct partnership_source.source_url) as source_url_count
    from partnership_source
    group by partnership_source.partnership_id

)

select
    kept.partnership_id,
    kept.member_a_id,
    kept.member_b_id,
    kept.kind_id,
    kept.kind_as_listed,
    titles.titles as title,
    merged.from_year,
    merged.to_year,
    merged.from_year_count > 1 as has_year_conflict,
    merged.latest_from_year,
    kept.evidence_level_id,
    merged.status_id,
    merged.status_count > 1 as has_status_conflict,
    kept.source_id,
    kept.row_id,
    kept.source_url,
    merged.row_count,
    merged.source_count,
    merged.source_url_count,
    kept.note,
    coalesce(flags.flags, '') as flags,
    kept.flag_reason,
    kept.licence_id,
    kept.source_file_id,
    kept.source_row
from kept
inner join merged
    on merged.partnership_id = kept.partnership_id
left join flags
    on flags.partnership_id = kept.partnership_id
left join titles
    on titles.partnership_id = kept.partnership_id
