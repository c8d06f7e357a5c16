"""Denmark: greenhouse gases per municipality in tonnes CO2e, national method of the Danish Energy Agency.

JSON of all 98 municipalities: ``kommuner`` with ``kommuneKode``, ``kommuneNavn``, ``years``,
``samletUdledning`` (total) and ``sektorer`` (five lists), each list as long as ``years``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.sources import cells, rows, sector_words, tables

SOURCE_ID = "dk_klimaregnskabet"
SECTORS = sector_words.sectors("dk_klimaregnskabet")


def read(path: Path) -> Iterator[rows.Row]:
    content = tables.document(path)
    places = content.get("kommuner") if isinstance(content, dict) else None
    if not isinstance(places, list):
        raise tables.ReadError(f"{path.name}: the list 'kommuner' is missing. It is another file.")
    for place in places:
        yield from _place(path.name, place)


def _place(file: str, place: Any) -> Iterator[rows.Row]:
    try:
        code, name, years = place["kommuneKode"], place["kommuneNavn"], place["years"]
        series = {"total": ("samletUdledning", place["samletUdledning"])}
        series |= {SECTORS[words]: (words, place["sektorer"][words]) for words in SECTORS}
    except (KeyError, TypeError) as error:
        raise tables.ReadError(f"{file}: a municipality lacks {error}. Get the file again.") from error
    for sector, (words, values) in series.items():
        if len(values) != len(years):
            raise tables.ReadError(
                f"{file}, {name}, '{words}': {len(values)} values for {len(years)} years. Get the file again."
            )
        for year, cell in zip(years, values, strict=True):
            try:
                value = cells.number(cell)
            except ValueError as error:
                raise tables.ReadError(
                    f"{file}, {name} {year}, '{words}': {cell!r} - {error}. Get the file again."
                ) from error
            if value is not None:
                yield _row(file, str(code), str(name), int(year), sector, words, value)


def _row(file: str, code: str, name: str, year: int, sector: str, words: str, value: float) -> rows.Row:
    return rows.make(
        "emissions",
        source_id=SOURCE_ID,
        source_city_key=code,
        city_name=name,
        country_iso2="DK",
        year=year,
        inventory_kind="inventory",
        sector_id=sector,
        sector_level="total" if sector == "total" else "sector",
        source_sector=words,
        scope="1+2",
        gas_basis="CO2e",
        value=value,
        quality_id="official_statistic",
        source_ref=f"{file} {code} {year}",
    )
