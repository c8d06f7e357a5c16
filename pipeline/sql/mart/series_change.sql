-- Change of a series from each of its years to its latest one: in tonnes, in percent of the earlier year, and as the
-- constant yearly percentage that leads from one to the other (F6 of the methods: (E(L)/E(b))^(1/(L-b)) - 1).
-- grain: series_id, base_year
-- reads: mart.series_total
with total as (

    select * from mart.series_total

),

latest as (

    select
        total.series_id,
        total.year,
        total.total_t,
        row_number() over (partition by total.series_id order by total.year desc) as newest_first
    from total

)

select
    total.series_id,
    total.city_id,
    total.year as base_year,
    total.total_t as base_t,
    latest.year as latest_year,
    latest.total_t as latest_t,
    latest.total_t - total.total_t as change_t,
    100 * (latest.total_t - total.total_t) / total.total_t as change_pct,
    100 * (pow(latest.total_t / total.total_t, 1::double / (latest.year - total.year)) - 1) as change_per_year_pct
from total
inner join latest
    on latest.series_id = total.series_id
    and latest.newest_first = 1
where latest.year > total.year
