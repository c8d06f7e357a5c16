-- Every target of every city, whether it can be scored, why not, and whether it is the one a yardstick uses. For a
-- yardstick the best source of the city decides (the contract first); within it targets for 2030 come first, then those
-- that can be scored, then the nearest year, the deepest cut and the later row. So a contract that is measured against a
-- forecast is not passed over for an older promise.
-- grain: target_id
-- reads: core.target, core.yardstick_source
-- order: city_id, source_id, target_year, target_id
with target as (

    select * from core.target

),

yardstick_source as (

    select * from core.yardstick_source

),

ranked as (

    select
        target.target_id,
        yardstick_source.yardstick_id,
        row_number() over (
            partition by target.city_id, yardstick_source.yardstick_id
            order by
                case when target.reason_id = 'no_target' then 1 else 0 end,
                case when yardstick_source.source_rank = 1 or target.reason_id is null then 0 else 1 end,
                yardstick_source.source_rank,
                abs(coalesce(target.target_year, 2100) - 2030),
                case when target.reason_id is null then 0 else 1 end,
                target.reduction_pct desc nulls last,
                target.source_row desc
        ) as choice_order
    from target
    inner join yardstick_source
        on yardstick_source.source_id = target.source_id

),

chosen as (

    select
        ranked.target_id,
        ranked.yardstick_id
    from ranked
    where ranked.choice_order = 1

)

select
    target.target_id,
    target.city_id,
    target.source_id,
    target.target_kind,
    target.base_year,
    target.stated_base_t,
    target.target_year,
    target.reduction_pct,
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
    target.is_per_capita,
    target.is_against_forecast,
    target.reason_id is null as is_usable,
    target.reason_id,
    chosen.yardstick_id as used_for_yardstick_id,
    target.flags,
    target.flag_reason,
    target.note,
    target.source_ref,
    target.licence_id
from target
left join chosen
    on chosen.target_id = target.target_id
