"""The grid of gaps: missing is a cross with a word, never a zero."""

from __future__ import annotations

from pages.charts.coverage import grid
from pages.charts.palettes import palette
from pages.language import language


def test_missing_cells_are_crosses_and_not_zero() -> None:
    figure = grid(
        ["Vilnius", "Gozo"],
        ["Emissions", "PM2.5"],
        [[2021.0, 2019.0], [None, 2018.0]],
        [["a", "b"], ["Gozo, Emissions: missing", "d"]],
        "Newest year",
        "missing",
        language("en"),
        "light",
    )
    heat, crosses = figure.data
    assert heat.z[1][0] is None
    assert (heat.zmin, heat.zmax) == (2018.0, 2021.0)
    assert crosses.name == "missing"
    assert (list(crosses.x), list(crosses.y)) == ([0], [1])
    assert list(crosses.text) == ["Gozo, Emissions: missing"]
    assert figure.layout.showlegend


def test_full_grid_has_no_word_for_missing() -> None:
    figure = grid(["A"], ["B"], [[1.0]], [["x"]], "Share", "missing", language("en"), "dark")
    assert len(figure.data) == 1
    assert not figure.layout.showlegend
    assert [step[1] for step in figure.data[0].colorscale] == list(palette("dark").sequential)
