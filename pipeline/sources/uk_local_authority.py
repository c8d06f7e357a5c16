"""United Kingdom: carbon dioxide per local authority and year, end-user basis, in kilotonnes.

Two shapes are read: the long CSV with the unit behind a colon in each header (mySociety's edition of the
2005-2020 statistics), and the official workbook, sheet ``1_1`` (greenhouse gases) or ``1_2`` (carbon
dioxide), whose header stands in row 5. ``[x]`` means not available. 1 kt = 1000 t. The workbook's nine-sign
codes are not those of the CSV; an upload finds its places by name then (`account.by_name`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.sources import account, rows, sector_words, tables

SOURCE_ID = "uk_local_authority"
KT = 1000.0
MISSING = frozenset({"", "[x]", "x", ":"})

# Column of the CSV without its unit -> sector id; the workbook's headers carry the same words.
SECTORS = {**sector_words.sectors("uk_local_authority"), "Total Emissions": "total"}
WORKBOOK_TOTALS = ("Grand Total", "Total Emissions")
CSV_UNIT = "kt CO2"
CODE, NAME, YEAR = "local-authority-code", "official-name", "Year"
POPULATION = "Population:000s"
SHEETS = ("1_1", "1_2")
BASE = ("Local Authority Code", "Local Authority", "Calendar Year")
HEADER_ROWS_ABOVE = 4


def read(path: Path, kept: account.Account | None = None) -> Iterator[rows.Row]:
    """Rows of either shape, told apart by the file's first bytes."""
    kept = kept or account.Account()
    return _workbook(path, kept) if tables.is_workbook(path) else _csv(path, kept)


def _csv(path: Path, kept: account.Account) -> Iterator[rows.Row]:
    columns = {f"{words}:{CSV_UNIT}": sector for words, sector in SECTORS.items()}
    for line in tables.delimited(path, (YEAR, CODE, NAME, POPULATION, *columns)):
        yield from kept.row(line, _csv_row(line, columns, kept))


def _csv_row(line: tables.Line, columns: Mapping[str, str], kept: account.Account) -> Iterator[rows.Row]:
    if not kept.follows(line, line.text(CODE)):
        return
    people = line.number(POPULATION, MISSING)
    for column, sector in columns.items():
        value = line.number(column, MISSING)
        if value is not None:
            yield _row(
                line, line.text(CODE), line.text(NAME), sector, column.split(":")[0], value, people, "CO2"
            )


def _workbook(path: Path, kept: account.Account) -> Iterator[rows.Row]:
    """Sheet 1_1 holds greenhouse gases and 1_2 carbon dioxide; the same edition has both, 1_1 is taken."""
    for line in tables.sheet(path, SHEETS[0], BASE, HEADER_ROWS_ABOVE, SHEETS[1:]):
        yield from kept.row(line, _workbook_row(line, kept))


def _workbook_row(line: tables.Line, kept: account.Account) -> Iterator[rows.Row]:
    code, name = line.text(BASE[0]), line.text(BASE[1])
    if not code or name.casefold().endswith("total"):
        kept.refuse(line, account.NO_PLACE)
        return
    code = kept.key_of(code, name)
    if not kept.follows(line, code):
        return
    gas = "CO2e" if line.sheet == SHEETS[0] else "CO2"
    column = "Population ('000s, mid-year estimate)"
    people = line.number(column, MISSING) if column in line.named else None
    totals = [total for total in WORKBOOK_TOTALS if total in line.named]
    if not totals:
        raise line.fail(WORKBOOK_TOTALS[0], "the column is missing", "Compare the sheet with the reader")
    for words, sector in SECTORS.items():
        wanted = totals[0] if sector == "total" else words
        if wanted in line.named:
            value = line.number(wanted, MISSING)
            if value is not None:
                yield _row(line, code, name, sector, wanted, value, people, gas)


def _row(
    line: tables.Line,
    code: str,
    name: str,
    sector: str,
    words: str,
    value_kt: float,
    thousands: float | None,
    gas: str,
) -> rows.Row:
    year = line.year(YEAR if YEAR in line.named else "Calendar Year")
    return rows.make(
        "emissions",
        source_id=SOURCE_ID,
        source_city_key=code,
        city_name=name,
        country_iso2="GB",
        year=year,
        inventory_kind="inventory",
        sector_id=sector,
        sector_level="total" if sector == "total" else "sector",
        source_sector=words,
        scope="end_user_1+2",
        gas_basis=gas,
        value=value_kt * KT,
        quality_id="official_statistic",
        population_count=None if thousands is None else round(thousands * 1000),
        note="kt converted to t",
        source_ref=f"{line.file} row {line.row}",
    )
