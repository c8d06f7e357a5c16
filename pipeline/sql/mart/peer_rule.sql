-- The numbers the partner finder works with, each in one place. For a component `value` is the difference at which two
-- cities count as fully unlike: a ratio for size, income and emissions, degrees for climate (Celsius) and latitude.
-- `default_weight` is how much the component counts unless the reader changes it. The other rows are limits: the share of
-- the weight that must be known, the years two figures may lie apart (as for equally recent series), and how much better
-- another city must be to count, as a share of the value or in points for yearly changes; and the share of the middle value of all cities below which
-- emissions per person are taken for an incomplete inventory.
-- grain: rule_id
-- reads: core.threshold
with threshold as (

    select * from core.threshold

),

given as (

    select rule_id, value, default_weight, sort_order
    from (
        values
            ('size', 10::double, 2, 1),
            ('climate', 10::double, 2, 2),
            ('latitude', 20::double, null, 3),
            ('income', 4::double, 2, 4),
            ('emissions', 4::double, 2, 5),
            ('sectors', 1::double, 2, 6),
            ('known_weight_pct', 50::double, null, 7),
            ('better_share_pct', 5::double, null, 8),
            ('better_points', 0.5::double, null, 9),
            ('least_plausible_pct', 12.5::double, null, 10)
    ) as listed (rule_id, value, default_weight, sort_order)

)

select
    given.rule_id,
    given.value,
    cast(given.default_weight as integer) as default_weight,
    cast(given.sort_order as integer) as sort_order
from given
union all
select
    'comparable_years' as rule_id,
    threshold.recency_band_years as value,
    null as default_weight,
    11 as sort_order
from threshold
