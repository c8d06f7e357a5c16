"""One indicator for every chosen city: its value in a year, or the nearest earlier year that has one."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pipeline.engine import Reader
from pipeline.query.cities import CITY_NAME
from pipeline.query.filters import CITY_CONDITION, Filters

TOLERANCE_YEARS = 10
"""How far back a value may come from when the year asked for has none; its own year is then shown."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An indicator that can be put on the map, and the years it has values for."""

    indicator_id: str
    city_count: int
    first_year: int
    last_year: int


def offered(reader: Reader) -> list[Offered]:
    """Indicators with a value for at least one city, in the order of their ids."""
    rows = reader.rows(
        """
        select indicator_id, count(distinct city_id), min(year), max(year)
        from mart.city_indicator_by_indicator
        group by indicator_id
        order by indicator_id
        """
    )
    return [Offered(str(key), int(cities), int(first), int(last)) for key, cities, first, last in rows]


def years(reader: Reader, indicator_id: str) -> list[int]:
    """Years in which any city has a value of this indicator, newest first."""
    rows = reader.rows(
        """
        select distinct year
        from mart.city_indicator_by_indicator
        where indicator_id = $indicator
        order by year desc
        """,
        {"indicator": indicator_id},
    )
    return [int(row[0]) for row in rows]


def values(reader: Reader, filters: Filters, indicator_id: str, year: int | None) -> pd.DataFrame:
    """One row a chosen city: the value of the year, else of the nearest earlier one; without a year the
    newest.

    Cities without a value keep their row, with the value missing. ``is_other_year`` tells that the value is
    not of the year asked for.
    """
    return reader.frame(
        f"""
        with newest as (
            select city_id, year, value, source_id, quality_id, flags,
                alternative_count, alternative_min, alternative_max,
                row_number() over (partition by city_id order by year desc) as place
            from mart.city_indicator_by_indicator
            where indicator_id = $indicator
                and ($year::integer is null or year between $year::integer - $tolerance and $year::integer)
        )

        select
            city.city_id,
            {CITY_NAME} as name,
            city.country_iso2,
            city.group_id,
            city.is_mission_city,
            city.latitude_deg,
            city.longitude_deg,
            city.population_count,
            newest.value,
            newest.year,
            newest.source_id,
            newest.quality_id,
            newest.alternative_count,
            newest.alternative_min,
            newest.alternative_max,
            newest.value is not null and $year::integer is not null and newest.year <> $year::integer
                as is_other_year,
            list_contains($cities::varchar[], city.city_id) as is_chosen
        from mart.city as city
        left join newest on newest.city_id = city.city_id and newest.place = 1
        where {CITY_CONDITION}
        order by newest.value desc nulls last, city.city_id
        """,
        {
            **filters.sql_params(),
            "indicator": indicator_id,
            "year": year,
            "tolerance": TOLERANCE_YEARS,
        },
    )
