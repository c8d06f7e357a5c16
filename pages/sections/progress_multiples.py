"""City by city: one small chart for each of the first cities of the ranking."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.charts import small
from pages.charts.palettes import VERDICTS
from pages.charts.text import markdown_safe
from pages.charts.theme import PLOTLY_CONFIG
from pages.parts import address, frame, kept, session
from pages.parts.tables import Column, Table
from pages.sections.path import words
from pages.sections.words import known, records, spoken
from pipeline.query import progress
from pipeline.query.filters import Filters


def draw(first: pd.DataFrame, chosen: Filters) -> None:
    """The cities `first` as small charts of one measure and scale, with their table."""
    _ = session.language().gettext
    measures = {"index": _("Base year = 100"), "head": _("Tonnes per inhabitant")}
    axes = {"same": _("Same scale"), "own": _("Own scale")}
    ids = tuple(str(city_id) for city_id in first["city_id"])

    def chart() -> None:
        with st.container(horizontal=True):
            measure = address.pick(
                "p_m",
                _("Measure"),
                list(measures),
                measures,
                kind="segments",
                label_visibility="collapsed",
                width="content",
            )
            axis = address.pick(
                "p_axis",
                _("Scale"),
                list(axes),
                axes,
                kind="segments",
                label_visibility="collapsed",
                width="content",
            )

        def grid() -> None:
            st.caption(
                _(
                    "{measure}; dashed: the way to the target. Sorted by yearly change.",
                    measure=measures[measure],
                )
            )
            _grid(first, session.data(progress.multiples, chosen, ids), measure, axis == "same", chosen)

        kept.drawn("progress_grid", grid, measure, axis)

    def about() -> None:
        st.markdown(_("Each city by the series its verdict rests on; the base year of each city is 100."))

    frame.views(
        "p_w",
        chart=chart,
        table=kept.made(
            "progress_inventories",
            lambda: _inventories(session.named(session.data(progress.multiples, chosen, ids))),
        ),
        about=about,
        sources=list(first["source_id"].unique()),
    )


def _grid(first: pd.DataFrame, data: pd.DataFrame, measure: str, same: bool, chosen: Filters) -> None:
    """Small charts, each with its city's name as a link and its verdict."""
    lang, book = session.language(), words()
    _ = lang.gettext
    column = "index_pct" if measure == "index" else "per_person_t"
    values = data[column].dropna()
    top = float(values.max()) if same and len(values) else None
    grid = st.grid(min_column_width=250)
    for row in records(first):
        city = data[data["city_id"] == row["city_id"]]
        target = None
        if (
            measure == "index"
            and known(row["target_year"])
            and not city.empty
            and known(city["target_index_pct"].iloc[0])
        ):
            target = (int(row["target_year"]), float(city["target_index_pct"].iloc[0]))
        with grid.cell():
            name = row["name"]
            verdict = VERDICTS[row["verdict_id"]].badge(book.verdict(row["verdict_id"]))
            st.page_link(
                session.page("city"),
                label=f"{markdown_safe(name)} {verdict}",
                query_params=session.link(city=str(row["city_id"])),
            )
            if city[column].dropna().empty:
                st.caption(
                    _("The inventories give no number of inhabitants.")
                    if measure == "head"
                    else _("No figure in the chosen years.")
                )
                continue
            figure = small.small(
                city,
                column,
                base_year=int(row["base_year"]),
                target=target,
                verdict_id=row["verdict_id"],
                top=top,
                lang=lang,
                theme=session.theme(),
            )
            st.plotly_chart(
                figure,
                theme=None,
                config={**PLOTLY_CONFIG, "staticPlot": True},
                key=f"p_small_{row['city_id']}",
                alt=spoken(name, row | {"yardstick_id": chosen.yardstick}, book),
                width="stretch",
            )


def _inventories(rows: pd.DataFrame) -> Table:
    """What the small charts show, as numbers."""
    _ = session.language().gettext
    return Table(
        rows,
        [
            Column("name", _("City")),
            Column("year", _("Year"), kind="year"),
            Column("value_t", _("Emissions"), kind="tonnes"),
            Column("index_pct", _("Base year = 100"), unit="%", kind="number", decimals=1),
            Column("per_person_t", _("Per inhabitant"), unit="t", kind="number", decimals=2),
        ],
    )
