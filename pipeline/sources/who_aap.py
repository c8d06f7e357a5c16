"""World Health Organization: yearly means of PM2.5, PM10 and NO2 per place, in micrograms per cubic metre.

Workbook of the 2022 edition, sheet ``AAP_2022_city_v9``. A mean of a year with less than 75 % of the hours
measured is kept and flagged, and so is one whose coverage is not stated; 2020 is the pandemic's year.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.sources import countries, rows, tables

SOURCE_ID = "who_aap_2022"
SHEET = "AAP_2022_city_v9"
MISSING = frozenset({"", "na", "-"})
LOWEST_COVERAGE_PCT = 75.0
# Value column -> (coverage column, indicator)
POLLUTANTS = {
    "PM2.5 (μg/m3)": ("PM25 temporal coverage (%)", "pm25_ug_m3"),
    "PM10 (μg/m3)": ("PM10 temporal coverage (%)", "pm10_ug_m3"),
    "NO2 (μg/m3)": ("NO2 temporal coverage (%)", "no2_ug_m3"),
}
COUNTRY, PLACE, YEAR = "ISO3", "City or Locality", "Measurement Year"
EDITION = "Version of the database"


def read(path: Path) -> Iterator[rows.Row]:
    newest: dict[tuple[str, str, str], tuple[int, rows.Row]] = {}
    for edition, row in _candidates(path):
        key = (str(row["source_place_key"]), str(row["indicator_id"]), str(row["year"]))
        if key not in newest or edition > newest[key][0]:
            newest[key] = (edition, row)
    for _, row in newest.values():
        yield row


def _candidates(path: Path) -> Iterator[tuple[int, rows.Row]]:
    """Every mean with the edition it comes from: places stand again where editions used other stations."""
    needed = (COUNTRY, PLACE, YEAR, EDITION, *POLLUTANTS, *(coverage for coverage, _ in POLLUTANTS.values()))
    for line in tables.sheet(path, SHEET, needed):
        country = countries.from_alpha3(line.text(COUNTRY))
        if country is None:
            continue
        for column, (coverage_column, indicator) in POLLUTANTS.items():
            value = line.number(column, MISSING)
            if value is not None:
                coverage = line.number(coverage_column, MISSING)
                yield line.year(EDITION), _row(line, country, indicator, value, coverage)


def _row(
    line: tables.Line, country: str, indicator: str, value: float, coverage_pct: float | None
) -> rows.Row:
    year, name = line.year(YEAR), line.text(PLACE)
    flags: list[str] = []
    reason = None
    if coverage_pct is None:
        flags.append("temporal_coverage_not_stated")
    elif coverage_pct < LOWEST_COVERAGE_PCT:
        flags.append("low_temporal_coverage")
        reason = f"measured on {coverage_pct:.0f} % of the year"
    if year == 2020:
        flags.append("pandemic_year")
    return rows.make(
        "indicators",
        source_id=SOURCE_ID,
        source_place_key=f"{country}|{name}",
        place_name=name,
        country_iso2=country,
        geo_level="city",
        indicator_id=indicator,
        year=year,
        value=value,
        unit="ug/m3",
        quality_id="compiled",
        flags=";".join(flags) or None,
        flag_reason=reason,
        source_ref=f"{line.file} row {line.row}",
    )
