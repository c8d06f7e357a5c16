-- Totals over the sectors that every inventory of a city reports, where its direct and indirect emissions were given for
-- different sectors in different years. A part (one sector, direct or indirect) counts only if all years have it, so the
-- years can be compared although the full totals cannot. The parts are listed in sector_set. Only one entry of the
-- publisher per city is used, the one with most inventories.
-- grain: series_id, year, sector_id
-- reads: core.inventory_point
with point as (

    select * from core.inventory_point
    where not is_modelled

),

full_total as (

    select
        point.city_id,
        point.source_id,
        point.source_city_key,
        point.gas_basis,
        point.year,
        min(point.series_key) as series_key,
        max(point.value_t) as full_t,
        max(point.population_count) as population_count,
        min(point.inventory_kind) as inventory_kind,
        min(point.source_ref) as source_ref
    from point
    where point.scope = 'direct+indirect'
        and point.sector_level = 'total'
        and not point.is_out_of_series
    group by point.city_id, point.source_id, point.source_city_key, point.gas_basis, point.year

),

candidate as (

    select
        full_total.city_id,
        full_total.source_id,
        full_total.source_city_key,
        full_total.gas_basis,
        count(*) as year_count,
        row_number() over (
            partition by full_total.city_id, full_total.source_id, full_total.gas_basis
            order by count(*) desc, full_total.source_city_key
        ) as choice_order
    from full_total
    group by full_total.city_id, full_total.source_id, full_total.source_city_key, full_total.gas_basis
    having count(*) > 1 and count(distinct full_total.series_key) > 1

),

part as (

    select
        point.city_id,
        point.source_id,
        point.gas_basis,
        point.year,
        point.sector_id,
        point.scope,
        sum(point.value_t) as value_t,
        min(point.boundary_id) as boundary_id,
        min(point.quality_id) as quality_id,
        min(point.source_rank) as source_rank,
        min(point.source_city_key) as source_city_key,
        coalesce(string_agg(distinct nullif(point.flags, ''), ';' order by nullif(point.flags, '')), '') as flags,
        string_agg(distinct point.flag_reason, '; ' order by point.flag_reason) as flag_reason
    from point
    inner join full_total
        on full_total.city_id = point.city_id
        and full_total.source_id = point.source_id
        and full_total.source_city_key = point.source_city_key
        and full_total.gas_basis = point.gas_basis
        and full_total.year = point.year
    inner join candidate
        on candidate.city_id = point.city_id
        and candidate.source_id = point.source_id
        and candidate.source_city_key = point.source_city_key
        and candidate.gas_basis = point.gas_basis
        and candidate.choice_order = 1
    where point.scope in ('direct', 'indirect')
        and point.sector_level = 'sector'
        and not point.is_out_of_series
    group by point.city_id, point.source_id, point.gas_basis, point.year, point.sector_id, point.scope

),

shared as (

    select
        part.city_id,
        part.source_id,
        part.gas_basis,
        part.sector_id,
        part.scope
    from part
    inner join candidate
        on candidate.city_id = part.city_id
        and candidate.source_id = part.source_id
        and candidate.gas_basis = part.gas_basis
        and candidate.choice_order = 1
    group by part.city_id, part.source_id, part.gas_basis, part.sector_id, part.scope, candidate.year_count
    having count(*) = candidate.year_count

),

shared_sector as (

    select
        shared.city_id,
        shared.source_id,
        shared.gas_basis,
        shared.sector_id,
        shared.sector_id || ' (' || string_agg(shared.scope, ' and ' order by shared.scope) || ')' as sector_label
    from shared
    group by shared.city_id, shared.source_id, shared.gas_basis, shared.sector_id

),

label as (

    select
        shared_sector.city_id,
        shared_sector.source_id,
        shared_sector.gas_basis,
        string_agg(shared_sector.sector_label, ', ' order by shared_sector.sector_label) as sector_set
    from shared_sector
    group by shared_sector.city_id, shared_sector.source_id, shared_sector.gas_basis

),

kept_part as (

    select
        part.city_id,
        part.source_id,
        part.gas_basis,
        part.year,
        part.sector_id,
        part.value_t,
        part.boundary_id,
        part.quality_id,
        part.source_rank,
        part.source_city_key,
        part.flags,
        part.flag_reason
    from part
    inner join shared
        on shared.city_id = part.city_id
        and shared.source_id = part.source_id
        and shared.gas_basis = part.gas_basis
        and shared.sector_id = part.sector_id
        and shared.scope = part.scope

),

total_and_sector as (

    select
        kept_part.city_id,
        kept_part.source_id,
        kept_part.gas_basis,
        kept_part.year,
        level.sector_level,
        case when level.sector_level = 'total' then 'total' else kept_part.sector_id end as sector_id,
        sum(kept_part.value_t) as value_t,
        min(kept_part.boundary_id) as boundary_id,
        min(kept_part.quality_id) as quality_id,
        min(kept_part.source_rank) as source_rank,
        min(kept_part.source_city_key) as source_city_key,
        coalesce(string_agg(distinct nullif(kept_part.flags, ''), ';' order by nullif(kept_part.flags, '')), '')
            as flags,
        string_agg(distinct kept_part.flag_reason, '; ' order by kept_part.flag_reason) as flag_reason
    from kept_part
    cross join (values ('total'), ('sector')) as level (sector_level)
    group by
        kept_part.city_id,
        kept_part.source_id,
        kept_part.gas_basis,
        kept_part.year,
        level.sector_level,
        case when level.sector_level = 'total' then 'total' else kept_part.sector_id end

)

select
    total_and_sector.city_id || ':' || total_and_sector.source_id || ':direct+indirect:' || total_and_sector.gas_basis
        || ':shared sectors' as series_id,
    total_and_sector.city_id,
    total_and_sector.source_id,
    'direct+indirect' as scope,
    total_and_sector.gas_basis,
    'shared sectors' as series_key,
    total_and_sector.year,
    total_and_sector.sector_id,
    total_and_sector.sector_level,
    total_and_sector.value_t,
    full_total.population_count,
    full_total.inventory_kind,
    total_and_sector.boundary_id,
    total_and_sector.quality_id,
    total_and_sector.flags,
    total_and_sector.flag_reason,
    full_total.source_ref,
    total_and_sector.source_rank,
    total_and_sector.source_city_key,
    label.sector_set,
    full_total.full_t
from total_and_sector
inner join full_total
    on full_total.city_id = total_and_sector.city_id
    and full_total.source_id = total_and_sector.source_id
    and full_total.source_city_key = total_and_sector.source_city_key
    and full_total.gas_basis = total_and_sector.gas_basis
    and full_total.year = total_and_sector.year
inner join label
    on label.city_id = total_and_sector.city_id
    and label.source_id = total_and_sector.source_id
    and label.gas_basis = total_and_sector.gas_basis
