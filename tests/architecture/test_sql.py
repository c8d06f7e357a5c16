"""SQL files are one SELECT each, say truly what they read, and keep to what other engines understand."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from pipeline.models import SCHEMAS, Model, read_checks, read_models
from pipeline.settings import PACKAGE

SQL = PACKAGE / "sql"
MODELS = read_models(SQL)
FILES = sorted(SQL.rglob("*.sql"))


def query(path: Path) -> exp.Query:
    statements = sqlglot.parse(path.read_text(encoding="utf-8"), dialect="duckdb")
    assert len(statements) == 1, "one statement per file"
    (statement,) = statements
    assert isinstance(statement, exp.Query), "a SELECT"
    return statement


def tables_read(statement: exp.Query) -> set[str]:
    return {f"{table.db}.{table.name}" for table in statement.find_all(exp.Table) if table.db}


def is_import(select: exp.Select) -> bool:
    """`select * from schema.table`, filtered perhaps, inside a WITH."""
    source = select.args.get("from_") or select.args.get("from")
    used = {key for key, value in select.args.items() if value} - {"expressions", "from", "from_"}
    return (
        isinstance(select.parent, exp.CTE)
        and source is not None
        and isinstance(source.this, exp.Table)
        and bool(source.this.db)
        and not used & {"joins", "group", "qualify", "having"}
    )


def name(path: Path) -> str:
    return path.relative_to(SQL).as_posix()


def model_name(model: Model) -> str:
    return model.table


def test_there_are_models_and_checks() -> None:
    assert MODELS
    assert read_checks(SQL)


@pytest.mark.parametrize("model", MODELS, ids=model_name)
def test_header_names_the_tables_the_query_reads(model: Model) -> None:
    assert set(model.reads) == tables_read(query(model.path))


@pytest.mark.parametrize("model", MODELS, ids=model_name)
def test_model_states_its_grain(model: Model) -> None:
    assert model.grain


@pytest.mark.parametrize("model", [model for model in MODELS if model.schema == "mart"], ids=model_name)
def test_mart_reads_no_raw_text(model: Model) -> None:
    assert not [read for read in model.reads if read.startswith(("raw.", "staging."))]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_star_only_in_import_steps(path: Path) -> None:
    faults = [
        select.sql()[:80]
        for select in query(path).find_all(exp.Select)
        if any(isinstance(column, exp.Star) or column.is_star for column in select.expressions)
        and not is_import(select)
        and not isinstance(select.parent, exp.Exists)
    ]
    assert faults == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_group_by_all_and_no_using(path: Path) -> None:
    statement = query(path)
    assert not [group for group in statement.find_all(exp.Group) if group.args.get("all")]
    assert not [join for join in statement.find_all(exp.Join) if join.args.get("using")]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_table_is_named_with_its_schema_or_a_step(path: Path) -> None:
    statement = query(path)
    steps = {step.alias for step in statement.find_all(exp.CTE)}
    bare = {table.name for table in statement.find_all(exp.Table) if not table.db and table.name} - steps
    assert bare == set()
    assert {table.db for table in statement.find_all(exp.Table) if table.db} <= {"raw", *SCHEMAS}


@pytest.mark.parametrize("path", sorted((SQL / "checks").rglob("*.sql")), ids=name)
def test_check_lists_rows_in_a_stable_order(path: Path) -> None:
    statement = query(path)
    one_row = not statement.args.get("group") and statement.find(exp.AggFunc) is not None
    assert statement.args.get("order") is not None or one_row
