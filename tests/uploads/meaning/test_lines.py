"""Several lines of one figure: asked about once, added up exactly where the person says so, else refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.uploads.explain import explain
from pipeline.uploads.model import Checked, Choices, Content
from tests.uploads.meaning.made import LONG, catalogue, checked, codes, long_table, only, row, sheet, stops

FUEL = (*LONG, "Kuras")
ADD = Choices(answers={"several_lines": "add"})
LEAVE = Choices(answers={"several_lines": "leave"})
WIDE = Choices(
    constants={"scope": "BASIC", "source_ref": "https://example.org/sesd", "gas_basis": "CO2e"},
    answers={"several_lines": "add"},
)


def transport(value: str, fuel: str, **more: str) -> tuple[str, ...]:
    return (*row(value, **{"sector": "Transportas", "unit": "kt", **more}), fuel)


def by_fuel(*more: Sequence[str]) -> Content:
    """Transport by fuel in thousand tonnes, and another sector in one line."""
    return sheet(
        FUEL,
        transport("120,1", "benzinas"),
        transport("80,25", "dyzelinas"),
        (*row("9", sector="Waste", unit="kt"), ""),
        transport("15,3", "elektra"),
        *more,
    )


def cells(outcome: Checked, sector: str = "transport") -> Mapping[str, str]:
    return next(one.cells for one in outcome.records if one.cells["sector_id"] == sector)


def test_lines_by_fuel_are_asked_about_and_stay_refused_until_answered() -> None:
    outcome = checked(by_fuel())
    told = explain(only(outcome, "several_lines"), catalogue()).text
    assert "in several rows: 1. For example “Transport”, Vilnius, 2021, rows 2, 3, 5:" in told
    assert "120,100 + 80,250 + 15,300 = 215,650 t." in told
    assert codes(outcome).count("duplicate_other") == 2
    assert outcome.tally.refused == {"duplicate_other": 2}
    assert stops(outcome)


def test_parts_become_one_figure_that_names_its_lines() -> None:
    outcome = checked(by_fuel(), choices=ADD)
    assert not stops(outcome)
    assert set(codes(outcome)) == {"lines_added", "no_total"}
    assert only(outcome, "lines_added").params["sum"] == "215650"
    record = next(one for one in outcome.records if one.cells["sector_id"] == "transport")
    assert (record.cells["value"], record.row) == ("215650", 2)
    assert record.cells["flags"] == "computed_sum"
    assert record.cells["flag_reason"] == "Added up from 3 lines of the file: 2, 3, 5"
    assert record.cells["source_sector"] == "benzinas + dyzelinas + elektra"
    assert cells(outcome, "waste")["flags"] == ""
    assert (outcome.tally.read, outcome.tally.accepted) == (4, 4)


def test_a_mistake_leaves_the_duplicates_without_the_question() -> None:
    outcome = checked(by_fuel(), choices=LEAVE)
    assert set(codes(outcome)) == {"duplicate_other", "no_total"}
    assert cells(outcome)["value"] == "120100"


@pytest.mark.parametrize("header", ["Yakıt", "energy carrier", "Rūšis", "Atsakingas skyrius"])
def test_a_column_left_out_tells_lines_apart_too(header: str) -> None:
    rows = [transport("5", "Benzin"), transport("5", "Motorin")]
    left_out = {"8": "ignore"} if header in ("Rūšis", "Atsakingas skyrius") else {}
    said = Choices(columns=left_out, answers={"several_lines": "add"})
    outcome = checked(sheet((*LONG, header), *rows), choices=said)
    assert cells(outcome)["value"] == "10000"


def test_lines_without_any_column_that_tells_them_apart_are_asked_about_too() -> None:
    parts = [row(value, sector="Transport") for value in ("120", "80", "15")]
    assert "several_lines" in codes(checked(long_table(*parts)))
    assert cells(checked(long_table(*parts), choices=ADD))["value"] == "215"


@pytest.mark.parametrize("fuels", [("benzinas", "benzinas"), ("LT-1", "LT-2"), ("1", "2"), ("benzinas", "")])
def test_the_same_amount_twice_stays_a_fault_unless_words_tell_the_lines_apart(fuels: Sequence[str]) -> None:
    outcome = checked(sheet(FUEL, *(transport("9", fuel) for fuel in fuels)), choices=ADD)
    assert "duplicate_same" in codes(outcome)
    assert not {"several_lines", "lines_added"} & set(codes(outcome))


@pytest.mark.parametrize("value", ["x80", "<5", "5 kt"])
def test_lines_beside_one_that_cannot_be_read_are_not_added(value: str) -> None:
    outcome = checked(by_fuel(transport(value, "dujos")), choices=ADD)
    assert codes(outcome).count("duplicate_other") == 2
    assert "lines_added" not in codes(outcome)


def test_only_the_figures_whose_lines_are_in_order_are_added() -> None:
    more = [transport("1", "benzinas", year="2020"), transport("x", "elektra", year="2020")]
    more += [transport("2", "dyzelinas", year="2020")]
    outcome = checked(by_fuel(*more), choices=ADD)
    assert only(outcome, "lines_added").params["count"] == "1"
    assert only(outcome, "duplicate_other").row == 8


def test_lines_in_two_units_are_refused_as_before() -> None:
    outcome = checked(by_fuel(transport("300", "dujos", unit="t")), choices=ADD)
    assert "unit_mixed" in codes(outcome)
    assert codes(outcome).count("duplicate_other") == 3
    assert "lines_added" not in codes(outcome)


def test_energy_is_converted_before_it_is_added() -> None:
    header = ("Miestas", "Metai", "Sektorius", "Suvartojimas", "Vienetas", "Šaltinis", "Rūšis")
    rows = [
        ("Vilnius", "2021", "Transportas", "1,5", "GWh", "SECAP", "benzinas"),
        ("Vilnius", "2021", "Transportas", "0,25", "GWh", "SECAP", "elektra"),
    ]
    said = Choices(table="energy", columns={"6": "ignore"}, answers={"several_lines": "add"})
    record = cells(checked(sheet(header, *rows), choices=said))
    assert (record["value"], record["unit"]) == ("1750", "MWh")


@pytest.mark.parametrize("sector", ["total", "Iš viso", "Toplam"])
def test_totals_are_never_added(sector: str) -> None:
    rows = [transport("1200", "benzinas", sector=sector), transport("1300", "elektra", sector=sector)]
    outcome = checked(sheet(FUEL, *rows), choices=ADD)
    assert "duplicate_other" in codes(outcome)
    assert "lines_added" not in codes(outcome)


@pytest.mark.parametrize(("value", "fuel"), [("215,65", "visas kuras"), ("300", "Iš viso")])
def test_a_line_that_is_the_sum_of_the_others_is_not_counted_twice(value: str, fuel: str) -> None:
    outcome = checked(by_fuel(transport(value, fuel)), choices=ADD)
    assert codes(outcome).count("duplicate_other") == 3
    assert "lines_added" not in codes(outcome)


def test_lines_of_two_kinds_of_inventory_are_no_parts() -> None:
    header = (*LONG, "Inventory type")
    rows = [transport("5", "baseline"), transport("7", "monitoring")]
    assert "duplicate_other" in codes(checked(sheet(header, *rows), choices=ADD))


def test_years_side_by_side_are_added_each_for_itself() -> None:
    content = sheet(
        ("Sektorius, kt CO2e", "Kuras", "2019", "2020", "2021"),
        ("Transportas", "benzinas", "120,5", "100", "NE"),
        ("Transportas", "dyzelinas", "80", "60,25", "70"),
        ("Pramonė", "", "40", "41", "42"),
    )
    said = Choices(constants={**WIDE.constants, "unit": "kt"}, answers=WIDE.answers)
    outcome = checked(content, "vilnius", choices=said)
    found = {
        (one.cells["sector_id"], one.cells["year"]): (one.cells["value"], one.cells["flags"], one.column)
        for one in outcome.records
    }
    assert found["transport", "2019"] == ("200500", "computed_sum", 2)
    assert found["transport", "2020"] == ("160250", "computed_sum", 3)
    assert found["transport", "2021"] == ("70000", "", 4)
    assert found["industry", "2020"] == ("41000", "", 3)
    assert only(outcome, "lines_added").params["count"] == "2"
    assert (outcome.tally.read, outcome.tally.accepted, outcome.tally.missing) == (9, 8, 1)


def test_sums_are_compared_with_the_total_after_adding() -> None:
    total = (*row("224,65", unit="kt"), "")
    assert "sums_differ" not in codes(checked(by_fuel(total), choices=ADD))
    assert "sums_differ" in codes(checked(by_fuel(total)))


def test_an_inventory_without_a_total_may_have_its_added_sectors_added() -> None:
    said = Choices(answers={"several_lines": "add", "no_total": "add"})
    assert cells(checked(by_fuel(), choices=said), "total")["value"] == "224650"


AMOUNTS = st.decimals(min_value=Decimal("0.001"), max_value=10**12, places=9)


@settings(max_examples=60, deadline=None)
@given(st.lists(AMOUNTS, min_size=2, max_size=6, unique=True))
def test_adding_up_is_exact_for_any_split_into_lines(parts: list[Decimal]) -> None:
    names = ("benzinas", "dyzelinas", "elektra", "dujos", "biodegalai", "kita")
    lines = [transport(f"{part:f}", name, unit="t") for part, name in zip(parts, names, strict=False)]
    outcome = checked(sheet(FUEL, *lines), choices=Choices(decimal=".", answers={"several_lines": "add"}))
    whole = sum(parts, Decimal(0))
    if "lines_added" in codes(outcome):
        assert Decimal(cells(outcome)["value"]) == whole
        assert outcome.tally.accepted == len(parts)
    else:
        near = Decimal("0.005")
        assert len(parts) > 2
        assert any(abs(whole - 2 * part) <= near * part for part in parts)
        assert codes(outcome).count("duplicate_other") == len(parts) - 1


def test_an_amount_with_very_many_digits_is_not_rounded() -> None:
    long = "123456789012345.0000000000000000000001"
    lines = [transport(long, "benzinas", unit="t"), transport("0.5", "elektra", unit="t")]
    outcome = checked(sheet(FUEL, *lines), choices=Choices(decimal=".", answers={"several_lines": "add"}))
    assert only(outcome, "lines_added").params["sum"] == "123456789012345.5000000000000000000001"
