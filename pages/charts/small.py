"""One city among many: its small chart, and the shapes of the verdicts. No streamlit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.charts.axes import figure
from pages.charts.palettes import ThemeName, palette, verdict_colour
from pages.language import Language

SMALL_HEIGHT = 170
HEADROOM = 1.1
"""Room above the highest value, as a factor."""

VERDICT_SYMBOLS: Mapping[str, str] = {
    "reached": "star",
    "on_pace": "circle",
    "behind": "triangle-up",
    "far_behind": "square",
    "not_assessed": "circle-open",
}
"""The shapes of ``palettes.VERDICTS`` under the names Plotly has for them."""


def small(
    rows: pd.DataFrame,
    column: str,
    *,
    base_year: int | None,
    target: tuple[int, float] | None,
    verdict_id: str,
    top: float | None,
    lang: Language,
    theme: ThemeName,
) -> Any:
    """One city of the small multiples: its inventories, the way to its target dashed, nothing in between
    guessed."""
    import plotly.graph_objects as go

    colours = palette(theme)
    fig = figure(theme, lang, SMALL_HEIGHT)
    known = rows[rows[column].notna()]
    base = known[known["year"] == base_year]
    if target is not None and not base.empty:
        fig.add_trace(
            go.Scatter(
                x=[base_year, target[0]],
                y=[float(base[column].iloc[0]), target[1]],
                mode="lines",
                line={"dash": "dash", "width": 1.5, "color": colours.muted},
                hoverinfo="skip",
            )
        )
    fig.add_trace(
        go.Scatter(
            x=known["year"],
            y=known[column],
            mode="lines+markers",
            connectgaps=False,
            line={"width": 2, "color": colours.primary},
            marker={"size": 6, "color": colours.primary},
            hovertemplate="%{x}: %{y:,.3~g}<extra></extra>",
        )
    )
    if not known.empty:
        last = known.iloc[-1]
        fig.add_trace(
            go.Scatter(
                x=[last["year"]],
                y=[last[column]],
                mode="markers",
                hoverinfo="skip",
                marker={
                    "size": 12,
                    "color": verdict_colour(verdict_id, theme),
                    "symbol": VERDICT_SYMBOLS[verdict_id],
                },
            )
        )
    fig.update_layout(
        showlegend=False,
        margin={"l": 4, "r": 8, "t": 4, "b": 4},
        yaxis={
            "range": [0, top * HEADROOM] if top else None,
            "rangemode": "tozero",
            "fixedrange": True,
            "nticks": 4,
            "tickfont": {"size": 12},
        },
        xaxis={"tickformat": "d", "fixedrange": True, "nticks": 4, "tickfont": {"size": 12}},
    )
    return fig
