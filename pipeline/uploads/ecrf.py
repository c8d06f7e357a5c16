"""A city's own reporting workbook of the Global Covenant of Mayors (eCRF): the summary by subsector.

The first sheet says which city and year in pairs of label and value. The summary has a row a subsector, with
its GPC reference where the edition prints it, and three pairs of figure (tCO2e) and notation key: direct
emissions, indirect ones from grid energy, and those outside the boundary. Where a cell holds a notation key
there is no figure: NO, NE, IE and C are kept in the note and never become 0. Power and heat made for the grid
(I.4.4) is reported but is no part of the total, as the framework has it.

The figures become scopes 1, 2 and 3 by sector, and their sums with the flag `computed_sum`. A row that cannot
be read leaves the sums out, since they would be too small.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl

from pipeline.sources import cells
from pipeline.uploads.model import Fault
from pipeline.uploads.official_shapes import Peek
from pipeline.uploads.text import cut, word_key
from pipeline.uploads.wire import fault_to_json

KEYS = ("NO", "NE", "IE", "C")
KEY = re.compile(r"(?:NO|NE|IE|C)(?:\s*[/,;+]\s*(?:NO|NE|IE|C))*", re.I)
MISSING = frozenset({"", "-", "–", "n/a", "na"})

#: Rows and columns read of a sheet: the summary has some thirty rows and ten columns.
MOST_ROWS, MOST_COLUMNS = 2_000, 60

#: Sector of the framework by the first part of its GPC reference, and its words at the start of a name.
SECTORS = {
    "I": "stationary_energy_buildings",
    "II": "transport",
    "III": "waste",
    "IV": "ippu_industry",
    "V": "afolu",
}
SECTOR_WORDS = {
    "stationary energy": "I",
    "transport": "II",
    "waste": "III",
    "industrial process": "IV",
    "ippu": "IV",
    "agriculture forestry": "V",
    "afolu": "V",
    "generation of grid": "I.4.4",
    "other scope 3": "VI",
}
GRID = "I.4.4"

#: Subsector -> its GPC reference, by the words a name begins with.
SUBSECTORS = {
    "residential building": "I.1",
    "commercial building": "I.2",
    "institutional building": "I.2",
    "industrial building": "I.3",
    "energy industr": "I.4",
    "agricultur": "I.5",
    "non specified": "I.6",
    "fugitive": "I.7",
    "on road": "II.1",
    "rail": "II.2",
    "waterborne": "II.3",
    "aviation": "II.4",
    "off road": "II.5",
    "solid waste": "III.1",
    "biological": "III.2",
    "incineration": "III.3",
    "wastewater": "III.4",
    "industrial process": "IV.1",
    "product use": "IV.2",
    "livestock": "V.1",
    "land use": "V.2",
    "land": "V.2",
    "other afolu": "V.3",
    "electricity only": GRID,
    "chp": GRID,
    "heat/cold": GRID,
    "local renewable": GRID,
}
#: Subsectors with a sector of their own in our registry; the others count in the sum of their sector only.
OWN = {
    "I.1": "residential_buildings",
    "I.2": "commercial",
    "I.3": "industry_energy",
    "I.4": "energy_supply",
    "II.1": "transport_road",
    "II.2": "transport_rail",
    "II.3": "transport_marine",
    "II.4": "transport_aviation",
    "II.5": "transport_offroad",
    "III.1": "landfill",
    "III.2": "biological_waste_treatment",
    "III.4": "wastewater",
    "IV.2": "product_use",
    "V.1": "agriculture",
    "V.2": "land_use",
}
INSTITUTIONAL = "public_sector"
REFERENCE = re.compile(r"(?:I|II|III|IV|V|VI)(?:\.\d+){1,2}")

#: Label on the first sheet -> what it gives; the first words decide.
LABELS = {
    "city name": "city",
    "name of city": "city",
    "country": "country",
    "inventory year": "year",
    "reporting year": "year",
    "population": "population",
}
SCOPES = {"1": "direct", "2": "indirect", "3": "outside"}


@dataclass(slots=True)
class Layout:
    """Where the summary's columns stand, from 0: of figures and of notation keys, by scope."""

    sheet: str
    first_row: int
    figures: dict[str, int]
    keys: dict[str, int]
    names: tuple[int, ...]


@dataclass(slots=True)
class Summary:
    """What the rows of the summary give.

    `sectors` holds sums by sector and scope, `parts` single figures: sector, words, scope, value, row; `keys`
    the notation keys and where they stand.
    """

    sectors: dict[tuple[str, str], float] = field(default_factory=dict)
    parts: list[tuple[str, str, str, float, int]] = field(default_factory=list)
    keys: dict[str, list[str]] = field(default_factory=dict)
    outcomes: dict[int, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def is_ecrf(peek: Peek) -> bool:
    """Whether one sheet names city and inventory year and another has the three columns of the summary."""
    about = any({"city", "year"} <= set(_about(sheet.top)) for sheet in peek.sheets)
    return about and any(layout_of(sheet.name, sheet.top) is not None for sheet in peek.sheets)


def layout_of(sheet: str, top: Sequence[Sequence[str]]) -> Layout | None:
    """The columns of a summary: direct, indirect and outside emissions side by side in one header row."""
    for number, row in enumerate(top):
        words = [word_key(cell) for cell in row]
        figures: dict[str, int] = {}
        for column, name in enumerate(words):
            if "indirect" in name and "2" not in figures:
                figures["2"] = column
            elif "outside" in name and "3" not in figures:
                figures["3"] = column
            elif "direct emission" in name and "indirect" not in name and "1" not in figures:
                figures["1"] = column
        if len(figures) < 3 or any("activity" in name or "fuel" in name for name in words):
            continue
        below = [word_key(cell) for cell in top[number + 1]] if number + 1 < len(top) else []
        is_double = any("notation" in name for name in below)
        marked = below if is_double else words
        keys = {
            scope: column
            for scope, at in figures.items()
            for column in range(at + 1, min(at + 3, len(marked)))
            if "notation" in marked[column]
        }
        names = tuple(range(min(figures.values())))
        return Layout(sheet, number + (2 if is_double else 1), figures, keys, names)
    return None


def _about(top: Sequence[Sequence[str]]) -> dict[str, str]:
    """City, country, year and population from pairs of label and value."""
    found: dict[str, str] = {}
    for row in top:
        filled = [cell for cell in row if cell]
        for label, value in pairwise(filled):
            words = word_key(label)
            meaning = next((LABELS[start] for start in LABELS if words.startswith(start)), None)
            if meaning is not None and word_key(value) not in LABELS:
                found.setdefault(meaning, value)
                break
    return found


def read(path: Path) -> dict[str, Any]:
    """Figures of the summary as records without a city id, what is said of the city, and the account."""
    sheets, formulas = _sheets(path, values=True), _sheets(path, values=False)
    for name, rows in sheets.items():
        for row, written in zip(rows, formulas.get(name, []), strict=False):
            for column, cell in enumerate(written):
                if cell.startswith("=") and column < len(row) and not row[column]:
                    row[column] = cell  # a formula whose value was never worked out is no blank
    about = next(
        (found for rows in sheets.values() if {"city", "year"} <= set(found := _about(rows[:80]))), {}
    )
    layouts = (layout_of(name, rows[:15]) for name, rows in sheets.items())
    layout = next((each for each in layouts if each is not None), None)
    if layout is None:
        return _answer(about, [], Summary(faults=[Fault("official_ecrf_no_summary")]))
    summary = Summary()
    for number, row in enumerate(sheets[layout.sheet][layout.first_row :], start=layout.first_row + 1):
        _row(summary, layout, number, row)
    try:
        year = cells.year(about.get("year", ""))
        people = cells.number(about.get("population", ""), MISSING | cells.MISSING)
    except ValueError:
        summary.faults.append(Fault("official_ecrf_no_year", value=cut(about.get("year", ""))))
        return _answer(about, [], summary)
    if not any(outcome == "accepted" for outcome in summary.outcomes.values()):
        summary.faults.append(Fault("official_nothing_usable", params={"read": str(len(summary.outcomes))}))
    return _answer(about, list(_records(summary, layout, year, people)), summary)


def _sheets(path: Path, *, values: bool) -> dict[str, list[list[str]]]:
    """The cells of each sheet as text: the values of formulas, or the formulas."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=values)
    try:
        return {
            sheet.title: [
                [cells.text(cell) for cell in row]
                for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
            ]
            for sheet in book.worksheets
        }
    finally:
        book.close()


def _row(summary: Summary, layout: Layout, number: int, row: Sequence[str]) -> None:
    """One subsector: each of its three cells is a figure, a notation key, or a fault."""
    named = [row[column] for column in layout.names if column < len(row) and row[column]]
    words = [word_key(cell) for cell in named]
    if not named or any({"total", "totals", "subtotal"} & set(word.split()) for word in words):
        return
    given = {scope: _cell(row, column) for scope, column in layout.figures.items()}
    marks = {scope: _cell(row, column) for scope, column in layout.keys.items()}
    reference = _reference(named, words)
    is_empty = not any(given.values()) and not any(marks.values())
    if is_empty and (reference is None or len(named) == 1):
        return  # a heading between sectors
    shown = named[-1]
    if reference is None:
        summary.outcomes[number] = "official_ecrf_subsector"
        summary.faults.append(Fault("official_ecrf_subsector", layout.sheet, number, "", cut(shown)))
        return
    if reference.startswith(GRID) or reference.startswith("VI"):
        summary.outcomes[number] = "official_not_in_total"
        return
    figures: dict[str, float] = {}
    for scope, text in given.items():
        key = marks.get(scope, "")
        if KEY.fullmatch(text):
            key, text = text, ""
        if key:
            summary.keys.setdefault(key.upper(), []).append(f"{shown} ({scope})")
        if key and cells.text(text) in ("", "0"):
            continue
        try:
            value = cells.number(text, MISSING)
        except ValueError:
            summary.outcomes[number] = "official_ecrf_cell"
            summary.faults.append(Fault("official_ecrf_cell", layout.sheet, number, SCOPES[scope], cut(text)))
            continue
        if value is not None:
            figures[scope] = value
    if number in summary.outcomes:
        return
    summary.outcomes[number] = "accepted" if figures else "missing"
    own = (
        INSTITUTIONAL
        if words[-1].startswith("institutional")
        else OWN.get(".".join(reference.split(".")[:2]))
    )
    for scope, value in figures.items():
        sector = SECTORS[reference.split(".")[0]]
        summary.sectors[sector, scope] = summary.sectors.get((sector, scope), 0.0) + value
        if own is not None:
            summary.parts.append((own, shown, scope, value, number))


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _reference(named: Sequence[str], words: Sequence[str]) -> str | None:
    """The row's GPC reference: as printed, else by the names of sector and subsector."""
    printed = next((cell for cell in named if REFERENCE.fullmatch(cell)), None)
    if printed is not None:
        return printed
    sector = next(
        (SECTOR_WORDS[start] for word in words[:-1] for start in SECTOR_WORDS if word.startswith(start)), ""
    )
    if sector in (GRID, "VI"):
        return sector
    fitting = (
        reference
        for start, reference in SUBSECTORS.items()
        if words[-1].startswith(start) and reference.split(".")[0] == (sector or reference.split(".")[0])
    )
    return next(fitting, None)


def _records(
    summary: Summary, layout: Layout, year: int, people: float | None
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of emissions.csv without the columns of city and licence, each with its row in the file."""
    note = "; ".join(f"{key}: {', '.join(names)}" for key, names in sorted(summary.keys.items()))
    common = {
        "year": str(year),
        "inventory_kind": "inventory",
        "gas_basis": "CO2e",
        "series_key": "main",
        "unit": "t",
        "boundary_id": "administrative",
        "quality_id": "self_reported",
        "population_count": "" if people is None else str(round(people)),
        "source_ref": f"eCRF, {layout.sheet}",
    }
    counted = Counter((own, scope) for own, _, scope, _, _ in summary.parts)
    for own, words, scope, value, number in summary.parts:
        if counted[own, scope] == 1:
            where = {"source_ref": f"{common['source_ref']} row {number}", "source_sector": words}
            yield number, common | _figure(own, "sub_sector", scope, value) | where
    if summary.faults or not summary.sectors:
        return
    combined = _combined(summary)
    for scope in sorted({scope for _, scope in summary.sectors} | {combined}):
        total = 0.0
        for sector in SECTORS.values():
            parts = [
                value
                for (name, of), value in summary.sectors.items()
                if name == sector and of in scope.split("+")
            ]
            if parts:
                total += sum(parts)
                more = {"source_sector": sector, "flags": "computed_sum"}
                yield 0, common | _figure(sector, "sector", scope, sum(parts)) | more
        more = {"source_sector": "sum of the subsectors", "flags": "computed_sum", "note": note}
        yield 0, common | _figure("total", "total", scope, total) | more


def _combined(summary: Summary) -> str:
    """The scopes that were reported, as one: the city's total."""
    return "+".join(scope for scope in ("1", "2", "3") if any(of == scope for _, of in summary.sectors))


def _figure(sector: str, level: str, scope: str, value: float) -> dict[str, str]:
    return {"sector_id": sector, "sector_level": level, "scope": scope, "value": cells.show(value)}


def _answer(
    about: Mapping[str, str], records: list[tuple[int, dict[str, str]]], summary: Summary
) -> dict[str, Any]:
    outcomes = Counter(summary.outcomes.values())
    accepted, missing = outcomes.pop("accepted", 0), outcomes.pop("missing", 0)
    return {
        "tables": {},
        "figures": {"emissions": len(records)},
        "places": [],
        "tally": [len(summary.outcomes), accepted, missing, dict(sorted(outcomes.items()))],
        "faults": [fault_to_json(fault) for fault in summary.faults],
        "counts": dict(Counter(fault.code for fault in summary.faults)),
        "records": [[row, found] for row, found in records],
        "about": {key: cut(value) for key, value in about.items()},
    }
