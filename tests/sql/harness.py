"""Runs single SQL models on a few given rows, in a database with every table and only the registry's rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.catalogue import load_catalogue, load_tables
from pipeline.engine import Builder, Fetched, Row, qualified
from pipeline.models import Model, read_models
from pipeline.runner import run_models
from pipeline.schema import FIGURES, REFERENCE
from pipeline.settings import load_settings

Rows = Sequence[Mapping[str, object]]

#: Values of columns a case leaves out, where NULL would not be what the staging models give.
DEFAULTS: dict[str, object] = {
    "flags": "",
    "inventory_kind": "inventory",
    "gas_basis": "CO2e",
    "series_key": "main",
    "quality_id": "self_reported",
    "boundary_id": "administrative",
    "source_file_id": "given",
    "is_out_of_series": False,
    "is_out_of_choice": False,
    "is_modelled": False,
    "is_mission_city": False,
}


class Bench:
    """Every table of a build, empty but for the registry. Tables change by `put` and `refill` only."""

    def __init__(self, path: Path) -> None:
        settings = load_settings({})
        self.builder = Builder(path)
        self.builder.execute("create schema raw")
        load_tables(self.builder, load_catalogue(settings), ())
        for table, columns in {**FIGURES, **REFERENCE}.items():
            kinds = dict.fromkeys(columns, "varchar")
            self.builder.create_table(
                f"raw.{table}", {**kinds, "source_file_id": "varchar", "source_row": "bigint"}
            )
        self.models: dict[str, Model] = {model.table: model for model in read_models(settings.sql_dir)}
        run_models(self.builder, list(self.models.values()))
        self._columns: dict[str, list[tuple[str, str]]] = {}
        self._kept: dict[str, list[Row]] | None = None

    def put(self, table: str, rows: Rows) -> None:
        """Replace a table's rows."""
        if table not in self._columns:
            self._columns[table] = self.builder.columns(table)
        columns = self._columns[table]
        names = {name for name, _ in columns}
        for row in rows:
            unknown = set(row) - names
            if unknown:
                raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
        self._clear(table)
        filled = [
            [self._value(name, kind, row, number) for name, kind in columns]
            for number, row in enumerate(rows, 1)
        ]
        if filled:
            self.builder.insert(table, filled)

    def run(self, table: str) -> Fetched:
        """What a model gives on the rows now in the tables."""
        return self.builder.fetch(self.models[table].sql)

    def refill(self, table: str) -> None:
        """Fill a model's table from the rows now in the tables."""
        self._clear(table)
        self.builder.execute(f"insert into {qualified(table)} {self.models[table].sql}")

    @contextmanager
    def given(self, tables: Mapping[str, Rows]) -> Iterator[None]:
        """The given rows, and afterwards the tables as they were."""
        assert self._kept is None, "one case at a time"
        kept = self._kept = {}
        try:
            for table, rows in tables.items():
                self.put(table, rows)
            yield
        finally:
            self._kept = None
            for table, before in kept.items():
                self._clear(table)
                if before:
                    self.builder.insert(table, before)

    def _clear(self, table: str) -> None:
        """Empty a table, having kept its rows if a case changes it for the first time."""
        if self._kept is not None and table not in self._kept:
            self._kept[table] = self.builder.rows(f"select * from {qualified(table)}")
        self.builder.execute(f"delete from {qualified(table)}")

    def close(self) -> None:
        self.builder.close()

    @staticmethod
    def _value(name: str, kind: str, row: Mapping[str, object], number: int) -> object:
        if name in row:
            return row[name]
        if name == "source_row":
            return number
        default = DEFAULTS.get(name)
        return None if default is None or (isinstance(default, bool) != (kind == "BOOLEAN")) else default


def as_rows(fetched: Fetched, columns: Sequence[str]) -> list[dict[str, object]]:
    """The result as mappings, cut to the given columns."""
    positions = [fetched.columns.index(column) for column in columns]
    return [dict(zip(columns, (row[at] for at in positions), strict=True)) for row in fetched.rows]


__all__ = ["Bench", "Rows", "as_rows"]
