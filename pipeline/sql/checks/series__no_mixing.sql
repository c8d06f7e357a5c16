-- A series holds one source, scope, gas basis and method, and its id says which.
-- severity: error
select series_point.series_id, count(distinct series_point.source_id) as source_count
from mart.series_point
group by series_point.series_id
having count(distinct series_point.source_id) > 1
    or count(distinct series_point.scope) > 1
    or count(distinct series_point.gas_basis) > 1
    or count(distinct series_point.series_key) > 1
    or count(distinct series_point.city_id) > 1
    or min(series_point.city_id || ':' || series_point.source_id || ':' || series_point.scope || ':'
        || series_point.gas_basis || ':' || series_point.series_key) <> series_point.series_id
order by series_point.series_id
