-- Targets of cities as published: base year, cut, level, residual. Tonnes and percent, with numbers cast.
-- grain: source_file_id, source_row
-- reads: raw.targets
with targets as (

    select * from raw.targets

),

clean as (

    select
        nullif(trim(targets.source_id), '') as source_id,
        nullif(trim(targets.source_city_key), '') as source_city_key,
        nullif(trim(targets.city_name), '') as city_name,
        nullif(trim(targets.country_iso2), '') as country_iso2,
        nullif(trim(targets.target_kind), '') as target_kind,
        nullif(trim(targets.base_year), '') as base_year,
        nullif(trim(targets.base_value), '') as base_value,
        nullif(trim(targets.target_year), '') as target_year,
        nullif(trim(targets.reduction_pct), '') as reduction_pct,
        nullif(trim(targets.target_value), '') as target_value,
        nullif(trim(targets.residual_value), '') as residual_value,
        nullif(trim(targets.residual_pct), '') as residual_pct,
        nullif(trim(targets.residual_meaning), '') as residual_meaning,
        nullif(trim(targets.residual_treatment), '') as residual_treatment,
        nullif(trim(targets.removals_value), '') as removals_value,
        nullif(trim(targets.bau_value), '') as bau_value,
        nullif(trim(targets.unit), '') as unit,
        nullif(trim(targets.scope), '') as scope,
        nullif(trim(targets.gas_basis), '') as gas_basis,
        nullif(trim(targets.net_zero_year), '') as net_zero_year,
        nullif(trim(targets.is_per_capita), '') as is_per_capita,
        nullif(trim(targets.flags), '') as flags,
        nullif(trim(targets.flag_reason), '') as flag_reason,
        nullif(trim(targets.note), '') as note,
        nullif(trim(targets.source_ref), '') as source_ref,
        nullif(trim(targets.licence_id), '') as licence_id,
        targets.source_file_id,
        targets.source_row
    from targets

),

cast_columns as (

    select
        clean.source_id,
        clean.source_city_key,
        clean.city_name,
        clean.country_iso2,
        clean.target_kind,
        try_cast(clean.base_year as integer) as base_year,
        try_cast(clean.base_value as double) as stated_base_t,
        try_cast(clean.target_year as integer) as target_year,
        try_cast(clean.reduction_pct as double) as reduction_pct,
        try_cast(clean.target_value as double) as stated_target_t,
        try_cast(clean.residual_value as double) as residual_t,
        try_cast(clean.residual_pct as double) as residual_pct,
        clean.residual_meaning,
        clean.residual_treatment,
        try_cast(clean.removals_value as double) as removals_t,
        try_cast(clean.bau_value as double) as bau_t,
        clean.unit,
        clean.scope,
        clean.gas_basis,
        try_cast(clean.net_zero_year as integer) as net_zero_year,
        case
            when lower(clean.is_per_capita) in ('true', 'yes', '1') then true
            when lower(clean.is_per_capita) in ('false', 'no', '0') then false
        end as is_per_capita,
        coalesce(clean.flags, '') as flags,
        clean.flag_reason,
        clean.note,
        clean.source_ref,
        clean.licence_id,
        nullif(concat_ws('; ',
            case when clean.base_year is not null and try_cast(clean.base_year as integer) is null then 'base_year: ' || clean.base_year end,
            case when clean.base_value is not null and try_cast(clean.base_value as double) is null then 'stated_base_t: ' || clean.base_value end,
            case when clean.target_year is not null and try_cast(clean.target_year as integer) is null then 'target_year: ' || clean.target_year end,
            case when clean.reduction_pct is not null and try_cast(clean.reduction_pct as double) is null then 'reduction_pct: ' || clean.reduction_pct end,
            case when clean.target_value is not null and try_cast(clean.target_value as double) is null then 'stated_target_t: ' || clean.target_value end,
            case when clean.residual_value is not null and try_cast(clean.residual_value as double) is null then 'residual_t: ' || clean.residual_value end,
            case when clean.residual_pct is not null and try_cast(clean.residual_pct as double) is null then 'residual_pct: ' || clean.residual_pct end,
            case when clean.removals_value is not null and try_cast(clean.removals_value as double) is null then 'removals_t: ' || clean.removals_value end,
            case when clean.bau_value is not null and try_cast(clean.bau_value as double) is null then 'bau_t: ' || clean.bau_value end,
            case when clean.net_zero_year is not null and try_cast(clean.net_zero_year as integer) is null then 'net_zero_year: ' || clean.net_zero_year end,
            case when lower(clean.is_per_capita) not in ('true', 'yes', '1', 'false', 'no', '0', 'unknown') then 'is_per_capita: ' || clean.is_per_capita end
        ), '') as uncast_text,
        clean.source_file_id,
        clean.source_row
    from clean

)

select
    source_id,
    source_city_key,
    city_name,
    country_iso2,
    target_kind,
    base_year,
    stated_base_t,
    target_year,
    reduction_pct,
    stated_target_t,
    residual_t,
    residual_pct,
    residual_meaning,
    residual_treatment,
    removals_t,
    bau_t,
    unit,
    scope,
    gas_basis,
    net_zero_year,
    is_per_capita,
    flags,
    flag_reason,
    note,
    source_ref,
    licence_id,
    uncast_text,
    source_file_id,
    source_row
from cast_columns
