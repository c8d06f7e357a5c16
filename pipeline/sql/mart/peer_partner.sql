-- Everyone a city of the register has a tie with, places and organisations, one row a counterpart. `is_working` is true
-- where two places work together or did so (twinning, agreement, project, pair of a programme: kinds of strength 1 to 4).
-- Joint membership, visits, events and proposals alone do not count, nor does a tie that only the unconfirmed list of 2017
-- names: then `is_unconfirmed`. Kind, evidence, status and source are those of the closest and surest tie.
-- grain: city_id, member_id
-- reads: mart.network_edge
with edge as (

    select * from mart.network_edge

),

both_ways as (

    select
        edge.city_a_id as city_id,
        edge.member_b_id as member_id,
        edge.member_b_kind as member_kind,
        edge.city_b_id as partner_city_id,
        edge.name_b as partner_name,
        edge.country_b_iso2 as partner_country_iso2,
        edge.partnership_id
    from edge
    where edge.city_a_id is not null
    union all
    select
        edge.city_b_id as city_id,
        edge.member_a_id as member_id,
        edge.member_a_kind as member_kind,
        edge.city_a_id as partner_city_id,
        edge.name_a as partner_name,
        edge.country_a_iso2 as partner_country_iso2,
        edge.partnership_id
    from edge
    where edge.city_b_id is not null

),

described as (

    select
        both_ways.city_id,
        both_ways.member_id,
        both_ways.member_kind,
        both_ways.partner_city_id,
        both_ways.partner_name,
        nullif(both_ways.partner_country_iso2, '') as partner_country_iso2,
        edge.kind_id,
        edge.kind_strength <= 4 and edge.is_shown_by_default and both_ways.member_kind <> 'organisation' as is_working,
        edge.kind_strength <= 4 and not edge.is_shown_by_default and both_ways.member_kind <> 'organisation'
            as is_unconfirmed,
        edge.title,
        edge.from_year,
        edge.evidence_level_id,
        edge.status_id,
        edge.source_id,
        edge.source_url,
        row_number() over (
            partition by both_ways.city_id, both_ways.member_id
            order by not edge.is_shown_by_default, edge.kind_strength, edge.evidence_rank, edge.partnership_id
        ) as closest_first
    from both_ways
    inner join edge
        on edge.partnership_id = both_ways.partnership_id

),

counted as (

    select
        described.city_id,
        described.member_id,
        bool_or(described.is_working) as is_working,
        bool_or(described.is_unconfirmed) and not bool_or(described.is_working) as is_unconfirmed,
        string_agg(described.kind_id, ';' order by described.closest_first) as kind_ids,
        string_agg(described.title, ' · ' order by described.closest_first) as titles,
        min(described.from_year) as from_year,
        count(*) as tie_count
    from described
    group by described.city_id, described.member_id

)

select
    described.city_id,
    described.member_id,
    described.member_kind,
    described.partner_city_id,
    described.partner_name,
    described.partner_country_iso2,
    counted.is_working,
    counted.is_unconfirmed,
    described.kind_id,
    counted.kind_ids,
    counted.titles,
    counted.from_year,
    counted.tie_count,
    described.evidence_level_id,
    described.status_id,
    described.source_id,
    described.source_url
from described
inner join counted
    on counted.city_id = described.city_id
    and counted.member_id = described.member_id
where described.closest_first = 1
