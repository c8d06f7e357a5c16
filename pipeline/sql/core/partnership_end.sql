-- The two ends of every listed row, each told apart from all others: a register city, a place outside the register, or
-- an organisation. Spellings of one name give one member.
-- grain: source_id, row_id, end_id
-- reads: staging.stg_figures__partnerships, staging.stg_reference__partner_place, core.city_alias, core.city
with partnership as (

    select * from staging.stg_figures__partnerships

),

partner_place as (

    select * from staging.stg_reference__partner_place

),

city_alias as (

    select * from core.city_alias

),

city as (

    select * from core.city

),

both_ends as (

    select
        partnership.source_id,
        partnership.row_id,
        'a' as end_id,
        partnership.source_name as listed_name,
        coalesce(partnership.source_country, '') as listed_country_iso2,
        partnership.source_latitude_deg as listed_latitude_deg,
        partnership.source_longitude_deg as listed_longitude_deg
    from partnership
    union all
    select
        partnership.source_id,
        partnership.row_id,
        'b' as end_id,
        partnership.target_name as listed_name,
        coalesce(partnership.target_country, '') as listed_country_iso2,
        partnership.target_latitude_deg as listed_latitude_deg,
        partnership.target_longitude_deg as listed_longitude_deg
    from partnership

),

named as (

    select
        both_ends.source_id,
        both_ends.row_id,
        both_ends.end_id,
        both_ends.listed_name,
        both_ends.listed_country_iso2,
        both_ends.listed_latitude_deg,
        both_ends.listed_longitude_deg,
        city.city_id,
        case
            when city.city_id is not null then 'register'
            when partner_place.listed_name is not null then 'partner_place'
            else 'as_listed'
        end as matched_by,
        case
            when city.city_id is not null then 'city'
            else coalesce(partner_place.place_kind, 'place')
        end as member_kind,
        coalesce(city.name_en, city.name_local, partner_place.place_name, both_ends.listed_name) as place_name,
        coalesce(city.country_iso2, partner_place.country_iso2, both_ends.listed_country_iso2) as country_iso2,
        coalesce(city.latitude_deg, partner_place.latitude_deg) as known_latitude_deg,
        coalesce(city.longitude_deg, partner_place.longitude_deg) as known_longitude_deg,
        coalesce(partner_place.coordinate_source, '') = 'doubtful' as is_position_doubtful
    from both_ends
    left join partner_place
        on partner_place.listed_country_iso2 = both_ends.listed_country_iso2
        and partner_place.listed_name = both_ends.listed_name
    left join city_alias
        on city_alias.source_id = both_ends.source_id
        and city_alias.source_city_key
            = coalesce(partner_place.country_iso2, both_ends.listed_country_iso2) || '|'
            || coalesce(partner_place.place_name, both_ends.listed_name)
    left join city
        on city.city_id = city_alias.city_id

),

identified as (

    select
        named.source_id,
        named.row_id,
        named.end_id,
        named.listed_name,
        named.listed_country_iso2,
        named.city_id,
        named.matched_by,
        named.member_kind,
        named.place_name,
        named.country_iso2,
        named.known_latitude_deg,
        named.known_longitude_deg,
        case when not named.is_position_doubtful then named.listed_latitude_deg end as listed_latitude_deg,
        case when not named.is_position_doubtful then named.listed_longitude_deg end as listed_longitude_deg,
        case
            when named.place_name is null then null
            when named.city_id is not null then named.city_id
            else case when named.member_kind = 'organisation' then 'org' else 'place' end
                || case when named.country_iso2 = '' then '' else ':' || lower(named.country_iso2) end || ':'
                || trim(
                    regexp_replace(
                        lower(strip_accents(translate(named.place_name, 'ıłŁøØđĐəƏßþð', 'ilLoOdDaAstd'))), '[^a-z0-9]+', '-', 'g'
                    ), '-'
                )
        end as member_id
    from named

)

select
    identified.source_id,
    identified.row_id,
    identified.end_id,
    identified.member_id,
    identified.member_kind,
    identified.city_id,
    identified.place_name,
    identified.country_iso2,
    identified.known_latitude_deg,
    identified.known_longitude_deg,
    identified.listed_latitude_deg,
    identified.listed_longitude_deg,
    identified.listed_name,
    identified.listed_country_iso2,
    identified.matched_by
from identified
