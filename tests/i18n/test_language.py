"""Numbers, tonnes, dates, names and orders as each language writes them."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.language import LANGUAGES, NOT_KNOWN, language

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("code", "number", "share", "day"),
    [
        ("en", "1,234,567.9", "12.3%", "2 November 2026"),
        ("lt", f"1{NBSP}234{NBSP}567,9", f"12,3{NBSP}%", f"2026{NBSP}m. lapkričio 2{NBSP}d."),
        ("tr", "1.234.567,9", "%12,3", "2 Kasım 2026"),
    ],
)
def test_each_language_writes_numbers_and_dates_its_own_way(
    code: str, number: str, share: str, day: str
) -> None:
    lang = language(code)
    assert lang.number(1234567.89, 1) == number
    assert lang.percent(12.34, 1) == share
    assert lang.date(dt.date(2026, 11, 2)).replace(NBSP, " ") == day.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("text", "en", "lt", "tr"),
    [
        ("1234.5", "1,234.5", f"1{NBSP}234,5", "1.234,5"),
        ("1234567", "1,234,567", f"1{NBSP}234{NBSP}567", "1.234.567"),
        ("999", "999", "999", "999"),
        ("10.0", "10.0", "10,0", "10,0"),
        ("-0.25", "-0.25", "-0,25", "-0,25"),
        ("0", "0", "0", "0"),
        ("12345.1234567890123456789012345678", "12,345.1234567890123456789012345678",
         f"12{NBSP}345,1234567890123456789012345678", "12.345,1234567890123456789012345678"),
    ],
)  # fmt: skip
def test_a_number_kept_as_text_keeps_its_decimals(text: str, en: str, lt: str, tr: str) -> None:
    assert [language(code).plain_number(text) for code in ("en", "lt", "tr")] == [en, lt, tr]


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0 t"), (1234, "1,234 t"), (12_345, "12.3 kt"), (999_400, "999 kt"), (999_600, "1.00 Mt"),
     (31_234_567, "31.2 Mt"), (-5_000_000, "-5.00 Mt")],
)  # fmt: skip
def test_tonnes_are_rounded_to_what_can_be_said_aloud(value: float, words: str) -> None:
    assert language("en").tonnes(value).replace(NBSP, " ") == words


@pytest.mark.parametrize("code", list(LANGUAGES))
@pytest.mark.parametrize("value", [None, math.nan])
def test_missing_is_a_dash_and_never_zero(code: str, value: float | None) -> None:
    lang = language(code)
    assert {lang.number(value), lang.percent(value), lang.tonnes(value), lang.years(None, None)} == {
        NOT_KNOWN
    }
    assert lang.country(None) == NOT_KNOWN


@given(st.floats(-1e12, 1e12), st.sampled_from(list(LANGUAGES)))
def test_no_number_shows_minus_zero_or_an_exponent(value: float, code: str) -> None:
    words = language(code).number(value, 1)
    assert words.lstrip("-−") not in {"", "e"}
    assert "e" not in words.lower()
    assert words not in {"-0.0", "−0,0", "-0,0"}


def test_signs_stand_before_both_directions() -> None:
    lang = language("en")
    assert (lang.percent(3.2, 1, sign=True), lang.percent(-3.2, 1, sign=True)) == ("+3.2%", "-3.2%")
    assert lang.percent(0, sign=True) == "0%"


def test_countries_have_names_in_every_language_and_kosovo_its_asterisk() -> None:
    assert [language(code).country("LT") for code in LANGUAGES] == ["Lithuania", "Lietuva", "Litvanya"]
    assert all(language(code).country("XK").endswith("*") for code in LANGUAGES)


def test_names_are_ordered_by_the_alphabet_of_the_language() -> None:
    towns = ["Šilutė", "Zarasai", "Sarajevo", "Čanakalė", "Ankara"]
    assert sorted(towns, key=language("lt").sort_key) == [
        "Ankara",
        "Čanakalė",
        "Sarajevo",
        "Šilutė",
        "Zarasai",
    ]
    turkish = ["İzmir", "Isparta", "Çorum", "Zonguldak", "Şırnak", "Samsun"]
    assert sorted(turkish, key=language("tr").sort_key) == [
        "Çorum", "Isparta", "İzmir", "Samsun", "Şırnak", "Zonguldak"
    ]  # fmt: skip


def test_years_have_no_thousands_separator() -> None:
    assert language("en").years(1990, 2020) == "1990–2020"
    assert language("lt").years(2019, 2019) == "2019"
