"""What a city is called in the reader's language."""

from __future__ import annotations

import streamlit as st

from pages.parts import session
from pipeline.query import cities


def of(city_id: str) -> str:
    """The short name to print; the id itself when the register does not have it."""
    return _short(session.language().code, session.build().build_id).get(city_id, city_id)


@st.cache_resource(max_entries=9)
def _short(code: str, build_id: str) -> dict[str, str]:  # noqa: ARG001  a new build is a new key
    """City id -> name; kept whole for every visitor, since thousands of names are asked for one by one."""
    return {city_id: city.in_language(code) for city_id, city in session.data(cities.names).items()}
