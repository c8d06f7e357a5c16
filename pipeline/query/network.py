"""Who works with whom: ties as the reader narrows them down, who has them, and what two places share.

A tie is one row of ``mart.network_edge``: an unordered pair of members and a kind. Members are register
cities, places outside the register and organisations (networks, programmes, associations). Sharing a
network is no tie: such pairs are worked out here when asked for, never stored.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pipeline import network_graph
from pipeline.engine import Reader
from pipeline.network_graph import Picture

CUTS: tuple[str, ...] = ("all", "lt_tr", "lt_eu", "tr_eu", "mission")
"""Ready-made cuts: everything, Lithuania-Türkiye, Lithuania-EU, Türkiye-EU, Mission City-Mission City."""
SIDES: dict[str, str] = {"lt_tr": "LT", "lt_eu": "LT", "tr_eu": "TR"}
"""Cuts between two regions, with the region that stands on the left."""
GROUPS: tuple[str, ...] = ("mission", "lt", "tr", "eu", "world", "organisation")
"""Group of a member in the matrix: the first that applies."""
FIRST_YEAR, LAST_YEAR = 1950, 2032


@dataclass(frozen=True, slots=True)
class TieChoice:
    """Which ties a reader wants to see. Empty tuples mean "all"; without levels those hidden at first stay
    hidden."""

    cut: str = "all"
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    with_undated: bool = True
    country_one: str = ""
    country_other: str = ""

    def sql_params(self) -> dict[str, object]:
        """Values for :data:`TIE_CONDITION`."""
        return {
            "cut": self.cut,
            "kinds": list(self.kinds),
            "levels": list(self.levels),
            "statuses": list(self.statuses),
            "year_from": self.year_from,
            "year_to": self.year_to,
            "with_undated": self.with_undated,
            "country_one": self.country_one,
            "country_other": self.country_other,
        }


TIE_CONDITION = """(
    case $cut::varchar
        when 'lt_tr' then edge.is_lt_tr
        when 'lt_eu' then edge.is_lt_eu
        when 'tr_eu' then edge.is_tr_eu
        when 'mission' then edge.is_mission_mission
        else true
    end
    and (len($kinds::varchar[]) = 0 or list_contains($kinds::varchar[], edge.kind_id))
    and case
        when len($levels::varchar[]) = 0 then edge.is_shown_by_default
        else list_contains($levels::varchar[], edge.evidence_level_id)
    end
    and (len($statuses::varchar[]) = 0 or list_contains($statuses::varchar[], edge.status_id))
    and case
        when $year_from::integer is null and $year_to::integer is null then true
        when edge.from_year is null and edge.to_year is null then $with_undated::boolean
        else coalesce(edge.from_year, edge.to_year) <= coalesce($year_to::integer, 9999)
            and coalesce(edge.to_year, case when edge.status_id = 'active' then 9999 else edge.from_year end)
                >= coalesce($year_from::integer, 0)
    end
    and case
        when $country_one::varchar = '' then $country_other::varchar = ''
            or $country_other::varchar in (edge.country_a_iso2, edge.country_b_iso2)
        when $country_other::varchar = ''
            then $country_one::varchar in (edge.country_a_iso2, edge.country_b_iso2)
        else (edge.country_a_iso2 = $country_one::varchar and edge.country_b_iso2 = $country_other::varchar)
            or (edge.country_b_iso2 = $country_one::varchar and edge.country_a_iso2 = $country_other::varchar)
    end
)"""
"""Part of a WHERE for queries whose tie table is called ``edge``; values come from
``TieChoice.sql_params``. A tie without an end year counts as running on when its source calls it current,
else for its first year alone."""


def ties(reader: Reader, choice: TieChoice) -> pd.DataFrame:
    """Every tie of the choice: closest kind first, then the surest, then by names."""
    return reader.frame(
        f"""
        select edge.*
        from mart.network_edge as edge
        where {TIE_CONDITION}
        order by edge.kind_strength, edge.evidence_rank, edge.name_a, edge.name_b, edge.partnership_id
        """,
        choice.sql_params(),
    )


def picture(reader: Reader, choice: TieChoice, focus: str, depth: int) -> Picture:
    """The graph round one member; of all ties of the choice where `focus` is empty."""
    found = ties(reader, choice)
    if focus:
        return network_graph.around(found, focus, depth)
    if choice.cut in SIDES:
        sides = network_graph.two_sides(found, SIDES[choice.cut])
        if sides.nodes:
            return sides
    return network_graph.whole(found)


def members(reader: Reader) -> pd.DataFrame:
    """Everybody with a tie: counts of ties and partners, and the measures of the network. Organisations
    have none."""
    return reader.frame(
        """
        select
            member.*,
            measure.between_pct, measure.community_id, measure.community_size, measure.community_member_id
        from mart.tie_member as member
        left join mart.network_measure as measure on measure.member_id = member.member_id
        order by member.partner_count desc, member.place_name, member.member_id
        """
    )


def measured(reader: Reader, choice: TieChoice) -> pd.DataFrame:
    """Places (no organisations) with a tie of the choice, with the measures of the whole network.

    ``chosen_count`` counts different places they are tied to within the choice. ``is_bridge``: partners in
    Lithuania and in Türkiye, the place's own country included.
    """
    return reader.frame(
        f"""
        with chosen as (
            select edge.member_a_id as member_id, edge.member_b_id as other_id, edge.member_b_kind as
                other_kind
            from mart.network_edge as edge where {TIE_CONDITION}
            union all
            select edge.member_b_id, edge.member_a_id, edge.member_a_kind
            from mart.network_edge as edge where {TIE_CONDITION}
        ),
        counted as (
            select chosen.member_id, count(distinct chosen.other_id) as chosen_count
            from chosen where chosen.other_kind <> 'organisation'
            group by chosen.member_id
        )
        select
            member.member_id, member.city_id, member.place_name, member.country_iso2, member.region_id,
            member.is_mission_city, member.latitude_deg, member.longitude_deg,
            counted.chosen_count, member.partner_count, member.country_count, member.organisation_count,
            member.partner_lt_count, member.partner_tr_count, member.partner_eu_count, member.suspended_count,
            measure.between_pct, measure.community_id, measure.community_size, measure.community_member_id,
            leader.place_name as community_name, leader.city_id as community_city_id,
            (member.region_id = 'LT' or member.partner_lt_count > 0)
                and (member.region_id = 'TR' or member.partner_tr_count > 0)
                and member.partner_lt_count + member.partner_tr_count > 0 as is_bridge
        from mart.tie_member as member
        inner join counted on counted.member_id = member.member_id
        left join mart.network_measure as measure on measure.member_id = member.member_id
        left join core.partner as leader on leader.member_id = measure.community_member_id
        where member.member_kind <> 'organisation'
        order by counted.chosen_count desc, measure.between_pct desc nulls last, member.place_name,
            member.member_id
        """,
        choice.sql_params(),
    )


def statements(reader: Reader, choice: TieChoice, member_id: str = "") -> pd.DataFrame:
    """Every listed row behind the ties of the choice (of one member where given), the one kept for a tie
    first."""
    return reader.frame(
        f"""
        select
            edge.name_a, edge.name_b, edge.city_a_id, edge.city_b_id, listed.partnership_id,
            listed.outcome_id,
            listed.reason_id, listed.kind_id, listed.title, listed.from_year, listed.to_year,
            listed.evidence_level_id, listed.status_id, listed.source_id, listed.row_id, listed.source_url,
            listed.flags, listed.flag_reason, listed.note
        from mart.network_edge as edge
        inner join core.partnership_source as listed on listed.partnership_id = edge.partnership_id
        where {TIE_CONDITION}
            and ($member_id::varchar = '' or $member_id::varchar in (edge.member_a_id, edge.member_b_id))
        order by edge.kind_strength, edge.evidence_rank, edge.name_a, edge.name_b, edge.partnership_id,
            listed.place_in_tie
        """,
        {**choice.sql_params(), "member_id": member_id},
    )


_GROUP = """case
            when edge.member_{end}_kind = 'organisation' then 'organisation'
            when edge.is_mission_{end} then 'mission'
            when edge.region_{end}_id = 'LT' then 'lt'
            when edge.region_{end}_id = 'TR' then 'tr'
            when edge.region_{end}_id = 'EU' then 'eu'
            else 'world'
        end"""


def matrix(reader: Reader, choice: TieChoice, by: str) -> pd.DataFrame:
    """Ties between every two countries (``by="country"``) or groups (``by="group"``): each pair once, most
    ties first.

    Members without a country (international networks) have the country "".
    """
    if by not in ("country", "group"):
        raise ValueError(f"A matrix is by country or by group, not by '{by}'.")
    one = _GROUP.format(end="a") if by == "group" else "edge.country_a_iso2"
    other = _GROUP.format(end="b") if by == "group" else "edge.country_b_iso2"
    return reader.frame(
        f"""
        with ended as (
            select {one} as one, {other} as other, edge.member_a_id, edge.member_b_id, edge.partnership_id
            from mart.network_edge as edge where {TIE_CONDITION}
        ),
        paired as (
            select least(ended.one, ended.other) as one, greatest(ended.one, ended.other) as other,
                ended.member_a_id, ended.member_b_id, ended.partnership_id
            from ended
        )
        select
            paired.one, paired.other,
            count(*) as tie_count,
            count(distinct (paired.member_a_id, paired.member_b_id)) as pair_count
        from paired
        group by paired.one, paired.other
        order by tie_count desc, paired.one, paired.other
        """,
        choice.sql_params(),
    )


def member_ids(reader: Reader) -> list[str]:
    """Everybody an address may put in the middle."""
    return [str(row[0]) for row in reader.rows("select member_id from mart.tie_member order by member_id")]


def countries(reader: Reader) -> list[str]:
    """Countries of members with a tie."""
    rows = reader.rows(
        "select distinct country_iso2 from mart.tie_member where country_iso2 <> '' order by country_iso2"
    )
    return [str(row[0]) for row in rows]


def outcome_counts(reader: Reader) -> pd.DataFrame:
    """For each kind: rows in the lists, ties, rows merged into another row's tie, rows dropped."""
    return reader.frame(
        """
        select
            listed.kind_id,
            count(*) as row_count,
            count(*) filter (where listed.outcome_id = 'kept') as tie_count,
            count(*) filter (where listed.outcome_id = 'merged') as merged_count,
            count(*) filter (where listed.outcome_id = 'dropped') as dropped_count
        from core.partnership_source as listed
        left join core.partnership_kind as kind on kind.kind_id = listed.kind_id
        group by listed.kind_id, kind.strength
        order by kind.strength nulls last, row_count desc, listed.kind_id
        """
    )


def shared_networks(reader: Reader, member_id: str) -> pd.DataFrame:
    """Places that share a network, programme or association with one place: a weaker link than any tie.

    Worked out for one place when asked. ``has_tie``: the two also have a tie of their own that is shown at
    first.
    """
    return reader.frame(
        """
        with ended as (
            select member_a_id as member_id, member_b_id as organisation_id, name_b as organisation
            from mart.network_edge where member_b_kind = 'organisation' and is_shown_by_default
            union
            select member_b_id, member_a_id, name_a
            from mart.network_edge where member_a_kind = 'organisation' and is_shown_by_default
        ),
        shared as (
            select other.member_id, count(*) as shared_count,
                string_agg(mine.organisation, '; ' order by mine.organisation) as organisations
            from ended as mine
            inner join ended as other
                on other.organisation_id = mine.organisation_id and other.member_id <> mine.member_id
            where mine.member_id = $member_id
            group by other.member_id
        )
        select
            member.member_id, member.city_id, member.place_name, member.country_iso2, shared.shared_count,
            shared.organisations,
            exists (
                select 1 from mart.network_edge as edge
                where edge.is_shown_by_default
                    and edge.member_a_id = least(member.member_id, $member_id)
                    and edge.member_b_id = greatest(member.member_id, $member_id)
            ) as has_tie
        from shared
        inner join mart.tie_member as member on member.member_id = shared.member_id
        where member.member_kind <> 'organisation'
        order by shared.shared_count desc, member.place_name, member.member_id
        """,
        {"member_id": member_id},
    )
