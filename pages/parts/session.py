"""What every page needs from this visit: the language, the filters, the published build and its data.

    lang = session.language()
    filters = session.filters()
    rows = session.data(overview.verdict_counts, filters)

Pages never open a database and never write SQL. A query is a function in ``pipeline/query`` that takes a
reader first; :func:`data` runs it once per build and arguments and keeps the answer. A new build is a new
key, so a page never mixes two builds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

import pandas as pd
import streamlit as st

from pages.charts.palettes import ThemeName
from pages.language import LANGUAGES, Language
from pages.language import language as language_of
from pages.parts import address
from pipeline import publish
from pipeline.catalogue import Catalogue, load_catalogue
from pipeline.changes import Changes
from pipeline.engine import Reader
from pipeline.publish import Build
from pipeline.query import changed, cities
from pipeline.query.filters import Filters, Params
from pipeline.settings import Settings, load_settings

R = TypeVar("R")
LOG = logging.getLogger("mission_cities")

PAGES = Path(__file__).resolve().parent.parent
ANSWERS_KEPT = 400
"""Answers of queries kept in memory over all viewers; each is at most a few thousand rows."""
BUILDS_OPEN = 3
"""Readers kept open: the current build, the one before, and one asked for by a link."""


@st.cache_resource
def settings() -> Settings:
    """Paths and limits of this process, read from the environment once."""
    return load_settings()


@cache
def catalogue() -> Catalogue:
    """The registry: what every indicator, unit, source and verdict is called and means."""
    return load_catalogue()


@st.cache_resource(max_entries=BUILDS_OPEN)
def _opened(build_id: str, builds_dir: str) -> tuple[Build, Reader] | None:
    """The build and its reader. Never closed: other visitors may be reading from it."""
    LOG.info("Opening build %s in %s", build_id, builds_dir)
    return publish.open_current(settings())


def serving() -> tuple[Build, Reader] | None:
    """The build readers see now and its reader; None when nothing was published or all of it is damaged."""
    build = publish.current_build(settings())
    found = None if build is None else _opened(build.build_id, str(settings().builds_dir))
    st.session_state["_served"] = found
    return found


def _served() -> tuple[Build, Reader] | None:
    """What the shell found at the start of this run: one run never mixes two builds."""
    found: tuple[Build, Reader] | None = st.session_state.get("_served")
    return serving() if found is None else found


def build() -> Build:
    """The build this page is drawn from. The shell makes sure that there is one."""
    found = _served()
    if found is None:
        raise LookupError("No build is published.")
    return found[0]


@st.cache_resource(max_entries=ANSWERS_KEPT, show_spinner=False, hash_funcs={Filters: repr})
def _answer(build_id: str, question: str, _ask: Callable[..., Any], *args: object) -> Any:
    found = _opened(build_id, str(settings().builds_dir))
    if found is None:
        raise LookupError(f"The build {build_id} is gone, so {question} has no answer.")
    return _ask(found[1], *args)


def data(ask: Callable[..., R], *args: object) -> R:
    """The answer of a query function of ``pipeline/query``, e.g. ``data(overview.events, filters)``.

    All visitors share the one answer: never change it in place. (A copy for each visitor and run, as
    ``st.cache_data`` makes, was two thirds of the server's work of a click.)
    """
    return cast(R, _answer(build().build_id, f"{ask.__module__}.{ask.__qualname__}", ask, *args))


@st.cache_resource(max_entries=BUILDS_OPEN, show_spinner=False)
def _changes(build_id: str) -> Changes:
    found = _opened(build_id, str(settings().builds_dir))
    return Changes(has_previous=False) if found is None else changed.since_previous(settings(), *found)


def changes() -> Changes:
    """What the published build changed against the one before."""
    return _changes(build().build_id)


def language() -> Language:
    """The language of this visit: from the address, else the browser's own if we have it, else English."""
    chosen = st.session_state.get("a_lang") or st.query_params.get("lang") or preferred_language()
    return language_of(str(chosen))


def city_names() -> Mapping[str, str]:
    """City id -> the name to show in this language. Shared by all visitors: not to be changed."""
    return _city_names(build().build_id, language().code)


@lru_cache(maxsize=BUILDS_OPEN * len(LANGUAGES))
def _city_names(build_id: str, code: str) -> Mapping[str, str]:
    names = _answer(build_id, "city_names", cities.names)
    return MappingProxyType({city_id: city.in_language(code) for city_id, city in names.items()})


def in_choice(chosen: Filters) -> tuple[str, ...]:
    """City ids a list of choices offers: those of the chosen groups, and those already chosen."""
    return _in_choice(build().build_id, chosen.groups, chosen.cities)


@lru_cache(maxsize=BUILDS_OPEN * 100)
def _in_choice(build_id: str, groups: tuple[str, ...], city_ids: tuple[str, ...]) -> tuple[str, ...]:
    names = _answer(build_id, "city_names", cities.names)
    return tuple(cities.in_choice(names, Filters(groups=groups, cities=city_ids)))


def countries() -> tuple[str, ...]:
    """ISO codes of the countries that have a city, by their names in this language."""
    return _countries(build().build_id, language().code)


@lru_cache(maxsize=BUILDS_OPEN * len(LANGUAGES))
def _countries(build_id: str, code: str) -> tuple[str, ...]:
    lang = language_of(code)
    found = {city.country_iso2 for city in _answer(build_id, "city_names", cities.names).values()}
    return tuple(sorted(found, key=lambda iso2: lang.sort_key(lang.country(iso2))))


def named(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a column ``name``: the city's name in this language, by ``city_id``."""
    names = city_names()
    return rows.assign(name=[names.get(str(city_id), str(city_id)) for city_id in rows["city_id"]])


def preferred_language() -> str:
    """The browser's language when the dashboard has it, else English."""
    locale = (st.context.locale or "en").split("-")[0].lower()
    return locale if locale in LANGUAGES else "en"


def theme() -> ThemeName:
    """light or dark, as the browser shows it. Unknown (first run, tests) is light."""
    return "dark" if st.context.theme.type == "dark" else "light"


def filters() -> Filters:
    """What the reader has chosen in the filter bar."""
    chosen: Filters = st.session_state.get("_filters") or Filters()
    return chosen


def link(**changes: str | list[str] | None) -> Params:
    """The parameters of a link that keeps language and filters and changes some: ``link(city="vilnius")``.

    For ``st.page_link(page, query_params=session.link(city=city_id))``. None takes a key out.
    """
    params: Params = dict(filters().to_params())
    lang = language().code
    if lang != preferred_language():
        params["lang"] = [lang]
    for key, value in changes.items():
        if value is None:
            params.pop(key, None)
        else:
            params[key] = [value] if isinstance(value, str) else value
    return params


def page(name: str) -> Path:
    """The file of a page, for ``st.page_link(session.page("city"), query_params=session.link(city=...))``."""
    return PAGES / f"{name}.py"


def page_address() -> str:
    """The full address of what is on the screen, for citations and downloads; empty when it is not known."""
    url = st.context.url or ""
    parts = [f"{key}={value}" for key, values in address.current().items() for value in values]
    return url.split("?")[0] + ("?" + "&".join(parts) if parts and url else "")
