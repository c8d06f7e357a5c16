"""What would change: a finished draft of all figures beside those published, before anybody sees it."""

from __future__ import annotations

import streamlit as st

from pages.charts.text import unlinked_safe
from pages.language import Language
from pages.parts import session
from pages.sections import change_tables, upload_flow, upload_steps
from pipeline.uploads import drafts, jobs, preview
from pipeline.uploads.drafts import Draft
from pipeline.uploads.explain import fill
from pipeline.uploads.preview import Preview

LOOK_SECONDS = 1.0
"""How often a running preview is asked how far it is."""


def start(upload_id: str, keep_earlier: bool = False) -> None:
    """For callbacks: begin the preview in a process of its own and go to its step."""
    upload_flow.act(
        lambda: preview.start_preview(
            session.settings(), upload_flow.person(), upload_id, keep_earlier=keep_earlier
        ),
        then=upload_steps.PREVIEW,
    )


def draw(draft: Draft) -> None:
    """Progress while the draft is made; what it changes once it is there."""
    _ = session.language().gettext
    progress = preview.preview_progress(session.settings(), draft.upload_id)
    if progress.state == jobs.RUNNING:
        running(draft.upload_id)
        return
    found = ready(draft)
    if found is not None:
        show(draft, found)
        return
    old = preview.read_preview(session.settings(), draft.upload_id)
    if old is not None and draft.state == drafts.PREVIEWED:
        _stale(draft, old)
        return
    if progress.state in (jobs.FAILED, jobs.INTERRUPTED):
        _failed(progress)
    else:
        st.markdown(
            _(
                "A draft of all figures is made with your file and compared with what is published. "
                "Nobody sees it."
            )
        )
    with st.container(horizontal=True):
        st.button(
            _("Show what changes"),
            type="primary",
            on_click=start,
            args=(draft.upload_id,),
            icon=":material/difference:",
            key="u_preview",
        )
        upload_steps.back(upload_steps.FAULTS, _("Back to the check"))


def ready(draft: Draft) -> Preview | None:
    """The comparison with what readers see now; None while there is none."""
    settings = session.settings()
    if draft.state != drafts.PREVIEWED:
        return None
    if preview.preview_progress(settings, draft.upload_id).state == jobs.RUNNING:
        return None
    found = preview.read_preview(settings, draft.upload_id)
    return None if found is None or preview.is_stale(settings, found) else found


@st.fragment(run_every=LOOK_SECONDS)
def running(upload_id: str) -> None:
    """How far the draft is. The work goes on when the browser is closed."""
    lang = session.language()
    _ = lang.gettext
    progress = preview.preview_progress(session.settings(), upload_id)
    if progress.state != jobs.RUNNING:
        st.rerun()
    share = min(1.0, progress.index / progress.total) if progress.total else 0.0
    st.progress(
        share,
        text=_(
            "Making a draft of all figures: step {index} of {total}",
            index=lang.number(progress.index),
            total=lang.number(max(progress.total, 1)),
        ),
    )
    st.caption(
        _(
            "This takes about half a minute. You may close the browser: the file waits for you under "
            "“Continue where you left off”."
        )
    )


def _failed(progress: jobs.Progress) -> None:
    lang = session.language()
    _ = lang.gettext
    known = session.catalogue().faults.get(progress.code)
    if known is None:
        st.error(_("The draft could not be made. Nothing was changed. Try again."), icon=":material/error:")
        return
    text = " ".join(fill(_(part), progress.params, lang.plain_number) for part in (known.text, known.remedy))
    st.error(f"**{unlinked_safe(_(known.title))}** {unlinked_safe(text)}", icon=":material/error:")


def _stale(draft: Draft, found: Preview) -> None:
    _ = session.language().gettext
    st.warning(
        _("Somebody published other figures since this comparison was made, so it has to be made again."),
        icon=":material/sync:",
    )
    st.button(
        _("Compare again"),
        type="primary",
        on_click=start,
        args=(draft.upload_id, found.staged.keep_earlier),
        icon=":material/sync:",
        key="u_again",
    )


def show(draft: Draft, found: Preview) -> None:
    """The answer in a sentence, the city pages before and after, then lost, changed and added figures."""
    lang = session.language()
    _ = lang.gettext
    st.markdown(answer(found, lang))
    _earlier(draft, found)
    change_tables.cities(found.difference)
    change_tables.figures(found.difference, "u")
    if found.difference.verdicts_elsewhere:
        st.caption(
            lang.ngettext(
                "{count} verdict on another city changes as well.",
                "{count} verdicts on other cities change as well.",
                found.difference.verdicts_elsewhere,
            )
        )
    with st.container(horizontal=True):
        st.button(
            _("Continue to publishing"),
            type="primary",
            on_click=upload_steps.go,
            args=(upload_steps.PUBLISH,),
            icon=":material/arrow_forward:",
            key="u_to_publish",
        )
        upload_steps.back(upload_steps.FAULTS, _("Back to the check"))


def answer(found: Preview, lang: Language) -> str:
    """One sentence: how many figures come, change and go."""
    _ = lang.gettext
    counts = found.difference.counts
    added, changed, lost = (counts.get(kind, 0) for kind in ("added", "changed", "lost"))
    if not (added or changed or lost):
        return _("**No published figure changes.** The file holds what is published already.")
    parts = [
        lang.ngettext("{count} figure is added", "{count} figures are added", added),
        lang.ngettext("{count} changes", "{count} change", changed),
        lang.ngettext("{count} is lost", "{count} are lost", lost),
    ]
    words = lang.listed(parts)
    return f"**{words[:1].upper()}{words[1:]}.**"


def _earlier(draft: Draft, found: Preview) -> None:
    """Earlier uploads of the city that the file does not repeat: keep them or let them go."""
    lang = session.language()
    _ = lang.gettext
    staged = found.staged
    if staged.keep_earlier and staged.kept_rows:
        st.info(
            lang.ngettext(
                "{count} row of an earlier upload is kept, because your file does not have its year.",
                "{count} rows of earlier uploads are kept, because your file does not have their years.",
                staged.kept_rows,
            ),
            icon=":material/inventory_2:",
        )
        label, keep = _("Let go of what the file does not repeat"), False
    elif staged.lost_rows:
        st.warning(
            lang.ngettext(
                "An earlier upload had {count} row that this file does not repeat. It would be lost.",
                "An earlier upload had {count} rows that this file does not repeat. They would be lost.",
                staged.lost_rows,
            ),
            icon=":material/inventory_2:",
        )
        label, keep = _("Keep the earlier years"), True
    else:
        return
    st.button(label, on_click=start, args=(draft.upload_id, keep), icon=":material/sync:", key="u_keep")
