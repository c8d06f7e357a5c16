-- For each city and yardstick: which series, base year and target apply, or the reason why nothing can be scored.
-- The base is always an inventory of the series itself; a base total printed with a target is never mixed in. Which series:
-- for a city's own target one that holds the target's base year and a later inventory, first the one whose base inventory
-- agrees with the printed base total, then the best ranked; if even the nearest base inventory is further from the printed
-- total than target_base_tolerance, the target counts other emissions than the series and is not scored. For the 80 % default the contract's base year is preferred to
-- the first inventory. The carbon law becomes a percentage from its base year to its target year, 1 - (1 - cut)^(T - b).
-- grain: city_id, yardstick_id
-- reads: core.city, core.yardstick, core.yardstick_source, core.threshold, mart.city_target, mart.series,
--   mart.series_change, mart.series_total
with city as (

    select * from core.city

),

yardstick as (

    select * from core.yardstick

),

yardstick_source as (

    select * from core.yardstick_source

),

threshold as (

    select * from core.threshold

),

target as (

    select * from mart.city_target

),

series as (

    select * from mart.series

),

change as (

    select * from mart.series_change

),

total as (

    select * from mart.series_total

),

usable_year as (

    select
        series.city_id,
        count(distinct total.year) as year_count
    from series
    inner join total
        on total.series_id = series.series_id
    where series.is_usable
    group by series.city_id

),

inventory_state as (

    select
        city.city_id,
        case
            when count(series.series_id) = 0 then 'no_inventory'
            when max(case when series.is_usable and series.inventory_count > 1 then 1 else 0 end) = 1 then null
            when max(case when series.is_usable then 1 else 0 end) = 1 and max(usable_year.year_count) > 1
                then 'no_comparable_inventories'
            when max(case when series.is_usable then 1 else 0 end) = 1 then 'no_second_inventory'
            when min(case when series.is_modelled then 1 else 0 end) = 1 then 'only_modelled'
            when max(
                case
                    when series.why_not_usable_id in ('doubtful_figures', 'repeats_other_source', 'change_not_credible')
                        then 1
                    else 0
                end
            ) = 1
                then 'doubtful_figures'
            else 'partial_boundary'
        end as reason_id
    from city
    left join series
        on series.city_id = city.city_id
    left join usable_year
        on usable_year.city_id = city.city_id
    group by city.city_id

),

contract as (

    select
        target.city_id,
        target.base_year
    from target
    inner join yardstick_source
        on yardstick_source.yardstick_id = 'own_target'
        and yardstick_source.source_id = target.source_id
        and yardstick_source.source_rank = 1
    where target.used_for_yardstick_id = 'own_target'

),

question as (

    select
        city.city_id,
        yardstick.yardstick_id,
        yardstick.path_shape,
        yardstick.base_rule,
        yardstick.base_year as wanted_base_year,
        yardstick.base_year_from,
        yardstick.base_year_to,
        yardstick.yearly_cut_pct,
        yardstick.is_default_target,
        contract.base_year as contract_base_year,
        target.target_id,
        target.base_year as target_base_year,
        target.stated_base_t,
        coalesce(yardstick.target_year, target.target_year) as target_year,
        coalesce(yardstick.reduction_pct, target.reduction_pct) as reduction_pct,
        target.is_against_forecast,
        target.is_per_capita,
        target.source_id as target_source_id,
        target.source_ref as target_source_ref,
        target.residual_t,
        target.removals_t,
        case
            when yardstick.base_rule = 'target' and target.target_id is null then 'no_target'
            when yardstick.base_rule = 'target' then target.reason_id
        end as target_reason_id
    from city
    cross join yardstick
    left join target
        on target.city_id = city.city_id
        and target.used_for_yardstick_id = yardstick.yardstick_id
    left join contract
        on contract.city_id = city.city_id

),

candidate as (

    select
        question.city_id,
        question.yardstick_id,
        change.series_id,
        change.base_year,
        question.base_rule <> 'target'
            or question.stated_base_t is null
            or abs(change.base_t - question.stated_base_t)
                <= threshold.target_base_tolerance * question.stated_base_t as is_base_alike,
        row_number() over (
            partition by question.city_id, question.yardstick_id
            order by
                case
                    when question.base_rule = 'target'
                        and abs(change.base_t - question.stated_base_t)
                            > threshold.target_base_tolerance * question.stated_base_t then 1
                    else 0
                end,
                case
                    when question.base_rule = 'contract_or_first' and change.base_year = question.contract_base_year
                        then 0
                    when question.base_rule = 'target'
                        and abs(change.base_t - question.stated_base_t)
                            <= threshold.stated_base_tolerance * question.stated_base_t then 0
                    else 1
                end,
                series.series_rank,
                case when question.base_rule = 'nearest' then abs(change.base_year - question.wanted_base_year) end,
                change.base_year
        ) as choice_order
    from question
    cross join threshold
    inner join series
        on series.city_id = question.city_id
        and series.is_usable
    inner join change
        on change.series_id = series.series_id
        and case question.base_rule
            when 'target' then change.base_year = question.target_base_year
            when 'contract_or_first'
                then change.base_year = question.contract_base_year or change.base_year = series.first_year
            when 'nearest' then change.base_year between question.base_year_from and question.base_year_to
            when 'first_since' then change.base_year >= question.base_year_from
            else false
        end
    where question.target_reason_id is null

),

chosen as (

    select
        candidate.city_id,
        candidate.yardstick_id,
        candidate.series_id,
        candidate.base_year
    from candidate
    where candidate.choice_order = 1
        and candidate.is_base_alike

),

rejected as (

    select
        candidate.city_id,
        candidate.yardstick_id
    from candidate
    where candidate.choice_order = 1
        and not candidate.is_base_alike

)

select
    question.city_id,
    question.yardstick_id,
    coalesce(
        question.target_reason_id,
        inventory_state.reason_id,
        case
            when chosen.series_id is not null then null
            when rejected.city_id is not null then 'target_base_differs'
            when question.base_rule = 'nearest' then 'no_inventory_near_2019'
            when question.base_rule = 'first_since' then 'no_inventory_since_2015'
            else 'base_year_not_in_series'
        end
    ) as reason_id,
    chosen.series_id,
    chosen.base_year,
    change.base_t,
    change.latest_year,
    change.latest_t,
    change.change_per_year_pct,
    question.path_shape,
    question.target_year,
    case
        when question.yearly_cut_pct is not null
            then 100 * (1 - pow(1 - question.yearly_cut_pct / 100, question.target_year - chosen.base_year))
        else question.reduction_pct
    end as reduction_pct,
    question.is_default_target,
    case
        when question.base_rule = 'target' and question.target_id is null then null
        when question.base_rule = 'target' and question.is_against_forecast then 'forecast'
        when question.base_rule = 'target' and question.is_per_capita then 'base_year_per_person'
        when question.base_rule = 'target' then 'base_year'
        when chosen.series_id is null then null
        when question.base_rule = 'contract_or_first' and chosen.base_year = question.contract_base_year
            then 'default_from_contract_base_year'
        when question.base_rule = 'contract_or_first' then 'default_from_first_inventory'
        when question.base_rule = 'nearest' and chosen.base_year = question.wanted_base_year then 'default_from_2019'
        when question.base_rule = 'nearest' then 'default_from_nearest_year'
        else 'default_from_first_inventory_since_2015'
    end as target_basis,
    question.target_source_id,
    question.target_source_ref,
    question.target_base_year,
    question.stated_base_t,
    question.residual_t,
    question.removals_t
from question
inner join inventory_state
    on inventory_state.city_id = question.city_id
left join chosen
    on chosen.city_id = question.city_id
    and chosen.yardstick_id = question.yardstick_id
left join rejected
    on rejected.city_id = question.city_id
    and rejected.yardstick_id = question.yardstick_id
left join change
    on change.series_id = chosen.series_id
    and change.base_year = chosen.base_year
