"""Reads the rows of a file, each cell by what its column means, and says of each cell what is wrong with it.

A blank is a blank: it is counted as missing, never read as 0. A row may hold several figures, where years or
sectors run across.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.uploads.columns import Column
from pipeline.uploads.context import UNIT_OF, Context
from pipeline.uploads.fields import Reading, read_field
from pipeline.uploads.mapping import NUMBER_KINDS, Proposal
from pipeline.uploads.model import Fault, Grid, Missing
from pipeline.uploads.number import scan, scan_stored
from pipeline.uploads.text import cut, letter

#: What a workbook says of a cell that no figure may come from.
CELL_FAULTS = {
    "formula_without_value": "formula_without_value",
    "error": "error_cell",
    "date": "cell_date",
    "boolean": "number_logical",
}

#: Of these, the ones that `sheet_facts` tells of for the whole sheet.
TOLD_ELSEWHERE = frozenset({"formula_without_value", "error"})

#: A table's own numbers, beside `value`.
TARGET_NUMBERS = ("base_value", "target_value", "residual_value")

#: What makes two rows of a table the same figure.
KEYS = {
    "emissions": ("city", "year", "sector", "scope", "gas_basis", "method"),
    "energy": ("city", "year", "sector", "source_sector", "scope", "method"),
    "indicators": ("city", "indicator", "year"),
    "targets": ("city", "target_kind", "base_year", "target_year", "net_zero_year", "scope"),
}

Key = tuple[str, ...]


@dataclass(slots=True)
class Figure:
    """One figure as read: `cells` are ids and plain texts by field; `values` are numbers by field.

    `units` holds the unit as stated for each number, `row` and `column` its place from 0. `lines` are the
    rows it was added up from, if it was.
    """

    row: int
    column: int
    cells: dict[str, str] = field(default_factory=dict)
    values: dict[str, Decimal] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    unit_from_row: bool = False
    lines: tuple[int, ...] = ()


def key_of(table: str, figure: Figure) -> Key:
    """What may be there only once in a file."""
    return tuple(figure.cells.get(name, "") for name in KEYS[table])


@dataclass(slots=True)
class Counts:
    """What became of each figure of the file."""

    read: int = 0
    missing: list[Missing] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


class RowReader:
    """Reads one sheet as proposed; collects every fault on the way."""

    def __init__(self, grid: Grid, proposal: Proposal, context: Context) -> None:
        self.grid, self.plan, self.context = grid, proposal, context
        self.faults: list[Fault] = []
        self.last = ""
        self.counts = Counts()
        self.unread: set[Key] = set()
        self.fields = context.catalogue.upload_fields
        self.by_field: dict[str, Column] = {}
        for one in proposal.columns:
            if one.field_id and one.field_id not in ("ignore", "value"):
                self.by_field.setdefault(one.field_id, one)
        self.values = [one for one in proposal.columns if one.field_id == "value"]
        self.names = {one.index: one for one in proposal.columns}
        self.constants = proposal.choices.constants
        self._constants: dict[tuple[str, str], Reading] = {}
        self._asked = {ask.field_id for ask in proposal.asks}
        self._cache: dict[tuple[str, str, str], Reading] = {}
        self._warned: set[tuple[str, int]] = set()

    def figures(self) -> Iterator[Figure]:
        """Every figure that could be read whole."""
        header = self.grid.rows[self.plan.first_row - 1] if self.plan.first_row else ()
        for number in range(self.plan.first_row, len(self.grid.rows)):
            row = self.grid.rows[number]
            if row == header or not any(cell.strip() for cell in row) or self._is_remark(row):
                continue
            if self.plan.table == "targets":
                yield from self._target(number)
            else:
                yield from self._row(number)

    def fault(self, code: str, row: int, column: int, value: str = "", **params: str) -> None:
        """Note a fault at a cell given from 0."""
        self.last = code
        place = (self.grid.sheet, self.line(row), self.name(column))
        self.faults.append(Fault(code, *place, cut(value), params))

    def line(self, row: int) -> int:
        """The number the person sees for a row."""
        lines = self.grid.line_numbers
        return lines[row] if row < len(lines) else row + 1

    def name(self, column: int) -> str:
        """The header of a column, else its letter."""
        one = self.names.get(column)
        return cut(one.header, 60) if one is not None and one.header else letter(column)

    def cell(self, row: int, column: int) -> str:
        cells = self.grid.rows[row]
        return cells[column] if column < len(cells) else ""

    def _is_remark(self, row: tuple[str, ...]) -> bool:
        """A line of text without figures: a heading between rows, or a note or source below the table."""
        filled = {place for place, cell in enumerate(row) if cell.strip()}
        if any(self._is_number(one) and one.index in filled for one in self.names.values()):
            return False
        keys = [self.by_field[field_id] for field_id in self._keys()]
        if not keys or not all(one.index in filled for one in keys):
            return True
        only = keys[0]
        return len(filled) == 1 and bool(self._read(only.field_id, row[only.index], "").code)

    def _keys(self) -> list[str]:
        table = self.plan.table
        return [one for one in self.by_field if table in self.fields[one].required and one != "source_ref"]

    def _is_number(self, one: Column) -> bool:
        if one.field_id == "value":
            return True
        record = self.fields.get(one.field_id)
        if record is None or one.field_id == "population":
            return False
        return record.kind in NUMBER_KINDS or (self.plan.table == "targets" and record.kind == "year")

    def _row(self, number: int) -> Iterator[Figure]:
        """The figures of one row, one for each column of values."""
        shared, code = self._shared(number, fixed=())
        for one in self.values:
            figure = Figure(number, one.index, dict(shared.cells), dict(shared.values), dict(shared.raw))
            figure.fault, figure.unit_from_row = code, shared.unit_from_row
            text = self.cell(number, one.index)
            self.counts.read += 1
            if one.year is not None:
                figure.cells["year"] = str(one.year)
                self._check_fixed(figure, one, "year", str(one.year))
            for field_id, value in one.fixed.items():
                self._check_fixed(figure, one, field_id, value)
            self._complete(figure)
            reason = self._reason(number, one.index, text)
            if reason is not None:
                what = {key: figure.cells[key] for key in WHAT if key in figure.cells}
                self.counts.missing.append(Missing(self.line(number), one.index, reason, what))
                continue
            value_read = self._number(number, one, figure.cells.get("unit", ""))
            if value_read is None or figure.fault:
                self._refuse(figure, figure.fault or self.last)
                continue
            figure.values["value"] = value_read
            if self._converted(figure, "value", one):
                yield figure
            else:
                self._refuse(figure, figure.fault)

    def _refuse(self, figure: Figure, code: str) -> None:
        """Count a figure that cannot be read; its key is kept, for other lines of it are then no whole."""
        self.counts.refused[code] += 1
        self.unread.add(key_of(self.plan.table, figure))

    def _target(self, number: int) -> Iterator[Figure]:
        """The one target of a row."""
        self.counts.read += 1
        shared, code = self._shared(number, fixed=())
        self._complete(shared)
        for field_id in (*TARGET_NUMBERS, "reduction_pct"):
            one = self.by_field.get(field_id)
            if one is None or self._reason(number, one.index, self.cell(number, one.index)) is not None:
                continue
            is_share = field_id == "reduction_pct"
            value = self._number(number, one, "%" if is_share else shared.cells.get("unit", ""))
            if value is None:
                code = code or self.last
                continue
            shared.values[field_id] = value
            if not is_share and not code and not self._converted(shared, field_id, one):
                code = shared.fault
        shared.fault = shared.fault or code
        if not shared.fault and not (
            set(shared.values) | {"target_year", "net_zero_year"} & set(shared.cells)
        ):
            self.counts.missing.append(Missing(self.line(number), 0, "blank", {}))
            return
        if shared.fault:
            self.counts.refused[shared.fault] += 1
            return
        yield shared

    def _shared(self, number: int, fixed: tuple[str, ...]) -> tuple[Figure, str]:
        """What all figures of a row share, and the code of the first fault in it."""
        figure = Figure(number, 0)
        first = ""
        country = ""
        order = sorted(self.by_field, key=lambda one: (one != "country", one != "city"))
        for field_id in order:
            one = self.by_field[field_id]
            text = self.cell(number, one.index)
            record = self.fields[field_id]
            if field_id in fixed or (record.kind in NUMBER_KINDS and field_id != "population"):
                continue
            if field_id == "population":
                self._population(figure, number, one, text)
                first = first or figure.fault
                continue
            note = self.grid.notes.get((number, one.index), "")
            if note in CELL_FAULTS and (record.kind != "text" or note == "error"):
                self._noted(note, number, one.index, text)
                first = first or self.last
                continue
            if not text.strip():
                continue
            reading = self._read(field_id, text, country)
            self._tell(reading, field_id, number, one.index, text)
            if reading.code:
                first = first or reading.code
                continue
            if field_id == "country":
                country = reading.value
            if field_id == "unit":
                figure.unit_from_row = True
            figure.cells[field_id] = reading.value
            figure.raw[field_id] = text
            for key, value in reading.more.items():
                figure.cells.setdefault(key, value)
        figure.column = self.values[0].index if self.values else figure.column
        if first == "":
            first = self._required(figure, number)
        return figure, first

    def _required(self, figure: Figure, number: int) -> str:
        """The fault of a row in which a cell that must be filled is blank."""
        table = self.plan.table
        wide = {"year"} if any(one.year is not None for one in self.values) else set()
        for one in self.values:
            wide |= set(one.fixed)
        for field_id, one in self.by_field.items():
            if table in self.fields[field_id].required and field_id not in figure.cells:
                if field_id in self.constants or field_id in wide:
                    continue
                if field_id == "unit" and all(
                    self._reason(number, value.index, self.cell(number, value.index)) is not None
                    for value in self.values
                ):
                    continue
                if all(not self.cell(number, value.index).strip() for value in self.values) and self.values:
                    continue
                self.fault("cell_blank", number, one.index, field=self.fields[field_id].title)
                return "cell_blank"
        return ""

    def _read(self, field_id: str, text: str, country: str) -> Reading:
        key = (field_id, text, country if field_id == "city" else "")
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = read_field(field_id, text, country, self.context)
        return found

    def _tell(self, reading: Reading, field_id: str, row: int, column: int, text: str) -> None:
        title = self.fields[field_id].title
        if reading.code:
            self.fault(reading.code, row, column, text, field=title, **reading.params)
        if reading.warning:
            self.fault(reading.warning, row, column, reading.value or text, **reading.warning_params)

    def _check_fixed(self, figure: Figure, one: Column, field_id: str, value: str) -> None:
        """A value that the header states for the whole column."""
        self._stated(figure, field_id, value, one.index)

    def _complete(self, figure: Figure) -> None:
        """Fields stated once for the whole file."""
        for field_id, value in self.constants.items():
            if field_id not in figure.cells and field_id in self.fields:
                self._stated(figure, field_id, value, -1)

    def _stated(self, figure: Figure, field_id: str, value: str, column: int) -> None:
        reading = self._read(field_id, value, "")
        if reading.code:
            if (field_id, column) not in self._warned:
                self._warned.add((field_id, column))
                params = {**reading.params, "field": self.fields[field_id].title}
                name = self.name(column) if column >= 0 else self.fields[field_id].title
                self.faults.append(Fault(reading.code, self.grid.sheet, None, name, cut(value), params))
            figure.fault = figure.fault or reading.code
            return
        figure.cells[field_id] = reading.value
        for key, more in reading.more.items():
            figure.cells.setdefault(key, more)

    def _reason(self, row: int, column: int, text: str) -> str | None:
        """Why a cell holds no figure; None where there is something to read."""
        if self.grid.notes.get((row, column), "") in CELL_FAULTS:
            return None
        return self.context.vocabulary.missing(text)

    def _number(self, row: int, one: Column, unit: str) -> Decimal | None:
        """The number in a cell, or None with the fault told."""
        text = self.cell(row, one.index)
        note = self.grid.notes.get((row, one.index), "")
        if note in CELL_FAULTS:
            self._noted(note, row, one.index, text)
            return None
        is_stored = (row, one.index) in self.grid.numeric
        read = scan_stored(text) if is_stored else scan(text)
        if read.fault:
            self.fault(read.fault, row, one.index, text)
            return None
        if note == "percent":
            if unit != "%":
                self.fault("number_percent", row, one.index, f"{text} (%)")
                return None
            return (read.point or Decimal(0)) * 100
        style = self.plan.styles.get(one.index)
        if is_stored or style is None:
            return read.point if read.point is not None else read.comma
        if style.is_asked and read.is_ambiguous:
            self.last = "decimal_question"
            return None
        value = None if read.text in style.odd else read.value(style.decimal or ".")
        if value is None:
            self.fault("number_mixed", row, one.index, text)
        return value

    def _noted(self, note: str, row: int, column: int, text: str) -> None:
        """A cell that a workbook says is no plain value."""
        self.last = CELL_FAULTS[note]
        if note not in TOLD_ELSEWHERE:
            self.fault(self.last, row, column, text)

    def _population(self, figure: Figure, row: int, one: Column, text: str) -> None:
        """Inhabitants the inventory was made with: a number above 0, or blank."""
        if self._reason(row, one.index, text) is not None:
            return
        number = self._number(row, one, "")
        if number is None:
            figure.fault = figure.fault or self.last
        elif number <= 0:
            self.fault("population_not_positive", row, one.index, text)
            figure.fault = "population_not_positive"
        else:
            figure.values["population"] = number

    def _converted(self, figure: Figure, field_id: str, one: Column) -> bool:
        """Turns a number into the unit figures are kept in; the unit must be of the right kind."""
        units = self.context.catalogue.units
        stated = figure.cells.get("unit", "")
        indicator = self.context.catalogue.indicators.get(figure.cells.get("indicator", ""))
        wanted = UNIT_OF.get(self.plan.table) or (indicator.unit if indicator is not None else "")
        code = ""
        if not stated and "unit" not in self._asked:
            code = "unit_missing"
        elif stated and wanted and units[stated].base != units[wanted].base:
            code = "unit_wrong_kind"
        if code:
            params = {"wanted": units[wanted].symbol or units[wanted].title if wanted else ""}
            params["stated"] = units[stated].symbol or units[stated].title if stated else ""
            self.fault(code, figure.row, one.index, self.cell(figure.row, one.index), **params)
        if code or not stated or not wanted:
            figure.fault = code or "constant_needed"
            return False
        source, target = units[stated], units[wanted]
        if source != target:
            factor = Decimal(str(source.factor)) / Decimal(str(target.factor))
            figure.values[field_id] = +(figure.values[field_id] * factor).quantize(Decimal("1e-9"))
        return True


#: What is said of a missing figure.
WHAT = ("city", "year", "sector", "indicator")
