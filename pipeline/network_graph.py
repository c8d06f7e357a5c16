"""The part of the network on a screen, and the whole of it as files: rows in, graph out. No database, no
pages.

The graph around one place (or of a whole cut) never has more than a set number of places, the nearest and
best connected first, and each place always lies at the same point for the same ties.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx
import pandas as pd

MOST_PLACES = 150
"""More points than that cannot be told apart on a screen."""
DEPTHS: tuple[int, ...] = (1, 2, 3)
SEED = 20301231
REGIONS: tuple[str, ...] = ("LT", "TR", "EU", "other", "none")
MOST_ON_SIDES = 70
"""Places that two columns can show."""
SORTING_ROUNDS = 8
COLUMN_X = 0.8
WIDER = 1.1
"""How much wider than high the rings are drawn: screens are."""


@dataclass(frozen=True, slots=True)
class Node:
    """One member in the picture. `hop`: ties away from the middle; `x`, `y`: its place, middle 0, rings 1,
    2, 3."""

    member_id: str
    name: str
    country_iso2: str
    member_kind: str
    region_id: str
    city_id: str | None
    is_mission: bool
    hop: int
    tie_count: int
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """All ties between two members in the picture: how many, their kinds closest first, and their worst
    status."""

    one: str
    other: str
    kinds: tuple[str, ...]
    strength: int
    is_suspended: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The places and links to draw, and how many more there would be."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    left_out: int


def around(ties: pd.DataFrame, focus: str, depth: int, most: int = MOST_PLACES) -> Picture:
    """The places up to `depth` ties from `focus` and all ties among them, on rings round it."""
    known, links = _ends(ties), _links(ties)
    if focus not in known:
        return Picture((), (), 0)
    neighbours = _neighbours(links)
    shown: dict[str, int] = {focus: 0}
    left_out = 0
    edge = [focus]
    for hop in range(1, depth + 1):
        near: dict[str, int] = {}
        for place in edge:
            for other in neighbours[place]:
                if other not in shown:
                    near[other] = near.get(other, 0) + 1
        order = sorted(near, key=lambda one: (-near[one], -len(neighbours[one]), one))
        room = max(0, most - len(shown))
        left_out += max(0, len(order) - room)
        edge = order[:room]
        shown.update(dict.fromkeys(edge, hop))
        if len(order) > room:
            break
    nodes = [replace(known[place], hop=hop, tie_count=len(neighbours[place])) for place, hop in shown.items()]
    return _picture(_rings(nodes, neighbours), links, left_out)


def whole(ties: pd.DataFrame, most: int = MOST_PLACES) -> Picture:
    """All places of these ties, the best connected first, laid out by springs from a fixed start."""
    known, links = _ends(ties), _links(ties)
    neighbours = _neighbours(links)
    order = sorted(known, key=lambda one: (-len(neighbours[one]), one))
    kept = order[:most]
    graph = nx.Graph()
    graph.add_nodes_from(sorted(kept))
    graph.add_edges_from(
        sorted((link.one, link.other) for link in links if {link.one, link.other} <= set(kept))
    )
    places = nx.spring_layout(
        graph, seed=SEED, k=1.6 / math.sqrt(max(1, len(kept))), iterations=80, method="force"
    )
    nodes = [
        replace(
            known[place],
            tie_count=len(neighbours[place]),
            x=round(float(places[place][0]) * 3 * WIDER, 3),
            y=round(float(places[place][1]) * 3, 3),
        )
        for place in kept
    ]
    return _picture(nodes, links, len(order) - len(kept))


def two_sides(ties: pd.DataFrame, left_region: str, most: int = MOST_ON_SIDES) -> Picture:
    """The ties between two regions as two columns, each place as near as possible to its partners' height.

    Empty where there are more places than two columns can show; springs are better then.
    """
    known, links = _ends(ties), _links(ties)
    if not known or len(known) > most:
        return Picture((), (), 0)
    neighbours = _neighbours(links)
    columns = [
        sorted(
            (one for one in known if (known[one].region_id == left_region) == is_left), key=lambda one: one
        )
        for is_left in (True, False)
    ]
    height: dict[str, float] = {}
    for _round in range(SORTING_ROUNDS):
        for column in columns:
            near = {
                one: sum(height.get(other, 0.0) for other in neighbours[one]) / len(neighbours[one])
                for one in column
            }
            column.sort(key=lambda one: (near[one], one))
            height.update({one: _step(number, len(column)) for number, one in enumerate(column)})
    nodes = [
        replace(
            known[one],
            tie_count=len(neighbours[one]),
            x=side * COLUMN_X,
            y=round(_step(number, len(column)), 3),
        )
        for side, column in zip((-1, 1), columns, strict=True)
        for number, one in enumerate(column)
    ]
    return _picture(nodes, links, 0)


def _step(number: int, count: int) -> float:
    """The height of one of `count` places in a column, -1 (top) to 1."""
    return 0.0 if count == 1 else 2 * number / (count - 1) - 1


def _picture(nodes: Sequence[Node], links: Sequence[Link], left_out: int) -> Picture:
    shown = {node.member_id for node in nodes}
    return Picture(
        tuple(sorted(nodes, key=lambda node: (node.hop, node.member_id))),
        tuple(link for link in links if link.one in shown and link.other in shown),
        left_out,
    )


def _rings(nodes: Sequence[Node], neighbours: Mapping[str, Sequence[str]]) -> list[Node]:
    """The middle, then rings: the first by region, country and name, the others close to those they are
    tied to."""
    turn: dict[str, float] = {}
    placed: list[Node] = []
    for hop in sorted({node.hop for node in nodes}):
        ring = [node for node in nodes if node.hop == hop]
        if hop == 0:
            placed += ring
            continue
        if hop == 1:
            ring.sort(
                key=lambda node: (REGIONS.index(node.region_id), node.country_iso2, node.name, node.member_id)
            )
        else:
            ring.sort(key=lambda node: (_mean_turn(node, neighbours, turn), node.member_id))
        start = 0.0 if hop == 1 else _mean_turn(ring[0], neighbours, turn)
        for number, node in enumerate(ring):
            angle = start + 2 * math.pi * number / len(ring)
            turn[node.member_id] = angle % (2 * math.pi)
            # Every second place of a crowded ring a little further out, so that signs do not touch.
            reach = hop + (0.14 if len(ring) > 24 and number % 2 else 0.0)
            placed.append(
                replace(
                    node, x=round(reach * math.sin(angle) * WIDER, 3), y=round(-reach * math.cos(angle), 3)
                )
            )
    return placed


def _mean_turn(node: Node, neighbours: Mapping[str, Sequence[str]], turn: Mapping[str, float]) -> float:
    """The direction in which a place's nearer partners lie, 0 to one full turn."""
    near = [turn[other] for other in neighbours[node.member_id] if other in turn]
    if not near:
        return 0.0
    return math.atan2(sum(map(math.sin, near)), sum(map(math.cos, near))) % (2 * math.pi)


def _ends(ties: pd.DataFrame) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for end in ("a", "b"):
        columns = [
            ties[name]
            for name in (
                f"member_{end}_id", f"name_{end}", f"country_{end}_iso2", f"member_{end}_kind",
                f"region_{end}_id", f"city_{end}_id", f"is_mission_{end}",
            )
        ]  # fmt: skip
        for member_id, name, country, kind, region, city, is_mission in zip(*columns, strict=True):
            if member_id not in found:
                city_id = None if pd.isna(city) else str(city)
                found[member_id] = Node(
                    member_id, name, country, kind, region, city_id, bool(is_mission), hop=0, tie_count=0
                )
    return found


def _links(ties: pd.DataFrame) -> list[Link]:
    """One link a pair, by ids; kinds closest first."""
    kinds: dict[tuple[str, str], dict[str, int]] = {}
    suspended: dict[tuple[str, str], bool] = {}
    names = ("member_a_id", "member_b_id", "kind_id", "kind_strength", "status_id")
    for one, other, kind, strength, status in zip(*(ties[name] for name in names), strict=True):
        pair = (str(one), str(other))
        kinds.setdefault(pair, {})[str(kind)] = int(strength)
        suspended[pair] = suspended.get(pair, False) or status == "suspended_or_unclear"
    return [
        Link(
            one=pair[0],
            other=pair[1],
            kinds=tuple(sorted(found, key=lambda kind: (found[kind], kind))),
            strength=min(found.values()),
            is_suspended=suspended[pair],
        )
        for pair, found in sorted(kinds.items())
    ]


def _neighbours(links: Sequence[Link]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for link in links:
        found.setdefault(link.one, []).append(link.other)
        found.setdefault(link.other, []).append(link.one)
    return found


NODE_COLUMNS: tuple[str, ...] = (
    "member_id", "place_name", "member_kind", "country_iso2", "region_id", "city_id", "is_mission_city",
    "latitude_deg", "longitude_deg", "partner_count", "tie_count", "country_count", "between_pct",
    "community_id",
)  # fmt: skip
EDGE_COLUMNS: tuple[str, ...] = (
    "partnership_id", "member_a_id", "name_a", "member_b_id", "name_b", "kind_id", "title", "from_year",
    "to_year", "evidence_level_id", "status_id", "source_id", "source_url", "row_count",
)  # fmt: skip


def network(members: pd.DataFrame, ties: pd.DataFrame) -> nx.MultiGraph:
    """The ties as a graph for other programs: one edge a tie, so two kinds between a pair are two edges."""
    graph = nx.MultiGraph()
    used = set(ties["member_a_id"]) | set(ties["member_b_id"])
    for row in members[members["member_id"].isin(used)].to_dict("records"):
        graph.add_node(str(row["member_id"]), label=str(row["place_name"]), **_known(row, NODE_COLUMNS[1:]))
    for row in ties.to_dict("records"):
        graph.add_edge(
            str(row["member_a_id"]),
            str(row["member_b_id"]),
            key=str(row["partnership_id"]),
            **_known(row, EDGE_COLUMNS),
        )
    return graph


def graphml(graph: nx.MultiGraph) -> bytes:
    """The graph as GraphML (yEd, Gephi, Cytoscape)."""
    out = io.BytesIO()
    nx.write_graphml_xml(graph, out, named_key_ids=True)
    return out.getvalue()


def gexf(graph: nx.MultiGraph, when: str) -> bytes:
    """The graph as GEXF 1.2 (Gephi). `when`: date of the figures, for the file must not change with the
    clock."""
    text = "\n".join(nx.generate_gexf(graph, version="1.2draft"))
    head, mark, rest = text.partition('lastmodifieddate="')
    if mark:
        text = head + mark + when + rest[rest.index('"') :]
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + text).encode()


def _known(row: Mapping[Any, Any], columns: Sequence[str]) -> dict[str, Any]:
    """The cells that have a value, as plain text, numbers and truth values: neither format knows "not
    known"."""
    found: dict[str, Any] = {}
    for column in columns:
        value = row.get(column)
        if value is None or pd.isna(value):
            continue
        if isinstance(value, str):
            found[column] = "".join(sign for sign in value if sign.isprintable())
        elif isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
            found[column] = bool(value)
        else:
            found[column] = int(value) if float(value).is_integer() and "pct" not in column else float(value)
    return found
