"""The states a page can be in other than "here is the answer", each in words and with a way out."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.charts.text import markdown_safe, unlinked_safe
from pages.language import Language
from pages.parts import address, session
from pipeline import publish
from pipeline.build import Step, build
from pipeline.errors import PipelineError
from pipeline.query.filters import DEFAULT_GROUPS, DEFAULT_YARDSTICK, Unknown
from pipeline.settings import Settings

LOG = logging.getLogger("mission_cities")


def nothing(message: str, *, reset: bool = True) -> None:
    """No row is left: say why, and offer to show everything again."""
    _ = session.language().gettext
    with st.container(border=True):
        st.markdown(f":material/filter_alt_off: **{message}**")
        if reset:
            st.button(_("Show all cities again"), on_click=reset_filters, key="nothing_reset")


def reset_filters() -> None:
    """All filters back to what a first visit shows."""
    standard: dict[str, object] = {
        "city": [],
        "group": list(DEFAULT_GROUPS),
        "country": [],
        "size": [],
        "yard": DEFAULT_YARDSTICK,
        "from": "any",
        "to": "any",
    }
    for key, value in standard.items():
        address.choose(key, value)


def stale(warning: str) -> None:
    """An earlier build stands in for a damaged one."""
    _ = session.language().gettext
    st.warning(
        _("The newest data could not be read, so the last good version is shown.")
        + " "
        + markdown_safe(warning),
        icon=":material/history:",
    )


def wrong_link(problems: Sequence[Unknown], names: Mapping[str, str]) -> None:
    """Something in the address means nothing here: say what, and what may have been meant."""
    lang = session.language()
    _ = lang.gettext
    words = {
        "city": _("city"),
        "country": _("country"),
        "group": _("group"),
        "size": _("size"),
        "from": _("year"),
        "to": _("year"),
        "yard": _("yardstick"),
    }
    with st.container(border=True):
        for number, problem in enumerate(problems[:5]):
            text = _(
                "The address names an unknown {kind}: “{value}”. It was left out.",
                kind=words.get(problem.key, problem.key),
                value=unlinked_safe(problem.value),
            )
            st.markdown(f":material/link_off: {text}")
            if problem.suggestions and problem.key == "city":
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.caption(_("Did you mean"), width="content")
                    for city_id in problem.suggestions:
                        st.button(
                            markdown_safe(names.get(city_id, city_id)),
                            key=f"meant_{number}_{city_id}",
                            on_click=_take,
                            args=(city_id,),
                            type="tertiary",
                        )


def _take(city_id: str) -> None:
    chosen = list(st.session_state.get(address.PREFIX + "city", []))
    address.choose("city", [*chosen, city_id])


def failed(error: Exception) -> bool:
    """For ``on_script_error``: words instead of a stack trace. The trace goes to the log under the same
    number."""
    number = secrets.token_hex(3)
    LOG.error("Page failed, number %s", number, exc_info=error)
    _ = session.language().gettext
    with st.container(border=True):
        st.markdown(f":material/error: **{_('This page could not be drawn.')}**")
        st.markdown(
            _(
                "Nothing is lost: the published figures are not touched by this. Load the page again; if it "
                "stays "
                "like this, show everything again or tell the people who run the dashboard the number "
                "{number}.",
                number=f"`{number}`",
            )
        )
        st.link_button(_("Start again"), "/", type="primary")
    return True


@dataclass(slots=True)
class _FirstBuild:
    """The one build under way in this process."""

    step: Step | None = None
    problem: str = ""
    thread: threading.Thread | None = None


@st.cache_resource
def _first_build() -> _FirstBuild:
    return _FirstBuild()


def first_build() -> None:
    """Nothing is published yet: build once for all visitors, with visible progress; then show the page."""
    under_way = _first_build()
    if under_way.thread is None:
        under_way.thread = threading.Thread(
            target=_run_build, args=(under_way, session.settings()), daemon=True
        )
        under_way.thread.start()
    _progress()


def _run_build(under_way: _FirstBuild, settings: Settings) -> None:
    def note(step: Step) -> None:
        under_way.step = step

    try:
        # Where a build is published and yet there is nothing to show, its file is damaged: its inputs are the
        # same, so only a forced build makes it anew.
        build(settings, note, force=publish.current_build(settings) is not None)
    except PipelineError as error:
        under_way.problem = str(error)
    except Exception:  # the visitor must not wait for a thread that died
        LOG.exception("The first build failed")
        under_way.problem = "unexpected"


@st.fragment(run_every=1.0)
def _progress() -> None:
    lang = session.language()
    _ = lang.gettext
    under_way = _first_build()
    thread = under_way.thread
    if thread is not None and not thread.is_alive():
        if not under_way.problem and session.serving() is not None:
            st.rerun()
        _cannot_build(lang, under_way.problem or _("The new data file cannot be opened."))
        return
    st.subheader(_("The figures are being prepared"))
    st.markdown(_("This happens once, takes about a minute, and the page opens by itself."))
    step = under_way.step
    share = 0.0 if step is None or step.total == 0 else min(1.0, step.index / step.total)
    words = (
        _("Starting")
        if step is None
        else _("Step {index} of {total}", index=lang.number(step.index), total=lang.number(step.total))
    )
    st.progress(share, text=words)


def _cannot_build(lang: Language, problem: str) -> None:
    _ = lang.gettext
    st.subheader(_("There are no figures to show"))
    st.markdown(
        _(
            "The database is missing or damaged and could not be built. The people who run the dashboard "
            "can build "
            "it with `python -m pipeline build`; the reason is below."
        )
    )
    st.code(problem, language=None)
    st.button(_("Try again"), on_click=_forget_build, type="primary")


def _forget_build() -> None:
    _first_build.clear()


def no_build() -> None:
    """Nothing can be shown: build. Where builds exist but all are damaged, say that first."""
    _ = session.language().gettext
    if publish.current_build(session.settings()) is not None:
        st.warning(
            _("The published data file is damaged and no earlier one is good. It is being made anew."),
            icon=":material/build:",
        )
    first_build()
