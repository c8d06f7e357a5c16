"""One indicator on the map: default, deep link, nothing left, missing figures, another year's figure."""

from __future__ import annotations

import json

import pytest

from pipeline.engine import Reader
from pipeline.query import map as query
from pipeline.query.filters import Filters
from tests.pages.conftest import Show
from tests.pages.harness import words


def _points(at: object) -> list[dict[str, object]]:
    """The points of the drawn map."""
    charts = at.get("deck_gl_json_chart")  # type: ignore[attr-defined]
    layers = json.loads(charts[0].proto.json)["layers"]
    return next(layer["data"] for layer in layers if layer["id"] == "cities")


def test_first_view_shows_the_default_groups_on_the_map(show: Show, reader: Reader) -> None:
    at = show("map")
    rows = query.values(reader, Filters(), "ghg_per_person_t", None)
    located = rows[rows["latitude_deg"].notna()]
    assert not at.exception
    assert len(_points(at)) == len(located)
    assert f"of {len(rows)} cities" in at.header[0].value


def test_answer_names_highest_and_lowest_with_unit_and_year(show: Show, reader: Reader) -> None:
    at = show("map", {"ind": "pm25_ug_m3"})
    known = query.values(reader, Filters(), "pm25_ug_m3", None).dropna(subset=["value"])
    assert known["value"].is_monotonic_decreasing
    assert f"µg/m³, {int(known.iloc[0]['year'])}" in at.header[0].value


def test_city_without_a_figure_is_a_hollow_ring_and_never_zero(show: Show, reader: Reader) -> None:
    rows = query.values(reader, Filters(), "ghg_per_person_t", None)
    missing = set(rows[rows["value"].isna()]["city_id"])
    points = [point for point in _points(show("map")) if point["id"] in missing]
    assert points
    assert all(point["fill"] == [0, 0, 0, 0] for point in points)
    assert all("No figure" in str(point["tip"]) for point in points)


def test_value_of_another_year_says_its_year(show: Show, reader: Reader) -> None:
    year = query.years(reader, "ghg_per_person_t")[0]
    rows = query.values(reader, Filters(), "ghg_per_person_t", year)
    older = rows[rows["is_other_year"]]
    assert len(older) > 0
    assert ((older["year"] < year) & (older["year"] >= year - query.TOLERANCE_YEARS)).all()
    points = {point["id"]: point for point in _points(show("map", {"year": str(year)}))}
    first = older[older["latitude_deg"].notna()].iloc[0]
    assert f"Value of {int(first['year'])}, not of the year asked for" in str(points[first["city_id"]]["tip"])


def test_years_of_a_link_that_do_not_exist_fall_back_to_the_newest(show: Show) -> None:
    at = show("map", {"year": "1812", "ind": "no_such_indicator"})
    assert not at.exception
    assert at.query_params == {}
    assert "Emissions per person" in at.title[0].value


def test_no_group_at_all_says_so_and_offers_the_way_back(show: Show) -> None:
    at = show("map", {"group": ""})
    assert "No city fits these filters." in words(at)
    button = next(button for button in at.button if button.label == "Show all cities again")
    assert "No city fits these filters." not in words(button.click().run())


def test_city_without_the_indicator_says_so(show: Show, reader: Reader) -> None:
    city = reader.rows(
        "select city_id from mart.city where city_id not in (select city_id from "
        "mart.city_indicator_by_indicator "
        "where indicator_id = 'ghg_per_person_t') order by city_id limit 1"
    )[0][0]
    assert "has a figure for this" in words(show("map", {"city": str(city)}))


def test_filters_of_a_link_hold(show: Show, reader: Reader) -> None:
    at = show("map", {"group": "lt", "size": "under_50k"})
    rows = query.values(reader, Filters(groups=("lt",), sizes=("under_50k",)), "ghg_per_person_t", None)
    assert set(rows["country_iso2"]) == {"LT"}
    assert rows["population_count"].max() < 50_000
    assert len(_points(at)) == int(rows["latitude_deg"].notna().sum())
    assert at.query_params == {"group": "lt", "size": "under_50k"}


def test_mission_city_of_lithuania_counts_as_lithuanian_too(reader: Reader) -> None:
    rows = query.values(reader, Filters(groups=("lt",)), "ghg_per_person_t", None)
    assert {"vilnius", "taurage"} <= set(rows["city_id"])


def test_map_asks_for_nothing_but_our_own_base_map(show: Show) -> None:
    at = show("map", {"zoom": "lt"})
    chart = json.loads(at.get("deck_gl_json_chart")[0].proto.json)
    assert chart["mapStyle"].startswith("data:")
    addresses = [layer["data"] for layer in chart["layers"] if isinstance(layer["data"], str)]
    assert addresses
    assert all(address.startswith("/basemap/") for address in addresses)


def test_table_holds_the_same_cities_as_the_map(show: Show, reader: Reader) -> None:
    at = show("map", {"mv": "table"})
    rows = query.values(reader, Filters(), "ghg_per_person_t", None)
    shown = at.dataframe[0].value
    assert len(shown) == len(rows)
    header = next(column for column in shown.columns if "t per person" in column)
    assert shown[header].isna().sum() == rows["value"].isna().sum()


@pytest.mark.parametrize(("code", "none"), [("lt", "Duomenų nėra"), ("tr", "Değer yok")])
def test_tooltips_speak_the_language_and_use_the_decimal_comma(show: Show, code: str, none: str) -> None:
    tips = [str(point["tip"]) for point in _points(show("map", {"lang": code, "ind": "pm25_ug_m3"}))]
    known = [tip for tip in tips if "µg/m³" in tip]
    assert known
    assert all("," in tip.split("µg/m³")[0] for tip in known)
    assert all(tip.startswith(none) for tip in tips if tip not in known)


def test_tooltips_hold_plain_text_only(show: Show) -> None:
    for page in ("map", "overview"):
        assert not [point for point in _points(show(page)) if "<" in f"{point['title']}{point['tip']}"]
