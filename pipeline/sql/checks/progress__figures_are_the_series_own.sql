-- Base and latest figures of a verdict stand in its own usable series, in that order.
-- severity: error
select emission_progress.city_id, emission_progress.yardstick_id, emission_progress.series_id
from mart.emission_progress
left join mart.series
    on series.series_id = emission_progress.series_id
left join mart.series_point as base
    on base.series_id = emission_progress.series_id
    and base.year = emission_progress.base_year
    and base.sector_level = 'total'
left join mart.series_point as latest
    on latest.series_id = emission_progress.series_id
    and latest.year = emission_progress.latest_year
    and latest.sector_level = 'total'
where (emission_progress.verdict_id <> 'not_assessed' or emission_progress.base_year is not null)
    and (
        series.is_usable is distinct from true
        or series.city_id is distinct from emission_progress.city_id
        or base.value_t is distinct from emission_progress.base_t
        or latest.value_t is distinct from emission_progress.latest_t
        or base.is_out_of_series is distinct from false
        or latest.is_out_of_series is distinct from false
        or emission_progress.base_year >= emission_progress.latest_year
    )
order by emission_progress.city_id, emission_progress.yardstick_id
