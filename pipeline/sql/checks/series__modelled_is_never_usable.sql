-- Modelled figures take no part in verdicts, and no series holds both modelled and reported figures.
-- severity: error
select series.series_id, series.source_id
from mart.series
inner join mart.series_point
    on series_point.series_id = series.series_id
inner join core.source
    on source.source_id = series.source_id
group by series.series_id, series.source_id, series.is_usable, source.is_modelled
having (series.is_usable and (source.is_modelled or bool_or(series_point.is_modelled)))
    or bool_or(series_point.is_modelled) <> bool_and(series_point.is_modelled)
order by series.series_id
