"""United Nations Demographic Yearbook: population of cities and urban agglomerations.

CSV export of UNdata. The list ends with numbered footnotes under the same header: they start where the
column ``Area`` is blank. Where a city and year stand more than once (estimate and census, or a revision), a
final figure goes before a provisional one, then a later year of publication, then an estimate (the
series is made of estimates) before a census; the flag ``second_figure`` names the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.sources import cells, countries, rows, tables

SOURCE_ID = "undata_city_population"
COLUMNS = (
    "Country or Area", "Year", "Area", "Sex", "City", "City type", "Record Type", "Reliability",
    "Source Year", "Value",
)  # fmt: skip
LEVELS = {
    "City proper": ("city", "population_count"),
    "Urban agglomeration": ("urban_agglomeration", "population_agglomeration_count"),
}


def read(path: Path) -> Iterator[rows.Row]:
    best: dict[tuple[str, str, str], tuple[tuple[bool, int, bool], rows.Row]] = {}
    others: dict[tuple[str, str, str], set[str]] = {}
    for standing, row in _candidates(path):
        key = (str(row["source_place_key"]), str(row["indicator_id"]), str(row["year"]))
        others.setdefault(key, set()).add(cells.show(row["value"]))
        if key not in best or standing > best[key][0]:
            best[key] = (standing, row)
    for key, (_, row) in best.items():
        yield _with_others(row, others[key] - {cells.show(row["value"])})


def _with_others(row: rows.Row, others: set[str]) -> rows.Row:
    if not others:
        return row
    flags = ";".join(flag for flag in ("second_figure", str(row["flags"] or "")) if flag)
    reason = f"the source also prints {', '.join(sorted(others))}"
    return rows.Row(row.table, {**row.cells, "flags": flags, "flag_reason": reason})


def _candidates(path: Path) -> Iterator[tuple[tuple[bool, int, bool], rows.Row]]:
    """Every figure, with its standing: final or not, year of publication, estimate or not."""
    for line in tables.delimited(path, COLUMNS):
        if not line.text("Area"):
            return
        country = countries.from_name(line.text("Country or Area"))
        if country is None or line.text("Sex") != "Both Sexes" or line.text("Area") != "Total":
            continue
        kind = line.text("City type")
        if kind not in LEVELS:
            raise line.fail("City type", f"the type is none of {', '.join(LEVELS)}", "Add it to the reader")
        value = line.number("Value")
        if value is not None:
            final = line.text("Reliability").startswith("Final")
            estimate = line.text("Record Type").startswith("Estimate")
            yield (final, line.year("Source Year"), estimate), _row(line, country, *LEVELS[kind], value)


def _row(line: tables.Line, country: str, level: str, indicator: str, value: float) -> rows.Row:
    name = line.text("City")
    flags = []
    if line.text("Record Type").startswith("Census"):
        flags.append("census")
    if line.text("Reliability").startswith("Provisional"):
        flags.append("provisional")
    return rows.make(
        "indicators",
        source_id=SOURCE_ID,
        source_place_key=f"{country}|{name}",
        place_name=name,
        country_iso2=country,
        geo_level=level,
        indicator_id=indicator,
        year=line.year("Year"),
        value=value,
        unit="persons",
        quality_id="official_statistic",
        flags=";".join(flags) or None,
        source_ref=f"{line.file} row {line.row}",
    )
