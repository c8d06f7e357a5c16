"""Figures of a city's path: what is drawn, named and left as a gap."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pages.charts import line, ranks, small
from pages.charts.axes import Label, spread, tonne_scale
from pages.charts.palettes import PALETTES, ThemeName, verdict_colour
from pages.language import language

EN = language("en")
WORDS = line.Words(
    "Emissions",
    "Path",
    "Trend",
    "Needed",
    "Target",
    "Residual",
    "above the path",
    "Other counts",
    {"reviewed": "Reviewed", "modelled": "Modelled"},
    {"a": "Source A", "b": "Source B"},
)


def points() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "year": [2010, 2018, 2017],
            "value_t": [1_000_000.0, 900_000.0, 700_000.0],
            "quality_id": ["reviewed", "reviewed", "modelled"],
            "source_id": ["a", "a", "b"],
            "scope": ["BASIC"] * 3,
            "gas_basis": ["CO2e"] * 3,
            "is_used": [True, True, False],
        }
    )


def lines() -> pd.DataFrame:
    path = [("path", year, 1_000_000.0 - 40_000 * (year - 2010)) for year in range(2010, 2031)]
    needed = [("needed", year, 900_000.0) for year in (2018, 2030)]
    return pd.DataFrame([*path, *needed], columns=["part", "year", "value_t"])


def row(**changes: Any) -> dict[str, Any]:
    return {
        "verdict_id": "far_behind",
        "gas_basis": "CO2e",
        "target_year": 2030,
        "target_t": 200_000.0,
        "residual_t": None,
        "path_t": 680_000.0,
        "latest_t": 900_000.0,
        "latest_year": 2018,
        "gap_to_path_t": 220_000.0,
        **changes,
    }


def texts(figure: Any) -> str:
    return " ".join(str(note.text) for note in figure.layout.annotations)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axis_says_unit_and_lines_are_named_at_their_ends(theme: ThemeName) -> None:
    figure = line.city_path(points(), lines(), row(), WORDS, EN, theme)
    said = texts(figure).replace("<br>", " ")
    assert "Emissions (kt CO2e)" in said
    assert "Path" in said
    assert "Needed" in said
    assert "Target 2030: 200\u00a0kt" in said
    assert "220\u00a0kt" in said
    assert figure.layout.paper_bgcolor in (None, PALETTES[theme].background)


def test_path_and_pace_have_different_dashes() -> None:
    figure = line.city_path(points(), lines(), row(), WORDS, EN, "light")
    dashes = {trace.name: trace.line.dash for trace in figure.data if trace.mode == "lines"}
    assert dashes == {"Path": "dash", "Needed": "dot"}


def test_modelled_points_are_hollow_and_inventories_filled() -> None:
    figure = line.city_path(points(), lines(), row(), WORDS, EN, "light")
    marks = {trace.name: trace.marker.symbol for trace in figure.data if trace.mode == "markers"}
    assert marks["Reviewed"] == ("hexagon", "hexagon")
    assert marks["Other counts"] == ("circle-open",)


def test_inventories_are_not_joined_by_a_line() -> None:
    figure = line.city_path(points(), lines(), row(), WORDS, EN, "light")
    assert all(trace.mode == "markers" for trace in figure.data if trace.name in {"Reviewed", "Other counts"})


def test_without_target_no_target_is_drawn() -> None:
    nothing = row(target_t=None, target_year=None, path_t=None, gap_to_path_t=None, verdict_id="not_assessed")
    figure = line.city_path(points(), lines().iloc[0:0], nothing, WORDS, EN, "light")
    assert "Target" not in texts(figure)
    assert "kt</b>" not in texts(figure)


def test_missing_years_stay_gaps_in_small_charts() -> None:
    rows = pd.DataFrame({"year": [2010, 2012, 2014], "index_pct": [100.0, None, 80.0]})
    figure = small.small(
        rows,
        "index_pct",
        base_year=2010,
        target=(2030, 20.0),
        verdict_id="behind",
        top=100.0,
        lang=EN,
        theme="light",
    )
    measured = next(trace for trace in figure.data if trace.mode == "lines+markers")
    assert 0 not in list(measured.y)
    assert list(measured.x) == [2010, 2014]
    assert figure.data[-1].marker.color == verdict_colour("behind", "light")
    assert figure.layout.yaxis.range[1] > 100


def test_labels_are_moved_apart_by_their_lines() -> None:
    moved = spread([Label(1.0, "short", ""), Label(1.1, "a label of many words here", "")], 1.0)
    assert moved[0].y == 1.0
    assert moved[1].y >= 1.0 + (1 + 2) / 2


def test_scale_keeps_numbers_short() -> None:
    assert tonne_scale([3_000_000.0]).unit == "Mt"
    assert tonne_scale([30_000.0, float("nan")]).unit == "kt"
    assert tonne_scale([]).unit == "t"


def test_ranks_show_range_verdict_shape_and_names() -> None:
    rows = pd.DataFrame(
        {
            "city_id": ["x", "y"],
            "name": ["Xcity", "Ycity"],
            "rank_best": [1, 1],
            "rank_worst": [1, 2],
            "rate_low_pct": [-5.0, -4.0],
            "rate_high_pct": [-5.0, 1.0],
            "change_per_year_pct": [-5.0, -2.0],
            "needed_per_year_pct": [None, -9.0],
            "verdict_id": ["on_pace", "far_behind"],
            "base_year": [2010, 2011],
            "latest_year": [2020, 2021],
        }
    )
    verdicts = {"on_pace": "On pace", "far_behind": "Far behind"}
    figure = ranks.yearly_change(rows, verdicts, "Change (%)", "Needed", "Rank", EN, "light")
    assert list(figure.layout.yaxis.ticktext) == ["Xcity  1", "Ycity  1–2"]
    symbols = {trace.name: trace.marker.symbol for trace in figure.data if trace.name in verdicts.values()}
    assert symbols == {"On pace": "circle", "Far behind": "square"}
    assert figure.layout.xaxis.title.text == "Change (%)"
    assert list(figure.layout.yaxis.categoryarray) == ["y", "x"]
