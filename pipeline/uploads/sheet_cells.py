"""Collects the cells of one sheet of a workbook while its XML streams past."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.uploads.cells_text import cell_name, column_letter, date_text, place_of, plain_number, unescaped
from pipeline.uploads.limits import Caps
from pipeline.uploads.model import SHOWN_SIGNS, Fault, Grid
from pipeline.uploads.xmlparts import Refusal

#: Merged ranges and hidden rows kept by name.
KEPT = 10_000

#: Rows a sheet of a workbook can have at all.
MOST_ROWS = 1 << 20


class SheetCells:
    """Receives the starts and ends of a sheet's XML; `grid()` gives what it found.

    Every value is kept as text. Blank cells are no cells, however they are formatted: a sheet reaches as far
    as its last value, whatever it claims about its own size.
    """

    def __init__(
        self,
        name: str,
        strings: Sequence[str],
        formats: Sequence[str],
        is_1904: bool,
        caps: Caps,
        cells_left: int,
    ) -> None:
        self.name = name
        self.strings = strings
        self.formats = formats
        self.is_1904 = is_1904
        self.caps = caps
        self.cells_left = cells_left
        self.found: dict[tuple[int, int], str] = {}
        self.notes: dict[tuple[int, int], str] = {}
        self.numeric: set[tuple[int, int]] = set()
        self.merged: list[str] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[str] = []
        self._seen = 0
        self._row = -1
        self._column = -1
        self._type = ""
        self._format = ""
        self._value = ""
        self._inline: list[str] = []
        self._formula: str | None = None
        self._is_phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._start_row(attributes)
        elif name == "f":
            self._formula = ""
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "mergeCell":
            if len(self.merged) < KEPT:
                self.merged.append(attributes.get("ref", "")[:40])
        elif name == "col" and _is_true(attributes.get("hidden")):
            first, last = (_whole(attributes.get(end)) for end in ("min", "max"))
            self.hidden_columns += [
                column_letter(column - 1) for column in range(max(first, 1), min(last, 300) + 1)
            ]

    def end(self, name: str, text: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "v":
            self._value = text
        elif name == "f":
            self._formula = text
        elif name == "t" and not self._is_phonetic:
            self._inline.append(text)
        elif name == "rPh":
            self._is_phonetic = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self._row = self._row + 1 if number is None else _whole(number) - 1
        self._column = -1
        if self._row >= MOST_ROWS:
            raise Refusal(Fault("file_broken"))
        if _is_true(attributes.get("hidden")) and len(self.hidden_rows) < KEPT:
            self.hidden_rows.append(self._row + 1)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._seen += 1
        if self._seen > self.caps.cells:  # blank ones count here: they cost time too
            raise Refusal(self._too_many())
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            place = place_of(reference)
            if place is None:
                raise Refusal(Fault("file_broken"))
            self._row, self._column = place
        self._type = attributes.get("t", "n")
        style = attributes.get("s")
        self._format = "" if style is None else self._format_of(_whole(style))
        self._value = ""
        self._inline.clear()
        self._formula = None

    def _format_of(self, style: int) -> str:
        return self.formats[style] if style < len(self.formats) else ""

    def _end_cell(self) -> None:
        text, note, is_number = self._read()
        if self._formula is not None and note in ("", "boolean", "percent"):
            note = "formula"
            if not text:
                text, note = f"={unescaped(self._formula)}"[:SHOWN_SIGNS], "formula_without_value"
        if not text.strip():
            return
        place = (self._row, self._column)
        if place in self.found or min(place) < 0:
            raise Refusal(Fault("file_broken"))
        if self._row >= self.caps.sheet_rows or self._column >= self.caps.columns:
            raise Refusal(self._too_far(*place))
        if len(self.found) >= self.cells_left:
            raise Refusal(self._too_many())
        self.found[place] = text
        if note:
            self.notes[place] = note
        if is_number:
            self.numeric.add(place)

    def _read(self) -> tuple[str, str, bool]:
        """Text, note and whether it is a number, of the cell that just ended."""
        kind, value = self._type, self._value
        if kind == "s":
            if not value:
                return "", "", False
            index = _whole(value, -1)
            if not 0 <= index < len(self.strings):
                raise Refusal(Fault("file_broken"))
            return self.strings[index], "", False
        if kind == "inlineStr":
            return unescaped("".join(self._inline)), "", False
        if kind == "str":
            return unescaped(value), "", False
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value.strip(), value.upper()), "boolean", False
        if kind == "e":
            return value or "#VALUE!", "error", False
        if kind == "d":
            return value, "date", False
        value = value.strip()
        number = plain_number(value) if value else None
        if number is None:
            return value, "", False
        if self._format == "date":
            return date_text(value, self.is_1904), "date", False
        return number, self._format, True

    def _too_many(self) -> Fault:
        return Fault("too_many_cells", self.name, params={"limit": str(self.caps.cells)})

    def _too_far(self, row: int, column: int) -> Fault:
        """A table that is too long or too wide, or a lost value far from the table."""
        if (row - 1, column) in self.found and column < self.caps.columns:
            limit = str(self.caps.sheet_rows)
            return Fault("too_many_rows", self.name, row=row + 1, params={"limit": limit})
        params = {
            "cell": cell_name(row, column),
            "rows": str(self.caps.sheet_rows),
            "columns": str(self.caps.columns),
        }
        return Fault("cell_too_far", self.name, row=row + 1, column=column_letter(column), params=params)

    def grid(self, is_hidden: bool) -> Grid:
        """The sheet as rows of equal length, up to its last value."""
        height = max((row for row, _ in self.found), default=-1) + 1
        width = max((column for _, column in self.found), default=-1) + 1
        blank = ("",) * width
        rows: list[tuple[str, ...]] = [blank] * height
        columns_of: dict[int, list[int]] = {}
        for row, column in self.found:
            columns_of.setdefault(row, []).append(column)
        for row, columns in columns_of.items():
            cells = list(blank)
            for column in columns:
                cells[column] = self.found[row, column]
            rows[row] = tuple(cells)
        return Grid(
            sheet=self.name,
            rows=tuple(rows),
            notes=self.notes,
            numeric=frozenset(self.numeric),
            merged=tuple(ref for ref in self.merged if _touches(ref, height, width)),
            hidden_rows=tuple(row for row in self.hidden_rows if row - 1 in columns_of),
            hidden_columns=tuple(
                letter
                for letter in self.hidden_columns
                if any(letter == column_letter(c) for c in range(width))
            ),
            is_hidden=is_hidden,
        )


def _touches(reference: str, height: int, width: int) -> bool:
    """Whether a merged range covers more than one cell, some of it within the sheet's values."""
    first, _, last = reference.partition(":")
    begin, end = place_of(first), place_of(last)
    return begin is not None and end is not None and begin != end and begin[0] < height and begin[1] < width


def _whole(text: str | None, otherwise: int = 0) -> int:
    return (
        int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 9 else otherwise
    )


def _is_true(text: str | None) -> bool:
    return text in ("1", "true", "on")
