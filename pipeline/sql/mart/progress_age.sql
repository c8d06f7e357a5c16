-- How old the newest comparable figures of Mission Cities are: how many have two or more inventories in one usable series,
-- and how many of those reach a given year or a later one. min_year 0 stands for any year.
-- grain: min_year
-- reads: core.city, mart.series
with city as (

    select * from core.city
    where is_mission_city

),

series as (

    select * from mart.series
    where is_usable
        and inventory_count > 1

),

age_year as (

    select age.min_year
    from (values (0), (2012), (2015), (2018), (2020)) as age (min_year)

),

newest as (

    select
        city.city_id,
        max(series.last_year) as last_year
    from city
    inner join series
        on series.city_id = city.city_id
    group by city.city_id

)

select
    age_year.min_year,
    count(newest.city_id) as city_count
from age_year
left join newest
    on newest.last_year >= age_year.min_year
group by age_year.min_year
