"""Finds the city a cell or a title line means, in the spellings a town hall uses for itself.

"Vilniaus m. sav." and "İzmir Büyükşehir Belediyesi" are names of the register without their heading words.
A district and the city of its name are two municipalities and are never taken for each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale

from pipeline.harmonise import Finder, Match, Name, ascii_key

#: How a district and a city municipality are written, as one word each.
KINDS = {
    "rajono": "#r", "rajonas": "#r", "raj": "#r", "r": "#r", "district": "#r",
    "miesto": "#m", "miestas": "#m", "m": "#m",
}  # fmt: skip

#: Languages whose names of countries are understood.
COUNTRY_LANGUAGES = ("en", "lt", "tr")

#: Country codes of the European institutions that differ from ISO 3166.
OTHER_CODES = {"EL": "GR", "UK": "GB"}

#: Longest place name, in words.
LONGEST_NAME = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A city of the register."""

    city_id: str
    name: str
    name_local: str
    country_iso2: str
    population_count: float | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    area_km2: float | None = None

    @property
    def own_name(self) -> str:
        """The name in the city's own language where the register has it."""
        return self.name_local or self.name


class Places:
    """The register, searched by name."""

    def __init__(self, places: Iterable[Place], aliases: Iterable[Name], headings: Collection[str]) -> None:
        self.by_id: Mapping[str, Place] = {place.city_id: place for place in places}
        self._headings = frozenset(headings)
        names = [
            Name(place.city_id, name, place.country_iso2)
            for place in self.by_id.values()
            for name in dict.fromkeys((place.name, place.name_local))
            if name
        ]
        names += [name for name in aliases if name.city_id in self.by_id]
        self._finder = Finder(names)
        self._bare: defaultdict[str, set[str]] = defaultdict(set)
        for name in names:
            self._bare[self._stripped(ascii_key(name.name))].add(name.city_id)
        self._found = cache(self._find)
        self.names = tuple(sorted({name.name for name in names}))

    def find(self, name: str, country_iso2: str | None = None) -> Match:
        """The one city of that name, else suggestions. Asking again costs nothing."""
        return self._found(name, country_iso2)

    def is_name(self, name: str) -> bool:
        """Whether the text is the name of a city, in any country; without working out suggestions."""
        key = ascii_key(name)
        return bool(key) and (name in self.by_id or key in self._known or self._stripped(key) in self._bare)

    def within(self, text: str, candidates: Collection[str]) -> str | None:
        """The one of the candidates that a title line names, if it names just one."""
        words = ascii_key(text).split()
        found: set[str] = set()
        for length in range(min(LONGEST_NAME, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                piece = " ".join(words[start : start + length])
                named = self._bare.get(self._stripped(piece), set()) | self._exact(piece)
                found |= named & set(candidates)
            if found:
                break
        return found.pop() if len(found) == 1 else None

    def _find(self, name: str, country_iso2: str | None) -> Match:
        if name in self.by_id and country_iso2 in (None, self.by_id[name].country_iso2):
            return Match(name)
        key = ascii_key(name)
        if key in self._known:
            return self._finder.find(name, country_iso2, count=3)
        bare = {
            one
            for one in self._bare.get(self._stripped(key), ())
            if country_iso2 in (None, self.by_id[one].country_iso2)
        }
        if len(bare) == 1:
            return Match(next(iter(bare)))
        return self._finder.find(name, country_iso2, count=3)

    @property
    def _known(self) -> Mapping[str, list[Name]]:
        return self._finder.names

    def _exact(self, key: str) -> set[str]:
        return {name.city_id for name in self._known.get(key, ())}

    def _stripped(self, key: str) -> str:
        """A name without heading words; "r." and "rajono" become one word, and so do "m." and "miesto"."""
        words = [KINDS.get(word, word) for word in key.split()]
        kept = [word for word in words if word not in self._headings]
        return " ".join(kept)


@cache
def country_codes() -> Mapping[str, str]:
    """Key of a name or code -> ISO 3166-1 code, for the names of countries in three languages."""
    found: dict[str, str] = {}
    for language in COUNTRY_LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(ascii_key(name), code)
                found[ascii_key(code)] = code
    found.update({ascii_key(code): iso for code, iso in OTHER_CODES.items()})
    found.update({"turkey": "TR", "turkiye": "TR", "turkiye cumhuriyeti": "TR", "lietuvos respublika": "LT"})
    return found


def country_code(text: str) -> str | None:
    """The ISO code of a country, from its code or its name; None when it is neither."""
    return country_codes().get(ascii_key(text))
