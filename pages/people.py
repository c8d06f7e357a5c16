"""Administrators: who may do what here, giving and taking roles, ending sign-ins."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.charts.text import markdown_safe
from pages.language import N_
from pages.parts import frame, session, staff, tables
from pages.parts.tables import Column, Table
from pipeline import staff_admin, staff_roles
from pipeline.errors import PipelineError
from pipeline.query import cities as cities_query
from pipeline.query.filters import Filters
from pipeline.staff import AccessRefused, Person
from pipeline.staff_roles import Entry, RolesError

SAID, PROBLEM = "pp_said", "pp_problem"
WHO, ROLE, CHOSEN = "pp_who", "pp_role", "pp_chosen"
ALL_CITIES, CITIES, INDICATORS = "pp_all", "pp_cities", "pp_indicators"
GIVEN = ("editor", "reviewer", "admin")
MEANINGS = {
    "editor": N_("uploads and publishes figures of the cities named, and takes back what they published"),
    "reviewer": N_("does the same, looks over the uploads of others and restores older versions"),
    "admin": N_("does everything, for all cities, and decides about roles"),
}
WIDTH = 960


def main() -> None:
    """The list, then one form to give a role and one to take it away."""
    who = staff.check("manage")
    if who is None:
        return
    _ = session.language().gettext
    frame.open(_("Who may change figures here?"))
    with st.container(width=WIDTH):
        _tell()
        try:
            known = staff_roles.table(session.settings())
        except RolesError:
            staff.refused("roles_unreadable")
            return
        everybody = {**known.people, **known.invitations}
        if everybody:
            tables.draw(_table(known.people, known.invitations), key="pp_table", height="content")
        else:
            st.markdown(_("Nobody has a role yet."))
        _give()
        others = {key: entry for key, entry in everybody.items() if key != who.person_id}
        if others:
            _take(others, set(known.people))


def _tell() -> None:
    """What the last click did, or why it did nothing; once."""
    if said := st.session_state.pop(SAID, ""):
        st.success(markdown_safe(said), icon=":material/check_circle:")
    if problem := st.session_state.pop(PROBLEM, ""):
        st.error(markdown_safe(problem), icon=":material/error:")


def _table(people: Mapping[str, Entry], invitations: Mapping[str, Entry]) -> Table:
    lang = session.language()
    _ = lang.gettext
    names = session.city_names()
    indicators = session.catalogue().indicators

    def covers(ids: frozenset[str] | None, words: Mapping[str, str]) -> str:
        return _("all") if ids is None else lang.listed(sorted(words.get(one, one) for one in ids))

    rows = [
        {
            "name": _label(key, entry),
            "role": _(staff.ROLE_WORDS[entry.role]),
            "cities": covers(entry.cities, names),
            "indicators": covers(entry.indicators, {one: _(indicators[one].title) for one in indicators}),
            "state": _("has signed in") if key in people else _("invited"),
            "since": lang.date(frame.moment(entry.given_at)) if entry.given_at else "–",
            "number": key if key in people else "–",
        }
        for key, entry in sorted(
            {**people, **invitations}.items(), key=lambda one: lang.sort_key(_label(*one))
        )
    ]
    columns = [
        Column("name", _("Person")),
        Column("role", _("Role")),
        Column("cities", _("Cities")),
        Column("indicators", _("Indicators")),
        Column("state", _("State")),
        Column("since", _("Since")),
        Column("number", _("Sign-in number")),
    ]
    return Table(pd.DataFrame(rows), columns)


def _label(key: str, entry: Entry) -> str:
    """A person by name and e-mail address, as far as they are known."""
    parts = [part for part in (entry.name, entry.email) if part]
    return " · ".join(dict.fromkeys(parts)) or key


def _give() -> None:
    lang = session.language()
    _ = lang.gettext
    st.subheader(_("Give a role"), anchor=False)
    st.text_input(
        _("E-mail address or sign-in number"),
        key=WHO,
        max_chars=300,
        help=_(
            "Somebody invited by e-mail gets the role at the first sign-in with that address, once the "
            "identity provider has verified it. Everybody reads their own sign-in number on the staff page."
        ),
    )
    role = st.radio(
        _("Role"),
        GIVEN,
        key=ROLE,
        format_func=lambda one: _(staff.ROLE_WORDS[one]),
        captions=[_(MEANINGS[one]) for one in GIVEN],
    )
    if role != "admin":
        names = session.city_names()
        everywhere = st.checkbox(_("All cities"), key=ALL_CITIES)
        near = session.data(cities_query.listed, Filters())["city_id"].tolist()
        st.multiselect(
            _("Cities"),
            sorted(near, key=lambda one: lang.sort_key(names.get(one, one))),
            key=CITIES,
            format_func=lambda one: names.get(one, one),
            placeholder=_("All cities") if everywhere else _("Choose cities"),
            disabled=everywhere,
            select_all=False,
        )
        registry = session.catalogue().indicators
        st.multiselect(
            _("Indicators"),
            list(registry),
            key=INDICATORS,
            format_func=lambda one: _(registry[one].title),
            placeholder=_("All indicators"),
            select_all=False,
        )
    st.button(_("Give the role"), type="primary", icon=":material/person_add:", on_click=_grant)


def _take(others: Mapping[str, Entry], people: set[str]) -> None:
    lang = session.language()
    _ = lang.gettext
    st.subheader(_("Take a role away or sign somebody out"), anchor=False)
    chosen = st.selectbox(
        _("Person"),
        sorted(others, key=lambda key: lang.sort_key(_label(key, others[key]))),
        index=None,
        key=CHOSEN,
        format_func=lambda key: _label(key, others[key]) if key in others else key,
        placeholder=_("Choose somebody"),
    )
    with st.container(horizontal=True):
        st.button(
            _("Take the role away"),
            icon=":material/person_remove:",
            on_click=_remove,
            disabled=chosen is None,
        )
        st.button(
            _("Sign out everywhere"),
            icon=":material/logout:",
            on_click=_end,
            disabled=chosen not in people,
            help=_("Ends every sign-in of this person. The role stays; they can sign in again."),
        )


# -- what the buttons do; each asks anew who presses them


def _grant() -> None:
    _ = session.language().gettext
    asked = str(st.session_state.get(WHO) or "").strip()
    role = str(st.session_state.get(ROLE))
    everything = role == "admin"
    everywhere = everything or st.session_state.get(ALL_CITIES) is True
    cities = None if everywhere else list(st.session_state.get(CITIES) or ())
    indicators = None if everything else st.session_state.get(INDICATORS) or None
    with _telling(
        _("{person} now has the role: {role}.", person=asked, role=_(staff.ROLE_WORDS.get(role, "")))
    ):
        if role not in GIVEN:
            raise RolesError(_("Choose a role."))
        _known_form(asked)
        if cities is not None and not cities:
            raise RolesError(_("Choose at least one city, or tick all cities."))
        staff_admin.grant(session.settings(), _person(), asked, role, cities, indicators)
        st.session_state[WHO] = ""


def _remove() -> None:
    _ = session.language().gettext
    asked = str(st.session_state.get(CHOSEN) or "")
    with _telling(_("{person} has no role any longer.", person=asked)):
        staff_admin.remove(session.settings(), _person(), asked)
        st.session_state[CHOSEN] = None


def _end() -> None:
    _ = session.language().gettext
    asked = str(st.session_state.get(CHOSEN) or "")
    with _telling(_("Every sign-in of {person} has ended.", person=asked)):
        staff_admin.end_sessions(session.settings(), _person(), asked)


def _person() -> Person:
    found = staff.person()
    if found is None:
        raise AccessRefused("not_signed_in", "manage")
    return found


def _known_form(asked: str) -> None:
    _ = session.language().gettext
    try:
        key = staff_roles.key_of(asked)
    except RolesError:
        raise RolesError(_("This is neither an e-mail address nor a sign-in number.")) from None
    if key == _person().person_id:
        raise RolesError(_("Nobody changes their own role: ask another administrator."))


class _telling:
    """Says on the next screen what was done, or why it was not."""

    def __init__(self, done: str) -> None:
        self._done = done

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        _ = session.language().gettext
        if error is None:
            st.session_state[SAID] = self._done
            return False
        if isinstance(error, AccessRefused):
            title, text = staff.REFUSED_WORDS[error.code]
            st.session_state[PROBLEM] = f"{_(title)} {_(text)}"
        elif isinstance(error, PipelineError):
            st.session_state[PROBLEM] = str(error)
        return isinstance(error, PipelineError)


main()
