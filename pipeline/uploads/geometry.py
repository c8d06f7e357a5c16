"""Checks the geometry of one feature and finds a point within it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.uploads.limits import Caps
from pipeline.uploads.model import SHOWN_SIGNS, Fault

#: How many lists stand around a position, by kind of geometry.
DEPTHS = {"Point": 0, "MultiPoint": 1, "Polygon": 2, "MultiPolygon": 3}

#: Numbers a position may have: longitude, latitude and a height, which is not used.
POSITION_LENGTHS = (2, 3)


class Wrong(Exception):
    """A geometry that proves no place; `code` says why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Area:
    """Where the cities of the register lie, as cells of one degree. Without any, everything is inside."""

    cells: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, places: Sequence[tuple[str, float | None, float | None]]) -> Area:
        return cls(
            frozenset(
                (math.floor(longitude), math.floor(latitude))
                for _name, longitude, latitude in places
                if longitude is not None and latitude is not None
            )
        )

    def has(self, longitude: float, latitude: float) -> bool:
        """Whether a city of the register lies in the same cell of one degree or in one beside it."""
        if not self.cells:
            return True
        x, y = math.floor(longitude), math.floor(latitude)
        return any((x + dx, y + dy) in self.cells for dx in (-1, 0, 1) for dy in (-1, 0, 1))


def point_of(geometry: Any, number: int, area: Area, caps: Caps) -> tuple[float, float] | Fault:
    """Longitude and latitude of a point within the geometry of feature `number`, or what is wrong with it."""
    try:
        return _point_of(geometry, area, caps)
    except Wrong as wrong:
        code, params = wrong.code, {"feature": str(number), **wrong.params}
        return Fault(code, row=number + 1, value=wrong.params.get("shown", ""), params=params)


def _point_of(geometry: Any, area: Area, caps: Caps) -> tuple[float, float]:
    if geometry is None:
        raise Wrong("geometry_missing")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str) or kind not in DEPTHS:
        raise Wrong("geometry_kind", shown=str(kind or "")[:SHOWN_SIGNS].encode("ascii", "replace").decode())
    positions: list[tuple[float, float]] = []
    shape = _numbers(geometry.get("coordinates"), DEPTHS[kind], positions, caps)
    if not positions:
        raise Wrong("geometry_missing")
    _within_the_world(positions)
    if kind in ("Point", "MultiPoint"):
        count = len(positions)
        middle = (math.fsum(x for x, _ in positions) / count, math.fsum(y for _, y in positions) / count)
    else:
        middle = _within_area(shape if kind == "MultiPolygon" else [shape])
    _near_the_register(middle, area)
    return middle


def _numbers(value: Any, depth: int, positions: list[tuple[float, float]], caps: Caps) -> Any:
    """The coordinates as numbers, in lists as deep as the kind of geometry has them."""
    if not isinstance(value, list):
        raise Wrong("coordinates_misshapen")
    if depth:
        return [_numbers(part, depth - 1, positions, caps) for part in value]
    if len(value) not in POSITION_LENGTHS:
        raise Wrong("coordinates_misshapen")
    numbers = [_degrees(part) for part in value[:2]]
    if len(positions) >= caps.vertices:
        raise Wrong("geometry_too_detailed", limit=str(caps.vertices))
    positions.append((numbers[0], numbers[1]))
    return positions[-1]


def _degrees(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, str):
        raise Wrong("coordinates_misshapen")
    try:
        number = float(value)
    except ValueError as error:
        raise Wrong("coordinates_misshapen", shown=value[:SHOWN_SIGNS]) from error
    if not math.isfinite(number):
        raise Wrong("coordinates_misshapen", shown=value[:SHOWN_SIGNS])
    return number


def _within_the_world(positions: Sequence[tuple[float, float]]) -> None:
    for x, y in positions:
        if abs(x) <= 180 and abs(y) <= 90:
            continue
        shown = f"{x:g}, {y:g}"
        if abs(y) <= 180 and abs(x) <= 90:
            raise Wrong("axes_swapped", shown=shown, swapped=f"{y:g}, {x:g}")
        raise Wrong("other_grid_feature", shown=shown)


def _near_the_register(point: tuple[float, float], area: Area) -> None:
    x, y = point
    if area.has(x, y):
        return
    shown = f"{x:.4f}, {y:.4f}"
    if abs(y) <= 180 and abs(x) <= 90 and area.has(y, x):
        raise Wrong("axes_swapped", shown=shown, swapped=f"{y:.4f}, {x:.4f}")
    raise Wrong("place_outside", shown=shown)


def _within_area(polygons: list[list[list[tuple[float, float]]]]) -> tuple[float, float]:
    """A point inside the polygons, after checking that their rings are closed and do not cross."""
    import shapely

    for rings in polygons:
        if not rings:
            raise Wrong("geometry_missing")
        for ring in rings:
            if len(ring) < 4 or ring[0] != ring[-1]:
                raise Wrong("ring_open", shown=f"{ring[0][0]:g}, {ring[0][1]:g}" if ring else "")
    shape = shapely.MultiPolygon([(rings[0], rings[1:]) for rings in polygons])
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        _, _, at = reason.partition("[")
        raise Wrong("area_crosses_itself", shown=", ".join(at.rstrip("]").split()[:2]))
    point = shape.representative_point()
    return (float(point.x), float(point.y))
