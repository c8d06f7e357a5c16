"""CDP-ICLEI: emissions that cities reported for their whole area, in tonnes CO2e as written by the city.

CSV of one disclosure year. Headers change yearly (2019 and 2021 are read); some begin with zero-width
signs. Cities report either in the common framework, where power stations feeding the grid stand apart, or
scopes 1 to 3, or the Global Protocol's BASIC and BASIC+. The three never mix. A 0 in a total means "not
given" in this file and is left out. A reporting period counts for the year it ends in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.sources import countries, rows, tables

SOURCE_ID = "cdp_citywide_2016_2021"
EXCLUDED = "Total emissions (excluding generation of grid-supplied energy)"
# Edition -> column -> (our scope, sector id). `total_excl_grid_generation` leaves out power fed to the grid.
COLUMNS_2019 = {
    f"Direct emissions/ Scope 1 (metric tonnes CO2e) for {EXCLUDED}": ("1", "total_excl_grid_generation"),
    f"Indirect emissions from use of grid supplied energy/Scope 2 (metric tonnes CO2e) for {EXCLUDED}": (
        "2",
        "total_excl_grid_generation",
    ),
    f"Emissions occurring outside city boundary/ Scope 3 (metric tonnes CO2e) for {EXCLUDED}": (
        "3",
        "total_excl_grid_generation",
    ),
    "Total Scope 1 Emissions (metric tonnes CO2e)": ("1", "total"),
    "Total Scope 2 Emissions (metric tonnes CO2e)": ("2", "total"),
    "Total Scope 3 emissions (metric tonnes CO2e)": ("3", "total"),
    "Total BASIC Emissions (GPC)": ("BASIC", "total"),
    "Total BASIC+ Emissions (GPC)": ("BASIC+", "total"),
}
COLUMNS_2021 = {
    f"Direct emissions (metric tonnes CO2e) for {EXCLUDED}": ("1", "total_excl_grid_generation"),
    "Indirect emissions from use of grid supplied energy (metric tonnes CO2e) for Total Emissions "
    "(excluding generation of grid-supplied energy)": ("2", "total_excl_grid_generation"),
    "Emissions occurring outside city boundary (metric tonnes CO2e) for Total Emissions "
    "(excluding generation of grid-supplied energy)": ("3", "total_excl_grid_generation"),
    "TOTAL Scope 1 Emissions (metric tonnes CO2e)": ("1", "total"),
    "TOTAL Scope 2 emissions (metric tonnes CO2e)": ("2", "total"),
    "TOTAL Scope 3 Emissions": ("3", "total"),
    "TOTAL BASIC Emissions (GPC)": ("BASIC", "total"),
    "TOTAL BASIC+ Emissions (GPC)": ("BASIC+", "total"),
}
NEEDED = (
    "Year Reported to CDP",
    "Account Number",
    "Organization",
    "City",
    "Country",
    "Gases Included",
    "Population",
)
PERIODS = ("Accounting Year", "Accounting year")
SAME_AREA = "same"


def read(path: Path) -> Iterator[rows.Row]:
    for line in tables.delimited(path, NEEDED):
        columns = _columns(line)
        country = countries.from_name(line.text("Country"))
        period = next(name for name in PERIODS if name in line.named)
        if country is None or line.text(period) in ("", "-"):
            continue
        yield from _inventory(line, country, line.year(period), columns)


def _columns(line: tables.Line) -> Mapping[str, tuple[str, str]]:
    """The edition's columns, told by the header; a header of neither edition is a fault."""
    for columns in (COLUMNS_2019, COLUMNS_2021):
        if all(column in line.named for column in columns):
            return columns
    missing = [column for column in COLUMNS_2021 if column not in line.named]
    raise tables.ReadError(
        f"{line.file}, row 1: column '{missing[0]}' is missing. The layouts of 2019 and 2021 are known; "
        "compare the header with the reader."
    )


def _inventory(
    line: tables.Line, country: str, year: int, columns: Mapping[str, tuple[str, str]]
) -> Iterator[rows.Row]:
    parts: dict[str, float] = {}
    for column, (scope, sector) in columns.items():
        value = line.number(column)
        if value is None or value == 0:
            continue
        if sector != "total":
            parts[scope] = value
        yield _row(line, country, year, scope, sector, column, value, None)
    if "1" in parts and "2" in parts:
        scopes = "1+2+3" if "3" in parts else "1+2"
        words = f"sum of scopes {', '.join(sorted(parts))} without power fed to the grid"
        total = sum(parts.values())
        yield _row(line, country, year, scopes, "total_excl_grid_generation", words, total, "computed_sum")


def _row(
    line: tables.Line,
    country: str,
    year: int,
    scope: str,
    sector: str,
    words: str,
    value: float,
    flags: str | None,
) -> rows.Row:
    return rows.make(
        "emissions",
        source_id=SOURCE_ID,
        source_city_key=f"CDP:{line.text('Account Number')}",
        city_name=line.text("City") or line.text("Organization"),
        country_iso2=country,
        year=year,
        inventory_kind="inventory",
        sector_id=sector,
        sector_level="total",
        source_sector=words,
        scope=scope,
        gas_basis="CO2" if line.text("Gases Included") == "CO2" else "CO2e",
        value=value,
        quality_id="self_reported",
        population_count=line.whole("Population"),
        flags=flags,
        note=f"reported in {line.text('Year Reported to CDP')}",
        source_ref=f"{line.file} row {line.row}",
    )
