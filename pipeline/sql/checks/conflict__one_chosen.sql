-- Of different totals for one city and year at most one is shown, and that one is what city_indicator holds.
-- severity: error
with chosen as (

    select
        conflict.city_id,
        conflict.indicator_id,
        conflict.year,
        count(*) as chosen_count,
        max(conflict.value) as value
    from mart.conflict
    where conflict.chosen
    group by conflict.city_id, conflict.indicator_id, conflict.year

)

select chosen.city_id, chosen.indicator_id, chosen.year, chosen.chosen_count
from chosen
left join mart.city_indicator
    on city_indicator.city_id = chosen.city_id
    and city_indicator.indicator_id = chosen.indicator_id
    and city_indicator.year = chosen.year
where chosen.chosen_count > 1
    or city_indicator.value is distinct from chosen.value
order by chosen.city_id, chosen.indicator_id, chosen.year
