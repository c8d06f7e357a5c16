"""The Network page: default, deep link, cut, narrowed, nothing left, wrong link, three languages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.engine import Reader
from pipeline.query import network as query
from pipeline.query.network import TieChoice
from tests.pages.conftest import Show
from tests.pages.harness import words


def _option(at: Any, number: int = 0) -> dict[str, Any]:
    """The figure of an ECharts element as it is sent to the browser."""
    found: dict[str, Any] = json.loads(at.get("echarts_chart")[number].proto.spec)
    return found


def _graph(at: Any) -> dict[str, Any]:
    series: dict[str, Any] = _option(at)["baseOption"]["series"][0]
    return series


def test_first_view_answers_for_the_example_city_and_says_so(show: Show, reader: Reader) -> None:
    at = show("network")
    rows = query.measured(reader, TieChoice()).set_index("member_id")
    vilnius = rows.loc["vilnius"]
    assert not at.exception
    assert at.title[0].value == "Who works with whom?"
    answer = at.header[0].value
    assert (
        f"Vilnius works with {vilnius['partner_count']} places in {vilnius['country_count']} countries."
        in answer
    )
    assert "Vilnius is the example." in words(at)
    middle = [item for item in _graph(at)["data"] if item["id"] == "vilnius"]
    assert [(item["x"], item["y"]) for item in middle] == [(0, 0)]


def test_link_opens_istanbul_with_exactly_its_ties(show: Show, reader: Reader) -> None:
    at = show("network", {"city": "istanbul"})
    ties = query.ties(reader, TieChoice())
    own = ties[(ties["member_a_id"] == "istanbul") | (ties["member_b_id"] == "istanbul")]
    others = ({*own["member_a_id"]} | {*own["member_b_id"]}) - {"istanbul"}
    assert "İstanbul works with 48 places in 41 countries." in at.header[0].value
    assert {item["id"] for item in _graph(at)["data"]} == others | {"istanbul"}
    assert f"{len(own)} ties in this choice" in words(at)
    assert "is the example" not in words(at)


@pytest.mark.parametrize(
    ("city", "name"), [("taurage", "Tauragė"), ("panevezys", "Panevėžys"), ("izmir", "İzmir")]
)
def test_cities_of_the_project_open_with_their_ties(show: Show, city: str, name: str) -> None:
    at = show("network", {"city": city})
    assert not at.exception
    assert at.header[0].value.startswith(f"{name} works with ")
    assert len(_graph(at)["data"]) > 8


def test_cut_of_lithuania_and_turkiye_names_its_twin_towns(show: Show) -> None:
    at = show("network", {"n_cut": "lt_tr"})
    text = words(at)
    assert at.header[0].value.startswith("27 ties.")
    for pair in ("Alanya – Šilutė District", "Anykščiai District – Dalaman", "Klaipėda – Mersin",
                 "Alanya – Trakai District"):  # fmt: skip
        assert pair in text
    assert "source" in text


def test_map_shows_arcs_of_the_city_and_counts_what_is_not_on_it(show: Show, reader: Reader) -> None:
    at = show("network", {"city": "istanbul", "n_as": "map"})
    layers = {
        layer["id"]: layer for layer in json.loads(at.get("deck_gl_json_chart")[0].proto.json)["layers"]
    }
    ties = query.ties(reader, TieChoice())
    own = ties[(ties["member_a_id"] == "istanbul") | (ties["member_b_id"] == "istanbul")]
    arcs = layers["ties"]["data"]
    assert len(arcs) > 20
    assert all("İstanbul" in arc["title"] for arc in arcs)
    text = words(at)
    drawn = sum(len(arc["tip"].split("\n")) for arc in arcs)
    assert f"{len(own) - drawn} ties are not on the map" in text


def test_matrix_holds_the_counts_of_the_query(show: Show, reader: Reader) -> None:
    at = show("network", {"n_as": "matrix"})
    option = _option(at)
    labels = option["yAxis"]["data"]
    cells = {tuple(item["value"][:2]): item["value"][2] for item in option["series"][0]["data"]}
    expected = query.matrix(reader, TieChoice(), "country")
    pair = expected[(expected["one"] == "LT") & (expected["other"] == "PL")].iloc[0]
    place = labels.index("Lithuania"), labels.index("Poland")
    assert cells[place] == cells[place[::-1]] == pair["tie_count"]


def test_table_lists_exactly_the_ties_drawn_with_their_sources(show: Show, reader: Reader) -> None:
    at = show("network", {"city": "taurage", "nv": "table"})
    frame = at.dataframe[0].value
    ties = query.ties(reader, TieChoice())
    picture = query.picture(reader, TieChoice(), "taurage", 1)
    shown = {node.member_id for node in picture.nodes}
    inside = ties[ties["member_a_id"].isin(shown) & ties["member_b_id"].isin(shown)]
    assert len(frame) == len(inside)
    assert (frame["One end"].iloc[:13] == "Tauragė").all()
    assert frame["Address of the source"].notna().all()
    assert {"Twin town", "Functional zone"} <= set(frame["Kind of tie"])
    assert "Suspended or unclear" in set(frame["Status"])


def test_ties_of_2017_appear_only_when_they_are_chosen(show: Show) -> None:
    usual = words(show("network", {"n_cut": "lt_tr", "nv": "table"}))
    at = show("network", {"n_cut": "lt_tr", "nv": "table", "n_ev": ["unverified_2017"]})
    assert "Unverified, 2017" in set(at.dataframe[0].value["Evidence"])
    assert "1 tie." in at.header[0].value
    assert "27 ties." in usual


def test_answer_says_when_only_chosen_ties_are_counted(show: Show) -> None:
    at = show("network", {"city": "vilnius", "n_ca": "LT", "n_cb": "PL"})
    answer = at.header[0].value
    assert answer.startswith("Vilnius works with 4 places in 1 country.")
    assert answer.endswith("Only the ties chosen below are counted.")
    assert "Only: Lithuania, Poland" in words(at)
    assert "Only the ties" not in show("network").header[0].value


def test_about_explains_evidence_and_what_became_of_every_row(show: Show, reader: Reader) -> None:
    at = show("network", {"nv": "about"})
    text = words(at)
    for sentence in ("A missing tie proves nothing", "hidden at first", "Suspended or unclear"):
        assert sentence in text
    counts = next(frame.value for frame in at.dataframe if "Rows in the lists (number)" in frame.value)
    assert counts["Rows in the lists (number)"].sum() == 4696
    assert counts["Ties (number)"].sum() == reader.row_count("mart.network_edge")


def test_download_offers_table_and_files_for_gephi(show: Show) -> None:
    labels = {button.proto.label for button in show("network", {"nv": "download"}).get("download_button")}
    assert labels >= {
        "Edge list (CSV)", "Places and networks (CSV)", "Network (GraphML)", "Network (GEXF, Gephi)",
    }  # fmt: skip


@pytest.mark.parametrize("measure", ["partners", "between", "bridges", "groups"])
def test_every_measure_is_explained_and_drawn(show: Show, measure: str) -> None:
    at = show("network", {"n_m": measure})
    assert not at.exception
    bars = _option(at, len(at.get("echarts_chart")) - 1)
    values = [item["value"] for item in bars["series"][0]["data"]]
    assert len(values) == len(bars["yAxis"]["data"]) == 15
    assert values == sorted(values, reverse=True)
    meaning = {"partners": "Partners:", "between": "Betweenness", "bridges": "Bridges:", "groups": "Louvain"}
    assert meaning[measure] in words(at)


def test_choice_without_a_tie_says_that_this_proves_nothing(show: Show) -> None:
    at = show("network", {"city": "taurage", "n_cut": "lt_tr"})
    assert not at.exception
    assert "No list used here has a tie of Tauragė in this choice." in words(at)
    assert "lists are incomplete" in words(at)


def test_unknown_city_and_unknown_choices_leave_a_page_with_words(show: Show) -> None:
    at = show("network", {"city": "atlantis", "n_cut": "moon", "n_at": "place:xx:nowhere", "n_depth": "9"})
    assert not at.exception
    assert "unknown city: “atlantis”" in words(at)
    assert "Vilnius works with" in at.header[0].value


def test_place_outside_the_register_can_stand_in_the_middle(show: Show) -> None:
    at = show("network", {"n_at": "place:tr:alanya"})
    assert at.header[0].value.startswith("Alanya works with 18 places in ")
    assert {"trakai", "silute"} <= {item["id"] for item in _graph(at)["data"]}


def test_depth_two_shows_at_most_150_places_and_says_how_many_more(show: Show) -> None:
    at = show("network", {"city": "istanbul", "n_depth": "2"})
    assert len(_graph(at)["data"]) == 150
    assert "more places would be in reach and are not drawn" in words(at)


@pytest.mark.parametrize(
    ("lang", "title", "start"),
    [
        ("lt", "Kas su kuo bendradarbiauja?", "Vilnius bendradarbiauja su 29 vietovėmis"),
        ("tr", "Kim kiminle iş birliği yapıyor?", "Vilnius"),
    ],
)
def test_page_speaks_lithuanian_and_turkish(show: Show, lang: str, title: str, start: str) -> None:
    at = show("network", {"lang": lang})
    assert not at.exception
    assert at.title[0].value == title
    assert at.header[0].value.startswith(start)
    assert "29" in at.header[0].value


def test_city_page_leads_to_its_network(show: Show) -> None:
    at = show("city", {"city": "istanbul"})
    links = [link.proto for link in at.get("page_link")]
    assert any("network" in link.page for link in links if link.label == "See the ties as a network")
