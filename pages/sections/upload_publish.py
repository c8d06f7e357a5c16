"""Confirming by name, publishing, and the way back."""

from __future__ import annotations

import streamlit as st

from pages.charts.text import unlinked_safe
from pages.language import Language
from pages.parts import session
from pages.sections import upload_faults, upload_flow, upload_preview, upload_steps
from pipeline.errors import PipelineError
from pipeline.staff import Person
from pipeline.uploads import drafts, release
from pipeline.uploads.difference import LOST
from pipeline.uploads.drafts import Draft
from pipeline.uploads.explain import fill
from pipeline.uploads.model import Checked
from pipeline.uploads.preview import Preview

LEFT = "u_left"
"""What the last click on Publish found missing."""
MOST_CITIES = 3


def is_done(draft: Draft) -> bool:
    """Whether the upload counts, or did."""
    return draft.state in (drafts.PUBLISHED, drafts.WITHDRAWN)


def confirm(who: Person, draft: Draft, found: Preview) -> None:
    """Each warning is ticked by its name; where something is lost, a reason is typed; then it goes out."""
    _ = session.language().gettext
    st.markdown(upload_preview.answer(found, session.language()))
    if found.needs_review and not who.may("review"):
        _hand_over(draft)
        return
    checked = upload_flow.checked_of(draft.upload_id)
    for code in found.questions:
        _question(code, draft, found, checked)
    needs_reason = asks_reason(found)
    st.text_area(
        _("Why do figures go?") if needs_reason else _("A word on this upload (may stay empty)"),
        key=f"u_reason_{draft.upload_id}",
        max_chars=500,
        height=80,
        help=_("It is kept in the history, for staff."),
        persist_state="session",
    )
    for text in st.session_state.pop(LEFT, []):
        st.error(text, icon=":material/checklist:")
    with st.container(horizontal=True):
        st.button(
            _("Publish now"),
            type="primary",
            on_click=_publish,
            args=(draft.upload_id, found.questions, needs_reason),
            icon=":material/publish:",
            key="u_publish",
        )
        upload_steps.back(upload_steps.PREVIEW, _("Back to what changes"))
    st.caption(_("Readers see the new figures at once. You can take them back at any time."))


def asks_reason(found: Preview) -> bool:
    """Whether a reason has to be typed: something is lost, or a reviewer decides."""
    lost = found.difference.counts.get(LOST, 0) or found.staged.lost_rows
    return bool(lost) or found.needs_review


def _question(code: str, draft: Draft, found: Preview, checked: Checked | None) -> None:
    lang = session.language()
    _ = lang.gettext
    words = session.catalogue().faults.get(code)
    title = _(words.title) if words is not None else code
    count = checked.counts.get(code, 0) if checked is not None else 0
    times = f" ({lang.ngettext('{count} time', '{count} times', count)})" if count else ""
    with st.container(border=True):
        st.checkbox(
            _("I have looked at this: **{warning}**", warning=unlinked_safe(title)) + times,
            key=_tick(draft.upload_id, code),
            persist_state="session",
        )
        where = [fault for fault in checked.faults if fault.code == code] if checked is not None else []
        if where:
            with st.expander(_("Where")):
                upload_faults.table(where, count, key=f"u_where_{code}")
        elif words is not None:
            st.caption(unlinked_safe(asked(code, found, lang)))


def asked(code: str, found: Preview, lang: Language) -> str:
    """A question about the upload as a whole: how many cities it is about, or what share gets lost."""
    is_number = code == "many_cities"
    value = str(len(found.staged.cities)) if is_number else lang.percent(found.lost_share_pct, 1)
    return fill(lang.gettext(session.catalogue().faults[code].text), {"value": value}, lang.plain_number)


def _tick(upload_id: str, code: str) -> str:
    return f"u_tick_{upload_id}_{code}"


def _publish(upload_id: str, questions: tuple[str, ...], needs_reason: bool) -> None:
    _ = session.language().gettext
    faults = session.catalogue().faults
    ticked = [code for code in questions if st.session_state.get(_tick(upload_id, code))]
    reason = str(st.session_state.get(f"u_reason_{upload_id}", ""))
    left = [
        _("Please look at “{warning}” and tick it.", warning=unlinked_safe(_(faults[code].title)))
        for code in questions
        if code not in ticked and code in faults
    ]
    if needs_reason and not reason.strip():
        left.append(_("Please say why in the box: figures get lost."))
    st.session_state[LEFT] = left
    if not left:
        upload_flow.act(
            lambda: release.publish(session.settings(), upload_flow.person(), upload_id, ticked, reason),
            then=upload_steps.PUBLISH,
        )


def _hand_over(draft: Draft) -> None:
    _ = session.language().gettext
    st.info(
        _(
            "This upload loses many figures or is about many cities, so a second person looks at it: a "
            "reviewer publishes it. Nothing else is asked of you."
        ),
        icon=":material/group:",
    )
    if draft.is_handed_over:
        st.success(_("It waits for a reviewer."), icon=":material/hourglass_top:")
    else:
        st.button(
            _("Ask a reviewer to publish it"),
            type="primary",
            on_click=_ask,
            args=(draft.upload_id,),
            icon=":material/send:",
            key="u_hand_over",
        )


def _ask(upload_id: str) -> None:
    upload_flow.act(lambda: drafts.hand_over(session.settings(), upload_flow.person(), upload_id))


def done(draft: Draft) -> None:
    """It is published (or was): where readers see it, and how to take it back."""
    lang = session.language()
    _ = lang.gettext
    names = session.city_names()
    if draft.state == drafts.WITHDRAWN:
        st.info(
            _("This upload is withdrawn: readers see the figures without it. Nothing of it is lost."),
            icon=":material/undo:",
        )
    else:
        st.success(
            _(
                "Published. Readers see the new figures now, version {build}.",
                build=session.build().build_id[-12:],
            ),
            icon=":material/check_circle:",
        )
    for city_id in draft.cities[:MOST_CITIES]:
        st.page_link(
            session.page("city"),
            label=_("See the page of {city}", city=unlinked_safe(names.get(city_id, city_id))),
            icon=":material/location_city:",
            query_params=session.link(city=city_id),
        )
    st.page_link(
        session.page("history"),
        label=_("History of uploads and versions"),
        icon=":material/history:",
        query_params=session.link(),
    )
    with st.container(horizontal=True):
        if draft.state == drafts.PUBLISHED:
            _undo(draft)
        st.button(
            _("Hand in another file"),
            on_click=upload_steps.go,
            args=(upload_steps.FILE, ""),
            icon=":material/upload_file:",
            key="u_next",
        )


def _undo(draft: Draft) -> None:
    _ = session.language().gettext
    if not is_last(draft.upload_id):
        st.caption(
            _("Others published since. The page History withdraws this upload without touching theirs.")
        )
        return
    with st.popover(_("Undo this publication"), icon=":material/undo:"):
        st.markdown(_("Readers see the figures from before again, at once. Your file stays here."))
        key = f"u_undo_reason_{draft.upload_id}"
        st.text_input(_("Why (may stay empty)"), key=key, max_chars=300)
        st.button(
            _("Undo now"),
            type="primary",
            on_click=_undo_now,
            args=(draft.upload_id, key),
            icon=":material/undo:",
            key="u_undo",
        )


def is_last(upload_id: str) -> bool:
    """Whether going back one version takes back this upload and nothing else."""
    try:
        step = release.undo_target(session.settings())
    except PipelineError:
        return False
    return step.taken_back == (upload_id,) and not step.brought_back


def _undo_now(upload_id: str, reason_key: str) -> None:
    reason = str(st.session_state.get(reason_key, ""))

    def back() -> None:
        if is_last(upload_id):
            release.undo(session.settings(), upload_flow.person(), reason)

    upload_flow.act(back)
