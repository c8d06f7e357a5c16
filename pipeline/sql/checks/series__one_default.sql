-- Every city with emission figures has exactly one default series.
-- severity: error
select series.city_id, count(*) as default_count
from mart.series
where series.series_rank = 1
group by series.city_id
having count(*) <> 1
order by series.city_id
