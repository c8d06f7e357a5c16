"""Reads SQL models and checks from their files and puts the models in order.

A model is one SELECT in `sql/<schema>/<name>.sql`; its table is `<schema>.<name>`. Header lines:

    -- What the table holds, in words.
    -- grain: the columns that identify a row (proved by an automatic check)
    -- reads: the tables it uses
    -- order: the physical order of rows (the grain unless given)

A check in `sql/checks/<name>.sql` selects what is wrong. Header lines:

    -- What may not happen, in words.
    -- severity: error | warning
    -- except: (first, second) why this row is right after all, 2026-02-03

An exception names the first cells of the row it forgives, and fails once that row no longer occurs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from pipeline.errors import ModelError, nearest

#: Schemas in the order they are filled. A model reads its own or an earlier one.
SCHEMAS = ("staging", "core", "mart")

#: Tables that are there before the first model runs.
GIVEN_SCHEMA = "raw"

HEADER_WORD = re.compile(r"^\s*(grain|reads|order|severity|except):(.*)$")
EXCEPTION = re.compile(r"^\((?P<key>.*)\)\s*(?P<reason>.+?),\s*(?P<date>\d{4}-\d{2}-\d{2})$")


@dataclass(frozen=True, slots=True)
class Model:
    """One SELECT and the table it fills."""

    table: str
    description: str
    grain: tuple[str, ...]
    reads: tuple[str, ...]
    order: tuple[str, ...]
    sql: str
    path: Path

    @property
    def schema(self) -> str:
        return self.table.split(".")[0]


@dataclass(frozen=True, slots=True)
class KnownException:
    """A row a check would report, and why it is right after all."""

    key: tuple[str, ...]
    reason: str
    date: str

    def covers(self, row: tuple[Any, ...]) -> bool:
        return tuple("" if cell is None else str(cell) for cell in row[: len(self.key)]) == self.key


@dataclass(frozen=True, slots=True)
class Check:
    """One SELECT of offending rows."""

    name: str
    description: str
    severity: str
    exceptions: tuple[KnownException, ...]
    sql: str


def read_models(sql_dir: Path) -> list[Model]:
    """Every model under `sql_dir`, in the order they must run."""
    models = [
        _read_model(path, schema) for schema in SCHEMAS for path in sorted((sql_dir / schema).rglob("*.sql"))
    ]
    return in_order(models)


def in_order(models: Sequence[Model]) -> list[Model]:
    """Folder by folder, and inside a folder each model after those it reads; ties by name."""
    by_table: dict[str, Model] = {}
    for model in models:
        if model.table in by_table:
            raise ModelError(
                f"{model.table} is defined twice: {by_table[model.table].path} and {model.path}."
            )
        by_table[model.table] = model
    for model in models:
        for read in model.reads:
            if read.split(".")[0] == GIVEN_SCHEMA:
                continue
            if read not in by_table:
                raise ModelError(
                    f"{model.path.name} reads {read}, which no model makes{nearest(read, by_table)}."
                )
            if SCHEMAS.index(by_table[read].schema) > SCHEMAS.index(model.schema):
                raise ModelError(
                    f"{model.table} reads {read}, which is only made later; move one of the two."
                )
    ordered: list[Model] = []
    for schema in SCHEMAS:
        inside = {model.table: model for model in models if model.schema == schema}
        ordered += [inside[table] for table in _sorted_by_reads(inside)]
    return ordered


def _sorted_by_reads(inside: Mapping[str, Model]) -> list[str]:
    sorter = TopologicalSorter(
        {table: sorted(set(model.reads) & set(inside)) for table, model in inside.items()}
    )
    try:
        sorter.prepare()
    except CycleError as error:
        raise ModelError(f"Models read each other in a circle: {' -> '.join(error.args[1])}.") from error
    found: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        found += ready
        sorter.done(*ready)
    return found


def read_checks(sql_dir: Path) -> list[Check]:
    """Every hand-written check, by name."""
    return [_read_check(path) for path in sorted((sql_dir / "checks").rglob("*.sql"))]


def _read_model(path: Path, schema: str) -> Model:
    header, sql = _split(path)
    if not header["description"] or "reads" not in header:
        raise ModelError(
            f"{schema}/{path.name} needs a header: a line of words, `-- grain:` and `-- reads:`."
        )
    return Model(
        table=f"{schema}.{path.stem}",
        description=" ".join(header["description"]),
        grain=_names(header.get("grain", [])),
        reads=_names(header["reads"]),
        order=_names(header.get("order", [])),
        sql=sql,
        path=path,
    )


def _read_check(path: Path) -> Check:
    header, sql = _split(path)
    severity = "".join(header.get("severity", []))
    if severity not in ("error", "warning") or not header["description"]:
        raise ModelError(f"checks/{path.name} needs a line of words and `-- severity: error` or `warning`.")
    exceptions = tuple(_read_exception(path, text) for text in header.get("except", []))
    return Check(path.stem, " ".join(header["description"]), severity, exceptions, sql)


def _read_exception(path: Path, text: str) -> KnownException:
    match = EXCEPTION.match(text)
    if match is None:
        raise ModelError(
            f"checks/{path.name}: '-- except: {text}' must read '(key, key) reason, 2026-02-03'."
        )
    key = next(csv.reader([match["key"]], skipinitialspace=True))
    return KnownException(tuple(cell.strip() for cell in key), match["reason"], match["date"])


def _split(path: Path) -> tuple[dict[str, list[str]], str]:
    """The header's values by word, and the SELECT without its closing semicolon.

    A comment indented by two spaces or more carries on the line above; any other comment is description.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    size = next((number for number, line in enumerate(lines) if not line.startswith("--")), len(lines))
    header: dict[str, list[str]] = {"description": []}
    word = "description"
    for line in lines[:size]:
        text = line[2:]
        match = HEADER_WORD.match(text)
        if match is not None:
            word = match[1]
            header.setdefault(word, []).append(match[2].strip())
        elif text.startswith("  ") and header[word]:
            header[word][-1] += f" {text.strip()}"
        else:
            word = "description"
            header[word].append(text.strip())
    sql = "\n".join(lines[size:]).strip().removesuffix(";").strip()
    if not sql:
        raise ModelError(f"{path.parent.name}/{path.name} holds no query.")
    return header, sql


def _names(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())
