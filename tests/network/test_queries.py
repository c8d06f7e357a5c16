"""What a reader narrows down is what the queries give."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.engine import Reader
from pipeline.query import network as query
from pipeline.query.network import TieChoice

ALL_LEVELS = (
    "signed_confirmed", "programme_pair", "listed_twinning", "reported", "joint_project", "shared_network",
    "event", "unverified_2017", "proposal_only",
)  # fmt: skip


def ids(ties: pd.DataFrame) -> set[str]:
    return set(ties["partnership_id"])


def test_unconfirmed_ties_come_only_when_asked_for(reader: Reader) -> None:
    usual = query.ties(reader, TieChoice())
    everything = query.ties(reader, TieChoice(levels=ALL_LEVELS))
    assert ids(usual) < ids(everything)
    extra = everything[~everything["partnership_id"].isin(ids(usual))]
    assert set(extra["evidence_level_id"]) == {"unverified_2017", "proposal_only"}
    assert query.ties(reader, TieChoice(levels=("none",))).empty


def test_country_pair_has_no_direction(reader: Reader) -> None:
    pair = query.ties(reader, TieChoice(country_one="LT", country_other="PL"))
    assert ids(pair) == ids(query.ties(reader, TieChoice(country_one="PL", country_other="LT")))
    assert len(pair) > 100
    assert {frozenset(ends) for ends in zip(pair["country_a_iso2"], pair["country_b_iso2"], strict=True)} == {
        frozenset({"LT", "PL"})
    }
    one = query.ties(reader, TieChoice(country_one="LV"))
    assert ids(one) == ids(query.ties(reader, TieChoice(country_other="LV")))
    assert ((one["country_a_iso2"] == "LV") | (one["country_b_iso2"] == "LV")).all()


def test_same_country_twice_means_ties_inside_it(reader: Reader) -> None:
    inside = query.ties(reader, TieChoice(country_one="LT", country_other="LT"))
    assert len(inside) > 0
    assert (inside["country_a_iso2"] == "LT").all()
    assert (inside["country_b_iso2"] == "LT").all()


def test_years_keep_ties_in_force_and_undated_ones_only_on_request(reader: Reader) -> None:
    window = TieChoice(year_from=1990, year_to=1995)
    kept = query.ties(reader, window)
    dated = query.ties(reader, replace(window, with_undated=False))
    assert ids(dated) < ids(kept)
    assert (kept[~kept["partnership_id"].isin(ids(dated))]["from_year"].isna()).all()
    assert (dated["from_year"].fillna(dated["to_year"]) <= 1995).all()
    ended = dated[dated["to_year"].notna()]
    assert (ended["to_year"] >= 1990).all()
    assert ids(query.ties(reader, TieChoice())) >= ids(kept)


def test_kind_and_status_narrow(reader: Reader) -> None:
    choice = TieChoice(kinds=("sun4ukraine_pair",))
    assert len(query.ties(reader, choice)) == 14
    suspended = query.ties(reader, TieChoice(statuses=("suspended_or_unclear",)))
    assert len(suspended) == 76
    assert (
        suspended["country_a_iso2"].isin(["RU", "BY"]) | suspended["country_b_iso2"].isin(["RU", "BY"])
    ).all()


@pytest.mark.parametrize("cut", query.CUTS)
def test_every_cut_has_ties(reader: Reader, cut: str) -> None:
    assert len(query.ties(reader, TieChoice(cut=cut))) >= 27


def test_every_tie_has_its_statements_and_the_kept_one_comes_first(reader: Reader) -> None:
    ties = query.ties(reader, TieChoice())
    listed = query.statements(reader, TieChoice())
    counts = listed.groupby("partnership_id").size()
    assert counts.to_dict() == dict(zip(ties["partnership_id"], ties["row_count"], strict=True))
    first = listed.drop_duplicates("partnership_id")
    assert set(first["outcome_id"]) == {"kept"}


def test_statements_of_one_member_are_those_of_its_ties(reader: Reader) -> None:
    ties = query.ties(reader, TieChoice())
    own = ties[(ties["member_a_id"] == "istanbul") | (ties["member_b_id"] == "istanbul")]
    listed = query.statements(reader, TieChoice(), "istanbul")
    assert ids(listed) == ids(own)
    assert len(listed) == own["row_count"].sum() > len(own)


def test_sharing_a_network_is_mutual_and_no_stored_tie(reader: Reader) -> None:
    mine = query.shared_networks(reader, "vilnius").set_index("member_id")
    assert len(mine) > 100
    assert "Eurocities" in mine.loc["izmir", "organisations"]
    theirs = query.shared_networks(reader, "izmir").set_index("member_id")
    assert theirs.loc["vilnius", "shared_count"] == mine.loc["izmir", "shared_count"]
    assert not mine.loc["izmir", "has_tie"]
    assert mine.loc["klagenfurt", "has_tie"]
    ties = query.ties(reader, TieChoice(levels=ALL_LEVELS))
    pair = ties[(ties["member_a_id"] == "izmir") & (ties["member_b_id"] == "vilnius")]
    assert pair.empty


def test_bridges_have_partners_on_both_sides(reader: Reader) -> None:
    rows = query.measured(reader, TieChoice())
    bridges = rows[rows["is_bridge"]].set_index("member_id")
    assert {"trakai", "silute", "anyksciai", "klaipeda", "place:tr:alanya", "mersin"} <= set(bridges.index)
    for row in bridges.itertuples():
        assert row.region_id == "LT" or row.partner_lt_count > 0
        assert row.region_id == "TR" or row.partner_tr_count > 0


def test_partners_in_a_choice_never_exceed_all_partners(reader: Reader) -> None:
    for choice in (TieChoice(), TieChoice(cut="lt_eu"), TieChoice(kinds=("twin_town",))):
        rows = query.measured(reader, choice)
        assert len(rows) > 10
        assert (rows["chosen_count"] <= rows["partner_count"]).all()


def test_rows_ties_and_joined_rows_add_up(reader: Reader) -> None:
    counts = query.outcome_counts(reader)
    assert (
        counts["row_count"] == counts["tie_count"] + counts["merged_count"] + counts["dropped_count"]
    ).all()
    assert counts["row_count"].sum() == 4696


def test_matrix_by_something_else_is_refused(reader: Reader) -> None:
    with pytest.raises(ValueError, match="by country or by group"):
        query.matrix(reader, TieChoice(), "mood")
