"""C40 cities: inventories by the Global Protocol (GPC), version of May 2023, in tonnes CO2e.

Workbook, sheet ``GHG Dashboard Data - Inventory``: one row a city and year. Column names hold line breaks,
``Year`` may be a period in words (``Year_calendar`` is used) and cells hold the protocol's notation keys:
NE not estimated, NO not occurring, IE included elsewhere, C confidential. A key is no number: the cell is
left out, also for NO. A city's total is taken at the level its inventory states, BASIC or BASIC+.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.sources import account, countries, rows, tables

SOURCE_ID = "c40_gpc_2023"
SHEET = "GHG Dashboard Data - Inventory"
NOTATION_KEYS = frozenset({"", "ne", "no", "ie", "c"})

# Level -> column -> (sector id, source's wording). The columns' line breaks are already blanks here.
BASIC = {
    "BASIC": "total",
    "BASIC Stationary": "stationary_energy_buildings",
    "BASIC Transport": "transport",
    "BASIC Waste": "waste",
}
BASIC_PLUS = {
    "BASIC+": "total",
    "BASIC+ IPPU": "ippu_industry",
    "BASIC+ AFOLU": "afolu",
}
TERRITORIAL = {"Territorial": "total"}
NEEDED = (
    "City", "Country", "Boundary", "Year_calendar", "Level", "Population", *BASIC, *BASIC_PLUS, *TERRITORIAL,
)  # fmt: skip
BOUNDARIES = {
    "city / municipality": "administrative",
    "administrative boundary of a local government": "administrative",
    "a metropolitan area": "metropolitan",
    "a greater city / metropolitan area": "metropolitan",
}


def read(path: Path, kept: account.Account | None = None) -> Iterator[rows.Row]:
    """Rows of the cities in the countries compared here; other countries are passed over."""
    kept = kept or account.Account()
    for line in tables.sheet(path, SHEET, NEEDED):
        yield from kept.row(line, _city(line, kept))


def _city(line: tables.Line, kept: account.Account) -> Iterator[rows.Row]:
    country = countries.from_name(line.text("Country"))
    if country is None:
        kept.refuse(line, account.COUNTRY_OUTSIDE)
    elif kept.follows(line, _key(line, country)):
        yield from _inventory(line, country)


def _key(line: tables.Line, country: str) -> str:
    return f"{country}|{line.text('City')}"


def _inventory(line: tables.Line, country: str) -> Iterator[rows.Row]:
    level = line.text("Level")
    if level not in ("BASIC", "BASIC+"):
        raise line.fail("Level", "the level is neither BASIC nor BASIC+")
    chosen = [("BASIC", BASIC), ("territorial", TERRITORIAL)]
    if level == "BASIC+":
        chosen.append(("BASIC+", BASIC_PLUS))
    for scope, columns in chosen:
        for column, sector in columns.items():
            value = line.number(column, NOTATION_KEYS)
            if value is not None and not (value == 0 and sector != "total"):
                yield _row(line, country, scope, column, sector, value)


def _level(scope: str, sector: str) -> str:
    """BASIC+ prints only what it adds to BASIC, so its sectors do not add up to its total."""
    if sector == "total":
        return "total"
    return "sub_sector" if scope == "BASIC+" else "sector"


def _row(line: tables.Line, country: str, scope: str, column: str, sector: str, value: float) -> rows.Row:
    name = line.text("City")
    boundary = " ".join(line.text("Boundary").split()).casefold()
    return rows.make(
        "emissions",
        source_id=SOURCE_ID,
        source_city_key=_key(line, country),
        city_name=name,
        country_iso2=country,
        year=line.year("Year_calendar"),
        inventory_kind="inventory",
        sector_id=sector,
        sector_level=_level(scope, sector),
        source_sector=column,
        scope=scope,
        gas_basis="CO2e",
        value=round(value, 2),
        boundary_id=BOUNDARIES.get(boundary, "administrative"),
        quality_id="reviewed",
        population_count=line.whole("Population", NOTATION_KEYS),
        source_ref=f"{line.file} row {line.row}",
    )
