"""A city's inventories against its path, and the small versions of it. Rows in, Plotly figure out; no
streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pages.charts.axes import Label, Scale, early_label, end_labels, figure, gas_word, name_axis, tonne_scale
from pages.charts.palettes import ThemeName, palette, verdict_colour
from pages.charts.text import shortened
from pages.language import Language

HEIGHT = 460
YEARS_BEFORE = 10
"""Other counts older than the measured series by more than this are in the table only: they would squeeze
the chart."""
LABEL_MARGIN = 100
"""Pixels right of the plot for the words at the line ends."""
LINE_OF_WORDS = 0.046
"""Share of the axis that one line of 12-pixel words takes at this height."""
SAME_LEVEL = 0.03
"""Target and residual closer than this share of the axis are labelled together."""

# Five years at most: more would run into each other on a phone.
YEARS: Mapping[str, object] = {"tickformat": "d", "fixedrange": True, "nticks": 5, "tickangle": 0}
"""The year axis: as many ticks as the width of the screen takes, never slanted."""

SHAPES: Mapping[str, str] = {
    "official_statistic": "circle",
    "reviewed": "hexagon",
    "contract": "square",
    "self_reported": "diamond",
    "compiled": "triangle-up",
    "modelled": "circle-open",
    "doubtful": "x-thin-open",
}
"""Quality of an inventory -> Plotly marker: measured ones are filled, modelled ones hollow, doubtful ones
crossed."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the chart writes, already in the reader's language."""

    emissions: str
    path: str
    trend: str
    needed: str
    target: str
    residual: str
    gap: str
    other: str
    qualities: Mapping[str, str]
    sources: Mapping[str, str]


def city_path(
    points: pd.DataFrame,
    lines: pd.DataFrame,
    row: Mapping[str, Any],
    words: Words,
    lang: Language,
    theme: ThemeName,
) -> Any:
    """Inventories as points, and path, trend and needed pace as three different dashes named at their ends.

    `points`: totals of all series of the city, with ``is_used`` for the series that is measured. `lines`:
    part, year, value_t. `row`: the city's line of ``mart.emission_progress``. Missing years stay gaps
    between points.
    """
    import plotly.graph_objects as go

    colours = palette(theme)
    fig = figure(theme, lang, HEIGHT)
    used = points[points["is_used"]]
    others = points[~points["is_used"]]
    if not used.empty:
        others = others[others["year"] >= used["year"].min() - YEARS_BEFORE]
    scale = tonne_scale([*points["value_t"].dropna(), *lines["value_t"].dropna()])
    top = max([*points["value_t"].dropna(), *lines["value_t"].dropna(), 1.0]) / scale.divisor * 1.08
    if not others.empty:
        fig.add_trace(_points(go, others, words, scale, lang, colours.muted, 0.55, words.other))
    labels: list[Label] = []
    looks = {
        "path": (colours.text, "dash", 2.0, words.path),
        "trend": (colours.primary, "solid", 2.0, words.trend),
        "needed": (verdict_colour("far_behind", theme), "dot", 2.5, words.needed),
    }
    for part, (colour, dash, width, name) in looks.items():
        line = lines[lines["part"] == part]
        if line.empty:
            continue
        fig.add_trace(
            go.Scatter(
                x=line["year"],
                y=line["value_t"] / scale.divisor,
                mode="lines",
                name=name,
                showlegend=False,
                line={"color": colour, "dash": dash, "width": width},
                hovertemplate="%{x}: %{y:,.3~g} " + scale.unit + "<extra>" + name + "</extra>",
            )
        )
        if part == "trend" and len(line) > 0:
            labels.append(Label(float(line["value_t"].iloc[-1]) / scale.divisor, name, colour))
    for quality_id, group in used.groupby("quality_id", sort=False):
        name = words.qualities.get(str(quality_id), str(quality_id))
        fig.add_trace(_points(go, group, words, scale, lang, colours.primary, 1.0, name, str(quality_id)))
    _needed_label(lines, scale, words, theme, labels)
    _target(fig, go, row, scale, words, lang, theme, labels, top)
    _gap(fig, row, scale, words, lang, theme)
    end_labels(fig, labels, top * LINE_OF_WORDS, theme)
    kinds = used["quality_id"].nunique() + (0 if others.empty else 1)
    unit = f"{scale.unit} {gas_word(row.get('gas_basis'))}".strip()
    fig.update_layout(
        showlegend=kinds > 1,
        legend={"y": 1.09, "entrywidth": 190, "entrywidthmode": "pixels"},
        margin={"r": LABEL_MARGIN if labels else 16, "t": 78 if kinds > 1 else 34, "l": 8, "b": 8},
        yaxis={"range": [0, top], "fixedrange": True},
        xaxis={**YEARS, "range": _span([*used["year"], *others["year"], *lines["year"]])},
    )
    name_axis(fig, f"{words.emissions} ({unit})", theme)
    return fig


def _points(
    go: Any,
    rows: pd.DataFrame,
    words: Words,
    scale: Scale,
    lang: Language,
    colour: str,
    opacity: float,
    name: str,
    quality_id: str = "",
) -> Any:
    shapes = [SHAPES.get(str(value), "circle") for value in rows["quality_id"]]
    if not quality_id:
        shapes = [shape if shape.endswith("open") else f"{shape}-open" for shape in shapes]
    notes = [
        f"{words.sources.get(str(source), source)}<br>{words.qualities.get(str(quality), quality)}"
        f"<br>{scope}, {gas}"
        for source, quality, scope, gas in zip(
            rows["source_id"], rows["quality_id"], rows["scope"], rows["gas_basis"], strict=True
        )
    ]
    return go.Scatter(
        x=rows["year"],
        y=rows["value_t"] / scale.divisor,
        mode="markers",
        name=name,
        marker={
            "symbol": shapes,
            "size": 11 if quality_id else 8,
            "color": colour,
            "line": {"width": 1.5, "color": colour},
        },
        opacity=opacity,
        customdata=[
            [lang.tonnes(float(value)), note] for value, note in zip(rows["value_t"], notes, strict=True)
        ],
        hovertemplate="<b>%{x}: %{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
    )


def _needed_label(
    lines: pd.DataFrame, scale: Scale, words: Words, theme: ThemeName, labels: list[Label]
) -> None:
    """The needed pace and the path both end at the target, so their words stand further up on the line."""
    path = lines[lines["part"] == "path"]
    if not path.empty:
        last = float(path["value_t"].iloc[-1]) / scale.divisor
        labels.append(Label(last, words.path, palette(theme).text))
    needed = lines[lines["part"] == "needed"]
    if not needed.empty:
        last = float(needed["value_t"].iloc[-1]) / scale.divisor
        labels.append(Label(last, words.needed, palette(theme).text_words["red"]))


def _target(
    fig: Any,
    go: Any,
    row: Mapping[str, Any],
    scale: Scale,
    words: Words,
    lang: Language,
    theme: ThemeName,
    labels: list[Label],
    top: float,
) -> None:
    """The target as a star, and what the contract leaves as residual as a bar under it."""
    year, level, residual = row.get("target_year"), row.get("target_t"), row.get("residual_t")
    drawn = float(fig.data[0].x.max()) if len(fig.data) else 0
    if pd.notna(level) and pd.notna(year) and int(year) <= max(2040, drawn):
        fig.add_trace(
            go.Scatter(
                x=[int(year)],
                y=[level / scale.divisor],
                mode="markers",
                showlegend=False,
                name=words.target,
                marker={"symbol": "star", "size": 15, "color": verdict_colour("reached", theme)},
                hovertemplate=f"<b>{words.target} %{{x}}: {lang.tonnes(float(level))}</b><extra></extra>",
            )
        )
        labels.append(
            Label(
                level / scale.divisor,
                f"{words.target} {int(year)}: {lang.tonnes(float(level))}",
                palette(theme).text_words["blue"],
            )
        )
    if pd.isna(residual) or pd.isna(year) or residual <= 0:
        return
    fig.add_trace(
        go.Scatter(
            x=[int(year), int(year)],
            y=[0, residual / scale.divisor],
            mode="lines",
            showlegend=False,
            name=words.residual,
            line={"color": palette(theme).muted, "width": 7},
            hovertemplate=f"<b>{words.residual}: {lang.tonnes(float(residual))}</b><extra></extra>",
        )
    )
    if pd.isna(level) or abs(residual - level) / scale.divisor > top * SAME_LEVEL:
        labels.append(
            Label(
                residual / scale.divisor / 2,
                f"{words.residual}: {lang.tonnes(float(residual))}",
                palette(theme).muted,
            )
        )


def _gap(
    fig: Any, row: Mapping[str, Any], scale: Scale, words: Words, lang: Language, theme: ThemeName
) -> None:
    """A bracket between the latest inventory and the path of the same year, with the tonnes."""
    path, latest, gap, year = (row.get(key) for key in ("path_t", "latest_t", "gap_to_path_t", "latest_year"))
    if pd.isna(path) or pd.isna(latest) or pd.isna(gap) or row.get("verdict_id") == "not_assessed":
        return
    fig.add_shape(
        type="line",
        x0=year,
        x1=year,
        y0=path / scale.divisor,
        y1=latest / scale.divisor,
        line={"color": palette(theme).text_words["red" if gap > 0 else "green"], "width": 3},
    )
    fig.add_annotation(
        x=year,
        y=(path + latest) / 2 / scale.divisor,
        xanchor="left",
        xshift=7,
        showarrow=False,
        align="left",
        text=f"<b>{lang.tonnes(abs(float(gap)))}</b> {words.gap}",
        bgcolor=palette(theme).background,
        opacity=0.92,
        font={"size": 13, "color": palette(theme).text_words["red" if gap > 0 else "green"]},
    )


def _span(years: Sequence[int]) -> list[float]:
    """The year axis with a little room, not widened by the words in the chart."""
    first, last = min(years), max(years)
    room = max(0.6, (last - first) * 0.03)
    return [first - room, last + room]


def yardstick_paths(
    points: pd.DataFrame,
    lines: pd.DataFrame,
    names: Mapping[str, str],
    emissions: str,
    lang: Language,
    theme: ThemeName,
    gas: str,
) -> Any:
    """One city's inventories and the path of each yardstick, named at its end."""
    import plotly.graph_objects as go

    fig = figure(theme, lang, HEIGHT)
    colours = palette(theme)
    paths = lines[lines["part"] == "path"]
    scale = tonne_scale([*points["value_t"].dropna(), *paths["value_t"].dropna()])
    top = max([*points["value_t"].dropna(), *paths["value_t"].dropna(), 1.0]) / scale.divisor * 1.08
    labels: list[Label] = []
    for number, (yardstick_id, name) in enumerate(names.items()):
        line = paths[paths["yardstick_id"] == yardstick_id]
        if line.empty:
            continue
        colour = colours.categorical[number % len(colours.categorical)]
        fig.add_trace(
            go.Scatter(
                x=line["year"],
                y=line["value_t"] / scale.divisor,
                mode="lines",
                name=name,
                showlegend=False,
                line={"color": colour, "width": 2, "dash": DASHES[number % len(DASHES)]},
                hovertemplate="%{x}: %{y:,.3~g} " + scale.unit + f"<extra>{name}</extra>",
            )
        )
        end = int(line["year"].iloc[-1])
        label = Label(float(line["value_t"].iloc[-1]) / scale.divisor, shortened(name, 32), colour)
        if end < int(paths["year"].max()):
            early_label(fig, label, end)
        else:
            labels.append(label)
    fig.add_trace(
        go.Scatter(
            x=points["year"],
            y=points["value_t"] / scale.divisor,
            mode="markers",
            showlegend=False,
            name=emissions,
            marker={
                "size": 11,
                "color": colours.text,
                "symbol": [SHAPES.get(str(q), "circle") for q in points["quality_id"]],
            },
            hovertemplate="%{x}: %{y:,.3~g} " + scale.unit + f"<extra>{emissions}</extra>",
        )
    )
    end_labels(fig, labels, top * LINE_OF_WORDS, theme)
    fig.update_layout(
        margin={"r": LABEL_MARGIN, "t": 34, "l": 8, "b": 8},
        yaxis={"range": [0, top], "fixedrange": True},
        xaxis={**YEARS, "range": _span([*points["year"], *paths["year"]])},
    )
    name_axis(fig, f"{emissions} ({scale.unit} {gas})".replace(" )", ")"), theme)
    return fig


DASHES: Sequence[str] = ("dash", "dot", "dashdot", "longdash", "longdashdot")
