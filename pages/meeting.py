"""The cities in the room on one page: what they share, where they differ, which ties exist or should."""

from __future__ import annotations

import streamlit as st

from pages.charts.text import markdown_safe
from pages.parts import frame, session
from pages.sections import meeting_choice, meeting_differences, meeting_sheet
from pages.sections.meeting_room import Sheet
from pipeline.query import meeting, partners

PRINT = """<style>
@media print {
  @page { size: A4; margin: 10mm 12mm; }
  html { font-size: SIZE; }
  header, hr, .st-key-mt_choice, .st-key-mt_links, [data-testid="stButtonGroup"],
  [data-testid="stElementToolbar"], [data-testid="stToolbar"], [data-testid="stExpander"],
  [data-testid="stPopover"], [data-testid="stMultiSelect"],
  [data-testid="stDownloadButton"] { display: none !important; }
  [data-testid="stMainBlockContainer"] { padding: 0 0 0 10px !important; max-width: none !important; }
  table { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
</style>"""
"""On paper: one A4 page, no choices, no buttons. Only documented names and own keys are used."""
LARGE_ROOM = 6
"""From more cities on the print is smaller, so that ten still fit one page."""


def main() -> None:
    """Who is in the room, and their sheet."""
    _ = session.language().gettext
    place = st.container(gap=None)
    with st.container(key="mt_choice"):
        room = meeting_choice.draw()
    st.html(PRINT.replace("SIZE", "8.5px" if len(room) > LARGE_ROOM else "9.5px"))
    if len(room) < 2:
        with place:
            frame.open(_("What do these cities have to talk about?"))
        frame.nothing(_("Pick two cities or more: a meeting needs two sides."), reset=False)
        return
    sheet = Sheet(
        tuple(room),
        session.data(meeting.room, tuple(room)),
        session.data(meeting.ties, tuple(room)),
        session.data(meeting.shared, tuple(room)),
        session.data(meeting.differences, tuple(room)),
        session.data(meeting.pairs, tuple(room), session.data(partners.default_weights)),
        session.data(meeting.leads, tuple(room)),
    )
    with place:
        frame.open(
            _("{cities}: what to talk about?", cities=markdown_safe(sheet.names_listed())),
            answer=markdown_safe(meeting_sheet.answer(sheet)),
        )
    frame.views(
        "mt_v",
        chart=lambda: meeting_sheet.draw(sheet),
        table=meeting_differences.table(sheet),
        about=meeting_differences.about,
        sources=meeting_differences.source_ids(sheet),
        chart_name=_("Sheet"),
        chart_icon=":material/description:",
    )
    with st.container(key="mt_links", horizontal=True, gap="medium"):
        for city_id in room:
            st.page_link(
                session.page("partners"),
                label=_("Partner finder: {city}", city=markdown_safe(sheet.name(city_id))),
                icon=":material/person_search:",
                query_params=session.link(city=city_id),
            )
    frame.sources(meeting_differences.source_ids(sheet))


main()
