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

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from pipeline.sources import countries, rows, tables

SOURCE_ID = "gcom_mycovenant_2019"
SHEET_2019 = "CoM_dataset2019_allinitial"
SHEET_REPORT, SHEET_MONITORING = "3", "3D_1"
SECTORS = {
    "Municipal buildings and facilities": "municipal_buildings",
    "Institutional/tertiary buildings and facilities": "tertiary_buildings",
    "Residential buildings and facilities": "residential_buildings",
    "Transportation": "transport",
    "Manufacturing and construction industries": "industry_non_ets",
    "Waste/wastewater": "waste",
}
TOTAL = "total_covenant_sectors"
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
GROUPED_CODES = {"EL": "GR", "UK": "GB"}


@dataclass(slots=True)
class Inventory:
    """What the rows of one inventory have in common, and their sums per direct and indirect."""

    common: dict[str, rows.Cell]
    sums: dict[str, float] = field(default_factory=dict)
    sectors: set[str] = field(default_factory=set)


def read(path: Path) -> Iterator[rows.Row]:
    """Rows of either shape; the sheets tell which it is."""
    try:
        names = openpyxl.load_workbook(path, read_only=True).sheetnames
    except Exception as error:
        raise tables.ReadError(f"{path.name} is no .xlsx workbook ({error}). Get it again.") from error
    return _monitoring(path) if SHEET_MONITORING in names else _data_set_2019(path)


def _data_set_2019(path: Path) -> Iterator[rows.Row]:
    inventories: dict[str, Inventory] = {}
    for line in tables.sheet(path, SHEET_2019, NEEDED_2019):
        key = line.text("GCoM_ID")
        country = countries.from_code(key[:2])
        if country is None:
            continue
        words = line.text("emission_inventory_sector")
        if words not in SECTORS:
            raise line.fail("emission_inventory_sector", "the sector is not known", "Add it to the reader")
        scope = TYPES.get(line.text("type_of_emissions"))
        kind = KINDS.get(line.text("type_of_emission_inventory"))
        if scope is None or kind is None:
            column = "type_of_emissions" if scope is None else "type_of_emission_inventory"
            raise line.fail(column, "the word is not known", "Add it to the reader")
        common: dict[str, rows.Cell] = {
            "source_city_key": key,
            "country_iso2": country,
            "year": line.year("inventory_year"),
            "inventory_kind": kind,
            "gas_basis": "CO2e_LCA" if line.text("emission_factor_type") == "LCA" else "CO2e",
            "population_count": line.whole("population_in_the_inventory_year"),
            "source_ref": f"{line.file} row {line.row}",
        }
        found = inventories.setdefault(
            line.text("emission_inventory_id"),
            Inventory(common | {"source_ref": f"inventory {line.text('emission_inventory_id')}"}),
        )
        value = line.number("emissions")
        if value is not None:
            found.sums[scope] = found.sums.get(scope, 0.0) + value
            found.sectors.add(words)
            yield _emission(common, SECTORS[words], words, scope, value)
        energy = line.number("activity_data")
        if energy is not None:
            yield _energy(common, SECTORS[words], words, scope, energy)
    for found in inventories.values():
        yield from _totals(found)


def _totals(found: Inventory) -> Iterator[rows.Row]:
    words = f"sum of {len(found.sectors)} sectors"
    sums = dict(found.sums)
    if sums:
        sums["direct+indirect"] = sum(found.sums.values())
    for scope, value in sums.items():
        yield _emission(found.common, TOTAL, words, scope, value, "computed_sum")


def _emission(
    common: dict[str, rows.Cell], sector: str, words: str, scope: str, value: float, flags: str | None = None
) -> rows.Row:
    return rows.make(
        "emissions",
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


def _energy(common: dict[str, rows.Cell], sector: str, words: str, scope: str, value: float) -> rows.Row:
    shared = {column: cell for column, cell in common.items() if column != "gas_basis"}
    return rows.make(
        "energy",
        **shared,
        source_id=SOURCE_ID,
        sector_id=sector,
        source_sector=words,
        scope=scope,
        value=value,
    )


def _monitoring(path: Path) -> Iterator[rows.Row]:
    """One total per monitoring report and year: the sum over energy carriers, of energy and of emissions."""
    owners = {
        line.text("monitoring_report_id"): _owner(line)
        for line in tables.sheet(path, SHEET_REPORT, ("monitoring_report_id", "organisation_id"))
    }
    sums: dict[tuple[str, int], list[float | None]] = {}
    first: dict[tuple[str, int], tables.Line] = {}
    for line in tables.sheet(path, SHEET_MONITORING, NEEDED_MONITORING):
        report = line.text("monitoring_report_id")
        if report not in owners:
            raise line.fail("monitoring_report_id", f"sheet '{SHEET_REPORT}' has no such report")
        key = (report, line.year("inventory_year"))
        first.setdefault(key, line)
        total = sums.setdefault(key, [None, None])
        for place, column in enumerate(("energy_measure", "emission_measure")):
            value = line.number(column)
            if value is not None:
                total[place] = (total[place] or 0.0) + value
    for (report, year), (energy, emission) in sums.items():
        city, country = owners[report]
        if country is None:
            continue
        line = first[report, year]
        common: dict[str, rows.Cell] = {
            "source_city_key": city,
            "country_iso2": country,
            "year": year,
            "inventory_kind": "monitoring",
            "gas_basis": "CO2e",
            "population_count": line.whole("population_in_the_inventory_year"),
            "source_ref": f"{line.file} report {report}",
        }
        words = "sum of the energy carriers"
        if emission is not None:
            yield _emission(common, TOTAL, words, "direct+indirect", emission, "computed_sum")
        if energy is not None:
            yield _energy(common, TOTAL, words, "direct+indirect", energy)


def _owner(line: tables.Line) -> tuple[str, str | None]:
    """The city's GCoM id where the sheet has it, else its organisation id; and its country."""
    gcom_id = line.text("gcom_id") if "gcom_id" in line.named else ""
    country = line.text("country_code") if "country_code" in line.named else ""
    key = gcom_id if gcom_id not in ("", "-", "null") else f"organisation:{line.text('organisation_id')}"
    return key, countries.from_code(country or key[:2])
