"""The outcome of the check: how the rows add up, all faults at once, and what to do next."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from pages.charts.text import unlinked_safe
from pages.language import Language
from pages.parts import session
from pages.sections import upload_faults, upload_file, upload_flow, upload_preview, upload_steps
from pages.sections.upload_flow import Journey
from pipeline.uploads import markup
from pipeline.uploads.check import NO_TOTAL
from pipeline.uploads.check_lines import SEVERAL_LINES
from pipeline.uploads.drafts import Draft
from pipeline.uploads.explain import explain
from pipeline.uploads.model import MUNICIPAL, Checked, Tally

SEVERAL_CODES = frozenset({"several_lines", "lines_added", "duplicate_same", "duplicate_other"})
"""Findings beside which the answer about several rows of one figure is shown, so that it can be changed."""
NAME_CITY = "official_ecrf_city"
"""The fault of a workbook whose city nobody knows: the person may name it."""


def draw(journey: Journey, checked: Checked) -> None:
    """What was found, worst first; a way on when nothing stands in it."""
    lang = session.language()
    _ = lang.gettext
    found = upload_faults.by_severity(checked.counts)
    if journey.is_official:
        _recognised(checked)
    st.markdown(verdict(found["error"] + found["question"], found["warning"], lang))
    _same(journey.draft)
    tally(checked, lang)
    if NAME_CITY in checked.counts:
        _name_city(journey)
    if NO_TOTAL in checked.counts and not journey.is_official:
        _add_up(journey)
    if SEVERAL_CODES & checked.counts.keys() and not journey.is_official:
        _several_lines(journey, checked)
    if checked.faults:
        upload_faults.kinds(checked.counts)
        upload_faults.table(checked.faults, sum(checked.counts.values()), key="u_faults")
        _files(journey, checked)
    if found["error"] or found["question"]:
        _mend(journey)
    else:
        _on(journey)


def verdict(stopping: int, warnings: int, lang: Language) -> str:
    """The answer first, in one sentence."""
    _ = lang.gettext
    if stopping:
        return (
            ":material/error: **"
            + lang.ngettext(
                "{count} thing has to be mended before the figures can be published. It is listed here.",
                "{count} things have to be mended before the figures can be published. All are listed here.",
                stopping,
            )
            + "**"
        )
    if warnings:
        return (
            ":material/warning: **"
            + lang.ngettext(
                "The file can be published. {count} thing looks unusual: you confirm it before publishing.",
                "The file can be published. {count} things look unusual: you confirm them before publishing.",
                warnings,
            )
            + "**"
        )
    return f":material/check_circle: **{_('Everything in the file is in order.')}**"


def tally(checked: Checked, lang: Language) -> None:
    """Rows read = used + without a figure + refused, each refusal by its reason."""
    _ = lang.gettext
    counts: Tally = checked.tally
    if not counts.read:
        return
    refused = sum(counts.refused.values())
    st.markdown(
        _(
            "{read} rows read = {accepted} used + {missing} without a figure + {refused} refused.",
            read=lang.number(counts.read),
            accepted=lang.number(counts.accepted),
            missing=lang.number(counts.missing),
            refused=lang.number(refused),
        )
    )
    if not refused or checked.source_id == MUNICIPAL:
        return
    faults = session.catalogue().faults
    rows = pd.DataFrame(
        [
            {
                _("Why a row is not used"): _(faults[code].title) if code in faults else code,
                _("Rows"): lang.number(count),
                _("What it means"): _(faults[code].remedy) if code in faults else "",
            }
            for code, count in sorted(counts.refused.items(), key=lambda pair: -pair[1])
        ]
    )
    st.dataframe(
        rows,
        hide_index=True,
        key="u_tally",
        row_height=upload_faults.ROW_PX,
        column_config={_("What it means"): st.column_config.TextColumn(width=430)},
        alt=_("Rows of the file that are not used, by reason"),
    )


def _recognised(checked: Checked) -> None:
    _ = session.language().gettext
    source = session.catalogue().sources.get(checked.source_id)
    publisher = source.publisher if source is not None and checked.source_id != MUNICIPAL else ""
    words = _("Recognised: {title}.", title=f"**{unlinked_safe(_(checked.title))}**")
    if publisher:
        words += " " + _(
            "Publisher: {publisher}. Its figures of the cities we follow take the place of those we hold of "
            "this publisher; what was corrected by hand stays.",
            publisher=unlinked_safe(publisher),
        )
    st.info(words, icon=":material/verified:")


def _same(draft: Draft) -> None:
    _ = session.language().gettext
    if draft.same_as:
        st.info(
            _("This very file is published already. Publishing it again changes nothing."),
            icon=":material/content_copy:",
        )


def _name_city(journey: Journey) -> None:
    _ = session.language().gettext
    names = session.city_names()
    mine = names if journey.person.cities is None else journey.person.cities & names.keys()
    key = f"u_city_{journey.upload_id}"
    st.selectbox(
        _("Which city is the workbook about?"),
        sorted(mine, key=lambda city_id: session.language().sort_key(names[city_id])),
        index=None,
        format_func=lambda city_id: names[city_id],
        key=key,
        on_change=_take_city,
        args=(journey.upload_id, key),
        placeholder=_("Choose the city"),
        filter_mode="contains",
    )


def _add_up(journey: Journey) -> None:
    """Sectors without a total: the program may add them up; the total is marked as computed."""
    _ = session.language().gettext
    st.button(
        _("Add the sectors up to a total"),
        on_click=_answer,
        args=(journey.upload_id, NO_TOTAL, "add"),
        icon=":material/functions:",
        key="u_add_up",
    )


def _several_lines(journey: Journey, checked: Checked) -> None:
    """Parts to be added up, or a mistake: asked once for the whole file where the program cannot know."""
    _ = session.language().gettext
    asked = next((fault for fault in checked.faults if fault.code in ("several_lines", "lines_added")), None)
    answer = journey.choices.answers.get(SEVERAL_LINES)
    if asked is None and answer is None:
        return
    if asked is not None:
        told = explain(asked, session.catalogue(), _, session.language().plain_number)
        st.markdown(f":material/help: {unlinked_safe(told.text)}")
    words = {
        "add": _("Parts of one figure: add them up"),
        "leave": _("A mistake: I will correct the file"),
    }
    key = f"u_lines_{journey.upload_id}"
    st.session_state[key] = answer if answer in words else None
    st.radio(
        _("What are several rows for the same figure?"),
        list(words),
        index=None,
        format_func=lambda one: words[one],
        captions=[_("each sum is marked and names its rows"), _("nothing is added up")],
        key=key,
        on_change=_take_lines,
        args=(journey.upload_id, key),
    )


def _take_lines(upload_id: str, key: str) -> None:
    chosen = st.session_state[key]
    if chosen:
        _answer(upload_id, SEVERAL_LINES, str(chosen))


def _answer(upload_id: str, code: str, answer: str) -> None:
    upload_flow.change(upload_id, answers={code: answer})


def _take_city(upload_id: str, key: str) -> None:
    chosen = st.session_state[key]
    if chosen:
        upload_flow.change(upload_id, constants={"city": str(chosen)})


def _files(journey: Journey, checked: Checked) -> None:
    lang = session.language()
    name = journey.draft.name.rsplit(".", 1)[0] or "file"
    words = partial(_words_of, lang)
    marked = None
    if journey.content.grids:
        marked = partial(markup.marked_xlsx, journey.content, checked, words, lang.plain_number)
    upload_faults.files(
        "".join(sign if sign.isalnum() else "-" for sign in name)[:60],
        marked,
        partial(markup.faults_csv, checked, words, lang.plain_number),
        key="u_files",
    )


def _words_of(lang: Language, text: str) -> str:
    return lang.gettext(text)


def _mend(journey: Journey) -> None:
    _ = session.language().gettext
    st.subheader(_("Mend the file and hand it in again"), anchor=False)
    st.markdown(_("How the file is read and what its columns mean is remembered: you only choose the file."))
    upload_file.uploader("again", journey.upload_id)
    with st.container(horizontal=True):
        if not journey.is_official:
            upload_steps.back(upload_steps.COLUMNS, _("Back to the columns"))
        upload_steps.back(upload_steps.FILE, _("Another file"))


def _on(journey: Journey) -> None:
    _ = session.language().gettext
    with st.container(horizontal=True):
        st.button(
            _("Show what changes"),
            type="primary",
            on_click=upload_preview.start,
            args=(journey.upload_id,),
            icon=":material/difference:",
            key="u_preview",
        )
        if not journey.is_official:
            upload_steps.back(upload_steps.COLUMNS, _("Back to the columns"))


def unreadable(journey: Journey) -> None:
    """The file could not be read at all: why, and another try."""
    _ = session.language().gettext
    st.markdown(f":material/error: **{_('This file cannot be read.')}**")
    faults = journey.content.faults
    upload_faults.table(faults, len(faults), key="u_unreadable")
    st.subheader(_("Hand in another file"), anchor=False)
    upload_file.uploader("again")
