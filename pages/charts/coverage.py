"""What there is and what is missing: a grid of years or shares. Missing is a cross and a word, never
zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pages.charts.axes import figure
from pages.charts.palettes import ThemeName, palette
from pages.charts.text import shortened
from pages.language import Language

ROW_HEIGHT = 26
ROOM = 230
"""Pixels above and below the grid: slanted names, the word for missing, the scale."""


def grid(
    row_names: Sequence[str],
    column_names: Sequence[str],
    values: Sequence[Sequence[float | None]],
    words: Sequence[Sequence[str]],
    scale_name: str,
    missing_word: str,
    lang: Language,
    theme: ThemeName,
    *,
    unit: str = "",
) -> Any:
    """Cells coloured by value, low to high; a missing cell keeps the background and carries a cross."""
    import plotly.graph_objects as go

    colours = palette(theme)
    fig = figure(theme, lang, ROOM + ROW_HEIGHT * len(row_names))
    known = [value for line in values for value in line if value is not None]
    places = [(x, y) for y, line in enumerate(values) for x, value in enumerate(line) if value is None]
    steps = colours.sequential
    fig.add_trace(
        go.Heatmap(
            z=[[value if value is not None else None for value in line] for line in values],
            x=list(range(len(column_names))),
            y=list(range(len(row_names))),
            colorscale=[[number / (len(steps) - 1), colour] for number, colour in enumerate(steps)],
            zmin=min(known, default=0),
            zmax=max(known, default=1),
            xgap=2,
            ygap=2,
            text=[list(line) for line in words],
            hovertemplate="<b>%{text}</b><extra></extra>",
            hoverongaps=False,
            showscale=bool(known),
            colorbar={
                "title": {"text": scale_name, "side": "top"},
                "orientation": "h",
                "y": -30 / (ROW_HEIGHT * len(row_names)),
                "yanchor": "top",
                "thickness": 12,
                "len": 0.9,
                "ticksuffix": unit,
                "tickformat": "d",
                "nticks": 5,
                "outlinewidth": 0,
            },
        )
    )
    if places:
        fig.add_trace(
            go.Scatter(
                x=[x for x, _y in places],
                y=[y for _x, y in places],
                mode="markers",
                name=missing_word,
                marker={"symbol": "x-thin-open", "size": 9, "color": colours.muted, "line": {"width": 1.5}},
                text=[words[y][x] for x, y in places],
                hovertemplate="<b>%{text}</b><extra></extra>",
            )
        )
    fig.update_layout(
        showlegend=bool(places),
        margin={"t": 8, "b": 8, "l": 8, "r": 56},
        legend={"y": 0, "yanchor": "top"},
        xaxis={
            "tickmode": "array",
            "tickvals": list(range(len(column_names))),
            "ticktext": [shortened(name, 28) for name in column_names],
            "side": "top",
            "zeroline": False,
            "showline": False,
            "fixedrange": True,
            "showgrid": False,
            "tickangle": -40,
            "ticks": "",
        },
        yaxis={
            "tickmode": "array",
            "tickvals": list(range(len(row_names))),
            "ticktext": [shortened(name, 34) for name in row_names],
            "range": [len(row_names) - 0.5, -0.5],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "tickfont": {"size": 13},
            "ticks": "",
        },
    )
    return fig
