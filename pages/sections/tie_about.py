"""What the ties mean and where they come from, and the whole network as files for other programs."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.charts.text import markdown_safe
from pages.language import Language
from pages.parts import frame, session, tables
from pages.parts.tables import Column, Table
from pages.sections import tie_words
from pipeline.query import network as query
from pipeline.query import network_files
from pipeline.query.network import TieChoice


def about(lang: Language) -> None:
    """Grades of evidence, kinds of tie, and how the lists were joined."""
    _ = lang.gettext
    registry = session.catalogue()
    st.markdown(
        _(
            "A tie is one pair of places (or a place and a network) and one kind, however many lists state "
            "it. It has the "
            "evidence of its surest statement, the earliest and the latest year stated, and every source. "
            "**A missing "
            "tie proves nothing**: some lists were read only in part, and cities keep such lists differently."
        )
    )
    st.markdown(
        _(
            "Being in the same network is not a tie between two cities. It is worked out for one city when "
            "asked, below "
            "the graph. Partners of one project are shown as ties of a weaker kind."
        )
    )
    st.markdown(f"**{_('Evidence, surest first')}**")
    for level in registry.evidence_levels.values():
        hidden = "" if level.shown_by_default else f" *({_('hidden at first')})*"
        st.markdown(f"- **{markdown_safe(_(level.title))}**{hidden}: {markdown_safe(_(level.definition))}")
    st.markdown(f"**{_('Status')}**")
    for status in registry.statuses.values():
        st.markdown(f"- **{markdown_safe(_(status.title))}**: {markdown_safe(_(status.definition))}")
    st.markdown(f"**{_('What became of the rows of the lists')}**")
    tables.draw(
        Table(
            session.data(query.outcome_counts),
            [
                Column("kind_id", _("Kind of tie"), kind="words", words=tie_words.kinds(lang)),
                Column("row_count", _("Rows in the lists"), unit=_("number"), kind="number"),
                Column("tie_count", _("Ties"), unit=_("number"), kind="number"),
                Column("merged_count", _("Joined to a tie of another row"), unit=_("number"), kind="number"),
                Column("dropped_count", _("Left out"), unit=_("number"), kind="number"),
            ],
        ),
        key="n_outcomes",
    )


def statements(lang: Language, choice: TieChoice, member: str, name: str) -> None:
    """Every row of the lists behind the ties of one member, with its own source, year and page."""
    _ = lang.gettext
    rows = session.data(query.statements, choice, member)
    if rows.empty:
        return
    words = lang.ngettext(
        "{count} statement behind the ties of {name}",
        "{count} statements behind the ties of {name}",
        len(rows),
        name=markdown_safe(name),
    )
    with st.expander(words, icon=":material/library_books:"):
        shown = tie_words.renamed(rows)
        tables.draw(
            Table(
                shown.assign(page=tie_words.pages_read(shown["source_url"])),
                [
                    Column("name_a", _("One end")),
                    Column("name_b", _("Other end")),
                    Column("kind_id", _("Kind of tie"), kind="words", words=tie_words.kinds(lang)),
                    Column("title", _("What the list says")),
                    Column("from_year", _("From"), unit=_("year"), kind="year"),
                    Column("to_year", _("Until"), unit=_("year"), kind="year"),
                    Column("evidence_level_id", _("Evidence"), kind="words", words=tie_words.levels(lang)),
                    Column("status_id", _("Status"), kind="words", words=tie_words.statuses(lang)),
                    Column("outcome_id", _("What became of it"), kind="words",
                           words=tie_words.texts(tie_words.OUTCOME_WORDS, lang)),
                    Column("source_id", _("List"), kind="words",
                           words={key: _(source.title) for key, source in
                           session.catalogue().sources.items()}),
                    Column("row_id", _("Row in the list")),
                    Column("page", _("Page"), kind="link"),
                ],
            ),
            key="n_statements",
            city_link=False,
        )  # fmt: skip


def shared(lang: Language, member: str, name: str) -> None:
    """Places in the same networks and programmes: a weaker link, worked out only for this place."""
    _ = lang.gettext
    if not st.toggle(
        _("Also list who is in the same networks as {name}", name=markdown_safe(name)), key="n_shared"
    ):
        return
    rows = session.data(query.shared_networks, member)
    if rows.empty:
        st.markdown(_("No network or programme of {name} is in the lists.", name=markdown_safe(name)))
        return
    names = session.city_names()
    tables.draw(
        Table(
            rows.assign(name=rows["city_id"].map(names).fillna(rows["place_name"])),
            [
                Column("name", _("Place")),
                Column("country_iso2", _("Country"), kind="country"),
                Column("shared_count", _("In common"), unit=_("number"), kind="number"),
                Column("organisations", _("Which")),
                Column(
                    "has_tie",
                    _("Have a tie of their own"),
                    kind="words",
                    words={"True": _("yes"), "False": _("no")},
                ),
            ],
        ),
        key="n_shared_table",
        city_link=False,
    )  # fmt: skip


def files(lang: Language, choice: TieChoice) -> None:
    """All ties of the choice for spreadsheets (two tables) and for graph programs."""
    _ = lang.gettext
    st.markdown(f"**{_('All ties of this choice as files')}**")
    st.caption(
        _(
            "Edge list and places as tables with stable ids; GraphML and GEXF hold both in one file and "
            "open in Gephi. "
            "Every tie has its kind, evidence, years and source."
        )
    )
    serving = session.serving()
    if serving is None:
        return
    build, reader = serving
    made = frame.moment(build.built_at).date().isoformat()
    offers = (
        ("edges.csv", _("Edge list (CSV)"), "text/csv", network_files.edge_file),
        ("places.csv", _("Places and networks (CSV)"), "text/csv", network_files.member_file),
        ("network.graphml", _("Network (GraphML)"), "application/xml", network_files.graphml_file),
        ("network.gexf", _("Network (GEXF, Gephi)"), "application/xml", network_files.gexf_file),
    )
    with st.container(horizontal=True, gap="small"):
        for ending, words, mime, write in offers:
            st.download_button(
                words,
                partial(write, reader, choice, made),
                file_name=f"mission-cities-{build.build_id[-12:]}-{ending}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"n_file_{ending}",
                width="content",
            )
