-- Sectors of other inventories add up to their printed total, within rounding; where they do not, both are shown as printed.
-- severity: warning
with summed as (

    select
        series_point.series_id,
        series_point.year,
        sum(case when series_point.sector_level = 'sector' then series_point.value_t end) as sector_t,
        max(case when series_point.sector_level = 'total' then series_point.value_t end) as total_t
    from mart.series_point
    group by series_point.series_id, series_point.year
    having min(case when series_point.sector_level = 'total' then series_point.quality_id end)
            not in ('official_statistic', 'reviewed')
        and not bool_or(contains(series_point.flags, 'sums_differ') or contains(series_point.flags, 'second_total_exists'))

)

select summed.series_id, summed.year, summed.sector_t, summed.total_t
from summed
cross join core.threshold
where abs(summed.sector_t - summed.total_t) > threshold.sum_tolerance * abs(summed.total_t) + 5
order by summed.series_id, summed.year
