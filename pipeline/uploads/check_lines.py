"""Several lines of one figure, as in an inventory with a line for each fuel of a sector.

Only the person knows whether such lines are parts of the figure or one of them is a mistake. They are added
where the person says so, once for the whole file; unasked they stay duplicates, see `check_groups`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal

from pipeline.uploads.check_groups import TOTALS, limit_of_sums
from pipeline.uploads.check_rows import Figure, Key, RowReader, key_of
from pipeline.uploads.columns import IGNORE, Column
from pipeline.uploads.model import Fault
from pipeline.uploads.number import plain
from pipeline.uploads.text import cut, word_key

#: Choices.answers, and the fault that asks: several lines of one figure are parts ("add") or a mistake
#: ("leave").
SEVERAL_LINES = "several_lines"

#: Tables whose figures may be added: amounts of one year.
ADDABLE = ("emissions", "energy")

#: What lines of one figure may say differently, and how it is written together.
JOINED = {"source_sector": " + ", "note": "; ", "source_ref": "; "}

#: What the value no longer depends on, as it is converted, and what the place says already.
SETTLED = frozenset({*JOINED, "unit", "country"})

#: Meanings of columns whose words may tell lines of one figure apart.
TELLING = frozenset({"", IGNORE, "source_sector", "note"})

#: Digits kept in adding: more than the longest number of a cell has, so that no sum is rounded.
EXACT = Context(prec=200)

#: Longest text that is written together, and how many lines an example lists.
LONGEST, LISTED = 500, 12


def added_up(table: str, figures: Sequence[Figure], reader: RowReader, answer: str) -> Sequence[Figure]:
    """The figures, with parts made one where `answer` is "add"; asks where nothing was answered."""
    if table not in ADDABLE:
        return figures
    groups: defaultdict[Key, list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[key_of(table, figure)].append(figure)
    judge = _Judge(reader)
    several = {key: lines for key, lines in groups.items() if len(lines) > 1}
    parts = {key: lines for key, lines in several.items() if judge.may_be_parts(key, lines)}
    if not parts or answer == "leave":
        return figures
    if answer != "add":
        reader.faults.append(Fault("several_lines", reader.grid.sheet, params=_example(parts, reader)))
        return figures
    reader.faults.append(Fault("lines_added", reader.grid.sheet, params=_example(parts, reader)))
    kept: list[Figure] = []
    for key, lines in groups.items():
        kept += [_one(lines)] if key in parts else lines
    return kept


def reason(figure: Figure, reader: RowReader) -> str:
    """Why an added figure is marked, with the lines it comes from."""
    rows = ", ".join(str(reader.line(row)) for row in figure.lines)
    return cut(f"Added up from {len(figure.lines)} lines of the file: {rows}", LONGEST)


def lines_used(figures: Iterable[Figure]) -> int:
    """How many lines of the file the figures were made from."""
    return sum(len(figure.lines) or 1 for figure in figures)


class _Judge:
    """Says of lines with one key whether they could be parts of one figure, so that asking makes sense."""

    def __init__(self, reader: RowReader) -> None:
        self.reader = reader
        self.words: list[Column] = [one for one in reader.plan.columns if one.field_id in TELLING]
        self.mixed = {fault.row for fault in reader.faults if fault.code == "unit_mixed"}
        self.totals: dict[str, bool] = {}

    def may_be_parts(self, key: Key, lines: Sequence[Figure]) -> bool:
        """Whole lines in good order, alike in all but their amount and wording, none of them a total."""
        rows = {figure.row for figure in lines}
        return (
            lines[0].cells["sector"] not in TOTALS
            and key not in self.reader.unread
            and len(rows) == len(lines)
            and not any(self.reader.line(row) in self.mixed for row in rows)
            and _are_alike(lines)
            and not any(self._says_total(figure) for figure in lines)
            and not self._has_sum(lines)
            and self._told_apart(lines)
        )

    def _says_total(self, figure: Figure) -> bool:
        """Whether a word of the line says that it is the sum of others."""
        return any(self._is_total(self.reader.cell(figure.row, one.index)) for one in self.words)

    def _is_total(self, text: str) -> bool:
        if text not in self.totals:
            self.totals[text] = self.reader.context.vocabulary.find("sectors", text) in TOTALS
        return self.totals[text]

    def _has_sum(self, lines: Sequence[Figure]) -> bool:
        """Whether one line is the sum of at least two others: adding it would count them twice."""
        values = [value for figure in lines if (value := figure.values["value"])]
        whole, limit = _sum(values), Decimal(str(limit_of_sums(self.reader.context)))
        return len(values) > 2 and any(abs(whole - 2 * value) <= limit * abs(value) for value in values)

    def _told_apart(self, lines: Sequence[Figure]) -> bool:
        """Whether lines of one amount have a word each in some column; else they may be one line twice."""
        by_value: defaultdict[Decimal, list[Figure]] = defaultdict(list)
        for figure in lines:
            by_value[figure.values["value"]].append(figure)
        return all(
            len(same) == 1 or any(self._differ(same, column) for column in self.words)
            for same in by_value.values()
        )

    def _differ(self, lines: Sequence[Figure], column: Column) -> bool:
        """Digits do not count: a running number differs in every line."""
        words = {_wording(self.reader.cell(figure.row, column.index)) for figure in lines}
        return len(words) == len(lines) and "" not in words


def _sum(values: Iterable[Decimal]) -> Decimal:
    whole = Decimal(0)
    for value in values:
        whole = EXACT.add(whole, value)
    return whole


def _wording(text: str) -> str:
    return "".join(sign for sign in word_key(text) if sign.isalpha())


def _are_alike(lines: Sequence[Figure]) -> bool:
    """Whether the lines say the same of their area, kind of inventory, inhabitants and the like."""
    names = {name for figure in lines for name in figure.cells} - SETTLED
    people = {figure.values["population"] for figure in lines if "population" in figure.values}
    return len(people) < 2 and all(
        len({figure.cells.get(name, "") for figure in lines}) == 1 for name in names
    )


def _one(lines: Sequence[Figure]) -> Figure:
    """The figure of several lines: the first one's place, the exact sum, all that they say in words."""
    first = lines[0]
    figure = Figure(first.row, first.column, dict(first.cells), {}, dict(first.raw))
    figure.unit_from_row = first.unit_from_row
    figure.lines = tuple(line.row for line in lines)
    for line in lines:
        figure.values.update(line.values)
    figure.values["value"] = _sum(line.values["value"] for line in lines)
    for name, between in JOINED.items():
        said = dict.fromkeys(text for line in lines if (text := line.cells.get(name, "")))
        if said:
            figure.cells[name] = cut(between.join(said), LONGEST)
    return figure


def _example(parts: dict[Key, list[Figure]], reader: RowReader) -> dict[str, str]:
    """How many figures have several lines, and the first of them."""
    lines = next(iter(parts.values()))
    cells, catalogue = lines[0].cells, reader.context.catalogue
    values = [figure.values["value"] for figure in lines]
    shown = [plain(value) if value >= 0 else f"({plain(value)})" for value in values[:LISTED]]
    return {
        "count": str(len(parts)),
        "what": catalogue.sectors[cells["sector"]].title,
        "city": reader.context.places.by_id[cells["city"]].name,
        "year": cells["year"],
        "rows": _rows([figure.row for figure in lines], reader),
        "parts": " + ".join(shown + ["…"] * (len(values) > LISTED)),
        "sum": plain(_sum(values)),
        "unit": "t" if reader.plan.table == "emissions" else "MWh",
    }


def _rows(rows: Sequence[int], reader: RowReader) -> str:
    """The numbers the person sees for some rows, cut where they are very many."""
    shown = ", ".join(str(reader.line(row)) for row in rows[:LISTED])
    return shown + (" …" if len(rows) > LISTED else "")
