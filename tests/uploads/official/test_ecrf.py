"""The Covenant's reporting workbook: figures by subsector, notation keys kept, sums of complete summaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pipeline.catalogue import load_catalogue
from pipeline.schema import FIGURES
from pipeline.uploads import ecrf, official
from pipeline.uploads.explain import explain
from pipeline.uploads.model import MUNICIPAL, Checked
from tests.uploads.official import made


def check(path: Path, tmp_path: Path, **more: object) -> Checked:
    assert official.recognise(path, "report.xlsx") == "ecrf"
    return official.read_official(made.project(tmp_path), path, "ecrf", name="report.xlsx", **more)  # type: ignore[arg-type]


def values(checked: Checked, level: str) -> dict[tuple[str, str], str]:
    return {
        (record.cells["sector_id"], record.cells["scope"]): record.cells["value"]
        for record in checked.records
        if record.cells["sector_level"] == level
    }


def test_summary_becomes_figures_of_the_city(tmp_path: Path) -> None:
    checked = check(made.ecrf(tmp_path / "f.xlsx"), tmp_path)
    assert (checked.source_id, checked.cities, checked.faults) == (MUNICIPAL, ("testville",), ())
    tally = checked.tally
    assert (tally.read, tally.accepted, tally.missing, dict(tally.refused)) == (
        10,
        6,
        3,
        {"official_not_in_total": 1},
    )
    assert values(checked, "sub_sector") == {
        ("residential_buildings", "1"): "100",
        ("residential_buildings", "2"): "50",
        ("commercial", "1"): "30",
        ("commercial", "2"): "20",
        ("transport_road", "1"): "200",
        ("transport_road", "2"): "2.5",
        ("landfill", "1"): "40",
        ("landfill", "3"): "7",
        ("land_use", "1"): "-12",
    }, "agriculture in stationary energy has no sector of its own and counts in the sum only"
    assert values(checked, "total") == {
        ("total", "1"): "363",
        ("total", "2"): "72.5",
        ("total", "3"): "7",
    } | {("total", "1+2+3"): "442.5"}


def test_sectors_add_up_to_the_total_of_each_scope(tmp_path: Path) -> None:
    checked = check(made.ecrf(tmp_path / "f.xlsx"), tmp_path)
    for (_, scope), total in values(checked, "total").items():
        parts = [float(value) for (_, of), value in values(checked, "sector").items() if of == scope]
        assert sum(parts) == pytest.approx(float(total))


def test_records_fit_our_columns_and_registry(tmp_path: Path) -> None:
    catalogue = load_catalogue()
    for record in check(made.ecrf(tmp_path / "f.xlsx"), tmp_path).records:
        cells = record.cells
        assert tuple(cells) == FIGURES["emissions"]
        assert cells["sector_id"] in catalogue.sectors
        assert cells["scope"] in catalogue.scopes
        assert cells["boundary_id"] in catalogue.boundaries
        assert cells["quality_id"] in catalogue.qualities
        assert cells["licence_id"] in catalogue.licences
        assert set(cells["flags"].split(";")) - {""} <= set(catalogue.flags)
        assert (cells["city_name"], cells["country_iso2"], cells["year"]) == ("Testville", "LT", "2022")
        assert cells["population_count"] == "50000"


def test_every_sector_of_the_map_is_in_the_registry() -> None:
    catalogue = load_catalogue()
    assert {*ecrf.OWN.values(), *ecrf.SECTORS.values(), ecrf.INSTITUTIONAL} <= set(catalogue.sectors)


def test_notation_keys_are_kept_and_never_zero(tmp_path: Path) -> None:
    checked = check(made.ecrf(tmp_path / "f.xlsx"), tmp_path)
    (note,) = {record.cells["note"] for record in checked.records if record.cells["sector_level"] == "total"}
    assert "IE: Institutional buildings and facilities (1)" in note
    assert "NO: " in note
    assert "C: Product use (1)" in note
    assert not [record for record in checked.records if record.cells["value"] == "0"]


def told(checked: Checked) -> list[tuple[str, str]]:
    catalogue = load_catalogue()
    found = [explain(fault, catalogue) for fault in checked.faults]
    for words in found:
        assert "{" not in words.text + words.remedy
    return [(words.code, words.text) for words in found]


def test_cell_that_is_no_number_is_named_and_leaves_the_sums_out(tmp_path: Path) -> None:
    rows = [*made.ECRF_ROWS, ("II.2", "Transportation", "Rail", "5 kt", "", "", "", "", "", "")]
    checked = check(made.ecrf(tmp_path / "f.xlsx", rows), tmp_path)
    ((code, words),) = told(checked)
    assert code == "official_ecrf_cell"
    assert "“5 kt”" in words
    assert "direct emissions" in words
    assert values(checked, "total") == {}
    assert checked.tally.refused == {"official_ecrf_cell": 1, "official_not_in_total": 1}


def test_formula_without_a_value_is_no_blank(tmp_path: Path) -> None:
    rows = [*made.ECRF_ROWS, ("II.2", "Transportation", "Rail", "=D4*2", "", "", "", "", "", "")]
    ((code, words),) = told(check(made.ecrf(tmp_path / "f.xlsx", rows), tmp_path))
    assert code == "official_ecrf_cell"
    assert "“=D4*2”" in words


def test_unknown_subsector_is_named(tmp_path: Path) -> None:
    rows = [*made.ECRF_ROWS, ("", "Transportation", "Space travel", 3, "", "", "", "", "", "")]
    ((code, words),) = told(check(made.ecrf(tmp_path / "f.xlsx", rows), tmp_path))
    assert code == "official_ecrf_subsector"
    assert "“Space travel”" in words


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"City name": "Testvile"}, "official_ecrf_city"),
        ({"Country": "Sweden"}, "official_ecrf_city"),
        ({"Inventory year": "soon"}, "official_ecrf_no_year"),
    ],
)
def test_city_and_year_have_to_be_there(about: Mapping[str, object], code: str, tmp_path: Path) -> None:
    checked = check(made.ecrf(tmp_path / "f.xlsx", about={**made.ECRF_ABOUT, **about}), tmp_path)
    assert [found for found, _ in told(checked)] == [code]
    assert checked.records == ()


def test_near_city_is_suggested_and_the_person_may_name_it(tmp_path: Path) -> None:
    path = made.ecrf(tmp_path / "f.xlsx", about={**made.ECRF_ABOUT, "City name": "Testvile"})
    ((_, words),) = told(check(path, tmp_path))
    assert "Testville (LT)" in words
    assert check(path, tmp_path, city_id="testville").cities == ("testville",)


def test_city_of_another_person_is_refused(tmp_path: Path) -> None:
    checked = check(made.ecrf(tmp_path / "f.xlsx"), tmp_path, cities=frozenset({"other"}))
    assert [code for code, _ in told(checked)] == ["official_ecrf_not_yours"]
    assert checked.records == ()


LAYOUTS: Mapping[str, Sequence[Sequence[object]]] = {
    "two header rows": (
        ("GPC ref. no.", "CRF sector", "CRF sub-sector", "Direct emissions", "", "Indirect emissions", "",
         "Emissions outside the boundary", "", "Explanation"),
        ("", "", "", "tCO2e", "Notation keys", "tCO2e", "Notation keys", "tCO2e", "Notation keys", ""),
    ),
    "one header row": (made.ECRF_HEADER,),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_editions_give_the_same_figures(name: str, tmp_path: Path) -> None:
    checked = check(made.ecrf(tmp_path / "f.xlsx", header=LAYOUTS[name]), tmp_path)
    assert values(checked, "total")["total", "1+2+3"] == "442.5"
    assert checked.tally.missing == 3


def test_rows_without_reference_are_known_by_their_names(tmp_path: Path) -> None:
    """Editions without the column of GPC references name sector and subsector in words."""
    rows = [("", *row[1:]) for row in made.ECRF_ROWS]
    checked = check(made.ecrf(tmp_path / "f.xlsx", rows), tmp_path)
    assert told(checked) == []
    assert values(checked, "total")["total", "1+2+3"] == "442.5"
    assert checked.tally.refused == {"official_not_in_total": 1}
