"""Runs SQL models and checks, and records what happened. Their files are read by `pipeline.models`."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipeline.engine import Builder, qualified, quote
from pipeline.errors import EngineError, ModelError
from pipeline.models import SCHEMAS, Check, Model

#: Offending rows kept with a check's result.
SAMPLE_ROWS = 5


@dataclass(frozen=True, slots=True)
class ModelRun:
    """What happened when a model ran."""

    table: str
    description: str
    grain: tuple[str, ...]
    sql_sha256: str
    row_count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found. `verdict` is passed, warning or failed; only failed stops publishing."""

    name: str
    description: str
    severity: str
    verdict: str
    failing_count: int
    excepted_count: int
    sample: str
    stale_exceptions: tuple[str, ...]
    seconds: float


def run_model(builder: Builder, model: Model) -> ModelRun:
    """Fill one model's table in its physical order."""
    started = time.perf_counter()
    order = ", ".join(_ordering(column) for column in model.order or model.grain)
    select = f"select * from (\n{model.sql}\n)" + (f" order by {order}" if order else "")
    try:
        builder.execute(f"create table {qualified(model.table)} as {select}")
        row_count = builder.row_count(model.table)
    except EngineError as error:
        raise ModelError(f"{model.schema}/{model.path.name}: {error}") from error
    return ModelRun(
        table=model.table,
        description=model.description,
        grain=model.grain,
        sql_sha256=hashlib.sha256(model.sql.encode()).hexdigest(),
        row_count=row_count,
        seconds=time.perf_counter() - started,
    )


def run_models(
    builder: Builder, models: Sequence[Model], progress: Callable[[str], None] = lambda _table: None
) -> list[ModelRun]:
    """Fill every table; `progress` is told each table's name before it starts."""
    for schema in SCHEMAS:
        builder.execute(f"create schema if not exists {quote(schema)}")
    runs = []
    for model in models:
        progress(model.table)
        runs.append(run_model(builder, model))
    return runs


def grain_check(model: Model) -> Check:
    """The check that a model's grain identifies its rows: no duplicates, no holes in the key."""
    keys = ", ".join(quote(column) for column in model.grain)
    holes = " or ".join(f"{quote(column)} is null" for column in model.grain)
    return Check(
        name=f"grain__{model.table}",
        description=f"Each row of {model.table} has its own {', '.join(model.grain)}; none is empty.",
        severity="error",
        exceptions=(),
        sql=f"select {keys}, count(*) as row_count from {qualified(model.table)} group by {keys} "
        f"having count(*) > 1 or {holes} order by {keys}",
    )


def run_check(builder: Builder, check: Check, *, stale_matters: bool = True) -> CheckResult:
    """Run one check. `stale_matters` is False when sources were left out: excepted rows may be away."""
    started = time.perf_counter()
    try:
        found = builder.fetch(check.sql)
    except EngineError as error:
        raise ModelError(f"checks/{check.name}.sql: {error}") from error
    failing = [row for row in found.rows if not any(known.covers(row) for known in check.exceptions)]
    stale = tuple(
        f"({', '.join(known.key)})"
        for known in check.exceptions
        if not any(known.covers(row) for row in found.rows)
    )
    sample = [dict(zip(found.columns, row, strict=True)) for row in failing[:SAMPLE_ROWS]]
    return CheckResult(
        name=check.name,
        description=check.description,
        severity=check.severity,
        verdict=_verdict(check.severity, bool(failing), stale_fails=bool(stale) and stale_matters),
        failing_count=len(failing),
        excepted_count=len(found.rows) - len(failing),
        sample=json.dumps(sample, ensure_ascii=False, default=str),
        stale_exceptions=stale,
        seconds=time.perf_counter() - started,
    )


def run_checks(
    builder: Builder, models: Iterable[Model], checks: Iterable[Check], *, stale_matters: bool = True
) -> list[CheckResult]:
    """The grain check of every model, then every hand-written check."""
    every = [grain_check(model) for model in models if model.grain] + list(checks)
    return [run_check(builder, check, stale_matters=stale_matters) for check in every]


def explain(result: CheckResult) -> str:
    """One check's finding as a line for the person who has to act on it."""
    parts = []
    if result.failing_count:
        parts.append(f"{result.failing_count} row(s), such as {result.sample}")
    if result.stale_exceptions:
        gone = ", ".join(result.stale_exceptions)
        parts.append(f"the exception for {gone} no longer occurs: delete its `-- except:` line")
    return f"{result.name}: {result.description} {'; '.join(parts)}"


def _verdict(severity: str, has_failing: bool, *, stale_fails: bool) -> str:
    if stale_fails or (has_failing and severity == "error"):
        return "failed"
    return "warning" if has_failing else "passed"


def _ordering(column: str) -> str:
    """`year desc` keeps its direction; a name is quoted."""
    name, _, direction = column.partition(" ")
    return f"{quote(name)} {direction}".strip() + " nulls last"
