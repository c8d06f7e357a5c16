"""Both partnership lists become ties: every row is explained, none stands twice, none is missing."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from pipeline.engine import Reader

FIGURES = Path(__file__).resolve().parents[2] / "data" / "figures"
LISTS = ("mission_partnerships", "lt_tr_partnerships")

#: kind: rows in the two lists, ties, rows joined to the tie of another row.
BY_KIND = {
    "twin_town": (3648, 2849, 799),
    "joint_project": (386, 380, 6),
    "network_membership": (272, 270, 2),
    "pilot_programme": (103, 101, 2),
    "pilot_consortium": (99, 97, 2),
    "mission_twinning": (72, 72, 0),
    "award": (14, 14, 0),
    "cooperation_agreement": (14, 12, 2),
    "sun4ukraine_pair": (14, 14, 0),
    "covenant_twinning": (13, 13, 0),
    "covenant_support": (12, 12, 0),
    "event": (11, 11, 0),
    "platform": (11, 11, 0),
    "programme": (8, 8, 0),
    "town_twinning_grant": (5, 5, 0),
    "delegation_visit": (4, 4, 0),
    "functional_zone": (3, 3, 0),
    "declared_cooperation": (2, 2, 0),
    "network_role": (2, 2, 0),
    "proposal": (2, 2, 0),
    "funding_programme": (1, 1, 0),
}
REASONS = {
    "also_in_the_other_list": 778,
    "listed_from_both_ends": 32,
    "another_statement_in_the_same_list": 3,
}

GREEN_NETWORK = "org:lt:lithuanian-green-municipalities-national-network"
#: The ties the project began with: two ends and the kind.
ORIGIN = [
    (GREEN_NETWORK, "istanbul", "declared_cooperation"),
    (GREEN_NETWORK, "istanbul", "event"),
    (GREEN_NETWORK, "org:tr:turkish-municipalities-all", "declared_cooperation"),
    (GREEN_NETWORK, "org:es:smart-city-expo-world-congress", "cooperation_agreement"),
    (
        "org:lt:association-of-local-authorities-in-lithuania",
        "org:tr:union-of-municipalities-of-turkiye",
        "cooperation_agreement",
    ),
    ("panevezys", "place:tw:taipei", "delegation_visit"),
    ("vilnius", "org:eu-cities-mission", "event"),
    ("turin", "org:eu-cities-mission", "event"),
    ("valencia", "org:eu-cities-mission", "event"),
]
LITHUANIA_TURKIYE = [
    ("klaipeda", "mersin"),
    ("trakai", "place:tr:alanya"),
    ("silute", "place:tr:alanya"),
    ("anyksciai", "place:tr:dalaman"),
]


def listed_rows() -> list[dict[str, str]]:
    found = []
    for name in LISTS:
        with (FIGURES / name / "partnerships.csv").open(encoding="utf-8", newline="") as handle:
            found += list(csv.DictReader(handle))
    return found


def test_counts_by_kind_reconcile_with_the_files(reader: Reader) -> None:
    in_files = Counter(row["kind_id"] for row in listed_rows())
    outcomes = reader.rows(
        """
        select kind_id, count(*), count(*) filter (where outcome_id = 'kept'),
            count(*) filter (where outcome_id = 'merged'), count(*) filter (where outcome_id = 'dropped')
        from core.partnership_source group by kind_id
        """
    )
    for kind, rows, kept, merged, dropped in outcomes:
        assert rows == in_files.pop(kind)
        assert rows == kept + merged + dropped
        assert (rows, kept, merged) == BY_KIND[kind], kind
        assert dropped == 0
    assert in_files == Counter()
    ties = dict(reader.rows("select kind_id, count(*) from mart.network_edge group by kind_id"))
    assert ties == {kind: counts[1] for kind, counts in BY_KIND.items()}


def test_every_row_of_the_files_is_in_the_reconciliation_once(reader: Reader) -> None:
    found = reader.rows("select source_id, row_id from core.partnership_source")
    assert Counter(found) == Counter((row["source_id"], row["row_id"]) for row in listed_rows())


def test_every_joined_row_names_the_same_pair_and_kind_as_its_tie(reader: Reader) -> None:
    rows = reader.rows(
        """
        select listed.reason_id, listed.source_id, kept.source_id, listed.title, kept.title,
            [listed.member_a_id, listed.member_b_id] = [tie.member_a_id, tie.member_b_id]
                and listed.kind_id = tie.kind_id
        from core.partnership_source as listed
        inner join core.partnership as tie on tie.partnership_id = listed.partnership_id
        inner join core.partnership_source as kept
            on kept.partnership_id = listed.partnership_id and kept.outcome_id = 'kept'
        where listed.outcome_id = 'merged'
        """
    )
    assert Counter(row[0] for row in rows) == REASONS
    for reason, source, kept_source, title, kept_title, is_same in rows:
        assert is_same
        if reason == "also_in_the_other_list":
            assert source != kept_source
        else:
            assert source == kept_source
            assert (title == kept_title) == (reason == "listed_from_both_ends")


def test_names_of_a_joined_row_differ_only_where_the_reference_says_so(reader: Reader) -> None:
    """A name is changed only by the register's aliases or the reviewed list of partner places."""
    rows = reader.rows(
        """
        select partnership_end.matched_by, count(*) from core.partnership_end
        group by partnership_end.matched_by
        """
    )
    assert set(dict(rows)) == {"register", "partner_place"}, "a name nobody looked at"
    changed = reader.rows(
        """
        select distinct listed_name, place_name from core.partnership_end
        where matched_by = 'partner_place' and listed_name <> place_name
        """
    )
    with (FIGURES.parent / "reference" / "partner_place.csv").open(encoding="utf-8", newline="") as handle:
        explained = {
            (row["listed_name"], row["place_name"]) for row in csv.DictReader(handle) if row["reason"]
        }
    assert set(changed) <= explained


def test_no_tie_stands_twice(reader: Reader) -> None:
    assert (
        reader.rows(
            """
            select least(member_a_id, member_b_id), greatest(member_a_id, member_b_id), kind_id
            from mart.network_edge group by all having count(*) > 1
            """
        )
        == []
    )


def test_every_tie_has_source_kind_and_evidence(reader: Reader) -> None:
    ((total, complete),) = reader.rows(
        """
        select count(*), count(*) filter (
            where source_url is not null and kind_id is not null and evidence_level_id is not null
                and evidence_rank is not null and kind_strength is not null and status_id is not null)
        from mart.network_edge
        """
    )
    assert total == complete == 3883


@pytest.mark.parametrize(("one", "other", "kind"), ORIGIN)
def test_ties_the_project_began_with_are_there(reader: Reader, one: str, other: str, kind: str) -> None:
    found = reader.rows(
        "select kind_id from mart.network_edge where member_a_id = $low and member_b_id = $high",
        {"low": min(one, other), "high": max(one, other)},
    )
    assert (kind,) in found


@pytest.mark.parametrize(("one", "other"), LITHUANIA_TURKIYE)
def test_cut_finds_the_ties_of_lithuania_and_turkiye(reader: Reader, one: str, other: str) -> None:
    found = reader.rows(
        """
        select kind_id from mart.network_edge
        where is_lt_tr and is_shown_by_default and member_a_id = $low and member_b_id = $high
        """,
        {"low": min(one, other), "high": max(one, other)},
    )
    assert ("twin_town",) in found


def test_cuts_hold_exactly_their_countries(reader: Reader) -> None:
    for cut, one, other in (("is_lt_tr", "LT", "TR"), ("is_lt_eu", "LT", "EU"), ("is_tr_eu", "TR", "EU")):
        rows = reader.rows(f"select region_a_id, region_b_id, {cut} from mart.network_edge")
        assert any(is_in for _a, _b, is_in in rows)
        assert all(is_in == ({a, b} == {one, other}) for a, b, is_in in rows)


def test_ties_with_russia_and_belarus_are_shown_as_suspended_and_never_dropped(reader: Reader) -> None:
    rows = reader.rows(
        """
        select status_id, is_shown_by_default, evidence_level_id from mart.network_edge
        where 'RU' in (country_a_iso2, country_b_iso2) or 'BY' in (country_a_iso2, country_b_iso2)
        """
    )
    assert len(rows) == 78
    assert {row[0] for row in rows} == {"suspended_or_unclear"}
    assert all(row[1] for row in rows if row[2] != "unverified_2017")


def test_ties_of_2017_and_proposals_are_hidden_until_asked_for(reader: Reader) -> None:
    hidden = dict(
        reader.rows(
            """
            select evidence_level_id, count(*) from mart.network_edge
            where not is_shown_by_default group by evidence_level_id
            """
        )
    )
    assert set(hidden) == {"unverified_2017", "proposal_only"}
    assert sum(hidden.values()) == 189


@pytest.mark.parametrize("city", ["vilnius", "taurage", "panevezys", "istanbul", "izmir"])
def test_cities_of_the_issue_open_with_ties(reader: Reader, city: str) -> None:
    ((count, places),) = reader.rows(
        "select tie_count, partner_count from mart.tie_member where member_id = $city", {"city": city}
    )
    assert count >= 10
    assert places >= 10


def test_partners_outside_the_register_are_placed_or_stay_in_the_list(reader: Reader) -> None:
    ((placed, unplaced),) = reader.rows(
        """
        select count(*) filter (where latitude_deg is not null), count(*) filter (where latitude_deg is null)
        from core.partner where member_kind = 'place'
        """
    )
    assert placed > 1500
    assert unplaced > 0
    ((off_the_list,),) = reader.rows(
        """
        select count(*) from core.partner
        where not exists (
            select 1 from mart.network_edge as edge
            where partner.member_id in (edge.member_a_id, edge.member_b_id))
        """
    )
    assert off_the_list == 0


def test_position_is_known_in_full_or_not_at_all(reader: Reader) -> None:
    assert (
        reader.rows(
            """
            select member_id from core.partner
            where (latitude_deg is null) <> (longitude_deg is null)
                or abs(latitude_deg) > 90 or abs(longitude_deg) > 180
            """
        )
        == []
    )
