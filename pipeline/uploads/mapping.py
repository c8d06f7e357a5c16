"""Proposes what a file means. The person sees it with example values and may change all of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.uploads import layouts
from pipeline.uploads.columns import IGNORE, Column, read_columns
from pipeline.uploads.context import TABLES, Context
from pipeline.uploads.header import YEAR, Found, above, find_header, units_row, without_unit
from pipeline.uploads.model import Choices, Content, Fault, Grid
from pipeline.uploads.number import Scan, Style, plain, scan, style_of
from pipeline.uploads.text import clean, cut
from pipeline.uploads.vocabulary import VOCABULARY_OF

#: A line that names where the figures come from, below or above a table.
SOURCE_LINE = re.compile(r"\s*(?:šaltinis|duomenų šaltinis|source|data source|kaynak|veri kaynağı)\s*:", re.I)

#: Kinds of fields that hold numbers written in the style of the file.
NUMBER_KINDS = ("number", "number_pct", "people")

#: What every record needs to say, per table, and may be said once for the whole file.
STATED_ONCE = frozenset(
    {"city", "year", "sector", "indicator", "scope", "gas_basis", "unit", "target_kind", "source_ref"}
)


@dataclass(frozen=True, slots=True)
class Ask:
    """Something the file does not say and the person must: a field for the whole file.

    `options` are (value, English title) where the answer is a word of a list; `proposed` may be empty.
    """

    field_id: str
    title: str
    text: str
    options: tuple[tuple[str, str], ...] = ()
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """How the file would be read. `choices` is the person's, completed; `header_row` counts from 1.

    `first_row` is the first row with figures, counted from 0. `styles` says for each column of numbers how
    they are written. `questions` must be answered before the file can be used.
    """

    table: str
    sheet: str
    sheets: tuple[str, ...]
    header_row: int | None
    first_row: int
    columns: tuple[Column, ...]
    asks: tuple[Ask, ...]
    questions: tuple[Fault, ...]
    choices: Choices
    styles: Mapping[int, Style] = field(default_factory=dict)
    is_remembered: bool = False
    tables: tuple[str, ...] = TABLES


def grid_of(content: Content, choices: Choices) -> Grid | None:
    """The sheet that is read: the chosen one."""
    return next((grid for grid in content.grids if grid.sheet == choices.sheet), None)


def propose(content: Content, choices: Choices, context: Context) -> Proposal:
    """What sheet, header row, columns, units and constants the file seems to have, and what must be asked."""
    choices = possible(choices, context)
    grid, found, questions = _sheet(content, choices, context)
    sheets = tuple(one.sheet for one in content.grids)
    if grid is None or found is None:
        if grid is not None and any(sign.isdigit() for row in grid.rows for cell in row for sign in cell):
            questions.append(Fault("no_header", sheet=grid.sheet))
        table = choices.table or "emissions"
        sheet = grid.sheet if grid is not None else ""
        return Proposal(table, sheet, sheets, None, 0, (), (), tuple(questions), choices)
    table = found.table
    memory = layouts.remembered(context.layouts_dir, grid.rows[found.row]) if choices.table is None else None
    if memory is not None:
        choices = possible(layouts.merged(choices, memory), context)
        table = choices.table or table
    units = units_row(grid, found.row, context)
    first = found.row + (2 if units else 1)
    columns = read_columns(grid, found.row, first, table, choices, context, units)
    constants = _constants(grid, found.row, table, columns, choices, context)
    chosen = replace(
        choices,
        table=table,
        sheet=grid.sheet,
        header_row=found.row + 1,
        columns={str(one.index): one.field_id for one in columns if one.field_id},
        years={str(one.index): one.year for one in columns if one.year is not None},
        fixed={str(one.index): dict(one.fixed) for one in columns if one.fixed},
        constants=constants,
    )
    asks = _asks(table, columns, constants, context, grid, first)
    styles, asked = _styles(grid, first, columns, choices, context)
    questions += [
        Fault("constant_needed", sheet=grid.sheet, params={"field": ask.title, "field_id": ask.field_id})
        for ask in asks
    ]
    return Proposal(
        table=table,
        sheet=grid.sheet,
        sheets=sheets,
        header_row=found.row + 1,
        first_row=first,
        columns=columns,
        asks=asks,
        questions=(*questions, *_unknown(grid, columns, table, context), *asked),
        choices=chosen,
        styles=styles,
        is_remembered=memory is not None,
    )


def possible(choices: Choices, context: Context) -> Choices:
    """Choices without what cannot be: unknown tables, fields, columns. They come from a browser or a file."""
    fields = context.catalogue.upload_fields
    row = choices.header_row
    return replace(
        choices,
        table=choices.table if choices.table in TABLES else None,
        header_row=row if row is not None and row >= 1 else None,
        columns={
            place: one
            for place, one in choices.columns.items()
            if one == IGNORE or (one in fields and choices.table in (None, *fields[one].tables))
        },
        fixed={
            place: {one: value for one, value in values.items() if one in fields}
            for place, values in choices.fixed.items()
        },
    )


def _sheet(
    content: Content, choices: Choices, context: Context
) -> tuple[Grid | None, Found | None, list[Fault]]:
    """The sheet to read and its header; a question where several sheets hold figures."""
    row = None if choices.header_row is None else choices.header_row - 1
    named = grid_of(content, choices) if choices.sheet is not None else None
    if named is not None:
        return named, find_header(named, context, choices.table, row), []
    shown = [grid for grid in content.grids if not grid.is_hidden] or list(content.grids)
    tried = [(grid, find_header(grid, context, choices.table, row)) for grid in shown]
    tables = [(grid, found) for grid, found in tried if found is not None and _has_numbers(grid, found)]
    if not tables:
        return (tried[0][0] if tried else None), next((found for _, found in tried[:1]), None), []
    grid, best = max(tables, key=lambda pair: pair[1].score)
    if len(tables) == 1:
        return grid, best, []
    names = ", ".join(cut(one.sheet, 30) for one, _ in tables)
    return grid, best, [Fault("sheet_question", sheet=grid.sheet, params={"sheets": names})]


def _has_numbers(grid: Grid, found: Found) -> bool:
    """Whether some column below the header is mostly numbers; lists of words have none."""
    rows = grid.rows[found.row + 1 : found.row + 100]
    width = max((len(row) for row in rows), default=0)
    for place in range(width):
        cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
        if cells and sum(not scan(cell).fault for cell in cells) > len(cells) / 2:
            return True
    return False


def _constants(
    grid: Grid, header: int, table: str, columns: Sequence[Column], choices: Choices, context: Context
) -> dict[str, str]:
    """What holds for the whole file: the person's word first, then what stands above the table."""
    words = context.vocabulary
    has = {one.field_id for one in columns}
    everywhere = _everywhere(columns)
    titles = [clean(text).text for text in above(grid, header)]
    found: dict[str, str] = {}
    if "city" not in has:
        city = _city_above(titles, context)
        if city:
            found["city"] = city
    if table != "targets" and "year" not in has and not any(one.year for one in columns):
        years = {year for text in titles for year in YEAR.findall(text)}
        if len(years) == 1:
            found["year"] = years.pop()
    units = [unit for text in titles if (unit := words.header_unit(text)) is not None]
    if "unit" not in has and "unit" not in everywhere and len({unit.unit_id for unit in units}) == 1:
        found["unit"] = "mt" if units[0].is_mt else units[0].unit_id
    if table == "emissions" and "gas_basis" not in has and "gas_basis" not in everywhere:
        gases = {gas for text in titles if (gas := words.gas(text)[0])}
        if len(gases) == 1:
            found["gas_basis"] = gases.pop()
    if table == "emissions" and "scope" not in has:
        scopes = {scope for text in titles if (scope := words.find("scopes", text)) is not None}
        if len(scopes) == 1:
            found["scope"] = scopes.pop()
    if table in ("emissions", "energy") and "sector" not in has and "sector" not in everywhere:
        found["sector"] = "total"
    if table == "targets" and "unit" not in has:
        found.setdefault("unit", "t")
    kept = {key: value for key, value in choices.constants.items() if value.strip()}
    return {**found, **kept}


def _everywhere(columns: Sequence[Column]) -> set[str]:
    """Fields that every column of figures fixes for itself."""
    values = [set(one.fixed) for one in columns if one.field_id == "value"]
    return set.intersection(*values) if values else set()


def _city_above(titles: Sequence[str], context: Context) -> str | None:
    """The person's own city, or the one of their cities that the title names."""
    candidates = context.cities if context.cities is not None else frozenset(context.places.by_id)
    if context.cities is not None:
        named = {city for text in titles if (city := context.places.within(text, candidates))}
        if len(named) == 1:
            return named.pop()
    else:
        for text in titles:
            match = context.places.find(without_unit(text))
            if match.city_id:
                return match.city_id
    return context.own_city


def _asks(
    table: str,
    columns: Sequence[Column],
    constants: Mapping[str, str],
    context: Context,
    grid: Grid,
    first: int,
) -> tuple[Ask, ...]:
    """Required fields that neither a column nor the file as a whole states."""
    has = {one.field_id for one in columns} | set(constants) | _everywhere(columns)
    if any(one.year is not None for one in columns):
        has.add("year")
    if "unit" in has and "gas_basis" not in has and _units_name_gas(grid, columns, first, context):
        has.add("gas_basis")
    asks = []
    for field_id, record in context.catalogue.upload_fields.items():
        if table not in record.required or field_id in has or field_id not in STATED_ONCE:
            continue
        proposed = _proposed(field_id, table, constants, context, grid)
        asks.append(Ask(field_id, record.title, record.text, options(field_id, context), proposed))
    return tuple(asks)


def _proposed(field_id: str, table: str, constants: Mapping[str, str], context: Context, grid: Grid) -> str:
    """A likely answer: the source a line of the sheet names, the scope of the city's figures so far."""
    if field_id == "source_ref":
        lines = (clean(row[0]).text for row in grid.rows if row and SOURCE_LINE.match(row[0]))
        return next((SOURCE_LINE.sub("", line).strip() for line in lines), "")
    city = constants.get("city", "")
    if field_id == "scope" and city in context.places.by_id:
        known = [key for key in context.history(frozenset({city})) if key[:3] == (table, city, "total")]
        scopes = context.catalogue.scopes
        usable = [key[3] for key in known if key[3] in scopes and scopes[key[3]].whole_city == "yes"]
        return min(usable, key=lambda scope: scopes[scope].preference, default="")
    return ""


def _units_name_gas(grid: Grid, columns: Sequence[Column], first: int, context: Context) -> bool:
    """Whether each unit of the unit column also names its gas, as "t CO2e" does."""
    for one in columns:
        if one.field_id == "unit":
            cells = {row[one.index] for row in grid.rows[first:] if one.index < len(row)} - {""}
            found = [context.vocabulary.unit(cell) for cell in cells if cell.strip()]
            return bool(found) and all(unit is not None and unit.gas_basis for unit in found)
    return False


def options(field_id: str, context: Context) -> tuple[tuple[str, str], ...]:
    """What may be answered for a field: ids with English titles; empty where any text or year may be."""
    if field_id == "city":
        wanted = context.cities if context.cities is not None else ()
        known = (context.places.by_id.get(city) for city in sorted(wanted))
        return tuple((place.city_id, place.name) for place in known if place is not None)
    vocabulary = VOCABULARY_OF.get(field_id)
    return tuple(context.vocabulary.entries(vocabulary).items()) if vocabulary else ()


def _unknown(grid: Grid, columns: Sequence[Column], table: str, context: Context) -> list[Fault]:
    """Columns nobody knows the meaning of, each with the nearest field that is not there yet."""
    taken = {one.field_id for one in columns}
    faults = []
    for one in columns:
        if one.field_id:
            continue
        near = context.vocabulary.nearest_field(one.header, table)
        params = {"suggestion": near.title if near is not None and near.field_id not in taken else ""}
        code = "unknown_column_near" if params["suggestion"] else "unknown_column"
        name = cut(one.header) or one.letter
        faults.append(Fault(code, grid.sheet, None, name, "; ".join(one.examples), params))
    return faults


def _styles(
    grid: Grid, first: int, columns: Sequence[Column], choices: Choices, context: Context
) -> tuple[dict[int, Style], list[Fault]]:
    """How the numbers of each column are written, and the columns where only the person knows."""
    scans: dict[int, list[Scan]] = {}
    for one in columns:
        record = context.catalogue.upload_fields.get(one.field_id)
        if record is not None and record.kind in NUMBER_KINDS:
            scans[one.index] = [
                scan(row[one.index])
                for number, row in enumerate(grid.rows[first:], start=first)
                if one.index < len(row)
                and row[one.index].strip()
                and (number, one.index) not in grid.numeric
                and context.vocabulary.missing(row[one.index]) is None
            ]
    proofs = {place: {cell.settles for cell in cells} - {""} for place, cells in scans.items()}
    styles: dict[int, Style] = {}
    asked = []
    for place, cells in scans.items():
        others = {sign for other, signs in proofs.items() if other != place for sign in signs}
        styles[place] = style_of(cells, others, choices.decimal)
        if styles[place].is_asked:
            column = next(one for one in columns if one.index == place)
            sample = next(cell for cell in cells if cell.is_ambiguous)
            assert sample.point is not None
            assert sample.comma is not None
            params = {"as_point": plain(sample.point), "as_comma": plain(sample.comma)}
            name = cut(column.header) or column.letter
            asked.append(Fault("decimal_question", grid.sheet, None, name, cut(sample.text), params))
    return styles, asked
