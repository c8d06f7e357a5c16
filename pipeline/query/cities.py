"""Which cities there are, and the figures that go with any list of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.engine import Reader
from pipeline.query.filters import CITY_CONDITION, Filters, Known

CITY_NAME = r"""(
    case
        when city.country_iso2 = 'TR'
            then regexp_replace(
                coalesce(nullif(city.name_local, ''), city.name_en), ' (Büyükşehir )?Belediyesi$', ''
            )
        when city.country_iso2 = 'LT' or coalesce(city.name_local, '') = '' then city.name_en
        when contains(city.name_local, ' / ') then city.name_en
        when regexp_full_match(city.name_local, '[\p{Latin}\p{Common}\p{Inherited}]+') then city.name_local
        else city.name_en
    end
)"""
"""The short name of a city in a query whose city table is called ``city``: its own spelling where that is
in Latin letters (München, İstanbul, Tauragė), else the English one. Municipalities of Lithuania and
Türkiye go without the word for municipality."""


@dataclass(frozen=True, slots=True)
class CityName:
    """A city as a list of choices needs it."""

    city_id: str
    name: str
    ascii_name: str
    country_iso2: str
    group_id: str
    is_lithuanian: bool
    is_turkish: bool
    official: str
    """The full local name, e.g. Kauno rajono savivaldybė."""

    def in_language(self, code: str) -> str:
        """The short name; in Lithuanian a district goes by its official one: "Kaunas District" is English."""
        return (
            self.official if code == "lt" and self.name.endswith(" District") and self.official else self.name
        )

    def label(self, code: str = "en") -> str:
        """Name, its plain-letter form where it differs (so that either can be typed), and country."""
        name = self.in_language(code)
        plain = f" ({self.ascii_name})" if self.ascii_name != name else ""
        return f"{name}{plain}, {self.country_iso2}"


def plain_letters(text: str) -> str:
    """The text in the 26 letters of a plain keyboard: Šiauliai -> Siauliai, Şanlıurfa -> Sanliurfa."""
    table = str.maketrans(
        {"ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "đ": "d", "Đ": "D"}
    )
    return "".join(
        sign
        for sign in unicodedata.normalize("NFD", text.translate(table))
        if not unicodedata.combining(sign)
    )


def names(reader: Reader) -> dict[str, CityName]:
    """Every city of the build: city id -> name, sorted by plain-letter name."""
    rows = reader.rows(
        f"""
        select
            city.city_id, {CITY_NAME}, city.name_en, city.country_iso2, city.group_id,
            city.group_id = 'lt' or city.is_lt_municipality,
            city.group_id = 'tr' or city.is_tr_metropolitan or city.is_tr_city,
            coalesce(city.name_local, '')
        from mart.city as city
        order by city.city_id
        """
    )
    found = [
        CityName(
            str(row[0]), str(row[1]), _ascii(str(row[1]), str(row[2])), str(row[3]), str(row[4]), *row[5:]
        )
        for row in rows
    ]
    found.sort(key=lambda city: (city.ascii_name.lower(), city.city_id))
    return {city.city_id: city for city in found}


def _ascii(local: str, english: str) -> str:
    """The name to type on a plain keyboard; the English one where the local script is not Latin."""
    plain = plain_letters(local)
    return plain if plain.isascii() else plain_letters(english)


def known(cities: Mapping[str, CityName]) -> Known:
    """What an address may name, for ``filters.from_params``."""
    spellings = {city.name.lower(): city.city_id for city in cities.values()}
    spellings |= {city.ascii_name.lower(): city.city_id for city in cities.values()}
    return Known(cities.keys(), {city.country_iso2 for city in cities.values()}, spellings)


def addressable(reader: Reader) -> Known:
    """What an address may name in this build."""
    return known(names(reader))


def in_choice(cities: Mapping[str, CityName], chosen: Filters) -> list[str]:
    """City ids a list of choices offers: those of the chosen groups, and those already chosen."""
    wanted = set(chosen.groups)
    return [
        city.city_id
        for city in cities.values()
        if city.city_id in chosen.cities
        or city.group_id in wanted
        or (city.is_lithuanian and "lt" in wanted)
        or (city.is_turkish and "tr" in wanted)
    ]


def listed(reader: Reader, chosen: Filters) -> pd.DataFrame:
    """One row a chosen city: names, place, people, and how much is known about its emissions."""
    return reader.frame(
        f"""
        select
            city.city_id, {CITY_NAME} as name, city.name_en, city.country_iso2, city.group_id,
            city.is_mission_city, city.latitude_deg, city.longitude_deg, city.population_count,
            city.population_year, city.size_class_id, city.latest_inventory_year, city.inventory_count
        from mart.city as city
        where {CITY_CONDITION}
        order by city.population_count desc nulls last, city.city_id
        """,
        chosen.sql_params(),
    )


def year_range(reader: Reader) -> tuple[int, int]:
    """First and last year of any inventory in the build."""
    row = reader.rows("select min(first_year), max(last_year) from mart.series where is_whole_city")[0]
    return int(row[0] or 1990), int(row[1] or 2025)
