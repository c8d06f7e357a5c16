"""Whatever the rows: their order and that of their ends do not matter; a thing said twice changes nothing."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sql.harness import Bench

Row = dict[str, Any]

STEPS = ("core.partnership_end", "core.partner", "core.partnership_source", "core.partnership")
LISTED = "staging.stg_figures__partnerships"
LEVELS = [
    {"evidence_level_id": "signed_confirmed", "evidence_rank": 1, "is_shown_by_default": True},
    {"evidence_level_id": "listed_twinning", "evidence_rank": 3, "is_shown_by_default": True},
    {"evidence_level_id": "unverified_2017", "evidence_rank": 8, "is_shown_by_default": False},
]

names = st.sampled_from(["Vilnius", "Kaunas", "Łódź", "Lodz", "İzmir", "Ağrı", None])
rows = st.fixed_dictionaries(
    {
        "source_name": names,
        "source_country": st.sampled_from(["LT", "TR", None]),
        "target_name": names,
        "target_country": st.sampled_from(["LT", "PL"]),
        "kind_id": st.sampled_from(["twin_town", "event"]),
        "title": st.sampled_from(["Twins", "Sisters", None]),
        "from_year": st.sampled_from([None, 1990, 2001, 2015]),
        "to_year": st.sampled_from([None, 2016, 2024]),
        "evidence_level_id": st.sampled_from([str(level["evidence_level_id"]) for level in LEVELS]),
        "status_id": st.sampled_from(["active", "unknown", "ended_or_unclear", "suspended_or_unclear"]),
        "source_url": st.sampled_from(["https://a.example", "https://b.example"]),
        "flags": st.sampled_from(["", "inferred", "list_year_2026;inferred"]),
    }
)
lists = st.lists(rows, min_size=1, max_size=8)

examples = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

#: What a tie says, apart from which row it was read from.
SAYS = (
    "partnership_id", "member_a_id", "member_b_id", "kind_id", "from_year", "to_year", "has_year_conflict",
    "evidence_level_id", "status_id", "has_status_conflict", "flags",
)  # fmt: skip


def numbered(listed: list[Row], source: str = "p") -> list[Row]:
    return [{**row, "source_id": source, "row_id": str(number)} for number, row in enumerate(listed)]


def ties(bench: Bench, listed: list[Row], says: tuple[str, ...] = SAYS) -> dict[str, tuple[object, ...]]:
    """The ties that these rows give, by id."""
    with bench.given({LISTED: listed, "core.evidence_level": LEVELS, "core.city": [], "core.city_alias": []}):
        for model in STEPS:
            bench.refill(model)
        found = bench.builder.rows(f"select {', '.join(says)} from core.partnership order by partnership_id")
        explained = bench.builder.rows("select count(*) from core.partnership_source")
    assert explained == [(len(listed),)]
    return {str(row[0]): row for row in found}


def turned(row: Row) -> Row:
    """The same row with its ends the other way round."""
    return {
        **row,
        "source_name": row["target_name"],
        "source_country": row["target_country"],
        "target_name": row["source_name"],
        "target_country": row["source_country"],
    }


@examples
@given(listed=lists, which=st.sets(st.integers(min_value=0, max_value=7)))
def test_a_tie_has_no_direction(bench: Bench, listed: list[Row], which: set[int]) -> None:
    given_rows = numbered(listed)
    other_way = [turned(row) if number in which else row for number, row in enumerate(given_rows)]
    whole = (*SAYS, "title", "source_url", "row_count")
    assert ties(bench, given_rows, whole) == ties(bench, other_way, whole)


@examples
@given(listed=lists, seed=st.integers(min_value=0, max_value=999))
def test_order_of_rows_does_not_matter(bench: Bench, listed: list[Row], seed: int) -> None:
    given_rows = numbered(listed)
    mixed = list(given_rows)
    random.Random(seed).shuffle(mixed)
    whole = (*SAYS, "title", "source_url", "row_count")
    assert ties(bench, given_rows, whole) == ties(bench, mixed, whole)


@examples
@given(listed=lists)
def test_a_second_list_that_says_the_same_changes_nothing(bench: Bench, listed: list[Row]) -> None:
    assert ties(bench, numbered(listed)) == ties(bench, numbered(listed) + numbered(listed, "q"))


@examples
@given(listed=lists)
def test_evidence_is_the_surest_and_years_span_all_statements(bench: Bench, listed: list[Row]) -> None:
    given_rows = numbered(listed)
    rank = {str(level["evidence_level_id"]): level["evidence_rank"] for level in LEVELS}
    with bench.given(
        {LISTED: given_rows, "core.evidence_level": LEVELS, "core.city": [], "core.city_alias": []}
    ):
        for model in STEPS:
            bench.refill(model)
        found = bench.builder.rows(
            "select partnership_id, evidence_level_id, from_year, row_count from core.partnership"
        )
        listing = bench.builder.rows(
            "select partnership_id, evidence_level_id, from_year, outcome_id from core.partnership_source"
        )
    for tie, level, first, count in found:
        mine = [row for row in listing if row[0] == tie]
        assert len(mine) == count
        assert rank[level] == min(rank[row[1]] for row in mine)
        assert first == min((row[2] for row in mine if row[2] is not None), default=None)
        assert [row[3] for row in mine].count("kept") == 1
    assert {row[0] for row in listing if row[3] == "dropped"} <= {None}
