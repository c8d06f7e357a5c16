"""Eurostat's city statistics on environment (table urb_cenv), one column a year.

CSV with ``indic_code``, ``urau_code`` (two letters of country, number, C for city) and years. In the file
the codes of the warmest and coldest month (EN1003V, EN1004V) are as Eurostat's list names them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.sources import cells, countries, rows, tables

SOURCE_ID = "eurostat_urb_cenv"
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
    for line in tables.delimited(path, ("indic_code", "urau_code")):
        code = line.text("urau_code")
        country = countries.from_code(code[:2])
        known = INDICATORS.get(line.text("indic_code"))
        if country is None or known is None or not code.endswith("C"):
            continue
        for column in line.named:
            if not column.isdecimal():
                continue
            value = line.number(column)
            if value is not None:
                is_share = known[0] in SHARES and 0 < value <= 1
                yield rows.make(
                    "indicators",
                    source_id=SOURCE_ID,
                    source_place_key=code,
                    country_iso2=country,
                    geo_level="city",
                    geo_code=code,
                    indicator_id=known[0],
                    year=int(column),
                    value=round(value * 100, 6) if is_share else value,
                    unit=known[1],
                    quality_id="official_statistic",
                    flags="share_read_as_percent" if is_share else None,
                    flag_reason=f"printed {cells.show(value)}, read as a share of 1" if is_share else None,
                    source_ref=f"{line.file} row {line.row}",
                )
