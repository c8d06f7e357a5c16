"""Withdrawing an upload and restoring a version: with a typed reason, and what it changes shown before."""

from __future__ import annotations

import streamlit as st

from pages.parts import session
from pages.sections import change_tables, upload_flow
from pages.sections.history_lines import History, Line
from pipeline import staff
from pipeline.engine import open_reader
from pipeline.publish import DRAFT
from pipeline.staff import Person
from pipeline.uploads import drafts, jobs, release
from pipeline.uploads.difference import Difference, difference
from pipeline.uploads.drafts import Draft

COMPARISONS_KEPT = 6
OPEN = "h_open"
"""Which act is being prepared: "restore:<build>" or "withdraw:<upload>"."""


def draw(person: Person, history: History, line: Line, draft: Draft | None) -> None:
    """The acts of one entry that this person may do, each opened by a quiet button first."""
    if line.act == "published" and draft is not None and draft.upload_id in history.active:
        if _may(person, "withdraw", draft):
            _withdraw(line, draft)
    elif _can_restore(history, line) and person.may("restore"):
        _restore(history, line)


def _can_restore(history: History, line: Line) -> bool:
    build = history.builds.get(line.build_id)
    is_shown = history.current is not None and history.current.build_id == line.build_id
    return build is not None and build.state != DRAFT and not is_shown and is_first_entry(history, line)


def is_first_entry(history: History, line: Line) -> bool:
    """Whether this is the newest entry about its build: a version is offered once."""
    return next((one for one in history.lines if one.build_id == line.build_id), line) is line


def _may(person: Person, act: str, draft: Draft) -> bool:
    try:
        staff.require(session.settings(), person, act, cities=draft.cities, indicators=draft.indicators)
        drafts.may_act(session.settings(), person, draft)
    except Exception:
        return False
    return True


def _open(what: str) -> None:
    st.session_state[OPEN] = what


def _withdraw(line: Line, draft: Draft) -> None:
    _ = session.language().gettext
    what = f"withdraw:{draft.upload_id}"
    if st.session_state.get(OPEN) != what:
        st.button(
            _("Withdraw …"),
            key=f"h_w_{line.number}",
            on_click=_open,
            args=(what,),
            icon=":material/remove_circle:",
            type="tertiary",
            help=_("Readers see the figures without this upload; later uploads stay."),
        )
        return
    st.markdown(
        _(
            "All figures are made anew without this upload; what was uploaded later stays. The cities of "
            "this upload show again what they showed before it, if anything. The file itself is kept."
        )
    )
    key = f"h_wr_{draft.upload_id}"
    st.text_input(_("Why is it withdrawn?"), key=key, max_chars=300)
    with st.container(horizontal=True):
        if st.button(
            _("Withdraw this upload"), type="primary", key="h_w_do", icon=":material/remove_circle:"
        ):
            withdraw(draft.upload_id, str(st.session_state[key]))
        st.button(_("Cancel"), on_click=_open, args=("",), key="h_w_no", type="tertiary")


def withdraw(upload_id: str, reason: str) -> None:
    """Rebuild without the upload, with progress; the page is drawn anew once it is done."""
    lang = session.language()
    _ = lang.gettext
    place = st.empty()

    def show(progress: jobs.Progress) -> None:
        place.progress(
            min(1.0, progress.index / progress.total) if progress.total else 0.0,
            text=_(
                "Making all figures without this upload: step {index} of {total}",
                index=lang.number(progress.index),
                total=lang.number(max(1, progress.total)),
            ),
        )

    with upload_flow.telling():
        release.withdraw(session.settings(), upload_flow.person(), upload_id, reason, show)
        st.session_state[OPEN] = ""
        st.session_state["h_said"] = _("The upload is withdrawn. Readers see the figures without it.")
    st.rerun()


def _restore(history: History, line: Line) -> None:
    _ = session.language().gettext
    what = f"restore:{line.build_id}"
    if st.session_state.get(OPEN) != what:
        st.button(
            _("Restore this version …"),
            key=f"h_r_{line.number}_{line.build_id}",
            on_click=_open,
            args=(what,),
            icon=":material/restore:",
            type="tertiary",
            help=_("Shows first what that would change."),
        )
        return
    _preview(history, line.build_id)
    key = f"h_rr_{line.build_id}"
    st.text_input(_("Why is it restored?"), key=key, max_chars=300)
    with st.container(horizontal=True):
        st.button(
            _("Restore this version"),
            type="primary",
            key="h_r_do",
            on_click=_restore_now,
            args=(line.build_id, key),
            icon=":material/restore:",
        )
        st.button(_("Cancel"), on_click=_open, args=("",), key="h_r_no", type="tertiary")


def _preview(history: History, build_id: str) -> None:
    """What readers would see differently after restoring."""
    lang = session.language()
    _ = lang.gettext
    assert history.current is not None
    with st.spinner(_("Comparing the versions …"), show_time=True):
        found = _difference(history.current.build_id, build_id, str(session.settings().builds_dir))
    if found.is_empty:
        st.markdown(_("No figure would change."))
        return
    st.markdown(
        _(
            "{added} figures would be added, {changed} would change, {lost} would be lost.",
            added=lang.number(found.counts.get("added", 0)),
            changed=lang.number(found.counts.get("changed", 0)),
            lost=lang.number(found.counts.get("lost", 0)),
        )
    )
    change_tables.cities(found)
    change_tables.figures(found, "h")


@st.cache_resource(max_entries=COMPARISONS_KEPT, show_spinner=False)
def _difference(old_id: str, new_id: str, builds_dir: str) -> Difference:  # noqa: ARG001  what to keep it by
    settings = session.settings()
    folder = settings.builds_dir
    with (
        open_reader(folder / f"build-{old_id}.duckdb", settings.memory_limit) as old,
        open_reader(folder / f"build-{new_id}.duckdb", settings.memory_limit) as new,
    ):
        return difference(old, new)


def _restore_now(build_id: str, key: str) -> None:
    _ = session.language().gettext
    reason = str(st.session_state.get(key, ""))

    def back() -> None:
        release.restore(session.settings(), upload_flow.person(), build_id, reason)
        st.session_state[OPEN] = ""
        st.session_state["h_said"] = _("The version is restored. Readers see it now.")

    upload_flow.act(back)
