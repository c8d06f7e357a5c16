"""Staff bring figures of their city: from a file to the published page, step by step, and back."""

from __future__ import annotations

import streamlit as st

from pages.charts.text import unlinked_safe
from pages.parts import frame, session, staff
from pages.sections import (
    upload_check,
    upload_columns,
    upload_file,
    upload_flow,
    upload_preview,
    upload_publish,
    upload_reading,
    upload_steps,
)
from pages.sections.upload_steps import COLUMNS, FAULTS, FILE, PREVIEW, PUBLISH, READING
from pipeline.staff import Person
from pipeline.uploads import drafts
from pipeline.uploads.drafts import Draft


def main() -> None:
    """One column, one step at a time."""
    who = staff.check("upload")
    if who is None:
        return
    _ = session.language().gettext
    frame.open(_("Publish figures of your city"))
    upload_id, step = upload_steps.opened()
    with st.container(width=upload_steps.WIDTH, key="u_page"):
        draft = upload_flow.open_draft(who, upload_id)
        if draft is None or (step == FILE and not upload_publish.is_done(draft)):
            upload_steps.keep("", FILE)
            upload_steps.line(FILE)
            upload_flow.problem()
            upload_file.draw(who)
        elif upload_publish.is_done(draft):
            _head(draft, PUBLISH)
            upload_publish.done(draft)
        elif draft.state in (drafts.CHECKED, drafts.PREVIEWED) and step in (PREVIEW, PUBLISH):
            _late(who, draft, step)
        else:
            _early(who, draft, step)


def _late(who: Person, draft: Draft, step: str) -> None:
    """The file is checked; nothing of it has to be read again."""
    found = upload_preview.ready(draft)
    if step == PUBLISH and found is not None:
        _head(draft, PUBLISH)
        upload_publish.confirm(who, draft, found)
    else:
        _head(draft, PREVIEW)
        upload_preview.draw(draft)


def _early(who: Person, draft: Draft, step: str) -> None:
    """Reading, columns, check: the first that asks something of the person, unless they chose one."""
    journey = upload_flow.journey(who, draft)
    if journey.is_official:
        checked = upload_flow.outcome(journey)
        _head(draft, FAULTS, is_official=True)
        if checked is not None:
            upload_check.draw(journey, checked)
        return
    if journey.proposal is None:
        _head(draft, FAULTS)
        upload_check.unreadable(journey)
        return
    wanted = step if step in (READING, COLUMNS, FAULTS) else ""
    is_checked = draft.state in (drafts.CHECKED, drafts.PREVIEWED)
    if (is_checked and wanted in ("", FAULTS)) or (wanted == FAULTS and not upload_columns.left(journey)):
        checked = upload_flow.outcome(journey)
        if checked is not None:
            _head(draft, FAULTS)
            upload_check.draw(journey, checked)
            return
    if wanted == READING or (not wanted and upload_reading.is_needed(journey)):
        _head(draft, READING)
        upload_reading.draw(journey)
    else:
        _head(draft, COLUMNS)
        upload_columns.draw(journey)


def _head(draft: Draft, step: str, *, is_official: bool = False) -> None:
    """The steps, the file's name shown as text, and what the last click could not do."""
    _ = session.language().gettext
    upload_steps.keep(draft.upload_id, step)
    is_official = is_official or (step in (PREVIEW, PUBLISH) and draft.choices.header_row is None)
    upload_steps.line(step, (READING, COLUMNS) if is_official else ())
    st.caption(_("File: {name}", name=unlinked_safe(draft.name)))
    upload_flow.problem()


main()
