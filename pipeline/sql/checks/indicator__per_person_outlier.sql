-- Emissions per person are between a quarter and four times the median of the country's other cities of recent years.
-- severity: warning
with latest as (

    select
        city_indicator_latest.city_id,
        city.country_iso2,
        city_indicator_latest.year,
        city_indicator_latest.value,
        median(city_indicator_latest.value) over (partition by city.country_iso2) as country_median,
        count(*) over (partition by city.country_iso2) as country_count
    from mart.city_indicator_latest
    inner join core.city
        on city.city_id = city_indicator_latest.city_id
    where city_indicator_latest.indicator_id = 'ghg_per_person_t'

)

select latest.city_id, latest.year, latest.value, latest.country_median
from latest
where latest.country_count >= 5
    and (latest.value > 4 * latest.country_median or latest.value < latest.country_median / 4)
order by latest.city_id, latest.year
