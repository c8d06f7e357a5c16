"""How alike cities are, component by component. Rows in, Plotly figure out; no streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pages.charts.palettes import ThemeName, luminance, palette
from pages.charts.text import shortened
from pages.charts.theme import template
from pages.language import Language

LONGEST_NAME = 22
ROW_PIXELS = 34


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """One city: its name, its score, and the similarity of each component (0 to 100, None where not
    known)."""

    name: str
    score: float
    similarities: tuple[float | None, ...]
    hover: tuple[str, ...]


def alike(
    rows: Sequence[AlikeRow], titles: Sequence[str], score_title: str, lang: Language, theme: ThemeName
) -> Any:
    """A field of numbers: a row a city, a column a component; darker means more alike, a dash means not
    known."""
    import plotly.graph_objects as go

    colours = palette(theme)
    scale = colours.sequential
    columns = [score_title, *titles]
    values = [[row.score, *row.similarities] for row in rows]
    fig = go.Figure(
        go.Heatmap(
            z=values,
            x=columns,
            y=[shortened(row.name, LONGEST_NAME) for row in rows],
            zmin=0,
            zmax=100,
            colorscale=_steps(scale),
            showscale=False,
            xgap=2,
            ygap=2,
            hoverongaps=False,
            customdata=[["", *row.hover] for row in rows],
            hovertemplate="<b>%{y}</b><br>%{x}<br>%{customdata}<extra></extra>",
        )
    )
    for number, row in enumerate(values):
        for place, value in enumerate(row):
            fig.add_annotation(
                x=columns[place],
                y=number,
                text="–" if value is None else lang.number(value),
                showarrow=False,
                font={"size": 14, "color": colours.muted if value is None else ink(shade(value, scale))},
            )
    fig.update_layout(
        template=template(theme),
        height=ROW_PIXELS * len(rows) + 80,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={
            "side": "top", "fixedrange": True, "showline": False, "ticks": "", "tickangle": 0,
            "tickfont": {"size": 11},
        },
        yaxis={
            "autorange": "reversed", "fixedrange": True, "ticks": "", "type": "category", "showgrid": False,
        },
        dragmode=False,
    )  # fmt: skip
    return fig


def _steps(scale: Sequence[str]) -> list[list[object]]:
    """The scale as even steps, so that a colour stands for a class of twenty points."""
    steps: list[list[object]] = []
    for number, colour in enumerate(scale):
        steps += [[number / len(scale), colour], [(number + 1) / len(scale), colour]]
    return steps


def shade(value: float, scale: Sequence[str]) -> str:
    """The colour of a similarity."""
    return scale[min(int(value / 100 * len(scale)), len(scale) - 1)]


def ink(background: str) -> str:
    """Black or white, whichever reads better on a colour."""
    return "#000000" if luminance(background) > 0.18 else "#FFFFFF"
