-- One row per tie with both ends, evidence, years, status and source, and the ready-made cuts it belongs to. Ends are in
-- the order of their ids, since ties have no direction. Countries of the Union other than Lithuania are "EU" in the cuts.
-- grain: partnership_id
-- reads: core.partnership, core.partnership_member, core.city, core.european_union, core.evidence_level, core.partnership_kind
with partnership as (

    select * from core.partnership

),

member as (

    select * from core.partnership_member

),

city as (

    select * from core.city

),

european_union as (

    select * from core.european_union

),

evidence_level as (

    select * from core.evidence_level

),

kind as (

    select * from core.partnership_kind

),

ends as (

    select
        member.partnership_id,
        member.end_id,
        member.member_id,
        member.member_kind,
        member.city_id,
        member.place_name,
        member.country_iso2,
        member.latitude_deg,
        member.longitude_deg,
        coalesce(city.is_mission_city, false) as is_mission_city,
        case
            when member.country_iso2 = 'LT' then 'LT'
            when member.country_iso2 = 'TR' then 'TR'
            when european_union.country_iso2 is not null then 'EU'
            when member.country_iso2 = '' then 'none'
            else 'other'
        end as region_id
    from member
    left join city
        on city.city_id = member.city_id
    left join european_union
        on european_union.country_iso2 = member.country_iso2

)

select
    partnership.partnership_id,
    first_end.member_id as member_a_id,
    first_end.member_kind as member_a_kind,
    first_end.city_id as city_a_id,
    first_end.place_name as name_a,
    first_end.country_iso2 as country_a_iso2,
    first_end.region_id as region_a_id,
    first_end.is_mission_city as is_mission_a,
    first_end.latitude_deg as latitude_a_deg,
    first_end.longitude_deg as longitude_a_deg,
    second_end.member_id as member_b_id,
    second_end.member_kind as member_b_kind,
    second_end.city_id as city_b_id,
    second_end.place_name as name_b,
    second_end.country_iso2 as country_b_iso2,
    second_end.region_id as region_b_id,
    second_end.is_mission_city as is_mission_b,
    second_end.latitude_deg as latitude_b_deg,
    second_end.longitude_deg as longitude_b_deg,
    partnership.kind_id,
    kind.strength as kind_strength,
    partnership.title,
    partnership.from_year,
    partnership.to_year,
    partnership.has_year_conflict,
    partnership.latest_from_year,
    partnership.evidence_level_id,
    evidence_level.evidence_rank,
    coalesce(evidence_level.is_shown_by_default, true) as is_shown_by_default,
    partnership.status_id,
    partnership.has_status_conflict,
    list_contains([first_end.region_id, second_end.region_id], 'LT')
        and list_contains([first_end.region_id, second_end.region_id], 'TR') as is_lt_tr,
    list_contains([first_end.region_id, second_end.region_id], 'LT')
        and list_contains([first_end.region_id, second_end.region_id], 'EU') as is_lt_eu,
    list_contains([first_end.region_id, second_end.region_id], 'TR')
        and list_contains([first_end.region_id, second_end.region_id], 'EU') as is_tr_eu,
    first_end.is_mission_city and second_end.is_mission_city as is_mission_mission,
    partnership.source_id,
    partnership.source_url,
    partnership.row_count,
    partnership.source_count,
    partnership.source_url_count,
    partnership.note,
    partnership.flags,
    partnership.flag_reason
from partnership
inner join ends as first_end
    on first_end.partnership_id = partnership.partnership_id
    and first_end.end_id = 'a'
inner join ends as second_end
    on second_end.partnership_id = partnership.partnership_id
    and second_end.end_id = 'b'
left join evidence_level
    on evidence_level.evidence_level_id = partnership.evidence_level_id
left join kind
    on kind.kind_id = partnership.kind_id
