-- Different figures for the greenhouse gases of one city in one year: every whole-city total that differs from another one
-- by more than rounding, which one city_indicator shows, and why. Modelled and doubtful ones are listed but never shown first.
-- grain: city_id, indicator_id, year, source_id, scope, gas_basis, series_key
-- reads: mart.total_choice
-- order: city_id, year, source_id
with choice as (

    select * from mart.total_choice

),

disagreeing as (

    select
        choice.city_id,
        choice.year
    from choice
    group by choice.city_id, choice.year
    having count(*) > 1
        and max(choice.value_t) > min(choice.value_t) * 1.001

)

select
    choice.city_id,
    'ghg_total_t' as indicator_id,
    choice.year,
    choice.source_id,
    choice.scope,
    choice.gas_basis,
    choice.series_key,
    choice.value_t as value,
    choice.is_chosen as chosen,
    case
        when choice.is_chosen and choice.is_default_series then 'Shown: the series used for progress'
        when choice.is_chosen then 'Shown: the best ranked source for this year'
        when choice.is_modelled then 'Not shown: modelled, not an inventory'
        when choice.is_out then 'Not shown: marked as doubtful, partial or a repeat'
        when not choice.is_usable then 'Not shown: not a scored total of the whole city'
        else 'Not shown: another source or scope ranks higher'
    end as why,
    choice.flags,
    choice.source_ref
from choice
inner join disagreeing
    on disagreeing.city_id = choice.city_id
    and disagreeing.year = choice.year
