"""EDGAR v5.0 emissions of functional urban areas over a million people, 1970 and 2015.

One CSV holds carbon dioxide and air pollutants. The file's note says tonnes, but its carbon dioxide is in
kilotonnes by its size (Istanbul 2015: 14,713), so it is multiplied by 1000; the other pollutants are carried
over as printed, like the area (km2) and the population of 2015.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.sources import countries, rows, tables

EMISSIONS_ID = "edgar_fua_1970_2015"
INDICATORS_ID = "edgar_v50_fua"
COLUMNS = ("city", "country", "population", "area", "pollutant", "year", "emissions")
KT = 1000.0
YEAR_OF_POPULATION = 2015


def read(path: Path) -> Iterator[rows.Row]:
    """Carbon dioxide as emissions; population and area once a place as indicators."""
    seen: set[tuple[str, str]] = set()
    for line in tables.delimited(path, COLUMNS):
        country = countries.from_name(line.text("country"))
        if country is None:
            continue
        place = (country, line.text("city"))
        if line.text("pollutant") == "CO2":
            yield from _carbon(line, *place)
        if place not in seen:
            seen.add(place)
            yield from _size(line, *place)


def _carbon(line: tables.Line, country: str, name: str) -> Iterator[rows.Row]:
    value = line.number("emissions")
    if value is None:
        return
    yield rows.make(
        "emissions",
        source_id=EMISSIONS_ID,
        source_city_key=f"{country}|{name}",
        city_name=name,
        country_iso2=country,
        year=line.year("year"),
        inventory_kind="modelled",
        sector_id="total",
        sector_level="total",
        source_sector="CO2",
        scope="1",
        gas_basis="CO2",
        value=value * KT,
        boundary_id="functional_urban_area",
        quality_id="modelled",
        population_count=line.whole("population"),
        note="kt by size of the figures, converted to t; population of 2015",
        source_ref=f"{line.file} row {line.row}",
    )


def _size(line: tables.Line, country: str, name: str) -> Iterator[rows.Row]:
    for column, indicator, unit in (
        ("population", "fua_population_count", "persons"),
        ("area", "fua_area_km2", "km2"),
    ):
        value = line.number(column)
        if value is not None:
            yield rows.make(
                "indicators",
                source_id=INDICATORS_ID,
                source_place_key=f"{country}|{name}",
                place_name=name,
                country_iso2=country,
                geo_level="functional_urban_area",
                indicator_id=indicator,
                year=YEAR_OF_POPULATION,
                value=value,
                unit=unit,
                quality_id="modelled",
                source_ref=f"{line.file} row {line.row}",
            )
