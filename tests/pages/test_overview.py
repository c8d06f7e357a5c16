"""The first page: does it say what the figures say, in every state it can be in?"""

from __future__ import annotations

import datetime as dt
import re

import pytest

from pipeline.engine import Reader
from pipeline.query import overview
from pipeline.query.filters import DEFAULT_YARDSTICK, YARDSTICKS, Filters
from tests.pages.conftest import Show
from tests.pages.harness import words


def test_answer_names_the_counts_of_the_build(show: Show, reader: Reader) -> None:
    at = show("overview")
    counts = overview.counts(reader, DEFAULT_YARDSTICK)
    good = counts.by_verdict.get("reached", 0) + counts.by_verdict.get("on_pace", 0)
    assert not at.exception
    assert at.title[0].value == "Are the mission cities on pace for 2030?"
    assert at.header[0].value.startswith(f"{good} of {counts.cities} Mission cities")
    assert str(counts.middle_latest_year) in at.header[0].value


def test_five_verdicts_add_up_to_all_mission_cities(show: Show, reader: Reader) -> None:
    counts = overview.counts(reader, DEFAULT_YARDSTICK)
    text = words(show("overview"))
    tiles = [
        int(found)
        for found in re.findall(r"(\d+) +(?:Target reached|On pace|Behind|Far behind|Not assessed)\b", text)
    ]
    assert len(tiles) == 5
    assert (
        sum(tiles)
        == counts.cities
        == int(reader.rows("select count(*) from mart.city where is_mission_city")[0][0])
    )


def test_reasons_add_up_to_the_cities_not_assessed(reader: Reader) -> None:
    for yardstick in YARDSTICKS:
        counts = overview.counts(reader, yardstick)
        assert sum(number for _reason, number in counts.by_reason) == counts.by_verdict.get("not_assessed", 0)


def test_every_reason_is_named_in_words(show: Show, reader: Reader) -> None:
    text = words(show("overview"))
    counts = overview.counts(reader, DEFAULT_YARDSTICK)
    assert counts.by_reason
    assert not [reason for reason, _number in counts.by_reason if reason in text and "_" in reason]


@pytest.mark.parametrize("yardstick", ["own_target", "carbon_law_1172"])
def test_yardstick_of_a_link_changes_the_answer(show: Show, reader: Reader, yardstick: str) -> None:
    at = show("overview", {"yard": yardstick})
    counts = overview.counts(reader, yardstick)
    good = counts.by_verdict.get("reached", 0) + counts.by_verdict.get("on_pace", 0)
    assert at.header[0].value.startswith(f"{good} of {counts.cities}")


def test_city_of_a_link_gets_its_own_sentence_with_the_age_of_its_figure(show: Show, reader: Reader) -> None:
    row = reader.rows(
        "select city_id, latest_age_years from mart.emission_progress inner join mart.city using (city_id) "
        "where is_mission_city and yardstick_id = 'mission_default' and change_pct is not null "
        "order by city_id limit 1"
    )[0]
    at = show("overview", {"city": str(row[0])})
    sentence = next(element.value for element in at.markdown if element.value.startswith("**"))
    assert f"that inventory is {row[1]} year" in sentence


def test_unknown_city_is_named_and_a_close_one_offered(show: Show) -> None:
    at = show("overview", {"city": "vilnus"})
    text = words(at)
    assert "unknown city: “vilnus”" in text
    offered = [button for button in at.button if button.label == "Vilnius"]
    assert len(offered) == 1
    after = offered[0].click().run()
    assert after.query_params["city"] in ("vilnius", ["vilnius"])
    assert "unknown city" not in words(after)


def test_default_view_leaves_the_address_empty(show: Show) -> None:
    assert show("overview").query_params == {}


def test_table_lists_every_mission_city_once(show: Show, reader: Reader) -> None:
    at = show("overview", {"ov": "table"})
    number = reader.rows("select count(*) from mart.city where is_mission_city")[0][0]
    assert len(at.dataframe[0].value) == number
    assert any("t CO2e" in str(column) for column in at.dataframe[0].value.columns)


def test_download_offers_a_file_and_the_citation(show: Show) -> None:
    at = show("overview", {"ov": "download"})
    assert "Download the table (CSV)" in words(at)
    assert any("Mission Cities Dashboard, version" in block.value for block in at.code)


def test_about_explains_the_chosen_yardstick(show: Show) -> None:
    assert "Covenant of Mayors" in words(show("overview", {"ov": "about", "yard": "covenant"}))


@pytest.mark.parametrize("code", ["lt", "tr"])
def test_other_languages_have_their_own_words_and_numbers(show: Show, code: str) -> None:
    at = show("overview", {"lang": code})
    assert not at.exception
    assert at.title[0].value != "Are the mission cities on pace for 2030?"
    assert at.query_params == {"lang": code}


def test_past_events_are_shown_as_the_latest_when_none_is_ahead(reader: Reader) -> None:
    rows = overview.events(reader, dt.date(2100, 1, 1))
    assert len(rows) > 0
    assert not rows["is_ahead"].any()
    assert list(rows["date_start"]) == sorted(rows["date_start"], reverse=True)


def test_coming_events_come_soonest_first(reader: Reader) -> None:
    rows = overview.events(reader, dt.date(2021, 9, 1))
    assert rows["is_ahead"].all()
    assert list(rows["date_start"]) == sorted(rows["date_start"])


def test_age_counts_fall_from_year_to_year(reader: Reader) -> None:
    age = overview.age(reader)
    numbers = [age.with_two, *(number for _year, number in age.since)]
    assert numbers == sorted(numbers, reverse=True)
    assert age.with_two <= age.cities


def test_chosen_city_outside_the_mission_is_added_but_not_counted(reader: Reader) -> None:
    rows = overview.verdicts(reader, Filters(cities=("ankara",)))
    assert list(rows[rows["is_chosen"]]["city_id"]) == ["ankara"]
    assert len(rows) == overview.counts(reader, DEFAULT_YARDSTICK).cities + 1
