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
    """The places of the row, reserved before the page so that the page can come first."""

    cities: DeltaGenerator
    yardstick: DeltaGenerator
    more: DeltaGenerator
    notes: DeltaGenerator


def begin() -> Row:
    """Reserve the row and draw the language switch in it."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        place = st.container(width="stretch")
        yardstick = st.container(width="content")
        more = st.container(width="content")
        with st.container(width="content"):
            draw_language()
    return Row(place, yardstick, more, st.container())


def asked() -> tuple[Filters, list[Unknown]]:
    """The choice the address stands for, and what in it means nothing here."""
    found, problems = filters.from_params(_incoming(), session.data(cities.addressable))
    return found.with_(cities=found.cities[:MOST_CITIES]), problems


def take(chosen: Filters) -> None:
    """What :func:`pages.parts.session.filters` gives to the page from now on."""
    st.session_state["_filters"] = chosen
    address.expect(chosen.to_params())


def draw(row: Row, uses: Collection[str] = ALL) -> Filters:
    """Draw the rest of the row and give back the choice. `uses`: the filters (keys of FILTER_NAMES) this page
    obeys."""
    _ = session.language().gettext
    names = session.data(cities.names)
    first, last = session.data(cities.year_range)
    wanted, problems = asked()
    more = row.more.popover(_("Filters"), icon=":material/tune:")
    yard = more
    if "yardstick" in uses:
        yard = row.yardstick.popover(_(_yardstick_title(wanted)), icon=":material/flag:")
    with more:
        chosen = _more(wanted, names, first, last)
    with yard:
        chosen = chosen.with_(yardstick=_yardstick(wanted, explained="yardstick" in uses))
    with row.cities:
        chosen = chosen.with_(cities=_cities(wanted, names, chosen))
    with more:
        _foot(chosen, uses)
    take(chosen)
    with row.notes:
        _problems(problems, session.city_names())
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


def _cities(wanted: Filters, names: Mapping[str, cities.CityName], chosen: Filters) -> tuple[str, ...]:
    lang = session.language()
    _ = lang.gettext
    widget = address.seed("city", lambda: list(wanted.cities))
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


def _yardstick_title(wanted: Filters) -> str:
    """The short title of the yardstick, known before its buttons are drawn: it names their popover."""
    held = None if address.address_wins() else st.session_state.get(address.PREFIX + "yard")
    return session.catalogue().yardsticks[str(held or wanted.yardstick)].short_title


def _yardstick(wanted: Filters, *, explained: bool) -> str:
    _ = session.language().gettext
    registry = session.catalogue().yardsticks
    known = sorted(filters.YARDSTICKS, key=lambda key: registry[key].order)
    chosen = st.radio(
        _("Emissions are measured against"),
        known,
        key=address.seed("yard", lambda: wanted.yardstick),
        format_func=lambda key: _(registry[key].title),
        captions=[markdown_safe(_(registry[key].definition)) for key in known] if explained else None,
        persist_state="session",
    )
    address.record("yard", [str(chosen)], is_default=chosen == filters.DEFAULT_YARDSTICK)
    return str(chosen)


def _more(wanted: Filters, names: Mapping[str, cities.CityName], first: int, last: int) -> Filters:
    lang = session.language()
    _ = lang.gettext
    widget = address.seed("group", lambda: list(wanted.groups))
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
        sorted(
            {city.country_iso2 for city in names.values()}, key=lambda code: lang.sort_key(lang.country(code))
        ),
        lang.country,
        placeholder=_("All countries"),
    )
    widget = address.seed("size", lambda: list(wanted.sizes))
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
    left, right = st.columns(2)
    with left:
        low = address.pick(
            "from", _("Inventories from"), [ANY, *years], lambda year: _("any year") if year == ANY else year
        )
    with right:
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
    st.caption(
        _(
            "Cities picked by name outrank groups, countries and sizes. Other European cities can be picked "
            "once their group is chosen."
        )
    )
    unused = [_(name) for key, name in FILTER_NAMES.items() if key not in uses]
    if unused:
        st.caption(_("Not used on this page: {filters}.", filters=lang.listed(unused)))
    st.button(
        _("Reset filters"),
        icon=":material/restart_alt:",
        on_click=states.reset_filters,
        disabled=chosen == Filters(),
        key="filters_reset",
    )


def _problems(problems: list[Unknown], names: Mapping[str, str]) -> None:
    """Say what the address got wrong. The note goes once the reader changes the filters."""
    if address.address_wins():
        st.session_state["_problems"] = problems
    elif address.used_a_widget():
        st.session_state["_problems"] = []
    if st.session_state.get("_problems"):
        states.wrong_link(st.session_state["_problems"], names)
