"""How cities stand against a yardstick: verdict counts, the ranked list with rank ranges, and one city's
path.

Formula numbers (F1, F4, F6, F7) are those of the method texts on the Data page. The verdicts themselves are
made in ``mart.emission_progress``; here they are read, ranked and given the points that a chart draws.
"""

from __future__ import annotations

import pandas as pd

from pipeline.engine import Reader
from pipeline.query.filters import CITY_CONDITION, Filters

RANK_TIE_POINTS = 0.1
"""Percentage points a year within which two cities share a place: yearly changes are printed to one
decimal."""
CARBON_LAW_LAST_YEAR = 2035
"""The constant-rate path runs to 2050; charts stop here, so that the years that matter stay readable."""
YEARS_CONDITION = """(
    ($year_from::integer is null or {column} >= $year_from::integer)
    and ($year_to::integer is null or {column} <= $year_to::integer)
)"""


def verdicts(reader: Reader, chosen: Filters) -> pd.DataFrame:
    """How many of the chosen cities have each verdict against the chosen yardstick, best first; `total`
    is all."""
    return reader.frame(
        f"""
        with counted as (
            select progress.verdict_id, count(*) as city_count
            from mart.emission_progress as progress
            inner join mart.city as city on city.city_id = progress.city_id
            where progress.yardstick_id = $yardstick and {CITY_CONDITION}
            group by progress.verdict_id
        )
        select
            verdict.verdict_id,
            coalesce(counted.city_count, 0) as city_count,
            cast(sum(coalesce(counted.city_count, 0)) over () as bigint) as total
        from core.verdict as verdict
        left join counted on counted.verdict_id = verdict.verdict_id
        order by verdict.sort_order, verdict.verdict_id
        """,
        {**chosen.sql_params(), "yardstick": chosen.yardstick},
    )


def ranked(reader: Reader, chosen: Filters) -> pd.DataFrame:
    """Chosen cities with two comparable inventories, the fastest yearly fall first, with a range of ranks.

    A city's yearly change (F6, per cent a year) is uncertain: other usable series of the same city give
    other values, and so does leaving out its latest inventory. `rate_low` and `rate_high` are the ends of
    those values. Both must span the registry's `min_span_years`, since shorter series mostly show one odd
    year; a city whose own series is shorter stands at the end without a rank. The best rank counts only
    cities that are surely faster, the worst all that may be; values within :data:`RANK_TIE_POINTS` are
    level.
    """
    return reader.frame(
        f"""
        with measured as (
            select progress.*, city.name_local, city.name_en, city.country_iso2, city.group_id,
                city.is_mission_city
            from mart.emission_progress as progress
            inner join mart.city as city on city.city_id = progress.city_id
            where progress.yardstick_id = $yardstick
                and progress.change_per_year_pct is not null
                and {CITY_CONDITION}
                and {YEARS_CONDITION.format(column="progress.latest_year")}
        ),
        before_latest as (
            select
                measured.city_id,
                max(point.year) as year,
                max_by(point.value_t, point.year) as value_t
            from measured
            inner join mart.series_point as point on point.series_id = measured.series_id
            where point.sector_level = 'total' and not point.is_out_of_series
                and point.year > measured.base_year and point.year < measured.latest_year
                and point.value_t > 0
            group by measured.city_id
        ),
        limits as (
            select threshold.min_span_years as span_years
            from core.threshold as threshold
        ),
        alternative as (
            select measured.city_id, measured.change_per_year_pct as rate_pct, 'used' as kind from measured
            union all
            select series.city_id, series.change_per_year_pct, 'other_series'
            from mart.series as series
            inner join measured on measured.city_id = series.city_id
            cross join limits
            where series.last_year - series.first_year >= limits.span_years
                and series.is_usable and series.is_whole_city and not series.is_modelled
                and series.series_id <> measured.series_id
                and series.change_per_year_pct is not null
            union all
            select
                measured.city_id,
                100 * (pow(before_latest.value_t / measured.base_t, 1::double / (before_latest.year -
                    measured.base_year)) - 1),
                'without_latest'
            from measured
            inner join before_latest on before_latest.city_id = measured.city_id
            cross join limits
            where measured.base_t > 0 and before_latest.year - measured.base_year >= limits.span_years
        ),
        span as (
            select
                alternative.city_id,
                max(measured.latest_year - measured.base_year) >= max(limits.span_years) as is_ranked,
                min(alternative.rate_pct) as rate_low_pct,
                max(alternative.rate_pct) as rate_high_pct,
                count(*) filter (where alternative.kind = 'other_series') as other_series_count,
                count(*) filter (where alternative.kind = 'without_latest') > 0 as has_without_latest
            from alternative
            inner join measured on measured.city_id = alternative.city_id
            cross join limits
            group by alternative.city_id
        ),
        placed as (
            select
                mine.city_id,
                1 + count(*) filter (
                    where other.city_id <> mine.city_id and other.rate_high_pct < mine.rate_low_pct - $tie
                ) as rank_best,
                1 + count(*) filter (
                    where other.city_id <> mine.city_id and other.rate_low_pct <= mine.rate_high_pct + $tie
                ) as rank_worst
            from span as mine
            cross join span as other
            where mine.is_ranked and other.is_ranked
            group by mine.city_id
        )
        select
            measured.city_id, measured.name_local, measured.name_en, measured.country_iso2,
            measured.verdict_id, measured.reason_id,
            span.is_ranked,
            placed.rank_best, placed.rank_worst,
            measured.change_per_year_pct, span.rate_low_pct, span.rate_high_pct,
            measured.needed_per_year_pct, measured.change_pct, measured.path_share,
            measured.base_year, measured.base_t, measured.latest_year, measured.latest_t,
                measured.latest_age_years,
            measured.gap_to_path_t, measured.gap_to_target_t, measured.target_year,
                measured.target_reduction_pct,
            measured.inventory_count, measured.scope, measured.gas_basis, measured.source_id,
                measured.series_id,
            span.other_series_count, span.has_without_latest,
            count(*) over () as city_count
        from measured
        inner join span on span.city_id = measured.city_id
        left join placed on placed.city_id = measured.city_id
        order by span.is_ranked desc, measured.change_per_year_pct, measured.city_id
        """,
        {**_params(chosen), "tie": RANK_TIE_POINTS},
    )


def not_assessed(reader: Reader, chosen: Filters) -> pd.DataFrame:
    """Chosen cities without a verdict, grouped by reason: the reason with most cities first."""
    return reader.frame(
        f"""
        select
            progress.reason_id,
            count(*) over (partition by progress.reason_id) as reason_count,
            city.city_id, city.name_local, city.name_en, city.country_iso2,
            city.latest_inventory_year, city.inventory_count
        from mart.emission_progress as progress
        inner join mart.city as city on city.city_id = progress.city_id
        where progress.yardstick_id = $yardstick and progress.verdict_id = 'not_assessed' and {CITY_CONDITION}
        order by reason_count desc, progress.reason_id, city.population_count desc nulls last, city.city_id
        """,
        {**chosen.sql_params(), "yardstick": chosen.yardstick},
    )


def comparability(reader: Reader, chosen: Filters) -> pd.DataFrame:
    """What the ranked cities share and what not: one row per aspect and value, with the number of cities.

    `aspect` is scope, gas, base_year or age (years since the latest inventory); values are text.
    """
    return reader.frame(
        f"""
        with measured as (
            select progress.*
            from mart.emission_progress as progress
            inner join mart.city as city on city.city_id = progress.city_id
            where progress.yardstick_id = $yardstick
                and progress.change_per_year_pct is not null
                and {CITY_CONDITION}
                and {YEARS_CONDITION.format(column="progress.latest_year")}
        ),
        fact as (
            select 'scope' as aspect, measured.scope as value, cast(null as bigint) as number from measured
            union all
            select 'gas', measured.gas_basis, null from measured
            union all
            select 'base_year', cast(measured.base_year as varchar), measured.base_year from measured
            union all
            select 'age', cast(measured.latest_age_years as varchar), measured.latest_age_years from measured
        )
        select
            fact.aspect,
            fact.value,
            count(*) as city_count,
            count(distinct fact.value) over (partition by fact.aspect) as value_count,
            min(fact.number) over (partition by fact.aspect) as lowest,
            max(fact.number) over (partition by fact.aspect) as highest
        from fact
        group by fact.aspect, fact.value, fact.number
        order by fact.aspect, city_count desc, fact.value
        """,
        _params(chosen),
    )


def multiples(reader: Reader, chosen: Filters, city_ids: tuple[str, ...]) -> pd.DataFrame:
    """Totals since the base year of the series each city is measured by: tonnes, index and t per head.

    Per head uses the population printed with the same inventory; where none is printed there is no value.
    """
    return reader.frame(
        f"""
        select
            progress.city_id, point.year, point.value_t, point.per_person_t, point.quality_id,
            100 * point.value_t / nullif(progress.base_t, 0) as index_pct,
            progress.base_year, progress.target_year, progress.target_t,
            100 * progress.target_t / nullif(progress.base_t, 0) as target_index_pct
        from mart.emission_progress as progress
        inner join mart.series_point as point on point.series_id = progress.series_id
        where progress.yardstick_id = $yardstick
            and list_contains($ids::varchar[], progress.city_id)
            and point.sector_level = 'total' and not point.is_out_of_series
            and point.year >= progress.base_year
            and {YEARS_CONDITION.format(column="point.year")}
        order by progress.city_id, point.year
        """,
        {
            "yardstick": chosen.yardstick,
            "year_from": chosen.year_from,
            "year_to": chosen.year_to,
            "ids": list(city_ids),
        },
    )


def yardsticks(reader: Reader, city_id: str) -> pd.DataFrame:
    """One city against each yardstick, in the registry's order: every figure of
    ``mart.emission_progress``."""
    return reader.frame(
        """
        select progress.*, yardstick.path_shape
        from mart.emission_progress as progress
        inner join core.yardstick as yardstick on yardstick.yardstick_id = progress.yardstick_id
        where progress.city_id = $city_id
        order by yardstick.sort_order, yardstick.yardstick_id
        """,
        {"city_id": city_id},
    )


def inventories(reader: Reader, city_id: str) -> pd.DataFrame:
    """Every total of every series that holds city-wide or modelled totals, with what it counts and where it
    is from.

    `is_default` marks the series of rank 1, `is_modelled` the estimates.
    """
    return reader.frame(
        """
        select
            point.series_id, point.year, point.value_t, point.per_person_t, point.population_count,
            point.inventory_kind, point.quality_id, point.flags, point.flag_reason, point.source_ref,
            point.is_out_of_series, series.source_id, series.scope, series.gas_basis, series.series_label,
                series.boundary_id,
            series.is_modelled, series.is_usable, series.is_whole_city, series.why_not_usable_id,
                series.series_rank,
            coalesce(series.series_rank = 1, false) as is_default
        from mart.series_point as point
        inner join mart.series as series on series.series_id = point.series_id
        where point.city_id = $city_id and point.sector_level = 'total'
        order by series.series_rank nulls last, point.series_id, point.year
        """,
        {"city_id": city_id},
    )


def paths(reader: Reader, city_id: str) -> pd.DataFrame:
    """Yearly points of the lines of one city and every yardstick.

    `part` is path (F4: equal tonnes a year from base to target, or a constant rate), trend (F6: the constant
    rate from base to latest inventory, run on to the target year) or needed (F7: the constant rate from the
    latest inventory to the target; equal tonnes a year where the target is zero).
    """
    return reader.frame(
        """
        with progress as (
            select progress.*, yardstick.path_shape, yardstick.yearly_cut_pct,
                least(progress.target_year, case when yardstick.path_shape = 'constant_rate' then $last_year
                    else progress.target_year end) as end_year
            from mart.emission_progress as progress
            inner join core.yardstick as yardstick on yardstick.yardstick_id = progress.yardstick_id
            where progress.city_id = $city_id
                and progress.base_year is not null and progress.base_t is not null
        ),
        path as (
            select
                progress.yardstick_id, 'path' as part, step.year,
                case
                    when progress.path_shape = 'constant_rate'
                        then progress.base_t * pow(1 - progress.yearly_cut_pct / 100, step.year -
                            progress.base_year)
                    else progress.base_t - (progress.base_t - progress.target_t)
                        * (step.year - progress.base_year) / (progress.target_year - progress.base_year)
                end as value_t
            from progress
            cross join unnest(generate_series(progress.base_year, progress.end_year)) as step (year)
            where progress.target_year > progress.base_year
                and (progress.target_t is not null or progress.path_shape = 'constant_rate')
                and progress.verdict_id <> 'not_assessed'
        ),
        trend as (
            select
                progress.yardstick_id, 'trend' as part, step.year,
                progress.base_t * pow(1 + progress.change_per_year_pct / 100, step.year -
                    progress.base_year) as value_t
            from progress
            cross join unnest(generate_series(
                progress.base_year, greatest(progress.latest_year, coalesce(progress.end_year,
                    progress.latest_year))
            )) as step (year)
            where progress.change_per_year_pct is not null
        ),
        needed as (
            select
                progress.yardstick_id, 'needed' as part, step.year,
                case
                    when progress.target_t > 0
                        then progress.latest_t * pow(
                            progress.target_t / progress.latest_t,
                            (step.year - progress.latest_year) / (progress.target_year -
                                progress.latest_year)::double
                        )
                    else progress.latest_t * (progress.target_year - step.year)
                        / (progress.target_year - progress.latest_year)::double
                end as value_t
            from progress
            cross join unnest(generate_series(progress.latest_year, progress.end_year)) as step (year)
            where progress.verdict_id <> 'not_assessed'
                and progress.path_shape <> 'constant_rate'
                and progress.latest_year < progress.target_year
                and progress.latest_t > progress.target_t
        )
        select line.yardstick_id, line.part, cast(line.year as integer) as year, line.value_t
        from (
            select path.* from path
            union all
            select trend.* from trend
            union all
            select needed.* from needed
        ) as line
        order by line.yardstick_id, line.part, line.year
        """,
        {"city_id": city_id, "last_year": CARBON_LAW_LAST_YEAR},
    )


def sectors(reader: Reader, series_id: str) -> pd.DataFrame:
    """Top-level parts of one series by year, with the printed total; nothing is filled in and nothing
    added up."""
    return reader.frame(
        """
        select
            point.year, point.sector_id, point.value_t, total.value_t as total_t,
            100 * point.value_t / nullif(total.value_t, 0) as share_pct,
            point.source_id, point.source_ref, point.quality_id
        from mart.series_point as point
        inner join core.sector as sector on sector.sector_id = point.sector_id
        left join mart.series_point as total
            on total.series_id = point.series_id
            and total.year = point.year
            and total.sector_level = 'total'
        where point.series_id = $series_id and point.sector_level = 'sector' and point.value_t is not null
        order by sector.sort_order, point.sector_id, point.year
        """,
        {"series_id": series_id},
    )


def _params(chosen: Filters) -> dict[str, object]:
    return {
        **chosen.sql_params(),
        "yardstick": chosen.yardstick,
        "year_from": chosen.year_from,
        "year_to": chosen.year_to,
    }
