"""Partnerships and events in the repository, held against their vocabulary. Needs only the repository."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "data" / "figures"
COLUMNS = [
    "source_id", "row_id", "source_name", "source_country", "target_name", "target_country", "kind_id",
    "kind_as_listed", "title", "from_year", "to_year", "evidence_level_id", "status_id", "source_url", "note",
    "source_latitude_deg", "source_longitude_deg", "target_latitude_deg", "target_longitude_deg", "flags",
    "flag_reason", "licence_id",
]  # fmt: skip
# source: rows by the wording of the list they come from, so that no row is lost on the way.
LISTED = {
    "mission_partnerships": {
        "twin_town": 2755, "horizon_project": 379, "network_membership": 281,
        "pilot_programme_consortium": 198, "mission_twinning": 72, "cooperation_agreement": 20,
        "sun4ukraine_pair": 14, "event": 11,
    },
    "lt_tr_partnerships": {
        "twin town": 893, "Covenant supporter": 12, "platform": 11, "programme": 8,
        "cooperation agreement": 4, "town twinning grant (TTGS-II)": 4, "NetZeroCities pilot": 4,
        "Horizon project": 4, "network membership": 4, "delegation visit": 3, "project": 3,
        "functional zone": 3,
        "network cooperation": 2,
        "memorandum of understanding": 2, "event hosting": 1, "network coordination": 1,
        "network founding": 1,
        "funding call": 1, "proposal": 1, "partnership agreement": 1, "Covenant of Mayors twinning": 1,
        "town twinning grant (TTGS)": 1, "commitment": 1,
    },
}  # fmt: skip

GREEN_NETWORK = "Lithuanian Green Municipalities National Network"
AGREEMENT = "cooperation_agreement"

Row = dict[str, str]


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def words() -> dict[str, dict[str, Any]]:
    raw = yaml.safe_load((ROOT / "pipeline" / "catalogue" / "partnerships.yml").read_text(encoding="utf-8"))
    return {name: {entry["id"]: entry for entry in entries} for name, entries in raw.items()}


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [row for source in LISTED for row in _read(FIGURES / source / "partnerships.csv")]


@pytest.fixture(scope="module")
def events() -> list[Row]:
    return _read(FIGURES / "mission_events" / "events.csv")


def test_no_row_of_the_lists_is_lost(rows: list[Row]) -> None:
    counted = {s: Counter(r["kind_as_listed"] for r in rows if r["source_id"] == s) for s in LISTED}
    assert counted == LISTED


def test_columns_and_ids(rows: list[Row]) -> None:
    assert list(rows[0]) == COLUMNS
    assert max(Counter((r["source_id"], r["row_id"]) for r in rows).values()) == 1


def test_every_row_has_kind_evidence_status_and_source(
    rows: list[Row], words: dict[str, dict[str, Any]]
) -> None:
    for row in rows:
        assert row["kind_id"] in words["kinds"], row
        assert row["evidence_level_id"] in words["evidence_levels"], row
        assert row["status_id"] in words["statuses"], row
        assert row["source_name"], row
        assert row["target_name"], row
        assert re.match(r"https?://\S+$", row["source_url"]) or "no_public_page" in row["flags"], row
        assert row["source_url"], row


def test_only_one_row_rests_on_no_public_page(rows: list[Row]) -> None:
    found = [(r["source_name"], r["target_name"]) for r in rows if "no_public_page" in r["flags"]]
    assert found == [("Panevėžys", "Taipei")]


def test_every_word_of_the_vocabulary_is_used(
    rows: list[Row], events: list[Row], words: dict[str, dict[str, Any]]
) -> None:
    used = {
        "kinds": {r["kind_id"] for r in rows},
        "evidence_levels": {r["evidence_level_id"] for r in rows},
        "statuses": {r["status_id"] for r in rows},
        "flags": {f for r in rows for f in r["flags"].split(";") if f},
        "event_kinds": {e["kind_id"] for e in events},
    }
    assert used == {name: set(entries) for name, entries in words.items()}


def test_grades_of_twin_towns(rows: list[Row]) -> None:
    bulk = Counter(
        flag
        for r in rows
        if r["source_id"] == "mission_partnerships" and r["kind_id"] == "twin_town"
        for flag in r["flags"].split(";")
        if flag.startswith("list_year_20")
    )
    assert bulk == {"list_year_2026": 2503, "list_year_2023": 51, "list_year_2017": 86}
    for r in rows:
        flags = r["flags"].split(";")
        assert ("list_year_2017" in flags) == (r["evidence_level_id"] == "unverified_2017")
        if "list_year_2023" in flags:
            assert r["status_id"] in {"ended_or_unclear", "suspended_or_unclear"}


def test_unverified_ties_are_hidden_unless_asked_for(words: dict[str, dict[str, Any]]) -> None:
    hidden = {i for i, level in words["evidence_levels"].items() if not level["shown_by_default"]}
    assert hidden == {"unverified_2017", "proposal_only"}


def test_ties_with_russia_and_belarus_are_never_called_active(rows: list[Row]) -> None:
    touched = [r for r in rows if {r["source_country"], r["target_country"]} & {"RU", "BY"}]
    assert len(touched) == 78
    assert {r["status_id"] for r in touched} == {"suspended_or_unclear"}
    assert all("russia_or_belarus" in r["flags"].split(";") and r["flag_reason"] for r in touched)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (GREEN_NETWORK, "İstanbul Metropolitan Municipality", "declared_cooperation"),
        (GREEN_NETWORK, "Turkish municipalities (all)", "declared_cooperation"),
        (GREEN_NETWORK, "Smart City Expo World Congress", AGREEMENT),
        ("Association of Local Authorities in Lithuania", "Union of Municipalities of Türkiye", AGREEMENT),
        ("Istanbul", GREEN_NETWORK, "event"),
        ("Klaipėda City Municipality", "Mersin Metropolitan Municipality", "town_twinning_grant"),
        ("Trakai", "Alanya", "twin_town"),
        ("Šilutė", "Alanya", "twin_town"),
        ("Anykščiai", "Dalaman", "twin_town"),
        ("Vilnius", "EU Cities Mission", "event"),
        ("Panevėžys", "Taipei", "delegation_visit"),
    ],
)
def test_ties_the_project_began_with_are_there(rows: list[Row], one: str, other: str, kind: str) -> None:
    assert any(r["source_name"] == one and r["target_name"] == other and r["kind_id"] == kind for r in rows)


def test_years_and_positions_are_plausible(rows: list[Row]) -> None:
    for r in rows:
        years = [int(r[c]) for c in ("from_year", "to_year") if r[c]]
        assert all(1900 < year <= 2032 for year in years), r
        assert years == sorted(years), r
        for end in ("source", "target"):
            latitude, longitude = r[f"{end}_latitude_deg"], r[f"{end}_longitude_deg"]
            assert bool(latitude) == bool(longitude)
            if latitude:
                assert -90 <= float(latitude) <= 90
                assert -180 <= float(longitude) <= 180


def test_notes_are_short_remarks(rows: list[Row]) -> None:
    assert [r["row_id"] for r in rows if len(r["note"]) > 125] == []


def test_lists_from_wikipedia_carry_its_licence(rows: list[Row]) -> None:
    for r in rows:
        flags = r["flags"].split(";")
        if "list_year_2026" in flags or "list_year_2023" in flags:
            assert r["licence_id"] == "cc_by_sa_4_0", r


def test_events_have_dates_that_match_their_precision(events: list[Row]) -> None:
    assert len(events) == 53
    assert Counter(e["date_precision"] for e in events) == {"day": 47, "month": 5, "year": 1}
    for e in events:
        start = dt.date.fromisoformat(e["date_start"])
        if e["date_end"]:
            assert dt.date.fromisoformat(e["date_end"]) >= start
        if e["date_precision"] != "day":
            assert start.day == 1
        assert e["title"]
        assert e["source_url"].startswith("http")
    assert [e["date_start"] for e in events] == sorted(e["date_start"] for e in events)


def test_all_mission_conferences_are_in_the_timeline(events: list[Row]) -> None:
    places = {e["place"] for e in events if e["kind_id"] == "conference" and "Mission" in e["title"]}
    assert {"Valencia", "Vilnius", "Turin", "Brussels"} <= places
