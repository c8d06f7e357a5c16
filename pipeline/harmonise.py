"""Finds the city a name means, whatever the spelling: Šiauliai, SIAULIAI and siauliai are one key.

A name that is not found is given back with suggestions; it is never dropped and never guessed.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: Letters that Unicode does not take apart into a plain letter and a mark.
PLAIN = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ə": "e"}
)

#: Kinds of character that carry no letter: marks, format characters such as the soft hyphen, controls.
SILENT = ("Mn", "Mc", "Me", "Cf", "Cc")

#: How alike two keys must be for one to be suggested for the other (1 is the same).
ALIKE = 0.7


def ascii_key(name: str) -> str:
    """Lower-case words without marks, with single spaces; the same for every spelling of one name.

    The dotted and the dotless i of Turkish become the same letter, in both cases.
    """
    apart = unicodedata.normalize("NFKD", name)
    small = unicodedata.normalize("NFKD", apart.casefold())
    letters = "".join(sign for sign in small if unicodedata.category(sign) not in SILENT).translate(PLAIN)
    return " ".join("".join(sign if sign.isalnum() else " " for sign in letters).split())


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one city."""

    city_id: str
    name: str
    country_iso2: str


@dataclass(frozen=True, slots=True)
class Match:
    """The city a name means, or None with the nearest names instead. Two cities of one name count as None."""

    city_id: str | None
    suggestions: tuple[Name, ...] = ()


class Finder:
    """Looks names up among all names of all cities."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_key: defaultdict[str, list[Name]] = defaultdict(list)
        for name in names:
            self._by_key[ascii_key(name.name)].append(name)

    @property
    def names(self) -> Mapping[str, list[Name]]:
        """Every key with the names that share it."""
        return self._by_key

    def find(self, name: str, country_iso2: str | None = None, count: int = 5) -> Match:
        """The one city of that name, in that country if it is given."""
        exact = self._within(ascii_key(name), country_iso2)
        if len({found.city_id for found in exact}) == 1:
            return Match(exact[0].city_id)
        return Match(None, tuple(exact[:count]) or self._suggest(ascii_key(name), country_iso2, count))

    def _suggest(self, key: str, country_iso2: str | None, count: int) -> tuple[Name, ...]:
        keys = [known for known in sorted(self._by_key) if self._within(known, country_iso2)]
        near = difflib.get_close_matches(key, keys, n=count, cutoff=ALIKE)
        near += [known for known in keys if key and known.startswith(f"{key} ") and known not in near]
        one_a_city: dict[str, Name] = {}
        for known in near:
            for found in self._within(known, country_iso2):
                one_a_city.setdefault(found.city_id, found)
        return tuple(one_a_city.values())[:count]

    def _within(self, key: str, country_iso2: str | None) -> list[Name]:
        found = self._by_key.get(key, [])
        return [name for name in found if country_iso2 is None or name.country_iso2 == country_iso2.upper()]
