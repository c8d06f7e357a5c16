-- The rows of mart.city_indicator laid out by indicator, for maps and rankings.
-- grain: indicator_id, city_id, year
-- reads: mart.city_indicator
-- order: indicator_id, year, city_id
with city_indicator as (

    select * from mart.city_indicator

)

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
    city_indicator.source_ref
from city_indicator
