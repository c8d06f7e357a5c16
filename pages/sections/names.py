"""What a city is called in the reader's language."""

from __future__ import annotations

from pages.parts import session
from pipeline.query import cities


def of(city_id: str) -> str:
    """The short name to print; the id itself when the register does not have it."""
    found = session.data(cities.names).get(city_id)
    return city_id if found is None else found.in_language(session.language().code)
