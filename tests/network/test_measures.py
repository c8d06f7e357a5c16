"""The measures of the network are what their names say, and come out the same every time."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engine import Reader
from pipeline.network import measures

places = st.sampled_from([f"p{number}" for number in range(9)])
ties = st.lists(st.tuples(places, places), max_size=18)


@settings(deadline=None)
@given(listed=ties)
def test_lying_between_agrees_with_the_textbook(listed: list[tuple[str, str]]) -> None:
    graph = nx.Graph([(one, other) for one, other in listed if one != other])
    expected = nx.betweenness_centrality(graph)
    found = {measure.member_id: measure for measure in measures(listed)}
    assert set(found) == set(graph)
    for place, share in expected.items():
        assert found[place].between_pct == pytest.approx(100 * share, abs=1e-5)
        assert found[place].partner_count == graph.degree(place)


@settings(deadline=None)
@given(listed=ties)
def test_order_and_direction_of_ties_do_not_matter(listed: list[tuple[str, str]]) -> None:
    turned = [(other, one) for one, other in reversed(listed)]
    assert measures(listed) == measures(turned + listed)


def test_middle_of_a_star_lies_on_every_way_and_its_ends_on_none() -> None:
    found = {one.member_id: one for one in measures([("hub", "a"), ("hub", "b"), ("hub", "c")])}
    assert found["hub"].between_pct == 100
    assert {found[end].between_pct for end in "abc"} == {0}
    assert found["hub"].partner_count == 3


def test_two_close_groups_with_one_link_are_two_communities() -> None:
    def close(names: str) -> list[tuple[str, str]]:
        return [(one, other) for one in names for other in names if one < other]

    found = {one.member_id: one for one in measures([*close("abcd"), *close("wxyz"), ("a", "w")])}
    groups = {found[name].community_id for name in "abcd"}, {found[name].community_id for name in "wxyz"}
    assert all(len(group) == 1 for group in groups)
    assert groups[0] != groups[1]
    assert {found[name].community_member_id for name in "abcd"} == {"a"}


def test_a_pair_alone_is_no_community() -> None:
    assert [(one.community_id, one.community_size) for one in measures([("a", "b")])] == [(None, None)] * 2


def test_build_has_measures_of_every_place_with_a_shown_tie(reader: Reader) -> None:
    ((unmeasured,),) = reader.rows(
        """
        select count(*) from mart.tie_member as member
        left join mart.network_measure as measure on measure.member_id = member.member_id
        where member.member_kind <> 'organisation'
            and member.partner_count <> coalesce(measure.partner_count, 0)
        """
    )
    assert unmeasured == 0
    ((ankara,),) = reader.rows("select partner_count from mart.network_measure where member_id = 'ankara'")
    assert ankara == 50


def test_measures_of_the_build_can_be_computed_again(reader: Reader) -> None:
    listed = reader.rows(
        """
        select member_a_id, member_b_id from mart.network_edge
        where is_shown_by_default and 'organisation' not in (member_a_kind, member_b_kind)
        """
    )
    kept = reader.rows(
        "select member_id, partner_count, between_pct, community_id from mart.network_measure "
        "order by member_id"
    )
    again = [
        (one.member_id, one.partner_count, one.between_pct, one.community_id)
        for one in measures((str(a), str(b)) for a, b in listed)
    ]
    assert again == kept
