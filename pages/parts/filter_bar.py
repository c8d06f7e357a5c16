"""The one row above every page: cities, yardstick, further filters, language. Drawn by the shell.

Everything in it is kept in the address (see ``parts/address.py``) and comes back as one frozen
:class:`pipeline.query.filters.Filters`, which pages read with ``session.filters()``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.charts.text import markdown_safe
from pages.language import LANGUAGES, N_, Language
from pages.parts import address, session, states
from pipeline.query import cities, filters
from pipeline.query.filters import Filters, Unknown

GROUP_NAMES: dict[str, str] = {
    "mission": N_("Mission cities"),
    "lt": N_("Lithuania"),
    "tr": N_("Türkiye"),
    "other": N_("Other European cities"),
}
SIZE_NAMES: dict[str, str] = {
    "under_50k": N_("under 50,000 people"),
    "50k_200k": N_("50,000 to 200,000"),
    "200k_1m": N_("200,000 to 1 million"),
    "over_1m": N_("over 1 million"),
    "unknown": N_("population not known"),
}
FILTER_NAMES: dict[str, str] = {
    "cities": N_("cities"),
    "groups": N_("groups"),
    "countries": N_("countries"),
    "sizes": N_("size classes"),
    "years": N_("years"),
    "yardstick": N_("yardstick"),
}
ALL = frozenset(FILTER_NAMES)
ANY = "any"
"""Stands for "no limit" in the lists of years."""
MOST_CITIES = 60
"""Cities that can be picked by name; more is what groups and countries are for."""


def draw_language() -> Language:
    """The language switch. Called first, because every other word depends on it."""
    address.pick(
        "lang",
        "Language · Kalba · Dil",
        list(LANGUAGES),
        {code: code.upper() for code in LANGUAGES},
        default=session.preferred_language(),
        kind="segments",
        label_visibility="collapsed",
        width="content",
    )
    return session.language()


@dataclass(frozen=True, slots=True)
class Row:
    """The row as reserved for one page: its places, the filters the page obeys, and what the address asks
    for. Where a page does not ask for a yardstick, that choice stands among the others."""

    uses: Collection[str]
    cities: DeltaGenerator
    yardstick: DeltaGenerator
    more: DeltaGenerator
    asked: Filters
    problems: list[Unknown]


def begin(uses: Collection[str] = ALL) -> Row:
    """Reserve the row for a page that obeys the filters `uses` (keys of FILTER_NAMES), with the language
    switch in it."""
    _ = session.language().gettext
    asked, problems = filters.from_params(_incoming(), session.data(cities.addressable))
    asked = asked.with_(cities=asked.cities[:MOST_CITIES])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        place = st.container(width="stretch")
        yardstick = None
        if "yardstick" in uses:
            title = _(_yardstick_title(asked))
            yardstick = st.popover(title, icon=":material/flag:", width="content")
        more = st.popover(_("Filters"), icon=":material/tune:", width="content")
        draw_language()
    return Row(uses, place, yardstick or more, more, asked, problems)


def take(chosen: Filters) -> None:
    """What :func:`pages.parts.session.filters` gives to the page from now on."""
    st.session_state["_filters"] = chosen
    address.expect(chosen.to_params())


def draw(row: Row) -> Filters:
    """Draw the rest of the row and give back the choice."""
    names = session.data(cities.names)
    first, last = session.data(cities.year_range)
    with row.more:
        chosen = _more(row.asked, first, last)
    with row.yardstick:
        chosen = chosen.with_(yardstick=_yardstick(row.asked, explained="yardstick" in row.uses))
    with row.cities:
        chosen = chosen.with_(cities=_cities(row.asked, names, chosen))
    with row.more:
        _foot(chosen, row.uses)
    take(chosen)
    return chosen


def summary(chosen: Filters, lang: Language) -> str:
    """The choice in a few words, for captions: "Mission cities, Lithuania and Türkiye, 50,000 to 200,000"."""
    _ = lang.gettext
    if chosen.cities:
        return lang.ngettext("{count} chosen city", "{count} chosen cities", len(chosen.cities))
    parts = [_(GROUP_NAMES[group]) for group in chosen.groups]
    parts += [lang.country(code) for code in chosen.countries]
    parts += [_(SIZE_NAMES[size]) for size in chosen.sizes]
    return lang.listed(parts) if parts else _("no group")


def _incoming() -> filters.Params:
    return {key: values for key in filters.KEYS.values() if (values := address.incoming(key)) is not None}


def _cities(asked: Filters, names: Mapping[str, cities.CityName], chosen: Filters) -> tuple[str, ...]:
    lang = session.language()
    _ = lang.gettext
    widget = address.seed("city", lambda: list(asked.cities))
    held = tuple(city_id for city_id in st.session_state[widget] if city_id in names)
    st.session_state[widget] = list(held)
    picked = st.multiselect(
        _("Cities"),
        session.in_choice(chosen.with_(cities=held)),
        key=widget,
        format_func=lambda city_id: names[city_id].label(lang.code),
        label_visibility="collapsed",
        placeholder=_("All cities of the chosen groups. Type a name to pick some"),
        max_selections=MOST_CITIES,
        select_all=False,
        filter_mode="contains",
        persist_state="session",
    )
    address.record("city", picked, is_default=not picked)
    return tuple(picked)


def _yardstick_title(asked: Filters) -> str:
    """The short title of the yardstick, known before its buttons are drawn: it names their popover."""
    held = None if address.address_wins() else st.session_state.get(address.PREFIX + "yard")
    return session.catalogue().yardsticks[str(held or asked.yardstick)].short_title


def _yardstick(asked: Filters, *, explained: bool) -> str:
    _ = session.language().gettext
    registry = session.catalogue().yardsticks
    known = sorted(filters.YARDSTICKS, key=lambda key: registry[key].order)
    chosen = st.radio(
        _("Emissions are measured against"),
        known,
        key=address.seed("yard", lambda: asked.yardstick),
        format_func=lambda key: _(registry[key].title),
        captions=[markdown_safe(_(registry[key].definition)) for key in known] if explained else None,
        persist_state="session",
    )
    address.record("yard", [str(chosen)], is_default=chosen == filters.DEFAULT_YARDSTICK)
    return str(chosen)


def _more(asked: Filters, first: int, last: int) -> Filters:
    lang = session.language()
    _ = lang.gettext
    widget = address.seed("group", lambda: list(asked.groups))
    picked = st.pills(
        _("Groups"),
        list(filters.GROUPS),
        selection_mode="multi",
        format_func=lambda group: _(GROUP_NAMES[group]),
        key=widget,
        persist_state="session",
    )
    groups = tuple(group for group in filters.GROUPS if group in picked)
    address.record("group", groups, is_default=groups == filters.DEFAULT_GROUPS)
    countries = address.pick_many(
        "country",
        _("Countries"),
        session.countries(),
        lang.country,
        placeholder=_("All countries"),
    )
    widget = address.seed("size", lambda: list(asked.sizes))
    sizes = st.pills(
        _("Size"),
        list(filters.SIZES),
        selection_mode="multi",
        format_func=lambda size: _(SIZE_NAMES[size]),
        key=widget,
        persist_state="session",
    )
    chosen_sizes = tuple(size for size in filters.SIZES if size in sizes)
    address.record("size", chosen_sizes, is_default=not chosen_sizes)
    year_from, year_to = _years(first, last)
    return Filters(
        groups=groups, countries=tuple(countries), sizes=chosen_sizes, year_from=year_from, year_to=year_to
    )


def _years(first: int, last: int) -> tuple[int | None, int | None]:
    """First and last year of the inventories shown; None is "no limit". The wrong way round is turned."""
    _ = session.language().gettext
    years = [str(year) for year in range(first, last + 1)]
    with st.container(horizontal=True):
        low = address.pick(
            "from", _("Inventories from"), [ANY, *years], lambda year: _("any year") if year == ANY else year
        )
        high = address.pick(
            "to", _("until"), [ANY, *reversed(years)], lambda year: _("any year") if year == ANY else year
        )
    year_from = None if low == ANY else int(low)
    year_to = None if high == ANY else int(high)
    if year_from is not None and year_to is not None and year_from > year_to:
        return year_to, year_from
    return year_from, year_to


def _foot(chosen: Filters, uses: Collection[str]) -> None:
    lang = session.language()
    _ = lang.gettext
    notes = [
        _(
            "Cities picked by name outrank groups, countries and sizes. Other European cities can be picked "
            "once their group is chosen."
        )
    ]
    unused = [_(name) for key, name in FILTER_NAMES.items() if key not in uses]
    if unused:
        notes.append(_("Not used on this page: {filters}.", filters=lang.listed(unused)))
    st.caption("\n\n".join(notes))
    st.button(
        _("Reset filters"),
        icon=":material/restart_alt:",
        on_click=states.reset_filters,
        disabled=chosen == Filters(),
        key="filters_reset",
    )


def problems(row: Row) -> None:
    """Say what the address got wrong. The note goes once the reader changes the filters."""
    if address.address_wins():
        st.session_state["_problems"] = row.problems
    elif address.used_a_widget():
        st.session_state["_problems"] = []
    if st.session_state.get("_problems"):
        states.wrong_link(st.session_state["_problems"], session.city_names())
