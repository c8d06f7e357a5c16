-- Every value shown has a unit, a known source and a quality.
-- severity: error
select city_indicator.city_id, city_indicator.indicator_id, city_indicator.year
from mart.city_indicator
left join core.source
    on source.source_id = city_indicator.source_id
where city_indicator.value is null
    or city_indicator.unit_id is null
    or city_indicator.quality_id is null
    or source.source_id is null
order by city_indicator.city_id, city_indicator.indicator_id, city_indicator.year
