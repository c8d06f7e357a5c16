-- Two names share a member only where the register or the list of partner places says that they are one.
-- severity: error
select partnership_end.member_id, min(partnership_end.place_name) as one_name, max(partnership_end.place_name) as other_name
from core.partnership_end
where partnership_end.member_id is not null
group by partnership_end.member_id
having count(distinct partnership_end.place_name) > 1
    or count(distinct partnership_end.member_kind) > 1
    or count(distinct partnership_end.country_iso2) > 1
order by partnership_end.member_id
