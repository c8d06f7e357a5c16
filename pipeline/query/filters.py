"""Which cities, years and yardstick a reader has chosen: one frozen value, and its form in the address.

The address holds ids, never words, so that a link means the same in every language and survives a new
translation. Defaults are left out of it. Several values repeat the key: ``?city=vilnius&city=taurage``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches

Params = dict[str, list[str]]

GROUPS: tuple[str, ...] = ("mission", "lt", "tr", "other")
DEFAULT_GROUPS: tuple[str, ...] = ("mission", "lt", "tr")
"""Without the thousands of other European places the first screen is quick; one click adds them."""
SIZES: tuple[str, ...] = ("under_50k", "50k_200k", "200k_1m", "over_1m", "unknown")
YARDSTICKS: tuple[str, ...] = (
    "own_target",
    "covenant",
    "mission_default",
    "equal_path_43",
    "carbon_law_1172",
)
DEFAULT_YARDSTICK = "mission_default"
"""The question of the Mission itself, the same for every city; most own targets cannot be scored at all."""
FIRST_YEAR, LAST_YEAR = 1950, 2100
"""Years outside are typing errors; the data decide what is offered."""

MOST_VALUES = 200
"""Values one key may have in an address; the rest is dropped and reported."""
LONGEST_VALUE = 80
"""Characters of one value; ids are shorter."""

KEYS: Mapping[str, str] = {
    "cities": "city",
    "groups": "group",
    "countries": "country",
    "sizes": "size",
    "year_from": "from",
    "year_to": "to",
    "yardstick": "yard",
}
"""Field of :class:`Filters` -> key in the address. Links outlive us: never rename a key."""


@dataclass(frozen=True, slots=True)
class Known:
    """What an address may name: the ids of the current build."""

    cities: Collection[str]
    countries: Collection[str]
    city_names: Mapping[str, str] | None = None
    """Name or spelling, lower case -> city id: lets a mistyped id find its city by name too."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value of an address that means nothing here, and what may have been meant."""

    key: str
    value: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """The reader's choice. Empty tuples mean "all"; chosen cities outrank groups, countries and sizes."""

    cities: tuple[str, ...] = ()
    groups: tuple[str, ...] = DEFAULT_GROUPS
    countries: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    yardstick: str = DEFAULT_YARDSTICK

    def to_params(self) -> Params:
        """The address of this choice; only what differs from the default."""
        params: Params = {}
        for name, key in KEYS.items():
            value = getattr(self, name)
            if value == DEFAULTS[name]:
                continue
            values = value if isinstance(value, tuple) else (str(value),)
            params[key] = [str(item) for item in values] or [""]
        return params

    def with_(self, **changes: object) -> Filters:
        """A copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def sql_params(self) -> dict[str, object]:
        """Values for :data:`CITY_CONDITION`."""
        return {
            "cities": list(self.cities),
            "groups": list(self.groups),
            "countries": list(self.countries),
            "sizes": list(self.sizes),
        }


DEFAULTS: dict[str, object] = {field.name: field.default for field in fields(Filters)}

CITY_CONDITION = """(
    case
        when len($cities::varchar[]) > 0 then list_contains($cities::varchar[], city.city_id)
        else
            (
                (city.is_mission_city and list_contains($groups::varchar[], 'mission'))
                or (
                    (city.group_id = 'lt' or city.is_lt_municipality)
                    and list_contains($groups::varchar[], 'lt')
                )
                or (
                    (city.group_id = 'tr' or city.is_tr_metropolitan or city.is_tr_city)
                    and list_contains($groups::varchar[], 'tr')
                )
                or (city.group_id = 'other' and list_contains($groups::varchar[], 'other'))
            )
            and (
                len($countries::varchar[]) = 0
                or list_contains($countries::varchar[], city.country_iso2)
            )
            and (len($sizes::varchar[]) = 0 or list_contains($sizes::varchar[], city.size_class_id))
    end
)"""
"""Part of a WHERE for queries whose city table is called ``city``; values come from ``Filters.sql_params``.
Vilnius counts as a Mission city and as a Lithuanian municipality: a group is a property, not a drawer."""


def from_params(
    params: Mapping[str, Sequence[str]], known: Known | None = None
) -> tuple[Filters, list[Unknown]]:
    """The choice an address stands for, and what in it could not be understood.

    Nothing is guessed: an unknown value is left out and reported, with close spellings as suggestions.
    Without ``known`` any city or country id of sensible length is taken.
    """
    problems: list[Unknown] = []
    cities = _ids(
        params, "city", known.cities if known else None, problems, known.city_names if known else None
    )
    countries = _ids(params, "country", known.countries if known else None, problems)
    sizes = _ids(params, "size", SIZES, problems)
    groups = _ids(params, "group", GROUPS, problems) if "group" in params else DEFAULT_GROUPS
    if "group" in params and not groups and any(params["group"]):
        groups = DEFAULT_GROUPS  # only unknown groups were named: not the same as "none"
    first, last = _year(params, "from", problems), _year(params, "to", problems)
    if first is not None and last is not None and first > last:
        first, last = last, first
    yardstick = next(iter(_ids(params, "yard", YARDSTICKS, problems)), DEFAULT_YARDSTICK)
    chosen = Filters(
        cities=cities,
        groups=_in_order(groups, GROUPS),
        countries=countries,
        sizes=_in_order(sizes, SIZES),
        year_from=first,
        year_to=last,
        yardstick=yardstick,
    )
    return chosen, problems


def suggestions(word: str, known: Iterable[str], names: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Up to three ids that look like the word, found by id or by name."""
    word = word.lower()
    found = get_close_matches(word, list(known), n=3, cutoff=0.6)
    for name in get_close_matches(word, list(names or ()), n=3, cutoff=0.6):
        if names and names[name] not in found:
            found.append(names[name])
    return tuple(found[:3])


def _ids(
    params: Mapping[str, Sequence[str]],
    key: str,
    known: Collection[str] | None,
    problems: list[Unknown],
    names: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    values = [value for value in params.get(key, ()) if value]
    if len(values) > MOST_VALUES:
        problems.append(Unknown(key, f"{len(values)} > {MOST_VALUES}"))
    taken: dict[str, None] = {}
    for value in values[:MOST_VALUES]:
        if len(value) > LONGEST_VALUE or not value.isprintable():
            problems.append(Unknown(key, value[:LONGEST_VALUE]))
        elif known is None or value in known:
            taken[value] = None
        else:
            problems.append(Unknown(key, value, suggestions(value, known, names)))
    return tuple(taken)


def _year(params: Mapping[str, Sequence[str]], key: str, problems: list[Unknown]) -> int | None:
    value = next((text for text in params.get(key, ()) if text), None)
    if value is None:
        return None
    if len(value) == 4 and value.isascii() and value.isdigit() and FIRST_YEAR <= int(value) <= LAST_YEAR:
        return int(value)
    problems.append(Unknown(key, value[:LONGEST_VALUE]))
    return None


def _in_order(values: Iterable[str], order: Sequence[str]) -> tuple[str, ...]:
    chosen = set(values)
    return tuple(value for value in order if value in chosen)
