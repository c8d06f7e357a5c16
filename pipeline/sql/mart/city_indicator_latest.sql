-- The newest value of each indicator in each city, with its year.
-- grain: indicator_id, city_id
-- reads: mart.city_indicator
with city_indicator as (

    select * from mart.city_indicator

),

latest as (

    select
        city_indicator.city_id,
        city_indicator.indicator_id,
        city_indicator.year,
        city_indicator.value,
        city_indicator.unit_id,
        city_indicator.source_id,
        city_indicator.quality_id,
        city_indicator.geo_level,
        city_indicator.alternative_count,
        city_indicator.alternative_min,
        city_indicator.alternative_max,
        city_indicator.alternative_spread_pct,
        city_indicator.flags,
        city_indicator.source_ref,
        row_number() over (
            partition by city_indicator.city_id, city_indicator.indicator_id
            order by city_indicator.year desc
        ) as newest_first
    from city_indicator

)

select
    latest.city_id,
    latest.indicator_id,
    latest.year,
    latest.value,
    latest.unit_id,
    latest.source_id,
    latest.quality_id,
    latest.geo_level,
    latest.alternative_count,
    latest.alternative_min,
    latest.alternative_max,
    latest.alternative_spread_pct,
    latest.flags,
    latest.source_ref
from latest
where latest.newest_first = 1
