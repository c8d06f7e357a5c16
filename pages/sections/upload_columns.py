"""What the columns mean: doubtful ones with example values from the file, sure ones folded away, and what the
file does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from pages.charts.text import shortened, unlinked_safe
from pages.parts import session
from pages.sections import upload_faults, upload_flow, upload_said, upload_steps
from pages.sections.upload_file import TABLES
from pages.sections.upload_flow import Journey
from pipeline.uploads import drafts, layouts, mapping
from pipeline.uploads.columns import IGNORE, Column
from pipeline.uploads.explain import explain, written
from pipeline.uploads.mapping import Proposal
from pipeline.uploads.model import Fault

SURE = 0.85
"""From this confidence on a column is not asked about."""
LEFT = "u_open_questions"
EXAMPLE_SIGNS = 90


def draw(journey: Journey) -> None:
    """Table, decimal sign where it is not clear, columns, what the file does not say; then the check."""
    _ = session.language().gettext
    proposal = journey.proposal
    assert proposal is not None
    if proposal.is_remembered:
        st.info(
            _("A file with these columns was read before; what was chosen then is filled in."),
            icon=":material/history:",
        )
    if proposal.header_row is not None and proposal.header_row > 1:
        st.caption(
            _("The names of the columns were found in row {row}.", row=str(proposal.header_row))
            + (f" {_('Sheet')}: {unlinked_safe(shortened(proposal.sheet))}." if proposal.sheet else "")
        )
    _table(journey, proposal)
    _decimal(journey, proposal)
    _columns(journey, proposal)
    upload_said.draw(journey, proposal)
    _problems(proposal)
    with st.container(horizontal=True):
        st.button(
            _("Check the file"),
            type="primary",
            on_click=_check,
            args=(journey,),
            icon=":material/fact_check:",
            key="u_check",
        )
        upload_steps.back(upload_steps.READING, _("Back to how it is read"))


def _table(journey: Journey, proposal: Proposal) -> None:
    _ = session.language().gettext
    if len(proposal.tables) < 2:
        return
    key = f"u_table_{journey.upload_id}"
    st.session_state[key] = proposal.table
    st.segmented_control(
        _("What does the file report?"),
        list(proposal.tables),
        format_func=lambda table: _(TABLES.get(table, table)),
        key=key,
        required=True,
        on_change=journey.take,
        args=("table", key),
    )


def _decimal(journey: Journey, proposal: Proposal) -> None:
    """The one question about numbers nobody can answer for the person."""
    lang = session.language()
    _ = lang.gettext
    asked = next((fault for fault in proposal.questions if fault.code == "decimal_question"), None)
    if asked is None:
        return
    key = f"u_decimal_{journey.upload_id}"
    st.radio(
        _(
            "In column {column} a number is written {number}. What does it mean?",
            column=f"**{unlinked_safe(shortened(asked.column))}**",
            number=f"**{unlinked_safe(asked.value)}**",
        ),
        [".", ","],
        index=None,
        format_func=lambda sign: _number(asked, "as_point" if sign == "." else "as_comma"),
        captions=[_("the point is the decimal sign"), _("the comma is the decimal sign")],
        key=key,
        on_change=journey.take,
        args=("decimal", key),
    )


def _number(fault: Fault, name: str) -> str:
    """A possible reading in the person's own way of writing numbers."""
    return unlinked_safe(written(fault.params.get(name, ""), session.language().plain_number))


def _columns(journey: Journey, proposal: Proposal) -> None:
    lang = session.language()
    _ = lang.gettext
    doubtful = [column for column in proposal.columns if not _is_sure(column)]
    sure = [column for column in proposal.columns if _is_sure(column)]
    if doubtful:
        st.subheader(
            lang.ngettext("Please look at {count} column", "Please look at {count} columns", len(doubtful)),
            anchor=False,
        )
        for column in doubtful:
            _one(journey, proposal, column)
    if sure:
        title = lang.ngettext("{count} column is understood", "{count} columns are understood", len(sure))
        with st.expander(title, icon=":material/check_circle:", expanded=not doubtful and len(sure) <= 8):
            for column in sure:
                _one(journey, proposal, column)


def _is_sure(column: Column) -> bool:
    return bool(column.field_id) and column.confidence >= SURE


def _one(journey: Journey, proposal: Proposal, column: Column) -> None:
    """One column: its name and examples, and what it means."""
    _ = session.language().gettext
    fields = session.catalogue().upload_fields
    options = ["", *(key for key, field in fields.items() if proposal.table in field.tables), IGNORE]
    words = {"": _("Please choose"), IGNORE: _("Leave this column out")}
    key = (
        f"u_column_{journey.upload_id}_{proposal.table}_{proposal.sheet}_{proposal.header_row}_{column.index}"
    )
    st.session_state[key] = column.field_id if column.field_id in options else ""
    title = unlinked_safe(shortened(column.header, 60)) or _(
        "Column {letter}, without a name", letter=column.letter
    )
    with st.container(border=True):
        left, right = st.columns([5, 4], vertical_alignment="center")
        with left, st.container(gap=None):
            st.markdown(f"**{title}**")
            examples = " · ".join(column.examples)
            st.caption(
                unlinked_safe(shortened(examples, EXAMPLE_SIGNS)) if examples else _("All cells are blank.")
            )
        with right:
            st.selectbox(
                _("Meaning of the column {column}", column=title),
                options,
                format_func=lambda one: words.get(one) or _(fields[one].title),
                key=key,
                on_change=_choose,
                args=(journey.upload_id, str(column.index), key),
                label_visibility="collapsed",
                filter_mode="contains",
            )
        if column.field_id == "value":
            _details(column)


def _details(column: Column) -> None:
    """What the header says about every number of the column."""
    _ = session.language().gettext
    parts = [] if column.year is None else [f"{_('Year')} {column.year}"]
    parts += [
        f"{_(session.catalogue().upload_fields[name].title)}: {upload_said.word_of(name, value)}"
        for name, value in column.fixed.items()
        if name in session.catalogue().upload_fields
    ]
    if parts:
        st.caption(":material/label: " + unlinked_safe(" · ".join(parts)))


def _choose(upload_id: str, column: str, key: str) -> None:
    chosen = str(st.session_state[key] or "")
    with upload_flow.telling():
        draft = drafts.load(session.settings(), upload_id)
        columns = {place: field for place, field in draft.choices.columns.items() if place != column}
        upload_flow.change(upload_id, columns={**columns, **({column: chosen} if chosen else {})})


def _problems(proposal: Proposal) -> None:
    """What the last click on the button found open."""
    open_codes: Sequence[str] = st.session_state.pop(LEFT, ())
    if open_codes:
        left = [fault for fault in proposal.questions if fault.code in open_codes]
        for text in dict.fromkeys(_asked(fault) for fault in left):
            st.error(text, icon=":material/help:")


def _asked(fault: Fault) -> str:
    lang = session.language()
    _ = lang.gettext
    params = {
        key: _(value) if key in ("field", "suggestion") else value for key, value in fault.params.items()
    }
    told = explain(replace(fault, params=params), session.catalogue(), _, lang.plain_number)
    return unlinked_safe(f"{told.text} {told.remedy}")


def _check(journey: Journey) -> None:
    """For the button: with what was chosen meanwhile, is anything still open? If not, on to the check."""
    with upload_flow.telling():
        draft = drafts.load(session.settings(), journey.upload_id)
        assert journey.proposal is not None
        proposal = mapping.propose(
            journey.content, layouts.merged(draft.choices, journey.proposal.choices), journey.context
        )
        st.session_state[LEFT] = tuple(fault.code for fault in proposal.questions if _stops(fault))
        if not st.session_state[LEFT]:
            choices = proposal.choices
            drafts.save(
                session.settings(), upload_flow.person(), replace(draft, choices=choices, state=drafts.PARSED)
            )
            layouts.remember(session.settings(), upload_flow.person(), journey.content, choices)
            upload_steps.go(upload_steps.FAULTS)


def left(journey: Journey) -> tuple[str, ...]:
    """The codes of what has to be answered before the file can be checked."""
    assert journey.proposal is not None
    return tuple(fault.code for fault in journey.proposal.questions if _stops(fault))


def _stops(fault: Fault) -> bool:
    counts: Mapping[str, int] = {fault.code: 1}
    return bool(upload_faults.by_severity(counts)["question"])
