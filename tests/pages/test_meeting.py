"""The meeting sheet says what the figures and the ties say, for any room and any event."""

from __future__ import annotations

import pandas as pd
import pytest

from pages.language import language
from pipeline.engine import Reader
from pipeline.query import meeting
from tests.pages.conftest import Show
from tests.pages.harness import words

ROOM = ["vilnius", "taurage", "istanbul", "izmir"]


def test_opens_with_four_cities(show: Show, reader: Reader) -> None:
    at = show("meeting")
    assert not at.exception
    assert at.title[0].value == "Vilnius, Tauragė, İstanbul and İzmir: what to talk about?"
    rows = meeting.differences(reader, ROOM)
    top = rows[rows["measure_id"] == rows.iloc[0]["measure_id"]].sort_values("value")
    assert f"{top.iloc[0]['value']:.1f}" in at.header[0].value
    assert f"{top.iloc[-1]['value']:.1f}" in at.header[0].value
    assert "of 6 pairs" in at.header[0].value
    assert at.query_params == {}


def test_shared_networks_are_those_of_both(show: Show, reader: Reader) -> None:
    text = words(show("meeting"))
    shared = meeting.shared(reader, ROOM)
    networks = shared[shared["member_kind"] == "organisation"]
    assert len(networks) > 0
    assert "Eurocities" in text
    assert str(networks.iloc[0]["partner_name"]) in text


def test_unverified_tie_is_shown_as_such_and_not_counted(show: Show) -> None:
    at = show("meeting", {"m": ["vilnius", "istanbul"]})
    text = words(at)
    assert at.header[0].value.startswith("0 of 1 pair works together already")
    assert "Unverified, 2017" in text


def test_confirmed_tie_counts(show: Show, reader: Reader) -> None:
    row = reader.rows(
        "select city_id, partner_city_id from mart.peer_partner inner join mart.city using (city_id) "
        "where is_working and partner_city_id is not null and group_id = 'mission' "
        "and partner_city_id in (select city_id from mart.city where group_id = 'mission') "
        "order by 1, 2 limit 1"
    )[0]
    at = show("meeting", {"m": [str(row[0]), str(row[1])]})
    assert at.header[0].value.startswith("1 of 1 pair works together already")
    assert "No tie between two of them" not in words(at)


def test_each_difference_has_values_years_sources_and_a_badge(show: Show, reader: Reader) -> None:
    at = show("meeting")
    table = at.table[1].value
    rows = meeting.differences(reader, ROOM)
    assert 0 < len(table) <= 9
    wanted = rows.drop_duplicates("measure_id").head(len(table))
    assert [float(cell) for cell in table["Apart"]] == [round(spread) for spread in wanted["spread"]]
    assert all("badge[" in cell for cell in table["Can it be compared?"])
    year = int(rows.iloc[0]["last_year"])
    assert any(f"({year}" in str(cell).replace("\\", "") for cell in table.iloc[0])
    notes = [element.value for element in at.caption if "\\[1\\]" in element.value]
    assert len(notes) == 1


def test_large_room_names_lowest_and_highest(show: Show) -> None:
    at = show("meeting", {"m": ["vilnius", "taurage", "istanbul", "izmir", "helsinki", "milan"]})
    assert {"Lowest", "Highest"} <= set(at.table[1].value.columns)
    assert len(at.table[0].value) == 6


def test_event_fills_the_room(show: Show, reader: Reader) -> None:
    at = show("meeting", {"me": "2024-03-12-exchange"})
    assert at.title[0].value.startswith("Budapest and Eskişehir:")
    assert set(at.query_params) == {"me"}
    many = meeting.events(reader)
    label = many[many["event_key"] == "2025-05-07-label"]
    at = show("meeting", {"me": "2025-05-07-label"})
    assert len(at.table[0].value) == 10
    assert f"{len(label)} cities are known to have been there" in words(at)


def test_choosing_an_event_changes_the_room(show: Show) -> None:
    at = show("meeting", {"m": ["vilnius", "taurage"]})
    next(box for box in at.selectbox if box.label == "Event").set_value("2024-03-12-exchange").run()
    assert at.title[0].value.startswith("Budapest and Eskişehir:")


def test_one_city_is_no_meeting(show: Show) -> None:
    at = show("meeting", {"m": ["vilnius"]})
    assert not at.exception
    assert "Pick two cities or more" in words(at)


def test_unknown_city_is_named(show: Show) -> None:
    at = show("meeting", {"m": ["vilnius", "taurage", "atlantis"]})
    assert "Not known: atlantis." in words(at)
    assert at.title[0].value.startswith("Vilnius and Tauragė:")


def test_table_has_every_difference(show: Show, reader: Reader) -> None:
    at = show("meeting", {"mt_v": "table"})
    rows = meeting.differences(reader, ROOM)
    table = at.dataframe[0].value
    assert len(table) == len(rows)
    shown = pd.to_numeric(table["Value (see unit)"])
    assert list(shown) == pytest.approx(list(rows["value"]))


@pytest.mark.parametrize("code", ["lt", "tr"])
def test_other_languages_have_their_own_words(show: Show, code: str) -> None:
    at = show("meeting", {"lang": code})
    text = words(at)
    assert not at.exception
    assert language(code).number(15754053) in set(at.table[0].value.iloc[:, 1])
    for english in ("What they share", "with care", "Where they differ", "against"):
        assert english not in text
