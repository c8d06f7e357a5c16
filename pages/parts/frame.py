"""What every page is framed with: its question, the answer, freshness, the four views, sources.

A page reads like this:

    frame.open(_("Which cities cut most?"), answer=_("Three cities ..."))
    frame.views("progress", chart=draw_chart, table=table, about=draw_about, sources=["ccc_mission"])
    frame.sources(["ccc_mission"])
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from pages.charts.text import markdown_safe
from pages.language import N_, Language
from pages.parts import address, session, states, tables
from pages.parts.tables import Table
from pipeline.basemap import FOOTNOTES
from pipeline.catalogue import Source
from pipeline.query import freshness as freshness_query

VIEWS: dict[str, tuple[str, str]] = {
    "chart": (N_("Chart"), ":material/bar_chart:"),
    "table": (N_("Table"), ":material/table_rows:"),
    "about": (N_("About the data"), ":material/info:"),
    "download": (N_("Download"), ":material/download:"),
}


FIRST_WORDS_SECONDS = 0.1
"""How long the charts of a first visit wait for the words above them. A browser that gets all at once loads
and starts the scripts of maps and charts before it shows a word; measured, the last chart comes no later."""


def open(question: str, answer: str = "") -> None:
    """The page's question as its title, then the answer as one sentence (safe text) and how fresh it is."""
    with st.container(gap=None):
        st.title(question, anchor=False)
        if answer:
            st.header(answer, anchor=False)
        freshness()


def show_first_words() -> None:
    """On a first visit, let the words drawn so far reach the screen. :func:`views` does so by itself."""
    address.wait_once(FIRST_WORDS_SECONDS)


def freshness() -> None:
    """One line: which build, and up to which year the inventories reach."""
    lang = session.language()
    _ = lang.gettext
    build = session.build()
    newest = session.data(freshness_query.newest_inventory_year)
    st.caption(
        _(
            "Figures published: {date} · Newest inventory: {year} · Version {build}",
            date=lang.date(moment(build.built_at)),
            year=newest or "–",
            build=build.build_id[-12:],
        )
    )


def moment(text: str) -> dt.datetime:
    """The time a build notes about itself, with or without punctuation (20261122T010203Z)."""
    digits = re.sub(r"\D", "", text)[:14].ljust(14, "0")
    return dt.datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)


def views(
    key: str,
    *,
    chart: Callable[[], None],
    table: Table,
    about: Callable[[], None],
    sources: Sequence[str],
    chart_name: str = "",
    chart_icon: str = "",
    beside: Callable[[], None] | None = None,
) -> str:
    """The same four views of one thing in the same order; only the chosen one is drawn. Kept in the address.

    `key` is short, unique on the page and never renamed: it is the address key. `sources` are source ids,
    most important first; they go into the download. `beside` draws what belongs to the chart only (zoom,
    sorting) in the row of the view buttons. Gives back which view is shown.
    """
    show_first_words()
    lang = session.language()
    _ = lang.gettext
    words = {view: f"{icon} {_(word)}" for view, (word, icon) in VIEWS.items()}
    if chart_name:
        words["chart"] = f"{chart_icon or VIEWS['chart'][1]} {chart_name}"
    with st.container(horizontal=True, gap="medium"):
        view = address.pick(
            key, _("View"), list(VIEWS), words, kind="segments", label_visibility="collapsed", width="content"
        )
        if beside is not None and view == "chart":
            beside()
    if view == "chart":
        chart()
    elif view == "table":
        tables.draw(table, key=f"{key}_table")
    elif view == "about":
        about()
    else:
        download(key, table, sources)
    return view


def download(key: str, table: Table, sources: Sequence[str]) -> None:
    """A CSV with units, sources, licence and citation, and the link that restores this view."""
    lang = session.language()
    _ = lang.gettext
    registry = session.catalogue()
    used = [registry.sources[source_id] for source_id in sources if source_id in registry.sources]
    link = session.page_address()
    build = session.build()
    body = partial(
        tables.csv,
        table,
        lang=lang,
        registry=registry,
        source="; ".join(source.title for source in used),
        licence="; ".join(dict.fromkeys(_licence(source) for source in used)),
        citation=citation(lang, used),
        link=link,
    )
    st.download_button(
        _("Download the table (CSV)"),
        body,
        file_name=f"mission-cities-{key}-{build.build_id[-12:]}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"{key}_csv",
    )
    st.caption(
        lang.ngettext("{count} row", "{count} rows", len(table.rows))
        + ". "
        + _("UTF-8, comma separated, dot as decimal sign. Each row carries its source, licence and citation.")
    )
    if link:
        st.markdown(_("Link to this view"))
        st.code(link, language=None, wrap_lines=True)
    st.markdown(_("How to cite"))
    st.code(citation(lang, used), language=None, wrap_lines=True)


def citation(lang: Language, used: Sequence[Source]) -> str:
    """One citation of a view: the dashboard's version and the sources behind it."""
    build = session.build()
    own = lang.gettext(
        "Mission Cities Dashboard, version {build}, published {date}.",
        build=build.build_id[-12:],
        date=lang.date(moment(build.built_at)),
    )
    return " ".join([own, *(source.citation for source in used)])


def sources(source_ids: Sequence[str], *, map_drawn: bool = False) -> None:
    """The foot of a page: every source with publisher, licence and date; under a map its footnotes."""
    lang = session.language()
    _ = lang.gettext
    registry = session.catalogue()
    used = [registry.sources[source_id] for source_id in source_ids if source_id in registry.sources]
    if map_drawn:
        map_footnotes()
    st.divider()
    with st.expander(
        lang.ngettext("{count} source", "{count} sources", len(used)), icon=":material/menu_book:"
    ):
        lines = []
        for source in used:
            parts = [f"**{markdown_safe(source.title)}**", markdown_safe(source.publisher), _licence(source)]
            if source.accessed_date:
                parts.append(_("read {date}", date=str(source.accessed_date)))
            line = ". ".join(part for part in parts if part)
            if source.address and re.fullmatch(r"https?://[^\s()<>\[\]]+", source.address):
                line += f". [{_('Official page')}]({source.address})"
            lines.append(f"- {line}")
        if lines:
            st.markdown("\n".join(lines))


def map_footnotes() -> None:
    """Notes that go with the borders drawn."""
    lang = session.language()
    _ = lang.gettext
    kosovo = FOOTNOTES["XK"]
    note = f"{lang.country('XK')}: {_(kosovo).removeprefix('* ')}"
    st.caption(
        markdown_safe(note)
        + " "
        + _("Borders as the European Union recognises them; base map: Natural Earth.")
    )


def _licence(source: Source) -> str:
    licence = session.catalogue().licences.get(source.licence_id)
    return licence.title if licence else source.licence_id


nothing = states.nothing
