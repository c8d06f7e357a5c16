"""Makes the files of these tests, good and bad, at the moment they are needed; none of them is committed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.catalogue import load_catalogue
from pipeline.uploads.child import read_file, read_measured
from pipeline.uploads.limits import Caps, Limits
from pipeline.uploads.model import Choices, Content, Fault, Grid
from pipeline.uploads.reading import content_of
from tests.uploads.marks import not_plain

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

CONTENT_TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet{macro}.main+xml"/></Types>'
)
TOP = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
NAMES = (
    "Vilnius",
    "Kaunas",
    "Šiauliai",
    "Panevėžys",
    "Tauragė",
    "İstanbul",
    "İzmir",
    "Eskişehir",
    "Gümüşhane",
)
PLACES = [(name, 25.0 + number, 54.0) for number, name in enumerate(NAMES)]


def workbook(
    sheets: Mapping[str, str | Iterable[bytes]],
    *,
    strings: str | Iterable[bytes] = "",
    states: Mapping[str, str] | None = None,
    styles: str = "",
    is_1904: bool = False,
    macro: str = "",
    more: Mapping[str, bytes] | None = None,
) -> bytes:
    """A workbook from the XML within `<worksheet>` of each sheet; pieces of bytes are written as they are."""
    out = io.BytesIO()
    numbered = list(enumerate(sheets, start=1))
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    )
    for number, (name, kind) in enumerate((("sharedStrings", strings), ("styles", styles)), start=900):
        if kind:
            relations += f'<Relationship Id="rId{number}" Type="{OFFICE}/{name}" Target="{name}.xml"/>'
    state = states or {}
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{state.get(name, "visible")}" r:id="rId{n}"/>'
        for n, name in numbered
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES.format(macro=macro))
        archive.writestr("_rels/.rels", TOP)
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="{int(is_1904)}"/>'
            f"<sheets>{listed}</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        )
        if styles:
            archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
        _write(archive, "xl/sharedStrings.xml", strings, "sst")
        for n, name in numbered:
            _write(archive, f"xl/worksheets/sheet{n}.xml", sheets[name], "worksheet")
        for name, contents in (more or {}).items():
            archive.writestr(name, contents)
    return out.getvalue()


def _write(archive: zipfile.ZipFile, name: str, body: str | Iterable[bytes], element: str) -> None:
    if not body:
        return
    if isinstance(body, str):
        archive.writestr(name, f'<{element} xmlns="{MAIN}">{body}</{element}>')
        return
    with archive.open(name, "w") as file:
        file.write(f'<{element} xmlns="{MAIN}">'.encode())
        for piece in body:
            file.write(piece)
        file.write(f"</{element}>".encode())


def cell(place: str, value: object, style: int = 0) -> str:
    """One cell: a number as number, all else as text."""
    if isinstance(value, int | float):
        return f'<c r="{place}" s="{style}"><v>{value}</v></c>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{value}</t></is></c>'


def rows(*lines: Iterable[object]) -> str:
    """Sheet data from lists of values; None leaves the cell out."""
    body = ""
    for number, line in enumerate(lines, start=1):
        cells = "".join(
            cell(f"{chr(65 + column)}{number}", value)
            for column, value in enumerate(line)
            if value is not None
        )
        body += f'<row r="{number}">{cells}</row>'
    return f"<sheetData>{body}</sheetData>"


GOOD_SHEET = rows(("city", "year", "value"), ("Vilnius", 2020, 1234.5), ("Kaunas", 2020, 99))
GOOD_CSV = "city;year;value\r\nVilnius;2020;1234,5\r\nKaunas;2020;99\r\n"


def good_workbook() -> bytes:
    return workbook({"Figures": GOOD_SHEET})


def keep(folder: Path, data: bytes) -> Path:
    """The bytes as a file of a name that says nothing, as in quarantine."""
    path = folder / "raw"
    path.write_bytes(data)
    return path


def look(folder: Path, name: str, data: bytes, choices: Choices | None = None) -> Content:
    """The content as the child process reads it."""
    return read_file(keep(folder, data), name, choices)


def look_measured(folder: Path, name: str, data: bytes) -> tuple[Content, float, int]:
    """The same with the processor seconds and the most bytes the child held."""
    content, outcome = read_measured(keep(folder, data), name)
    return content, outcome.cpu_seconds, outcome.peak_bytes


def look_here(
    name: str,
    data: bytes,
    encoding: str | None = None,
    delimiter: str | None = None,
    caps: Caps | None = None,
) -> Content:
    """The content as read in this process, for tests of many files."""
    return content_of(data, name, encoding, delimiter, PLACES, caps or Limits().caps)


def codes(content: Content) -> list[str]:
    return [fault.code for fault in content.faults]


def only_fault(content: Content) -> Fault:
    """The one thing wrong with a file, of which nothing may have been used."""
    assert len(content.faults) == 1, content.faults
    assert content.grids == ()
    assert not_plain(content.faults[0], load_catalogue()) == set()
    return content.faults[0]


def only_grid(content: Content) -> Grid:
    """The one table of a file with nothing wrong."""
    assert content.faults == ()
    assert len(content.grids) == 1
    return content.grids[0]
