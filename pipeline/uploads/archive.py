"""The guard before a workbook is unpacked: a small zip archive can hold a thousand times its size.

What the archive says about itself is not believed: every part is unpacked in pieces and counted.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from pipeline.uploads.limits import Caps, megabytes
from pipeline.uploads.model import Fault
from pipeline.uploads.xmlparts import CHUNK, Refusal

#: What `zipfile` raises for archives that are cut, changed or made to mislead.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, OverflowError)

#: A document type or entity in XML, also where a sign takes two bytes.
DECLARATION = re.compile(
    rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)"
)
XML_ENDINGS = (".xml", ".rels", ".vml")


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive, with its list of parts read."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise Refusal(Fault("file_broken")) from error


def guard(data: bytes, caps: Caps) -> zipfile.ZipFile:
    """The opened archive, once all of it is known to be small, whole and free of traps.

    Raises `Refusal` otherwise.
    """
    archive = opened(data)
    parts = archive.infolist()
    if len(parts) > caps.parts:
        raise Refusal(Fault("archive_parts", params={"count": str(len(parts)), "limit": str(caps.parts)}))
    names = [part.filename for part in parts]
    if len({name.casefold() for name in names}) != len(names) or any(map(_leads_out, names)):
        raise Refusal(Fault("file_broken"))
    if any(part.flag_bits & 1 for part in parts):
        raise Refusal(Fault("file_has_password"))
    if sum(part.file_size for part in parts) > caps.expanded_bytes:
        raise _too_big(caps)
    left = caps.expanded_bytes
    for part in parts:
        is_xml = part.filename.lower().endswith(XML_ENDINGS)
        before = b""
        for chunk in pieces(archive, part.filename):
            left -= len(chunk)
            if left < 0:
                raise _too_big(caps)
            if is_xml and DECLARATION.search(before + chunk):
                raise Refusal(Fault("entities"))
            before = chunk[-32:]
    return archive


def pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part of the archive, unpacked bit by bit."""
    try:
        with archive.open(name) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except KeyError as error:
        raise Refusal(Fault("file_broken")) from error
    except (*BROKEN, RuntimeError) as error:
        raise Refusal(Fault("file_broken")) from error


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _too_big(caps: Caps) -> Refusal:
    return Refusal(Fault("workbook_too_big", params={"limit": megabytes(caps.expanded_bytes)}))
