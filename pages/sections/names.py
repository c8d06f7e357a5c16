"""What a city is called in the reader's language."""

from __future__ import annotations

from pages.parts import session


def of(city_id: str) -> str:
    """The short name to print; the id itself when the register does not have it."""
    return session.city_names().get(city_id, city_id)
