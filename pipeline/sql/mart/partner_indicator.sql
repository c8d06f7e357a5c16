-- Number of different counterparts of each city in the partnership lists, as of the reference year; ties known only from
-- the unconfirmed list of 2017 and proposals do not count.
-- grain: city_id, indicator_id, year
-- reads: core.partnership, core.partnership_member, core.evidence_level, core.threshold
with partnership as (

    select * from core.partnership

),

member as (

    select * from core.partnership_member

),

evidence_level as (

    select * from core.evidence_level

),

threshold as (

    select * from core.threshold

),

tie as (

    select
        own.city_id,
        coalesce(other.city_id, coalesce(other.country_iso2, '') || '|' || other.place_name) as counterpart,
        partnership.source_id
    from partnership
    inner join evidence_level
        on evidence_level.evidence_level_id = partnership.evidence_level_id
        and evidence_level.is_shown_by_default
    inner join member as own
        on own.partnership_id = partnership.partnership_id
        and own.city_id is not null
    inner join member as other
        on other.partnership_id = partnership.partnership_id
        and other.end_id <> own.end_id

)

select
    tie.city_id,
    'partner_count' as indicator_id,
    threshold.as_of_year as year,
    cast(count(distinct tie.counterpart) as double) as value,
    min(tie.source_id) as source_id,
    'compiled' as quality_id,
    '' as flags,
    'counted over the partnership list' as source_ref
from tie
cross join threshold
where tie.counterpart <> tie.city_id
group by tie.city_id, threshold.as_of_year
