"""Files made to fill memory, stop the clock or reach outside: refused fast, and the server lives on."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.uploads.xmlparts import Refusal, parse
from tests.uploads.files.made import GOOD_SHEET, cell, codes, good_workbook, look_measured, workbook

#: What a refusal may cost; see the table of bad inputs.
SECONDS, BYTES = 3.0, 300_000_000

MEGABYTE = 1 << 20


def ten_million_cells() -> Iterator[bytes]:
    row = b"<row>" + b"<c><v>1</v></c>" * 1000 + b"</row>"
    yield b"<sheetData>"
    for _ in range(10_000):
        yield row
    yield b"</sheetData>"


def spaces() -> Iterator[bytes]:
    for _ in range(1024):
        yield b" " * MEGABYTE


def long_string() -> Iterator[bytes]:
    yield b"<si><t>"
    for _ in range(600):
        yield b"A" * MEGABYTE
    yield b"</t></si>"


def lying(data: bytes, part: bytes, size: int) -> bytes:
    """The archive with another unpacked size written for one part, in its list and before the part."""
    changed = bytearray(data)
    for mark, at_name, at_size in ((b"PK\x01\x02", 46, 24), (b"PK\x03\x04", 30, 22)):
        begin = data.find(mark)
        while begin >= 0:
            if data[begin + at_name :].startswith(part):
                changed[begin + at_size : begin + at_size + 4] = struct.pack("<I", size)
            begin = data.find(mark, begin + 4)
    return bytes(changed)


def nested() -> bytes:
    """An archive that says it is a workbook and holds the same large part under many names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(40):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b" " * MEGABYTE)
    return out.getvalue()


def crowd() -> bytes:
    return workbook({"S": GOOD_SHEET}, more={f"xl/media/{number}.bin": b"" for number in range(5000)})


REFERENCE = '<row><c t="s"><v>0</v></c></row>'
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "ten million cells": (lambda: workbook({"S": ten_million_cells()}), "workbook_too_big"),
    "1 GB of spaces": (lambda: workbook({"S": spaces()}), "workbook_too_big"),
    "600 MB in one string": (
        lambda: workbook({"S": f"<sheetData>{REFERENCE}</sheetData>"}, strings=long_string()),
        "workbook_too_big",
    ),
    "1 GB that says it is small": (
        lambda: lying(workbook({"S": spaces()}), b"xl/worksheets/sheet1.xml", 1000),
        "file_broken",
    ),
    "40 large parts": (nested, "workbook_too_big"),
    "5000 parts": (crowd, "archive_parts"),
}


@pytest.mark.matrix(40)
@pytest.mark.parametrize("case", BOMBS)
def test_bombs_are_refused_fast_and_small(tmp_path: Path, case: str) -> None:
    make, code = BOMBS[case]
    data = make()
    assert len(data) < 5 * MEGABYTE
    content, seconds, peak = look_measured(tmp_path, "a.xlsx", data)
    assert codes(content) == [code]
    assert content.grids == ()
    assert seconds < SECONDS
    assert 0 < peak < BYTES


@pytest.mark.matrix(40)
def test_as_many_cells_as_fit_below_the_limit_stay_within_the_childs(tmp_path: Path) -> None:
    """The largest sheets that pass the guard: refused or read, never more memory than the child may have."""
    row = "<row>" + "<c><v>7</v></c>" * 190 + "</row>"
    for body in (row * 6000, "<c/>" * 4_900_000, "<row/>" * 3_000_000):
        content, _seconds, peak = look_measured(
            tmp_path, "a.xlsx", workbook({"S": f"<sheetData>{body}</sheetData>"})
        )
        assert content.grids or set(codes(content)) <= {
            "too_many_cells",
            "file_too_heavy",
            "empty",
            "file_broken",
        }
        assert peak < 1 << 30


FAR = GOOD_SHEET.replace("</sheetData>", f'<row r="1048576">{cell("XFD1048576", 9)}</row></sheetData>')


@pytest.mark.matrix(41)
def test_far_cell_is_refused_by_name_and_the_server_lives_on(tmp_path: Path) -> None:
    server = os.getpid()
    data = workbook({"Figures": FAR})
    content, seconds, peak = look_measured(tmp_path, "a.xlsx", data)
    assert codes(content) == ["cell_too_far"]
    assert content.faults[0].params["cell"] == "XFD1048576"
    assert (content.faults[0].row, content.faults[0].column) == (1_048_576, "XFD")
    assert seconds < SECONDS
    assert peak < BYTES
    assert os.getpid() == server
    assert codes(look_measured(tmp_path, "a.xlsx", good_workbook())[0]) == []


@pytest.mark.matrix(41)
def test_lying_extent_and_formatted_far_cells_change_nothing(tmp_path: Path) -> None:
    far_but_blank = GOOD_SHEET.replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="3"/></row></sheetData>'
    )
    data = workbook({"S": f'<dimension ref="A1:XFD1048576"/>{far_but_blank}'})
    content, _, _ = look_measured(tmp_path, "a.xlsx", data)
    assert content.faults == ()
    assert len(content.grids[0].rows) == 3


LAUGHS = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.matrix(42)
@pytest.mark.parametrize(
    "head",
    [
        f'<!DOCTYPE l [<!ENTITY a "{"lol" * 10}">{LAUGHS}]>',
        '<!DOCTYPE l [<!ENTITY i SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE l [<!ENTITY i SYSTEM "http://127.0.0.1:9/x">]>',
        '<!DOCTYPE l SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE l [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>',
    ],
    ids=["laughs", "file", "network", "type elsewhere", "parameter"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_part(tmp_path: Path, head: str, encoding: str) -> None:
    good = good_workbook()
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for target in parts:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in parts.items():
                if name == target:
                    text = f'<?xml version="1.0" encoding="{encoding}"?>{head}' + body.decode().replace(
                        ">Vilnius<", ">&i;<"
                    )
                    body = text.encode(encoding)
                archive.writestr(name, body)
        content, seconds, peak = look_measured(tmp_path, "a.xlsx", out.getvalue())
        assert codes(content) == ["entities"], target
        assert "127.0.0.1" not in str(content)
        assert seconds < SECONDS
        assert peak < BYTES


@pytest.mark.matrix(42)
def test_declaration_across_a_piece_boundary_is_found(tmp_path: Path) -> None:
    """The guard reads 64 kB at a time; padding moves the declaration over every place of the boundary."""
    for shift in range(0, 12, 3):
        padding = "<!--" + "x" * (65_536 - 7 - shift) + "-->"
        data = workbook(
            {"S": GOOD_SHEET},
            more={"docProps/app.xml": f"{padding}<!DOCTYPE l><l/>".encode()},
        )
        assert codes(look_measured(tmp_path, "a.xlsx", data)[0]) == ["entities"]


@pytest.mark.matrix(42)
@pytest.mark.parametrize("text", ['<!DOCTYPE l [<!ENTITY i "x">]><l>&i;</l>', "<!DOCTYPE l><l/>"])
def test_reader_of_xml_refuses_entities_without_the_guard(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse([text.encode()], lambda _name, _attributes: None, lambda _name, _text: None)
    assert [fault.code for fault in caught.value.faults] == ["entities"]
