"""Every row of a publisher's file is accepted, missing or refused for a reason, whatever stands in it."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalogue import load_catalogue
from pipeline.schema import FIGURES
from pipeline.sources import account, c40_gpc, cdp_citywide, gcom_mycovenant, smhi, tables, uk_local_authority
from pipeline.uploads import official
from pipeline.uploads.explain import explain
from pipeline.uploads.model import Checked
from pipeline.uploads.wire import fault_from_json
from tests.sources import shapes
from tests.uploads.marks import not_plain
from tests.uploads.official import made


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "child"
    folder.mkdir()
    monkeypatch.chdir(folder)


def figures(answer: Mapping[str, Any], table: str = "emissions") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer["tables"].get(table, ""))))


CDP_HEADER = [*cdp_citywide.NEEDED, "Accounting year", cdp_citywide.BOUNDARY, *cdp_citywide.COLUMNS_2021]
#: Kind of row -> cells that make it so, and what has to become of it.
CDP_ROWS: Mapping[str, tuple[Mapping[str, object], str]] = {
    "good": ({}, account.ACCEPTED),
    "elsewhere": ({"Country": "Brazil"}, account.COUNTRY_OUTSIDE),
    "elsewhere and garbled": ({"Country": "Brazil", "Population": "many"}, account.COUNTRY_OUTSIDE),
    "unknown": ({"Account Number": 77}, account.PLACE_UNKNOWN),
    "unknown and garbled": ({"Account Number": 77, "Population": "many"}, account.PLACE_UNKNOWN),
    "not yours": ({"Account Number": 6}, account.NOT_YOURS),
    "no inventory": ({"Accounting year": ""}, account.MISSING),
    "zero": ({next(iter(cdp_citywide.COLUMNS_2021)): 0}, account.MISSING),
    "partly": ({cdp_citywide.BOUNDARY: "Smaller – covers only part of the city"}, account.NOT_WHOLE_CITY),
    "decimal comma": ({next(iter(cdp_citywide.COLUMNS_2021)): "12,5"}, "official_no_number"),
    "words": ({"Population": "many"}, "official_no_number"),
    "infinite": ({next(iter(cdp_citywide.COLUMNS_2021)): "1e400"}, "official_no_number"),
    "no year": ({"Accounting year": "last year"}, "official_no_year"),
}


def cdp_line(kind: str, place: int) -> list[object]:
    """One row; `place` makes its year its own, so that no two good rows give one figure."""
    row: dict[str, object] = {
        "Year Reported to CDP": 2021,
        "Account Number": 5,
        "Organization": "City of Test",
        "Country": "Lithuania",
        "Gases Included": "CO2",
        "Population": 1000,
        "Accounting year": str(1950 + place),
        next(iter(cdp_citywide.COLUMNS_2021)): 30 + place,
    }
    return shapes.filled(CDP_HEADER, row | dict(CDP_ROWS[kind][0]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([*CDP_ROWS, "ragged", "again"]), max_size=40))
def test_any_mixture_of_rows_adds_up(kinds: list[str]) -> None:
    lines: list[list[object]] = []
    expected: Counter[str] = Counter()
    for place, kind in enumerate(kinds):
        if kind == "ragged":
            lines.append([*cdp_line("good", place), "one cell too many"])
            expected[account.RAGGED] += 1
        elif kind == "again":
            lines.append(cdp_line("good", 90))
            expected[account.DUPLICATE if expected["again"] else account.ACCEPTED] += 1
            expected["again"] += 1
        else:
            lines.append(cdp_line(kind, place))
            expected[CDP_ROWS[kind][1]] += 1
    del expected["again"]
    with tempfile.TemporaryDirectory() as folder:
        path = shapes.table(Path(folder) / "f.csv", [CDP_HEADER, *lines])
        answer = made.read(path, "cdp_citywide_2021", ["CDP:5"], ["CDP:6"])
    read, accepted, missing, refused = answer["tally"]
    assert read == len(kinds)
    assert made.adds_up(answer)
    assert (accepted, missing) == (expected.pop(account.ACCEPTED, 0), expected.pop(account.MISSING, 0))
    assert refused == dict(expected)
    assert len(figures(answer)) == accepted
    told = answer["counts"]
    assert told.pop("official_nothing_usable", 0) == (not accepted)
    unlisted = (account.COUNTRY_OUTSIDE, account.PLACE_UNKNOWN, account.NOT_YOURS)
    assert told == {code: count for code, count in refused.items() if code not in unlisted}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["good", "garbled", "blank"]), min_size=1, max_size=6), st.data())
def test_inventory_of_the_covenant_stands_or_falls_whole(kinds: list[str], data: st.DataObject) -> None:
    """Of several inventories, those with a row that cannot be read give no figure, and no smaller sum."""
    header = gcom_mycovenant.NEEDED_2019
    words = list(gcom_mycovenant.SECTORS)
    lines, spoilt = [], set()
    for number, kind in enumerate(kinds):
        inventory = data.draw(st.integers(0, 2))
        value: object = {"good": 10 + number, "garbled": "ten", "blank": "-"}[kind]
        spoilt |= {inventory} if kind == "garbled" else set()
        row = {
            "GCoM_ID": "LT0009",
            "emission_inventory_id": inventory,
            "emission_inventory_sector": words[number],
            "type_of_emissions": "direct_emissions",
            "type_of_emission_inventory": "monitoring_emission_inventory",
            "inventory_year": 2010 + inventory,
            "population_in_the_inventory_year": 5000,
            "activity_data": "-",
            "activity_data_reporting_unit": "MWh/year",
            "emission_factor_type": "IPCC",
            "emissions": value,
        }
        lines.append((inventory, kind, shapes.filled(header, row)))
    with tempfile.TemporaryDirectory() as folder:
        path = shapes.workbook(
            Path(folder) / "f.xlsx",
            {gcom_mycovenant.SHEET_2019: [header, *(line for _, _, line in lines)]},
        )
        answer = made.read(path, "jrc_mycovenant_2019", ["LT0009"])
    outcome: Counter[str] = Counter()
    for inventory, kind, _ in lines:
        if kind == "garbled":
            outcome["official_no_number"] += 1
        elif kind == "blank":
            outcome[account.MISSING] += 1
        else:
            outcome[account.INCOMPLETE if inventory in spoilt else account.ACCEPTED] += 1
    _, accepted, missing, refused = answer["tally"]
    assert made.adds_up(answer)
    assert (accepted, missing) == (outcome.pop(account.ACCEPTED, 0), outcome.pop(account.MISSING, 0))
    assert refused == dict(outcome)
    totals = {
        int(row["year"]) - 2010: float(row["value"])
        for row in figures(answer)
        if row["sector_level"] == "total" and row["scope"] == "direct"
    }
    expected: dict[int, float] = {}
    for number, (inventory, kind, _) in enumerate(lines):
        if kind == "good" and inventory not in spoilt:
            expected[inventory] = expected.get(inventory, 0) + 10 + number
    assert totals == expected


def test_faults_name_sheet_row_column_and_cell(tmp_path: Path) -> None:
    path = shapes.c40(tmp_path / "f.xlsx", BASIC="twelve", **{"Year_calendar": 2016})
    answer = made.read(path, "c40_gpc", ["NL|Testville"])
    catalogue = load_catalogue()
    faults = [fault_from_json(fault) for fault in answer["faults"]]
    assert [fault.code for fault in faults] == ["official_nothing_usable", "official_no_number"]
    fault = faults[1]
    assert (fault.sheet, fault.row, fault.column, fault.value) == (c40_gpc.SHEET, 2, "BASIC", "twelve")
    words = explain(fault, catalogue)
    assert words.severity == "warning"
    assert "“twelve” cannot be read as a number" in words.text
    assert "{" not in words.text + words.remedy


def test_monitoring_report_with_a_bad_row_gives_no_sum(tmp_path: Path) -> None:
    path = shapes.gcom_monitoring(tmp_path / "f.xlsx", energy_measure="lots")
    answer = made.read(path, "jrc_mycovenant_monitoring", ["LT0009"])
    assert answer["tally"] == [3, 0, 1, {"official_inventory_incomplete": 1, "official_no_number": 1}]
    assert answer["tables"] == {}


def test_monitoring_report_of_unknown_owner_is_a_fault(tmp_path: Path) -> None:
    path = shapes.gcom_monitoring(tmp_path / "f.xlsx", monitoring_report_id="m9")
    answer = made.read(path, "jrc_mycovenant_monitoring", ["LT0009"])
    assert answer["tally"][3] == {"official_word_unknown": 1}
    assert [row["value"] for row in figures(answer)] == ["7"]


def test_second_figure_of_an_inventory_leaves_the_inventory_out(tmp_path: Path) -> None:
    path = shapes.gcom_2019(
        tmp_path / "f.xlsx",
        emission_inventory_sector="Residential buildings and facilities",
        type_of_emissions="indirect_emissions",
        activity_data="-",
    )
    answer = made.read(path, "jrc_mycovenant_2019", ["LT0009"])
    assert answer["tally"] == [2, 0, 0, {"official_duplicate": 1, "official_inventory_incomplete": 1}]


def test_sums_of_regions_are_no_places(tmp_path: Path) -> None:
    answer = made.read(shapes.uk_workbook(tmp_path / "f.xlsx"), "uk_workbook", ["E1"])
    assert answer["tally"] == [2, 1, 0, {"official_no_place": 1}]
    assert answer["counts"] == {}


def test_councils_of_the_workbook_are_found_by_name(tmp_path: Path) -> None:
    """The official workbook has other codes than the table we ship, and leaves out the word Council."""
    path = shapes.uk_workbook(tmp_path / "f.xlsx", **{"Local Authority": "Test, Borough of"})
    answer = made.read(path, "uk_workbook", ["TST"])
    assert {row["source_city_key"] for row in figures(answer)} == {"TST"}
    other = shapes.uk_workbook(tmp_path / "g.xlsx", **{"Local Authority": "Elsewhere"})
    assert made.read(other, "uk_workbook", ["TST"])["tally"][3] == {
        "official_no_place": 1,
        "place_unknown": 1,
    }


def test_swedish_rows_are_municipality_and_year(tmp_path: Path) -> None:
    full: dict[str, object] = dict.fromkeys(smhi.SECTORS, 2)
    places: Sequence[tuple[str, Mapping[str, object]]] = [
        (
            "Ort",
            {
                "2019": {},
                "2020": full,
                "2021": {**full, "Transporter": "many"},
                "2022": {"Flyg": 1},
                "2023": 5,
            },
        ),
        ("Annan", {"2020": full}),
    ]
    answer = made.read(made.swedish(tmp_path / "f.json", places), "smhi_sectors", ["SE|Ort"])
    assert answer["tally"] == [
        6,
        1,
        1,
        {"official_no_number": 1, "official_word_unknown": 2, "place_unknown": 1},
    ]
    named = [(fault[1], fault[3], fault[4]) for fault in answer["faults"]]
    assert named == [("Ort 2021", "Transporter", "many"), ("Ort 2022", "", "Flyg"), ("Ort 2023", "", "5")]


def test_quote_left_open_is_told_and_not_fatal(tmp_path: Path) -> None:
    path = shapes.uk_csv(tmp_path / "f.csv")
    with path.open("a", encoding="utf-8") as file:
        file.write('2020,"TST' + "x" * 200_000)
    answer = made.read(path, "uk_table", ["TST"])
    assert answer["counts"] == {"official_unreadable": 1}
    assert answer["tally"] == [0, 0, 0, {}]


@pytest.mark.parametrize(
    ("edition", "expected"),
    [
        (2016, {("2014", "reported_total", "5195663"), ("2014", "1", "3359242"), ("2014", "2", "1836421")}),
        (2017, {("2015", "reported_total", "700"), ("2015", "1", "500")}),
    ],
)
def test_cdp_before_2018_has_a_total_of_its_own(
    edition: int, expected: set[tuple[str, str, str]], tmp_path: Path
) -> None:
    answer = made.read(made.cdp_old(tmp_path / "f.csv", edition), f"cdp_citywide_{edition}", ["CDP:5"])
    rows = figures(answer)
    assert {(row["year"], row["scope"], row["value"]) for row in rows} == expected
    assert {(row["note"], row["city_name"], row["gas_basis"]) for row in rows} == {
        (f"reported in {edition}", "Testville", "CO2e")
    }


def test_person_sees_only_own_cities(tmp_path: Path) -> None:
    project = made.project(tmp_path)
    lines = [cdp_line("good", 60), cdp_line("not yours", 61), cdp_line("unknown", 62)]
    path = shapes.table(tmp_path / "f.csv", [CDP_HEADER, *lines])

    def check(cities: frozenset[str] | None) -> Checked:
        return official.read_official(project, path, "cdp_citywide_2021", name="f.csv", cities=cities)

    own, every = check(frozenset({"testville"})), check(None)
    assert (own.cities, own.tally.accepted) == (("testville",), 1)
    assert own.tally.refused == {"official_not_your_city": 1, "place_unknown": 1}
    assert (every.cities, every.tally.accepted) == (("other", "testville"), 2)
    assert own.tables["emissions"] != every.tables["emissions"]
    for checked in (own, every):
        text = Path(checked.tables["emissions"]).read_text("utf-8")
        assert text.splitlines()[0].split(",") == list(FIGURES["emissions"])
        assert len(text.splitlines()) == 1 + checked.tally.accepted


@pytest.mark.parametrize(
    ("total", "flag", "told"),
    [("99", "suspected_kt", 1), ("100", "", 0), ("100000", "", 0), ("100001", "per_capita_outlier", 1)],
)
def test_total_far_off_per_inhabitant_is_marked(total: str, flag: str, told: int, tmp_path: Path) -> None:
    """Between 0.1 and 100 t per inhabitant a total is believed; a thousand people live here."""
    column = "Total emissions (metric tonnes CO2e)"
    path = made.cdp_old(tmp_path / "f.csv", 2017, **{column: total, "Population": 1000})
    answer = made.read(path, "cdp_citywide_2017", ["CDP:5"])
    (row,) = [row for row in figures(answer) if row["scope"] == "reported_total"]
    assert row["flags"] == flag
    assert bool(row["flag_reason"]) == bool(flag)
    assert answer["counts"] == ({"official_per_person": told} if told else {})
    faults = [fault_from_json(fault) for fault in answer["faults"]]
    assert [not_plain(fault, load_catalogue()) for fault in faults] == [set()] * told
    assert [fault.value for fault in faults] == [total] * told
    assert answer["tally"] == [1, 1, 0, {}]


def test_official_statistics_are_not_doubted(tmp_path: Path) -> None:
    path = shapes.uk_csv(tmp_path / "f.csv", **{"Total Emissions:kt CO2": 5000})
    answer = made.read(path, "uk_table", ["TST"])
    assert answer["counts"] == {}
    assert {row["flags"] for row in figures(answer)} == {""}


def test_plain_reading_still_ends_at_the_first_bad_cell(tmp_path: Path) -> None:
    path = shapes.uk_csv(tmp_path / "f.csv", **{"Industry Total:kt CO2": "twelve"})
    with pytest.raises(tables.ReadError) as told:
        list(uk_local_authority.read(path))
    assert told.value.bad.code == "official_no_number"
    kept = account.Account(goes_on=True)
    assert list(uk_local_authority.read(path, kept)) == []
    assert kept.counts() == {"official_no_number": 1}
