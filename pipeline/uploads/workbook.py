"""Reads an Excel workbook (.xlsx) as grids of text with everything a person should know about its cells.

One pass over the XML of each sheet finds values and, what readers of values leave out: merged cells, hidden
rows and sheets, formulas with and without the value they had when saved, error cells, dates, percentages.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.uploads.archive import guard, pieces
from pipeline.uploads.cells_text import meaning_of_format, unescaped
from pipeline.uploads.limits import Caps
from pipeline.uploads.model import Content, Fault, Grid
from pipeline.uploads.sheet_cells import SheetCells
from pipeline.uploads.xmlparts import Refusal, Start, parse

RELATIONS = "_rels/.rels"
CONTENT_TYPES = "[Content_Types].xml"


@dataclass(slots=True)
class Book:
    """What the workbook says about itself: its sheets in order, and where their XML lies."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    """Name, id of the relation, whether hidden."""
    is_1904: bool = False


def read_workbook(data: bytes, caps: Caps) -> Content:
    """All sheets of a workbook, hidden ones too. Raises `Refusal` for what cannot or must not be read."""
    with guard(data, caps) as archive:
        if _has_macros(archive):
            raise Refusal(Fault("file_has_macros"))
        main = _main_part(archive)
        book = _book(archive, main)
        targets = _relations(archive, main)
        strings = _strings(archive, _of_type(targets, "sharedStrings"))
        formats = _formats(archive, _of_type(targets, "styles"))
        grids: list[Grid] = []
        left = caps.cells
        for name, relation, is_hidden in book.sheets:
            kind, target = targets.get(relation, ("", ""))
            if kind != "worksheet":
                continue  # a sheet that is one chart, or a dialogue
            cells = SheetCells(name, strings, formats, book.is_1904, caps, left)
            parse(pieces(archive, target), cells.start, cells.end)
            grid = cells.grid(is_hidden)
            left -= len(grid.rows) * len(grid.rows[0]) if grid.rows else 0
            if left < 0:
                raise Refusal(Fault("too_many_cells", name, params={"limit": str(caps.cells)}))
            grids.append(grid)
    if not any(grid.rows for grid in grids):
        raise Refusal(Fault("empty"))
    return Content("xlsx", tuple(grids), faults=tuple(_faults(grids)))


def _faults(grids: Sequence[Grid]) -> list[Fault]:
    """What is doubtful about the workbook as a whole; what concerns one sheet is told once it is chosen."""
    hidden = [grid.sheet for grid in grids if grid.is_hidden and grid.rows]
    return [Fault("hidden_sheets", sheet=hidden[0], params={"sheets": _listed(hidden)})] if hidden else []


def _listed(names: Sequence[str], count: int = 5) -> str:
    return ", ".join(names[:count]) + (" ..." if len(names) > count else "")


def _has_macros(archive: zipfile.ZipFile) -> bool:
    found = False

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal found
        found = found or "macroenabled" in attributes.get("ContentType", "").lower()

    _read(archive, CONTENT_TYPES, start)
    return found


def _main_part(archive: zipfile.ZipFile) -> str:
    main = _of_type(_relations(archive, ""), "officeDocument")
    if not main:
        raise Refusal(Fault("file_broken"))
    return main


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Id -> last word of the type and the part it points at, for one part of the archive."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            whole = (
                target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], whole)

    path = posixpath.join(folder, "_rels", f"{name}.rels") if part else RELATIONS
    _read(archive, path, start)
    return found


def _of_type(relations: dict[str, tuple[str, str]], kind: str) -> str:
    return next((target for found, target in relations.values() if found == kind), "")


def _book(archive: zipfile.ZipFile, main: str) -> Book:
    book = Book()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            is_hidden = attributes.get("state", "visible") != "visible"
            book.sheets.append((attributes.get("name", ""), relation, is_hidden))
        elif name == "workbookPr":
            book.is_1904 = attributes.get("date1904") in ("1", "true")

    _read(archive, main, start)
    return book


def _strings(archive: zipfile.ZipFile, part: str) -> list[str]:
    """The texts of the workbook, of which cells hold only the number. Reading aids for Japanese stay out."""
    strings: list[str] = []
    pieces_of_one: list[str] = []
    is_phonetic = False

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal is_phonetic
        if name == "si":
            pieces_of_one.clear()
        elif name == "rPh":
            is_phonetic = True

    def end(name: str, text: str) -> None:
        nonlocal is_phonetic
        if name == "t" and not is_phonetic:
            pieces_of_one.append(text)
        elif name == "rPh":
            is_phonetic = False
        elif name == "si":
            strings.append(unescaped("".join(pieces_of_one)))

    if part:
        parse(pieces(archive, part), start, end)
    return strings


def _formats(archive: zipfile.ZipFile, part: str) -> list[str]:
    """For each style of a cell, by number: `date`, `percent` or nothing."""
    custom: dict[int, str] = {}
    numbers: list[int] = []
    is_cell_style = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_cell_style
        if name == "numFmt":
            custom[_number(attributes)] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            is_cell_style = True
        elif name == "xf" and is_cell_style:
            numbers.append(_number(attributes))

    def end(name: str, _text: str) -> None:
        nonlocal is_cell_style
        if name == "cellXfs":
            is_cell_style = False

    if part:
        parse(pieces(archive, part), start, end)
    return [
        meaning_of_format(custom[number]) if number in custom else meaning_of_format("", number)
        for number in numbers
    ]


def _number(attributes: dict[str, str]) -> int:
    text = attributes.get("numFmtId", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _read(archive: zipfile.ZipFile, part: str, start: Start) -> None:
    parse(pieces(archive, part), start, lambda _name, _text: None)
