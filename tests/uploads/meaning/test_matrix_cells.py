"""The rows of the table of bad inputs that are about single cells: numbers, years, units, cities, words."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.uploads.model import Choices
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


@pytest.mark.matrix(11)
def test_decimal_commas_are_read() -> None:
    outcome = checked(long_table(row("2600,5", unit="kt"), row("100,25", sector="Transport", unit="kt")))
    assert values(outcome) == ["2600500", "100250"]
    assert codes(outcome) == []


@pytest.mark.matrix(12)
def test_one_thousandth_or_one_thousand_is_asked() -> None:
    content = long_table(row("1.234", sector="Waste", unit="kt"))
    asked = checked(content)
    fault = only(asked, "decimal_question")
    assert (fault.column, fault.value, fault.params["as_point"]) == ("Amount", "1.234", "1.234")
    assert fault.params["as_comma"] == "1234"
    assert asked.records == ()
    assert values(checked(content, choices=Choices(decimal="."))) == ["1234"]
    assert values(checked(content, choices=Choices(decimal=","))) == ["1234000"]


@pytest.mark.matrix(12)
def test_other_cells_of_the_file_settle_it() -> None:
    outcome = checked(long_table(row("1.234", unit="kt"), row("12,5", sector="Waste", unit="kt")))
    assert values(outcome) == ["1234000", "12500"]
    assert "decimal_question" not in codes(outcome)


@pytest.mark.matrix(13)
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "\u2009", "'"])
def test_thousands_set_apart(space: str) -> None:
    assert values(checked(long_table(row(f"1{space}234,5", unit="kt")))) == ["1234500"]


@pytest.mark.matrix(14)
def test_two_styles_in_one_column_are_refused_cell_by_cell() -> None:
    outcome = checked(long_table(row("1.234,5", sector="Waste"), row("1,234.5", sector="Transport")))
    assert [(fault.code, fault.row, fault.value) for fault in outcome.faults] == [
        ("number_mixed", 2, "1.234,5"),
        ("number_mixed", 3, "1,234.5"),
    ]
    assert outcome.records == ()
    assert outcome.tally.refused == {"number_mixed": 2}


@pytest.mark.matrix(14)
def test_one_odd_cell_does_not_condemn_the_column() -> None:
    rows = [row("1.234,5", sector=name, unit="kt") for name in ("Waste", "Transport", "Industry")]
    outcome = checked(long_table(*rows, row("1,234.5", sector="Homes", unit="kt")))
    assert only(outcome, "number_mixed").row == 5
    assert values(outcome) == ["1234500"] * 3


@pytest.mark.matrix(15)
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NaN", "number_failed"),
        ("inf", "number_failed"),
        ("-Infinity", "number_failed"),
        ("1e400", "number_exponent"),
        ("1,2E+05", "number_exponent"),
    ],
)
def test_what_programs_write_for_failure(text: str, code: str) -> None:
    outcome = checked(long_table(row(text)))
    fault = only(outcome, code)
    assert (fault.row, fault.column, fault.value) == (2, "Amount", text)
    assert outcome.records == ()


@pytest.mark.matrix(16)
def test_notation_keys_are_missing_with_their_reason_and_never_zero() -> None:
    keys = ["NO", "NE", "IE", "C", "-", "–", "n/a", "nėra duomenų", "yok", "", "  "]
    names = ["Waste", "Industry", "Transport", "Homes", "Rail", "Road", "Aviation", "Landfill", "Other"]
    rows = [row(key, sector=name) for key, name in zip(keys, [*names, "Heat", "Energy"], strict=True)]
    outcome = checked(long_table(*rows, row("0", sector="Shipping"), row("2600000")))
    assert values(outcome) == ["0", "2600000"]
    assert outcome.tally.missing == 11
    assert [one.reason_id for one in outcome.missing] == [
        *("not_occurring", "not_estimated", "included_elsewhere", "confidential"),
        *["not_available"] * 5,
        *["blank"] * 2,
    ]
    assert dict(outcome.missing[1].what) == {"city": "vilnius", "year": "2021", "sector": "industry"}


@pytest.mark.matrix(17)
def test_sinks_may_be_negative_after_a_look_totals_and_people_may_not() -> None:
    sink = checked(long_table(row("-12000", sector="Land use")))
    assert codes(sink) == ["negative_sink"]
    assert values(sink) == ["-12000"]
    assert codes(checked(long_table(row("-12000", sector="Industry")))) == ["negative_value"]
    assert stops(checked(long_table(row("-12000"))))
    header = (*LONG, "Inhabitants")
    people = checked(sheet(header, (*row(), "-547484")))
    assert only(people, "population_not_positive").column == "Inhabitants"
    assert people.records == ()


@pytest.mark.matrix(17)
def test_a_negative_number_of_inhabitants_is_refused_as_an_indicator_too() -> None:
    header = ("City", "Year", "Indicator", "Amount", "Unit", "Source")
    outcome = checked(
        sheet(header, ("Vilnius", "2021", "Inhabitants", "-5", "persons", "https://example.org"))
    )
    assert codes(outcome) == ["negative_refused"]


@pytest.mark.matrix(18)
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5 kt", "number_with_unit"),
        ("5kt", "number_with_unit"),
        ("kt 5", "number_with_unit"),
        ("45%", "number_percent"),
        ("<5", "number_bound"),
        ("~5", "number_bound"),
        ("5-6", "number_bound"),
        ("TRUE", "number_logical"),
        ("taip", "number_logical"),
        ("٣٤", "number_digits"),
        ("1_000", "not_a_number"),
        ("daug", "not_a_number"),
    ],
)
def test_more_than_a_number_is_refused(text: str, code: str) -> None:
    outcome = checked(long_table(row(text), row("2600000", sector="Transport")))
    fault = only(outcome, code)
    assert (fault.row, fault.column, fault.value) == (2, "Amount", text)
    assert outcome.tally.refused == {code: 1}


@pytest.mark.matrix(19)
def test_units_unknown_missing_and_mixed_are_refused() -> None:
    unknown = checked(long_table(row(unit="kilotonnas")))
    assert any(code.startswith("unknown_unit") for code in codes(unknown))
    assert unknown.records == ()
    blank = checked(long_table(row(unit="")))
    assert only(blank, "cell_blank").params["field"] == "Unit"
    none = checked(sheet(LONG[:6], row()[:6]), choices=Choices(constants={"source_ref": "x"}))
    assert only(none, "constant_needed").params["field_id"] == "unit"
    assert none.records == ()
    mixed = checked(
        long_table(row("2600000"), row("900000", sector="Transport"), row("70", sector="Waste", unit="kt"))
    )
    assert (only(mixed, "unit_mixed").row, only(mixed, "unit_mixed").value) == (4, "kt")
    assert stops(mixed)
    other = checked(long_table(row(unit="MWh")))
    assert "unit_wrong_kind" in codes(other) or "unknown_unit" in codes(other) or stops(other)


@pytest.mark.matrix(19)
@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("t", 1),
        ("kt CO2e", 1000),
        ("tūkst. t", 1000),
        ("bin ton CO2e", 1000),
        ("Mt", 1_000_000),
        ("Gg", 1000),
    ],
)
def test_stated_units_are_converted(unit: str, factor: int) -> None:
    assert values(checked(long_table(row("2,5", unit=unit)))) == [
        f"{2.5 * factor:g}".replace("2.5e+06", "2500000")
    ]


@pytest.mark.matrix(19)
def test_mt_in_small_letters_is_not_guessed() -> None:
    assert stops(checked(long_table(row("2,5", unit="mt"))))
    assert "unit_mt" in codes(checked(long_table(row("2,5", unit="mt"))))


@pytest.mark.matrix(21)
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("22", "year_not_a_year"),
        ("1899", "year_out_of_range"),
        ("2028", "year_out_of_range"),
        ("praėję metai", "year_not_a_year"),
        ("44562", "year_is_day_number"),
        ("2022-01-01", "year_not_a_year"),
    ],
)
def test_years_that_are_none(text: str, code: str) -> None:
    outcome = checked(long_table(row(year=text)))
    assert (only(outcome, code).row, only(outcome, code).column) == (2, "Year")
    assert outcome.records == ()


@pytest.mark.matrix(21)
@pytest.mark.parametrize("text", ["2022", "2022.0", "2022,0", " 2022 "])
def test_a_year_with_a_point_is_the_year(text: str) -> None:
    assert [one.cells["year"] for one in checked(long_table(row(year=text))).records] == ["2022"]


@pytest.mark.matrix(37)
def test_dates_in_year_and_value_are_refused_each() -> None:
    content = sheet(
        LONG,
        row(year="2022-01-01"),
        row("1905-06-14", sector="Transport"),
        row("44562", year="44562", sector="Waste"),
        notes={(1, 1): "date", (2, 5): "date"},
        numeric=frozenset({(3, 1), (3, 5)}),
    )
    outcome = checked(content)
    assert [(fault.code, fault.row, fault.column) for fault in outcome.faults] == [
        ("cell_date", 2, "Year"),
        ("cell_date", 3, "Amount"),
        ("year_is_day_number", 4, "Year"),
    ]


@pytest.mark.matrix(22)
def test_shares_given_as_parts_of_one() -> None:
    header = ("City", "Year", "Indicator", "Amount", "Unit", "Source")
    rows = [
        ("Vilnius", str(year), "land_natural_pct", "0,31", "%", "https://example.org")
        for year in (2018, 2021)
    ]
    outcome = checked(sheet(header, *rows))
    fault = only(outcome, "share_as_fraction")
    assert fault.params["hundred"] == "31"
    assert not stops(outcome)
    target = sheet(
        ("City", "Kind of target", "Base year", "Target year", "Cut in percent", "Source"),
        ("Vilnius", "base_year", "2021", "2030", "0.8", "https://example.org"),
    )
    assert only(checked(target), "share_as_fraction").column == "Cut in percent"


@pytest.mark.matrix(23)
def test_unknown_city_with_up_to_three_suggestions() -> None:
    fault = only(checked(long_table(row(city="Vilnus"))), "unknown_city_near")
    assert "Vilnius (LT)" in fault.params["suggestions"]
    assert fault.params["suggestions"].count("(") <= 3
    assert only(checked(long_table(row(city="Atlantida"))), "unknown_city").value == "Atlantida"


@pytest.mark.matrix(24)
@pytest.mark.parametrize(
    "name",
    [
        "İzmir",
        "IZMIR",
        "izmir",
        "Izmir",
        "İZMİR",
        "İzmir Büyükşehir Belediyesi",
        "IZMIR B\u00fcy\u00fck\u015fehir",
    ],
)
def test_one_city_however_it_is_written(name: str) -> None:
    outcome = checked(long_table(row("20000000", city=name)))
    assert [one.city_id for one in outcome.records] == ["izmir"]


@pytest.mark.matrix(24)
def test_city_and_district_stay_apart() -> None:
    names = {
        "Vilniaus m. sav.": "vilnius",
        "Vilniaus r. sav.": "vilnius-district",
        "Vilniaus miesto": "vilnius",
    }
    for name, city in names.items():
        assert [one.city_id for one in checked(long_table(row(city=name))).records] == [city]
    assert stops(checked(long_table(row(city="Vilniaus"))))


@pytest.mark.matrix(25)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_both_unicode_forms_are_one_city(form: str) -> None:
    name = unicodedata.normalize(form, "Panevėžys")
    outcome = checked(long_table(row("400000", city=name)))
    assert [(one.city_id, one.cells["city_name"]) for one in outcome.records] == [("panevezys", "Panevėžys")]
    assert codes(outcome) == []


@pytest.mark.matrix(26)
def test_a_letter_of_another_alphabet_is_named() -> None:
    fault = only(checked(long_table(row(city="V\u0456lnius"))), "city_foreign_letters")
    assert "cyrillic" in fault.params["letters"]


@pytest.mark.matrix(27)
@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u202e", "\ufeff", "\u2066"])
def test_signs_nobody_sees_are_taken_out_and_told(sign: str) -> None:
    outcome = checked(long_table(row(city=f"Vil{sign}nius")))
    assert [one.city_id for one in outcome.records] == ["vilnius"]
    fault = only(outcome, "hidden_signs")
    assert f"U+{ord(sign):04X}" in fault.params["signs"]
    assert sign not in fault.value
    assert not stops(outcome)


@pytest.mark.matrix(28)
def test_city_of_another_country() -> None:
    header = (*LONG, "Country")
    fault = only(checked(sheet(header, (*row(), "Türkiye"))), "city_other_country")
    assert (fault.params["stated"], fault.params["country"]) == ("TR", "LT")
    assert checked(sheet(header, (*row(), "Lietuva"))).tally.accepted == 1


def test_only_the_persons_own_cities_and_indicators() -> None:
    outcome = checked(long_table(row(), row("20000000", city="İzmir")), "vilnius")
    assert only(outcome, "city_not_yours").row == 3
    assert [one.city_id for one in outcome.records] == ["vilnius"]
    header = ("City", "Year", "Indicator", "Amount", "Unit", "Source")
    line = ("Vilnius", "2021", "PM10", "20", "µg/m³", "https://example.org")
    limited = checked(sheet(header, line), indicators=frozenset({"pm25_ug_m3"}))
    assert codes(limited) == ["indicator_not_yours"]


def test_what_a_page_could_run_is_refused_in_texts() -> None:
    header = (*LONG, "Note")
    for text in ("<script>alert(1)</script>", "![x](https://example.org/y.png)", "javascript:alert(1)"):
        assert "text_markup" in codes(checked(sheet(header, (*row(), text))))
    assert codes(checked(sheet(header, (*row(), "žr. 5 < 6 skyrių {city}")))) == []


def test_context_knows_one_own_city() -> None:
    assert context("vilnius").own_city == "vilnius"
    assert context("vilnius", "taurage").own_city is None
