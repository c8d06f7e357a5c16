-- Events of the Mission with the Mission cities and Lithuanian and Turkish municipalities known to have been there: host
-- (the place begins with the city's name, same country), named (the title has the name as whole words) or label (the city
-- got its Mission Label that day). Nobody else is guessed to have been there.
-- grain: event_key, city_id
-- reads: core.event, mart.city
with event as (

    select * from core.event

),

city as (

    select * from mart.city
    where is_mission_city
        or group_id in ('lt', 'tr')

),

keyed as (

    select
        strftime(event.date_start, '%Y-%m-%d') || '-' || event.kind_id as event_key,
        event.date_start,
        event.title,
        event.place,
        event.country_iso2,
        event.kind_id,
        ' ' || regexp_replace(event.title, '[^\p{L}]+', ' ', 'g') || ' ' as title_words,
        row_number() over (partition by event.date_start, event.kind_id order by event.title) as same_day_order
    from event

),

spelling as (

    select
        city.city_id,
        city.name_en as name
    from city
    union
    select
        city.city_id,
        regexp_replace(city.name_local, ' (Büyükşehir )?Belediyesi$', '') as name
    from city
    where city.name_local is not null

),

host as (

    select
        keyed.event_key,
        city.city_id,
        'host' as role_id,
        1 as role_order
    from keyed
    inner join city
        on city.country_iso2 = keyed.country_iso2
    inner join spelling
        on spelling.city_id = city.city_id
        and starts_with(keyed.place, spelling.name)
    where keyed.same_day_order = 1

),

named as (

    select
        keyed.event_key,
        spelling.city_id,
        'named' as role_id,
        2 as role_order
    from keyed
    inner join spelling
        on contains(
            keyed.title_words, ' ' || trim(regexp_replace(spelling.name, '[^\p{L}]+', ' ', 'g')) || ' '
        )
    where keyed.same_day_order = 1

),

label as (

    select
        keyed.event_key,
        city.city_id,
        'label' as role_id,
        3 as role_order
    from keyed
    inner join city
        on city.mission_label_date = keyed.date_start
    where keyed.same_day_order = 1
        and keyed.kind_id = 'label'

),

every as (

    select host.event_key, host.city_id, host.role_id, host.role_order from host
    union all
    select named.event_key, named.city_id, named.role_id, named.role_order from named
    union all
    select label.event_key, label.city_id, label.role_id, label.role_order from label

),

first_role as (

    select
        every.event_key,
        every.city_id,
        arg_min(every.role_id, every.role_order) as role_id,
        min(every.role_order) as role_order
    from every
    group by every.event_key, every.city_id

)

select
    first_role.event_key,
    first_role.city_id,
    first_role.role_id,
    cast(first_role.role_order as integer) as role_order,
    keyed.date_start,
    keyed.title,
    keyed.place,
    keyed.kind_id
from first_role
inner join keyed
    on keyed.event_key = first_role.event_key
    and keyed.same_day_order = 1
