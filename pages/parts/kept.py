"""What was drawn once is shown again to every visitor who asks for the same.

    figure = kept.made("yearly_change", lambda: ranks.yearly_change(shown, ...), group, part)
    kept.drawn("city_plan", lambda: city_more.plan(city_id), city_id)

Pages are a pure function of the build, the language, the theme and the choices; working that out anew was
most of the server's work of a click.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

import streamlit as st

from pages.parts import session

R = TypeVar("R")
MADE_KEPT = 600
"""Figures, maps and tables kept over all viewers; a map of 250 cities is about 150 kB."""
DRAWN_KEPT = 600
"""Drawn parts of pages kept over all viewers; the largest, twelve small charts, is about 100 kB."""


def made(name: str, make: Callable[[], R], *choices: Hashable, for_filters: bool = True) -> R:
    """What `make` gives for the present build, language, theme and filters. Shared: never change it.

    `name` is unique in the dashboard; `choices` are all other values the result depends on (the city, the
    part shown, a switch beside the chart), each one whose ``repr`` says it all. What no filter changes says
    ``for_filters=False`` and is kept once for all of them.
    """
    return cast(R, _made(_key(name, choices, for_filters), make))


def drawn(name: str, draw: Callable[[], R], *choices: Hashable, for_filters: bool = True) -> R:
    """Draw a part of a page, or show it as it was drawn before for the same visit; gives what `draw` gave.

    For text, figures, tables, links and expanders. Whatever changes the page when it is clicked (buttons,
    choices, downloads, a chart that answers clicks) stays outside. Links depend on the filters they keep.
    """
    return cast(R, _drawn(_key(name, choices, for_filters), draw))


def _key(name: str, choices: tuple[Hashable, ...], for_filters: bool) -> str:
    """As one text, because Streamlit takes longer to hash a handful of values than to draw a figure again.

    The browser's own language is part of it: links leave out the language only where it is that one.
    """
    visit = (session.build().build_id, session.language().code, session.preferred_language(), session.theme())
    return repr((name, visit, session.filters() if for_filters else None, choices))


@st.cache_resource(max_entries=MADE_KEPT, show_spinner=False)
def _made(key: str, _make: Callable[[], Any]) -> Any:  # noqa: ARG001  what to keep it by
    return _make()


@st.cache_resource(max_entries=DRAWN_KEPT, show_spinner=False)
def _drawn(key: str, _draw: Callable[[], Any]) -> Any:  # noqa: ARG001  what to keep it by
    return _draw()
