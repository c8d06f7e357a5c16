-- One row per listed tie with both ends, and their register ids where the names are known. Ends are in alphabetical order,
-- since ties have no direction.
-- grain: partnership_id
-- reads: core.partnership, core.partnership_member
with partnership as (

    select * from core.partnership

),

member as (

    select * from core.partnership_member

),

pair as (

    select
        partnership.partnership_id,
        first_end.city_id as first_city_id,
        first_end.place_name as first_name,
        first_end.country_iso2 as first_country_iso2,
        first_end.latitude_deg as first_latitude_deg,
        first_end.longitude_deg as first_longitude_deg,
        second_end.city_id as second_city_id,
        second_end.place_name as second_name,
        second_end.country_iso2 as second_country_iso2,
        second_end.latitude_deg as second_latitude_deg,
        second_end.longitude_deg as second_longitude_deg,
        coalesce(first_end.city_id, first_end.place_name, '') <= coalesce(second_end.city_id, second_end.place_name, '')
            as is_in_order
    from partnership
    inner join member as first_end
        on first_end.partnership_id = partnership.partnership_id
        and first_end.end_id = 'a'
    inner join member as second_end
        on second_end.partnership_id = partnership.partnership_id
        and second_end.end_id = 'b'

)

select
    pair.partnership_id,
    case when pair.is_in_order then pair.first_city_id else pair.second_city_id end as city_a_id,
    case when pair.is_in_order then pair.first_name else pair.second_name end as name_a,
    case when pair.is_in_order then pair.first_country_iso2 else pair.second_country_iso2 end as country_a_iso2,
    case when pair.is_in_order then pair.first_latitude_deg else pair.second_latitude_deg end as latitude_a_deg,
    case when pair.is_in_order then pair.first_longitude_deg else pair.second_longitude_deg end as longitude_a_deg,
    case when pair.is_in_order then pair.second_city_id else pair.first_city_id end as city_b_id,
    case when pair.is_in_order then pair.second_name else pair.first_name end as name_b,
    case when pair.is_in_order then pair.second_country_iso2 else pair.first_country_iso2 end as country_b_iso2,
    case when pair.is_in_order then pair.second_latitude_deg else pair.first_latitude_deg end as latitude_b_deg,
    case when pair.is_in_order then pair.second_longitude_deg else pair.first_longitude_deg end as longitude_b_deg,
    partnership.kind_id,
    partnership.title,
    partnership.from_year,
    partnership.to_year,
    partnership.evidence_level_id,
    partnership.status_id,
    partnership.source_id,
    partnership.source_url,
    partnership.note
from pair
inner join partnership
    on partnership.partnership_id = pair.partnership_id
