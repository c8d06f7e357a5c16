"""Eurostat's city statistics on environment (table urb_cenv), one column a year.

Eurostat's TSV (dimensions ``indic_ur`` and ``cities``), or a CSV with ``indic_code``, ``urau_code`` (two
letters of country, number, C for city) and years. In the file
the codes of the warmest and coldest month (EN1003V, EN1004V) are as Eurostat's list names them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.sources import cells, countries, eurostat, rows, tables

SOURCE_ID = "eurostat_urb_cenv"
Figure = tuple[str, str, int, float | None, str]
INDICATORS = {
    "EN1002V": ("sunshine_hours_per_day", "h/day"),
    "EN1003V": ("temperature_warmest_month_deg_c", "degC"),
    "EN1004V": ("temperature_coldest_month_deg_c", "degC"),
    "EN3012V": ("water_connected_pct", "%"),
    "EN3013V": ("sewage_treated_pct", "%"),
    "EN5200V": ("land_continuous_residential_pct", "%"),
    "EN5201V": ("land_discontinuous_residential_pct", "%"),
    "EN5202V": ("land_industrial_commercial_public_pct", "%"),
    "EN5203V": ("land_transport_pct", "%"),
    "EN5204V": ("land_other_artificial_pct", "%"),
    "EN5205V": ("land_green_urban_sports_pct", "%"),
    "EN5206V": ("land_agricultural_pct", "%"),
    "EN5207V": ("land_natural_pct", "%"),
}
SHARES = frozenset({"water_connected_pct"})
"""Some rows print a share of 1 where the table's unit is percent; nobody connects 1 % of a city to water."""


def read(path: Path) -> Iterator[rows.Row]:
    """Rows of the CSV of one column a year, or of Eurostat's own TSV."""
    for code, variable, year, value, reference in _tsv(path) if ".tsv" in path.name else _csv(path):
        country = countries.from_code(code[:2])
        known = INDICATORS.get(variable)
        if country is not None and known is not None and code.endswith("C") and value is not None:
            yield _row(country, code, known, year, value, reference)


def _csv(path: Path) -> Iterator[Figure]:
    for line in tables.delimited(path, ("indic_code", "urau_code")):
        for column in line.named:
            if column.isdecimal():
                where = f"{line.file} row {line.row}"
                yield line.text("urau_code"), line.text("indic_code"), int(column), line.number(column), where


def _tsv(path: Path) -> Iterator[Figure]:
    for where, dimensions, period, cell in eurostat.tsv(path):
        code, variable = dimensions.get("cities", ""), dimensions.get("indic_ur", "")
        if period.isdecimal() and variable in INDICATORS:
            try:
                value, _flags = eurostat.split(cell)
            except ValueError as error:
                raise tables.ReadError(
                    f"{path.name}, {where}, {code} {period}: {cell!r} - {error}. Get the file again."
                ) from error
            yield code, variable, int(period), value, f"{path.name} {where}"


def _row(
    country: str, code: str, known: tuple[str, str], year: int, value: float, reference: str
) -> rows.Row:
    is_share = known[0] in SHARES and 0 < value <= 1
    return rows.make(
        "indicators",
        source_id=SOURCE_ID,
        source_place_key=code,
        country_iso2=country,
        geo_level="city",
        geo_code=code,
        indicator_id=known[0],
        year=year,
        value=round(value * 100, 6) if is_share else value,
        unit=known[1],
        quality_id="official_statistic",
        flags="share_read_as_percent" if is_share else None,
        flag_reason=f"printed {cells.show(value)}, read as a share of 1" if is_share else None,
        source_ref=reference,
    )
