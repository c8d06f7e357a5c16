-- The points of a usable series come from one entry of the publisher, not from two places with the same name.
-- severity: warning
select series.series_id, string_agg(distinct series_point.source_city_key, ', ' order by series_point.source_city_key)
    as source_city_keys
from mart.series
inner join mart.series_point
    on series_point.series_id = series.series_id
where series.is_usable
    and series.inventory_count > 1
group by series.series_id
having count(distinct series_point.source_city_key) > 1
order by series.series_id
