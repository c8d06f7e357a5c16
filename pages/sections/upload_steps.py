"""The steps of an upload: their names, which one is open, and moving between them.

Step and upload are kept in the address, so the browser's back button goes one step back, and a reload or a
link opens the same place again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from pages.language import N_
from pages.parts import address, session

FILE, READING, COLUMNS, FAULTS, PREVIEW, PUBLISH = "file", "reading", "columns", "check", "changes", "publish"

STEPS: Mapping[str, str] = {
    FILE: N_("Choose the file"),
    READING: N_("How it is read"),
    COLUMNS: N_("Columns"),
    FAULTS: N_("Check"),
    PREVIEW: N_("What changes"),
    PUBLISH: N_("Publish"),
}

STEP_KEY = "u_step"
UPLOAD_KEY = "u_id"
WIDTH = 860
"""Width in pixels of the one column: lines stay readable on a projector; a phone has less anyway."""


def opened() -> tuple[str, str]:
    """The upload and the step the address names; both empty on a first visit."""
    upload = address.seed(UPLOAD_KEY, lambda: next(iter(address.incoming(UPLOAD_KEY) or ()), ""))
    step = address.seed(STEP_KEY, lambda: address.one_of(STEP_KEY, list(STEPS), ""))
    return str(st.session_state[upload]), str(st.session_state[step])


def keep(upload_id: str, step: str) -> None:
    """Write upload and step into the address of this run."""
    for key, value in ((UPLOAD_KEY, upload_id), (STEP_KEY, step if upload_id else "")):
        st.session_state[address.PREFIX + key] = value
        address.record(key, [value], is_default=not value)


def go(step: str, upload_id: str | None = None) -> None:
    """For callbacks: the next run shows this step, of this upload where one is named."""
    address.choose(STEP_KEY, step)
    if upload_id is not None:
        address.choose(UPLOAD_KEY, upload_id)


def line(current: str, left_out: Collection[str] = ()) -> None:
    """All steps in a row: done ones ticked, the open one marked, those this file does not need left out."""
    _ = session.language().gettext
    shown = [step for step in STEPS if step not in left_out or step == current]
    place = shown.index(current)
    with st.container(horizontal=True, gap="xsmall", key="u_steps"):
        for number, step in enumerate(shown):
            word = f"{number + 1} · {_(STEPS[step])}"
            if number < place:
                st.badge(word, icon=":material/check:", color="green")
            elif number == place:
                st.badge(f"**{word}**", icon=":material/arrow_right:", color="primary")
            else:
                st.badge(word, color="gray")
    st.header(
        _("Step {number} of {total}: {name}", number=place + 1, total=len(shown), name=_(STEPS[current])),
        anchor=False,
    )


def back(step: str, label: str) -> None:
    """A quiet button to an earlier step."""
    st.button(
        label, on_click=go, args=(step,), type="tertiary", icon=":material/arrow_back:", key=f"u_back_{step}"
    )
