-- Every name in the lists is in the register or in the list of partner places, so that somebody looked at its spelling.
-- severity: warning
select distinct partnership_end.listed_country_iso2, partnership_end.listed_name
from core.partnership_end
where partnership_end.matched_by = 'as_listed'
order by partnership_end.listed_country_iso2, partnership_end.listed_name
