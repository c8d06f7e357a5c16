"""The City page for paper: no buttons, tables as plain text, drawn so that it prints unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts.palettes import VERDICTS
from pages.charts.text import markdown_safe
from pages.parts import frame, session
from pages.sections import city_head, contract, names, path
from pages.sections.city_more import place
from pages.sections.words import records, spoken
from pipeline.query import city as city_query
from pipeline.query import conflicts
from pipeline.query.filters import Filters

WIDTH = 670
"""Pixels between the margins of an A4 page: as wide on the screen as on paper, so no chart is redrawn."""
INDICATORS = 8
"""Ranked indicators on the sheet; the page has all."""


def draw(city_id: str, row: Mapping[str, Any], chosen: Filters) -> None:
    """Everything that fits on both sides of one sheet."""
    lang, book = session.language(), path.words()
    _ = lang.gettext
    name = names.of(city_id)
    st.html(city_head.PRINT)
    st.html(city_head.SHEET)
    with st.container(key="c_sheet_note"):
        st.caption(_("Print this with the menu of the browser (Ctrl+P); it fits on both sides of one sheet."))
    with st.container(width=WIDTH):
        st.title(markdown_safe(name), anchor=False)
        st.markdown(
            VERDICTS[str(row["verdict_id"])].badge(book.verdict(row["verdict_id"]))
            + " "
            + markdown_safe(spoken(name, row, book))
        )
        city_head.facts(city_id)
        city_head.figures(city_id, row)
        path.plain(name, city_id, row, chosen)
        promised = session.data(city_query.contract, city_id)
        if not promised.empty:
            st.markdown("**" + _("What the city's contract promises") + "**")
            lines = contract.sentences(records(promised)[0])
            st.markdown("\n".join(f"- {markdown_safe(line)}" for line in lines))
        _ties(city_id)
        _conflicts(city_id)
        _indicators(city_id)
        frame.freshness()
        used = session.data(city_query.sources, city_id)
        st.caption(
            _("Sources: {sources}.", sources=markdown_safe(lang.listed(list(dict.fromkeys(used["title"])))))
        )


def _indicators(city_id: str) -> None:
    book = path.words()
    _ = session.language().gettext
    kinds = session.data(city_query.own_peers, city_id)
    rows = session.data(city_query.indicators, city_id, kinds[0])
    ranked = rows[rows["peer_rank"].notna()].head(INDICATORS)
    if ranked.empty:
        return
    st.caption(_("Place among peers: {group}", group=city_head.group_names()[kinds[0]]))
    said = pd.DataFrame(
        {
            _("Indicator"): [book.indicator(row["indicator_id"]) for row in records(ranked)],
            _("Value with unit"): [book.value(row["indicator_id"], row["value"]) for row in records(ranked)],
            _("Year"): [str(int(row["year"])) for row in records(ranked)],
            _("Place among peers"): [place(row) for row in records(ranked)],
        }
    )
    st.table(said, border="horizontal", hide_index=True)


def _ties(city_id: str) -> None:
    lang = session.language()
    _ = lang.gettext
    counts = session.data(city_query.tie_counts, city_id)
    kinds = session.catalogue().kinds
    words = [
        f"{_(kinds[row['kind_id']].title)}: {lang.number(row['tie_count'])}"
        for row in records(counts)
        if row["kind_id"] in kinds
    ]
    if words:
        st.markdown(f"**{_('Partnerships')}** " + markdown_safe("; ".join(words)))


def _conflicts(city_id: str) -> None:
    lang, book = session.language(), path.words()
    _ = lang.gettext
    rows = session.data(conflicts.of_city, city_id)
    if rows.empty:
        return
    most = rows[rows["value_count"] == rows["value_count"].max()]
    newest = most[most["year"] == most["year"].max()]
    values = list(
        dict.fromkeys(f"{lang.tonnes(row['value'])} ({book.scope(row['scope'])})" for row in records(newest))
    )
    text = _(
        "For {year} there are {count} different totals: {values}.",
        year=int(newest["year"].iloc[0]),
        count=lang.number(len(values)),
        values=lang.listed(values),
    )
    st.markdown(f"**{_('Where sources disagree')}** " + markdown_safe(text))
