"""What all analytical charts share: tonnes scaled to a readable unit, the language's number signs, labels
that do not overlap."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pages.charts.palettes import ThemeName, palette
from pages.charts.theme import template
from pages.language import Language

KILO, MEGA = 1e3, 1e6


@dataclass(frozen=True, slots=True)
class Scale:
    """Tonnes divided by `divisor` read in `unit`."""

    divisor: float
    unit: str


def tonne_scale(values: Iterable[float]) -> Scale:
    """t, kt or Mt, so that the largest value has one to four digits."""
    largest = max((abs(value) for value in values if not math.isnan(value)), default=0.0)
    if largest >= 2 * MEGA:
        return Scale(MEGA, "Mt")
    return Scale(KILO, "kt") if largest >= 2 * KILO else Scale(1.0, "t")


def separators(lang: Language) -> str:
    """Plotly's two signs: decimal, then thousands. The narrow space of some languages becomes a plain
    one."""
    symbols = lang.locale.number_symbols.get("latn", lang.locale.number_symbols)
    group = str(symbols["group"])
    return str(symbols["decimal"]) + (group if group in ".," else " ")


def gas_word(gas_basis: object) -> str:
    """CO2e or CO2 as a unit; nothing where the source does not say."""
    text = str(gas_basis or "")
    return {"CO2e": "CO2e", "CO2": "CO2", "CO2e_LCA": "CO2e"}.get(text, "")


def figure(theme: ThemeName, lang: Language, height: int, **layout: Any) -> Any:
    """An empty figure with the theme, the language's numbers and no animation."""
    import plotly.graph_objects as go

    fig = go.Figure()
    fig.update_layout(
        template=template(theme),
        separators=separators(lang),
        height=height,
        hovermode="closest",
        dragmode=False,
        **layout,
    )
    return fig


def name_axis(fig: Any, text: str, theme: ThemeName, *, above: int = 8) -> None:
    """The name and unit of the upright axis, written level above it: it reads without turning one's head."""
    fig.add_annotation(
        x=0,
        xref="paper",
        xanchor="left",
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=above,
        showarrow=False,
        text=text,
        font={"size": 13, "color": palette(theme).muted},
    )


@dataclass(frozen=True, slots=True)
class Label:
    """Words at the end of a line, in its colour."""

    y: float
    text: str
    colour: str


def spread(labels: Sequence[Label], line_height: float, floor: float = -math.inf) -> list[Label]:
    """The labels moved apart so that none covers another; their order from low to high is kept.

    `line_height` is the height of one line of words in data units; a label takes as many lines as it wraps
    to.
    """
    placed: list[Label] = []
    for label in sorted(labels, key=lambda item: item.y):
        lowest = floor
        if placed:
            lowest = placed[-1].y + line_height * (_lines(placed[-1]) + _lines(label)) / 2
        placed.append(replace(label, y=max(label.y, lowest)))
    return placed


def _lines(label: Label) -> int:
    return wrapped(label.text).count("<br>") + 1


def end_labels(fig: Any, labels: Sequence[Label], line_height: float, theme: ThemeName) -> None:
    """Write the labels right of the plot area."""
    for label in spread(labels, line_height, floor=0.0):
        fig.add_annotation(
            x=1.0,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=label.y,
            yanchor="middle",
            showarrow=False,
            align="left",
            text=wrapped(label.text),
            font={"color": label.colour or palette(theme).text, "size": 12},
        )


def early_label(fig: Any, label: Label, year: int) -> None:
    """Words at a line that ends before the others do."""
    fig.add_annotation(
        x=year,
        y=label.y,
        xanchor="left",
        xshift=6,
        showarrow=False,
        align="left",
        text=wrapped(label.text),
        font={"color": label.colour, "size": 13},
    )


def wrapped(text: str, width: int = 13) -> str:
    """Words on lines of about this many letters, joined by Plotly's line break."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return "<br>".join(lines)
