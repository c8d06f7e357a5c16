"""Charts are made once a build, language, theme and choice, and shown to every visitor who asks for the same.

    figure = kept.made("ranks", lambda: ranks.yearly_change(shown, ...), group, part)

Drawing is a pure function of those, and making a figure is most of the server's work of a click.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

import streamlit as st

from pages.parts import session

R = TypeVar("R")
FIGURES_KEPT = 600
"""Figures and maps kept over all viewers; a map of 250 cities is about 150 kB."""


def made(name: str, make: Callable[[], R], *choices: Hashable) -> R:
    """What `make` gives for the present build, language, theme and filters. Shared: never change it.

    `name` is unique in the dashboard; `choices` are all other values the figure depends on (the city, the
    part shown, a switch beside the chart).
    """
    key = (session.build().build_id, session.language().code, session.theme(), session.filters(), choices)
    return cast(R, _made(name, key, make))


@st.cache_resource(max_entries=FIGURES_KEPT, show_spinner=False)
def _made(name: str, key: Any, _make: Callable[[], Any]) -> Any:  # noqa: ARG001  what to keep it by
    return _make()
