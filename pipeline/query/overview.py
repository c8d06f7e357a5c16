"""What the first page asks: how many Mission cities are on pace, why some have no verdict, what is next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from pipeline.engine import Reader
from pipeline.query.cities import CITY_NAME
from pipeline.query.filters import Filters

_PROGRESS = f"""
    city.city_id,
    {CITY_NAME} as name,
    city.country_iso2,
    city.group_id,
    city.latitude_deg,
    city.longitude_deg,
    city.population_count,
    progress.verdict_id,
    progress.reason_id,
    progress.source_id,
    progress.scope,
    progress.gas_basis,
    progress.base_year,
    progress.base_t,
    progress.latest_year,
    progress.latest_t,
    progress.latest_age_years,
    progress.change_pct,
    progress.change_per_year_pct,
    progress.target_year,
    progress.target_reduction_pct,
    progress.target_t,
    progress.path_t,
    progress.gap_to_path_t,
    100 * progress.path_share as path_share_pct
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many Mission cities have which verdict, and how old the figures behind the verdicts are."""

    cities: int
    by_verdict: dict[str, int]
    by_reason: tuple[tuple[str, int], ...]
    """Reason id and number of cities not assessed because of it, most frequent first."""
    middle_latest_year: int | None
    """Half of the verdicts rest on an inventory of this year or an earlier one."""
    oldest_latest_year: int | None
    newest_latest_year: int | None

    @property
    def assessed(self) -> int:
        return self.cities - self.by_verdict.get("not_assessed", 0)


@dataclass(frozen=True, slots=True)
class Age:
    """How old the newest comparable inventories of the Mission cities are."""

    cities: int
    with_two: int
    since: tuple[tuple[int, int], ...]
    """Year, and how many cities with two or more inventories reach that year or a later one."""


def verdicts(reader: Reader, filters: Filters) -> pd.DataFrame:
    """Every Mission city, and any city chosen by name, with its verdict against the chosen yardstick."""
    return reader.frame(
        f"""
        select {_PROGRESS},
            city.is_mission_city,
            list_contains($cities::varchar[], city.city_id) as is_chosen
        from mart.city as city
        inner join mart.emission_progress as progress
            on progress.city_id = city.city_id
            and progress.yardstick_id = $yardstick
        where city.is_mission_city or list_contains($cities::varchar[], city.city_id)
        order by city.population_count desc nulls last, city.city_id
        """,
        {"yardstick": filters.yardstick, "cities": list(filters.cities)},
    )


def counts(reader: Reader, yardstick: str) -> Counts:
    """The Mission cities counted by verdict and by reason."""
    found = reader.rows(
        """
        select progress.verdict_id, progress.reason_id, count(*)
        from mart.emission_progress as progress
        inner join mart.city as city on city.city_id = progress.city_id
        where city.is_mission_city and progress.yardstick_id = $yardstick
        group by progress.verdict_id, progress.reason_id
        order by count(*) desc, progress.reason_id
        """,
        {"yardstick": yardstick},
    )
    ages = reader.rows(
        """
        select quantile_disc(progress.latest_year, 0.5), min(progress.latest_year), max(progress.latest_year)
        from mart.emission_progress as progress
        inner join mart.city as city on city.city_id = progress.city_id
        where city.is_mission_city
            and progress.yardstick_id = $yardstick
            and progress.verdict_id <> 'not_assessed'
        """,
        {"yardstick": yardstick},
    )[0]
    by_verdict: dict[str, int] = {}
    for verdict, _reason, number in found:
        by_verdict[str(verdict)] = by_verdict.get(str(verdict), 0) + int(number)
    by_reason = tuple((str(reason), int(number)) for _verdict, reason, number in found if reason is not None)
    return Counts(sum(by_verdict.values()), by_verdict, by_reason, *(_year(value) for value in ages))


def age(reader: Reader) -> Age:
    """The Mission cities by how new their newest comparable inventory is."""
    cities = int(reader.rows("select count(*) from mart.city where is_mission_city")[0][0])
    rows = reader.rows("select min_year, city_count from mart.progress_age order by min_year")
    by_year = {int(year): int(number) for year, number in rows}
    since = tuple((year, number) for year, number in by_year.items() if year > 0)
    return Age(cities, by_year.get(0, 0), since)


def events(reader: Reader, today: dt.date, limit: int = 4) -> pd.DataFrame:
    """The next events to begin, soonest first; when there is none, the latest ones, newest first.

    An event whose month or year only is known counts as ahead until that month or year is over.
    """
    return reader.frame(
        """
        with event as (
            select
                date_start, date_end, date_precision, title, place, country_iso2, kind_id, source_url,
                source_id, case
                    when date_precision = 'year' then make_date(year(date_start), 12, 31)
                    when date_precision = 'month' then last_day(date_start)
                    else date_start
                end >= $today as is_ahead
            from core.event
            where date_start is not null
        ),

        shown as (
            select *
            from event
            where is_ahead = (select coalesce(bool_or(is_ahead), false) from event)
        )

        select
            date_start, date_end, date_precision, title, place, country_iso2, kind_id, source_url, source_id,
            is_ahead
        from shown
        order by
            case when is_ahead then date_start end asc,
            date_start desc,
            title
        limit $limit
        """,
        {"today": today, "limit": limit},
    )


def _year(value: object) -> int | None:
    return None if value is None else int(str(value))
