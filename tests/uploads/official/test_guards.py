"""Traps in the shape of a publisher's file meet the same guard as any other, and the server stays well."""

from __future__ import annotations

import gzip
import os
import re
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from pipeline.sources import c40_gpc
from pipeline.uploads import official
from pipeline.uploads.model import Checked
from tests.sources import shapes
from tests.uploads.official import made


def with_part(path: Path, target: Path, name: str, contents: bytes) -> Path:
    """A copy of a workbook with one part replaced or added."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, contents)
    return target


def sheet_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml")


def both(path: Path, tmp_path: Path, shape_id: str = "c40_gpc") -> tuple[str | None, Checked]:
    """What recognising says, and what reading says to somebody who insists on the shape."""
    settings = made.project(tmp_path)
    return official.recognise(path, "f.xlsx"), official.read_official(settings, path, shape_id, name="f.xlsx")


@pytest.fixture
def real(tmp_path: Path) -> Path:
    return shapes.c40(tmp_path / "real.xlsx", Population=100)


def test_zip_bomb_in_official_shape_is_refused(real: Path, tmp_path: Path) -> None:
    bomb = with_part(real, tmp_path / "b.xlsx", "xl/media/bomb.bin", b"\0" * 130_000_000)
    assert bomb.stat().st_size < 1_000_000
    started = time.monotonic()
    shape, checked = both(bomb, tmp_path)
    assert time.monotonic() - started < 20
    assert shape is None
    assert [fault.code for fault in checked.faults] == ["workbook_too_big"]
    assert checked.tables == {}


def test_entities_in_official_shape_are_refused(real: Path, tmp_path: Path) -> None:
    xml = sheet_of(real).replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)
    shape, checked = both(with_part(real, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", xml), tmp_path)
    assert shape is None
    assert [fault.code for fault in checked.faults] == ["entities"]


def test_far_cell_does_not_stop_the_server(real: Path, tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="A1048576"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    xml = sheet_of(real).replace(b"</sheetData>", far)
    before = os.getpid()
    shape, checked = both(with_part(real, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", xml), tmp_path)
    assert os.getpid() == before
    assert shape == "c40_gpc"
    assert (checked.tally.accepted, checked.tally.refused) == (1, {"country_outside": 1})


def test_rows_beyond_the_stated_size_of_a_sheet_are_counted(tmp_path: Path) -> None:
    """A workbook may say that its sheet ends above the last rows; they are read all the same."""
    path = shapes.c40(tmp_path / "real.xlsx", Population=100)
    book = openpyxl.load_workbook(path)
    page = book[c40_gpc.SHEET]
    for year in (2017, 2018):
        row = [cell.value for cell in page[2]]
        row[4] = year
        page.append(row)
    book.save(path)
    xml = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:P2"', sheet_of(path))
    shape, checked = both(with_part(path, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", xml), tmp_path)
    assert shape == "c40_gpc"
    assert (checked.tally.read, checked.tally.accepted) == (3, 3)


def test_truncated_workbook_is_refused(real: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(real.read_bytes()[:-200])
    shape, checked = both(cut, tmp_path)
    assert shape is None
    assert checked.counts == {"file_broken": 1}


def test_gzip_bomb_is_refused(tmp_path: Path) -> None:
    path = shapes.uk_csv(tmp_path / "f.csv")
    bomb = tmp_path / "f.csv.gz"
    bomb.write_bytes(gzip.compress(path.read_bytes() + b"2019,TST,Test" + b" " * 130_000_000, 1))
    shape, checked = both(bomb, tmp_path, "uk_table")
    assert shape is None
    assert checked.counts == {"official_too_big": 1}


def test_nested_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(b'[{"name":"Ort","sectors":' * 50_000)
    shape, checked = both(path, tmp_path, "smhi_sectors")
    assert shape is None
    assert set(checked.counts) <= {"official_unreadable", "file_unreadable"}
    assert checked.counts


def test_file_over_the_official_limit_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    with path.open("wb") as file:
        file.truncate(official.OFFICIAL_BYTES + 1)
    assert official.recognise(path, "f.csv") is None


def test_names_and_markup_are_kept_as_text(tmp_path: Path) -> None:
    """A script in a city's name goes nowhere but into a quoted cell, and the label of a file is no path."""
    settings = made.project(tmp_path)
    path = shapes.c40(tmp_path / "f.xlsx", BASIC="<script>alert(1)</script>\u202e", City="Testville")
    checked = official.read_official(settings, path, "c40_gpc", name="../../../etc/cron.d/x.csv")
    fault = checked.faults[-1]
    assert fault.code == "official_no_number"
    assert fault.sheet == c40_gpc.SHEET
    assert "\u202e" not in fault.value
    assert not (tmp_path / "etc").exists()
