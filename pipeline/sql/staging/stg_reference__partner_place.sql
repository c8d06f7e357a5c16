-- Names in the partnership lists that are no register city: what the place or organisation is called here, and where
-- it lies. A blank position means that it is not known or that the name fits several places.
-- grain: listed_country_iso2, listed_name
-- reads: raw.partner_place
with partner_place as (

    select * from raw.partner_place

)

select
    coalesce(trim(partner_place.listed_country_iso2), '') as listed_country_iso2,
    trim(partner_place.listed_name) as listed_name,
    coalesce(trim(partner_place.country_iso2), '') as country_iso2,
    trim(partner_place.place_name) as place_name,
    trim(partner_place.place_kind) as place_kind,
    try_cast(partner_place.latitude_deg as double) as latitude_deg,
    try_cast(partner_place.longitude_deg as double) as longitude_deg,
    nullif(trim(partner_place.coordinate_source), '') as coordinate_source,
    nullif(trim(partner_place.reason), '') as reason
from partner_place
