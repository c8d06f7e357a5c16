"""The first step: go on with earlier work, get a template, hand in a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from pages.charts.text import unlinked_safe
from pages.language import N_, Language
from pages.parts import session
from pages.sections import upload_flow, upload_steps
from pipeline.staff import Person
from pipeline.uploads import drafts, template
from pipeline.uploads.drafts import Draft
from pipeline.uploads.limits import MAX_BYTES
from pipeline.uploads.model import Choices
from pipeline.uploads.official import OFFICIAL_BYTES
from pipeline.uploads.receive import receive

MOST_FILES = 10
"""Files one visit may hand in."""
COUNT = "u_files"
ROUND = "u_round"
"""Number in the key of the uploader: a new one empties it."""
FINISHED = frozenset({drafts.PUBLISHED, drafts.WITHDRAWN, drafts.REJECTED})
DRAFTS_SEEN = 5

DROP_WORDS = """<style>
[class*="st-key-u_drop"] [data-testid="stFileUploaderDropzone"] [data-testid="stMarkdownContainer"] p {
  font-size: 0;
}
[class*="st-key-u_drop"] [data-testid="stFileUploaderDropzone"] [data-testid="stMarkdownContainer"] p::after {
  content: "WORD"; font-size: 1rem;
}
[class*="st-key-u_drop"] [data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
</style>"""
"""The box for files has English words of its own; the person's language takes their place."""

STATES: Mapping[str, str] = {
    drafts.RECEIVED: N_("received"),
    drafts.PARSED: N_("read"),
    drafts.CHECKED: N_("checked"),
    drafts.PREVIEWED: N_("changes shown, not published"),
    drafts.PUBLISHED: N_("published"),
    drafts.WITHDRAWN: N_("withdrawn"),
    drafts.REJECTED: N_("put aside"),
    drafts.BROKEN: N_("stopped by a fault of ours"),
}
TABLES: Mapping[str, str] = {
    "emissions": N_("Emissions"),
    "energy": N_("Energy use"),
    "indicators": N_("Other indicators"),
    "targets": N_("Targets"),
}


def draw(who: Person) -> None:
    """Earlier work first, then the place for the file, then the template."""
    _ = session.language().gettext
    known = drafts.drafts_of(session.settings(), who)
    _list(
        _("Waiting for your review"),
        [draft for draft in known if draft.person_id != who.person_id],
        "u_wait",
        is_own=False,
    )
    _list(
        _("Continue where you left off"),
        [draft for draft in known if draft.person_id == who.person_id and draft.state not in FINISHED],
        "u_own",
        is_own=True,
    )
    st.subheader(_("Hand in a file"), anchor=False)
    st.markdown(
        _(
            "Our template, your own table, or an official export (MyCovenant, CDP, C40, eCRF, the national "
            "files of the United Kingdom and Sweden). Excel (.xlsx), CSV or GeoJSON. Nothing is published "
            "before you have seen what changes."
        )
    )
    uploader("new")
    _template(who)


def step_of(draft: Draft) -> str:
    """Where a draft goes on."""
    known = {drafts.PREVIEWED: upload_steps.PREVIEW, drafts.CHECKED: upload_steps.FAULTS}
    return known.get(draft.state, "")


def moment(text: str) -> dt.datetime:
    """2026-11-22T04:05:06Z as a moment."""
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))


def _list(title: str, shown: Sequence[Draft], key: str, *, is_own: bool) -> None:
    lang = session.language()
    _ = lang.gettext
    if not shown:
        return
    st.subheader(title, anchor=False)
    most = len(shown) if st.session_state.get(f"{key}_all") else DRAFTS_SEEN
    for draft in shown[:most]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch", gap=None):
                st.markdown(f"**{unlinked_safe(draft.name)}**")
                parts = [_(STATES.get(draft.state, draft.state)), lang.moment(moment(draft.changed_at))]
                cities = _cities(draft.cities)
                parts += [cities] if cities else []
                parts += [] if is_own else [unlinked_safe(draft.person_name)]
                st.caption(" · ".join(parts))
            st.button(
                _("Continue") if is_own else _("Look at it"),
                key=f"{key}_{draft.upload_id}",
                on_click=upload_steps.go,
                args=(step_of(draft), draft.upload_id),
                icon=":material/arrow_forward:",
                help=_("{file}: go on", file=unlinked_safe(draft.name)),
            )
            if is_own:
                st.button(
                    _("Put aside"),
                    key=f"{key}_aside_{draft.upload_id}",
                    on_click=_put_aside,
                    args=(draft.upload_id,),
                    type="tertiary",
                    help=_("Takes the file off this list. Nothing that is published changes."),
                )
    if len(shown) > most:
        st.button(
            lang.ngettext("Show {count} older entry", "Show {count} older entries", len(shown) - most),
            on_click=_show_all,
            args=(f"{key}_all",),
            key=f"{key}_more",
        )


def _show_all(flag: str) -> None:
    st.session_state[flag] = True


def _cities(ids: Sequence[str]) -> str:
    lang = session.language()
    names = session.city_names()
    if len(ids) > 3:
        return lang.ngettext("{count} city", "{count} cities", len(ids))
    return unlinked_safe(", ".join(names.get(city_id, city_id) for city_id in ids))


def _put_aside(upload_id: str) -> None:
    upload_flow.act(lambda: drafts.reject(session.settings(), upload_flow.person(), upload_id))


def uploader(place: str, again: str = "") -> None:
    """The box a file is dropped into; `place` tells apart those of different steps. `again` is the upload the
    file takes the place of: what was said about that one holds for this one."""
    lang = session.language()
    _ = lang.gettext
    if st.session_state.get(COUNT, 0) >= MOST_FILES:
        st.warning(
            _(
                "You have handed in {count} files on this visit. Load the page again to go on.",
                count=lang.number(MOST_FILES),
            ),
            icon=":material/block:",
        )
        return
    key = f"u_file_{place}_{st.session_state.get(ROUND, 0)}"
    with st.container(key=f"u_drop_{place}"):
        st.html(DROP_WORDS.replace("WORD", _("Choose a file or drop it here")))
        st.file_uploader(
            _("File with your figures"),
            key=key,
            on_change=_received,
            args=(key, again),
            max_upload_size=OFFICIAL_BYTES // 1_000_000,
        )
    st.caption(
        _(
            "Up to {own} MB, official exports up to {official} MB.",
            own=lang.number(MAX_BYTES / 1_000_000),
            official=lang.number(OFFICIAL_BYTES / 1_000_000),
        )
    )


def _received(key: str, again: str) -> None:
    """The file is kept as it came, before anything looks into it, and a draft begins."""
    file = st.session_state.get(key)
    if file is None:
        return
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.session_state[COUNT] = st.session_state.get(COUNT, 0) + 1
    with upload_flow.telling():
        settings, who = session.settings(), upload_flow.person()
        got = receive(settings, who, file.name, file.getvalue(), max_bytes=OFFICIAL_BYTES)
        draft = drafts.open_draft(settings, who, sha256=got.sha256, name=got.name, byte_count=got.byte_count)
        step = ""
        if again:
            draft, step = _as_before(draft, again), upload_steps.FAULTS
        upload_steps.go(step, draft.upload_id)


def _as_before(draft: Draft, again: str) -> Draft:
    """What the person said about the file before goes with the mended one; that file is put aside."""
    settings, who = session.settings(), upload_flow.person()
    old = drafts.load(settings, again)
    choices = Choices(
        table=old.choices.table,
        encoding=old.choices.encoding,
        delimiter=old.choices.delimiter,
        decimal=old.choices.decimal,
        constants=old.choices.constants,
        answers=old.choices.answers,
    )
    kept = drafts.save(settings, who, replace(draft, choices=choices))
    if old.state not in FINISHED:
        drafts.reject(settings, who, again)
    return kept


def _template(who: Person) -> None:
    lang = session.language()
    _ = lang.gettext
    names = session.city_names()
    mine = sorted(
        names if who.cities is None else who.cities & names.keys(), key=lambda i: lang.sort_key(names[i])
    )
    with st.expander(_("Get a template for your city"), icon=":material/table_view:"):
        st.markdown(
            _(
                "It holds the figures we have for the city already, with column names in your language. "
                "Change them, add rows below, and hand the file in above."
            )
        )
        table = st.selectbox(
            _("What do you report?"), list(TABLES), format_func=lambda name: _(TABLES[name]), key="u_t_table"
        )
        cities = st.multiselect(
            _("City"),
            mine,
            default=mine if len(mine) == 1 else None,
            format_func=lambda city_id: names[city_id],
            key="u_t_city",
            max_selections=20,
            placeholder=_("Choose the city"),
            filter_mode="contains",
        )
        if not cities:
            st.caption(_("Choose a city and the template can be downloaded here."))
            return
        context = upload_flow.context_of(who)
        with st.container(horizontal=True):
            for word, make, ending, mime in _formats(lang):
                st.download_button(
                    word,
                    partial(make, context, lang.gettext, table, tuple(cities)),
                    file_name=f"{table}-{cities[0] if len(cities) == 1 else 'cities'}.{ending}",
                    mime=mime,
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"u_t_{ending}",
                )


def _formats(lang: Language):  # type: ignore[no-untyped-def]
    _ = lang.gettext
    return (
        (
            _("Template (Excel)"),
            template.template_xlsx,
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (_("Template (CSV)"), template.template_csv, "csv", "text/csv"),
    )
