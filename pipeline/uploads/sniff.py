"""Says what a file is by what it holds. The ending of its name only counts against it where they differ."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

from pipeline.uploads.archive import BROKEN, opened
from pipeline.uploads.model import Fault
from pipeline.uploads.xmlparts import Refusal

#: First bytes -> the code of the refusal. The longest match counts.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "file_is_program"),
    (b"\x7fELF", "file_is_program"),
    (b"\xcf\xfa\xed\xfe", "file_is_program"),
    (b"\xca\xfe\xba\xbe", "file_is_program"),
    (b"#!", "file_is_program"),
    (b"%PDF", "file_is_pdf"),
    (b"{\\rtf", "file_is_document"),
    (b"\x89PNG", "file_is_picture"),
    (b"\xff\xd8\xff", "file_is_picture"),
    (b"GIF8", "file_is_picture"),
    (b"BM", "file_is_picture"),
    (b"II*\x00", "file_is_picture"),
    (b"MM\x00*", "file_is_picture"),
    (b"RIFF", "file_is_picture"),
    (b"\x1f\x8b", "file_is_packed"),
    (b"BZh", "file_is_packed"),
    (b"\xfd7zXZ\x00", "file_is_packed"),
    (b"(\xb5/\xfd", "file_is_packed"),
    (b"7z\xbc\xaf\x27\x1c", "file_is_packed"),
    (b"Rar!\x1a\x07", "file_is_packed"),
    (b"PAR1", "file_is_database"),
    (b"ARROW1", "file_is_database"),
    (b"SQLite format 3\x00", "file_is_database"),
    (b"\x00\x01\x00\x00Standard", "file_is_database"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
BLANKS = b" \t\r\n"
WEB_PAGE = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|table|\?xml|meta|script)\b", re.I | re.S
)

#: Two-letter starts that a text may well begin with: they only count when the file is no text.
SHORT = (b"MZ", b"BM", b"RIFF", b"PAR1", b"BZh", b"GIF8")

#: Endings of names -> what a file of that name has to be. Other endings say nothing.
ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xls": "xls",
    ".xlsm": "xlsm",
    ".geojson": "geojson",
    ".json": "geojson",
}


def kind_of(data: bytes, name: str = "") -> str | Fault:
    """csv, xlsx or geojson, else the fault that says what the file is instead.

    Text of any shape counts as csv. `name` is only compared: a file whose name says otherwise is refused,
    since nobody then knows which of the two was meant.
    """
    if not data.strip(BLANKS):
        return Fault("empty")
    kind = _by_content(data)
    if isinstance(kind, Fault):
        return kind
    ending = PurePosixPath(name.lower()).suffix
    if ENDINGS.get(ending, kind) == kind:
        return kind
    if kind == "xlsx":
        return Fault("name_hides_workbook", params={"ending": ending})
    if kind == "geojson":
        return Fault("name_hides_geojson", params={"ending": ending})
    return Fault("name_hides_text", params={"ending": ending})


def _by_content(data: bytes) -> str | Fault:
    if data.startswith(OLE):
        return _compound(data)
    if data.startswith(ZIP):
        return _archive(data)
    found = next((code for start, code in MAGIC if data.startswith(start) and start not in SHORT), "")
    if found:
        return Fault(found)
    if data[8:12] == b"DUCK":
        return Fault("file_is_database")
    if _is_binary(data):
        code = next((code for start, code in MAGIC if data.startswith(start)), "file_is_binary")
        return Fault(code)
    return _text(data)


def _compound(data: bytes) -> Fault:
    """The container of Office before 2007, which also wraps workbooks with a password."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Fault("file_has_password")
    for stream, code in (("Workbook", "file_is_old_excel"), ("Book", "file_is_old_excel")):
        if (stream + "\0").encode("utf-16-le") in data:
            return Fault(code)
    return Fault("file_is_document")


def _archive(data: bytes) -> str | Fault:
    try:
        with opened(data) as archive:
            names = {part.filename for part in archive.infolist()}
            if "[Content_Types].xml" not in names:
                with_type = "mimetype" in names and archive.getinfo("mimetype").file_size < 100
                is_sheet = with_type and b"opendocument.spreadsheet" in archive.read("mimetype")
                return Fault("file_is_opendocument" if is_sheet else "file_is_packed")
    except (Refusal, RuntimeError, *BROKEN):
        return Fault("file_broken")
    lower = {name.lower() for name in names}
    if any(name.endswith("vbaproject.bin") for name in lower) or any(
        "macrosheets/" in name for name in lower
    ):
        return Fault("file_has_macros")
    if "xl/workbook.bin" in lower:
        return Fault("file_is_binary_excel")
    if any(name.startswith(("word/", "ppt/")) for name in lower):
        return Fault("file_is_document")
    return "xlsx"


def _is_binary(data: bytes) -> bool:
    """Whether this cannot be text: many control signs, and no mark or pattern of two-byte text.

    A few of them are left for the decoder, which names their lines.
    """
    if data.startswith(MARKS[1:]) or two_byte_order(data):
        return False
    head = data[:4096]
    return sum(byte < 9 or 13 < byte < 32 for byte in head) > max(3, len(head) // 50)


def two_byte_order(data: bytes) -> str:
    """`utf-16-le` or `utf-16-be` for text of two bytes a sign that lacks the mark which would say so."""
    head = data[:4096]
    if len(data) % 2 or len(head) < 4:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd * 10 > len(head) * 3 and even * 50 < len(head):
        return "utf-16-le"
    return "utf-16-be" if even * 10 > len(head) * 3 and odd * 50 < len(head) else ""


def _text(data: bytes) -> str | Fault:
    body = data[3:] if data.startswith(MARKS[0]) else data
    first = body.lstrip(BLANKS)[:1]
    if WEB_PAGE.match(body[:2000]):
        return Fault("file_is_web_page")
    if first == b"{" and _is_json(body):
        return "geojson"
    if first == b"[" and _is_json(body):
        return Fault("file_is_other_json")
    return "csv"


def _is_json(body: bytes) -> bool:
    """Whether it begins as JSON does: broken JSON is still meant as JSON, not as a table."""
    if re.match(rb'\s*[\[{]\s*(?:"[^"\\]*(?:\\.[^"\\]*)*"\s*[:,\]]|[\[{\]}])', body[:5000]):
        return True
    try:
        json.loads(body[:100_000])
    except (ValueError, RecursionError):
        return False
    return True
