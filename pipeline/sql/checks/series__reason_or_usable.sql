-- A series is usable or says why not, in a word the registry explains.
-- severity: error
select series.series_id, series.is_usable, series.why_not_usable_id
from mart.series
left join core.series_reason
    on series_reason.series_reason_id = series.why_not_usable_id
where series.is_usable = (series.why_not_usable_id is not null)
    or (series.why_not_usable_id is not null and series_reason.series_reason_id is null)
order by series.series_id
