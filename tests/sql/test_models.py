"""Every case in the YAML files here: given rows, the models to run, and the rows that must come out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.models import read_models
from pipeline.settings import load_settings
from tests.sql.harness import Bench, as_rows

HERE = Path(__file__).parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Models without a case of their own, and why: they only rename or lay out what is tested elsewhere.
UNTESTED: dict[str, str] = {
    "core.evidence_level": "renames registry columns",
    "core.flag": "renames registry columns",
    "core.indicator": "renames registry columns",
    "core.reason": "renames registry columns",
    "core.scope": "renames registry columns",
    "core.sector": "renames registry columns",
    "core.series_reason": "renames registry columns",
    "core.source": "renames registry columns",
    "core.threshold": "one row of the registry; tests/methods reads it",
    "core.verdict": "renames registry columns",
    "core.yardstick": "renames registry columns",
    "core.city": "copies the register",
    "core.city_alias": "copies the alias list",
    "core.event": "copies staging",
    "core.partnership_kind": "renames registry columns",
    "core.european_union": "a list of countries; mart.network_edge uses it",
    "mart.city_indicator_by_indicator": "same rows in another order",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One given-and-expected case of a model."""

    model: str
    name: str
    given: dict[str, list[dict[str, Any]]]
    first: list[str]
    expected: list[dict[str, Any]]
    tolerance: float


@cache
def cases() -> tuple[Case, ...]:
    found = []
    for path in sorted(HERE.glob("*.yml")):
        contents = yaml.load(path.read_text(encoding="utf-8"), LOADER)
        for case in contents["cases"]:
            given = {**contents.get("given", {}), **case.get("given", {})}
            first = case.get("first", contents.get("first", []))
            found.append(
                Case(
                    contents["model"],
                    case["name"],
                    given,
                    first,
                    case["expected"],
                    case.get("tolerance", 1e-9),
                )
            )
    return tuple(found)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.model}: {case.name}")
def test_model_gives_expected_rows(bench: Bench, case: Case) -> None:
    columns = list(case.expected[0]) if case.expected else []
    with bench.given(case.given):
        for table in case.first:
            bench.refill(table)
        found = bench.run(case.model)
    if not case.expected:
        assert found.rows == []
        return
    rows = as_rows(found, columns)
    key = [column for column in bench.models[case.model].grain if column in columns] or columns
    rows.sort(key=lambda row: [str(row[column]) for column in key])
    expected = sorted(case.expected, key=lambda row: [str(row[column]) for column in key])
    assert len(rows) == len(expected), rows
    for row, wanted in zip(rows, expected, strict=True):
        for column, value in wanted.items():
            got = row[column]
            if isinstance(value, float) and isinstance(got, int | float):
                assert got == pytest.approx(value, rel=case.tolerance, abs=case.tolerance), (column, row)
            else:
                assert got == value, (column, row)


def test_every_model_has_a_case_or_a_reason() -> None:
    tested = {case.model for case in cases()}
    models = {model.table for model in read_models(load_settings({}).sql_dir)}
    assert tested <= models
    assert models - tested == set(UNTESTED), "add a case to tests/sql, or a reason to UNTESTED"
