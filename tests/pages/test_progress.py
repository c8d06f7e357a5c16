"""The Progress page: does it say what the figures say, for one city and for many?"""

from __future__ import annotations

import re

import pytest

from pages.language import language
from pipeline.engine import Reader
from pipeline.query import progress
from pipeline.query.filters import YARDSTICKS, Filters
from tests.pages.conftest import Show
from tests.pages.harness import words

MISSION = {"yard": "mission_default"}


def pick_city(reader: Reader, condition: str) -> str:
    """The first city whose row against the Mission yardstick fits; the figures decide which one it is."""
    rows = reader.rows(
        "select city_id from mart.emission_progress "
        f"where yardstick_id = 'mission_default' and {condition} order by city_id"
    )
    assert rows, f"no city with {condition}"
    return str(rows[0][0])


def test_group_answer_counts_what_the_build_counts(show: Show, reader: Reader) -> None:
    at = show("progress")
    good, assessed, total = reader.rows(
        """
        select
            count(*) filter (where progress.verdict_id in ('reached', 'on_pace')),
            count(*) filter (where progress.verdict_id <> 'not_assessed'),
            count(*)
        from mart.emission_progress as progress
        inner join mart.city as city on city.city_id = progress.city_id
        where progress.yardstick_id = 'mission_default'
            and (city.is_mission_city or city.group_id in ('lt', 'tr') or city.is_lt_municipality
                or city.is_tr_metropolitan or city.is_tr_city)
        """
    )[0]
    assert not at.exception
    assert at.title[0].value == "Who is cutting emissions fast enough?"
    assert at.header[0].value.startswith(f"{good} of the {assessed} cities")
    assert f"{total} are chosen" in at.header[0].value


def test_every_city_without_verdict_is_listed_under_its_reason(show: Show, reader: Reader) -> None:
    at = show("progress", MISSION)
    rows = progress.not_assessed(reader, Filters(yardstick="mission_default"))
    text = words(at)
    for reason_id, group in rows.groupby("reason_id"):
        title = reader.rows("select title from core.reason where reason_id = $id", {"id": reason_id})[0][0]
        assert f"{title}: {len(group)}" in [expander.label for expander in at.expander]
    assert re.search(r"\]\(city\?[^)]*city=gozo", text)


def test_one_city_says_change_verdict_gap_and_age(show: Show, reader: Reader) -> None:
    for verdict in ("on_pace", "behind", "far_behind"):
        city_id = pick_city(reader, f"verdict_id = '{verdict}' and gap_to_path_t is not null")
        change, base, latest, age, gap, gas = reader.rows(
            "select change_pct, base_year, latest_year, latest_age_years, gap_to_path_t, gas_basis "
            "from mart.emission_progress where city_id = $id and yardstick_id = 'mission_default'",
            {"id": city_id},
        )[0]
        at = show("progress", {**MISSION, "city": city_id})
        assert not at.exception
        sentence = at.code[0].value
        english = language("en")
        direction = "fell" if change < 0 else "rose"
        assert f"emissions {direction} by {english.percent(abs(change))} from {base} to {latest}" in sentence
        assert f"{age} years old" in sentence
        assert english.tonnes(abs(gap)).replace("\u00a0", " ") in sentence.replace("\u00a0", " ")
        assert ("above" if gap > 0 else "below") + f" the path in {latest}" in sentence
        assert verdict.replace("_", " ") in sentence
        assert sentence.endswith(".")
        assert gas in {"CO2", "CO2e", "CO2e_LCA", "unknown"}


def test_five_yardsticks_each_have_a_sentence(show: Show) -> None:
    at = show("progress", {**MISSION, "city": "vilnius"})
    text = words(at)
    for title in ("Own target", "Covenant pledge", "Mission 80 %", "Equal path 43 %", "Carbon law"):
        assert f"**{title}**" in text
    assert len(YARDSTICKS) == 5


def test_contract_parts_stand_apart(show: Show, reader: Reader) -> None:
    at = show("progress", {"city": "vilnius"})
    residual, removals, cut = reader.rows(
        "select residual_t, removals_t, reduction_pct from mart.city_target "
        "where city_id = 'vilnius' and source_id = 'ccc_mission' and used_for_yardstick_id = 'own_target'"
    )[0]
    text = words(at).replace("\u00a0", " ").replace("\\", "")
    english = language("en")
    assert f"Gross cut: {english.percent(cut)} less than in 2021 by 2030." in text
    assert f"Residual: {english.tonnes(residual)}".replace("\u00a0", " ") in text
    assert f"Removals stated by the contract: {english.tonnes(removals)}".replace("\u00a0", " ") in text
    assert "Credits: no amount is on file" in text


def test_target_against_a_forecast_is_never_scored(show: Show) -> None:
    at = show("progress", {"city": "istanbul", "yard": "own_target"})
    assert "no verdict possible" in at.header[0].value
    assert "measured against a forecast" in at.header[0].value
    assert "not assessed (Target against a forecast)" in at.code[0].value


@pytest.mark.parametrize("city_id", ["gozo", "elbasan"])
def test_city_without_inventory_says_so_and_shows_no_zero(show: Show, city_id: str) -> None:
    at = show("progress", {"city": city_id})
    text = words(at)
    assert not at.exception
    assert "there are no two comparable inventories" in at.code[0].value
    assert "no verdict possible" in at.header[0].value.replace("\\", "")
    assert not re.search(r"\b0\s?(t|kt|Mt)\b", text)


def test_unknown_city_is_reported_and_the_group_shown(show: Show) -> None:
    at = show("progress", {"city": "vilnus"})
    assert not at.exception
    text = words(at)
    assert "unknown city" in text
    assert "Vilnius" in text
    assert at.title[0].value == "Who is cutting emissions fast enough?"


def test_group_without_cities_offers_a_way_back(show: Show) -> None:
    at = show("progress", {"group": "lt", "size": "over_1m"})
    assert not at.exception
    assert "No city fits the chosen filters." in words(at)
    assert "Show all cities again" in [button.label for button in at.button]


@pytest.mark.parametrize(
    ("code", "title", "fell"),
    [
        ("lt", "Vilnius: ar išmetamas kiekis mažėja pakankamai sparčiai?", "išmetamas kiekis sumažėjo"),
        ("tr", "Vilnius: emisyonlar yeterince hızlı azalıyor mu?", "azaldı"),
    ],
)
def test_the_sentence_is_spoken_in_the_readers_language(show: Show, code: str, title: str, fell: str) -> None:
    at = show("progress", {**MISSION, "city": "vilnius", "lang": code})
    assert at.title[0].value == title
    assert fell in at.code[0].value


def test_rank_ranges_hold_the_city_and_stay_within_the_ranked(reader: Reader) -> None:
    rows = progress.ranked(reader, Filters(yardstick="mission_default"))
    ranked = rows[rows["is_ranked"]]
    assert len(ranked) > 10
    assert (ranked["rank_best"] >= 1).all()
    assert (ranked["rank_best"] <= ranked["rank_worst"]).all()
    assert (ranked["rank_worst"] <= len(ranked)).all()
    assert (ranked["rate_low_pct"] <= ranked["change_per_year_pct"] + 1e-9).all()
    assert (ranked["rate_high_pct"] >= ranked["change_per_year_pct"] - 1e-9).all()
    assert ranked["change_per_year_pct"].is_monotonic_increasing
    assert rows[~rows["is_ranked"]]["rank_best"].isna().all()
    for place, row in enumerate(ranked.to_dict("records"), start=1):
        level = int((ranked["change_per_year_pct"].round(6) == round(row["change_per_year_pct"], 6)).sum())
        assert row["rank_best"] - level < place <= row["rank_worst"] + level


def test_paths_run_from_base_to_target(reader: Reader) -> None:
    city_id = pick_city(reader, "verdict_id = 'far_behind' and target_year > latest_year")
    row = progress.yardsticks(reader, city_id).set_index("yardstick_id").loc["mission_default"]
    lines = progress.paths(reader, city_id)
    lines = lines[lines["yardstick_id"] == "mission_default"]
    path = lines[lines["part"] == "path"]
    assert path.iloc[0]["value_t"] == pytest.approx(row["base_t"])
    assert path.iloc[-1]["value_t"] == pytest.approx(row["target_t"])
    due = path[path["year"] == row["latest_year"]]["value_t"].iloc[0]
    assert due == pytest.approx(row["path_t"])
    assert row["latest_t"] - due == pytest.approx(row["gap_to_path_t"])
    needed = lines[lines["part"] == "needed"]
    assert needed.iloc[0]["value_t"] == pytest.approx(row["latest_t"])
    assert needed.iloc[-1]["value_t"] == pytest.approx(row["target_t"])
    trend = lines[lines["part"] == "trend"]
    assert trend[trend["year"] == row["latest_year"]]["value_t"].iloc[0] == pytest.approx(row["latest_t"])


def test_years_of_the_filter_limit_the_ranking(reader: Reader) -> None:
    late = progress.ranked(reader, Filters(yardstick="mission_default", year_from=2019))
    assert not late.empty
    assert (late["latest_year"] >= 2019).all()
