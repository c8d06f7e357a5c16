"""Finds where a table begins on a sheet, and what the cells of a column look like.

Town halls put titles, units and the city above the table, join cells over several columns, and let years run
across. The header is the row whose cells are most like headers; what stands above it may still name the unit,
the gas, the city and the year.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.uploads.context import TABLES, Context
from pipeline.uploads.model import Grid
from pipeline.uploads.number import scan
from pipeline.uploads.text import word_key

#: Rows looked at for the header, from the top.
HEADER_ROWS = 40

#: Rows of a column looked at to see what it holds.
LOOKED_AT = 200

YEAR = re.compile(r"(?<![0-9.,])((?:19|20)[0-9]{2})(?:[.,]0)?(?![0-9]|[.,][0-9])")

#: Words beside the year in the header of a column of figures.
YEAR_WORDS = frozenset(
    [
        "m",
        "metai",
        "metais",
        "y",
        "year",
        "yr",
        "yil",
        "yili",
        "yilinda",
        "r",
        "g",
        "emisijos",
        "emissions",
        "emisyon",
        "co2",
        "co2e",
        "t",
        "kt",
        "inventory",
        "inventorius",
        "envanter",
        "inventoriaus",
        "baz",
        "bazinis",
        "base",
        "baseline",
        "bei",
        "mei",
    ]
)

#: Headers of columns that only number the rows.
NUMBERING = frozenset({"nr", "eil nr", "eil", "no", "sira", "sira no", "s no", "id", "#", "row"})

#: Words that show what a table is about, whatever its columns.
ABOUT = {
    "emissions": ("emis", "ismet", "ismes", "sesd", "ghg", "salim", "sera gazi", "greenhouse", "co2"),
    "energy": ("energij", "energy", "enerji", "suvartojim", "consumption", "tuketim"),
    "targets": ("target", "tiksl", "hedef"),
    "indicators": ("rodikl", "indicator", "gosterge"),
}


#: Fields that only a table of targets has.
TARGET_FIELDS = frozenset({"target_year", "reduction_pct", "target_kind", "net_zero_year", "base_value"})


@dataclass(frozen=True, slots=True)
class Profile:
    """What share of a column's filled cells can be read as what."""

    filled: int
    year: float = 0.0
    number: float = 0.0
    city: float = 0.0
    country: float = 0.0
    sector: float = 0.0
    unit: float = 0.0
    indicator: float = 0.0
    scope: float = 0.0
    gas_basis: float = 0.0
    is_count: bool = False

    def of(self, field_id: str) -> float | None:
        """The share that fits a field, or None where any text would do."""
        if field_id in ("value", "population"):
            return self.number
        return getattr(self, field_id, None)


def profile(grid: Grid, column: int, first: int, context: Context) -> Profile:
    """Looks at the cells of one column from row `first` (counted from 0) on."""
    cells = [row[column].strip() for row in grid.rows[first : first + LOOKED_AT] if column < len(row)]
    cells = [cell for cell in cells if cell]
    if not cells:
        return Profile(0)
    words = context.vocabulary
    kinds: Counter[str] = Counter()
    for cell, count in Counter(cells).items():
        is_number = words.missing(cell) is not None or not scan(cell).fault
        found = {
            "year": year_of(cell) is not None,
            "number": is_number,
            "city": not is_number and context.places.is_name(cell),
            "country": not is_number and len(cell) == 2 and cell.isalpha(),
            "sector": not is_number and words.find("sectors", cell) is not None,
            "unit": words.unit(cell) is not None,
            "indicator": not is_number and words.find("indicators", cell) is not None,
            "scope": words.find("scopes", cell) is not None,
            "gas_basis": not is_number and words.find("gases", cell) is not None,
        }
        kinds.update({kind: count for kind, fits in found.items() if fits})
    shares = {kind: kinds[kind] / len(cells) for kind in kinds}
    is_count = cells == [str(number) for number in range(int_or(cells[0]), int_or(cells[0]) + len(cells))]
    return Profile(len(cells), is_count=is_count and len(cells) > 1, **shares)


def int_or(text: str, otherwise: int = -1) -> int:
    """A short whole number, or something no row number can be."""
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else otherwise


def year_of(cell: str) -> int | None:
    """The year a cell is, as a year column would hold it."""
    match = re.fullmatch(r"((?:19|20)[0-9]{2})(?:[.,]0+)?", cell.strip())
    return int(match[1]) if match else None


def header_year(cell: str) -> int | None:
    """The year a header of figures names: "2019", "2019 m.", "Emisijos 2019 (kt)"."""
    years = set(YEAR.findall(cell))
    if len(years) != 1:
        return None
    rest = re.sub(r"[(\[][^()\[\]]*[)\]]", " ", YEAR.sub(" ", cell)).split(",")[0]
    return int(years.pop()) if set(word_key(rest).split()) <= YEAR_WORDS else None


@dataclass(frozen=True, slots=True)
class Found:
    """A header row (from 0) that reads as the given table; `score` grows with every cell understood."""

    row: int
    table: str
    score: float


def find_header(grid: Grid, context: Context, table: str | None, row: int | None) -> Found | None:
    """The best header row of a sheet, for the given table or the one it fits best."""
    rows = range(min(len(grid.rows), HEADER_ROWS)) if row is None else [row]
    best: Found | None = None
    for number in rows:
        if number >= len(grid.rows) or len(grid.rows[number]) == 0:
            continue
        if row is None and not _has_figures_below(grid, number):
            break
        for name in TABLES if table is None else (table,):
            score = _score(grid.rows[number], name, context)
            if score > 0 and table is None:
                score += _about(grid, number, name, context)
            if score >= 1 and (best is None or score > best.score):
                best = Found(number, name, score)
    if best is None and row is not None and row < len(grid.rows):
        return Found(row, table or "emissions", 0)
    return best


def _has_figures_below(grid: Grid, number: int) -> bool:
    return any(cell.strip() for row in grid.rows[number + 1 :] for cell in row)


def _score(cells: Sequence[str], table: str, context: Context) -> float:
    words = context.vocabulary
    score = 0.0
    years: set[int] = set()
    sectors: set[str] = set()
    numbers = filled = 0
    for cell in cells:
        if not cell.strip():
            continue
        filled += 1
        year = header_year(cell)
        if year is not None:
            years.add(year)
        elif not scan(cell).fault:
            numbers += 1
        elif words.header(cell, table):
            score += 1
        elif (sector := words.find("sectors", without_unit(cell))) is not None:
            sectors.add(sector)
        elif table == "indicators" and words.find("indicators", without_unit(cell)) is not None:
            score += 0.9
        elif len(cell) <= 60 and words.header_part(without_unit(cell), table):
            score += 0.6
        elif len(cell) <= 60 and words.header_unit(cell) is not None:
            score += 0.5
    if len(years) >= 2 or (years and score):
        score += len(years)
    else:
        numbers += len(years)
    if len(sectors) >= 2 and table in ("emissions", "energy"):
        score += 0.8 * len(sectors)
    if filled < 2 or numbers >= max(2, filled / 3):
        return 0.0
    return score - numbers


def without_unit(text: str) -> str:
    """A header without what stands in brackets and after a comma: "Pramonė, kt CO2e" is "Pramonė"."""
    rest = re.sub(r"[(\[][^()\[\]]*[)\]]", " ", text).strip()
    return re.split(r",(?![0-9])", rest)[0].strip() or text


def _about(grid: Grid, number: int, table: str, context: Context) -> float:
    """What titles, headers and units say about the subject of the table."""
    texts = [*above(grid, number), *grid.rows[number]]
    keys = " ".join(word_key(text) for text in texts)
    score = 0.3 * min(2, sum(stem in keys for stem in ABOUT[table]))
    units = [found for text in texts if (found := context.vocabulary.header_unit(text)) is not None]
    named = [context.vocabulary.header(cell, table) for cell in grid.rows[number]]
    places = {place for place, one in enumerate(named) if one == "unit"}
    places = places or {place for place, one in enumerate(named) if one is None}
    rows = grid.rows[number + 1 : number + 30]
    cells = [row[place] for row in rows for place in places if place < len(row) and row[place].strip()]
    units += [found for cell in cells if (found := context.vocabulary.unit(cell)) is not None]
    quantities = Counter(context.vocabulary.quantity(unit.unit_id) for unit in units)
    if table == "emissions" and (quantities["mass"] or any(unit.gas_basis for unit in units)):
        score += 1
    if table == "energy" and quantities["energy"] > quantities["mass"]:
        score += 1.2
    fields = set(named)
    score += 2.0 * len(fields & TARGET_FIELDS)
    score += 2.0 * len(fields & {"indicator"}) + 0.5 * len(fields & {"gas_basis"})
    return score


def above(grid: Grid, header: int) -> Iterator[str]:
    """Texts of the rows above the header, nearest first."""
    for row in reversed(grid.rows[:header]):
        yield from (cell for cell in row if cell.strip())


def over(grid: Grid, header: int, column: int) -> str:
    """What stands above a header cell, also when the cell above is joined over several columns."""
    if header == 0:
        return ""
    row = grid.rows[header - 1]
    if sum(bool(cell.strip()) for cell in row) < 2 and not (row and row[0].strip() == ""):
        return ""
    for place in range(min(column, len(row) - 1), -1, -1):
        if row[place].strip():
            return row[place]
    return ""


def units_row(grid: Grid, header: int, context: Context) -> dict[int, str]:
    """Units in the row right below the header, if that row holds nothing else: column -> its text."""
    if header + 1 >= len(grid.rows):
        return {}
    cells = {place: cell for place, cell in enumerate(grid.rows[header + 1]) if cell.strip()}
    if cells and all(context.vocabulary.unit(cell.strip(" ()[]")) is not None for cell in cells.values()):
        return {place: cell.strip(" ()[]") for place, cell in cells.items()}
    return {}
