-- Two inventories of a usable series that follow each other within five years differ by less than half; larger jumps are
-- usually a change of method, a unit or a mistake, and are worth a look.
-- severity: warning
with step as (

    select
        series_total.series_id,
        series_total.year,
        series_total.total_t,
        lag(series_total.year) over (partition by series_total.series_id order by series_total.year) as earlier_year,
        lag(series_total.total_t) over (partition by series_total.series_id order by series_total.year) as earlier_t
    from mart.series_total
    inner join mart.series
        on series.series_id = series_total.series_id
        and series.is_usable

)

select step.series_id, step.year, step.earlier_year, step.earlier_t, step.total_t
from step
where step.year - step.earlier_year <= 5
    and (step.total_t > 1.5 * step.earlier_t or step.total_t < 0.5 * step.earlier_t)
order by step.series_id, step.year
