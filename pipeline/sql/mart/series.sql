-- Series of inventories: one source, city, scope, gas basis and method. A series is usable if it holds totals of the whole
-- city that are not in doubt. Self-reported figures that change by more than max_unverified_change_pct a year on average are
-- taken for a change of method, not of emissions. Shared-sector totals need transport, buildings and
-- shared_sectors_min_share of each full total.
-- series_rank orders a city's series, 1 being its default. Usable ones with two or more inventories come first; among these,
-- those that end within recency_band_years of the city's newest count as equally recent, then those spanning min_span_years;
-- then the better source (rank in sources.yml), the series without shared-sector cutting, the later end, the longer span, the
-- more complete scope, CO2e before CO2, and the id.
-- grain: series_id
-- reads: mart.series_point, mart.series_total, mart.series_change, core.scope, core.sector, core.source, core.threshold
-- order: city_id, series_rank
with point as (

    select * from mart.series_point

),

total as (

    select * from mart.series_total

),

change as (

    select * from mart.series_change

),

scope as (

    select * from core.scope

),

sector as (

    select * from core.sector

),

source as (

    select * from core.source

),

threshold as (

    select * from core.threshold

),

described as (

    select
        point.series_id,
        point.city_id,
        point.source_id,
        point.scope,
        point.gas_basis,
        point.series_key,
        min(point.boundary_id) as boundary_id,
        min(point.quality_id) as quality_id,
        bool_or(point.is_modelled) as is_modelled,
        min(point.source_rank) as source_rank,
        min(point.sector_set) as sector_set,
        string_agg(
            distinct case when point.sector_level = 'sector' then lower(sector.short_title) end, ', '
            order by case when point.sector_level = 'sector' then lower(sector.short_title) end
        ) as sector_titles,
        min(point.year) as first_point_year,
        max(point.year) as last_point_year,
        count(distinct case when point.sector_level = 'total' then point.year end) as printed_total_count,
        bool_and(point.is_out_of_series) as is_all_out,
        bool_or(contains(point.flags, 'partial_boundary') or point.boundary_id = 'partial') as has_partial_boundary,
        bool_or(contains(point.flags, 'repeats_other_source')) as has_repeats,
        count(distinct case when point.sector_level = 'total' and not point.is_out_of_series then point.year end)
            as kept_total_count
    from point
    left join sector
        on sector.sector_id = point.sector_id
    group by
        point.series_id,
        point.city_id,
        point.source_id,
        point.scope,
        point.gas_basis,
        point.series_key

),

first_change as (

    select
        change.series_id,
        change.base_year,
        change.change_pct,
        change.change_per_year_pct
    from change
    inner join (
        select
            total.series_id,
            min(total.year) as first_year
        from total
        group by total.series_id
    ) as opening
        on opening.series_id = change.series_id
        and opening.first_year = change.base_year

),

measured as (

    select
        total.series_id,
        min(total.year) as first_year,
        max(total.year) as last_year,
        count(*) as inventory_count,
        arg_min(total.total_t, total.year) as first_t,
        arg_max(total.total_t, total.year) as last_t,
        min(total.total_t / nullif(total.full_t, 0)) as lowest_shared_share,
        abs(max(change.change_per_year_pct)) as change_per_year_abs_pct
    from total
    left join first_change as change
        on change.series_id = total.series_id
    group by total.series_id

),

judged as (

    select
        described.series_id,
        described.city_id,
        described.source_id,
        described.scope,
        described.gas_basis,
        described.series_key,
        described.boundary_id,
        described.quality_id,
        described.is_modelled,
        described.source_rank,
        described.sector_set,
        described.sector_titles,
        described.first_point_year,
        described.last_point_year,
        coalesce(scope.is_whole_city, false)
            and (not coalesce(scope.is_official_only, false) or described.quality_id = 'official_statistic'
                or described.is_modelled) as is_whole_city,
        coalesce(scope.preference, 99) as scope_preference,
        scope.title as scope_title,
        source.title as source_title,
        measured.first_year,
        measured.last_year,
        coalesce(measured.inventory_count, 0) as inventory_count,
        measured.first_t,
        measured.last_t,
        case
            when described.is_modelled then 'modelled_source'
            when described.printed_total_count = 0 then 'no_total'
            when coalesce(scope.is_official_only, false) and described.quality_id <> 'official_statistic'
                then 'scope_not_comparable'
            when not coalesce(scope.is_whole_city, false) then 'part_of_city_total'
            when described.kept_total_count = 0 and described.has_partial_boundary then 'partial_boundary'
            when described.kept_total_count = 0 and described.has_repeats then 'repeats_other_source'
            when described.kept_total_count = 0 or measured.series_id is null then 'doubtful_figures'
            when measured.lowest_shared_share < threshold.shared_sectors_min_share
                or not contains(described.sector_set, 'transport')
                or not (contains(described.sector_set, 'buildings') or contains(described.sector_set, 'residential'))
                then 'shared_sectors_too_small'
            when described.quality_id in ('self_reported', 'compiled')
                and measured.change_per_year_abs_pct > threshold.max_unverified_change_pct
                then 'change_not_credible'
        end as why_not_usable_id
    from described
    cross join threshold
    inner join source
        on source.source_id = described.source_id
    left join scope
        on scope.scope_id = described.scope
    left join measured
        on measured.series_id = described.series_id

),

compared as (

    select
        judged.series_id,
        max(case when judged.why_not_usable_id is null and judged.inventory_count > 1 then judged.last_year end)
            over (partition by judged.city_id) as newest_year
    from judged

),

ranked as (

    select
        judged.series_id,
        row_number() over (
            partition by judged.city_id
            order by
                case when judged.why_not_usable_id is null then 0 else 1 end,
                case when judged.inventory_count > 1 then 0 else 1 end,
                case when judged.last_year >= compared.newest_year - threshold.recency_band_years then 0 else 1 end,
                case when judged.last_year - judged.first_year >= threshold.min_span_years then 0 else 1 end,
                judged.source_rank,
                case when judged.sector_set is null then 0 else 1 end,
                judged.last_year desc nulls last,
                judged.last_year - judged.first_year desc nulls last,
                judged.scope_preference,
                case when judged.gas_basis = 'CO2e' then 0 else 1 end,
                judged.series_id
        ) as series_rank
    from judged
    cross join threshold
    inner join compared
        on compared.series_id = judged.series_id

)

select
    judged.series_id,
    judged.city_id,
    judged.source_id,
    judged.scope,
    judged.gas_basis,
    judged.series_key,
    judged.source_title || ', ' || coalesce(judged.scope_title, judged.scope) || ', ' || judged.gas_basis
        || case
            when judged.sector_set is not null
                then ', only the sectors all inventories share: ' || coalesce(judged.sector_titles, judged.sector_set)
            when contains(judged.series_key, '+') and judged.sector_titles is not null
                then ', sectors: ' || judged.sector_titles
            when judged.series_key not in ('main', 'contract') then ', ' || replace(judged.series_key, '_', ' ')
            else ''
        end as series_label,
    judged.boundary_id,
    judged.quality_id,
    judged.is_modelled,
    judged.is_whole_city,
    judged.why_not_usable_id is null as is_usable,
    judged.why_not_usable_id,
    coalesce(judged.first_year, judged.first_point_year) as first_year,
    coalesce(judged.last_year, judged.last_point_year) as last_year,
    judged.inventory_count,
    judged.first_t,
    judged.last_t,
    first_change.change_pct,
    first_change.change_per_year_pct,
    ranked.series_rank,
    judged.sector_set,
    judged.source_rank,
    judged.scope_preference
from judged
inner join ranked
    on ranked.series_id = judged.series_id
left join first_change
    on first_change.series_id = judged.series_id
