-- One value per city, indicator and year with its unit, source and quality, how many other values there are and how far
-- they spread around it. Years may come from different sources: for change over time use mart.series, never this table.
-- grain: city_id, indicator_id, year
-- reads: mart.emission_indicator, mart.energy_indicator, mart.published_indicator, mart.partner_indicator, core.indicator
-- order: city_id, indicator_id, year
with emission_indicator as (

    select * from mart.emission_indicator

),

energy_indicator as (

    select * from mart.energy_indicator

),

published_indicator as (

    select * from mart.published_indicator

),

partner_indicator as (

    select * from mart.partner_indicator

),

indicator as (

    select * from core.indicator

),

every as (

    select
        emission_indicator.city_id, emission_indicator.indicator_id, emission_indicator.year, emission_indicator.value,
        emission_indicator.source_id, emission_indicator.quality_id, emission_indicator.alternative_count,
        emission_indicator.alternative_min, emission_indicator.alternative_max, emission_indicator.flags,
        emission_indicator.source_ref
    from emission_indicator
    union all
    select
        published_indicator.city_id, published_indicator.indicator_id, published_indicator.year,
        published_indicator.value, published_indicator.source_id, published_indicator.quality_id,
        published_indicator.alternative_count, published_indicator.alternative_min,
        published_indicator.alternative_max, published_indicator.flags, published_indicator.source_ref
    from published_indicator
    union all
    select
        energy_indicator.city_id, energy_indicator.indicator_id, energy_indicator.year, energy_indicator.value,
        energy_indicator.source_id, energy_indicator.quality_id, 0, cast(null as double), cast(null as double),
        energy_indicator.flags, energy_indicator.source_ref
    from energy_indicator
    union all
    select
        partner_indicator.city_id, partner_indicator.indicator_id, partner_indicator.year, partner_indicator.value,
        partner_indicator.source_id, partner_indicator.quality_id, 0, cast(null as double), cast(null as double),
        partner_indicator.flags, partner_indicator.source_ref
    from partner_indicator

)

select
    every.city_id,
    every.indicator_id,
    every.year,
    every.value,
    indicator.unit_id,
    every.source_id,
    every.quality_id,
    indicator.geo_level,
    every.alternative_count,
    case when every.alternative_count > 0 then every.alternative_min end as alternative_min,
    case when every.alternative_count > 0 then every.alternative_max end as alternative_max,
    case
        when every.alternative_count > 0
            then 100 * (every.alternative_max - every.alternative_min) / nullif(abs(every.value), 0)
    end as alternative_spread_pct,
    every.flags,
    every.source_ref
from every
inner join indicator
    on indicator.indicator_id = every.indicator_id
