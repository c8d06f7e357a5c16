"""Small files in publishers' shapes, made by hand, and a project that follows the places in them."""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.schema import REFERENCE
from pipeline.settings import Settings, load_settings
from pipeline.sources import account, cdp_citywide, smhi
from pipeline.uploads import official_read
from pipeline.uploads.official import LIMITS
from tests.sources import shapes

#: Source -> the publisher's id of the one place the project follows.
FOLLOWED = {
    "c40_gpc_2023": "NL|Testville",
    "uk_local_authority": "TST",
    "gcom_mycovenant_2019": "LT0009",
    "cdp_citywide_2016_2021": "CDP:5",
    "smhi_klimatkollen": "SE|Ort",
}
CAPS: dict[str, int] = {name: getattr(LIMITS.caps, name) for name in LIMITS.caps.__dataclass_fields__}


def project(folder: Path) -> Settings:
    """Settings of a project with one city, followed by every publisher, and one other city."""
    data = folder / "data"
    cities = [
        {"city_id": "testville", "name_en": "Testville", "name_local": "Têstville", "country_iso2": "LT"},
        {"city_id": "other", "name_en": "Otherton", "name_local": "", "country_iso2": "LT"},
    ]
    aliases: list[dict[str, str]] = [
        {"source_id": source, "source_city_key": key, "city_id": "testville"}
        for source, key in FOLLOWED.items()
    ]
    aliases.append({"source_id": "cdp_citywide_2016_2021", "source_city_key": "CDP:6", "city_id": "other"})
    _csv(data / "reference" / "city.csv", REFERENCE["city"], cities)
    _csv(data / "reference" / "city_alias.csv", REFERENCE["city_alias"], aliases)
    real = load_settings({})
    (data / "figures").mkdir(exist_ok=True)
    shutil.copy2(real.sources_file, data / "figures")
    return replace(real, data_dir=data, uploads_dir=folder / "uploads")


def _csv(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def cdp_old(path: Path, edition: int, **changed: object) -> Path:
    """A CDP file of 2016 or 2017, whose headers are others than later."""
    if edition == 2016:
        row: dict[str, object] = {
            "Account Number": 5,
            "City Name": "Ville de Test",
            "Country": "Lithuania",
            "City Short Name": "Testville",
            "Reporting Year": 2016,
            "Measurement Year": "12/31/2014 12:00:00 AM",
            "Boundary": "Administrative boundary of a local government",
            "Gases included": "CO2; CH4; N2O",
            "Total City-wide Emissions (metric tonnes CO2e)": 5195663,
            "Total Scope 1 Emissions (metric tonnes CO2e)": 3359242,
            "Total Scope 2 Emissions (metric tonnes CO2e)": 1836421,
            "Current Population": 2265886,
        }
    else:
        row = {
            "Account number": 5,
            "Organization": "Ville de Test",
            "City": "Testville",
            "Country": "Lithuania",
            "Reporting year": 2017,
            "Accounting year": "2015-01-01 - 2015-12-31",
            "Boundary": "A metropolitan area",
            "Gases included": "CO2; CH4; N2O",
            "Total emissions (metric tonnes CO2e)": 700,
            "Total Scope 1 Emissions (metric tonnes CO2e)": 500,
            "Total Scope 2 Emissions (metric tonnes CO2e)": "",
            "Population": 900,
        }
    header = list(row)
    return shapes.table(path, [header, shapes.filled(header, {**row, **changed})])


def swedish(path: Path, places: Sequence[tuple[str, Mapping[str, object]]] | None = None) -> Path:
    full: dict[str, object] = dict.fromkeys(smhi.SECTORS, 1.5)
    found = places or [("Ort", {"2020": full, "2021": full}), ("Annan", {"2020": full})]
    return shapes.document(path, [{"name": name, "sectors": sectors} for name, sectors in found])


def zipped(path: Path) -> Path:
    """The same file with gzip around it."""
    target = path.with_name(path.name + ".gz")
    target.write_bytes(gzip.compress(path.read_bytes()))
    return target


#: Shape -> a maker of a file in that shape.
MAKERS: Mapping[str, Callable[[Path], Path]] = {
    "jrc_mycovenant_2019": lambda folder: shapes.gcom_2019(folder / "x.xlsx"),
    "jrc_mycovenant_monitoring": lambda folder: shapes.gcom_monitoring(folder / "x.xlsx"),
    "c40_gpc": lambda folder: shapes.c40(folder / "x.xlsx", Population=100),
    "cdp_citywide_2016": lambda folder: cdp_old(folder / "x.csv", 2016),
    "cdp_citywide_2017": lambda folder: cdp_old(folder / "x.csv", 2017),
    "cdp_citywide_2019": lambda folder: shapes.cdp(folder / "x.csv", cdp_citywide.COLUMNS_2019),
    "cdp_citywide_2021": lambda folder: shapes.cdp(folder / "x.csv", cdp_citywide.COLUMNS_2021),
    "uk_workbook": lambda folder: shapes.uk_workbook(folder / "x.xlsx"),
    "uk_table": lambda folder: shapes.uk_csv(folder / "x.csv"),
    "smhi_sectors": lambda folder: swedish(folder / "x.json"),
    "ecrf": lambda folder: ecrf(folder / "x.xlsx"),
}

ECRF_ABOUT: Mapping[str, object] = {
    "City name": "Testville",
    "Country": "Lithuania",
    "Region": "Test region",
    "Inventory year": 2022,
    "Boundary": "Administrative",
    "Population": 50000,
}
ECRF_HEADER = (
    "GPC ref. no.", "CRF sector", "CRF sub-sector", "Direct emissions (tCO2e)", "Notation key",
    "Indirect emissions from grid-supplied energy (tCO2e)", "Notation key",
    "Emissions occurring outside the boundary (tCO2e)", "Notation key", "Explanation",
)  # fmt: skip
ECRF_ROWS: tuple[tuple[object, ...], ...] = (
    ("", "Stationary energy"),
    ("I.1", "Stationary energy", "Residential buildings", 100, "", 50, "", "", "NE", ""),
    ("I.2", "Stationary energy", "Commercial buildings and facilities", 30, "", 20, "", "", "NE", ""),
    ("I.2", "Stationary energy", "Institutional buildings and facilities", "", "IE", "", "IE", "", "IE", ""),
    ("I.5", "Stationary energy", "Agriculture", 5, "", "", "NO", "", "NE", "tractors"),
    ("", "Total stationary energy", "", 135, "", 70, "", "", "", ""),
    ("II.1", "Transportation", "On-road", 200, "", 2.5, "", "", "NE", ""),
    ("II.3", "Transportation", "Waterborne navigation", "NO", "", "", "NO", "", "NO", ""),
    ("III.1", "Waste", "Solid waste disposal", 40, "", "", "", 7, "", ""),
    ("IV.2", "IPPU", "Product use", "", "C", "", "", "", "", ""),
    ("V.2", "AFOLU", "Land use", -12, "", "", "", "", "", "forest"),
    ("I.4.4", "Generation of grid-supplied energy", "CHP", 900, "", "", "", "", "", ""),
)


def ecrf(
    path: Path,
    rows: Sequence[Sequence[object]] = ECRF_ROWS,
    about: Mapping[str, object] = ECRF_ABOUT,
    header: Sequence[Sequence[object]] = (ECRF_HEADER,),
) -> Path:
    """A workbook in the layout of the eCRF: about the city, the summary, the detail."""
    first = [["", "City and inventory"], [], *(["", label, value] for label, value in about.items())]
    detail = [
        ["Inventory year", "GPC ref. no.", "CRF sector", "Scope", "Fuel type or activity", "Notation key"]
    ]
    return shapes.workbook(
        path, {"1 City": first, "2 Summary": [["Emissions"], *header, *rows], "3 Detail": detail}
    )


def recognised(path: Path, folder: Path, label: str = "file") -> str | None:
    """What the child would say of the shape, asked in this process."""
    del folder
    shape: str | None = official_read.recognise(str(path), label, CAPS)["shape"]
    return shape


def read(path: Path, shape_id: str, places: Sequence[str], others: Sequence[str] = ()) -> dict[str, Any]:
    """What the child would answer, asked in this process."""
    by_name = {account.plain_name("Test Borough Council"): "TST"}
    return official_read.read(str(path), path.name, CAPS, shape_id, list(places), list(others), by_name)


def adds_up(answer: Mapping[str, Any]) -> bool:
    read_rows, accepted, missing, refused = answer["tally"]
    return bool(read_rows == accepted + missing + sum(refused.values()))
