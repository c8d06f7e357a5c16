"""The map's colours, signs, sizes and classes; and that nothing in it comes from outside."""

from __future__ import annotations

import json
import math
import tomllib
from itertools import combinations, pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.charts import basemap, palettes
from pages.charts.classes import classes
from pages.charts.map import ATLAS_PLACES, BaseMap, Point, atlas, size_px, value_map, verdict_map
from pages.charts.palettes import PALETTES, VERDICTS, ThemeName, contrast, lightness
from pipeline.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
BASE = BaseMap("/basemap/europe-x.json", "/basemap/detail-x.json")
THEMES: tuple[ThemeName, ...] = ("light", "dark")
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def _point(look: str | int | None, city: str = "a", population: float | None = 1e5) -> Point:
    return Point(city, 25.0, 55.0, population, "A, LT", "1 t", look)


@pytest.mark.parametrize("theme", THEMES)
def test_verdicts_can_be_told_apart_in_a_grey_print(theme: ThemeName) -> None:
    filled = [verdict.fill[theme] for verdict in VERDICTS.values() if verdict.shape != "ring"]
    steps = [abs(lightness(a) - lightness(b)) for a, b in combinations(filled, 2)]
    assert min(steps) >= 10


def test_verdicts_differ_in_shape_icon_and_colour_word() -> None:
    for attribute in ("shape", "icon", "word_colour", "glyph"):
        assert len({getattr(verdict, attribute) for verdict in VERDICTS.values()}) == len(VERDICTS)


@pytest.mark.parametrize("theme", THEMES)
def test_text_colours_reach_contrast_aa_on_both_grounds(theme: ThemeName) -> None:
    colours = PALETTES[theme]
    words = {"text": colours.text, "muted": colours.muted, "primary": colours.primary, **colours.text_words}
    too_faint = {
        name: round(contrast(colour, ground), 2)
        for name, colour in words.items()
        for ground in (colours.background, colours.surface)
        if contrast(colour, ground) < 4.5
    }
    assert too_faint == {}


@pytest.mark.parametrize("theme", THEMES)
def test_badge_words_reach_contrast_aa_on_their_own_ground(theme: ThemeName) -> None:
    config = CONFIG["theme"][theme]
    for word, colour in PALETTES[theme].text_words.items():
        assert contrast(colour, config[f"{word}BackgroundColor"]) >= 4.5, word


@pytest.mark.parametrize("theme", THEMES)
def test_every_sign_stands_out_from_the_land_by_fill_or_outline(theme: ThemeName) -> None:
    land = PALETTES[theme].land
    for key, verdict in VERDICTS.items():
        lines = (
            [verdict.fill[theme]]
            if verdict.shape == "ring"
            else [verdict.fill[theme], PALETTES[theme].outline]
        )
        assert max(contrast(line, land) for line in lines) >= 3, key


@pytest.mark.parametrize("theme", THEMES)
def test_config_repeats_the_palette(theme: ThemeName) -> None:
    config, colours = CONFIG["theme"][theme], PALETTES[theme]
    assert config["backgroundColor"] == colours.background
    assert config["secondaryBackgroundColor"] == colours.surface
    assert config["textColor"] == colours.text
    assert config["primaryColor"] == colours.primary
    assert config["borderColor"] == colours.line
    assert tuple(config["chartCategoricalColors"]) == colours.categorical
    for word, colour in colours.text_words.items():
        assert config[f"{word}TextColor"] == colour
    for verdict in VERDICTS.values():
        assert config[f"{verdict.word_colour}Color"] == verdict.fill[theme]


@pytest.mark.parametrize("theme", THEMES)
def test_classes_run_one_way_in_lightness(theme: ThemeName) -> None:
    steps = [lightness(colour) for colour in PALETTES[theme].sequential]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert min(abs(a - b) for a, b in pairwise(steps)) >= 10


def test_no_value_is_hollow_and_zero_is_filled() -> None:
    deck = value_map([_point(None), _point(0, "b")], classes([0.0, 1.0, 2.0]), BASE, "light")
    data = {row["id"]: row for row in json.loads(deck.to_json())["layers"][-1]["data"]}
    assert data["a"]["fill"][3] == 0
    assert data["b"]["fill"][3] > 0


def test_small_places_lie_on_top_and_answers_above_rings() -> None:
    points = [
        _point("behind", "small", 5e3),
        _point("not_assessed", "ring", 1e3),
        _point("behind", "big", 9e6),
    ]
    deck = verdict_map(points, BASE, "light")
    assert [row["id"] for row in json.loads(deck.to_json())["layers"][-1]["data"]] == ["ring", "big", "small"]


@given(st.one_of(st.none(), st.floats(0, 1e9), st.just(math.nan)))
def test_every_place_is_big_enough_to_see_and_small_enough_to_leave_room(population: float | None) -> None:
    assert 9 <= size_px(population) <= 26


@pytest.mark.parametrize("theme", THEMES)
def test_map_names_no_address_outside(theme: ThemeName) -> None:
    text = unquote(verdict_map([_point("behind")], BASE, theme, "lt").to_json())
    text = text.replace("http://www.w3.org/2000/svg", "")
    assert "http" not in text
    assert "land-detail" in text


@pytest.mark.parametrize("theme", THEMES)
def test_picture_of_signs_has_a_place_for_every_verdict(theme: ThemeName) -> None:
    drawn = unquote(atlas(theme))
    assert set(ATLAS_PLACES) == set(VERDICTS)
    assert drawn.count("<g ") == len(VERDICTS)


def test_base_map_is_served_only_under_its_exact_name() -> None:
    folder = load_settings({}).reference_dir
    name = basemap.address(folder, "europe").removeprefix(basemap.ROUTE)
    assert basemap.served(folder, name) is not None
    for wrong in ("../city.csv", "europe.json", name.upper(), "europe-000000000000.json", ""):
        assert basemap.served(folder, wrong) is None
    assert basemap.address(folder, "europe", "/under/") == f"/under{basemap.ROUTE}{name}"


def test_no_line_of_the_base_map_runs_along_the_edge_where_it_was_cut() -> None:
    folder = load_settings({}).reference_dir
    for name, frames in basemap.FRAMES.items():
        body = basemap.served(folder, basemap.address(folder, name).removeprefix(basemap.ROUTE))
        assert body is not None
        lines = json.loads(body)["features"][-1]["geometry"]["coordinates"]
        assert len(lines) > 50
        along = [
            (start, end)
            for line in lines
            for start, end in pairwise(line)
            for west, south, east, north in frames
            if (start[0] == end[0] and start[0] in (west, east))
            or (start[1] == end[1] and start[1] in (south, north))
        ]
        assert along == []


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=300))
def test_every_value_has_a_class_and_no_class_is_empty(values: list[float]) -> None:
    found = classes(values)
    assert found is not None
    numbers = {found.of(value) for value in values}
    assert numbers == set(range(found.count))
    assert found.count <= 5


def test_one_huge_value_does_not_hide_the_others() -> None:
    found = classes([*map(float, range(1, 100)), 1e9])
    assert found is not None
    assert len({found.of(float(value)) for value in range(1, 100)}) == 5


def test_classes_of_nothing_are_none() -> None:
    assert classes([]) is None
    assert classes([math.nan]) is None
    assert palettes.classes("light", 1)
