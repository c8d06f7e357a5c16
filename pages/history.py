"""Staff: every upload and every published version, who did what and why, and the ways back."""

from __future__ import annotations

import streamlit as st

from pages.charts.text import markdown_safe
from pages.parts import frame, session, staff
from pages.sections import history_lines, history_list, upload_flow, upload_steps
from pipeline.errors import PipelineError
from pipeline.uploads import ledger

FAULTS_SEEN = 5


def main() -> None:
    """The state of the ledger, then the list."""
    who = staff.check("upload")
    if who is None:
        return
    _ = session.language().gettext
    frame.open(_("What was published, by whom and why?"))
    with st.container(width=upload_steps.WIDTH, key="h_page"):
        upload_flow.problem()
        said = st.session_state.pop("h_said", "")
        if said:
            st.success(said, icon=":material/check_circle:")
        _ledger()
        try:
            history = history_lines.load(session.settings())
        except PipelineError as error:
            st.error(markdown_safe(upload_flow.words_of(error)), icon=":material/error:")
            return
        history_list.draw(who, history)


def _ledger() -> None:
    """Whether the record of all acts is unbroken."""
    lang = session.language()
    _ = lang.gettext
    faults = ledger.verify(session.settings())
    if not faults:
        st.badge(
            _("The record of all acts is complete and unchanged"), icon=":material/verified:", color="green"
        )
        return
    st.error(
        _(
            "The record of all acts was damaged or changed. Nothing can be published until somebody who runs "
            "the dashboard has looked at it."
        ),
        icon=":material/gpp_bad:",
    )
    st.code("\n".join(faults[:FAULTS_SEEN]), language=None, wrap_lines=True)


main()
