"""Every check fires on a planted fault, and no check that stops publishing fires on the committed figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
import yaml

from pipeline.engine import Builder, qualified, quote
from pipeline.models import Check, read_checks
from pipeline.publish import Build
from pipeline.runner import run_check
from pipeline.settings import load_settings

FAULTS: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("faults.yml").read_text(encoding="utf-8")
)
CHECKS: dict[str, Check] = {check.name: check for check in read_checks(load_settings({}).sql_dir)}


def tables(sql: str) -> set[str]:
    """`schema.table` of every stored table a query names."""
    found = sqlglot.parse_one(sql, dialect="duckdb").find_all(sqlglot.exp.Table)
    return {f"{table.db}.{table.name}" for table in found if table.db}


@pytest.fixture
def copy(built: Build, tmp_path: Path) -> Iterator[Builder]:
    """An empty database that can fetch tables of the session's build."""
    builder = Builder(tmp_path / "copy.duckdb")
    builder.execute(f"attach '{built.path}' as good (read_only)")
    yield builder
    builder.close()


def test_every_check_has_a_planted_fault() -> None:
    assert set(FAULTS) == set(CHECKS)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_check_fires_on_its_planted_fault(copy: Builder, name: str) -> None:
    check = CHECKS[name]
    changed = {table for statement in FAULTS[name] for table in tables(statement)}
    for table in sorted(tables(check.sql) | changed):
        schema, bare = table.split(".")
        copy.execute(f"create schema if not exists {quote(schema)}")
        copy.execute(f"create table {qualified(table)} as select * from good.{quote(schema)}.{quote(bare)}")
    before = run_check(copy, check)
    if check.severity == "error":
        assert before.verdict == "passed", before.sample
    for statement in FAULTS[name]:
        copy.execute(statement)
    after = run_check(copy, check)
    assert after.failing_count > before.failing_count
    assert after.verdict == ("failed" if check.severity == "error" else "warning")
