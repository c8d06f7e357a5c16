"""What a candidate build changes against the build readers see: figures added, changed and lost, and what the
pages would say of each city before and after.

    difference(old: Reader, new: Reader, city_ids=None) -> Difference
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from pipeline.engine import Reader, Row

ADDED = "added"
CHANGED = "changed"
LOST = "lost"

#: Relative difference below which two figures are the same; it only takes up rounding of the last bits.
SAME = 1e-9

#: Cities whose pages are compared in full, those with most changes first. All figures are compared always.
CITIES_COMPARED = 40

#: The figure by which the preview ranks a city among its peers; totals are never ranked.
RANKED = "ghg_per_person_t"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure of `mart.city_indicator`. `change_pct` is new against old in %, or None."""

    city_id: str
    indicator_id: str
    year: int
    kind: str
    before: float | None = None
    after: float | None = None
    change_pct: float | None = None
    unit: str = ""
    source_before: str = ""
    source_after: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """What a city page says at its top. Totals in t, per person in t; None where there is none."""

    year: int | None = None
    total_t: float | None = None
    per_person_t: float | None = None
    source_id: str = ""
    scope: str = ""
    gas_basis: str = ""
    series_id: str = ""
    source_ref: str = ""
    rank: int | None = None
    rank_of: int | None = None


@dataclass(frozen=True, slots=True)
class VerdictPair:
    """A verdict against one yardstick before and after."""

    yardstick_id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CityChange:
    """A city page before and after. `peers` names the group of the rank: mission, lt, tr, country, ..."""

    city_id: str
    before: Headline
    after: Headline
    peers: str = ""
    verdicts: tuple[VerdictPair, ...] = ()
    added: int = 0
    changed: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """All of it. `earlier` is the number of figures the affected cities had before."""

    figures: tuple[FigureChange, ...] = ()
    cities: tuple[CityChange, ...] = ()
    earlier: int = 0
    verdicts_elsewhere: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def lost_share_pct(self) -> float:
        """Share of the affected cities' earlier figures that get lost, in %."""
        return 100 * self.counts.get(LOST, 0) / self.earlier if self.earlier else 0.0

    @property
    def is_empty(self) -> bool:
        return not self.figures and not any(city.verdicts for city in self.cities)

    def of(self, kind: str) -> tuple[FigureChange, ...]:
        """The figures added, changed or lost."""
        return tuple(change for change in self.figures if change.kind == kind)


Key = tuple[str, str, int]
Value = tuple[float, str]


def difference(old: Reader | None, new: Reader, city_ids: Collection[str] | None = None) -> Difference:
    """Compare two builds, for all cities or the given ones. Without an old build everything is added."""
    before = _figures(old) if old is not None else {}
    after = _figures(new)
    if city_ids is not None:
        wanted = set(city_ids)
        before = {key: value for key, value in before.items() if key[0] in wanted}
        after = {key: value for key, value in after.items() if key[0] in wanted}
    units = _units(new)
    figures = tuple(_changes(before, after, units))
    touched = _touched(figures, city_ids)
    verdicts = _verdicts(old, new)
    cities = tuple(
        _city(old, new, city_id, figures, verdicts.get(city_id, ())) for city_id in touched[:CITIES_COMPARED]
    )
    shown = {city.city_id for city in cities}
    affected = {change.city_id for change in figures}
    return Difference(
        figures=figures,
        cities=cities,
        earlier=sum(key[0] in affected for key in before),
        verdicts_elsewhere=sum(len(pairs) for city_id, pairs in verdicts.items() if city_id not in shown),
        counts={kind: sum(change.kind == kind for change in figures) for kind in (ADDED, CHANGED, LOST)},
    )


def _units(reader: Reader) -> dict[str, str]:
    rows = _rows(reader, "core.indicator", "select indicator_id, unit_id from core.indicator")
    return {str(indicator_id): str(unit) for indicator_id, unit in rows}


def _rows(reader: Reader, table: str, sql: str) -> list[Row]:
    """Rows of a query, or none where the build lacks the table."""
    return reader.rows(sql) if table in reader.tables() else []


def _figures(reader: Reader) -> dict[Key, Value]:
    found = _rows(
        reader,
        "mart.city_indicator",
        "select city_id, indicator_id, year, value, source_id from mart.city_indicator "
        "where value is not null order by city_id, indicator_id, year",
    )
    return {
        (str(city_id), str(indicator_id), int(year)): (float(value), str(source_id or ""))
        for city_id, indicator_id, year, value, source_id in found
    }


def _changes(
    before: dict[Key, Value], after: dict[Key, Value], units: dict[str, str]
) -> Iterable[FigureChange]:
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        unit = units.get(key[1], "")
        if was is None and now is not None:
            yield FigureChange(*key, ADDED, after=now[0], unit=unit, source_after=now[1])
        elif was is not None and now is None:
            yield FigureChange(*key, LOST, before=was[0], unit=unit, source_before=was[1])
        elif was is not None and now is not None and not _same(was, now):
            share = 100 * (now[0] - was[0]) / abs(was[0]) if was[0] else None
            yield FigureChange(*key, CHANGED, was[0], now[0], share, unit, was[1], now[1])


def _same(was: Value, now: Value) -> bool:
    return was[1] == now[1] and abs(was[0] - now[0]) <= SAME * max(abs(was[0]), abs(now[0]))


def _touched(figures: Iterable[FigureChange], city_ids: Collection[str] | None) -> list[str]:
    """The cities to compare: those asked for first, then those with changed figures, most first."""
    counts: dict[str, int] = dict.fromkeys(sorted(city_ids or ()), 0)
    for change in figures:
        counts[change.city_id] = counts.get(change.city_id, 0) + 1
    return sorted(counts, key=lambda city_id: (-counts[city_id], city_id))


def _verdicts(old: Reader | None, new: Reader) -> dict[str, tuple[VerdictPair, ...]]:
    """By city, the verdicts that change."""

    def read(reader: Reader | None) -> dict[tuple[str, str], str]:
        if reader is None or "mart.emission_progress" not in reader.tables():
            return {}
        rows = reader.rows("select city_id, yardstick_id, verdict_id from mart.emission_progress")
        return {(str(city_id), str(yardstick_id)): str(verdict) for city_id, yardstick_id, verdict in rows}

    was, now = read(old), read(new)
    found: dict[str, list[VerdictPair]] = {}
    for city_id, yardstick_id in sorted(was.keys() | now.keys()):
        pair = was.get((city_id, yardstick_id), ""), now.get((city_id, yardstick_id), "")
        if pair[0] != pair[1]:
            found.setdefault(city_id, []).append(VerdictPair(yardstick_id, *pair))
    return {city_id: tuple(pairs) for city_id, pairs in found.items()}


def _city(
    old: Reader | None,
    new: Reader,
    city_id: str,
    figures: Iterable[FigureChange],
    verdicts: tuple[VerdictPair, ...],
) -> CityChange:
    from pipeline.query import city as query

    mine = [change.kind for change in figures if change.city_id == city_id]
    peers = (query.own_peers(new, city_id) or [""])[0] if "mart.city_indicator_latest" in new.tables() else ""
    return CityChange(
        city_id=city_id,
        before=_headline(old, city_id, peers) if old is not None else Headline(),
        after=_headline(new, city_id, peers),
        peers=peers,
        verdicts=verdicts,
        added=mine.count(ADDED),
        changed=mine.count(CHANGED),
        lost=mine.count(LOST),
    )


def _headline(reader: Reader, city_id: str, peers: str) -> Headline:
    if not {"mart.series", "mart.series_point"} <= set(reader.tables()):
        return Headline()
    from pipeline.query import city as query

    shown = query.headline(reader, city_id)
    if shown.empty:
        return Headline()
    row = shown.iloc[0]
    rank, rank_of = _rank(reader, city_id, peers)
    return Headline(
        year=int(row["year"]),
        total_t=_number(row["value_t"]),
        per_person_t=_number(row["per_person_t"]),
        source_id=str(row["source_id"]),
        scope=str(row["scope"]),
        gas_basis=str(row["gas_basis"]),
        series_id=str(row["series_id"]),
        source_ref=str(row["source_ref"] or ""),
        rank=rank,
        rank_of=rank_of,
    )


def _rank(reader: Reader, city_id: str, peers: str) -> tuple[int | None, int | None]:
    if not peers or "mart.city_indicator_latest" not in reader.tables():
        return None, None
    from pipeline.query import city as query

    placed = query.indicators(reader, city_id, peers)
    placed = placed[placed["indicator_id"] == RANKED]
    if placed.empty:
        return None, None
    rank, count = _number(placed.iloc[0]["peer_rank"]), _number(placed.iloc[0]["peer_count"])
    return (int(rank) if rank is not None else None), (int(count) if count is not None else None)


def _number(value: object) -> float | None:
    """A figure of a frame; its ways to say "none" become None."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if number == number else None
