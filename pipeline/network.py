"""How places hang together through their ties: how many partners, who lies between others, which groups.

Computed once a build into ``mart.network_measure``, since no SQL can; pages only read it. Every step runs
over sorted ids with a fixed seed, so the same ties always give the same numbers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from pipeline.engine import Builder

Tie = tuple[str, str]

TIES = "mart.network_edge"
MEASURES = "mart.network_measure"
COLUMNS: dict[str, str] = {
    "member_id": "varchar",
    "partner_count": "bigint",
    "between_pct": "double",
    "community_id": "bigint",
    "community_size": "bigint",
    "community_member_id": "varchar",
}
SEED = 20301231
"""Start of the random walk of the community search; any fixed number does."""
SMALLEST_COMMUNITY = 3
"""A pair on its own is no group."""
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Measure:
    """One place in the network.

    `between_pct`: of all pairs of other places, the share in per cent whose shortest way along ties leads
    through this one (ways that tie count in parts). `community_id`: 1 is the largest group, None where a
    place belongs to a group of fewer than three; `community_member_id` is the group's best connected place.
    """

    member_id: str
    partner_count: int
    between_pct: float
    community_id: int | None
    community_size: int | None
    community_member_id: str | None


def write(builder: Builder) -> None:
    """Fill ``mart.network_measure`` from the ties just built; nothing where a build has no ties table."""
    if TIES not in builder.tables():
        return
    ties = builder.rows(
        """
        select distinct member_a_id, member_b_id
        from mart.network_edge
        where is_shown_by_default and member_a_kind <> 'organisation' and member_b_kind <> 'organisation'
        order by member_a_id, member_b_id
        """
    )
    builder.create_table(MEASURES, COLUMNS)
    builder.insert(MEASURES, [_row(found) for found in measures((str(a), str(b)) for a, b in ties)])


def measures(ties: Iterable[Tie]) -> list[Measure]:
    """The measures of every place with a tie, by id. Doubled and turned round ties count once."""
    neighbours = _neighbours(ties)
    between = betweenness(neighbours)
    groups = communities(neighbours)
    found = []
    for place in neighbours:
        number = groups.get(place)
        members = groups.members[number - 1] if number is not None else ()
        found.append(
            Measure(
                member_id=place,
                partner_count=len(neighbours[place]),
                between_pct=round(100 * between[place], DECIMALS),
                community_id=number,
                community_size=len(members) or None,
                community_member_id=max(members, key=lambda one: (len(neighbours[one]), one), default=None),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Communities:
    """Groups of places with more ties among themselves than outside, the largest first."""

    members: tuple[tuple[str, ...], ...]
    number: Mapping[str, int]

    def get(self, place: str) -> int | None:
        return self.number.get(place)


def communities(neighbours: Mapping[str, Sequence[str]]) -> Communities:
    """Groups by Louvain's method (Blondel and others 2008) as networkx has it."""
    graph = nx.Graph()
    graph.add_nodes_from(neighbours)
    graph.add_edges_from(
        (one, other) for one, others in neighbours.items() for other in others if one < other
    )
    if graph.number_of_edges() == 0:
        return Communities((), {})
    found = [tuple(sorted(group)) for group in nx.community.louvain_communities(graph, seed=SEED)]
    large = sorted(
        (group for group in found if len(group) >= SMALLEST_COMMUNITY), key=lambda group: (-len(group), group)
    )
    return Communities(
        tuple(large), {place: number for number, group in enumerate(large, 1) for place in group}
    )


def betweenness(neighbours: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Share of all pairs of other places whose shortest way leads through a place, 0 to 1 (Brandes 2001).

    A place with one partner lies between nobody, so it is folded into that partner as weight: the result is
    exactly the same, in a tenth of the time.
    """
    count = len(neighbours)
    if count < 3:
        return dict.fromkeys(neighbours, 0.0)
    leaves = {place for place, others in neighbours.items() if len(others) == 1}
    leaves -= {place for place in leaves if neighbours[place][0] in leaves and place < neighbours[place][0]}
    core = [place for place in neighbours if place not in leaves]
    number = {place: position for position, place in enumerate(core)}
    links = [[number[other] for other in neighbours[place] if other in number] for place in core]
    weight = [1 + sum(other in leaves for other in neighbours[place]) for place in core]
    through = [0.0] * len(core)
    for source in range(len(core)):
        reach = _collect(source, links, weight, through)
        # Ways that begin or end at a leaf of this place, on to everybody else it can reach.
        own = weight[source] - 1
        through[source] += own * (reach - 1 - own) * 2 + own * (own - 1)
    pairs = (count - 1) * (count - 2)
    shares = {core[position]: value / pairs for position, value in enumerate(through)}
    return {place: shares.get(place, 0.0) for place in neighbours}


def _collect(source: int, links: list[list[int]], weight: list[int], through: list[float]) -> int:
    """One round of Brandes' method from `source`; gives how many places can be reached, leaves included."""
    ways = [0] * len(links)
    distance = [-1] * len(links)
    before: list[list[int]] = [[] for _ in links]
    ways[source], distance[source] = 1, 0
    order = []
    waiting = deque([source])
    while waiting:
        here = waiting.popleft()
        order.append(here)
        for there in links[here]:
            if distance[there] < 0:
                distance[there] = distance[here] + 1
                waiting.append(there)
            if distance[there] == distance[here] + 1:
                ways[there] += ways[here]
                before[there].append(here)
    share = [0.0] * len(links)
    for here in reversed(order):
        for back in before[here]:
            share[back] += ways[back] / ways[here] * (weight[here] + share[here])
        if here != source:
            through[here] += share[here] * weight[source]
    return sum(weight[place] for place in order)


def _neighbours(ties: Iterable[Tie]) -> dict[str, list[str]]:
    """The partners of each place, both sorted."""
    found: dict[str, set[str]] = {}
    for one, other in ties:
        if one != other:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {place: sorted(found[place]) for place in sorted(found)}


def _row(found: Measure) -> tuple[object, ...]:
    return (
        found.member_id,
        found.partner_count,
        found.between_pct,
        found.community_id,
        found.community_size,
        found.community_member_id,
    )
