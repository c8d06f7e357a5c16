"""What the build holds and what it lacks: coverage of indicators, sources and flags."""

from __future__ import annotations

import pandas as pd

from pipeline.engine import Reader
from pipeline.query.filters import CITY_CONDITION, Filters

MATRIX_CITIES = 400
"""Cities in one coverage matrix at most; more rows than this cannot be read on a screen."""


def indicators(reader: Reader) -> pd.DataFrame:
    """Each indicator of the registry with the cities, years and sources that have it; zero when none has."""
    return reader.frame(
        """
        select
            indicator.indicator_id,
            count(distinct coverage.city_id) as city_count,
            count(distinct case when city.is_mission_city then coverage.city_id end) as mission_city_count,
            min(coverage.first_year) as first_year,
            max(coverage.last_year) as last_year,
            max(coverage.source_count) as source_count
        from core.indicator as indicator
        left join mart.coverage as coverage on coverage.indicator_id = indicator.indicator_id
        left join mart.city as city on city.city_id = coverage.city_id
        group by indicator.indicator_id
        order by indicator.indicator_id
        """
    )


def groups(reader: Reader) -> pd.DataFrame:
    """Share of each group's cities that have each indicator: rows with none are there too, with 0 cities."""
    return reader.frame(
        """
        with member as (
            select city.city_id, 'mission' as group_id from mart.city as city where city.is_mission_city
            union all
            select city.city_id, 'lt' from mart.city as city where city.group_id = 'lt' or
                city.is_lt_municipality
            union all
            select city.city_id, 'tr' from mart.city as city
            where city.group_id = 'tr' or city.is_tr_metropolitan or city.is_tr_city
            union all
            select city.city_id, 'other' from mart.city as city where city.group_id = 'other'
        ),
        size as (
            select member.group_id, count(*) as group_count from member group by member.group_id
        ),
        held as (
            select member.group_id, coverage.indicator_id, count(*) as city_count,
                min(coverage.first_year) as first_year, max(coverage.last_year) as last_year
            from member
            inner join mart.coverage as coverage on coverage.city_id = member.city_id
            group by member.group_id, coverage.indicator_id
        )
        select
            size.group_id, indicator.indicator_id, size.group_count,
            coalesce(held.city_count, 0) as city_count,
            100 * coalesce(held.city_count, 0) / size.group_count::double as share_pct,
            held.first_year, held.last_year
        from size
        cross join core.indicator as indicator
        left join held on held.group_id = size.group_id and held.indicator_id = indicator.indicator_id
        order by size.group_id, indicator.indicator_id
        """
    )


def cities(reader: Reader, chosen: Filters) -> pd.DataFrame:
    """Last year and number of years of each indicator for each chosen city; no row where there is no
    value."""
    return reader.frame(
        f"""
        with chosen as (
            select city.city_id, city.name_local, city.country_iso2, city.population_count
            from mart.city as city
            where {CITY_CONDITION}
            order by city.population_count desc nulls last, city.city_id
            limit $most
        )
        select chosen.city_id, chosen.name_local, chosen.country_iso2, coverage.indicator_id,
            coverage.first_year, coverage.last_year, coverage.year_count, coverage.source_count
        from chosen
        left join mart.coverage as coverage on coverage.city_id = chosen.city_id
        order by chosen.population_count desc nulls last, chosen.city_id, coverage.indicator_id
        """,
        {**chosen.sql_params(), "most": MATRIX_CITIES},
    )


def sources(reader: Reader) -> pd.DataFrame:
    """Each source of the build with what it gave: rows read and register cities reached."""
    return reader.frame(
        """
        with given as (
            select file.source_id, cast(sum(file.row_count) as bigint) as row_count
            from meta.source_file as file
            group by file.source_id
        ),
        reached as (
            select alias.source_id, count(distinct alias.city_id) as city_count
            from core.city_alias as alias
            group by alias.source_id
        )
        select source.*, given.row_count, reached.city_count
        from core.source as source
        left join given on given.source_id = source.source_id
        left join reached on reached.source_id = source.source_id
        order by source.kind in ('reference', 'base_map'), source.source_rank, source.source_id
        """
    )


def flags(reader: Reader) -> pd.DataFrame:
    """How many emission rows carry each flag of the registry, and in how many cities."""
    return reader.frame(
        """
        with marked as (
            select point.city_id, trim(mark.flag_id) as flag_id
            from mart.series_point as point
            cross join unnest(string_split(point.flags, ';')) as mark (flag_id)
            where point.flags <> ''
        )
        select flag.flag_id, flag.title, flag.definition, flag.excludes,
            count(marked.flag_id) as row_count, count(distinct marked.city_id) as city_count
        from core.flag as flag
        left join marked on marked.flag_id = flag.flag_id
        group by flag.flag_id, flag.title, flag.definition, flag.excludes
        order by row_count desc, flag.flag_id
        """
    )


def totals(reader: Reader) -> dict[str, int]:
    """How many figures, cities with any figure and sources the build holds."""
    figures, cities, sources = reader.one(
        """
        select
            (select count(*) from mart.series_point) + (select count(*) from core.observation),
            (select count(distinct coverage.city_id) from mart.coverage as coverage),
            (select count(*) from core.source)
        """
    )
    return {"figures": int(figures), "cities": int(cities), "sources": int(sources)}
