-- Targets of register cities as published, each with the reason why it cannot be scored, if there is one.
-- A printed base that looks like kilotonnes is left out; the percentage stands.
-- A level in tonnes with a base in tonnes is read as the percentage it amounts to; targets against a forecast never are.
-- grain: target_id
-- reads: staging.stg_figures__targets, core.city_alias, core.source, core.flag
with target as (

    select * from staging.stg_figures__targets

),

city_alias as (

    select * from core.city_alias

),

source as (

    select * from core.source

),

flag as (

    select * from core.flag

),

mark as (

    select
        target.source_file_id,
        target.source_row,
        bool_or(flag.excludes_choice) as is_doubtful
    from target
    cross join unnest(string_split(target.flags, ';')) as mark (flag_id)
    inner join flag
        on flag.flag_id = trim(mark.flag_id)
    where flag.flag_id not in (
        'bau_target', 'base_year_after_target', 'per_capita_target', 'sector_target', 'partial_boundary', 'suspected_kt'
    )
    group by target.source_file_id, target.source_row

),

matched as (

    select
        target.source_id || ':' || cast(target.source_row as varchar) as target_id,
        city_alias.city_id,
        target.source_id,
        target.source_city_key,
        target.target_kind,
        target.base_year,
        case when not contains(target.flags, 'suspected_kt') then target.stated_base_t end as stated_base_t,
        target.target_year,
        coalesce(
            target.reduction_pct,
            case
                when target.target_kind in ('base_year', 'fixed_level') and target.stated_base_t > 0
                    then 100 * (target.stated_base_t - target.stated_target_t) / target.stated_base_t
            end
        ) as reduction_pct,
        target.stated_target_t,
        target.residual_t,
        target.residual_pct,
        target.residual_meaning,
        target.residual_treatment,
        target.removals_t,
        target.bau_t,
        target.scope,
        target.gas_basis,
        target.net_zero_year,
        target.target_kind = 'base_year_intensity' or coalesce(target.is_per_capita, false)
            or contains(target.flags, 'per_capita_target') as is_per_capita,
        target.target_kind = 'baseline_scenario' or contains(target.flags, 'bau_target') as is_against_forecast,
        contains(target.flags, 'sector_target') or contains(target.flags, 'partial_boundary') as is_part_of_city,
        coalesce(mark.is_doubtful, false) as is_doubtful,
        target.flags,
        target.flag_reason,
        target.note,
        target.source_ref,
        target.licence_id,
        source.source_rank,
        target.source_file_id,
        target.source_row
    from target
    inner join city_alias
        on city_alias.source_id = target.source_id
        and city_alias.source_city_key = target.source_city_key
    inner join source
        on source.source_id = target.source_id
    left join mark
        on mark.source_file_id = target.source_file_id
        and mark.source_row = target.source_row

)

select
    matched.target_id,
    matched.city_id,
    matched.source_id,
    matched.source_city_key,
    matched.target_kind,
    matched.base_year,
    matched.stated_base_t,
    matched.target_year,
    matched.reduction_pct,
    matched.stated_target_t,
    matched.residual_t,
    matched.residual_pct,
    matched.residual_meaning,
    matched.residual_treatment,
    matched.removals_t,
    matched.bau_t,
    matched.scope,
    matched.gas_basis,
    matched.net_zero_year,
    matched.is_per_capita,
    matched.is_against_forecast,
    case
        when matched.target_kind = 'no_target' then 'no_target'
        when matched.is_against_forecast then 'baseline_scenario_target'
        when matched.is_per_capita then 'per_capita_target'
        when matched.base_year >= matched.target_year then 'base_year_not_before_target_year'
        when matched.is_part_of_city then 'part_of_city_target'
        when matched.target_kind = 'net_zero' then 'net_zero_without_gross_cut'
        when matched.is_doubtful then 'doubtful_target'
        when matched.target_kind = 'unclear' or matched.base_year is null or matched.target_year is null
            or matched.reduction_pct is null then 'target_not_quantified'
        when matched.reduction_pct <= 0 or matched.reduction_pct > 100 then 'doubtful_target'
    end as reason_id,
    matched.flags,
    matched.flag_reason,
    matched.note,
    matched.source_ref,
    matched.licence_id,
    matched.source_rank,
    matched.source_file_id,
    matched.source_row
from matched
