"""The look of Plotly figures: one template per theme, made from the palette. Streamlit-free.

A chart function does ``figure.update_layout(template=template(theme))`` and sets no colour of its own.
Plotly is imported only when a template is asked for, so that pages without Plotly never load it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pages.charts.palettes import ThemeName, palette

FONT = '"Source Sans", "Segoe UI", Helvetica, Arial, sans-serif'

PLOTLY_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "topojsonURL": "",
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
    "toImageButtonOptions": {"format": "svg", "scale": 1},
}
"""Give this to ``st.plotly_chart(config=…)``: no logo, nothing fetched from outside, SVG as the picture."""


@cache
def template(theme: ThemeName) -> Any:
    """The Plotly template of a theme."""
    import plotly.graph_objects as go

    colours = palette(theme)
    axis = {
        "gridcolor": colours.line,
        "linecolor": colours.muted,
        "zerolinecolor": colours.muted,
        "zerolinewidth": 1,
        "ticks": "outside",
        "tickcolor": colours.line,
        "title": {"font": {"size": 14, "color": colours.muted}},
        "tickfont": {"size": 14, "color": colours.text},
        "automargin": True,
    }
    layout = go.Layout(
        font={"family": FONT, "size": 15, "color": colours.text},
        paper_bgcolor=colours.background,
        plot_bgcolor=colours.background,
        colorway=list(colours.categorical),
        xaxis={**axis, "showgrid": False, "showline": True},
        yaxis={**axis, "showline": False},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": {"text": ""}},
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        hoverlabel={"bgcolor": colours.surface, "bordercolor": colours.line, "font": {"color": colours.text}},
        separators=". ",
    )
    return go.layout.Template(layout=layout)
