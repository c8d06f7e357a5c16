"""The rows of the table of bad inputs that are about whole tables: keys, columns, headers, years, sums."""

from __future__ import annotations

import pytest

from pipeline.uploads.context import SeriesKey, Years
from pipeline.uploads.mapping import propose
from pipeline.uploads.model import Choices, Content, Grid
from tests.uploads.meaning.made import (
    LONG,
    checked,
    codes,
    context,
    long_table,
    only,
    row,
    sheet,
    stops,
    values,
)

TOTAL_2020: dict[SeriesKey, Years] = {("emissions", "vilnius", "total", "BASIC", "CO2e"): {2020: 2_500_000.0}}
SAID = Choices(constants={"scope": "BASIC", "source_ref": "https://example.org/sesd"})


@pytest.mark.matrix(2)
def test_a_header_and_nothing_below_is_empty() -> None:
    for content in (long_table(), long_table(("",) * 8), sheet(), Content("csv", (Grid("", ()),))):
        outcome = checked(content)
        assert codes(outcome) == ["empty"]
        assert outcome.records == ()


@pytest.mark.matrix(20)
@pytest.mark.parametrize("value", ["2500", "2500000000"])
def test_a_thousand_times_the_year_before_is_named(value: str) -> None:
    outcome = checked(long_table(row(value)), published=TOTAL_2020)
    fault = only(outcome, "value_jump")
    assert (fault.params["old_year"], fault.params["old"]) == ("2020", "2500000")
    assert fault.params["factor"] == "1000"
    assert not [code for code in codes(outcome) if code == "value_change"]


@pytest.mark.matrix(20)
def test_jumps_are_seen_within_the_file_and_smaller_ones_named_lighter() -> None:
    outcome = checked(long_table(row("2600", year="2020", unit="kt"), row("2600000", year="2021", unit="kt")))
    assert only(outcome, "value_jump").row == 3
    lighter = checked(long_table(row("600000")), published=TOTAL_2020)
    assert "value_change" in codes(lighter)
    assert not stops(lighter)
    assert codes(checked(long_table(row("2400000")), published=TOTAL_2020)) == []


@pytest.mark.matrix(29)
@pytest.mark.matrix(30)
@pytest.mark.parametrize(("second", "code"), [("2600000", "duplicate_same"), ("2700000", "duplicate_other")])
def test_one_figure_twice(second: str, code: str) -> None:
    outcome = checked(long_table(row(), row("9", sector="Waste", year="2020"), row(second)))
    fault = only(outcome, code)
    assert (fault.row, fault.params["other_row"], fault.value) == (4, "2", second)
    assert stops(outcome)
    assert outcome.tally.refused == {code: 1}


@pytest.mark.matrix(29)
def test_spellings_of_one_sector_are_one_key() -> None:
    outcome = checked(long_table(row("9", sector="Pramonė"), row("9", sector="Industry")))
    assert "duplicate_same" in codes(outcome)


@pytest.mark.matrix(31)
def test_two_columns_of_one_name() -> None:
    content = sheet((*LONG, "Amount"), (*row(), "2700000"))
    fault = only(checked(content), "duplicate_column")
    assert (fault.column, fault.params["other"], fault.params["field"]) == ("Amount", "Amount", "Amount")
    wide = sheet(("Sektorius", "2020 m.", "2020"), ("Pramonė", "1", "2"))
    assert "duplicate_column" in codes(checked(wide, "vilnius"))


@pytest.mark.matrix(32)
def test_missing_and_unknown_columns() -> None:
    header = tuple("Amoumt" if name == "Amount" else name for name in LONG)
    content = sheet(header, ("Vilnius", "2021", "total", "BASIC", "CO2e", "maybe", "t", "x"))
    outcome = checked(content)
    assert only(outcome, "missing_column").params["field"] == "Amount"
    fault = only(outcome, "unknown_column_near")
    assert (fault.column, fault.params["suggestion"]) == ("Amoumt", "Amount")
    assert stops(outcome)
    more = checked(sheet((*LONG, "Atsakingas asmuo"), (*row(), "Jonas")))
    assert only(more, "unknown_column").value == "Jonas"
    left_out = checked(
        sheet((*LONG, "Atsakingas asmuo"), (*row(), "Jonas")), choices=Choices(columns={"8": "ignore"})
    )
    assert codes(left_out) == []


@pytest.mark.matrix(33)
def test_joined_cells_in_the_table_are_refused_and_in_the_title_are_not() -> None:
    rows = (("ŠESD 2021, t CO2e", "", ""), ("Sektorius", "2020", "2021"), ("Pramonė", "1000", "1100"))
    inside = checked(sheet(*rows, merged=("B2:C2",)), "vilnius", choices=SAID)
    assert "B2:C2" in only(inside, "merged_cells").params["ranges"]
    assert "merged_cells" not in codes(checked(sheet(*rows, merged=("A1:C1",)), "vilnius", choices=SAID))


@pytest.mark.matrix(34)
def test_title_lines_above_the_header() -> None:
    content = sheet(
        ("Vilniaus miesto savivaldybė", "", "", ""),
        ("Šiltnamio efektą sukeliančių dujų inventorius, tūkst. t CO2e", "", "", ""),
        ("", "", "", ""),
        ("Sektorius", "2020 m.", "2021 m.", "Pastaba"),
        ("Pramonė", "1 234,5", "1 200,4", ""),
        ("Transportas", "900", "NE", "dar skaičiuojama"),
        ("Iš viso", "2 134,5", "", ""),
        ("Šaltinis: savivaldybės inventorius", "", "", ""),
    )
    known = context("vilnius", "taurage")
    proposal = propose(content, SAID, known)
    assert (proposal.table, proposal.header_row) == ("emissions", 4)
    assert proposal.choices.constants == {
        **{"city": "vilnius", "unit": "kt", "gas_basis": "CO2e"},
        **SAID.constants,
    }
    assert dict(proposal.choices.years) == {"1": 2020, "2": 2021}
    outcome = checked(content, "vilnius", "taurage", choices=SAID)
    assert codes(outcome) == []
    assert values(outcome) == ["1234500", "1200400", "900000", "2134500"]
    assert [one.reason_id for one in outcome.missing] == ["not_estimated", "blank"]
    assert (outcome.tally.read, outcome.tally.accepted, outcome.tally.missing) == (6, 4, 2)


def test_a_turkish_table_with_years_across_and_the_total_below() -> None:
    content = sheet(
        ("İzmir Büyükşehir Belediyesi Sera Gazı Envanteri", "", ""),
        ("Sektör", "2018 (bin ton CO2e)", "2019 (bin ton CO2e)"),
        ("Sabit enerji", "12.345,6", "12.000,0"),
        ("Ulaşım", "6.100,2", "6.200,4"),
        ("Atık", "1.554,2", "1.500,6"),
        ("TOPLAM", "20.000,0", "19.701,0"),
        ("Not: geçici veriler", "", ""),
    )
    outcome = checked(content, "izmir", choices=SAID)
    assert codes(outcome) == []
    assert [one.cells["sector_level"] for one in outcome.records[:2]] == ["sector", "sector"]
    assert values(outcome)[-2:] == ["20000000", "19701000"]
    assert {one.cells["source_sector"] for one in outcome.records} == {
        "Sabit enerji",
        "Ulaşım",
        "Atık",
        "TOPLAM",
    }


def test_sectors_across_and_years_down() -> None:
    content = sheet(
        ("Metai", "Pramonė, kt CO2e", "Transportas, kt CO2e", "Iš viso, kt CO2e"),
        ("2020", "1000", "900", "1900"),
        ("2021", "1100", "800", "1900"),
    )
    outcome = checked(content, "vilnius", choices=SAID)
    assert codes(outcome) == []
    assert [(one.cells["year"], one.cells["sector_id"]) for one in outcome.records[:3]] == [
        ("2020", "industry"),
        ("2020", "transport"),
        ("2020", "total"),
    ]


def test_units_in_a_row_of_their_own_and_numbered_rows() -> None:
    content = sheet(
        ("Eil. nr.", "Metai", "Energijos suvartojimas"),
        ("", "", "(GWh)"),
        ("1", "2020", "5600"),
        ("2", "2021", "5700"),
    )
    outcome = checked(content, "vilnius", choices=Choices(constants={"source_ref": "x"}))
    assert outcome.choices.table == "energy"
    assert values(outcome) == ["5600000", "5700000"]
    assert codes(outcome) == []


def test_sums_that_differ_are_told_and_marked() -> None:
    rows = [row("1000000", sector="Transport"), row("1000000", sector="Industry"), row("2600000")]
    outcome = checked(long_table(*rows))
    fault = only(outcome, "sums_differ")
    assert (fault.row, fault.params["sum"], fault.params["difference"]) == (4, "2000000", "-600000")
    assert [one.cells["flags"] for one in outcome.records] == ["", "", "sums_differ"]
    within = [row("1000000", sector="Transport"), row("1600500", sector="Industry"), row("2600000")]
    assert codes(checked(long_table(*within))) == []


def test_parts_of_a_sector_are_not_added_to_the_total() -> None:
    rows = [
        row("1600000", sector="Transport"),
        row("1500000", sector="Road"),
        row("1000000", sector="Industry"),
        row("2600000"),
    ]
    outcome = checked(long_table(*rows))
    assert codes(outcome) == []
    assert [one.cells["sector_level"] for one in outcome.records] == [
        "sector",
        "sub_sector",
        "sector",
        "total",
    ]
    rows[1] = row("1700000", sector="Road")
    assert codes(checked(long_table(*rows))) == ["parts_exceed"]


def test_an_inventory_without_a_total_is_told_and_added_up_only_when_asked() -> None:
    content = long_table(row("1600000", sector="Transport"), row("1000000", sector="Industry"))
    assert codes(checked(content)) == ["no_total"]
    added = checked(content, choices=Choices(answers={"no_total": "add"}))
    total = added.records[-1].cells
    assert (total["sector_id"], total["value"], total["flags"]) == ("total", "2600000", "computed_sum")
    assert codes(added) == []


def test_totals_no_city_has_are_told() -> None:
    assert "per_person_low" in codes(checked(long_table(row("2600"))))
    assert "per_person_high" in codes(checked(long_table(row("2600000", unit="kt")))) or stops(
        checked(long_table(row("2600000", unit="kt")))
    )


def test_faults_past_the_limit_are_counted_and_kept_for_the_download() -> None:
    rows = [row("x", sector="Waste", year=str(1990 + number % 30)) for number in range(300)]
    outcome = checked(long_table(*rows))
    assert len(outcome.faults) == 200
    assert outcome.counts == {"not_a_number": 300}
    assert len(outcome.every_fault) == 300


def test_the_tally_adds_up() -> None:
    rows = [row(), row("x", sector="Waste"), row("NE", sector="Transport"), row("5 kt", sector="Rail"), row()]
    tally = checked(long_table(*rows)).tally
    assert tally.read == 5
    assert tally.read == tally.accepted + tally.missing + sum(tally.refused.values())


def test_a_shape_that_lies_elsewhere() -> None:
    header = (*LONG, "_longitude_deg", "_latitude_deg")
    assert codes(checked(sheet(header, (*row(), "25.3", "54.7")))) == []
    assert codes(checked(sheet(header, (*row(), "54.7", "25.3")))) == ["place_swapped"]
    assert codes(checked(sheet(header, (*row(), "27.1", "38.4")))) == ["place_far_away"]


def test_two_sheets_with_figures_are_asked_and_lists_of_words_are_not() -> None:
    grid = Grid("2021", (LONG, row()))
    other = Grid("2020", (LONG, row(year="2020")))
    words = Grid("Words", (("Sector", "Scope", "Unit"), ("Transport", "BASIC", "t"), ("Waste", "1+2", "kt")))
    hidden = Grid("Old", (LONG, row(year="2019")), is_hidden=True)
    known = context()
    assert propose(Content("xlsx", (words, grid, hidden)), Choices(), known).sheet == "2021"
    asked = propose(Content("xlsx", (grid, other)), Choices(), known)
    assert [fault.code for fault in asked.questions] == ["sheet_question"]
    chosen = propose(Content("xlsx", (grid, other)), Choices(sheet="2020"), known)
    assert (chosen.sheet, chosen.questions) == ("2020", ())


def test_a_word_that_crosses_is_kept_as_the_citys_own() -> None:
    content = sheet(
        ("Sektör", "Elektrik (MWh)", "Doğal gaz (MWh)", "Toplam (MWh)"),
        ("Konut", "100000", "200000", "300000"),
    )
    choices = Choices(constants={"source_ref": "x", "year": "2020"})
    outcome = checked(content, "izmit", choices=choices)
    assert only(outcome, "unknown_column").column == "Toplam (MWh)"
    assert [(one.cells["sector_id"], one.cells["source_sector"]) for one in outcome.records] == [
        ("residential_buildings", "Elektrik"),
        ("residential_buildings", "Doğal gaz"),
    ]
    years = sheet(("Sektörler", "2019", "2020", "Toplam"), ("Sanayi", "1", "2", "3"))
    assert "unknown_column" in codes(checked(years, "izmit", choices=SAID))


def test_likely_answers_are_proposed_and_nothing_is_taken_for_granted() -> None:
    content = sheet(
        ("Metai", "Išmetimai, t CO2e"), ("2021", "2600000"), ("Šaltinis: 2021 m. inventorius, 4 lentelė", "")
    )
    proposal = propose(content, Choices(), context("vilnius", published=TOTAL_2020))
    assert {ask.field_id: ask.proposed for ask in proposal.asks} == {
        "scope": "BASIC",
        "source_ref": "2021 m. inventorius, 4 lentelė",
    }
    assert stops(checked(content, "vilnius", published=TOTAL_2020))
