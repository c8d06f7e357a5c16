"""Exports keep values as they are, and text harmless."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engine import Fetched
from pipeline.export import FORMULA_STARTS, as_csv, as_json, harmless


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@sum", "\tx", "\rx"])
def test_formula_is_disarmed(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", [-1.5, None, "Vilnius", "", "a=b", True])
def test_anything_else_is_left_alone(cell: object) -> None:
    assert harmless(cell) == cell


@given(st.lists(st.text(alphabet=st.characters(blacklist_categories=["Cs"])), min_size=1, max_size=4))
def test_no_csv_cell_starts_a_formula(cells: list[str]) -> None:
    found = Fetched(tuple(f"c{number}" for number in range(len(cells))), [tuple(cells)])
    for line in csv.reader(io.StringIO(as_csv(found), newline="")):
        assert not any(cell.startswith(FORMULA_STARTS) for cell in line)


def test_csv_writes_missing_as_blank_and_zero_as_zero() -> None:
    found = Fetched(("a", "b", "c", "d"), [(None, 0, -1.5, ["x", "y"]), ("é", 1, None, [])])
    assert as_csv(found) == "a,b,c,d\n,0,-1.5,x;y\né,1,,\n"


def test_json_keeps_null_dates_and_letters() -> None:
    found = Fetched(("name", "day", "value"), [("Šiauliai", date(2024, 1, 31), None)])
    assert json.loads(as_json(found)) == [{"name": "Šiauliai", "day": "2024-01-31", "value": None}]
    assert json.loads(as_json(Fetched(("name",), []))) == []
