"""Text with separators: the same table whatever the separator, and line numbers where it goes wrong."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalogue import load_catalogue
from pipeline.uploads.delimited import DELIMITERS, find_delimiter
from pipeline.uploads.explain import explain
from pipeline.uploads.limits import Caps
from tests.uploads.files.made import codes, look, look_here, look_measured, only_fault, only_grid

ROWS = (("city", "year", "value"), ("Vilnius", "2020", "1234.5"), ("Kaunas", "2021", "99"))


def joined(delimiter: str, rows: tuple[tuple[str, ...], ...] = ROWS) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.matrix(10)
@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_every_separator_gives_the_same_rows(delimiter: str, ending: str) -> None:
    content = look_here("a.csv", joined(delimiter).replace("\r\n", ending).encode())
    assert only_grid(content).rows == ROWS
    assert content.delimiter == delimiter
    assert content.grids[0].line_numbers == (1, 2, 3)


@pytest.mark.matrix(11)
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_decimal_commas_do_not_part_cells(delimiter: str) -> None:
    rows = (("miestas", "metai", "t"), ("Vilnius", "2020", "1234,5"), ("Kaunas", "2021", "0,25"))
    assert only_grid(look_here("a.csv", joined(delimiter, rows).encode())).rows == rows


@pytest.mark.matrix(11)
def test_quoted_decimal_commas_in_a_comma_file() -> None:
    text = 'city,year,t\nVilnius,2020,"1234,5"\nKaunas,2021,"0,25"\n'
    assert only_grid(look_here("a.csv", text.encode())).rows[1] == ("Vilnius", "2020", "1234,5")


@pytest.mark.matrix(12, 13)
@pytest.mark.parametrize(
    "number", ["1.234", "1 234,5", "1\u00a0234,5", "1\u202f234,5", "1'234.5", "007", "1e3", "NaN"]
)
def test_numbers_stay_the_text_they_are(tmp_path: Path, number: str) -> None:
    content = look(tmp_path, "a.csv", f"city;year;t\nVilnius;2020;{number}\n".encode())
    assert only_grid(content).rows[1][2] == number
    assert content.grids[0].numeric == frozenset()


def test_first_line_may_name_the_separator() -> None:
    content = look_here("a.csv", b"sep=|\ncity|year|t\nA;B|2020|1;2\n")
    assert only_grid(content).rows == (("city", "year", "t"), ("A;B", "2020", "1;2"))
    assert content.grids[0].line_numbers == (2, 3)


def test_chosen_separator_is_used() -> None:
    assert look_here("a.csv", b"a,b;c\n1,2;3\n", delimiter=",").grids[0].rows == (("a", "b;c"), ("1", "2;3"))
    assert look_here("a.csv", b"a,b;c\n1,2;3\n", delimiter="x").delimiter == ";"


def test_lines_within_cells_do_not_shift_line_numbers() -> None:
    content = look_here("a.csv", b'city;note;t\nVilnius;"two\nlines";1\nKaunas;one;2\n')
    assert only_grid(content).rows[1][1] == "two\nlines"
    assert content.grids[0].line_numbers == (1, 2, 4)


def test_title_lines_blank_lines_and_missing_ends_are_no_fault() -> None:
    text = "Emissions of Vilnius\n\ncity;year;t;note\nVilnius;2020;1;\n;;;\nVilnius;2021;2;checked\n\n"
    grid = only_grid(look_here("a.csv", text.encode()))
    assert grid.rows[0] == ("Emissions of Vilnius", "", "", "")
    assert grid.rows[3] == ("Vilnius", "2020", "1", "")
    assert grid.line_numbers == (1, 2, 3, 4, 5, 6)


@pytest.mark.matrix(44)
def test_rows_of_another_length_are_named_by_line(tmp_path: Path) -> None:
    text = 'city;year;t\nVilnius;2020;1\nKaunas;2020\n"a\nb";2020;2\nTauragė;2020;1;5\nVilnius;2021;2\n'
    content = look(tmp_path, "a.csv", text.encode())
    assert codes(content) == ["ragged_row", "ragged_row"]
    assert [fault.row for fault in content.faults] == [3, 6]
    assert content.faults[1].value == "Tauragė | 2020 | 1 | 5"
    told = explain(content.faults[1], load_catalogue())
    assert "Line 6 has 4 cells, the table has 3 columns" in told.text


@pytest.mark.matrix(44)
def test_header_that_is_shorter_than_its_rows_is_named() -> None:
    content = look_here("a.csv", b"city;year;t\nVilnius;2020;1;x\nKaunas;2020;2;y\nKaunas;2021;2;y\n")
    assert [(fault.code, fault.row) for fault in content.faults] == [("ragged_row", 1)]


@pytest.mark.matrix(44)
@pytest.mark.parametrize("tail", ["", "Kaunas;2021;2\n" * 5, "Kaunas;2021;2\n" * 20_000])
def test_line_of_an_open_quotation_mark_is_named(tail: str) -> None:
    text = f'city;year;t\nVilnius;2020;1\nKaunas;2020;"2\n{tail}'
    content = look_here("a.csv", text.encode())
    assert codes(content) == ["quote_not_closed"]
    assert content.faults[0].row == 3
    assert content.faults[0].value == 'Kaunas;2020;"2'


@pytest.mark.matrix(44)
def test_line_of_a_misplaced_quotation_mark_is_named() -> None:
    content = look_here("a.csv", b'sep=;\ncity;note;t\nVilnius;"a" b;1\nKaunas;c;2\n')
    assert [(fault.code, fault.row) for fault in content.faults] == [("quote_misplaced", 3)]


def test_quotation_marks_within_a_cell_are_text() -> None:
    assert only_grid(look_here("a.csv", b'city;note;t\nVilnius;3" pipe;1\nKaunas;"say ""c""";2\n')).rows[
        1:
    ] == (
        ("Vilnius", '3" pipe', "1"),
        ("Kaunas", 'say "c"', "2"),
    )


@pytest.mark.matrix(45)
def test_a_hundred_thousand_rows_are_read_within_the_limits(tmp_path: Path) -> None:
    text = "city;year;value\n" + "Vilnius;20xx;five\n" * 99_999
    content, seconds, peak = look_measured(tmp_path, "a.csv", text.encode())
    assert len(only_grid(content).rows) == 100_000
    assert seconds < 8
    assert peak < 300_000_000


@pytest.mark.matrix(45)
def test_a_hundred_thousand_ragged_rows_are_counted_and_the_first_listed(tmp_path: Path) -> None:
    text = "city;year;value\n" + "Vilnius;2020;1\nKaunas;2020;1;2\n" * 49_999
    content = look(tmp_path, "a.csv", text.encode())
    assert len(content.faults) == Caps().listed_faults + 1
    assert content.faults[-1].code == "ragged_rows_more"
    assert content.faults[-1].params["count"] == "49999"


def test_more_than_the_limits_is_refused_by_name() -> None:
    caps = Caps(text_rows=10, columns=4, cells=35)
    assert only_fault(look_here("a.csv", b"a;b\n" * 11, caps=caps)).code == "too_many_rows"
    wide = only_fault(look_here("a.csv", b"a;b;c\na;b;c;d;e\n", caps=caps))
    assert (wide.code, wide.row) == ("too_many_columns", 2)
    assert only_fault(look_here("a.csv", b"a;b;c;d\n" * 9, caps=caps)).code == "too_many_cells"


cell = st.text(
    alphabet=st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufffd\ufeff"
    ),
    max_size=12,
).map(str.strip)
tables = st.lists(st.tuples(cell, cell, cell), min_size=2, max_size=12)


@settings(deadline=None)
@given(tables, st.sampled_from(DELIMITERS))
def test_any_table_comes_back_as_it_was_written(table: list[tuple[str, ...]], delimiter: str) -> None:
    filled = tuple((f"x{a}", b, f"y{c}") for a, b, c in table)
    content = look_here("a.csv", joined(delimiter, filled).encode("utf-16"), delimiter=delimiter)
    if codes(content) != ["letters_garbled"]:
        assert only_grid(content).rows == filled


@settings(deadline=None)
@given(st.text(max_size=300))
def test_some_separator_is_always_found(text: str) -> None:
    assert find_delimiter(text) in DELIMITERS
