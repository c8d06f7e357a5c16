"""Small files in the shapes that publishers use, made by hand."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from pipeline.sources import c40_gpc, cdp_citywide, gcom_mycovenant, uk_local_authority, who_aap

Table = Sequence[Sequence[object]]


def workbook(path: Path, sheets: Mapping[str, Table]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for name, table in sheets.items():
        page = book.create_sheet(name)
        for line in table:
            page.append(list(line))
    book.save(path)
    return path


def table(path: Path, lines: Table, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(lines)
    return path


def document(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def filled(header: Sequence[str], given: Mapping[str, object], other: object = "") -> list[object]:
    return [given.get(column, other) for column in header]


C40_HEADER = (
    "City",
    "Country",
    "Boundary",
    "Year",
    "Year_calendar",
    "Level",
    "Population",
    "BASIC",
    "BASIC Stationary",
    "BASIC Transport",
    "BASIC\nWaste",
    "BASIC+",
    "BASIC+ \nIPPU",
    "BASIC+ \nAFOLU",
    "Territorial",
    "City",
)
C40_ROW = {
    "City": "Testville",
    "Country": "The Netherlands",
    "Boundary": "\tCity / Municipality ",
    "Level": "BASIC",
    "Year": "01 January 2016 - 31 December 2016",
    "Year_calendar": "2016",
    "Population": 1000,
    "BASIC": 60.0,
    "BASIC Stationary": 30.0,
    "BASIC Transport": 20.0,
    "BASIC\nWaste": 10.0,
    "BASIC+": 60.0,
    "BASIC+ \nIPPU": "NE",
    "BASIC+ \nAFOLU": "NO",
    "Territorial": 40.0,
}


def c40(path: Path, sheet: str = c40_gpc.SHEET, **changed: object) -> Path:
    row = {**C40_ROW, **{column.replace("_", " "): value for column, value in changed.items()}, **changed}
    return workbook(path, {sheet: [C40_HEADER, filled(C40_HEADER, row)]})


def uk_csv(path: Path, **changed: object) -> Path:
    header = [
        "Year",
        "local-authority-code",
        "official-name",
        *(f"{words}:{uk_local_authority.CSV_UNIT}" for words in uk_local_authority.SECTORS),
        "Population:000s",
    ]
    row = {"Year": "2019", "local-authority-code": "TST", "official-name": "Test", "Population:000s": "2.5"}
    row |= {header[place]: str(place) for place in range(3, 11)} | {k: str(v) for k, v in changed.items()}
    return table(path, [header, filled(header, row)])


def uk_workbook(path: Path, sheet: str = "1_1", **changed: object) -> Path:
    header = [
        "Region",
        "Local Authority",
        "Local Authority Code",
        "Calendar Year",
        "Industry Total",
        "Domestic Total",
        "Transport Total",
        "Grand Total",
        "Population ('000s, mid-year estimate)",
    ]
    row = {
        "Local Authority": "Test",
        "Local Authority Code": "E1",
        "Calendar Year": 2021,
        "Industry Total": 1.5,
        "Domestic Total": "[x]",
        "Transport Total": 2,
        "Grand Total": 3.5,
        header[-1]: 10,
    }
    total = {"Local Authority": "Region Total", "Local Authority Code": "", "Calendar Year": 2021}
    blank: list[list[object]] = [["Table"], ["note"], ["note"], ["note"]]
    return workbook(
        path, {sheet: [*blank, header, filled(header, {**row, **changed}), filled(header, total)]}
    )


def gcom_2019(path: Path, sheet: str = gcom_mycovenant.SHEET_2019, **changed: object) -> Path:
    header = gcom_mycovenant.NEEDED_2019
    row = {
        "GCoM_ID": "LT0009",
        "emission_inventory_id": 7,
        "emission_inventory_sector": "Transportation",
        "type_of_emissions": "direct_emissions",
        "type_of_emission_inventory": "baseline_emission_inventory",
        "inventory_year": 2010,
        "population_in_the_inventory_year": 5000,
        "activity_data": 12,
        "activity_data_reporting_unit": "MWh/year",
        "emission_factor_type": "IPCC",
        "emissions": 100,
    }
    second = row | {"type_of_emissions": "indirect_emissions", "emissions": 20, "activity_data": "-"}
    second["emission_inventory_sector"] = "Residential buildings and facilities"
    return workbook(path, {sheet: [header, filled(header, {**row, **changed}), filled(header, second)]})


def gcom_monitoring(path: Path, **changed: object) -> Path:
    header = gcom_mycovenant.NEEDED_MONITORING
    row = {
        "monitoring_report_id": "m1",
        "inventory_year": 2021,
        "population_in_the_inventory_year": 5000,
        "aggregated_carrier": "electricity",
        "energy_measure": 10,
        "emission_measure": 5,
    }
    other = row | {"aggregated_carrier": "natural gas", "energy_measure": "-", "emission_measure": 7}
    empty = row | {"inventory_year": 2022, "energy_measure": "null", "emission_measure": "-"}
    owner = ("monitoring_report_id", "organisation_id", "gcom_id", "country_code")
    lines = [header, *(filled(header, each) for each in ({**row, **changed}, other, empty))]
    return workbook(path, {"3": [owner, ("m1", "o1", "LT0009", "lt")], "3D_1": lines})


def cdp(
    path: Path, columns: Mapping[str, tuple[str, str]] = cdp_citywide.COLUMNS_2021, **changed: object
) -> Path:
    period = cdp_citywide.PERIODS[columns is cdp_citywide.COLUMNS_2021]
    header = [*cdp_citywide.NEEDED, period, *columns]
    row: dict[str, object] = {
        "Year Reported to CDP": 2021,
        "Account Number": 5,
        "Organization": "City of Test",
        "Country": "Lithuania",
        "Gases Included": "CH4, CO2",
        "Population": 100,
        period: "2018-04-01 - 2019-03-31",
    }
    row |= dict.fromkeys(columns, 0) | dict(zip(columns, (30, "12.5"), strict=False))
    row |= {key.replace("_", " "): value for key, value in changed.items()}
    return table(path, [["\u200b" + header[0], *header[1:]], filled(header, row)], "utf-8-sig")


def who(path: Path, sheet: str = who_aap.SHEET, **changed: object) -> Path:
    header = [
        who_aap.COUNTRY,
        who_aap.PLACE,
        who_aap.YEAR,
        who_aap.EDITION,
        *who_aap.POLLUTANTS,
        *(coverage for coverage, _ in who_aap.POLLUTANTS.values()),
    ]
    row = {
        "ISO3": "LTU",
        "City or Locality": "Test",
        "Measurement Year": 2020,
        "Version of the database": 2022,
        "PM10 (μg/m3)": 20.5,
        "PM10 temporal coverage (%)": 50,
        "NO2 (μg/m3)": 9,
    }
    row |= {key.replace("_", " "): value for key, value in changed.items()}
    return workbook(path, {sheet: [header, filled(header, row, None)]})
