"""Numbers and years out of mixed cells."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.sources import cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12.5", 12.5),
        (" 12 ", 12.0),
        ("1,234,567.8", 1234567.8),
        ("-3e4", -30000.0),
        (".5", 0.5),
        (7, 7.0),
        ("\u200b8\u00a0", 8.0),
        ("0", 0.0),
    ],
)
def test_numbers_are_read(cell: object, value: float) -> None:
    assert cells.number(cell) == value


@pytest.mark.parametrize("cell", [None, "", " ", "-", "null", "NULL", "NA", ":", "[x]", math.nan])
def test_words_for_missing_are_missing_and_never_zero(cell: object) -> None:
    assert cells.number(cell) is None


@pytest.mark.parametrize("cell", ["NE", "NO", "IE", "C"])
def test_notation_keys_are_missing_only_where_a_reader_says_so(cell: str) -> None:
    assert cells.number(cell, {"ne", "no", "ie", "c"}) is None
    with pytest.raises(ValueError, match="no number"):
        cells.number(cell)


@pytest.mark.parametrize(
    "cell", ["12,5", "1.234,5", "1 234", "12 t", "1,23", "twelve", "٣", "1_000", "inf", "=1"]
)
def test_what_could_be_misread_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        cells.number(cell)


def test_yes_is_no_number() -> None:
    with pytest.raises(ValueError, match="yes/no"):
        cells.number(True)


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("2019", 2019),
        (2019.0, 2019),
        ("2017-01-01 - 2017-12-31", 2017),
        ("2013-04-01 - 2014-03-31", 2014),
        ("01 January 2016 - 31 December 2016", 2016),
    ],
)
def test_period_counts_for_the_year_it_ends_in(cell: object, year: int) -> None:
    assert cells.year(cell) == year


@pytest.mark.parametrize("cell", ["", None, "NE", "12019", "1849", "19"])
def test_no_year_is_refused(cell: object) -> None:
    with pytest.raises(ValueError, match="no year"):
        cells.year(cell)


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary())


@given(scalars)
@example("1e999")
@example("9" * 400)
def test_any_cell_gives_a_finite_number_nothing_or_a_reason(cell: object) -> None:
    try:
        value = cells.number(cell)
    except (ValueError, OverflowError):
        return
    assert value is None or math.isfinite(value)


@given(scalars)
def test_any_cell_gives_a_year_or_a_reason(cell: object) -> None:
    try:
        year = cells.year(cell)
    except ValueError:
        return
    assert 1950 <= year <= 2099


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_number_survives_being_written_and_read(value: float) -> None:
    again = cells.number(cells.show(value))
    assert again is not None
    assert again == pytest.approx(value, rel=1e-5, abs=1e-6)
    assert cells.show(again) == cells.show(value)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_grouped_thousands_are_the_same_number(value: int) -> None:
    assert cells.number(f"{value:,}") == float(value)
