"""Global Covenant of Mayors (MyCovenant, European Commission JRC): emissions and energy per inventory.

Two shapes are read:

* the 2019 data set (one sheet ``CoM_dataset2019_allinitial``): a row per inventory, sector and direct or
  indirect, keyed by ``GCoM_ID``; it holds no city names;
* the 4th and 5th release, file df3 Monitoring: sheet ``3`` names the report, sheet ``3D_1`` holds year,
  population, energy carrier, energy and emissions. ``-`` and ``null`` are missing there.

Emissions are tonnes (CO2e with the factors of IPCC, or life-cycle factors: CO2e_LCA), energy MWh a year.
A total is the sum of an inventory's sectors and says so by the flag ``computed_sum``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from pipeline.sources import account, countries, rows, sector_words, tables

SOURCE_ID = "gcom_mycovenant_2019"
SHEET_2019 = "CoM_dataset2019_allinitial"
SHEET_REPORT, SHEET_MONITORING = "3", "3D_1"
SECTORS = sector_words.sectors("gcom_mycovenant_2019")
TOTAL = "total_covenant_sectors"
BOTH = "direct+indirect"
TYPES = {"direct_emissions": "direct", "indirect_emissions": "indirect"}
KINDS = {"baseline_emission_inventory": "baseline", "monitoring_emission_inventory": "monitoring"}
NEEDED_2019 = (
    "GCoM_ID", "emission_inventory_id", "emission_inventory_sector", "type_of_emissions",
    "type_of_emission_inventory", "inventory_year", "population_in_the_inventory_year",
    "activity_data_reporting_unit", "activity_data", "emission_factor_type", "emissions",
)  # fmt: skip
NEEDED_MONITORING = (
    "monitoring_report_id", "inventory_year", "population_in_the_inventory_year", "aggregated_carrier",
    "energy_measure", "emission_measure",
)  # fmt: skip


@dataclass(slots=True)
class Inventory:
    """One inventory: what its rows have in common, and its emissions and energy by sector and scope."""

    common: dict[str, rows.Cell]
    emissions: list[tuple[str, str, float, int]] = field(default_factory=list)
    energy: list[tuple[str, str, float, int]] = field(default_factory=list)

    def series_key(self, scope: str) -> str:
        """The sectors a scope covers, as `mun+res+tra`: comparable where these are the same."""
        covered = {SECTORS[words][:3] for words, found, *_ in self.emissions if scope in (found, BOTH)}
        return "+".join(sorted(covered))


def read(path: Path, kept: account.Account | None = None) -> Iterator[rows.Row]:
    """Rows of either shape; the sheets tell which it is."""
    try:
        names = openpyxl.load_workbook(path, read_only=True).sheetnames
    except Exception as error:
        raise tables.ReadError(f"{path.name} is no .xlsx workbook ({error}). Get it again.") from error
    kept = kept or account.Account()
    return _monitoring(path, kept) if SHEET_MONITORING in names else _data_set_2019(path, kept)


def _data_set_2019(path: Path, kept: account.Account) -> Iterator[rows.Row]:
    """The rows of an inventory stand or fall together: without one of them its sums would be too small."""
    inventories: dict[str, Inventory] = {}
    for line in tables.sheet(path, SHEET_2019, NEEDED_2019):
        number = line.text("emission_inventory_id")
        for words, scope, column, value in kept.row(line, _cells(line, number, inventories, kept), number):
            found = inventories[number]
            into = found.emissions if column == "emissions" else found.energy
            into.append((words, scope, value, line.row))
    for number, found in inventories.items():
        if kept.stands(number):
            yield from _rows(found)


def _cells(
    line: tables.Line, number: str, inventories: dict[str, Inventory], kept: account.Account
) -> Iterator[tuple[str, str, str, float]]:
    """Sector, scope, column and figure of each filled cell; opens the inventory with its first row."""
    key = line.text("GCoM_ID")
    country = countries.from_code(key[:2])
    if country is None:
        kept.refuse(line, account.COUNTRY_OUTSIDE)
        return
    if not kept.follows(line, key):
        return
    words = line.text("emission_inventory_sector")
    if words not in SECTORS:
        raise line.fail("emission_inventory_sector", "the sector is not known", "Add it to the reader")
    scope = TYPES.get(line.text("type_of_emissions"))
    kind = KINDS.get(line.text("type_of_emission_inventory"))
    if scope is None or kind is None:
        column = "type_of_emissions" if scope is None else "type_of_emission_inventory"
        raise line.fail(column, "the word is not known", "Add it to the reader")
    found = inventories.setdefault(number, Inventory(_common(line, key, country, kind)))
    for column, before in (("emissions", found.emissions), ("activity_data", found.energy)):
        value = line.number(column)
        if value is not None:
            kept.once(line, column, all((words, scope) != (old, of) for old, of, *_ in before))
            yield words, scope, column, value


def _count(found: Inventory, scope: str) -> str:
    return f"sum of {len(found.series_key(scope).split('+'))} sectors"


def _common(line: tables.Line, key: str, country: str, kind: str) -> dict[str, rows.Cell]:
    return {
        "source_city_key": key,
        "country_iso2": country,
        "year": line.year("inventory_year"),
        "inventory_kind": kind,
        "gas_basis": "CO2e_LCA" if line.text("emission_factor_type") == "LCA" else "CO2e",
        "population_count": line.whole("population_in_the_inventory_year"),
    }


def _rows(found: Inventory) -> Iterator[rows.Row]:
    """The inventory's rows as printed, then sums: per sector, and over all sectors."""
    common = found.common
    sums: dict[tuple[str, str], float] = {}
    for words, scope, value, at in found.emissions:
        own = common | {"source_ref": f"row {at}", "series_key": found.series_key(scope)}
        yield _emission(own, SECTORS[words], words, scope, value, at=at)
        for key in ((words, BOTH), (TOTAL, scope), (TOTAL, BOTH)):
            sums[key] = sums.get(key, 0.0) + value
    reference = f"inventory of {common['source_city_key']} {common['year']}"
    for (words, scope), value in sums.items():
        shown = _count(found, scope) if words == TOTAL else words
        sector = SECTORS.get(words, TOTAL)
        own = common | {"source_ref": reference, "series_key": found.series_key(scope)}
        yield _emission(own, sector, shown, scope, value, "computed_sum")
    for words, scope, value, at in found.energy:
        yield _energy(common | {"source_ref": f"row {at}"}, SECTORS[words], words, scope, value, at)


def _emission(
    common: dict[str, rows.Cell],
    sector: str,
    words: str,
    scope: str,
    value: float,
    flags: str | None = None,
    at: int = 0,
) -> rows.Row:
    return rows.make(
        "emissions",
        at=at,
        **common,
        source_id=SOURCE_ID,
        sector_id=sector,
        sector_level="total" if sector == TOTAL else "sector",
        source_sector=words,
        scope=scope,
        value=value,
        quality_id="self_reported",
        flags=flags,
    )


def _energy(
    common: dict[str, rows.Cell], sector: str, words: str, scope: str, value: float, at: int = 0
) -> rows.Row:
    shared = {column: cell for column, cell in common.items() if column != "gas_basis"}
    return rows.make(
        "energy",
        at=at,
        **shared,
        source_id=SOURCE_ID,
        sector_id=sector,
        source_sector=words,
        scope=scope,
        value=value,
    )


def _monitoring(path: Path, kept: account.Account) -> Iterator[rows.Row]:
    """One total per monitoring report and year: the sum over energy carriers, of energy and of emissions.

    The account is of the rows of `3D_1`; a row that cannot be read leaves its whole report without sums.
    """
    owners = {
        line.text("monitoring_report_id"): _owner(line)
        for line in tables.sheet(path, SHEET_REPORT, ("monitoring_report_id", "organisation_id"))
    }
    sums: dict[tuple[str, int], list[float | None]] = {}
    first: dict[tuple[str, int], dict[str, rows.Cell]] = {}
    for line in tables.sheet(path, SHEET_MONITORING, NEEDED_MONITORING):
        report = line.text("monitoring_report_id")
        for year, place, value in kept.row(line, _carrier(line, owners, first, kept), report):
            total = sums.setdefault((report, year), [None, None])
            total[place] = (total[place] or 0.0) + value
    for (report, year), (energy, emission) in sums.items():
        if not kept.stands(report):
            continue
        common = first[report, year]
        words = "sum of the energy carriers"
        if emission is not None:
            yield _emission(common, TOTAL, words, "direct+indirect", emission, "computed_sum")
        if energy is not None:
            yield _energy(common, TOTAL, words, "direct+indirect", energy)


def _carrier(
    line: tables.Line,
    owners: Mapping[str, tuple[str, str | None]],
    first: dict[tuple[str, int], dict[str, rows.Cell]],
    kept: account.Account,
) -> Iterator[tuple[int, int, float]]:
    """Year, 0 for energy or 1 for emissions, and figure of each filled cell."""
    report = line.text("monitoring_report_id")
    if report not in owners:
        raise line.fail("monitoring_report_id", f"sheet '{SHEET_REPORT}' has no such report")
    city, country = owners[report]
    if country is None:
        kept.refuse(line, account.COUNTRY_OUTSIDE)
        return
    if not kept.follows(line, city):
        return
    year = line.year("inventory_year")
    if (report, year) not in first:
        first[report, year] = {
            "source_city_key": city,
            "country_iso2": country,
            "year": year,
            "inventory_kind": "monitoring",
            "gas_basis": "CO2e",
            "population_count": line.whole("population_in_the_inventory_year"),
            "source_ref": f"{line.file} report {report}",
        }
    for place, column in enumerate(("energy_measure", "emission_measure")):
        value = line.number(column)
        if value is not None:
            yield year, place, value


def _owner(line: tables.Line) -> tuple[str, str | None]:
    """The city's GCoM id where the sheet has it, else its organisation id; and its country."""
    gcom_id = line.text("gcom_id") if "gcom_id" in line.named else ""
    country = line.text("country_code") if "country_code" in line.named else ""
    key = gcom_id if gcom_id not in ("", "-", "null") else f"organisation:{line.text('organisation_id')}"
    return key, countries.from_code(country or key[:2])
