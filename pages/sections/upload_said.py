"""What holds for the whole file and stands in no column: the city, the unit, where the figures come from."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.charts.text import shortened, unlinked_safe
from pages.parts import session
from pages.sections import upload_flow
from pages.sections.upload_flow import Journey
from pipeline.uploads.check import LICENCE, LICENCE_FIELD
from pipeline.uploads.mapping import Proposal, options
from pipeline.uploads.vocabulary import FIXED_TITLES, VOCABULARY_OF

OPEN_LICENCES = (LICENCE, "cc0_1_0", "odbl_1_0")
"""Terms a municipality may choose: those that let everybody use the figures."""
FIRST_YEAR = 1970
LONG = 300


def draw(journey: Journey, proposal: Proposal) -> None:
    """One input for each field; what the file says above its table is filled in already."""
    _ = session.language().gettext
    fields = session.catalogue().upload_fields
    open_ones = [ask.field_id for ask in proposal.asks]
    said = [name for name in proposal.choices.constants if name in fields and name not in open_ones]
    st.subheader(_("For the whole file"), anchor=False)
    if open_ones:
        st.markdown(_("The file does not say this; please fill it in once."))
    proposed = {ask.field_id: ask.proposed for ask in proposal.asks if ask.proposed}
    for name in [*open_ones, *said]:
        _input(journey, proposal, name)
        if name in proposed:
            st.button(
                _("Use: {value}", value=unlinked_safe(shortened(word_of(name, proposed[name]), 80))),
                key=f"u_use_{journey.upload_id}_{name}",
                on_click=_use,
                args=(journey.upload_id, name, proposed[name]),
                type="tertiary",
                icon=":material/lightbulb:",
            )
    _licence(journey, proposal)


def _licence(journey: Journey, proposal: Proposal) -> None:
    """Under which terms others may use the figures."""
    _ = session.language().gettext
    licences = session.catalogue().licences
    key = f"u_said_{journey.upload_id}_licence"
    st.session_state[key] = proposal.choices.constants.get(LICENCE_FIELD, LICENCE)
    st.selectbox(
        _("Licence of the figures"),
        [one for one in OPEN_LICENCES if one in licences],
        format_func=lambda one: _(licences[one].title),
        key=key,
        on_change=_take,
        args=(journey.upload_id, LICENCE_FIELD, key),
        help=_("The terms under which others may use the figures. Unsure? Leave it as it is."),
    )


def _input(journey: Journey, proposal: Proposal, name: str) -> None:
    lang = session.language()
    _ = lang.gettext
    record = session.catalogue().upload_fields[name]
    value = proposal.choices.constants.get(name, "")
    key = f"u_said_{journey.upload_id}_{proposal.table}_{name}"
    label, help_text = _(record.title), _(record.text)
    shared: dict[str, Any] = {
        "key": key,
        "on_change": _take,
        "args": (journey.upload_id, name, key),
        "help": help_text,
    }
    listed = [one for one, _title in options(name, journey.context)]
    if name == "city" and not listed:
        names = session.city_names()
        listed = sorted(names, key=lambda city_id: lang.sort_key(names[city_id]))
    if listed:
        st.session_state[key] = value if value in listed else None
        st.selectbox(
            label,
            listed,
            format_func=lambda one: word_of(name, one),
            placeholder=_("Please choose"),
            filter_mode="contains",
            index=None,
            **shared,
        )
    elif record.kind == "year":
        last = journey.context.as_of_year
        st.session_state[key] = int(value) if value.isdecimal() and FIRST_YEAR <= int(value) <= last else None
        st.number_input(label, min_value=FIRST_YEAR, max_value=last, step=1, width=240, **shared)
    else:
        st.session_state[key] = value
        st.text_input(label, max_chars=LONG, **shared)


def _take(upload_id: str, name: str, key: str) -> None:
    value = st.session_state.get(key)
    upload_flow.change(upload_id, constants={name: "" if value is None else str(value).strip()})


def _use(upload_id: str, name: str, value: str) -> None:
    upload_flow.change(upload_id, constants={name: value})


def word_of(name: str, value: str) -> str:
    """A word of a field in the person's language: a city's name, a sector, a unit."""
    _ = session.language().gettext
    if name == "city":
        return session.city_names().get(value, value)
    vocabulary = VOCABULARY_OF.get(name, "")
    section = getattr(session.catalogue(), vocabulary, None)
    if isinstance(section, dict) or hasattr(section, "get"):
        record = section.get(value)  # type: ignore[union-attr]
        title = str(getattr(record, "title", "") or value)
        symbol = str(getattr(record, "symbol", ""))
        return _(title) + (f" ({_(symbol)})" if symbol and symbol != title else "")
    return _(FIXED_TITLES.get(vocabulary, {}).get(value, value))
