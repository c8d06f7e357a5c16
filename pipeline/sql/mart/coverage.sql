-- From when to when each indicator is known in each city, for how many years and from how many sources.
-- grain: city_id, indicator_id
-- reads: mart.city_indicator
with city_indicator as (

    select * from mart.city_indicator

)

select
    city_indicator.city_id,
    city_indicator.indicator_id,
    min(city_indicator.year) as first_year,
    max(city_indicator.year) as last_year,
    count(*) as year_count,
    count(distinct city_indicator.source_id) as source_count
from city_indicator
group by city_indicator.city_id, city_indicator.indicator_id
