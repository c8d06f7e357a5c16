"""The partner finder: ten candidates for Tauragė whose reasons follow from the table it gives away."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.language import language
from pipeline.engine import Reader
from pipeline.query import partners
from pipeline.query.filters import Filters
from pipeline.query.partners import Weights
from tests.pages.conftest import Show
from tests.pages.harness import words
from tests.partners import arithmetic

TEN = 10
COLUMNS = {
    "people": "Inhabitants{} (persons)",
    "coldest": "Coldest month{} (°C)",
    "warmest": "Warmest month{} (°C)",
    "latitude": "Latitude{} (°)",
    "income": "Regional GDP per person{} (PPS)",
    "emissions": "Emissions per person{} (t)",
    "buildings": "Emissions: buildings{} (t)",
    "transport": "Emissions: transport{} (t)",
    "industry": "Emissions: industry{} (t)",
    "waste": "Emissions: waste{} (t)",
    "afolu": "Emissions: farming and land{} (t)",
}


def cards(at: AppTest) -> list[str]:
    """Names of the candidates in the order of the cards."""
    heads = [re.match(r"\*\*(\d+)\. (.+?)\*\*,", element.value) for element in at.markdown]
    return [head.group(2) for head in heads if head]


def side(row: pd.Series, whose: str) -> dict[str, float | None]:
    found = {name: row[header.format(whose)] for name, header in COLUMNS.items()}
    return {name: None if pd.isna(value) else float(value) for name, value in found.items()}


def test_taurage_gets_ten_candidates_without_being_asked(show: Show) -> None:
    at = show("partners")
    assert not at.exception
    assert at.title[0].value == "Whom should Tauragė talk to?"
    assert len(cards(at)) == TEN
    assert at.query_params == {}


def test_the_ten_follow_from_the_table_alone(show: Show) -> None:
    """Score, order, lead and sentence, computed again from the figures in the table view."""
    table = show("partners", {"f_v": "table"}).dataframe[0].value
    assert len(table) == TEN
    scores = []
    for _number, row in table.iterrows():
        similarities = arithmetic.components(side(row, ", Tauragė"), side(row, ""))
        printed = ["Size", "Climate", "Regional income", "Emissions per person", "Mix of sectors"]
        for title, value in zip(printed, similarities, strict=True):
            shown = row[f"{title} (0–100)"]
            assert pd.isna(shown) if value is None else shown == pytest.approx(value, abs=1e-6)
        score = arithmetic.score(similarities, [1] * 5)
        assert row["Alike (0–100)"] == pytest.approx(score, abs=1e-6)
        scores.append(score)
        own = row["Transport emissions per inhabitant, Tauragė (t per person)"]
        other = row["Transport emissions per inhabitant (t per person)"]
        assert row["Better by (t per person)"] == pytest.approx(own - other)
        assert own - other >= 0.05 * own
        assert f"{other:.2f}" in row["Reasons"]
        assert f"({int(row['Year of the figure (year)'])})" in row["Reasons"]
        assert abs(int(row["Year of the figure (year)"]) - 2018) <= 5
        similar = {
            "a similar regional income": similarities[2],
            "similar emissions per person": similarities[3],
            "a similar mix of sectors": similarities[4],
        }
        for reason, value in similar.items():
            assert (reason in row["Reasons"]) == (value is not None and value >= 70)
    assert scores == sorted(scores, reverse=True)


def test_nobody_more_alike_was_passed_over(show: Show, reader: Reader) -> None:
    table = show("partners", {"f_v": "table"}).dataframe[0].value
    everyone = partners.candidates(reader, "taurage", "ghg_transport_per_person_t", Weights(), Filters())
    fit = everyone[
        everyone["is_better"]
        & ~everyone["is_partner"]
        & (everyone["known_weight_pct"] >= 50)
        & (everyone["years_apart"] <= 5)
    ]
    assert list(table["Alike (0–100)"]) == pytest.approx(list(fit["score"].head(TEN)))


def test_every_card_shows_both_values_and_what_limits_them(show: Show) -> None:
    at = show("partners")
    tables = [element.value for element in at.markdown if element.value.startswith("| Component")]
    assert len(tables) == TEN
    assert all("38,921 inhabitants" in table and "14,500 PPS a person" in table for table in tables)
    badges = [element.value for element in at.caption if "compare" in element.value]
    assert sum("compare with care" in badge or "can be compared" in badge for badge in badges) == TEN


def test_latitude_that_stands_in_for_climate_is_named(show: Show) -> None:
    assert "Latitude (stands in for climate)" in words(show("partners"))
    assert "Latitude (stands in for climate)" not in cards_of(
        show("partners", {"city": "vilnius"}), "Helsinki"
    )


def cards_of(at: AppTest, name: str) -> str:
    """The markdown from one candidate's head to the next one's."""
    texts = [element.value for element in at.markdown]
    start = next(number for number, text in enumerate(texts) if re.match(rf"\*\*\d+\. {name}\*\*", text))
    end = next((n for n in range(start + 1, len(texts)) if re.match(r"\*\*\d+\. ", texts[n])), len(texts))
    return "\n".join(texts[start:end])


def test_partners_stand_apart_from_candidates(show: Show, reader: Reader) -> None:
    at = show("partners")
    known = partners.partners(reader, "taurage").query("not is_unconfirmed")
    text = words(at)
    assert f"Tauragė works with {len(known)} places already" in text
    assert not set(cards(at)) & set(known["partner_name"])


def test_choices_of_a_link_change_the_list(show: Show) -> None:
    assert len(cards(show("partners", {"f_n": "5"}))) == 5
    normal = cards(show("partners"))
    heavy = cards(show("partners", {"fw_clim": "4", "fw_gdp": "0", "fw_emis": "0", "fw_sect": "0"}))
    assert normal != heavy
    assert (
        cards(
            show("partners", {"fw_size": "1", "fw_clim": "1", "fw_gdp": "1", "fw_emis": "1", "fw_sect": "1"})
        )
        == normal
    )


def test_only_cities_abroad(show: Show) -> None:
    at = show("partners", {"f_a": "1", "f_n": "20"})
    heads = [element.value for element in at.markdown if re.match(r"\*\*\d+\. ", element.value)]
    assert heads
    assert not [head for head in heads if "Lithuania" in head]


def test_only_comparable_figures_carry_the_green_badge(show: Show) -> None:
    at = show("partners", {"city": "vilnius", "f_c": "1", "f_m": "ghg_per_person_t", "f_y": "any"})
    badges = [element.value for element in at.caption if "badge[" in element.value]
    assert badges
    assert all("can be compared" in badge for badge in badges)


def test_zero_weights_are_answered_in_words(show: Show) -> None:
    at = show("partners", dict.fromkeys(("fw_size", "fw_clim", "fw_gdp", "fw_emis", "fw_sect"), "0"))
    assert not at.exception
    assert "All weights are zero" in words(at)
    assert cards(at) == []


def test_choosing_a_city_moves_the_address(show: Show) -> None:
    at = show("partners")
    next(box for box in at.selectbox if box.label == "City").set_value("vilnius").run()
    assert dict(at.query_params)["city"] in ("vilnius", ["vilnius"])
    assert at.title[0].value == "Whom should Vilnius talk to?"


@pytest.mark.parametrize("code", ["lt", "tr"])
def test_other_languages_have_their_own_words_and_numbers(show: Show, code: str) -> None:
    at = show("partners", {"lang": code})
    text = words(at)
    lang = language(code)
    assert not at.exception
    assert len(cards(at)) == TEN
    assert lang.number(38921) in text
    for english in ("your size", "compare with care", "stands in for climate", "per person", "of 100 alike"):
        assert english not in text


def test_about_prints_the_numbers_of_the_rules(show: Show, reader: Reader) -> None:
    text = words(show("partners", {"f_v": "about"}))
    rules = partners.rules(reader)
    assert f"{rules['size']:.0f} times as many" in text
    assert f"every degree costs {100 / rules['climate']:.0f} points" in text
    assert f"every degree of latitude costs {100 / rules['latitude']:.0f} points" in text
    assert f"{rules['least_plausible_pct']:.1f}%" in text


@pytest.mark.parametrize("city_id", ["vilnius", "panevezys", "istanbul", "izmir", "kadikoy"])
def test_any_city_opens(show: Show, city_id: str) -> None:
    at = show("partners", {"city": city_id})
    assert not at.exception
    assert at.title[0].value.startswith("Whom should")
