"""Rows of our figures schema, made by readers and written as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.schema import FIGURES
from pipeline.sources import cells

Cell = str | int | float | None

KEYS: Mapping[str, tuple[str, ...]] = {
    "emissions": (
        "source_city_key", "year", "inventory_kind", "scope", "gas_basis", "series_key", "sector_level",
        "sector_id",
    ),
    "energy": ("source_city_key", "year", "inventory_kind", "scope", "series_key", "sector_id"),
    "indicators": ("indicator_id", "source_place_key", "year"),
    "targets": ("source_city_key", "target_kind", "target_year", "base_year"),
}  # fmt: skip
"""Sort keys of each file, so that a newer edition shows as a small difference."""

DEFAULTS: Mapping[str, Mapping[str, Cell]] = {
    "emissions": {"unit": "t", "series_key": "main", "boundary_id": "administrative"},
    "energy": {"unit": "MWh", "series_key": "main"},
    "indicators": {},
    "targets": {"unit": "t"},
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of one of our figure files; cells are in the schema's words and units."""

    table: str
    cells: Mapping[str, Cell]
    at: int = field(default=0, compare=False)
    """The row of the publisher's file it stands in, where a reader keeps account; 0 for a sum of rows."""

    def __getitem__(self, column: str) -> Cell:
        return self.cells[column]

    def as_text(self) -> list[str]:
        return [cells.show(self.cells[column]) for column in FIGURES[self.table]]


def make(table: str, *, at: int = 0, **given: Cell) -> Row:
    """A row of a table; columns not given are blank. An unknown column is a mistake in the reader."""
    unknown = set(given) - set(FIGURES[table])
    if unknown:
        raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
    return Row(table, dict.fromkeys(FIGURES[table]) | dict(DEFAULTS[table]) | given, at)


def write(rows: Iterable[Row], folder: Path) -> dict[str, int]:
    """Write the rows as <table>.csv into the folder; returns table -> number of rows."""
    tables: dict[str, list[Row]] = {}
    for row in rows:
        tables.setdefault(row.table, []).append(row)
    folder.mkdir(parents=True, exist_ok=True)
    for table, found in tables.items():
        found.sort(key=lambda row: tuple(cells.show(row.cells[column]) for column in KEYS[row.table]))
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(FIGURES[table])
            writer.writerows(row.as_text() for row in found)
    return {table: len(found) for table, found in tables.items()}
