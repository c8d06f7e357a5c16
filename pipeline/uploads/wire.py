"""What has been read from a file, as JSON between the child process and the server, and back.

The server does not trust the child: whatever is not exactly what :func:`content_to_json` makes is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.uploads.model import Content, Decoding, Fault, Grid

#: One sign a cell: what it is beyond text. Capital where the workbook stores a number.
SIGNS: Mapping[str, str] = {
    ".": "",
    "f": "formula",
    "w": "formula_without_value",
    "e": "error",
    "d": "date",
    "b": "boolean",
    "p": "percent",
}
SIGN_OF = {note: sign for sign, note in SIGNS.items()}
KINDS = frozenset({"", "csv", "xlsx", "geojson"})


class Misshapen(ValueError):
    """The child answered something that is no content."""


def content_to_json(content: Content) -> dict[str, Any]:
    return {
        "kind": content.kind,
        "grids": [_grid_to_json(grid) for grid in content.grids],
        "decodings": [[way.encoding, list(way.sample)] for way in content.decodings],
        "delimiter": content.delimiter,
        "faults": [fault_to_json(fault) for fault in content.faults],
    }


def content_from_json(value: object) -> Content:
    found = _mapping(value)
    kind = _text(found.get("kind"))
    if kind not in KINDS:
        raise Misshapen(f"kind {kind[:20]!r}")
    return Content(
        kind=kind,
        grids=tuple(_grid_from_json(grid) for grid in _list(found.get("grids"))),
        decodings=tuple(
            Decoding(_text(way[0]), tuple(_text(line) for line in _list(way[1])))
            for way in map(_list, _list(found.get("decodings")))
        ),
        delimiter=_text(found.get("delimiter")),
        faults=tuple(fault_from_json(fault) for fault in _list(found.get("faults"))),
    )


def fault_to_json(fault: Fault) -> list[object]:
    return [fault.code, fault.sheet, fault.row, fault.column, fault.value, dict(fault.params)]


def fault_from_json(value: object) -> Fault:
    code, sheet, row, column, shown, params = _list(value, 6)
    return Fault(
        code=_text(code),
        sheet=_text(sheet),
        row=None if row is None else _whole(row),
        column=_text(column),
        value=_text(shown),
        params={_text(key): _text(part) for key, part in _mapping(params).items()},
    )


def _grid_to_json(grid: Grid) -> dict[str, Any]:
    """Rows as signs and cells, without the blanks at their end."""
    rows: list[list[str]] = []
    for number, cells in enumerate(grid.rows):
        width = len(cells)
        while width and not cells[width - 1] and (number, width - 1) not in grid.notes:
            width -= 1
        signs = "".join(_sign(grid, (number, column)) for column in range(width))
        rows.append([signs.rstrip("."), *cells[:width]])
    return {
        "sheet": grid.sheet,
        "width": max(map(len, grid.rows), default=0),
        "rows": rows,
        "merged": list(grid.merged),
        "hidden_rows": list(grid.hidden_rows),
        "hidden_columns": list(grid.hidden_columns),
        "is_hidden": grid.is_hidden,
        "line_numbers": list(grid.line_numbers),
    }


def _sign(grid: Grid, place: tuple[int, int]) -> str:
    sign = SIGN_OF[grid.notes.get(place, "")]
    if place not in grid.numeric:
        return sign
    return "n" if sign == "." else sign.upper()


def _grid_from_json(value: object) -> Grid:
    found = _mapping(value)
    width = _whole(found.get("width"))
    seen: dict[str, str] = {}
    blank: tuple[str, ...] = ("",) * width
    rows: list[tuple[str, ...]] = []
    notes: dict[tuple[int, int], str] = {}
    numeric: set[tuple[int, int]] = set()
    for number, row in enumerate(_list(found.get("rows"))):
        signs, *cells = map(_text, _list(row))
        if len(cells) > width or len(signs) > len(cells):
            raise Misshapen("a row is wider than its sheet")
        # Equal cells share one text: most columns repeat a few words.
        rows.append(tuple(seen.setdefault(cell, cell) for cell in cells) + blank[len(cells) :])
        for column, sign in enumerate(signs):
            if sign == ".":
                continue
            if sign.isupper() or sign == "n":
                numeric.add((number, column))
            note = "" if sign == "n" else SIGNS.get(sign.lower())
            if note is None:
                raise Misshapen(f"sign {sign!r}")
            if note:
                notes[number, column] = note
    return Grid(
        sheet=_text(found.get("sheet")),
        rows=tuple(rows),
        notes=notes,
        numeric=frozenset(numeric),
        merged=tuple(map(_text, _list(found.get("merged")))),
        hidden_rows=tuple(map(_whole, _list(found.get("hidden_rows")))),
        hidden_columns=tuple(map(_text, _list(found.get("hidden_columns")))),
        is_hidden=found.get("is_hidden") is True,
        line_numbers=tuple(map(_whole, _list(found.get("line_numbers")))),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Misshapen(f"{type(value).__name__} where a text belongs")
    if not value.isascii():
        value.encode()  # half a surrogate pair would break whoever writes it later
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Misshapen(f"{type(value).__name__} where a number belongs")
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Misshapen(f"{type(value).__name__} where named values belong")
    return value


def _list(value: object, length: int | None = None) -> Sequence[Any]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise Misshapen(f"{type(value).__name__} where a list belongs")
    return value
