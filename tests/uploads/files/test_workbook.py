"""Every cell of a workbook as a person sees it, and what its cells hide."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.catalogue import load_catalogue
from pipeline.uploads.cells_text import cell_name, meaning_of_format, place_of, plain_number
from pipeline.uploads.explain import explain
from pipeline.uploads.limits import Caps
from pipeline.uploads.model import Fault, Grid
from pipeline.uploads.sheet_facts import sheet_faults
from tests.uploads.files.made import (
    GOOD_SHEET,
    cell,
    codes,
    look,
    look_here,
    only_fault,
    only_grid,
    rows,
    workbook,
)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(*lines: tuple[object, ...]) -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for line in lines:
        sheet.append(line)
    return book, sheet


def sentence(fault: Fault) -> str:
    return explain(fault, load_catalogue()).text


NOON = datetime.datetime(2021, 3, 1, 12)  # noqa: DTZ001 - a workbook knows no time zones
TABLE = (("city", "year", "value"), ("Vilnius", 2020, 1234.5), ("Kaunas", 2021, 99))


def test_values_are_text_and_numbers_are_marked(tmp_path: Path) -> None:
    book, _ = sheet_of(*TABLE)
    grid = only_grid(look(tmp_path, "a.xlsx", saved(book)))
    assert grid.rows == (("city", "year", "value"), ("Vilnius", "2020", "1234.5"), ("Kaunas", "2021", "99"))
    assert grid.numeric == {(1, 1), (1, 2), (2, 1), (2, 2)}
    assert grid.notes == {}


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("1", "1"),
        ("-0", "0"),
        ("1234.5", "1234.5"),
        ("1E3", "1000"),
        ("1.5E-3", "0.0015"),
        ("0.30000000000000004", "0.3"),
        ("1234.5599999999999", "1234.56"),
        ("123456789012345678", "123456789012346000"),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("100", "100"),
        ("1E400", None),
        ("1E-400", None),
        ("NaN", None),
        ("INF", None),
        ("1_000", None),
        ("٣", None),
        ("", None),
    ],
)
def test_stored_numbers_as_plain_decimals(stored: str, shown: str | None) -> None:
    assert plain_number(stored) == shown


@pytest.mark.matrix(15)
def test_infinite_numbers_stay_text(tmp_path: Path) -> None:
    numbers = '<row r="1"><c r="A1"><v>1E400</v></c><c r="B1"><v>NaN</v></c></row>'
    data = workbook({"S": f'<sheetData>{numbers}<row r="2">{cell("A2", "x")}</row></sheetData>'})
    grid = only_grid(look(tmp_path, "a.xlsx", data))
    assert grid.rows[0] == ("1E400", "NaN")
    assert grid.numeric == frozenset()


@pytest.mark.matrix(37)
@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (datetime.date(2021, 3, 1), "yyyy-mm-dd", "2021-03-01"),
        (NOON, "dd.mm.yyyy hh:mm", "2021-03-01 12:00:00"),
        (datetime.date(2020, 1, 1), "yyyy", "2020-01-01"),
        (44562, "d mmmm yyyy", "2022-01-01"),
        (0.5, "hh:mm", "12:00:00"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
    ],
)
def test_dates_are_marked_and_shown_as_dates(value: object, number_format: str, text: str) -> None:
    book, sheet = sheet_of(("city", "year"), ("Vilnius", value))
    sheet["B2"].number_format = number_format
    grid = only_grid(look_here("a.xlsx", saved(book)))
    assert grid.rows[1][1] == text
    assert grid.notes == {(1, 1): "date"}
    assert grid.numeric == frozenset()


@pytest.mark.matrix(37)
def test_a_day_number_without_a_date_format_is_a_number_like_any_other() -> None:
    book, _ = sheet_of(("city", "year"), ("Vilnius", 44562))
    grid = only_grid(look_here("a.xlsx", saved(book)))
    assert (grid.rows[1][1], dict(grid.notes)) == ("44562", {})


def test_calendar_of_1904() -> None:
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    sheet = (
        f'<sheetData><row r="1">{cell("A1", 43100, 1)}</row><row r="2">{cell("A2", "x")}</row></sheetData>'
    )
    old = only_grid(look_here("a.xlsx", workbook({"S": sheet}, styles=styles, is_1904=True)))
    new = only_grid(look_here("a.xlsx", workbook({"S": sheet}, styles=styles)))
    assert (old.rows[0][0], new.rows[0][0]) == ("2022-01-01", "2017-12-31")


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("General", ""),
        ("0.00", ""),
        ("#,##0.00", ""),
        ('0.0 "days"', ""),
        ('#,##0 "my"', ""),
        ("0.00E+00", ""),
        ("[Red]-0.0", ""),
        ("[$€-2] #,##0", ""),
        ("_-* #,##0.00_-", ""),
        ("\\y0", ""),
        ("@", ""),
        ("0%", "percent"),
        ("0.0 %", "percent"),
        ("yyyy-mm-dd", "date"),
        ("[$-409]d mmm yyyy", "date"),
        ("[h]:mm:ss", "date"),
        ("mm:ss.0", "date"),
    ],
)
def test_number_formats(code: str, meaning: str) -> None:
    assert meaning_of_format(code) == meaning


@pytest.mark.matrix(18, 22)
def test_percent_and_truth_values_are_marked() -> None:
    book, sheet = sheet_of(("city", "share", "flag"), ("Vilnius", 0.45, True), ("Kaunas", 0.5, False))
    sheet["B2"].number_format = "0.0%"
    grid = only_grid(look_here("a.xlsx", saved(book)))
    assert grid.rows[1:] == (("Vilnius", "0.45", "TRUE"), ("Kaunas", "0.5", "FALSE"))
    assert grid.notes == {(1, 1): "percent", (1, 2): "boolean", (2, 2): "boolean"}


@pytest.mark.matrix(33)
def test_merged_cells_of_the_table_are_refused_with_their_ranges(tmp_path: Path) -> None:
    book, sheet = sheet_of(
        ("Emissions of the city", None, None), *TABLE, (None, 2022, 5), (None, None, None, "x")
    )
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A3:A5")
    sheet.merge_cells("F2:G2")
    grid = only_grid(look(tmp_path, "a.xlsx", saved(book)))
    assert grid.merged == ("A1:C1", "A3:A5")
    faults = sheet_faults(grid, header_row=2)
    assert [fault.code for fault in faults] == ["merged_cells"]
    assert "A3:A5" in sentence(faults[0])
    assert "A1:C1" not in sentence(faults[0])
    assert sheet_faults(grid, header_row=2, columns=[1, 2]) == ()


@pytest.mark.matrix(33)
def test_merged_header_is_refused() -> None:
    book, sheet = sheet_of(("city", "CO2", None), ("", "2020", "2021"), ("Vilnius", 1, 2))
    sheet.merge_cells("B1:C1")
    grid = only_grid(look_here("a.xlsx", saved(book)))
    assert [fault.code for fault in sheet_faults(grid, header_row=1)] == ["merged_cells"]
    assert sheet_faults(grid, header_row=2) == ()


@pytest.mark.matrix(35)
def test_hidden_sheets_rows_and_columns_are_named(tmp_path: Path) -> None:
    book, sheet = sheet_of(*TABLE, ("Tauragė", 2021, 7))
    sheet.title = "Figures"
    for name, state in (
        ("Old", "hidden"),
        ("Older", "veryHidden"),
        ("Blank", "hidden"),
        ("Notes", "visible"),
    ):
        more = book.create_sheet(name)
        more.sheet_state = state
        if name != "Blank":
            more["A1"] = "something"
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[40].hidden = True
    sheet.column_dimensions["B"].hidden = True
    content = look(tmp_path, "a.xlsx", saved(book))
    assert [(grid.sheet, grid.is_hidden) for grid in content.grids] == [
        ("Figures", False),
        ("Old", True),
        ("Older", True),
        ("Blank", True),
        ("Notes", False),
    ]
    assert codes(content) == ["hidden_sheets"]
    assert "Old, Older" in sentence(content.faults[0])
    grid = content.grids[0]
    assert grid.hidden_rows == (3,)
    assert grid.hidden_columns == ("B",)
    assert grid.rows[2] == ("Kaunas", "2021", "99")
    told = {fault.code: sentence(fault) for fault in sheet_faults(grid, header_row=1)}
    assert set(told) == {"hidden_rows", "hidden_columns"}
    assert told["hidden_rows"].startswith("Sheet “Figures” has 1 hidden rows in its table: 3.")


FORMULAS = (
    '<row r="2">'
    + cell("A2", "Vilnius")
    + '<c r="B2"><f>B3*2</f><v>2020</v></c>'
    + '<c r="C2"><f>SUM(D2:E2)</f></c>'
    + "</row>"
    '<row r="3">'
    + cell("A3", "Kaunas")
    + '<c r="B3" t="e"><v>#N/A</v></c>'
    + '<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    + "</row>"
    '<row r="4">'
    + cell("A4", "Tauragė")
    + '<c r="B4" t="str"><f>"20"&amp;"21"</f><v>2021</v></c>'
    + '<c r="C4"><f t="shared" si="0"/><v>7.50</v></c>'
    + "</row>"
)


@pytest.mark.matrix(36)
def test_formulas_warn_or_are_refused(tmp_path: Path) -> None:
    head = GOOD_SHEET.partition("</row>")[0] + "</row>"
    grid = only_grid(look(tmp_path, "a.xlsx", workbook({"Figures": f"{head}{FORMULAS}</sheetData>"})))
    assert grid.rows[1:] == (
        ("Vilnius", "2020", "=SUM(D2:E2)"),
        ("Kaunas", "#N/A", "#DIV/0!"),
        ("Tauragė", "2021", "7.5"),
    )
    assert grid.notes == {
        (1, 1): "formula",
        (1, 2): "formula_without_value",
        (2, 1): "error",
        (2, 2): "error",
        (3, 1): "formula",
        (3, 2): "formula",
    }
    assert grid.numeric == {(1, 1), (3, 2)}
    faults = sheet_faults(grid, header_row=1)
    assert [(fault.code, fault.row, fault.column) for fault in faults] == [
        ("formula_without_value", 2, "value"),
        ("error_cell", 3, "year"),
        ("error_cell", 3, "value"),
        ("formulas", None, ""),
    ]
    catalogue = load_catalogue()
    assert [explain(fault, catalogue).severity for fault in faults] == ["error", "error", "error", "warning"]
    assert "3 cells of sheet “Figures” are formulas: B2, B4, C4" in sentence(faults[-1])


def test_rich_text_reading_aids_and_escapes() -> None:
    strings = (
        "<si><r><t>Vil</t></r><r><rPr><b/></rPr><t>nius</t></r></si>"
        '<si><t>東京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh></si>'
        "<si><t>two_x000D_lines_x000a_and_x0041_</t></si>"
        '<si><t xml:space="preserve"> kept </t></si>'
    )
    sheet = "".join(f'<row><c t="s"><v>{number}</v></c></row>' for number in range(4))
    grid = only_grid(look_here("a.xlsx", workbook({"S": f"<sheetData>{sheet}</sheetData>"}, strings=strings)))
    assert [row[0] for row in grid.rows] == ["Vilnius", "東京", "two lines andA", " kept "]


def test_cells_without_references_stand_where_they_follow() -> None:
    sheet = "<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c/><c><v>3</v></c></row>"
    grid = only_grid(look_here("a.xlsx", workbook({"S": f"<sheetData>{sheet}</sheetData>"})))
    assert grid.rows == (("1", "2"), ("", ""), ("", "3"))


@pytest.mark.parametrize(
    "body",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="1A"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>5</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="0"><c><v>1</v></c></row>',
        "<row><c><v>1</v></row>",
    ],
)
def test_workbooks_that_contradict_themselves_are_refused(body: str) -> None:
    content = look_here("a.xlsx", workbook({"S": f"<sheetData>{body}</sheetData>"}))
    assert only_fault(content).code == "file_broken"


def test_table_too_long_is_told_from_a_lost_value() -> None:
    caps = Caps(sheet_rows=3, columns=3)
    long = only_fault(look_here("a.xlsx", workbook({"S": rows(*[("x",)] * 5)}), caps=caps))
    assert (long.code, long.row) == ("too_many_rows", 4)
    lost = only_fault(look_here("a.xlsx", workbook({"S": rows(("x", None, None, None, "y"))}), caps=caps))
    assert (lost.code, lost.params["cell"]) == ("cell_too_far", "E1")


plain_text = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=20
).filter(lambda text: text.strip() != "" and "_x" not in text and not text.startswith("="))
value = st.one_of(
    st.none(),
    plain_text,
    st.integers(-(10**12), 10**12),
    st.floats(-1e12, 1e12).filter(lambda number: abs(number) > 1e-20 or number == 0),
    st.booleans(),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(value, min_size=1, max_size=5), min_size=2, max_size=6))
def test_any_workbook_reads_as_openpyxl_reads_it(table: list[list[object]]) -> None:
    """A second reader, which shares no code with ours, is the measure."""
    book, _ = sheet_of(("name", "more"), ("x", "y"), *(tuple(line) for line in table))
    data = saved(book)
    grid = only_grid(look_here("a.xlsx", data))
    theirs = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    for row, line in enumerate(theirs.iter_rows(values_only=True)):
        for column, expected in enumerate(line):
            assert _cell(grid, row, column) == _text(expected)


def _cell(grid: Grid, row: int, column: int) -> str:
    return grid.rows[row][column] if row < len(grid.rows) and column < len(grid.rows[0]) else ""


def _text(expected: object) -> str | None:
    if expected is None or (isinstance(expected, str) and not expected.strip()):
        return ""
    if isinstance(expected, bool):
        return str(expected).upper()
    return plain_number(repr(expected)) if isinstance(expected, int | float) else str(expected)


@given(st.integers(0, 1_048_575), st.integers(0, 16_383))
def test_names_of_cells_round_trip(row: int, column: int) -> None:
    assert place_of(cell_name(row, column)) == (row, column)
    assert cell_name(row, column) == f"{openpyxl.utils.get_column_letter(column + 1)}{row + 1}"
