"""The list of what happened: uploads and versions by time, with who, what, why and whether it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from pages.charts.text import unlinked_safe
from pages.language import Language
from pages.parts import address, session, tables
from pages.parts.tables import Column, Table
from pages.sections import history_acts, upload_file
from pages.sections.history_lines import ACTS, History, Line, chosen, names, who
from pipeline.staff import Person
from pipeline.uploads import drafts, ledger
from pipeline.uploads.drafts import Draft

FIRST_SEEN = 12
"""Entries shown before "show older" is asked for."""


def draw(person: Person, history: History) -> None:
    """Entries as cards, newest first, with the acts this person may do on each."""
    lang = session.language()
    _ = lang.gettext
    kinds = {
        "figures": _("What readers saw"),
        "files": _("Files too"),
        "everything": _("Everything recorded"),
    }
    kind = address.pick(
        "h_k", _("Show"), list(kinds), kinds, kind="segments", label_visibility="collapsed", width="content"
    )
    lines = chosen(history.lines, kind)
    known = names(session.settings())
    uploads = {draft.upload_id: draft for draft in drafts.all_drafts(session.settings())}
    if not lines:
        st.info(_("Nothing was recorded yet."), icon=":material/history:")
        return
    shown = lines if st.session_state.get("h_all") else lines[:FIRST_SEEN]
    for line in shown:
        _card(person, history, line, uploads.get(line.upload_id), known)
    if len(lines) > len(shown):
        st.button(
            lang.ngettext("Show {count} older entry", "Show {count} older entries", len(lines) - len(shown)),
            on_click=_show_all,
            key="h_more",
        )
    download(lines, uploads, known)


def _show_all() -> None:
    st.session_state["h_all"] = True


def _card(
    person: Person, history: History, line: Line, draft: Draft | None, known: Mapping[str, str]
) -> None:
    lang = session.language()
    _ = lang.gettext
    with st.container(border=True, gap="xsmall", key=f"h_card_{line.number}_{line.build_id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            title = _(ACTS.get(line.act, line.act))
            about = "" if draft is None else f": {unlinked_safe(draft.name)}"
            st.markdown(f"{line.icon} **{title}{about}**", width="stretch")
            word, colour, icon = state(history, line, lang)
            if word:
                st.badge(word, icon=icon, color=colour)  # type: ignore[arg-type]
        parts = [lang.moment(upload_file.moment(line.at)), unlinked_safe(who(line.person, known, lang))]
        parts += [_("Version {build}", build=line.build_id[-12:])] if line.build_id else []
        st.caption(" · ".join(parts))
        for text in details(line, draft, lang):
            st.markdown(text)
        history_acts.draw(person, history, line, draft)


def state(history: History, line: Line, lang: Language) -> tuple[str, str, str]:
    """Whether what a line is about counts now: word, colour and sign; no word where that means nothing."""
    _ = lang.gettext
    if (
        history.current is not None
        and line.build_id == history.current.build_id
        and line.act in ledger.MOVES | {"built"}
    ):
        return _("shown now"), "green", ":material/visibility:"
    if line.act == "published":
        if line.upload_id in history.active:
            return _("counts"), "blue", ":material/check:"
        return _("taken back"), "gray", ":material/remove_circle:"
    return "", "gray", ""


def details(line: Line, draft: Draft | None, lang: Language) -> list[str]:
    """What an entry says besides its title, as markdown."""
    _ = lang.gettext
    found = []
    if draft is not None and draft.cities:
        cities = session.city_names()
        listed = ", ".join(cities.get(city_id, city_id) for city_id in draft.cities[:6])
        more = len(draft.cities) - 6
        found.append(
            unlinked_safe(listed)
            + (" " + lang.ngettext("and {count} more", "and {count} more", more) if more > 0 else "")
        )
    if line.reason:
        found.append(_("Reason: {reason}", reason=unlinked_safe(line.reason)))
    if line.confirmed:
        faults = session.catalogue().faults
        words = [_(faults[code].title) if code in faults else code for code in line.confirmed]
        found.append(_("Confirmed by name: {warnings}.", warnings=unlinked_safe(lang.listed(words))))
    return found


def download(lines: Sequence[Line], uploads: Mapping[str, Draft], known: Mapping[str, str]) -> None:
    """The entries shown as a CSV."""
    lang = session.language()
    _ = lang.gettext
    rows = pd.DataFrame(
        [
            {
                "at": line.at,
                "act": _(ACTS.get(line.act, line.act)),
                "who": who(line.person, known, lang),
                "file": uploads[line.upload_id].name if line.upload_id in uploads else "",
                "cities": "; ".join(uploads[line.upload_id].cities) if line.upload_id in uploads else "",
                "reason": line.reason,
                "build": line.build_id,
                "upload": line.upload_id,
            }
            for line in lines
        ]
    )
    columns = [
        Column("at", _("When (UTC)")),
        Column("act", _("What")),
        Column("who", _("Who")),
        Column("file", _("File")),
        Column("cities", _("Cities")),
        Column("reason", _("Why")),
        Column("build", _("Version")),
        Column("upload", _("Upload")),
    ]
    with st.expander(_("As a table"), icon=":material/table_rows:"):
        tables.draw(Table(rows, columns), key="h_table", city_link=False)
        st.download_button(
            _("Download the list (CSV)"),
            lambda: plain_csv(rows, columns),
            file_name="mission-cities-history.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="h_csv",
        )


def plain_csv(rows: pd.DataFrame, columns: Sequence[Column]) -> bytes:
    """A CSV whose text cells no spreadsheet takes for formulas."""
    safe = pd.DataFrame(
        {column.header: [tables.neutral(value) for value in rows[column.name]] for column in columns}
    )
    return bytes(safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig"))
