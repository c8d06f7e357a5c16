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
from pipeline.sources import account, cells, rows, sector_words, tables

SOURCE_ID = "smhi_klimatkollen"
SECTORS = sector_words.sectors("smhi_klimatkollen")


def read(path: Path, kept: account.Account | None = None) -> Iterator[rows.Row]:
    """For the account, a row of this file is one municipality and year, counted from 1."""
    kept = kept or account.Account()
    places = tables.document(path)
    if not isinstance(places, list):
        raise tables.ReadError(f"{path.name}: a list of municipalities is expected. It is another file.")
    count = 0
    for index, place in enumerate(places):
        name = place.get("name") if isinstance(place, dict) else None
        if not name or not isinstance(place.get("sectors"), dict):
            raise tables.ReadError(f"{path.name}, entry {index} has no 'name' or 'sectors'. Get it again.")
        for year, sectors in sorted(place["sectors"].items()):
            count += 1
            given = sectors if isinstance(sectors, dict) else {}
            line = tables.Line(path.name, "", count, {**given, "year": year})
            yield from kept.row(line, _year(line, str(name), year, sectors, kept))


def _year(line: tables.Line, name: str, year: str, sectors: Any, kept: account.Account) -> Iterator[rows.Row]:
    if not kept.follows(line, _key(name)):
        return
    where = f"{name} {year}"
    if not isinstance(sectors, dict):
        raise tables.ReadError(
            f"{line.file}, {where}: sectors are expected. Get the file again.",
            tables.Bad("official_word_unknown", where, value=cells.text(sectors)),
        )
    found: dict[str, float] = {}
    for words in sectors:
        if words not in SECTORS:
            raise tables.ReadError(
                f"{line.file}, {where}: sector '{words}' is not known{nearest(words, SECTORS)}. "
                "Add it to the reader.",
                tables.Bad("official_word_unknown", where, value=words),
            )
        try:
            value = cells.number(sectors[words])
        except (ValueError, OverflowError) as error:
            raise tables.ReadError(
                f"{line.file}, {where}, sector '{words}': {sectors[words]!r} - {error}. Get the file again.",
                tables.Bad("official_no_number", where, 0, words, cells.text(sectors[words]), str(error)),
            ) from error
        if value is not None:
            found[words] = value
    for words, value in found.items():
        yield _row(line, name, SECTORS[words], words, value)
    if len(found) == len(SECTORS):
        yield _row(line, name, "total", "total as published", sum(found.values()))


def _key(name: str) -> str:
    return f"SE|{name}"


def _row(line: tables.Line, name: str, sector: str, words: str, value: float) -> rows.Row:
    return rows.make(
        "emissions",
        source_id=SOURCE_ID,
        source_city_key=_key(name),
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
