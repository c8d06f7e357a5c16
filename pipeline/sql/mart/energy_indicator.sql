-- Final energy per city and year from one inventory: the printed total where there is one, else the sum of the sectors if
-- buildings and transport are among them; its parts; and per person by the population of the same inventory. Where a source
-- gives direct and indirect energy apart, both belong to the use of one sector.
-- grain: city_id, indicator_id, year
-- reads: core.energy, core.source, core.sector
with energy as (

    select * from core.energy
    where value_mwh is not null
        and year is not null
        and not is_out_of_choice

),

source as (

    select * from core.source

),

sector as (

    select * from core.sector

),

sector_root as (

    select
        sector.sector_id,
        case
            when sector.sector_id = 'total_covenant_sectors' then 'total'
            when coalesce(grandparent.sector_id, parent.sector_id, sector.sector_id) = 'stationary_energy_buildings'
                then 'buildings'
            else coalesce(grandparent.sector_id, parent.sector_id, sector.sector_id)
        end as root_sector_id
    from sector
    left join sector as parent
        on parent.sector_id = sector.parent_sector_id
        and parent.sector_id <> 'total'
    left join sector as grandparent
        on grandparent.sector_id = parent.parent_sector_id
        and grandparent.sector_id <> 'total'

),

inventory as (

    select
        energy.city_id,
        energy.year,
        energy.source_id,
        energy.source_city_key,
        energy.series_key,
        energy.inventory_kind,
        row_number() over (
            partition by energy.city_id, energy.year
            order by
                min(source.source_rank),
                case energy.inventory_kind when 'restated' then 1 when 'baseline' then 2 when 'monitoring' then 3 else 4 end,
                energy.source_city_key,
                energy.series_key
        ) as choice_order
    from energy
    inner join source
        on source.source_id = energy.source_id
    group by
        energy.city_id,
        energy.year,
        energy.source_id,
        energy.source_city_key,
        energy.series_key,
        energy.inventory_kind

),

chosen as (

    select
        energy.city_id,
        energy.year,
        energy.source_id,
        energy.sector_id,
        energy.scope,
        coalesce(sector_root.root_sector_id, energy.sector_id) as root_sector_id,
        energy.value_mwh,
        energy.population_count,
        energy.flags,
        energy.source_ref
    from energy
    inner join inventory
        on inventory.city_id = energy.city_id
        and inventory.year = energy.year
        and inventory.source_id = energy.source_id
        and inventory.source_city_key = energy.source_city_key
        and inventory.series_key = energy.series_key
        and inventory.inventory_kind = energy.inventory_kind
        and inventory.choice_order = 1
    left join sector_root
        on sector_root.sector_id = energy.sector_id

),

summed as (

    select
        chosen.city_id,
        chosen.year,
        min(chosen.source_id) as source_id,
        max(chosen.population_count) as population_count,
        sum(case when chosen.root_sector_id = 'buildings' then chosen.value_mwh end) as buildings_mwh,
        sum(case when chosen.root_sector_id = 'transport' then chosen.value_mwh end) as transport_mwh,
        sum(case when chosen.root_sector_id = 'total' then chosen.value_mwh end) as printed_total_mwh,
        sum(case when chosen.root_sector_id <> 'total' then chosen.value_mwh end) as sector_sum_mwh,
        coalesce(string_agg(distinct nullif(chosen.flags, ''), ';' order by nullif(chosen.flags, '')), '') as flags,
        min(chosen.source_ref) as source_ref
    from chosen
    group by chosen.city_id, chosen.year

),

totalled as (

    select
        summed.city_id,
        summed.year,
        summed.source_id,
        summed.population_count,
        summed.buildings_mwh,
        summed.transport_mwh,
        case
            when summed.buildings_mwh is not null and summed.transport_mwh is not null then summed.sector_sum_mwh
            else summed.printed_total_mwh
        end as total_mwh,
        summed.flags,
        summed.source_ref
    from summed

),

every as (

    select totalled.city_id, 'energy_total_mwh' as indicator_id, totalled.year, totalled.total_mwh as value,
        totalled.source_id, totalled.flags, totalled.source_ref
    from totalled
    union all
    select totalled.city_id, 'energy_per_person_mwh', totalled.year,
        totalled.total_mwh / nullif(totalled.population_count, 0), totalled.source_id, totalled.flags,
        totalled.source_ref
    from totalled
    union all
    select totalled.city_id, 'energy_buildings_mwh', totalled.year, totalled.buildings_mwh, totalled.source_id,
        totalled.flags, totalled.source_ref
    from totalled
    union all
    select totalled.city_id, 'energy_transport_mwh', totalled.year, totalled.transport_mwh, totalled.source_id,
        totalled.flags, totalled.source_ref
    from totalled

)

select
    every.city_id,
    every.indicator_id,
    every.year,
    every.value,
    every.source_id,
    'self_reported' as quality_id,
    every.flags,
    every.source_ref
from every
where every.value is not null
