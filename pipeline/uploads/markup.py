"""Gives a file back with its faults: the rows as uploaded, faulty cells marked and explained, and a list."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import cache

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.catalogue import Catalogue, load_catalogue
from pipeline.uploads.explain import SEVERITIES, Told, english, explain
from pipeline.uploads.model import Checked, Content, Fault, Grid
from pipeline.uploads.number import scan_stored
from pipeline.uploads.template import HEAD_FILL, put, saved
from pipeline.uploads.text import cut, harmless, letter

Words = Callable[[str], str]
Tell = Callable[[Fault], Told]

#: Rows of the file that are given back; the list of faults is always whole.
GIVEN_BACK = 5000

#: Cells that get a note of their own; colouring has no limit.
NOTED = 2000

FILLS = {
    "error": PatternFill("solid", fgColor="FFFECACA"),
    "question": PatternFill("solid", fgColor="FFDDD6FE"),
    "warning": PatternFill("solid", fgColor="FFFDE68A"),
}

#: Columns of the list, by label.
LIST = ("sheet", "row", "column", "value", "severity", "text", "remedy")


@cache
def _registry() -> Catalogue:
    return load_catalogue()


def all_faults(checked: Checked) -> tuple[Fault, ...]:
    """Every fault, also those past the screen's limit."""
    return checked.every_fault or checked.faults


def faults_csv(
    checked: Checked, words: Words, number: Words = english, catalogue: Catalogue | None = None
) -> bytes:
    """All faults as a table: UTF-8 with a mark and `;`, so that spreadsheets open it; no cell can run."""
    registry = catalogue or _registry()
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(words(registry.upload_labels[key].title)) for key in LIST])
    for fault in all_faults(checked):
        told = explain(fault, registry, words, number)
        writer.writerow([harmless(text) for text in _line(fault, told, registry, words)])
    return out.getvalue().encode("utf-8-sig")


def _line(fault: Fault, told: Told, registry: Catalogue, words: Words) -> list[str]:
    severity = words(registry.upload_labels[told.severity].title)
    row = "" if fault.row is None else str(fault.row)
    return [fault.sheet, row, fault.column, told.value, severity, told.text, told.remedy]


def marked_xlsx(
    content: Content,
    checked: Checked,
    words: Words,
    number: Words = english,
    catalogue: Catalogue | None = None,
) -> bytes:
    """The uploaded sheet with marks, and a sheet with every fault, in one language."""
    registry = catalogue or _registry()
    label = words(registry.upload_labels["faults"].title)

    def tell(fault: Fault) -> Told:
        return explain(fault, registry, words, number)

    faults = all_faults(checked)
    book = Workbook()
    sheet = book.active
    grid = next((one for one in content.grids if one.sheet == checked.choices.sheet), None)
    grid = grid or next((one for one in content.grids if not one.is_hidden), None)
    sheet.title = _title(grid.sheet if grid is not None and grid.sheet else "1")
    if grid is not None:
        here = [fault for fault in faults if fault.sheet in ("", grid.sheet)]
        _rows(sheet, grid, here, checked.choices.header_row, label, tell)
    listed = book.create_sheet(_title(label))
    _list(listed, faults, registry, words, tell)
    return saved(book)


def _rows(
    sheet: Worksheet,
    grid: Grid,
    faults: Sequence[Fault],
    header_row: int | None,
    label: str,
    tell: Tell,
) -> None:
    """The rows as uploaded, with a last column that says what is wrong with each."""
    rows = grid.rows[:GIVEN_BACK]
    width = max((len(row) for row in rows), default=0)
    for index, row in enumerate(rows):
        for place, text in enumerate(row):
            is_number = (index, place) in grid.numeric and not scan_stored(text).fault
            put(sheet.cell(index + 1, place + 1), _safe(text), is_number)
    places = _places(grid, header_row)
    row_of = {line: number for number, line in enumerate(grid.line_numbers)}
    said: dict[int, list[str]] = {}
    worst: dict[tuple[int, int], str] = {}
    notes: dict[tuple[int, int], list[str]] = {}
    for fault in faults:
        told = tell(fault)
        line = fault.row or header_row or 1
        number = line - 1 if fault.row is None else row_of.get(line, line - 1)
        if number >= len(rows):
            continue
        said.setdefault(number, []).append(f"{told.text} {told.remedy}")
        where = places.get(fault.column)
        if where is not None:
            spot = (number, where)
            notes.setdefault(spot, []).append(f"{told.title}: {told.text} {told.remedy}")
            worst[spot] = min(worst.get(spot, told.severity), told.severity, key=SEVERITIES.index)
    for (number, place), severity in worst.items():
        sheet.cell(number + 1, place + 1).fill = FILLS[severity]
    for (number, place), texts in list(notes.items())[:NOTED]:
        note = Comment(_safe("\n".join(texts))[:2000], "")
        note.width, note.height = 320, 120
        sheet.cell(number + 1, place + 1).comment = note
    title = sheet.cell(header_row or 1, width + 1)
    put(title, label)
    title.font, title.fill = Font(bold=True), HEAD_FILL
    for number, texts in said.items():
        cell = sheet.cell(number + 1, width + 1 if number + 1 != (header_row or 1) else width + 2)
        put(cell, _safe(" / ".join(texts[:5]))[:2000])
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[get_column_letter(width + 1)].width = 60


def _places(grid: Grid, header_row: int | None) -> dict[str, int]:
    """Where the column of a fault stands: by its header as faults name it, else by its letter."""
    found: dict[str, int] = {}
    if header_row is not None and header_row <= len(grid.rows):
        for place, title in enumerate(grid.rows[header_row - 1]):
            for length in (60, 80):
                if title.strip():
                    found.setdefault(cut(title, length), place)
    for place in range(max((len(row) for row in grid.rows), default=0)):
        found.setdefault(letter(place), place)
    return found


def _list(sheet: Worksheet, faults: Sequence[Fault], registry: Catalogue, words: Words, tell: Tell) -> None:
    for place, key in enumerate(LIST, start=1):
        cell = sheet.cell(1, place)
        put(cell, words(registry.upload_labels[key].title))
        cell.font, cell.fill = Font(bold=True), HEAD_FILL
    for number, fault in enumerate(faults, start=2):
        for place, text in enumerate(_line(fault, tell(fault), registry, words), start=1):
            cell = sheet.cell(number, place)
            is_row = LIST[place - 1] == "row" and bool(text)
            put(cell, _safe(text), is_row)
    for place, width in enumerate((16, 8, 24, 28, 18, 70, 70), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"


def _safe(text: str) -> str:
    """Text without signs a workbook cannot hold."""
    return "".join(sign if sign >= " " or sign in "\t\n" else "\ufffd" for sign in text)[:32_000]


def _title(name: str) -> str:
    return ("".join(" " if sign in ":\\/?*[]'" or sign < " " else sign for sign in name)[:31]).strip() or "1"
