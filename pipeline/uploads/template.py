"""The upload template: made from the registry, in the person's language, with what we have for the city.

Every word it holds is one the upload understands: where a translation would not be read back as the same
thing, the English title stands there instead.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.records import UploadField
from pipeline.uploads.context import UNIT_OF, Context, Known
from pipeline.uploads.number import plain
from pipeline.uploads.text import harmless
from pipeline.uploads.vocabulary import VOCABULARY_OF

Words = Callable[[str], str]

#: Fields the template leaves to other kinds of files.
LEFT_OUT = frozenset({"longitude", "latitude"})

#: Fields a workbook holds as numbers.
NUMBERS = frozenset({"number", "number_pct", "people", "year"})

#: The sectors of a city that has no inventory yet.
FIRST_SECTORS = ("total", "stationary_energy_buildings", "industry", "transport", "waste", "afolu")

#: Rows in which a workbook offers the words of a list.
OFFERED_ROWS = 2000

#: What makes two targets the same; a publisher may print one twice, the template has it once.
ONE_TARGET = ("target_kind", "base_year", "target_year", "net_zero_year", "scope")

#: Widest column, in signs.
WIDEST = 44

HEAD_FILL = PatternFill("solid", fgColor="FFE2E8F0")
NEEDED_FILL = PatternFill("solid", fgColor="FFBFDBFE")


def columns_of(context: Context, table: str) -> list[UploadField]:
    """The fields of a table in the order of the registry."""
    fields = context.catalogue.upload_fields.values()
    return [record for record in fields if table in record.tables and record.field_id not in LEFT_OUT]


def header_of(context: Context, record: UploadField, table: str, words: Words) -> str:
    """What a column is called: translated where that is understood again."""
    title = words(record.title)
    return title if context.vocabulary.header(title, table) == record.field_id else record.title


def word_of(context: Context, field_id: str, value: str, words: Words) -> str:
    """An id in words that are read back as the same id."""
    vocabulary = VOCABULARY_OF[field_id]
    title = context.vocabulary.entries(vocabulary).get(value, value)
    if field_id == "unit":
        unit = context.catalogue.units.get(value)
        title = (unit.symbol or unit.title) if unit is not None else value
    for text in (words(title), title):
        if context.vocabulary.find(vocabulary, text) == value:
            return text
    return value


def rows_of(context: Context, table: str, city_ids: Sequence[str]) -> Iterator[dict[str, str]]:
    """Ids and plain numbers by field: what is published for the cities, and blank rows for the next year."""
    known = context.figures(table, frozenset(city_ids))
    by_city: dict[str, list[Known]] = {city: [] for city in city_ids if city in context.places.by_id}
    for figure in known:
        by_city.setdefault(figure.city_id, []).append(figure)
    for city, figures in by_city.items():
        yield from ({"city": city, **cells} for cells in _next_year(context, table, figures))
        seen: set[tuple[str, ...]] = set()
        for figure in figures:
            key = tuple(figure.cells.get(name, "") for name in ONE_TARGET)
            if table != "targets" or key not in seen:
                yield {"city": city, **figure.cells}
            seen.add(key)


def _next_year(context: Context, table: str, figures: Sequence[Known]) -> Iterator[dict[str, str]]:
    """Rows that only lack the amount: the year after the last one, with the same sectors or indicators."""
    if table == "targets":
        return
    keep = {"sector", "scope", "gas_basis", "unit", "method", "source_sector", "indicator", "boundary"}
    lasts: dict[str, int] = {}
    for figure in figures:
        kind = figure.cells.get("indicator", "")
        lasts[kind] = max(lasts.get(kind, 0), int(figure.cells["year"]))
    for figure in figures:
        year = int(figure.cells["year"])
        if year == lasts[figure.cells.get("indicator", "")] and year < context.as_of_year:
            kept = {key: value for key, value in figure.cells.items() if key in keep}
            yield {**kept, "year": str(year + 1)}
    if figures:
        return
    year_text = str(context.as_of_year - 1)
    if table == "indicators":
        for key in context.vocabulary.entries("indicators"):
            yield {"indicator": key, "unit": context.catalogue.indicators[key].unit, "year": year_text}
        return
    for sector in FIRST_SECTORS:
        more = {"gas_basis": "CO2e"} if table == "emissions" else {}
        yield {"sector": sector, "unit": UNIT_OF[table], "year": year_text, **more}


def cell_of(context: Context, record: UploadField, cells: Mapping[str, str], words: Words) -> str:
    """A cell as text: words in the person's language, numbers plain."""
    field_id = record.field_id
    if field_id == "country":
        return context.places.by_id[cells["city"]].country_iso2
    value = cells.get(field_id, "")
    if field_id == "city":
        return _city_name(context, value)
    if not value:
        return ""
    if record.kind in NUMBERS:
        return plain(Decimal(value))
    return word_of(context, field_id, value, words) if field_id in VOCABULARY_OF else value


def _city_name(context: Context, city_id: str) -> str:
    place = context.places.by_id[city_id]
    for name in (place.name, place.name_local):
        if name and context.places.find(name, place.country_iso2).city_id == city_id:
            return name
    return city_id


def template_csv(context: Context, lang_words: Words, table: str, city_ids: Sequence[str]) -> bytes:
    """The template as text that spreadsheets open: UTF-8 with a mark, `;`, decimal comma outside English."""
    fields = columns_of(context, table)
    comma = lang_words("Year") != "Year"
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(header_of(context, record, table, lang_words)) for record in fields])
    for cells in rows_of(context, table, city_ids):
        row = []
        for record in fields:
            text = cell_of(context, record, cells, lang_words)
            row.append(_unmistakable(text, comma) if text and record.kind in NUMBERS else harmless(text))
        writer.writerow(row)
    return out.getvalue().encode("utf-8-sig")


def _unmistakable(text: str, comma: bool) -> str:
    """A number that cannot be taken for thousands: never three decimals."""
    whole, mark, rest = text.partition(".")
    if len(rest) == 3:
        rest += "0"
    return whole + (("," if comma else mark) + rest if rest else "")


def template_xlsx(context: Context, lang_words: Words, table: str, city_ids: Sequence[str]) -> bytes:
    """The template as a workbook: the figures, what each column means, and the words that may be used."""
    labels = {key: lang_words(term.title) for key, term in context.catalogue.upload_labels.items()}
    fields = columns_of(context, table)
    book = Workbook()
    sheet = book.active
    sheet.title = _sheet_name(labels["figures"])
    _head(sheet, [header_of(context, record, table, lang_words) for record in fields])
    for place, record in enumerate(fields, start=1):
        if table in record.required:
            sheet.cell(1, place).fill = NEEDED_FILL
    for number, cells in enumerate(rows_of(context, table, city_ids), start=2):
        for place, record in enumerate(fields, start=1):
            put(
                sheet.cell(number, place), cell_of(context, record, cells, lang_words), record.kind in NUMBERS
            )
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(fields))}{max(2, sheet.max_row)}"
    _help(book.create_sheet(_sheet_name(labels["help"])), context, fields, table, labels, lang_words)
    lists = book.create_sheet(_sheet_name(labels["words"]))
    _lists(lists, sheet, context, fields, table, lang_words)
    for one in book.worksheets:
        _widths(one)
    return saved(book)


def _help(
    sheet: Worksheet,
    context: Context,
    fields: Sequence[UploadField],
    table: str,
    labels: Mapping[str, str],
    words: Words,
) -> None:
    for number, key in enumerate(("how_rows", "how_numbers", "how_missing", "how_words"), start=1):
        put(sheet.cell(number, 1), labels[key])
    _head(sheet, [labels["column"], labels["needed"], labels["meaning"]], 6)
    for number, record in enumerate(fields, start=7):
        put(sheet.cell(number, 1), header_of(context, record, table, words))
        put(sheet.cell(number, 2), labels["yes"] if table in record.required else "")
        put(sheet.cell(number, 3), words(record.text))


def _lists(
    lists: Worksheet,
    sheet: Worksheet,
    context: Context,
    fields: Sequence[UploadField],
    table: str,
    words: Words,
) -> None:
    """The words of each list, one list a column, offered in the cells of the first sheet."""
    column = 0
    for place, record in enumerate(fields, start=1):
        vocabulary = VOCABULARY_OF.get(record.field_id)
        if vocabulary is None:
            continue
        column += 1
        entries = list(context.vocabulary.entries(vocabulary))
        if record.field_id == "unit":
            entries = _units_for(context, table, entries)
        put(lists.cell(1, column), header_of(context, record, table, words))
        lists.cell(1, column).font = Font(bold=True)
        lists.cell(1, column).fill = HEAD_FILL
        for number, value in enumerate(entries, start=2):
            put(lists.cell(number, column), word_of(context, record.field_id, value, words))
        letter = get_column_letter(column)
        area = f"{quote_sheetname(lists.title)}!${letter}$2:${letter}${len(entries) + 1}"
        offer = DataValidation(type="list", formula1=area, allow_blank=True, showErrorMessage=False)
        own = get_column_letter(place)
        offer.add(f"{own}2:{own}{OFFERED_ROWS}")
        sheet.add_data_validation(offer)
    lists.freeze_panes = "A2"


def _units_for(context: Context, table: str, entries: Sequence[str]) -> list[str]:
    units = context.catalogue.units
    base = UNIT_OF.get(table)
    if base is not None:
        return [key for key in entries if units[key].base == units[base].base]
    indicators = context.catalogue.indicators
    used = {units[indicators[key].unit].base for key in context.vocabulary.entries("indicators")}
    return [key for key in entries if units[key].base in used]


def put(cell: Cell, text: str, is_number: bool = False) -> None:
    """Write a cell: numbers as numbers, all else as text that no spreadsheet runs as a formula."""
    if not text:
        return
    if is_number:
        number = Decimal(text)
        cell.value = int(number) if number == number.to_integral_value() else float(number)
        return
    cell.value = text
    cell.data_type = "s"
    if harmless(text) != text:
        cell.quotePrefix = True


def _head(sheet: Worksheet, titles: Sequence[str], row: int = 1) -> None:
    for place, title in enumerate(titles, start=1):
        cell = sheet.cell(row, place)
        put(cell, title)
        cell.font = Font(bold=True)
        cell.fill = HEAD_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _widths(sheet: Worksheet) -> None:
    for column in sheet.columns:
        longest = max((len(str(cell.value)) for cell in column[:200] if cell.value is not None), default=0)
        sheet.column_dimensions[get_column_letter(column[0].column)].width = min(WIDEST, longest + 3)


def _sheet_name(title: str) -> str:
    """A name a workbook accepts: no `:\\/?*[]`, at most 31 signs."""
    return "".join(" " if sign in ":\\/?*[]" else sign for sign in title)[:31]


def saved(book: Workbook) -> bytes:
    """The workbook as bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
