-- One figure per series, year and sector. A series is one source, city, scope, gas basis and method (series_key);
-- nothing is ever joined across them. Where a source holds two inventories for one year, the restated one counts, then the
-- baseline, then monitoring; rows fit for comparison come before those that are not. Only parts of one sector are added up,
-- a total never is. Totals of all kinds get the sector `total`, but a total of
-- a part of the city stays a part.
-- grain: series_id, year, sector_id
-- reads: core.emission
with emission as (

    select * from core.emission
    where value_t is not null
        and year is not null

),

named as (

    select
        emission.city_id || ':' || emission.source_id || ':' || emission.scope || ':' || emission.gas_basis
            || ':' || emission.series_key as series_id,
        emission.city_id,
        emission.source_id,
        emission.source_city_key,
        emission.scope,
        emission.gas_basis,
        emission.series_key,
        emission.year,
        case
            when emission.sector_level = 'total' and emission.sector_id <> 'total_partial' then 'total'
            else emission.sector_id
        end as sector_id,
        case
            when emission.sector_level = 'total' and emission.sector_id = 'total_partial' then 'sub_sector'
            else emission.sector_level
        end as sector_level,
        emission.source_sector,
        emission.inventory_kind,
        emission.value_t,
        emission.population_count,
        emission.boundary_id,
        emission.quality_id,
        emission.flags,
        emission.flag_reason,
        emission.is_out_of_series,
        emission.is_out_of_choice,
        emission.source_ref,
        emission.correction_reason,
        emission.is_modelled,
        emission.source_rank,
        emission.source_row,
        case emission.inventory_kind
            when 'restated' then 1
            when 'baseline' then 2
            when 'monitoring' then 3
            else 4
        end as kind_order,
        case
            when emission.sector_level = 'total' and emission.sector_id <> 'total_partial' then 1
            when emission.sector_level = 'sector' then 2
            else 3
        end as level_order
    from emission

),

inventory as (

    select
        named.series_id,
        named.year,
        named.source_city_key,
        named.inventory_kind,
        row_number() over (
            partition by named.series_id, named.year
            order by
                max(case when named.level_order = 1 and not named.is_out_of_series then 1 else 0 end) desc,
                max(case when named.level_order = 1 then 1 else 0 end) desc,
                min(named.kind_order),
                named.source_city_key,
                named.inventory_kind
        ) as choice_order
    from named
    group by named.series_id, named.year, named.source_city_key, named.inventory_kind

),

chosen as (

    select
        named.series_id,
        named.city_id,
        named.source_id,
        named.source_city_key,
        named.scope,
        named.gas_basis,
        named.series_key,
        named.year,
        named.sector_id,
        named.sector_level,
        named.source_sector,
        named.inventory_kind,
        named.value_t,
        named.population_count,
        named.boundary_id,
        named.quality_id,
        named.flags,
        named.flag_reason,
        named.is_out_of_series,
        named.is_out_of_choice,
        named.source_ref,
        named.correction_reason,
        named.is_modelled,
        named.source_rank,
        named.source_row,
        named.level_order,
        min(named.level_order) over (partition by named.series_id, named.year, named.sector_id) as top_level_order
    from named
    inner join inventory
        on inventory.series_id = named.series_id
        and inventory.year = named.year
        and inventory.source_city_key = named.source_city_key
        and inventory.inventory_kind = named.inventory_kind
        and inventory.choice_order = 1

),

single as (

    select
        chosen.series_id,
        chosen.city_id,
        chosen.source_id,
        chosen.source_city_key,
        chosen.scope,
        chosen.gas_basis,
        chosen.series_key,
        chosen.year,
        chosen.sector_id,
        chosen.sector_level,
        chosen.inventory_kind,
        chosen.value_t,
        chosen.population_count,
        chosen.boundary_id,
        chosen.quality_id,
        chosen.flags,
        chosen.flag_reason,
        chosen.is_out_of_series,
        chosen.is_out_of_choice,
        chosen.source_ref,
        chosen.correction_reason,
        chosen.is_modelled,
        chosen.source_rank,
        chosen.source_row,
        row_number() over (
            partition by chosen.series_id, chosen.year, chosen.sector_id,
                case when chosen.level_order = 1 then '' else chosen.source_sector end
            order by
                chosen.is_out_of_series,
                chosen.is_out_of_choice,
                case when chosen.level_order = 1 then chosen.source_sector else '' end,
                chosen.source_row desc
        ) as row_order
    from chosen
    where chosen.level_order = chosen.top_level_order

)

select
    single.series_id,
    single.city_id,
    single.source_id,
    single.scope,
    single.gas_basis,
    single.series_key,
    single.year,
    single.sector_id,
    min(single.sector_level) as sector_level,
    sum(single.value_t) as value_t,
    max(single.population_count) as population_count,
    min(single.inventory_kind) as inventory_kind,
    min(single.boundary_id) as boundary_id,
    min(single.quality_id) as quality_id,
    coalesce(string_agg(distinct nullif(single.flags, ''), ';' order by nullif(single.flags, '')), '') as flags,
    string_agg(distinct single.flag_reason, '; ' order by single.flag_reason) as flag_reason,
    bool_or(single.is_out_of_series) as is_out_of_series,
    bool_or(single.is_out_of_choice) as is_out_of_choice,
    min(single.source_ref) as source_ref,
    string_agg(distinct single.correction_reason, '; ' order by single.correction_reason) as correction_reason,
    bool_or(single.is_modelled) as is_modelled,
    min(single.source_rank) as source_rank,
    min(single.source_city_key) as source_city_key,
    cast(null as varchar) as sector_set
from single
where single.row_order = 1
group by
    single.series_id,
    single.city_id,
    single.source_id,
    single.scope,
    single.gas_basis,
    single.series_key,
    single.year,
    single.sector_id
