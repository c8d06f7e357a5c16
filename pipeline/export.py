"""Writes a table of a build to a file, in the order of its grain."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from pipeline.engine import Fetched, Reader, qualified, quote
from pipeline.errors import PublishError, nearest

#: A text cell that starts with one of these is run as a formula by spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export(reader: Reader, table: str, file_format: str = "csv") -> bytes:
    """The whole table as the contents of a csv, json or parquet file."""
    known = reader.tables()
    if table not in known:
        raise PublishError(
            f"There is no table '{table}'{nearest(table, known)}. Known are: {', '.join(known)}."
        )
    if file_format not in FORMATS:
        raise PublishError(f"'{file_format}' is no known format. Known are: {', '.join(FORMATS)}.")
    return FORMATS[file_format](reader, _query(reader, table))


def harmless(cell: object) -> object:
    """A cell for CSV: text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def as_csv(found: Fetched) -> str:
    """Rows as CSV text: a header, commas, a blank for not known, `;` inside lists."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(found.columns)
    writer.writerows([harmless(_plain(cell)) for cell in row] for row in found.rows)
    return text.getvalue()


def as_json(found: Fetched) -> str:
    """Rows as a JSON list of objects, one a line; null for not known."""
    lines = [
        json.dumps(dict(zip(found.columns, row, strict=True)), ensure_ascii=False, default=_for_json)
        for row in found.rows
    ]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _query(reader: Reader, table: str) -> str:
    """All rows, by the table's grain, else by its columns from left to right."""
    grain = []
    if "meta.model_run" in reader.tables():
        grain = reader.rows("select grain from meta.model_run where table_name = $table", {"table": table})
    columns = grain[0][0] if grain and grain[0][0] else [name for name, _ in reader.columns(table)]
    order = ", ".join(f"{quote(column)} nulls last" for column in columns)
    return f"select * from {qualified(table)} order by {order}"


def _plain(cell: object) -> object:
    if isinstance(cell, list):
        return ";".join(str(item) for item in cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell


def _for_json(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value)


def _csv(reader: Reader, query: str) -> bytes:
    return as_csv(reader.fetch(query)).encode()


def _json(reader: Reader, query: str) -> bytes:
    return as_json(reader.fetch(query)).encode()


def _parquet(reader: Reader, query: str) -> bytes:
    contents: bytes = reader.frame(query).to_parquet(index=False)
    return contents


FORMATS: dict[str, Callable[[Reader, str], bytes]] = {"csv": _csv, "json": _json, "parquet": _parquet}
