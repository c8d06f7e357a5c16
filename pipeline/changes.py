"""What differs between two builds, in the terms a reader of the front page thinks in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pipeline.engine import Reader

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A city that moved from one verdict to another against one yardstick."""

    city_id: str
    yardstick_id: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class NewInventory:
    """A city with a later whole-city inventory than before; `before` is None for its first."""

    city_id: str
    before: int | None
    now: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build changed. `has_previous` is False for the first build, where nothing can be compared."""

    has_previous: bool
    verdicts: tuple[VerdictChange, ...] = ()
    inventories: tuple[NewInventory, ...] = ()
    added_sources: tuple[str, ...] = ()
    removed_sources: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.verdicts or self.inventories or self.added_sources or self.removed_sources)


def changes(old: Reader | None, new: Reader) -> Changes:
    """What `new` changed against `old`; tables that the older build did not have yet count as unchanged."""
    if old is None:
        return Changes(has_previous=False)
    was, now = _sources(old), _sources(new)
    return Changes(
        has_previous=True,
        verdicts=_verdicts(old, new),
        inventories=_inventories(old, new),
        added_sources=tuple(sorted(now - was)),
        removed_sources=tuple(sorted(was - now)),
    )


def _sources(reader: Reader) -> set[str]:
    return {str(source_id) for (source_id,) in reader.rows("select source_id from raw.catalogue_source")}


def _verdicts(old: Reader, new: Reader) -> tuple[VerdictChange, ...]:
    def read(reader: Reader) -> dict[tuple[str, str], str]:
        rows = reader.rows("select city_id, yardstick_id, verdict_id from mart.emission_progress")
        return {(city_id, yardstick_id): verdict_id for city_id, yardstick_id, verdict_id in rows}

    pairs = _both(old, new, "mart.emission_progress", read)
    if pairs is None:
        return ()
    was, now = pairs
    return tuple(
        VerdictChange(*key, was[key], now[key]) for key in sorted(set(was) & set(now)) if was[key] != now[key]
    )


def _inventories(old: Reader, new: Reader) -> tuple[NewInventory, ...]:
    def read(reader: Reader) -> dict[str, int | None]:
        return dict(reader.rows("select city_id, latest_inventory_year from mart.city"))

    pairs = _both(old, new, "mart.city", read)
    if pairs is None:
        return ()
    was, now = pairs
    return tuple(
        NewInventory(city_id, before, year)
        for city_id, year in sorted(now.items())
        if year is not None and city_id in was and ((before := was[city_id]) is None or year > before)
    )


def _both(
    old: Reader, new: Reader, table: str, read: Callable[[Reader], Found]
) -> tuple[Found, Found] | None:
    """What both builds hold, or None when one of them lacks the table."""
    if table not in old.tables() or table not in new.tables():
        return None
    return read(old), read(new)
