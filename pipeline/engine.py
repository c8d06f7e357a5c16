"""The one module that talks to DuckDB.

Every statement runs on a cursor of its own and is fetched whole: that form works on DuckDB 1.5 and 2.0, and
lets many threads share one read-only connection. Nothing here closes a connection others may be using.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import duckdb

from pipeline.errors import EngineError

if TYPE_CHECKING:
    import pandas as pd

Row = tuple[Any, ...]
Params = Mapping[str, object]

#: Rows put into one INSERT; DuckDB takes far more, this keeps the statement text small.
INSERT_ROWS = 500


def engine_version() -> str:
    """The installed DuckDB version."""
    return str(duckdb.__version__)


def quote(name: str) -> str:
    """A column or table name made safe for use inside SQL text."""
    return '"' + name.replace('"', '""') + '"'


def qualified(table: str) -> str:
    """`schema.table` with both parts quoted."""
    return ".".join(quote(part) for part in table.split("."))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole result: the column names and every row."""

    columns: tuple[str, ...]
    rows: list[Row]


class _Connection:
    """Reading, shared by the reader and the builder."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def fetch(self, sql: str, params: Params | None = None) -> Fetched:
        """Column names and all rows of one query."""
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, dict(params)) if params else cursor.execute(sql)
                columns = tuple(str(column[0]) for column in cursor.description or ())
                return Fetched(columns, cursor.fetchall())
        except duckdb.Error as error:
            raise EngineError(_first_lines(error)) from error

    def rows(self, sql: str, params: Params | None = None) -> list[Row]:
        """All rows of one query."""
        return self.fetch(sql, params).rows

    def one(self, sql: str, params: Params | None = None) -> Row:
        """The only row of a query that always gives one, such as a count."""
        return self.fetch(sql, params).rows[0]

    def tables(self) -> list[str]:
        """`schema.table` of every table in the file, sorted."""
        return [
            f"{schema}.{name}"
            for schema, name in self.rows(
                "select table_schema, table_name from information_schema.tables "
                "where table_catalog = current_database() and table_type = 'BASE TABLE' "
                "order by table_schema, table_name"
            )
        ]

    def columns(self, table: str) -> list[tuple[str, str]]:
        """Name and type of each column of `schema.table`, in order."""
        # Thirty times as fast as asking information_schema, and builds ask for every table twice.
        found = self.rows(f"describe {qualified(table)}")
        return [(str(column), str(kind)) for column, kind, *_ in found]

    def row_count(self, table: str) -> int:
        return int(self.one(f"select count(*) from {qualified(table)}")[0])

    def fingerprint(self, table: str) -> str:
        """Name, columns, row count and contents of a table as one line; the order of rows does not matter.

        Every cell is read, so a damaged block shows as an error here.
        """
        columns = ",".join(f"{name} {kind}" for name, kind in self.columns(table))
        count, total, parity = self.one(
            f"select count(*), sum(hash(t)::hugeint), bit_xor(hash(t)) from {qualified(table)} as t"
        )
        return f"{table}({columns}) {count} {total} {parity}"


class Reader(_Connection):
    """A build, opened read-only, that cannot touch any other file. Safe to share between threads."""

    def __init__(self, path: Path, memory_limit: str = "2GB", threads: int = 1) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            "enable_external_access": "false",
            "lock_configuration": "true",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": memory_limit,
            "threads": str(threads),
        }
        if not path.is_file():
            raise EngineError(f"{path.name} does not exist.")
        try:
            super().__init__(duckdb.connect(str(path), read_only=True, config=config))
        except duckdb.Error as error:
            raise EngineError(f"{path.name} cannot be opened: {_first_lines(error)}") from error
        self.path = path

    def frame(self, sql: str, params: Params | None = None) -> pd.DataFrame:
        """All rows of one query as a pandas frame."""
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, dict(params)) if params else cursor.execute(sql)
                return cursor.df()
        except duckdb.Error as error:
            raise EngineError(_first_lines(error)) from error

    def close(self) -> None:
        """Only for command lines and tests: closing ends the queries of every other thread."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_reader(path: Path, memory_limit: str = "2GB", threads: int = 1) -> Reader:
    """Open a finished build for reading."""
    return Reader(path, memory_limit, threads)


class Builder(_Connection):
    """Writes one new database file. One thread, so that sums of decimals come out the same every time."""

    def __init__(self, path: Path, memory_limit: str = "2GB") -> None:
        if path.exists():
            raise EngineError(f"{path.name} exists already; a build only ever writes a new file.")
        spill = path.with_suffix(".spill")
        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": "1",
            "memory_limit": memory_limit,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        try:
            super().__init__(duckdb.connect(str(path), config=config))
        except duckdb.Error as error:
            raise EngineError(f"{path.name} cannot be created: {_first_lines(error)}") from error
        self.path = path

    def execute(self, sql: str, params: Params | None = None) -> None:
        """Run one statement whose result nobody needs."""
        self.fetch(sql, params)

    def create_table(self, table: str, columns: Mapping[str, str]) -> None:
        """An empty table; `columns` maps names to types."""
        body = ", ".join(f"{quote(name)} {kind}" for name, kind in columns.items())
        self.execute(f"create table {qualified(table)} ({body})")

    def insert(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Add rows given in Python; meant for hundreds, files go through `insert_csv`."""
        for start in range(0, len(rows), INSERT_ROWS):
            part = rows[start : start + INSERT_ROWS]
            marks = ", ".join("(" + ", ".join("?" * len(row)) + ")" for row in part)
            values = [value for row in part for value in row]
            try:
                with self._connection.cursor() as cursor:
                    cursor.execute(f"insert into {qualified(table)} values {marks}", values).fetchall()
            except duckdb.Error as error:
                raise EngineError(_first_lines(error)) from error

    def insert_csv(self, table: str, columns: Sequence[str], file: Path, source_file_id: str) -> int:
        """Add all rows of a CSV file as text, each with the file's hash and row number (the header is row 1).

        The columns must be the file's, in the file's order. A row with another number of cells is refused.
        Returns the number of rows added.
        """
        names = ", ".join(quote(name) for name in columns)
        added = self.one(
            f"insert into {qualified(table)} ({names}, source_file_id, source_row) "
            f"select {names}, $source_file_id, row_number() over () + 1 "
            "from read_csv($file, columns = $columns, header = true, delim = ',', quote = '\"', "
            "escape = '\"', auto_detect = false, strict_mode = true, null_padding = false)",
            {
                "file": str(file),
                "source_file_id": source_file_id,
                "columns": dict.fromkeys(columns, "VARCHAR"),
            },
        )
        return int(added[0])

    def lock(self) -> None:
        """From here on this connection reads no file but its own: models compute from tables alone."""
        self.execute("set enable_external_access = false")

    def close(self) -> None:
        """Write everything to the file and let it go."""
        try:
            self.execute("checkpoint")
        finally:
            self._connection.close()


def _first_lines(error: Exception) -> str:
    """DuckDB's message without the echo of the statement."""
    return re.split(r"\n\s*\nLINE |\nLINE \d+:", str(error))[0].strip()
