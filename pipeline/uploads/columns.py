"""What each column of a file is taken for: by its header, the cells above it, else by what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.uploads.context import Context
from pipeline.uploads.header import NUMBERING, Profile, header_year, over, profile, without_unit
from pipeline.uploads.model import Choices, Grid
from pipeline.uploads.text import clean, cut, letter, word_key

#: What a column is given when it is left out.
IGNORE = "ignore"

#: Sectors that are sums of others.
TOTALS = frozenset({"total", "total_covenant_sectors", "total_partial"})

#: Example values shown for a column.
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file and what it is taken for; `field_id` is empty when nobody knows yet.

    `confidence` is 1 where the header says so or the person chose, less where the cells suggest it.
    `fixed` are values that hold for every number of the column, such as the unit its header names.
    """

    index: int
    letter: str
    header: str
    examples: tuple[str, ...]
    field_id: str
    confidence: float
    year: int | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)


def read_columns(
    grid: Grid,
    header: int,
    first: int,
    table: str,
    choices: Choices,
    context: Context,
    units: Mapping[int, str],
) -> tuple[Column, ...]:
    """What each column is taken for."""
    titles = grid.rows[header]
    width = max(len(row) for row in grid.rows[header:])
    found: list[Column] = []
    profiles: dict[int, Profile] = {}
    for place in range(width):
        title = clean(titles[place]).text if place < len(titles) else ""
        profiles[place] = profile(grid, place, first, context)
        if not title and not profiles[place].filled:
            continue
        one = _column(place, title, table, profiles[place], context)
        chosen = choices.columns.get(str(place))
        if chosen is not None:
            one = replace(one, field_id=chosen, confidence=1.0)
        if one.field_id == "value":
            one = _with_hints(one, grid, header, units.get(place, ""), table, choices, context)
        elif one.year is not None or one.fixed:
            one = replace(one, year=None, fixed={})
        found.append(replace(one, examples=_examples(grid, place, first)))
    return tuple(_settled(found, profiles, table, choices))


def _column(place: int, title: str, table: str, seen: Profile, context: Context) -> Column:
    """One column by its header, else by what its cells look like."""
    words = context.vocabulary
    bare = without_unit(title)
    blank = Column(place, letter(place), title, (), "", 0.0)
    year = header_year(title) if table != "targets" else None
    if year is not None:
        return replace(blank, field_id="value", confidence=1.0, year=year)
    if word_key(title) in NUMBERING and (seen.is_count or not seen.filled):
        return replace(blank, field_id=IGNORE, confidence=0.9)
    exact = words.header(title, table) or words.header(bare, table)
    if exact is not None and _fits(exact, seen):
        return replace(blank, field_id=exact, confidence=1.0)
    if exact is None and seen.number > 0.5:
        for field_id, vocabulary in (("sector", "sectors"), ("indicator", "indicators")):
            what = words.find(vocabulary, title) or words.find(vocabulary, bare)
            if what is not None and table in context.catalogue.upload_fields[field_id].tables:
                return replace(blank, field_id="value", confidence=0.9, fixed={field_id: what})
    unit = words.header_unit(title)
    if unit is not None and table != "targets" and seen.number > 0.5:
        return replace(blank, field_id="value", confidence=0.9)
    part = words.header_part(bare, table)
    if part is not None and _fits(part, seen):
        return replace(blank, field_id=part, confidence=0.7)
    by_cells = _by_cells(seen, table, context)
    if by_cells and (not title or exact is not None):
        return replace(blank, field_id=by_cells, confidence=0.6)
    if exact is not None:
        return replace(blank, field_id=exact, confidence=1.0)
    return blank if not by_cells else replace(blank, field_id=by_cells, confidence=0.5)


def _fits(field_id: str, seen: Profile) -> bool:
    """Whether the cells of a column do not speak against what its header says."""
    share = seen.of(field_id)
    if share is None or not seen.filled or share > 0.2:
        return True
    others = {"city": seen.city, "sector": seen.sector, "indicator": seen.indicator, "unit": seen.unit}
    others.pop(field_id, None)
    return max(others.values()) < 0.8


def _by_cells(seen: Profile, table: str, context: Context) -> str:
    """The field whose values fill most of a column whose header says nothing."""
    if not seen.filled:
        return ""
    best = ""
    for field_id in ("unit", "sector", "indicator", "city", "gas_basis", "year"):
        allowed = table in context.catalogue.upload_fields[field_id].tables
        if allowed and (seen.of(field_id) or 0) >= 0.8:
            best = best or field_id
    return best


def _with_hints(
    one: Column, grid: Grid, header: int, unit_below: str, table: str, choices: Choices, context: Context
) -> Column:
    """A column of figures with the unit, gas, year and sector its header, or the cells above it, name."""
    words = context.vocabulary
    fixed = dict(one.fixed)
    lead = over(grid, header, one.index)
    for text in (one.header, unit_below, lead):
        found = words.unit(text) if text == unit_below else words.header_unit(text)
        if found is not None and "unit" not in fixed:
            fixed["unit"] = "mt" if found.is_mt else found.unit_id
        gas = words.gas(text)[0]
        if gas and table == "emissions":
            fixed.setdefault("gas_basis", gas)
    year = one.year
    if year is None and lead and header_year(lead) is not None and "sector" in fixed:
        year = header_year(lead)
    if lead and one.year is not None and "sector" not in fixed and table != "indicators":
        sector = words.find("sectors", without_unit(lead))
        if sector is not None:
            fixed["sector"] = sector
    fixed.update(choices.fixed.get(str(one.index), {}))
    return replace(one, year=choices.years.get(str(one.index), year), fixed=fixed)


def _settled(
    found: Sequence[Column], profiles: Mapping[int, Profile], table: str, choices: Choices
) -> list[Column]:
    """Guesses give way to surer columns of the same meaning; one left-over column of numbers is the value."""
    found = _crossed(found, choices)
    is_wide = any(one.year is not None or {"sector", "indicator"} & set(one.fixed) for one in found)
    best: dict[str, float] = {}
    for one in found:
        best[one.field_id] = max(best.get(one.field_id, 0.0), one.confidence)
    settled = []
    for one in found:
        gives_way = one.field_id not in ("", IGNORE, "value") and one.confidence < best[one.field_id]
        is_extra = is_wide and one.field_id == "value" and one.year is None and one.confidence < 0.9
        is_extra = is_extra and not {"sector", "indicator"} & set(one.fixed)
        if (gives_way or is_extra) and str(one.index) not in choices.columns:
            one = replace(one, field_id="", confidence=0.0, fixed={})
        settled.append(one)
    if table != "targets" and not any(one.field_id == "value" for one in settled):
        numbers = [
            place
            for place, one in enumerate(settled)
            if not one.field_id and profiles[one.index].number > 0.8 and str(one.index) not in choices.columns
        ]
        if len(numbers) == 1:
            settled[numbers[0]] = replace(settled[numbers[0]], field_id="value", confidence=0.4)
    return settled


def _crossed(found: Sequence[Column], choices: Choices) -> list[Column]:
    """Headers that name a sector, where sectors already run down or years across.

    Beside a column of sectors they are energy carriers or parts, kept as the city's own words; a total of the
    row, or a sum over the years, is left for the person to say.
    """
    by_row = any(one.field_id == "sector" for one in found)
    by_year = any(one.year is not None for one in found)
    crossed = []
    for one in found:
        is_own = str(one.index) not in choices.columns and str(one.index) not in choices.fixed
        if is_own and one.field_id == "value" and "sector" in one.fixed and (by_row or by_year):
            if one.fixed["sector"] in TOTALS or (by_year and one.year is None):
                one = replace(one, field_id="", confidence=0.0, year=None, fixed={})
            elif by_row:
                fixed = {key: value for key, value in one.fixed.items() if key != "sector"}
                title = without_unit(one.header)
                one = replace(one, confidence=0.9, fixed={**fixed, "source_sector": title})
        crossed.append(one)
    return crossed


def _examples(grid: Grid, place: int, first: int) -> tuple[str, ...]:
    cells = (row[place] for row in grid.rows[first:] if place < len(row) and row[place].strip())
    seen: dict[str, None] = {}
    for cell in cells:
        seen.setdefault(cut(cell, 40))
        if len(seen) == EXAMPLES:
            break
    return tuple(seen)
