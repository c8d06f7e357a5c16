"""Publishers' files are known by their shape alone, and what was edited in them is said in words."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipeline.catalogue import load_catalogue
from pipeline.uploads import official
from pipeline.uploads.explain import explain
from pipeline.uploads.official_shapes import ECRF, SHAPES, source_of, title_of, titles
from pipeline.uploads.wire import fault_from_json
from tests.sources import shapes
from tests.uploads.official import made


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child works in an empty folder of its own."""
    folder = tmp_path / "child"
    folder.mkdir()
    monkeypatch.chdir(folder)


def places(shape_id: str) -> list[str]:
    key = made.FOLLOWED.get(source_of(shape_id))
    return [key] if key else []


def test_every_shape_has_a_made_file() -> None:
    assert set(made.MAKERS) == {*SHAPES, ECRF} == set(titles())


@pytest.mark.parametrize("shape_id", [*SHAPES, ECRF])
def test_shape_is_recognised_whatever_the_name(shape_id: str, tmp_path: Path) -> None:
    path = made.MAKERS[shape_id](tmp_path)
    renamed = path.rename(tmp_path / "budget 2024 final.doc")
    assert made.recognised(renamed, tmp_path, "../../etc/x") == shape_id
    assert title_of(shape_id)


@pytest.mark.parametrize("shape_id", [*SHAPES, ECRF])
def test_recognised_file_is_read_and_adds_up(shape_id: str, tmp_path: Path) -> None:
    answer = made.read(made.MAKERS[shape_id](tmp_path), shape_id, places(shape_id))
    assert made.adds_up(answer)
    assert answer["tally"][1] > 0
    assert answer["counts"] == {}


@pytest.mark.parametrize("shape_id", ["cdp_citywide_2021", "uk_table", "smhi_sectors"])
def test_gzip_makes_no_difference(shape_id: str, tmp_path: Path) -> None:
    plain = made.MAKERS[shape_id](tmp_path)
    packed = made.zipped(plain)
    assert made.recognised(packed, tmp_path) == shape_id
    one, other = (made.read(path, shape_id, places(shape_id)) for path in (plain, packed))
    assert one["tally"] == other["tally"]
    assert one["tables"] == other["tables"]


def test_two_shapes_of_one_publisher_are_told_apart(tmp_path: Path) -> None:
    for shape_id, make in made.MAKERS.items():
        folder = tmp_path / shape_id
        folder.mkdir()
        assert made.recognised(make(folder), folder) == shape_id


NOT_OURS = {
    "own table": lambda d: shapes.table(d / "f.csv", [["Miestas", "Metai", "CO2"], ["Vilnius", 2020, 5]]),
    "empty": lambda d: shapes.table(d / "f.csv", []),
    "other json": lambda d: shapes.document(d / "f.json", [{"name": "Ort", "population": 5}]),
    "object json": lambda d: shapes.document(d / "f.json", {"type": "FeatureCollection", "features": []}),
    "workbook": lambda d: shapes.workbook(d / "f.xlsx", {"1_1": [["City", "Year"], ["Vilnius", 2020]]}),
    "other covenant sheet": lambda d: shapes.workbook(
        d / "f.xlsx", {"1": [["organisation_id", "gcom_id", "country_code"], ["1", "LT0009", "lt"]]}
    ),
    "half of the columns": lambda d: shapes.table(
        d / "f.csv", [["Account Number", "City", "Country"], [5, "x", "y"]]
    ),
    "other UK table": lambda d: shapes.workbook(
        d / "f.xlsx",
        {"1_1": [[], [], [], [], ["Local Authority Code", "Local Authority", "Calendar Year", "Homes"]]},
    ),
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_other_files_are_not_recognised(name: str, tmp_path: Path) -> None:
    assert made.recognised(NOT_OURS[name](tmp_path), tmp_path) is None


@pytest.mark.parametrize(
    "contents", [b"PK\x03\x04 no archive", b"\x1f\x8b cut", b"\xff\xfe\x00", b"[" * 100_000]
)
def test_broken_files_are_not_recognised(contents: bytes, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(contents)
    assert made.recognised(path, tmp_path) is None


def told(answer: dict[str, list[list[object]]]) -> list[str]:
    catalogue = load_catalogue()
    found = [explain(fault_from_json(fault), catalogue) for fault in answer["faults"]]
    assert all(words.severity == "error" for words in found)
    return [f"{words.code}: {words.text} {words.remedy}" for words in found]


def test_renamed_sheet_is_recognised_and_named(tmp_path: Path) -> None:
    path = shapes.c40(tmp_path / "f.xlsx", "Sheet1")
    assert made.recognised(path, tmp_path) == "c40_gpc"
    answer = made.read(path, "c40_gpc", ["NL|Testville"])
    (words,) = told(answer)
    assert words.startswith("official_sheet_renamed")
    assert "Sheet1" in words
    assert "GHG Dashboard Data - Inventory" in words
    assert answer["tally"] == [0, 0, 0, {}]
    assert answer["tables"] == {}


def test_all_missing_columns_are_named_with_the_nearest(tmp_path: Path) -> None:
    path = made.MAKERS["cdp_citywide_2021"](tmp_path)
    text = (
        path.read_text("utf-8").replace("Account Number", "Acount Number").replace("Gases Included", "Note")
    )
    path.write_text(text, "utf-8")
    assert made.recognised(path, tmp_path) == "cdp_citywide_2021"
    words = told(made.read(path, "cdp_citywide_2021", ["CDP:5"]))
    assert len(words) == 2
    assert "“Account Number” is missing" in words[0]
    assert "Acount Number" in words[0]
    assert "“Gases Included” is missing" in words[1]


def test_old_edition_names_its_own_column(tmp_path: Path) -> None:
    path = made.MAKERS["cdp_citywide_2016"](tmp_path)
    path.write_text(path.read_text("utf-8").replace("Current Population", "People"), "utf-8")
    (words,) = told(made.read(path, "cdp_citywide_2016", ["CDP:5"]))
    assert "“Current Population” is missing" in words


def test_row_deleted_above_the_header_is_named(tmp_path: Path) -> None:
    path = made.MAKERS["uk_workbook"](tmp_path)
    book = openpyxl.load_workbook(path)
    book["1_1"].delete_rows(1)
    book.save(path)
    assert made.recognised(path, tmp_path) == "uk_workbook"
    (words,) = told(made.read(path, "uk_workbook", ["E1"]))
    assert words.startswith("official_header_moved")
    assert "row 4" in words
    assert "row 5" in words


def test_sheet_of_reports_missing_is_named(tmp_path: Path) -> None:
    path = made.MAKERS["jrc_mycovenant_monitoring"](tmp_path)
    book = openpyxl.load_workbook(path)
    book.remove(book["3"])
    book.save(path)
    (words,) = told(made.read(path, "jrc_mycovenant_monitoring", ["LT0009"]))
    assert words.startswith("official_sheet_missing")
    assert "“3”" in words


def test_child_recognises_and_reads(tmp_path: Path) -> None:
    settings = made.project(tmp_path)
    path = made.zipped(made.MAKERS["cdp_citywide_2021"](tmp_path))
    shape_id = official.recognise(path, "anything.bin")
    assert shape_id == "cdp_citywide_2021"
    checked = official.read_official(settings, path, shape_id, name="CDP 2021.csv.gz")
    assert (checked.source_id, checked.cities) == ("cdp_citywide_2016_2021", ("testville",))
    assert checked.tally.accepted == 1
    assert checked.records == ()
    assert "CDP 2021.csv row 2" in Path(checked.tables["emissions"]).read_text("utf-8")


def test_report_of_a_file_says_what_becomes_of_its_rows_and_keeps_nothing(tmp_path: Path) -> None:
    settings = made.project(tmp_path)
    path = shapes.c40(tmp_path / "f.xlsx", BASIC="twelve")
    before = sorted(tmp_path.rglob("*"))
    text = official.report(settings, path)
    assert sorted(tmp_path.rglob("*")) == before
    assert "1 rows read = 0 accepted + 0 without a figure + 1 refused" in text
    assert "1 Cell of the publisher is no number (official_no_number)" in text
    assert "“twelve” cannot be read as a number" in text
    assert "known here" in official.report(settings, tmp_path / "absent.csv")
