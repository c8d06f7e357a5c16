"""Sectors over the years, and the parts of a contract's target. Rows in, Plotly figure out; no streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pages.charts.axes import figure, name_axis, tonne_scale
from pages.charts.palettes import ThemeName, palette, verdict_colour
from pages.language import Language

PATTERNS: Sequence[str] = ("", "/", "x", ".", "-", "\\", "+", "|")
"""Fillings beside the colours, so that sectors can be told apart without colour."""


def sectors(
    rows: pd.DataFrame, names: Mapping[str, str], emissions: str, gas: str, lang: Language, theme: ThemeName
) -> Any:
    """Stacked bars of one series: only the years it has, each sector as published, sinks below zero."""
    import plotly.graph_objects as go

    colours = palette(theme).categorical
    fig = figure(theme, lang, 420, barmode="relative")
    scale = tonne_scale(rows.groupby("year")["value_t"].max().tolist())
    years = [str(year) for year in sorted(rows["year"].unique())]
    for number, sector_id in enumerate(rows["sector_id"].unique()):
        part = rows[rows["sector_id"] == sector_id]
        name = names.get(str(sector_id), str(sector_id))
        fig.add_trace(
            go.Bar(
                x=[str(year) for year in part["year"]],
                y=part["value_t"] / scale.divisor,
                name=name,
                marker={
                    "color": colours[number % len(colours)],
                    "line": {"width": 1, "color": palette(theme).background},
                    "pattern": {
                        "shape": PATTERNS[number % len(PATTERNS)],
                        "solidity": 0.12,
                        "fillmode": "overlay",
                        "fgcolor": palette(theme).background,
                        "size": 10,
                    },
                },
                customdata=[
                    [lang.tonnes(float(value)), lang.percent(share)]
                    for value, share in zip(part["value_t"], part["share_pct"], strict=True)
                ],
                hovertemplate="<b>%{x}, "
                + name
                + "</b><br>%{customdata[0]} (%{customdata[1]})<extra></extra>",
            )
        )
    unit = f"{scale.unit} {gas}".strip()
    fig.update_layout(
        bargap={1: 0.75, 2: 0.6, 3: 0.5}.get(len(years), 0.25),
        margin={"t": 34, "b": 8, "l": 8, "r": 8},
        legend={"traceorder": "normal", "y": -0.14, "yanchor": "top"},
        xaxis={"type": "category", "categoryorder": "array", "categoryarray": years, "fixedrange": True},
        yaxis={"fixedrange": True},
    )
    name_axis(fig, f"{emissions} ({unit})", theme)
    return fig


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bar: from where to where in tonnes, what it is, and how it is drawn."""

    row: str
    start_t: float
    length_t: float
    name: str
    look: str
    """cut, left, removed, credits, residual"""


LOOKS: Mapping[str, tuple[str, str]] = {
    "cut": ("on_pace", ""),
    "left": ("far_behind", ""),
    "residual": ("behind", "/"),
    "removed": ("reached", "x"),
    "credits": ("not_assessed", "."),
}
"""Part -> (verdict whose colour it borrows, filling)."""


def target_parts(parts: Sequence[Part], emissions: str, lang: Language, theme: ThemeName) -> Any:
    """The target of a contract: gross cut and what is left in one bar, residual and removals under it,
    never netted."""
    import plotly.graph_objects as go

    rows = list(dict.fromkeys(part.row for part in parts))
    scale = tonne_scale([part.start_t + part.length_t for part in parts])
    plot, words_below = 58 * len(rows), 24 * len(parts) + 52
    fig = figure(theme, lang, 34 + plot + words_below, barmode="overlay")
    colours = palette(theme)
    for part in parts:
        verdict, pattern = LOOKS[part.look]
        fig.add_trace(
            go.Bar(
                orientation="h",
                y=[part.row],
                base=[part.start_t / scale.divisor],
                x=[part.length_t / scale.divisor],
                name=f"{part.name}: {lang.tonnes(part.length_t)}",
                marker={
                    "color": verdict_colour(verdict, theme),
                    "pattern": {
                        "shape": pattern,
                        "solidity": 0.2,
                        "fillmode": "overlay",
                        "fgcolor": colours.background,
                    },
                    "line": {"width": 1, "color": colours.background},
                },
                hovertemplate=f"<b>{part.name}</b><br>{lang.tonnes(part.length_t)}<extra></extra>",
            )
        )
    fig.update_layout(
        bargap=0.35,
        margin={"t": 34, "b": words_below, "l": 8, "r": 16},
        legend={
            "orientation": "v",
            "traceorder": "normal",
            "y": -34 / plot,
            "yanchor": "top",
            "entrywidth": 260,
            "entrywidthmode": "pixels",
        },
        yaxis={"categoryorder": "array", "categoryarray": rows[::-1], "fixedrange": True},
        xaxis={"rangemode": "tozero", "fixedrange": True, "nticks": 6, "tickangle": 0},
    )
    name_axis(fig, f"{emissions} ({scale.unit})", theme)
    return fig
