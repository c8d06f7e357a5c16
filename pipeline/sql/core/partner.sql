-- Who has a tie: register cities, places outside the register and organisations, each once. The position is the
-- register's, else that of the list of partner places, else the first of those listed with the ties (southernmost;
-- they differ by a few kilometres).
-- grain: member_id
-- reads: core.partnership_end
with partnership_end as (

    select * from core.partnership_end

)

select
    partnership_end.member_id,
    min(partnership_end.member_kind) as member_kind,
    min(partnership_end.city_id) as city_id,
    min(partnership_end.place_name) as place_name,
    min(partnership_end.country_iso2) as country_iso2,
    coalesce(
        min(partnership_end.known_latitude_deg),
        arg_min(
            partnership_end.listed_latitude_deg,
            (partnership_end.listed_latitude_deg, partnership_end.listed_longitude_deg)
        )
    ) as latitude_deg,
    coalesce(
        min(partnership_end.known_longitude_deg),
        arg_min(
            partnership_end.listed_longitude_deg,
            (partnership_end.listed_latitude_deg, partnership_end.listed_longitude_deg)
        )
    ) as longitude_deg
from partnership_end
where partnership_end.member_id is not null
group by partnership_end.member_id
