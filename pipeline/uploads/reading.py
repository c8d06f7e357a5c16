"""Reads one file inside the child process: what it is, then its table, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.uploads.limits import Caps
from pipeline.uploads.model import Content, Fault
from pipeline.uploads.sniff import kind_of
from pipeline.uploads.text import cut
from pipeline.uploads.wire import content_to_json
from pipeline.uploads.xmlparts import Refusal

#: Name, longitude and latitude of a city of the register, in degrees.
Place = tuple[str, float | None, float | None]
#: Longest piece of a file in the params of a fault, such as a list of sheets.
PARAM_SIGNS = 200

#: Faults a file may have and still be read whole.
NO_DAMAGE = frozenset({"encoding_question", "hidden_sheets"})


def read(
    path: str,
    name: str,
    encoding: str | None,
    delimiter: str | None,
    places: Sequence[Place],
    caps: dict[str, int],
) -> dict[str, Any]:
    """The content of a file as JSON; see :func:`pipeline.uploads.child.read_file`."""
    return content_to_json(
        content_of(Path(path).read_bytes(), name, encoding, delimiter, places, Caps(**caps))
    )


def content_of(
    data: bytes,
    name: str,
    encoding: str | None,
    delimiter: str | None,
    places: Sequence[Place],
    caps: Caps,
) -> Content:
    """What the bytes hold. Only modules that this kind of file needs are imported."""
    content = _content_of(data, name, encoding, delimiter, places, caps)
    return replace(content, faults=tuple(map(_shown, content.faults)))


def _shown(fault: Fault) -> Fault:
    """The fault with the pieces of the file it repeats cut, and without signs that nobody sees."""
    params = {key: cut(text, PARAM_SIGNS) for key, text in fault.params.items()}
    return replace(
        fault, sheet=cut(fault.sheet), column=cut(fault.column), value=cut(fault.value), params=params
    )


def _content_of(
    data: bytes, name: str, encoding: str | None, delimiter: str | None, places: Sequence[Place], caps: Caps
) -> Content:
    kind = kind_of(data, name)
    if isinstance(kind, Fault):
        return Content("", faults=(kind,))
    try:
        content = _read(kind, data, encoding, delimiter, places, caps)
    except Refusal as refusal:
        return Content(kind, faults=refusal.faults)
    is_sound = {fault.code for fault in content.faults} <= NO_DAMAGE
    if is_sound and all(sum(map(any, grid.rows)) < 2 for grid in content.grids):
        return Content(kind, faults=(Fault("empty"),))  # a header and nothing below it
    return content


def _read(
    kind: str, data: bytes, encoding: str | None, delimiter: str | None, places: Sequence[Place], caps: Caps
) -> Content:
    if kind == "xlsx":
        from pipeline.uploads.workbook import read_workbook

        return read_workbook(data, caps)
    if kind == "geojson":
        from pipeline.uploads.geojson import read_geojson

        return read_geojson(data, places, caps)
    return _text_table(data, encoding, delimiter, [place[0] for place in places], caps)


def _text_table(
    data: bytes, encoding: str | None, delimiter: str | None, names: Sequence[str], caps: Caps
) -> Content:
    from pipeline.uploads.decode import decode
    from pipeline.uploads.delimited import read_delimited

    decoded = decode(data, names, encoding)
    try:
        content = read_delimited(decoded.text, caps, delimiter)
    except Refusal as refusal:
        content = Content("csv", faults=refusal.faults)
    return replace(content, decodings=decoded.decodings, faults=(*decoded.faults, *content.faults))
