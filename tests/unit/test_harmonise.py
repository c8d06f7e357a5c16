"""Names are found whatever their spelling; unknown ones come back with suggestions."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.harmonise import Finder, Match, Name, ascii_key

NAMES = [
    Name("siauliai", "Šiauliai", "LT"),
    Name("taurage", "Tauragė", "LT"),
    Name("kaunas", "Kaunas", "LT"),
    Name("kaunas-district", "Kauno rajonas", "LT"),
    Name("kaunas-district", "Kaunas District Municipality", "LT"),
    Name("izmir", "İzmir", "TR"),
    Name("kadikoy", "Kadıköy", "TR"),
    Name("cork-ie", "Cork", "IE"),
    Name("newport-gb", "Newport", "GB"),
    Name("newport-ie", "Newport", "IE"),
]
FINDER = Finder(NAMES)


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("Šiauliai", "siauliai"),
        ("KADIKÖY", "kadikoy"),
        ("Kadıköy", "kadikoy"),
        ("İZMİR", "izmir"),
        ("ESKİŞEHİR TEPEBAŞI", "eskisehir tepebasi"),
        ("L’Hospitalet  de Llobregat", "l hospitalet de llobregat"),
        ("Łódź", "lodz"),
        ("Lahn-Dill-Kreis", "lahn dill kreis"),
        ("Gie\u00adßen", "giessen"),
        ("\u200bVilnius\ufeff", "vilnius"),
        ("", ""),
    ],
)
def test_key(spelling: str, key: str) -> None:
    assert ascii_key(spelling) == key


@given(st.text())
def test_key_is_stable_and_blind_to_composition(text: str) -> None:
    assert ascii_key(ascii_key(text)) == ascii_key(text)
    assert ascii_key(unicodedata.normalize("NFD", text)) == ascii_key(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("spelling", ["Šiauliai", "SIAULIAI", "siauliai", " Siauliai "])
def test_every_spelling_finds_the_city(spelling: str) -> None:
    assert FINDER.find(spelling) == Match("siauliai")


def test_one_name_in_two_countries_needs_the_country() -> None:
    found = FINDER.find("Newport")
    assert found.city_id is None
    assert {name.city_id for name in found.suggestions} == {"newport-gb", "newport-ie"}
    assert FINDER.find("Newport", "ie") == Match("newport-ie")


def test_unknown_name_is_not_guessed_but_suggested() -> None:
    found = FINDER.find("Siaulai")
    assert found.city_id is None
    assert found.suggestions[0].city_id == "siauliai"


def test_city_and_its_district_stay_apart() -> None:
    assert FINDER.find("Kaunas") == Match("kaunas")
    assert FINDER.find("kaunas district municipality") == Match("kaunas-district")


def test_nothing_like_it_gives_no_suggestion() -> None:
    assert FINDER.find("Xqzw") == Match(None)
    assert FINDER.find("") == Match(None)


def test_suggestions_name_each_city_once() -> None:
    found = FINDER.find("Kaunas Distr", "LT").suggestions
    assert [name.city_id for name in found].count("kaunas-district") <= 1
    assert all(name.country_iso2 == "LT" for name in found)
