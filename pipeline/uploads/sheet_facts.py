"""What a person should know about a sheet before its figures count, once sheet and header row are known."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.uploads.cells_text import cell_name, column_letter, place_of
from pipeline.uploads.model import Fault, Grid
from pipeline.uploads.text import cut

#: Ranges, rows or cells named in one message.
NAMED = 8


def sheet_faults(grid: Grid, header_row: int, columns: Collection[int] | None = None) -> tuple[Fault, ...]:
    """Merged cells, formulas, error cells and what is hidden, from the header (counted from 1) downwards.

    What stands above the header is title and may be merged. `columns` are those that are used, from 0; None
    is all of them.
    """
    top = header_row - 1
    used = set(range(len(grid.rows[0]) if grid.rows else 0)) if columns is None else set(columns)
    noted = sorted(
        (place, note) for place, note in grid.notes.items() if place[0] >= top and place[1] in used
    )
    faults: list[Fault] = []
    ranges = [ref for ref in grid.merged if _reaches(ref, top, used)]
    if ranges:
        faults.append(Fault("merged_cells", grid.sheet, params={"ranges": _named(ranges)}))
    for (row, column), note in noted:
        if note in ("error", "formula_without_value"):
            code = "error_cell" if note == "error" else "formula_without_value"
            faults.append(
                Fault(
                    code,
                    grid.sheet,
                    row=row + 1,
                    column=_header(grid, top, column),
                    value=cut(grid.rows[row][column]),
                )
            )
    formulas = [cell_name(*place) for place, note in noted if note == "formula"]
    if formulas:
        params = {"count": str(len(formulas)), "cells": _named(formulas)}
        faults.append(Fault("formulas", grid.sheet, params=params))
    rows = [str(row) for row in grid.hidden_rows if row > top]
    if rows:
        faults.append(
            Fault("hidden_rows", grid.sheet, params={"count": str(len(rows)), "rows": _named(rows)})
        )
    letters = {column_letter(column) for column in used}
    hidden = [letter for letter in grid.hidden_columns if letter in letters]
    if hidden:
        faults.append(Fault("hidden_columns", grid.sheet, params={"columns": _named(hidden)}))
    return tuple(faults)


def _header(grid: Grid, top: int, column: int) -> str:
    """The header above a cell, else the letter of its column."""
    shown = cut(grid.rows[top][column]) if 0 <= top < len(grid.rows) else ""
    return shown or column_letter(column)


def _reaches(reference: str, top: int, used: Collection[int]) -> bool:
    """Whether a merged range reaches into the table: its rows from `top` down, its used columns."""
    first, _, last = reference.partition(":")
    begin, end = place_of(first), place_of(last)
    if begin is None or end is None:
        return True
    return end[0] >= top and any(begin[1] <= column <= end[1] for column in used)


def _named(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (" ..." if len(names) > NAMED else "")
