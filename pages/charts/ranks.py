"""Yearly change of many cities with its uncertainty: one line a city. Rows in, Plotly figure out; no
streamlit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.charts.axes import figure
from pages.charts.palettes import ThemeName, palette, verdict_colour
from pages.charts.small import VERDICT_SYMBOLS
from pages.charts.text import shortened
from pages.language import Language

ROW_HEIGHT = 27


def yearly_change(
    rows: pd.DataFrame,
    verdict_names: Mapping[str, str],
    axis_title: str,
    needed_name: str,
    rank_word: str,
    lang: Language,
    theme: ThemeName,
) -> Any:
    """Each city's yearly change as a mark in shape and colour of its verdict, its range as a bar, and a
    tick for the change its target asks for from now on. Cities that fall fastest stand on top."""
    import plotly.graph_objects as go

    colours = palette(theme)
    fig = figure(theme, lang, 96 + ROW_HEIGHT * len(rows))
    names = [
        f"{shortened(str(name), 19)}  {lang.number(best)}–{lang.number(worst)}"
        if best != worst
        else f"{shortened(str(name), 19)}  {lang.number(best)}"
        for name, best, worst in zip(rows["name"], rows["rank_best"], rows["rank_worst"], strict=True)
    ]
    ids = rows["city_id"].tolist()
    for low, high, city_id in zip(rows["rate_low_pct"], rows["rate_high_pct"], ids, strict=True):
        fig.add_trace(
            go.Scatter(
                x=[low, high],
                y=[city_id, city_id],
                mode="lines",
                showlegend=False,
                hoverinfo="skip",
                line={"color": colours.muted, "width": 8},
                opacity=0.35,
            )
        )
    due = rows[rows["needed_per_year_pct"].notna()]
    if not due.empty:
        fig.add_trace(
            go.Scatter(
                x=due["needed_per_year_pct"],
                y=due["city_id"],
                mode="markers",
                name=needed_name,
                marker={"symbol": "line-ns-open", "size": 14, "color": colours.text, "line": {"width": 2}},
                hovertemplate=needed_name + ": %{x:.1f} %<extra></extra>",
            )
        )
    for verdict_id, verdict_name in verdict_names.items():
        group = rows[rows["verdict_id"] == verdict_id]
        if group.empty:
            continue
        fig.add_trace(
            go.Scatter(
                x=group["change_per_year_pct"],
                y=group["city_id"],
                mode="markers",
                name=verdict_name,
                marker={
                    "symbol": VERDICT_SYMBOLS[verdict_id],
                    "size": 13,
                    "color": verdict_colour(verdict_id, theme),
                    "line": {
                        "width": 1,
                        "color": colours.background
                        if verdict_id != "not_assessed"
                        else verdict_colour(verdict_id, theme),
                    },
                },
                customdata=[
                    [name, f"{rank_word} {best}–{worst}", lang.years(base, latest)]
                    for name, best, worst, base, latest in zip(
                        group["name"],
                        group["rank_best"],
                        group["rank_worst"],
                        group["base_year"],
                        group["latest_year"],
                        strict=True,
                    )
                ],
                hovertemplate="<b>%{customdata[0]}</b><br>%{x:.1f} % (%{customdata[2]})<br>%{customdata[1]}"
                "<extra>" + verdict_name + "</extra>",
            )
        )
    fig.update_layout(
        margin={"t": 8, "b": 8, "l": 8, "r": 12},
        legend={"y": 1.0, "yanchor": "bottom"},
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": ids[::-1],
            "tickmode": "array",
            "tickvals": ids,
            "ticktext": names,
            "fixedrange": True,
            "tickfont": {"size": 13},
            "range": [-0.7, len(ids) - 0.3],
        },
        xaxis={"title": {"text": axis_title}, "fixedrange": True, "zeroline": True, "ticksuffix": " %"},
    )
    return fig


def places(rows: pd.DataFrame, best: str, last: str, lang: Language, theme: ThemeName) -> Any:
    """Where one city stands among its peers in each indicator: left is the best place, right the last."""
    import plotly.graph_objects as go

    colours = palette(theme)
    fig = figure(theme, lang, 70 + ROW_HEIGHT * len(rows))
    names = rows["name"].tolist()
    for name in names:
        fig.add_trace(
            go.Scatter(
                x=[0, 1],
                y=[name, name],
                mode="lines",
                hoverinfo="skip",
                line={"color": colours.line, "width": 6},
            )
        )
    fig.add_trace(
        go.Scatter(
            x=rows["place_share"],
            y=names,
            mode="markers",
            marker={"size": 13, "color": colours.primary},
            customdata=[[text, place] for text, place in zip(rows["text"], rows["place"], strict=True)],
            hovertemplate="<b>%{y}: %{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
        )
    )
    fig.update_layout(
        showlegend=False,
        margin={"t": 30, "b": 8, "l": 8, "r": 24},
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": names[::-1],
            "fixedrange": True,
            "tickvals": names,
            "ticktext": [shortened(name, 26) for name in names],
            "tickfont": {"size": 13},
        },
        xaxis={
            "range": [-0.06, 1.06],
            "tickvals": [0, 1],
            "ticktext": [best, last],
            "side": "top",
            "fixedrange": True,
            "zeroline": False,
        },
    )
    return fig
