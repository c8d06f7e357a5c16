"""The City page: every number with year, source and scope, and every gap in words."""

from __future__ import annotations

import pytest

from pages.language import language
from pipeline.engine import Reader
from pipeline.query import city, conflicts
from tests.pages.conftest import Show
from tests.pages.harness import words

CITIES = ("vilnius", "istanbul", "helsinki", "turku", "aachen")


def plain(text: str) -> str:
    """The text as read: no escapes, no hard spaces."""
    return text.replace("\\", "").replace("\u00a0", " ")


def test_without_a_choice_vilnius_is_shown_and_said_to_be_an_example(show: Show) -> None:
    at = show("city")
    assert not at.exception
    assert at.title[0].value == "Vilnius: how far has it come?"
    assert "No city is chosen, so Vilnius is shown" in words(at)


@pytest.mark.parametrize("city_id", CITIES)
def test_headline_figures_are_those_of_the_build(show: Show, reader: Reader, city_id: str) -> None:
    at = show("city", {"city": city_id})
    assert not at.exception
    rows = reader.rows(
        """
        select point.year, point.value_t, series.gas_basis, source.title, point.source_ref
        from mart.series_point as point
        inner join mart.series as series on series.series_id = point.series_id
        inner join core.source as source on source.source_id = series.source_id
        where series.city_id = $id and series.series_rank = 1 and point.sector_level = 'total'
            and not point.is_out_of_series
        order by point.year desc
        limit 1
        """,
        {"id": city_id},
    )
    year, value, gas, source, source_ref = rows[0]
    english = language("en")
    assert at.metric[0].label.endswith(f"in {year}")
    assert plain(at.metric[0].value) == plain(english.tonnes(value, gas.removesuffix("_LCA")))
    text = plain(words(at))
    assert source in text
    assert f"Row in the source: {source_ref}" in text
    change, per_year = reader.rows(
        "select change_pct, change_per_year_pct from mart.emission_progress "
        "where city_id = $id and yardstick_id = 'mission_default'",
        {"id": city_id},
    )[0]
    assert at.metric[1].value == (
        "not known" if per_year is None else english.percent(per_year, 1, sign=True)
    )
    if change is not None:
        assert f"{english.percent(change, sign=True)} in all" in text


@pytest.mark.parametrize("city_id", ["gozo", "elbasan"])
def test_missing_inventory_is_said_in_words(show: Show, city_id: str) -> None:
    at = show("city", {"city": city_id})
    assert not at.exception
    assert at.metric[0].value == "none"
    assert at.metric[1].value == "not known"
    assert at.metric[2].value == "Not assessed"
    text = plain(words(at))
    assert "That is not zero." in text
    assert "There is no inventory to compare." in text
    assert "No sectors are known" in text


def test_conflicts_of_istanbul_name_every_value(show: Show, reader: Reader) -> None:
    at = show("city", {"city": "istanbul"})
    rows = conflicts.of_city(reader, "istanbul")
    most = rows[rows["value_count"] == rows["value_count"].max()]
    newest = most[most["year"] == most["year"].max()]
    text = plain(words(at))
    seen = {
        (language("en").tonnes(value), scope)
        for value, scope in zip(newest["value"], newest["scope"], strict=True)
    }
    assert len(seen) >= 4
    assert f"For {int(newest['year'].iloc[0])} there are {len(seen)} different totals" in text
    for value in newest["value"]:
        assert plain(language("en").tonnes(value)) in text
    assert rows.groupby("year")["chosen"].sum().max() == 1


def test_totals_are_not_ranked_and_ranks_count_only_peers_with_a_value(reader: Reader) -> None:
    rows = city.indicators(reader, "istanbul", "mission").set_index("indicator_id")
    assert rows.loc["ghg_total_t", "peer_rank"] is None or rows["peer_rank"].isna()["ghg_total_t"]
    mine = rows.loc["ghg_per_person_t"]
    better, count = reader.rows(
        """
        select count(*) filter (where latest.value < $value), count(*)
        from mart.city_indicator_latest as latest
        inner join mart.city as city on city.city_id = latest.city_id
        where latest.indicator_id = 'ghg_per_person_t' and city.is_mission_city and latest.value is not null
        """,
        {"value": float(mine["value"])},
    )[0]
    assert mine["peer_rank"] == better + 1
    assert mine["peer_count"] == count


def test_partnerships_are_counted_by_kind(show: Show, reader: Reader) -> None:
    at = show("city", {"city": "vilnius"})
    counts = city.tie_counts(reader, "vilnius")
    ties = city.ties(reader, "vilnius")
    assert counts["tie_count"].sum() == len(ties) > 0
    text = plain(words(at))
    twins = int(counts[counts["kind_id"] == "twin_town"]["tie_count"].iloc[0])
    assert f"Twin town {twins}" in text


def test_search_box_changes_the_city_and_the_address_follows(show: Show) -> None:
    at = show("city", {"city": "vilnius"})
    at.selectbox(key="c_find").set_value("taurage").run()
    assert at.title[0].value == "Tauragė: how far has it come?"


def test_several_cities_show_the_first_and_say_so(show: Show) -> None:
    at = show("city", {"city": ["taurage", "vilnius"]})
    assert at.title[0].value == "Tauragė: how far has it come?"
    assert "this page shows the first, Tauragė" in words(at)


@pytest.mark.parametrize(
    ("code", "title", "sources"),
    [
        ("lt", "Vilnius: kiek pasiekta?", "Kur šaltiniai prieštarauja"),
        ("tr", "Vilnius: ne kadar yol aldı?", "Kaynakların çeliştiği yerler"),
    ],
)
def test_page_reads_in_lithuanian_and_turkish(show: Show, code: str, title: str, sources: str) -> None:
    at = show("city", {"city": "vilnius", "lang": code})
    assert not at.exception
    assert at.title[0].value == title
    assert sources in [part.value for part in at.subheader]


@pytest.mark.parametrize("city_id", ["vilnius", "gozo", "istanbul"])
def test_print_layout_holds_the_essentials(show: Show, city_id: str) -> None:
    at = show("city", {"city": city_id, "c_w": "sheet"})
    assert not at.exception
    page = show("city", {"city": city_id})
    assert [metric.value for metric in at.metric] == [metric.value for metric in page.metric]
    text = plain(words(at))
    assert plain(page.code[0].value) in text
    assert "Sources: " in text
    assert not at.dataframe
