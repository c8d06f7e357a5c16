"""Sector bars and the parts of a contract."""

from __future__ import annotations

import pandas as pd

from pages.charts import bar
from pages.language import language

EN = language("en")


def test_only_years_of_the_series_and_no_filled_gap() -> None:
    rows = pd.DataFrame(
        {
            "year": [2010, 2019, 2019],
            "sector_id": ["transport", "transport", "waste"],
            "value_t": [50_000.0, 40_000.0, 10_000.0],
            "share_pct": [None, 80.0, 20.0],
        }
    )
    figure = bar.sectors(rows, {"transport": "Transport", "waste": "Waste"}, "Emissions", "CO2e", EN, "light")
    assert list(figure.layout.xaxis.categoryarray) == ["2010", "2019"]
    waste = next(trace for trace in figure.data if trace.name == "Waste")
    assert list(waste.x) == ["2019"]
    assert figure.layout.annotations[0].text == "Emissions (kt CO2e)"


def test_sinks_stand_below_zero() -> None:
    rows = pd.DataFrame(
        {
            "year": [2019, 2019],
            "sector_id": ["a", "b"],
            "value_t": [50_000.0, -5_000.0],
            "share_pct": [110.0, -10.0],
        }
    )
    figure = bar.sectors(rows, {}, "Emissions", "", EN, "dark")
    assert figure.layout.barmode == "relative"
    assert list(figure.data[1].y) == [-5.0]


def test_sectors_differ_by_filling_as_well_as_colour() -> None:
    rows = pd.DataFrame(
        {"year": [2019] * 4, "sector_id": list("abcd"), "value_t": [1e5] * 4, "share_pct": [25.0] * 4}
    )
    figure = bar.sectors(rows, {}, "Emissions", "CO2e", EN, "light")
    assert len({trace.marker.pattern.shape for trace in figure.data}) == 4
    assert len({trace.marker.color for trace in figure.data}) == 4


def test_parts_of_a_target_are_not_netted() -> None:
    parts = [
        bar.Part("Target 2030", 0.0, 200_000.0, "Still emitted", "left"),
        bar.Part("Target 2030", 200_000.0, 800_000.0, "Gross cut", "cut"),
        bar.Part("Residual", 0.0, 200_000.0, "Residual", "residual"),
        bar.Part("Removals", 0.0, 150_000.0, "Removals", "removed"),
    ]
    figure = bar.target_parts(parts, "Emissions", EN, "light")
    lengths = {trace.name.split(":")[0]: (trace.base[0], trace.x[0]) for trace in figure.data}
    assert lengths["Still emitted"] == (0.0, 200.0)
    assert lengths["Gross cut"] == (200.0, 800.0)
    assert lengths["Removals"] == (0.0, 150.0)
    assert "Gross cut: 800\u00a0kt" in {trace.name for trace in figure.data}
    assert list(figure.layout.yaxis.categoryarray) == ["Removals", "Residual", "Target 2030"]
