"""Eurostat's regional tables at NUTS 3: gross domestic product and population.

Two shapes are read: the bulk TSV (first column packs the dimensions by comma, ``:`` is missing, letters
after a value are flags) and the answer of the statistics API, JSON-stat 2.0. Only NUTS 3 codes (five signs)
are kept; Eurostat's EL and UK become GR and GB in the country, the code itself stays.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.sources import cells, countries, rows, tables

GDP_ID = "eurostat_nama_10r_3gdp"
POPULATION_ID = "eurostat_demo_r_pjanaggr3"
# Eurostat unit code -> (indicator, our unit)
GDP_UNITS = {
    "MIO_EUR": ("gdp_nuts3_million_eur", "million EUR"),
    "EUR_HAB": ("gdp_per_person_eur", "EUR/person"),
    "PPS_EU27_2020_HAB": ("gdp_per_person_pps", "PPS/person"),
    "PPS_HAB_EU27_2020": ("gdp_per_person_pps_index_pct", "%"),
}
FLAGS = {"b": "break_in_series", "e": "estimated", "p": "provisional"}
NO_REGION = ("XXX", "ZZZ")
"""Endings of codes for what happens in a country but in none of its regions, such as embassies."""
FIRST_YEAR = 2010
"""Earlier years use other regions too often; the dashboard starts here."""


def read(path: Path) -> Iterator[rows.Row]:
    """Rows of a TSV or JSON-stat file; which of the two tables it is, its dimensions tell."""
    points = _json_stat(path) if ".json" in path.name else tsv(path)
    for where, dimensions, period, cell in points:
        row = _row(path.name, where, dimensions, period, cell)
        if row is not None:
            yield row


Point = tuple[str, Mapping[str, str], str, str]


def tsv(path: Path) -> Iterator[Point]:
    """Every cell of a Eurostat TSV: where it stands, its dimensions, its period and its text."""
    text = tables.read_text(path)
    lines = text.splitlines()
    if not lines or "\\" not in lines[0].split("\t")[0]:
        raise tables.ReadError(f"{path.name}, row 1: no Eurostat TSV (a first column like 'unit,geo\\time').")
    head, *periods = lines[0].split("\t")
    names = [name.strip() for name in head.split("\\")[0].split(",")]
    for number, line in enumerate(lines[1:], start=2):
        packed, *values = line.split("\t")
        codes = [code.strip() for code in packed.split(",")]
        if len(codes) != len(names) or len(values) != len(periods):
            raise tables.ReadError(
                f"{path.name}, row {number}: {len(codes)} codes and {len(values)} values, but {len(names)} "
                f"and {len(periods)} are expected. The file is cut off; get it again."
            )
        dimensions = dict(zip(names, codes, strict=True))
        for period, cell in zip(periods, values, strict=True):
            yield f"row {number}", dimensions, period.strip(), cell.strip()


def _json_stat(path: Path) -> Iterator[Point]:
    content = tables.document(path)
    try:
        names: list[str] = content["id"]
        codes = [_codes(content["dimension"][name]["category"]["index"]) for name in names]
        values: Any = content["value"]
        status: Any = content.get("status", {})
    except (KeyError, TypeError) as error:
        raise tables.ReadError(
            f"{path.name}: no JSON-stat 2.0 ({error} is missing). Get it again."
        ) from error
    if [len(found) for found in codes] != list(content.get("size", [])):
        raise tables.ReadError(f"{path.name}: 'size' and the dimensions disagree. Get it again.")
    for place, combination in enumerate(itertools.product(*codes)):
        value = _at(values, place)
        if value is not None:
            named = dict(zip(names, combination, strict=True))
            period = named.pop("time", "")
            yield f"value {place}", named, period, f"{value} {_at(status, place) or ''}".strip()


def _codes(index: Any) -> list[str]:
    return list(index) if isinstance(index, list) else sorted(index, key=lambda code: int(index[code]))


def _at(values: Any, place: int) -> Any:
    """JSON-stat lists its values, or numbers only those that exist."""
    if isinstance(values, list):
        return values[place] if place < len(values) else None
    return values.get(str(place)) if isinstance(values, Mapping) else None


def split(cell: str) -> tuple[float | None, list[str]]:
    """Value and flags of a cell: ``4700 p`` is 4700, provisional."""
    words, _, letters = cell.partition(" ")
    value = cells.number(words)
    return value, [FLAGS[letter] for letter in letters.strip() if letter in FLAGS]


def _row(file: str, where: str, dimensions: Mapping[str, str], period: str, cell: str) -> rows.Row | None:
    geo = dimensions.get("geo", "")
    country = countries.from_code(geo[:2])
    if (
        country is None
        or len(geo) != 5
        or geo.endswith(NO_REGION)
        or not period.isdecimal()
        or int(period) < FIRST_YEAR
    ):
        return None
    unit = dimensions.get("unit", "")
    if "age" in dimensions:
        if dimensions.get("sex") != "T" or dimensions["age"] != "TOTAL":
            return None
        source, indicator, ours = POPULATION_ID, "population_nuts3_count", "persons"
    elif unit in GDP_UNITS:
        source, (indicator, ours) = GDP_ID, GDP_UNITS[unit]
    else:
        return None
    try:
        value, flags = split(cell)
    except ValueError as error:
        raise tables.ReadError(
            f"{file}, {where}, {geo} {period}: {cell!r} - {error}. Get the file again."
        ) from error
    if value is None or math.isnan(value):
        return None
    reason = None
    if country == "TR" and "EUR" in unit and "PPS" not in unit:
        flags.append("exchange_rate")
        reason = "moves with the exchange rate of the lira"
    return rows.make(
        "indicators",
        source_id=source,
        source_place_key=geo,
        country_iso2=country,
        geo_level="nuts3",
        geo_code=geo,
        indicator_id=indicator,
        year=int(period),
        value=value,
        unit=ours,
        quality_id="official_statistic",
        flags=";".join(flags) or None,
        flag_reason=reason,
        source_ref=f"{file} {where}",
    )
