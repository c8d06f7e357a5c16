-- Who has ties, with how many of which sort. Ties known only from the unconfirmed list of 2017 and proposals count in
-- all_tie_count alone; partners are different counterparts, organisations are counted apart.
-- grain: member_id
-- reads: mart.network_edge, core.partner, core.city
with edge as (

    select * from mart.network_edge

),

partner as (

    select * from core.partner

),

city as (

    select * from core.city

),

seen_from_end as (

    select
        edge.member_a_id as member_id,
        edge.member_b_id as other_id,
        edge.member_b_kind as other_kind,
        edge.country_b_iso2 as other_country_iso2,
        edge.region_a_id as region_id,
        edge.region_b_id as other_region_id,
        edge.is_shown_by_default,
        edge.status_id
    from edge
    union all
    select
        edge.member_b_id as member_id,
        edge.member_a_id as other_id,
        edge.member_a_kind as other_kind,
        edge.country_a_iso2 as other_country_iso2,
        edge.region_b_id as region_id,
        edge.region_a_id as other_region_id,
        edge.is_shown_by_default,
        edge.status_id
    from edge

),

counted as (

    select
        seen_from_end.member_id,
        min(seen_from_end.region_id) as region_id,
        count(*) as all_tie_count,
        count(*) filter (where seen_from_end.is_shown_by_default) as tie_count,
        count(distinct seen_from_end.other_id) filter (
            where seen_from_end.is_shown_by_default and seen_from_end.other_kind <> 'organisation'
        ) as partner_count,
        count(distinct seen_from_end.other_id) filter (
            where seen_from_end.is_shown_by_default and seen_from_end.other_kind = 'organisation'
        ) as organisation_count,
        count(distinct seen_from_end.other_country_iso2) filter (
            where seen_from_end.is_shown_by_default and seen_from_end.other_kind <> 'organisation'
        ) as country_count,
        count(*) filter (where seen_from_end.status_id = 'suspended_or_unclear') as suspended_count,
        count(distinct seen_from_end.other_id) filter (
            where seen_from_end.is_shown_by_default and seen_from_end.other_region_id = 'LT'
        ) as partner_lt_count,
        count(distinct seen_from_end.other_id) filter (
            where seen_from_end.is_shown_by_default and seen_from_end.other_region_id = 'TR'
        ) as partner_tr_count,
        count(distinct seen_from_end.other_id) filter (
            where seen_from_end.is_shown_by_default and seen_from_end.other_region_id = 'EU'
        ) as partner_eu_count
    from seen_from_end
    group by seen_from_end.member_id

)

select
    partner.member_id,
    partner.member_kind,
    partner.city_id,
    partner.place_name,
    partner.country_iso2,
    counted.region_id,
    coalesce(city.is_mission_city, false) as is_mission_city,
    city.group_id,
    city.population_count,
    partner.latitude_deg,
    partner.longitude_deg,
    counted.tie_count,
    counted.all_tie_count,
    counted.partner_count,
    counted.organisation_count,
    counted.country_count,
    counted.suspended_count,
    counted.partner_lt_count,
    counted.partner_tr_count,
    counted.partner_eu_count
from partner
inner join counted
    on counted.member_id = partner.member_id
left join city
    on city.city_id = partner.city_id
