"""Sweden: greenhouse gases per municipality and sector in tonnes CO2e, territorial (scope 1).

The national emission database as Klimatkollen publishes it in JSON: a list of
``{"name": municipality, "sectors": {year: {Swedish sector: tonnes}}}``. No total is printed; the sum of the
sectors is what the database shows as total, so the total row carries the flag ``computed_sum``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import nearest
from pipeline.sources import cells, rows, sector_words, tables

SOURCE_ID = "smhi_klimatkollen"
SECTORS = sector_words.sectors("smhi_klimatkollen")


def read(path: Path) -> Iterator[rows.Row]:
    places = tables.document(path)
    if not isinstance(places, list):
        raise tables.ReadError(f"{path.name}: a list of municipalities is expected. It is another file.")
    for index, place in enumerate(places):
        name = place.get("name") if isinstance(place, dict) else None
        if not name or not isinstance(place.get("sectors"), dict):
            raise tables.ReadError(f"{path.name}, entry {index} has no 'name' or 'sectors'. Get it again.")
        for year, sectors in sorted(place["sectors"].items()):
            yield from _year(path.name, str(name), year, sectors)


def _year(file: str, name: str, year: str, sectors: Any) -> Iterator[rows.Row]:
    line = tables.Line(file, "", 0, {"year": year, **sectors})
    found: dict[str, float] = {}
    for words in sectors:
        if words not in SECTORS:
            raise tables.ReadError(
                f"{file}, {name} {year}: sector '{words}' is not known{nearest(words, SECTORS)}. "
                "Add it to the reader."
            )
        try:
            value = cells.number(sectors[words])
        except ValueError as error:
            raise tables.ReadError(
                f"{file}, {name} {year}, sector '{words}': {sectors[words]!r} - {error}. Get the file again."
            ) from error
        if value is not None:
            found[words] = value
    for words, value in found.items():
        yield _row(line, name, SECTORS[words], words, value)
    if len(found) == len(SECTORS):
        yield _row(line, name, "total", "total as published", sum(found.values()))


def _row(line: tables.Line, name: str, sector: str, words: str, value: float) -> rows.Row:
    return rows.make(
        "emissions",
        source_id=SOURCE_ID,
        source_city_key=f"SE|{name}",
        city_name=name,
        country_iso2="SE",
        year=line.year("year"),
        inventory_kind="inventory",
        sector_id=sector,
        sector_level="total" if sector == "total" else "sector",
        source_sector=words,
        scope="1",
        gas_basis="CO2e",
        value=round(value, 2),
        quality_id="official_statistic",
        flags="computed_sum" if sector == "total" else None,
        source_ref=f"{line.file} {name} {line.text('year')}",
    )
