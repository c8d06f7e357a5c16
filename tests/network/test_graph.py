"""The part of the network on a screen, and the files other programs open."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from pages.charts import network as charts
from pages.charts.palettes import contrast, palette
from pipeline import network_graph
from pipeline.engine import Reader
from pipeline.network_graph import MOST_PLACES, Picture
from pipeline.query import network as query
from pipeline.query import network_files
from pipeline.query.network import TieChoice


@pytest.fixture(scope="module")
def ties(reader: Reader) -> pd.DataFrame:
    return query.ties(reader, TieChoice())


def distances(ties: pd.DataFrame, focus: str) -> dict[str, int]:
    graph = nx.Graph(list(zip(ties["member_a_id"], ties["member_b_id"], strict=True)))
    return dict(nx.single_source_shortest_path_length(graph, focus))


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("focus", ["taurage", "istanbul", "vilnius", "place:tr:alanya"])
def test_graph_round_a_place_holds_the_nearest_and_counts_the_rest(
    ties: pd.DataFrame, focus: str, depth: int
) -> None:
    picture = network_graph.around(ties, focus, depth)
    away = distances(ties, focus)
    near = {place for place, hops in away.items() if hops <= depth}
    shown = {node.member_id: node.hop for node in picture.nodes}
    assert len(shown) <= MOST_PLACES
    assert all(hop == away[place] for place, hop in shown.items())
    if len(near) <= MOST_PLACES:
        assert set(shown) == near
        assert picture.left_out == 0
    else:
        assert picture.left_out > 0
        nearer = {place for place, hops in away.items() if hops < max(shown.values())}
        assert nearer <= set(shown)


def test_all_ties_among_the_places_shown_are_drawn_once(ties: pd.DataFrame) -> None:
    picture = network_graph.around(ties, "istanbul", 2)
    shown = {node.member_id for node in picture.nodes}
    inside = ties[ties["member_a_id"].isin(shown) & ties["member_b_id"].isin(shown)]
    pairs = set(zip(inside["member_a_id"], inside["member_b_id"], strict=True))
    assert {(link.one, link.other) for link in picture.links} == pairs
    assert len(picture.links) == len(pairs)
    assert sum(len(link.kinds) for link in picture.links) == len(inside)


@pytest.mark.parametrize("focus", ["istanbul", "taurage"])
def test_places_lie_where_they_lay_whatever_the_order_of_rows(ties: pd.DataFrame, focus: str) -> None:
    mixed = ties.sample(frac=1, random_state=3)
    for depth in (1, 2, 3):
        assert network_graph.around(ties, focus, depth) == network_graph.around(mixed, focus, depth)


def test_whole_cut_and_its_columns_lie_still_too(reader: Reader) -> None:
    for cut in ("lt_tr", "mission"):
        rows = query.ties(reader, TieChoice(cut=cut))
        mixed = rows.sample(frac=1, random_state=5)
        assert network_graph.whole(rows) == network_graph.whole(mixed)
        assert network_graph.two_sides(rows, "LT") == network_graph.two_sides(mixed, "LT")


def test_no_two_signs_lie_on_one_another(ties: pd.DataFrame) -> None:
    for focus in ("istanbul", "vilnius"):
        nodes = network_graph.around(ties, focus, 2).nodes
        points = [(node.x, node.y) for node in nodes]
        assert len(set(points)) == len(points)
        assert (0.0, 0.0) in points


def test_lithuania_and_turkiye_stand_on_two_sides(reader: Reader) -> None:
    picture = query.picture(reader, TieChoice(cut="lt_tr"), "", 1)
    left = {node.region_id for node in picture.nodes if node.x < 0}
    right = {node.region_id for node in picture.nodes if node.x > 0}
    assert (left, right) == ({"LT"}, {"TR"})


def test_cut_with_too_many_places_shows_the_best_connected(reader: Reader) -> None:
    picture = query.picture(reader, TieChoice(cut="lt_eu"), "", 1)
    assert len(picture.nodes) == MOST_PLACES
    assert picture.left_out > 100
    assert "vilnius" in {node.member_id for node in picture.nodes}


def test_place_without_a_tie_has_an_empty_graph(ties: pd.DataFrame) -> None:
    assert network_graph.around(ties, "atlantis", 2) == Picture((), (), 0)


def option(picture: Picture, theme: Any = "light") -> dict[str, Any]:
    names = {node.member_id: node.name for node in picture.nodes}
    tips = {(link.one, link.other): "tie" for link in picture.links}
    return charts.graph(picture, names, names, tips, theme)


def test_figure_of_the_graph_has_the_places_apart_and_their_names(ties: pd.DataFrame) -> None:
    picture = network_graph.around(ties, "taurage", 1)
    figure = option(picture)["baseOption"]["series"][0]
    assert len(figure["data"]) == len(picture.nodes)
    assert len(figure["links"]) == len(picture.links)
    assert json.loads(json.dumps(figure)) == figure
    labelled = {item["name"] for item in figure["data"] if item["label"]["show"]}
    assert labelled == {node.name for node in picture.nodes}
    points = [(item["x"], item["y"]) for item in figure["data"]]
    near = min(math.dist(one, other) for one in points for other in points if one != other)
    assert near > 1, "ECharts would straighten lines between points so near"


def test_suspended_tie_looks_unlike_every_other(ties: pd.DataFrame) -> None:
    picture = network_graph.around(ties, "taurage", 1)
    lines = {
        (item["source"], item["target"]): item["lineStyle"]
        for item in option(picture)["baseOption"]["series"][0]["links"]
    }
    suspended = {(link.one, link.other) for link in picture.links if link.is_suspended}
    assert suspended
    others = {(line["color"], line["type"]) for pair, line in lines.items() if pair not in suspended}
    assert not {(lines[pair]["color"], lines[pair]["type"]) for pair in suspended} & others


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_families_and_regions_can_be_told_apart_on_the_page(theme: Any) -> None:
    background = palette(theme).background
    lines = [charts.family_colour(name, theme) for name in charts.FAMILIES]
    fills = [charts.region_colour(key, theme) for key in charts.REGION_SHAPES]
    assert len(set(lines)) == len(lines)
    assert len(set(fills)) == len(fills)
    assert all(contrast(colour, background) >= 3 for colour in [*lines, *fills])
    assert len({(charts.LINE[name], charts.family_colour(name, theme)) for name in charts.FAMILIES}) == 4


def test_matrix_shows_each_pair_in_both_halves_with_readable_numbers() -> None:
    figure = charts.matrix(["a", "b"], [(0, 1, 40), (1, 0, 40), (0, 0, 3)], "{@[2]}", "light")
    values = [tuple(item["value"]) for item in figure["series"][0]["data"]]
    assert (0, 1, 40) in values
    assert (1, 0, 40) in values
    pieces = figure["visualMap"]["pieces"]
    for item in figure["series"][0]["data"]:
        fill = next(p["color"] for p in pieces if p["gte"] <= item["value"][2] <= p["lte"])
        assert contrast(fill, item["label"]["color"]) >= 3


def test_matrix_counts_every_tie_once(reader: Reader) -> None:
    for choice in (TieChoice(), TieChoice(cut="lt_tr")):
        for by in ("country", "group"):
            cells = query.matrix(reader, choice, by)
            assert cells["tie_count"].sum() == len(query.ties(reader, choice))
            assert (cells["one"] <= cells["other"]).all()


@pytest.fixture(scope="module")
def choice() -> TieChoice:
    return TieChoice(cut="tr_eu")


def test_gexf_opens_again_with_every_tie_and_its_source(reader: Reader, choice: TieChoice) -> None:
    rows = query.ties(reader, choice)
    body = network_files.gexf_file(reader, choice, "2026-11-22")
    assert body == network_files.gexf_file(reader, choice, "2026-11-22"), "the clock shows in the file"
    graph = nx.read_gexf(io.BytesIO(body))
    check_graph(graph, rows)


def test_graphml_opens_again_with_every_tie_and_its_source(reader: Reader, choice: TieChoice) -> None:
    rows = query.ties(reader, choice)
    graph = nx.read_graphml(io.BytesIO(network_files.graphml_file(reader, choice, "2026-11-22")))
    assert graph.graph["figures_date"] == "2026-11-22"
    check_graph(graph, rows)


def check_graph(graph: Any, rows: pd.DataFrame) -> None:
    assert graph.number_of_edges() == len(rows)
    assert graph.number_of_nodes() == len({*rows["member_a_id"], *rows["member_b_id"]})
    edges = {data["partnership_id"]: data for _a, _b, data in graph.edges(data=True)}
    for row in rows.to_dict("records"):
        data = edges[row["partnership_id"]]
        assert data["kind_id"] == row["kind_id"]
        assert data["evidence_level_id"] == row["evidence_level_id"]
        assert data["source_url"] == row["source_url"]
        assert ("from_year" in data) == (not pd.isna(row["from_year"]))
    nodes = dict(graph.nodes(data=True))
    assert nodes["istanbul"]["label"] == "Istanbul"
    assert nodes["istanbul"]["country_iso2"] == "TR"
    assert float(nodes["istanbul"]["latitude_deg"]) == pytest.approx(41.0, abs=0.2)


def test_edge_list_and_places_fit_together_and_cite_their_source(reader: Reader, choice: TieChoice) -> None:
    edges = _read(network_files.edge_file(reader, choice, "2026-11-22"))
    places = _read(network_files.member_file(reader, choice, "2026-11-22"))
    assert len(edges) == len(query.ties(reader, choice))
    assert {row["member_id"] for row in places} == {
        *(row["member_a_id"] for row in edges),
        *(row["member_b_id"] for row in edges),
    }
    assert all(row["source_url"] and row["citation"] and row["licence"] for row in edges)


def _read(body: bytes) -> list[dict[str, str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def test_no_cell_of_a_file_is_a_formula() -> None:
    rows = pd.DataFrame({"text": ["=1+1", "+x", "-", "plain", None], "number": [-1, 2, 3, 4, 5]})
    body = network_files._csv(rows).decode("utf-8-sig").splitlines()
    assert body[1:] == ["'=1+1,-1", "'+x,2", "'-,3", "plain,4", ",5"]
