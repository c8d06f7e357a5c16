"""CDP-ICLEI 2021: emission targets of cities.

CSV, with CDP's own headers or in the dotted form of R (``Type of target`` is ``Type.of.target``); ``NA`` is
missing; texts span lines. Only targets for all sources
of a city-wide inventory are read: a target for transport alone says nothing of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.sources import countries, rows, tables

SOURCE_ID = "cdp_targets_2021"
KIND, SECTOR, BASE_YEAR = "Type.of.target", "Sector", "Base.year"
BASE = "Base.year.emissions..metric.tonnes.CO2e."
CUT, YEAR = "Percentage.reduction.target", "Target.year"
LEVEL = "Target.year.absolute.emissions..metric.tonnes.CO2e."
BAU = "Estimated.business.as.usual.absolute.emissions.in.target.year..metric.tonnes.CO2e."
NEEDED = (
    "Account.Number",
    "Organization",
    "City",
    "Country",
    KIND,
    SECTOR,
    BASE_YEAR,
    BASE,
    CUT,
    YEAR,
    LEVEL,
    BAU,
)
WHOLE_CITY = "All emissions sources included in city inventory"
KINDS = {
    "Base year emissions (absolute) target": "base_year",
    "Base year intensity target": "base_year_intensity",
    "Fixed level target": "fixed_level",
    "Baseline scenario (business as usual) target": "baseline_scenario",
    "No target": "no_target",
}
LOOKS_LIKE_KT = 50_000.0
"""A city over 100,000 people emits more than this in tonnes; below it the figure is probably in kt."""


def _dotted(column: str) -> str:
    """R's way with names: every sign but letters, digits and dots becomes a dot."""
    return re.sub(r"[^A-Za-z0-9.]", ".", column)


def read(path: Path) -> Iterator[rows.Row]:
    for line in tables.delimited(path, NEEDED, rename=_dotted):
        country = countries.from_alpha3(line.text("iso")) or countries.from_name(line.text("Country"))
        kind = line.text(KIND)
        if country is None or kind in ("", "NA") or line.text(SECTOR) != WHOLE_CITY:
            continue
        if kind not in KINDS:
            raise line.fail(KIND, f"the kind is none of {', '.join(KINDS)}", "Add it to the reader")
        if line.text(YEAR) not in ("", "NA"):
            yield _row(line, country, KINDS[kind])


def _row(line: tables.Line, country: str, kind: str) -> rows.Row:
    base, level = line.number(BASE), line.number(LEVEL)
    small = [value for value in (base, level) if value is not None and 0 < value < LOOKS_LIKE_KT]
    flags = ["suspected_kt"] if small else []
    if kind == "baseline_scenario":
        flags.append("bau_target")
    base_year = None if line.text(BASE_YEAR) in ("", "NA") else line.year(BASE_YEAR)
    if base_year is not None and base_year >= line.year(YEAR):
        flags.append("base_year_after_target")
    name = line.text("City")
    return rows.make(
        "targets",
        source_id=SOURCE_ID,
        source_city_key=f"CDP:{line.text('Account.Number')}",
        city_name=line.text("Organization") if name in ("", "NA") else name,
        country_iso2=country,
        target_kind=kind,
        base_year=base_year,
        base_value=base,
        target_year=line.year(YEAR),
        reduction_pct=line.number(CUT),
        target_value=level,
        bau_value=line.number(BAU),
        scope="target_boundary",
        gas_basis="CO2e",
        is_per_capita="yes" if kind == "base_year_intensity" else "no",
        flags=";".join(flags) or None,
        source_ref=f"{line.file} row {line.row}",
    )
