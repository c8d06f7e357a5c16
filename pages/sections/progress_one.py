"""Progress of one city: the sentence to say aloud, the path, the contract's 2030 bar, five yardsticks,
sectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts import line
from pages.charts.axes import gas_word
from pages.charts.palettes import VERDICTS
from pages.charts.text import markdown_safe
from pages.charts.theme import PLOTLY_CONFIG
from pages.parts import frame, kept, session
from pages.parts.tables import Column, Table
from pages.sections import contract, names, path
from pages.sections.words import known, records, short, spoken
from pipeline.query import progress
from pipeline.query.filters import Filters


def draw(city_id: str, chosen: Filters) -> None:
    """The whole page for one city."""
    lang, book = session.language(), path.words()
    _ = lang.gettext
    name = names.of(city_id)
    rows = session.data(progress.yardsticks, city_id)
    row = chosen_row(rows, chosen.yardstick)
    frame.open(
        _("Is {city} cutting emissions fast enough?", city=markdown_safe(name)),
        answer=markdown_safe(short(name, row, book)),
    )
    say_aloud(name, row)
    path.draw("p_v", name, city_id, row, chosen)
    st.page_link(
        session.page("city"),
        label=_("Everything about {city}", city=markdown_safe(name)),
        icon=":material/location_city:",
        query_params=session.link(city=city_id),
    )
    st.subheader(_("What the city's contract promises"), anchor=False)
    contract.draw("p_c", name, city_id)
    st.subheader(_("Same city, five yardsticks"), anchor=False)
    yardsticks("p_y", name, city_id, rows, chosen)
    st.subheader(_("Where the emissions come from"), anchor=False)
    series_id = row.get("series_id")
    path.sectors("p_s", name, series_id, row.get("gas_basis"))
    frame.sources(used_sources(rows))


def chosen_row(rows: pd.DataFrame, yardstick_id: str) -> Mapping[str, Any]:
    """The row of one yardstick as a mapping."""
    return records(rows[rows["yardstick_id"] == yardstick_id])[0]


def used_sources(rows: pd.DataFrame) -> list[str]:
    """Sources of inventories and targets behind the rows."""
    ids = [*rows["source_id"].dropna(), *rows["target_source_id"].dropna()]
    return list(dict.fromkeys(str(source_id) for source_id in ids))


def say_aloud(name: str, row: Mapping[str, Any]) -> None:
    """The verdict as a chip and one sentence with a copy button."""
    _ = session.language().gettext
    book = path.words()
    st.markdown(VERDICTS[str(row["verdict_id"])].badge(book.verdict(row["verdict_id"])))
    st.caption(_("To say aloud (the button at the right copies it)"))
    st.code(spoken(name, row, book), language=None, wrap_lines=True)


def yardsticks(key: str, name: str, city_id: str, rows: pd.DataFrame, chosen: Filters) -> None:
    """Each yardstick with its verdict and a plain sentence; chart and table of the same."""
    lang, book = session.language(), path.words()
    _ = lang.gettext
    for row in records(rows):
        verdict = VERDICTS[str(row["verdict_id"])].badge(book.verdict(row["verdict_id"]))
        text = yardstick_sentence(row)
        st.markdown(f"**{book.yardstick(row['yardstick_id'])}** {verdict} {markdown_safe(text)}")
    registry = session.catalogue()

    def chart() -> None:
        drawn = rows[rows["verdict_id"] != "not_assessed"]
        points = path.in_years(session.data(progress.inventories, city_id), chosen)
        points = points[points["series_id"].isin(drawn["series_id"]) & ~points["is_out_of_series"]]
        if drawn.empty or points.empty:
            st.markdown(
                _("No yardstick can be applied to {city}; the reasons stand above.", city=markdown_safe(name))
            )
            return
        titles = {str(key): book.yardstick(key) for key in drawn["yardstick_id"]}
        lines = session.data(progress.paths, city_id)
        gas = gas_word(drawn["gas_basis"].iloc[0])
        figure = kept.made(
            "yardsticks",
            lambda: line.yardstick_paths(points, lines, titles, _("Emissions"), lang, session.theme(), gas),
            key,
            city_id,
        )
        sentences = " ".join(
            f"{book.yardstick(row['yardstick_id'])}: {yardstick_sentence(row)}" for row in records(drawn)
        )
        st.plotly_chart(
            figure, theme=None, config=PLOTLY_CONFIG, key=f"{key}_figure", alt=sentences, width="stretch"
        )

    def about() -> None:
        for record in sorted(registry.yardsticks.values(), key=lambda item: item.order):
            st.markdown(f"**{_(record.title)}.** {_(record.definition)} {_(record.method)}")

    frame.views(
        key,
        chart=chart,
        table=Table(
            rows.drop(columns="city_id"),
            [
                Column(
                    "yardstick_id",
                    _("Yardstick"),
                    kind="words",
                    words={key: book.yardstick(key) for key in registry.yardsticks},
                ),
                Column("verdict_id", _("Verdict"), kind="verdict"),
                Column("base_year", _("Base year"), kind="year"),
                Column("base_t", _("Base"), kind="tonnes"),
                Column("latest_year", _("Latest year"), kind="year"),
                Column("latest_t", _("Latest"), kind="tonnes"),
                Column("change_pct", _("Change"), kind="percent"),
                Column("change_per_year_pct", _("Change a year"), unit=_("% a year"), kind="percent"),
                Column("needed_per_year_pct", _("Needed from now on"), unit=_("% a year"), kind="percent"),
                Column("target_year", _("Target year"), kind="year"),
                Column("target_reduction_pct", _("Cut asked for"), kind="percent"),
                Column("target_t", _("Target level"), kind="tonnes"),
                Column("gap_to_path_t", _("Gap to the path"), kind="tonnes"),
                Column("gap_to_target_t", _("Gap to the target"), kind="tonnes"),
                Column("pace_ratio", _("Pace: actual to needed"), kind="number", decimals=2),
                Column(
                    "reason_id",
                    _("Why not assessed"),
                    kind="words",
                    words={key: book.reason_title(key) for key in registry.reasons},
                ),
            ],
        ),
        about=about,
        sources=used_sources(rows),
    )


def yardstick_sentence(row: Mapping[str, Any]) -> str:
    """What one yardstick asks and how the city stands, in one sentence."""
    lang, book = session.language(), path.words()
    _ = lang.gettext
    if row["verdict_id"] == "not_assessed":
        return book.reason(row["reason_id"])
    record = session.catalogue().yardsticks[str(row["yardstick_id"])]
    gas = gas_word(row["gas_basis"])
    if record.yearly_cut_pct is not None:
        asked = _(
            "asks for {cut} less every year from {base} on",
            cut=lang.percent(record.yearly_cut_pct, 2),
            base=int(row["base_year"]),
        )
    else:
        asked = _(
            "asks for {cut} less than in {base} by {year}",
            cut=lang.percent(row["target_reduction_pct"]),
            base=int(row["base_year"]),
            year=int(row["target_year"]),
        )
    done = _(
        "{change} was reached by {year}",
        change=lang.percent(row["change_pct"], sign=True),
        year=int(row["latest_year"]),
    )
    if not known(row["gap_to_path_t"]):
        return f"{asked}; {done}."
    gap = lang.tonnes(abs(row["gap_to_path_t"]), gas)
    place = (
        _("{gap} above the path", gap=gap) if row["gap_to_path_t"] > 0 else _("{gap} below the path", gap=gap)
    )
    return f"{asked}; {done}, {place}."
