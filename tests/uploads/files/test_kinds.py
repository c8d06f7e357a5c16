"""What a file is follows from what it holds; whatever is no table is refused with its right name."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from pipeline.catalogue import Catalogue, load_catalogue
from pipeline.uploads.explain import explain
from pipeline.uploads.model import Fault
from pipeline.uploads.sniff import kind_of
from tests.uploads.files.made import (
    GOOD_CSV,
    GOOD_SHEET,
    codes,
    good_workbook,
    look,
    look_here,
    only_fault,
    rows,
    workbook,
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, contents in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), contents)
    return out.getvalue()


def compound(stream: str) -> bytes:
    """The start and one directory entry of the container that Office used before 2007."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + stream.encode("utf-16-le") + bytes(2048)


OTHERS = {
    "program of Windows": (b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "file_is_program"),
    "program of Linux": (b"\x7fELF\x02\x01\x01" + bytes(200), "file_is_program"),
    "script": (b"#!/bin/sh\nrm -rf x\n", "file_is_program"),
    "pdf": (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "file_is_pdf"),
    "rtf": (b"{\\rtf1\\ansi Vilnius}", "file_is_document"),
    "word": (
        zipped(**{"[Content_Types]_dot_xml": b"<Types/>", "word__document_dot_xml": b"<a/>"}),
        "file_is_document",
    ),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "file_is_picture"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(100), "file_is_picture"),
    "bitmap": (b"BM" + bytes(100), "file_is_picture"),
    "zip with a table": (zipped(a_dot_csv=b"city;year\n"), "file_is_packed"),
    "gzip": (gzip.compress(GOOD_CSV.encode()), "file_is_packed"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(50), "file_is_packed"),
    "parquet": (b"PAR1" + bytes(range(256)) + b"PAR1", "file_is_database"),
    "sqlite": (b"SQLite format 3\x00" + bytes(100), "file_is_database"),
    "duckdb": (bytes(range(8)) + b"DUCK" + bytes(100), "file_is_database"),
    "web page named as a table": (b"<html><table><tr><td>1</td></tr></table></html>", "file_is_web_page"),
    "xml": (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "file_is_web_page"),
    "list in JSON": (b'[{"city": "Vilnius"}]', "file_is_other_json"),
    "noise": (bytes((7 * n * n + 13) % 256 for n in range(4096)), "file_is_binary"),
    "ods": (
        zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_dot_xml=b"<a/>"),
        "file_is_opendocument",
    ),
    "xlsb": (
        zipped(**{"[Content_Types]_dot_xml": b"<Types/>", "xl__workbook_dot_bin": b"\x83"}),
        "file_is_binary_excel",
    ),
}


@pytest.mark.matrix(4)
@pytest.mark.parametrize("case", OTHERS)
@pytest.mark.parametrize("name", ["figures.csv", "figures.xlsx", "figures"])
def test_other_kinds_are_refused_by_content(case: str, name: str, catalogue: Catalogue) -> None:
    data, code = OTHERS[case]
    fault = only_fault(look_here(name, data))
    assert fault.code == code
    assert explain(fault, catalogue).severity == "error"


@pytest.mark.matrix(4)
def test_program_named_as_table_is_refused_in_the_child_too(tmp_path: Path) -> None:
    assert only_fault(look(tmp_path, "x.csv", OTHERS["program of Windows"][0])).code == "file_is_program"


@pytest.mark.matrix(4)
@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("figures.csv", good_workbook(), "name_hides_workbook"),
        ("figures.xls", good_workbook(), "name_hides_workbook"),
        ("figures.XLSX", GOOD_CSV.encode(), "name_hides_text"),
        ("figures.xls", GOOD_CSV.encode(), "name_hides_text"),
        ("figures.geojson", GOOD_CSV.encode(), "name_hides_text"),
        ("figures.csv", b'{"type": "FeatureCollection", "features": []}', "name_hides_geojson"),
    ],
)
def test_name_that_says_otherwise_is_refused(name: str, data: bytes, code: str, catalogue: Catalogue) -> None:
    fault = only_fault(look_here(name, data))
    assert fault.code == code
    assert f".{name.rpartition('.')[2].lower()}" in explain(fault, catalogue).text


def test_kind_is_known_without_an_ending() -> None:
    assert kind_of(good_workbook(), "figures") == "xlsx"
    assert kind_of(GOOD_CSV.encode(), "figures.dat") == "csv"
    assert kind_of(b' {"type": "FeatureCollection", "features": [1]}') == "geojson"
    assert kind_of(GOOD_CSV.encode("utf-16-le")) == "csv"


def test_text_that_begins_like_a_program_is_text() -> None:
    for word in ("MZ", "BM", "RIFF", "PAR1"):
        assert kind_of(f"{word};year\nVilnius;2020\n".encode()) == "csv"


@pytest.mark.matrix(1)
@pytest.mark.parametrize(
    "data", [b"", b"   ", b"\r\n\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b";;;\n;;;\n", b"\t\n"]
)
def test_empty_text_is_refused(tmp_path: Path, data: bytes) -> None:
    assert only_fault(look(tmp_path, "empty.csv", data)).code == "empty"


@pytest.mark.matrix(1)
def test_empty_workbook_and_map_are_refused() -> None:
    assert only_fault(look_here("a.xlsx", workbook({"S": "<sheetData/>"}))).code == "empty"
    blanks = '<row r="1"><c r="A1" s="0"/><c r="B1" t="inlineStr"><is><t> </t></is></c></row>'
    data = workbook({"S": f"<sheetData>{blanks}</sheetData>"})
    assert only_fault(look_here("a.xlsx", data)).code == "empty"
    assert (
        only_fault(look_here("a.geojson", b'{"type": "FeatureCollection", "features": []}')).code == "empty"
    )


@pytest.mark.matrix(2)
@pytest.mark.parametrize("text", ["city;year;value\r\n", "city;year;value", "\n\ncity;year;value\n;;\n\n"])
def test_header_alone_is_refused(text: str) -> None:
    assert only_fault(look_here("header.csv", text.encode())).code == "empty"


@pytest.mark.matrix(2)
def test_header_alone_is_refused_in_a_workbook_too() -> None:
    data = workbook({"S": rows(("city", "year", "value")), "Words": rows(("unit",))})
    assert only_fault(look_here("a.xlsx", data)).code == "empty"


def test_json_that_is_no_map_is_refused() -> None:
    for data in (
        b'{"type": "Topology", "objects": {}}',
        b'{"city": "Vilnius"}',
        b'{"type": "FeatureCollection"}',
    ):
        assert only_fault(look_here("a.json", data)).code == "file_is_other_json"


@pytest.mark.matrix(38)
@pytest.mark.parametrize(
    ("stream", "code"),
    [
        ("Workbook\0", "file_is_old_excel"),
        ("Book\0", "file_is_old_excel"),
        ("EncryptedPackage\0", "file_has_password"),
        ("WordDocument\0", "file_is_document"),
    ],
)
def test_old_and_locked_files_are_refused_in_plain_words(
    stream: str, code: str, catalogue: Catalogue
) -> None:
    for name in ("a.xls", "a.xlsx", "a.csv"):
        fault = only_fault(look_here(name, compound(stream)))
        assert fault.code == code
        assert explain(fault, catalogue).remedy


@pytest.mark.matrix(38)
def test_locked_archive_is_refused() -> None:
    data = bytearray(good_workbook())
    begin = data.find(b"PK\x01\x02")
    while begin >= 0:
        data[begin + 8] |= 1  # the sign of a password in the list of parts
        begin = data.find(b"PK\x01\x02", begin + 4)
    assert only_fault(look_here("a.xlsx", bytes(data))).code == "file_has_password"


@pytest.mark.matrix(39)
def test_workbook_with_macros_is_refused(tmp_path: Path) -> None:
    with_program = workbook({"S": GOOD_SHEET}, more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    only_said = workbook({"S": GOOD_SHEET}, macro=".macroEnabled")
    old_macros = workbook({"S": GOOD_SHEET}, more={"xl/macrosheets/sheet1.xml": b"<a/>"})
    for data in (with_program, only_said, old_macros):
        for name in ("a.xlsx", "a.xlsm"):
            fault = look_here(name, data).faults[0]
            assert fault.code in ("file_has_macros", "name_hides_workbook")
        assert only_fault(look(tmp_path, "a.xlsx", data)).code == "file_has_macros"


@pytest.mark.matrix(43)
def test_workbook_cut_anywhere_is_refused() -> None:
    whole = good_workbook()
    for length in range(5, len(whole), 23):
        content = look_here("a.xlsx", whole[:length])
        assert content.grids == ()
        assert codes(content) in (["file_broken"], ["file_is_binary"])


@pytest.mark.matrix(43)
def test_cut_workbook_is_refused_in_the_child(tmp_path: Path) -> None:
    assert only_fault(look(tmp_path, "a.xlsx", good_workbook()[:-300])).code == "file_broken"


def test_faults_of_this_part_have_words_and_remedies(catalogue: Catalogue) -> None:
    for _data, code in OTHERS.values():
        told = explain(Fault(code), catalogue)
        assert told.title
        assert told.remedy
