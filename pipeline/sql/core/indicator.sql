-- The indicator registry as a table: what each number means and its unit.
-- grain: indicator_id
-- reads: raw.catalogue_indicator
with indicator as (

    select * from raw.catalogue_indicator

)

select
    indicator.indicator_id,
    indicator.title,
    indicator.short_title,
    indicator.definition,
    indicator.unit as unit_id,
    indicator.decimals,
    indicator.direction,
    indicator.kind,
    indicator.per,
    indicator.formula,
    indicator.origin,
    indicator.boundary,
    indicator.geo_level,
    indicator.valid_range[1] as valid_min,
    indicator.valid_range[2] as valid_max,
    indicator.expected_years[1] as expected_first_year,
    indicator.expected_years[2] as expected_last_year,
    indicator.map_scale,
    indicator.missing_means,
    indicator.method_note,
    indicator.wide as is_wide
from indicator
