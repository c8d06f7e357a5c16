"""Joins an official file with the shipped figures, so that nothing judged by hand is lost."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.schema import FIGURES
from pipeline.sources import cells, rows

Key = tuple[str, ...]

IDENTITY: Mapping[str, Key] = {
    "emissions": (
        "source_city_key",
        "year",
        "inventory_kind",
        "sector_id",
        "scope",
        "gas_basis",
        "series_key",
    ),
    "energy": ("source_city_key", "year", "inventory_kind", "sector_id", "scope"),
    "indicators": ("source_place_key", "indicator_id", "year"),
    "targets": ("source_city_key", "target_kind", "target_year", "base_year"),
}
"""What makes two rows the same figure."""

PLACE: Mapping[str, Key] = {
    "emissions": ("source_city_key", "scope", "gas_basis"),
    "energy": ("source_city_key", "scope"),
    "indicators": ("source_place_key",),
    "targets": ("source_city_key",),
}
INHERITED: Mapping[str, Key] = {
    "emissions": ("city_name", "series_key", "boundary_id", "quality_id"),
    "energy": ("city_name", "series_key"),
    "indicators": ("place_name",),
    "targets": ("city_name",),
}
"""Columns that a person judged per place: a new figure takes them from the place's shipped ones."""

SAME = 0.005
"""Figures this close (relative) are the same; the shipped row then stays with its flags and notes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the official file differs from what is shipped."""

    table: str
    same: int
    changed: int
    added: int
    kept: int
    unknown: int

    def line(self) -> str:
        return (
            f"{self.table}: {self.same} figures as shipped, {self.changed} changed, {self.added} new, "
            f"{self.kept} shipped ones not in the file kept, {self.unknown} of unknown places left out"
        )


def shipped_rows(path: Path) -> list[dict[str, str]]:
    """The rows of one of our own CSV files; an absent file has none."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def merge(
    table: str, official: Iterable[rows.Row], shipped: Iterable[Mapping[str, str]]
) -> tuple[list[dict[str, str]], Outcome]:
    """Shipped rows with the official figures in their place, and new ones of places already known."""
    identity = IDENTITY[table]
    old = {_key(row, identity): dict(row) for row in shipped}
    places = {_key(row, PLACE[table]): row for row in old.values()}
    towns = {row[PLACE[table][0]]: row for row in old.values()}
    merged = dict(old)
    counts = {"same": 0, "changed": 0, "added": 0, "unknown": 0}
    seen: set[Key] = set()
    for row in official:
        new = dict(zip(FIGURES[table], row.as_text(), strict=True))
        key = _key(new, identity)
        before = old.get(key)
        if key in seen or (before is not None and _edition(before) > _edition(new)):
            continue
        if before is not None:
            seen.add(key)
            same = _same(table, before, new)
            counts["same" if same else "changed"] += 1
            if not same:
                merged[key] = before | {column: new[column] for column in _measured(table)}
            continue
        like = places.get(_key(new, PLACE[table])) or towns.get(new[PLACE[table][0]])
        if like is None:
            counts["unknown"] += 1
            continue
        seen.add(key)
        counts["added"] += 1
        merged[key] = new | {column: like[column] for column in (*INHERITED[table], "licence_id")}
    kept = len(old) - counts["same"] - counts["changed"]
    order = rows.KEYS[table]
    return sorted(merged.values(), key=lambda row: _key(row, order)), Outcome(table, kept=kept, **counts)


def _key(row: Mapping[str, str], columns: Collection[str]) -> Key:
    return tuple(row[column] for column in columns)


def _edition(row: Mapping[str, str]) -> int:
    """The year a city reported the figure, where the note says so (CDP); 0 elsewhere."""
    found = re.search(r"reported in (\d{4})", row.get("note", ""))
    return int(found[1]) if found else 0


def _measured(table: str) -> Key:
    """The columns the publisher fills, as against those a person judged."""
    value = ("value",) if "value" in FIGURES[table] else ("base_value", "reduction_pct", "target_value")
    people = ("population_count",) if "population_count" in FIGURES[table] else ()
    return (*value, *people, "source_ref")


def _same(table: str, before: Mapping[str, str], new: Mapping[str, str]) -> bool:
    columns = [column for column in _measured(table) if column not in ("source_ref", "population_count")]
    return all(_close(before[column], new[column]) for column in columns)


def _close(before: str, new: str) -> bool:
    a, b = cells.number(before), cells.number(new)
    if a is None or b is None:
        return a is b
    return abs(a - b) <= max(0.01, SAME * abs(a))


def write(table: str, merged: Iterable[Mapping[str, str]], folder: Path) -> Path:
    """Write the table as the build reads it, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path, part = folder / f"{table}.csv", folder / f"{table}.part"
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIGURES[table], lineterminator="\n")
        writer.writeheader()
        writer.writerows(merged)
    part.replace(path)
    return path


def check_words(
    table: str, merged: Iterable[Mapping[str, str]], known: Mapping[str, Collection[str]], name: str
) -> Iterator[Mapping[str, str]]:
    """The rows, unless one holds a word the registry does not know; `known` is column -> ids."""
    for number, row in enumerate(merged, start=2):
        for column, ids in known.items():
            if column in row and row[column] and row[column] not in ids:
                raise InputError(
                    f"{name} would not fit: {table} row {number}, column '{column}': '{row[column]}' is not "
                    "in the registry. The shipped figures stay; add the word to registry or reader."
                )
        yield row
