"""What is known about the cities in the room, gathered for their sheet."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pages.parts import session


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything known about the cities in the room."""

    room: tuple[str, ...]
    cities: pd.DataFrame
    ties: pd.DataFrame
    shared: pd.DataFrame
    differences: pd.DataFrame
    pairs: pd.DataFrame
    leads: pd.DataFrame

    def name(self, city_id: str) -> str:
        """The city's name in the reader's language."""
        return session.city_names().get(city_id, city_id)

    def names_listed(self) -> str:
        """All cities in the room: "Vilnius, Tauragė and İzmir"."""
        return session.language().listed([self.name(city_id) for city_id in self.room])

    def confirmed(self) -> pd.DataFrame:
        """The ties that count."""
        return self.ties[self.ties["is_shown_by_default"]]
