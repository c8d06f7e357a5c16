"""The blank map behind the points, and where the browser gets it: from our own server, once.

The outlines are a few hundred kB. Put into the chart they would be sent again on every click; served under an
address that carries their hash they are sent once and kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline.basemap import DETAIL_FRAMES, FRAME

ROUTE = "/basemap/"
FILES = {"europe": "basemap.json", "detail": "basemap_detail.json"}


FRAMES: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "europe": (FRAME,),
    "detail": tuple(DETAIL_FRAMES.values()),
}
"""Where the outlines were cut: west, south, east, north in degrees."""
ON_THE_CUT = 0.002
"""Degrees; the outlines are rounded to two or three decimals."""


@cache
def _content(folder: Path, name: str) -> tuple[bytes, str]:
    """The outlines ready to draw and the first figures of their hash.

    Coasts and borders become lines of their own, without the straight edges where the map was cut: drawn with
    the areas they would show as a frame in the middle of the land.
    """
    document: dict[str, Any] = json.loads((folder / FILES[name]).read_bytes())
    lines: list[list[list[float]]] = []
    for feature in document["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            for ring in polygon:
                lines.extend(_without_cuts(ring, FRAMES[name]))
    document["features"].append(
        {"type": "Feature", "properties": {}, "geometry": {"type": "MultiLineString", "coordinates": lines}}
    )
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return body, hashlib.sha256(body).hexdigest()[:12]


def _without_cuts(
    ring: list[list[float]], frames: tuple[tuple[float, float, float, float], ...]
) -> Iterator[list[list[float]]]:
    """The parts of a ring that do not run along the edge of a frame."""
    part: list[list[float]] = []
    for start, end in pairwise(ring):
        if any(_along(start, end, frame) for frame in frames):
            if len(part) > 1:
                yield part
            part = []
        else:
            part = [*part, end] if part else [start, end]
    if len(part) > 1:
        yield part


def _along(start: list[float], end: list[float], frame: tuple[float, float, float, float]) -> bool:
    """Whether a step of an outline runs along the edge of the frame."""
    west, south, east, north = frame
    return any(
        abs(start[axis] - edge) < ON_THE_CUT and abs(end[axis] - edge) < ON_THE_CUT
        for axis, edge in ((0, west), (0, east), (1, south), (1, north))
    )


def address(folder: Path, name: str, base_path: str = "") -> str:
    """Where the browser finds these outlines; `base_path` is Streamlit's ``server.baseUrlPath``."""
    prefix = f"/{base_path.strip('/')}" if base_path.strip("/") else ""
    return f"{prefix}{ROUTE}{name}-{_content(folder, name)[1]}.json"


def served(folder: Path, file_name: str) -> bytes | None:
    """The body for a requested name; None when it is not exactly one of ours."""
    for name in FILES:
        body, digest = _content(folder, name)
        if file_name == f"{name}-{digest}.json":
            return body
    return None
