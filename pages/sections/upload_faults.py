"""All that is wrong with a file, at once: by kind in words, cell by cell in one table, and as files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from pages.charts.text import unlinked_safe
from pages.language import Language
from pages.parts import session, tables
from pipeline.uploads.explain import SEVERITIES, explain
from pipeline.uploads.model import Fault

SIGNS = {"error": ":material/error:", "question": ":material/help:", "warning": ":material/warning:"}
ROW_PX = 104
"""Five lines of text in a cell."""
MOST_ROWS_SEEN = 9
"""Rows of the table on the screen before it scrolls."""


def severity_words(lang: Language) -> dict[str, str]:
    """How serious a fault is, in words."""
    _ = lang.gettext
    return {"error": _("must be mended"), "question": _("question to you"), "warning": _("please look at it")}


def by_severity(counts: Mapping[str, int]) -> Counter[str]:
    """How many faults of each severity there are."""
    faults = session.catalogue().faults
    found: Counter[str] = Counter()
    for code, count in counts.items():
        if code in faults:
            found[faults[code].severity] += count
    return found


def kinds(counts: Mapping[str, int], severities: Sequence[str] = SEVERITIES) -> None:
    """The kinds of faults, worst and most frequent first, each with what to do about it."""
    lang = session.language()
    _ = lang.gettext
    faults = session.catalogue().faults
    known = [code for code in counts if code in faults and faults[code].severity in severities]
    order = sorted(known, key=lambda code: (SEVERITIES.index(faults[code].severity), -counts[code], code))
    for code in order:
        words = faults[code]
        st.markdown(
            f"{SIGNS[words.severity]} **{unlinked_safe(_(words.title))}** · "
            + lang.ngettext("{count} time", "{count} times", counts[code])
        )


def frame_of(faults: Sequence[Fault], lang: Language) -> pd.DataFrame:
    """One row a fault: where, what, why, what to do. All text, so that nothing of it is read as markup."""
    _ = lang.gettext
    registry = session.catalogue()
    words = severity_words(lang)
    has_sheets = len({fault.sheet for fault in faults}) > 1
    order = sorted(
        enumerate(faults),
        key=lambda pair: (SEVERITIES.index(registry.faults[pair[1].code].severity), pair[0]),
    )
    rows = []
    for _number, fault in order:
        told = explain(fault, registry, _, lang.plain_number)
        row = {
            _("Row"): "" if fault.row is None else str(fault.row),
            _("Column"): tables.neutral(fault.column),
            _("In the file"): tables.neutral(told.value),
            _("What is wrong"): tables.neutral(told.text or told.title),
            _("What to do"): told.remedy,
            _("Kind"): words[told.severity],
        }
        rows.append({_("Sheet"): fault.sheet, **row} if has_sheets else row)
    return pd.DataFrame(rows)


def table(faults: Sequence[Fault], total: int, *, key: str) -> None:
    """All faults in one table; where there are more than are shown, that is said."""
    lang = session.language()
    _ = lang.gettext
    if not faults:
        return
    rows = frame_of(faults, lang)
    widths = {_("Row"): 50, _("In the file"): 130, _("What is wrong"): 270, _("What to do"): 280}
    settings = {name: st.column_config.TextColumn(width=widths.get(name, 110)) for name in rows.columns}
    st.dataframe(
        rows,
        hide_index=True,
        column_config=settings,
        row_height=ROW_PX,
        height=44 + ROW_PX * min(MOST_ROWS_SEEN, len(rows)),
        key=key,
        alt=_("Table of all faults: row, column, value, what is wrong, what to do"),
    )
    if total > len(faults):
        st.caption(
            _(
                "The first {shown} of {total} are shown; the files below have all of them.",
                shown=lang.number(len(faults)),
                total=lang.number(total),
            )
        )


def files(name: str, marked: Callable[[], bytes] | None, listed: Callable[[], bytes], *, key: str) -> None:
    """The faults to take away: the person's own rows with the faulty cells marked, and a plain list."""
    _ = session.language().gettext
    with st.container(horizontal=True):
        if marked is not None:
            st.download_button(
                _("My file with the faults marked (Excel)"),
                marked,
                file_name=f"{name}-marked.xlsx",
                mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                icon=":material/format_paint:",
                on_click="ignore",
                key=f"{key}_marked",
            )
        st.download_button(
            _("List of all faults (CSV)"),
            listed,
            file_name=f"{name}-faults.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"{key}_csv",
        )
