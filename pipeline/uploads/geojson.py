"""Reads GeoJSON: one row a feature, its properties as columns; the geometry only proves the place.

Every geometry is checked before it counts, and stands in the table as one point that lies within it
(`_longitude_deg`, `_latitude_deg`), so that it can be compared with where the register has the city.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.uploads.cells_text import plain_number
from pipeline.uploads.geometry import Area, point_of
from pipeline.uploads.limits import Caps
from pipeline.uploads.model import SHOWN_SIGNS, Content, Fault, Grid
from pipeline.uploads.xmlparts import Refusal

LONGITUDE, LATITUDE = "_longitude_deg", "_latitude_deg"

#: Strings, which may hold brackets, or brackets.
BRACKETS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[{]|[\]}]', re.S)

#: Names of the one grid GeoJSON uses, longitude and latitude of WGS 84, as files still write it.
USUAL_GRID = re.compile(r"(CRS:?84|4326)$", re.I)
SURROGATE = re.compile("[\ud800-\udfff]")


class Figure(str):
    """A number of the file as it is written there."""

    __slots__ = ()


@dataclass(slots=True)
class Table:
    """The rows as they grow; columns in the order in which features first name them."""

    columns: dict[str, int] = field(default_factory=dict)
    rows: list[dict[int, str]] = field(default_factory=list)
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    numeric: set[tuple[int, int]] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def put(self, name: str, text: str, note: str = "", is_number: bool = False) -> None:
        column = self.columns.setdefault(name, len(self.columns))
        self.rows[-1][column] = text
        place = (len(self.rows), column)  # row 0 is the header
        if note:
            self.notes[place] = note
        if is_number:
            self.numeric.add(place)

    def grid(self) -> Grid:
        width = len(self.columns)
        body = (tuple(row.get(column, "") for column in range(width)) for row in self.rows)
        return Grid("", (tuple(self.columns), *body), notes=self.notes, numeric=frozenset(self.numeric))


def read_geojson(
    data: bytes, places: Sequence[tuple[str, float | None, float | None]], caps: Caps
) -> Content:
    """The features as a table. Raises `Refusal` when the file as a whole cannot be used."""
    features = _features(_parsed(data, caps))
    if not features:
        raise Refusal(Fault("empty"))
    if len(features) > caps.features:
        raise Refusal(Fault("too_many_rows", params={"limit": str(caps.features)}))
    area = Area.of(places)
    table = Table()
    for number, feature in enumerate(features, start=1):
        table.rows.append({})
        _add(table, feature, number, area, caps)
        if len(table.columns) > caps.columns:
            count = str(len(table.columns))
            raise Refusal(
                Fault("too_many_columns", row=number + 1, params={"count": count, "limit": str(caps.columns)})
            )
        if len(table.columns) * len(table.rows) > caps.cells:
            raise Refusal(Fault("too_many_cells", params={"limit": str(caps.cells)}))
    return Content("geojson", (table.grid(),), faults=tuple(table.faults))


def _parsed(data: bytes, caps: Caps) -> Any:
    depth = 0
    for found in BRACKETS.finditer(data):
        sign = found[0]
        depth += sign in b"[{" if len(sign) == 1 else 0
        depth -= sign in b"]}" if len(sign) == 1 else 0
        if depth > caps.depth:
            raise Refusal(Fault("json_too_deep", params={"limit": str(caps.depth)}))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        fault = Fault(
            "bad_byte", row=line, value=f"byte {data[error.start]:02X}", params={"encoding": "UTF-8"}
        )
        raise Refusal(fault) from error
    try:
        return json.loads(
            text,
            parse_float=Figure,
            parse_int=Figure,
            parse_constant=_not_a_number,
            object_pairs_hook=_without_doubles,
        )
    except json.JSONDecodeError as error:
        shown = text[max(0, error.pos - 20) : error.pos + 20].replace("\n", " ").strip()
        params = {"sign": str(error.colno)}
        raise Refusal(Fault("json_broken", row=error.lineno, value=shown, params=params)) from error
    except RecursionError as error:
        raise Refusal(Fault("json_too_deep", params={"limit": str(caps.depth)})) from error


def _not_a_number(word: str) -> None:
    raise Refusal(Fault("json_not_finite", value=word))


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise Refusal(Fault("json_double_name", value=_one_line(double)))
    return found


def _features(value: Any) -> list[Any]:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in ("FeatureCollection", "Feature"):
        raise Refusal(Fault("file_is_other_json"))
    grid = value.get("crs")
    if grid is not None:
        properties = grid.get("properties") if isinstance(grid, dict) else None
        name = properties.get("name") if isinstance(properties, dict) else None
        if not isinstance(name, str) or not USUAL_GRID.search(name.strip()):
            raise Refusal(Fault("other_grid", value=_one_line(str(name or ""))))
    features = [value] if kind == "Feature" else value.get("features")
    if not isinstance(features, list):
        raise Refusal(Fault("file_is_other_json"))
    return features


def _add(table: Table, feature: Any, number: int, area: Area, caps: Caps) -> None:
    """One feature: its properties as cells, its geometry as a point."""
    row = number + 1
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        table.faults.append(Fault("feature_misshapen", row=row, params={"feature": str(number)}))
        return
    properties = feature.get("properties")
    if properties is not None and not isinstance(properties, dict):
        table.faults.append(Fault("feature_misshapen", row=row, params={"feature": str(number)}))
        properties = None
    for name, value in (properties or {}).items():
        shown = _one_line(name)
        if shown in (LONGITUDE, LATITUDE):
            continue
        if isinstance(value, dict | list):
            fault = Fault("property_nested", row=row, column=shown, params={"feature": str(number)})
            table.faults.append(fault)
        elif value is not None:
            _put(table, shown, value, row, number)
    found = point_of(feature.get("geometry"), number, area, caps)
    if isinstance(found, Fault):
        table.faults.append(found)
    else:
        for column, degrees in zip((LONGITUDE, LATITUDE), found, strict=True):
            table.put(column, plain_number(f"{degrees:.6f}") or "", is_number=True)


def _put(table: Table, name: str, value: Any, row: int, number: int) -> None:
    if isinstance(value, bool):
        table.put(name, str(value).upper(), note="boolean")
    elif isinstance(value, Figure):
        plain = plain_number(value)
        if plain is None and not math.isfinite(float(value)):
            shown = str(value)[:SHOWN_SIGNS]
            table.faults.append(
                Fault("number_not_finite", "", row, name, shown, params={"feature": str(number)})
            )
        table.put(name, plain or str(value), is_number=plain is not None)
    else:
        text = str(value)
        if SURROGATE.search(text) or "\0" in text:
            table.faults.append(Fault("feature_misshapen", row=row, params={"feature": str(number)}))
            text = SURROGATE.sub("\ufffd", text).replace("\0", "")
        table.put(name, text)


def _one_line(text: str) -> str:
    """A name as one line, cut, without signs that cannot be written."""
    return " ".join(SURROGATE.sub("\ufffd", text).split())[:SHOWN_SIGNS]
