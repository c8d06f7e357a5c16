-- The two ends of each tie, with the register city where there is one. Ends are in the order of their ids, since ties
-- have no direction.
-- grain: partnership_id, end_id
-- reads: core.partnership, core.partner
with partnership as (

    select * from core.partnership

),

partner as (

    select * from core.partner

),

both_ends as (

    select partnership.partnership_id, 'a' as end_id, partnership.member_a_id as member_id
    from partnership
    union all
    select partnership.partnership_id, 'b' as end_id, partnership.member_b_id as member_id
    from partnership

)

select
    both_ends.partnership_id,
    both_ends.end_id,
    both_ends.member_id,
    partner.member_kind,
    partner.city_id,
    partner.place_name,
    partner.country_iso2,
    partner.latitude_deg,
    partner.longitude_deg
from both_ends
inner join partner
    on partner.member_id = both_ends.member_id
