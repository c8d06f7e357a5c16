"""CDP-ICLEI: emissions that cities reported for their whole area, in tonnes CO2e as written by the city.

CSV of one disclosure year. Headers change yearly: 2016 and 2017 have layouts of their own, 2018 has that of
2019 and 2020 that of 2021; some begin with zero-width signs. From 2018 on cities report either in the common
framework, where power stations feeding the grid stand apart, or scopes 1 to 3, or the Global Protocol's BASIC
and BASIC+; before, one total whose scope the questionnaire left open. They never mix. A 0 in a total means
"not given" in this file and is left out. A reporting period counts for the year it ends in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.sources import account, countries, rows, tables

SOURCE_ID = "cdp_citywide_2016_2021"
WITHOUT_GRID, WITH_GRID = "excl_grid_generation", "total"
"""Series keys: without the power stations that feed the grid, and as the city sums it."""

EXCLUDED = "Total emissions (excluding generation of grid-supplied energy)"
# Edition -> column -> (our scope, series key).
COLUMNS_2019 = {
    f"Direct emissions/ Scope 1 (metric tonnes CO2e) for {EXCLUDED}": ("1", WITHOUT_GRID),
    f"Indirect emissions from use of grid supplied energy/Scope 2 (metric tonnes CO2e) for {EXCLUDED}": (
        "2",
        WITHOUT_GRID,
    ),
    f"Emissions occurring outside city boundary/ Scope 3 (metric tonnes CO2e) for {EXCLUDED}": (
        "3",
        WITHOUT_GRID,
    ),
    "Total Scope 1 Emissions (metric tonnes CO2e)": ("1", WITH_GRID),
    "Total Scope 2 Emissions (metric tonnes CO2e)": ("2", WITH_GRID),
    "Total Scope 3 emissions (metric tonnes CO2e)": ("3", WITH_GRID),
    "Total BASIC Emissions (GPC)": ("BASIC", WITH_GRID),
    "Total BASIC+ Emissions (GPC)": ("BASIC+", WITH_GRID),
}
COLUMNS_2021 = {
    f"Direct emissions (metric tonnes CO2e) for {EXCLUDED}": ("1", WITHOUT_GRID),
    "Indirect emissions from use of grid supplied energy (metric tonnes CO2e) for Total Emissions "
    "(excluding generation of grid-supplied energy)": ("2", WITHOUT_GRID),
    "Emissions occurring outside city boundary (metric tonnes CO2e) for Total Emissions "
    "(excluding generation of grid-supplied energy)": ("3", WITHOUT_GRID),
    "TOTAL Scope 1 Emissions (metric tonnes CO2e)": ("1", WITH_GRID),
    "TOTAL Scope 2 emissions (metric tonnes CO2e)": ("2", WITH_GRID),
    "TOTAL Scope 3 Emissions": ("3", WITH_GRID),
    "TOTAL BASIC Emissions (GPC)": ("BASIC", WITH_GRID),
    "TOTAL BASIC+ Emissions (GPC)": ("BASIC+", WITH_GRID),
}
_SCOPES_1_AND_2 = {
    "Total Scope 1 Emissions (metric tonnes CO2e)": ("1", WITH_GRID),
    "Total Scope 2 Emissions (metric tonnes CO2e)": ("2", WITH_GRID),
}
COLUMNS_2017 = {"Total emissions (metric tonnes CO2e)": ("reported_total", WITH_GRID), **_SCOPES_1_AND_2}
COLUMNS_2016 = {
    "Total City-wide Emissions (metric tonnes CO2e)": ("reported_total", WITH_GRID),
    **_SCOPES_1_AND_2,
}
EDITIONS = {2019: COLUMNS_2019, 2021: COLUMNS_2021, 2017: COLUMNS_2017, 2016: COLUMNS_2016}
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
OLD_NAMES = {
    "Account number": "Account Number",
    "Reporting Year": "Year Reported to CDP",
    "Reporting year": "Year Reported to CDP",
    "City Name": "Organization",
    "City Short Name": "City",
    "Measurement Year": "Accounting Year",
    "Gases included": "Gases Included",
    "Current Population": "Population",
}
"""Headers of 2016 and 2017 -> those of later years."""

BOUNDARY = "Inventory boundary (compared to Administrative city boundary)"
PARTLY = ("smaller", "partial")
"""How the boundary of an inventory begins that leaves out part of the city (2020 and 2021)."""


def read(path: Path, kept: account.Account | None = None) -> Iterator[rows.Row]:
    kept = kept or account.Account()
    for line in tables.delimited(path, NEEDED, rename=_today):
        yield from kept.row(line, _city(line, _columns(line), kept))


def _today(column: str) -> str:
    return OLD_NAMES.get(column, column)


def _city(
    line: tables.Line, columns: Mapping[str, tuple[str, str]], kept: account.Account
) -> Iterator[rows.Row]:
    country = countries.from_name(line.text("Country"))
    period = next(name for name in PERIODS if name in line.named)
    if country is None:
        kept.refuse(line, account.COUNTRY_OUTSIDE)
    elif kept.follows(line, _key(line)) and line.text(period) not in ("", "-"):
        partly = line.text(BOUNDARY).casefold().startswith(PARTLY)
        found = _inventory(line, country, line.year(period), columns)
        yield from found if kept.is_whole_city(line, BOUNDARY, partly) else ()


def _key(line: tables.Line) -> str:
    return f"CDP:{line.text('Account Number')}"


def _columns(line: tables.Line) -> Mapping[str, tuple[str, str]]:
    """The edition's columns, told by the header; a header of neither edition is a fault."""
    for columns in EDITIONS.values():
        if all(column in line.named for column in columns):
            return columns
    missing = [column for column in COLUMNS_2021 if column not in line.named]
    raise tables.ReadError(
        f"{line.file}, row 1: column '{missing[0]}' is missing. The layouts of 2016, 2017, 2019 and 2021 are "
        "known; compare the header with the reader.",
        tables.Bad("official_column_missing", row=1, column=missing[0]),
    )


def _inventory(
    line: tables.Line, country: str, year: int, columns: Mapping[str, tuple[str, str]]
) -> Iterator[rows.Row]:
    parts: dict[str, float] = {}
    for column, (scope, series) in columns.items():
        value = line.number(column)
        if value is None or value == 0:
            continue
        if series == WITHOUT_GRID:
            parts[scope] = value
        yield _row(line, country, year, scope, series, value, None)
    if "1" in parts and "2" in parts:
        scopes = "1+2+3" if "3" in parts else "1+2"
        yield _row(line, country, year, scopes, WITHOUT_GRID, sum(parts.values()), "computed_sum")


def _row(
    line: tables.Line,
    country: str,
    year: int,
    scope: str,
    series: str,
    value: float,
    flags: str | None,
) -> rows.Row:
    return rows.make(
        "emissions",
        source_id=SOURCE_ID,
        source_city_key=_key(line),
        city_name=line.text("City") or line.text("Organization"),
        country_iso2=country,
        year=year,
        inventory_kind="inventory",
        sector_id="total",
        sector_level="total",
        source_sector="total without power fed to the grid" if series == WITHOUT_GRID else "total",
        series_key=series,
        scope=scope,
        gas_basis="CO2" if line.text("Gases Included") == "CO2" else "CO2e",
        value=value,
        quality_id="self_reported",
        population_count=line.whole("Population"),
        flags=flags,
        note=f"reported in {line.text('Year Reported to CDP')}",
        source_ref=f"{line.file} row {line.row}",
    )
