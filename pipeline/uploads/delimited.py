"""Reads text with separators (CSV and its relatives) as one grid, and names the lines where it goes wrong."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.uploads.limits import Caps
from pipeline.uploads.model import SHOWN_SIGNS, Content, Fault, Grid
from pipeline.uploads.xmlparts import Refusal

#: Separators in the order they are tried; the comma last, as it also stands in decimal numbers.
DELIMITERS = (";", "\t", "|", ",")

#: Rows looked at to find the separator.
SAMPLE_ROWS = 300

#: Longest cell: a longer one is a quotation mark that was never closed.
CELL_SIGNS = 32_767


def read_delimited(text: str, caps: Caps, choice: str | None = None) -> Content:
    """The table of a text file; `choice` is the separator a person chose."""
    told, text = _told_separator(text)
    delimiter = choice if choice in DELIMITERS else told or find_delimiter(text)
    rows: list[list[str]] = []
    lines: list[int] = []
    widths: list[int] = []
    faults: list[Fault] = []
    cells = 0
    for line, row in _rows(text, delimiter, faults, lines_before=1 if told else 0):
        width = len(row)
        while row and not row[-1].strip():
            row.pop()
        cells += len(row)
        if len(rows) >= caps.text_rows:
            raise Refusal(Fault("too_many_rows", row=line, params={"limit": str(caps.text_rows)}))
        if len(row) > caps.columns:
            raise Refusal(
                Fault(
                    "too_many_columns", row=line, params={"count": str(len(row)), "limit": str(caps.columns)}
                )
            )
        if cells > caps.cells:
            raise Refusal(Fault("too_many_cells", params={"limit": str(caps.cells)}))
        rows.append(row)
        widths.append(width)
        lines.append(line)
    while rows and not rows[-1]:
        rows.pop()
        lines.pop()
        widths.pop()
    if not rows:
        raise Refusal(*(faults or [Fault("empty")]))
    faults += _ragged(rows, lines, widths, caps.listed_faults)
    columns = max(map(len, rows))
    blank = ("",) * columns
    grid = Grid("", tuple((*row, *blank[len(row) :]) for row in rows), line_numbers=tuple(lines))
    return Content("csv", (grid,), delimiter=delimiter, faults=tuple(faults))


def _told_separator(text: str) -> tuple[str, str]:
    """The separator of a first line like `sep=;`, as Excel writes it, and the text after that line."""
    first, found, rest = text.partition("\n")
    first = first.strip().lower().strip('"')
    if found and first.startswith("sep=") and first[4:] in DELIMITERS:
        return first[4:], rest
    return "", text


def find_delimiter(text: str) -> str:
    """The separator that cuts most lines into the same number of pieces; `;` when none cuts any."""
    merits = {delimiter: _merit(text, delimiter) for delimiter in DELIMITERS}
    best = max(merits, key=lambda delimiter: merits[delimiter])
    return best if merits[best] > (0.0, 0) else DELIMITERS[0]


def _merit(text: str, delimiter: str) -> tuple[float, int]:
    """Share of the rows that have the most common number of cells above one, and that number."""
    sample = io.StringIO(text[: 1 << 20], newline="")
    widths: list[int] = []
    try:
        for row in csv.reader(sample, delimiter=delimiter):
            if any(cell.strip() for cell in row):
                widths.append(len(row))
            if len(widths) >= SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    common = Counter(width for width in widths if width > 1).most_common(1)
    if not common:
        return (0.0, 0)
    width, count = common[0]
    return (round(count / len(widths), 2), width)


def _rows(
    text: str, delimiter: str, faults: list[Fault], lines_before: int
) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row. Quotation marks that do not close end the reading with a fault."""
    csv.field_size_limit(CELL_SIGNS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line + lines_before, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            is_long = "field larger" in str(error)
            is_open = is_long or "unexpected end" in str(error)
            at = line if is_open else reader.line_num
            whole = "".join(_lines(text)[at - 1 : at])
            shown = whole[:SHOWN_SIGNS]
            if is_long and '"' not in whole:
                fault = Fault("cell_too_long", row=at + lines_before, params={"limit": str(CELL_SIGNS)})
                faults.append(fault)
            elif is_open:
                faults.append(Fault("quote_not_closed", row=at + lines_before, value=shown))
            else:
                faults.append(Fault("quote_misplaced", row=at + lines_before, value=shown))
            return


def _lines(text: str) -> list[str]:
    """Lines as the reader counts them: other signs that end a line in Unicode do not end one in a table."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _ragged(
    rows: Sequence[Sequence[str]], lines: Sequence[int], widths: Sequence[int], listed: int
) -> Iterator[Fault]:
    """Rows with more or fewer cells than the table has columns; `widths` count the blank cells at their ends.

    Title lines above the table are none of it: they fill at most half as many cells as the table has columns.
    """
    common = Counter(width for row, width in zip(rows, widths, strict=True) if row and width > 1).most_common(
        1
    )
    if not common:
        return
    columns = common[0][0]
    first = widths.index(columns)
    found = 0
    for number, (row, width) in enumerate(zip(rows, widths, strict=True)):
        is_title = number < first and 2 * sum(map(bool, row)) <= columns
        if not row or is_title or (width >= columns and len(row) <= columns):
            continue
        found += 1
        if found <= listed:
            params = {"count": str(width), "columns": str(columns)}
            yield Fault("ragged_row", row=lines[number], value=" | ".join(row)[:SHOWN_SIGNS], params=params)
    if found > listed:
        yield Fault("ragged_rows_more", params={"count": str(found), "listed": str(listed)})
