-- What a city's emissions are measured against.
-- grain: yardstick_id
-- reads: raw.catalogue_yardstick
with yardstick as (

    select * from raw.catalogue_yardstick

)

select
    yardstick.yardstick_id,
    yardstick.title,
    yardstick.short_title,
    yardstick."order" as sort_order,
    yardstick.definition,
    yardstick.path as path_shape,
    yardstick.base_rule,
    yardstick.base_year,
    yardstick.base_year_from,
    yardstick.base_year_to,
    yardstick.target_year,
    cast(yardstick.reduction_pct as double) as reduction_pct,
    cast(yardstick.yearly_cut_pct as double) as yearly_cut_pct,
    yardstick.is_default_target,
    yardstick.method
from yardstick
