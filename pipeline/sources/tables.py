"""Opens official files as tables: workbook sheets, CSV, TSV and JSON, plain or gzipped."""

from __future__ import annotations

import csv
import difflib
import gzip
import io
import itertools
import json
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import openpyxl

from pipeline.errors import PipelineError, nearest
from pipeline.sources import cells

T = TypeVar("T")
ENCODINGS = ("utf-8-sig", "cp1252")


@dataclass(frozen=True, slots=True)
class Bad:
    """What is wrong and where, in parts: a code of catalogue/faults.yml, and the cell that holds it.

    `row` is 0 where it is not one row; `why` is the reason in words, `near` the closest known word.
    """

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    why: str = ""
    near: str = ""


class ReadError(PipelineError):
    """An official file is not what its reader expects; the text says where and what to do."""

    def __init__(self, text: str, bad: Bad | None = None) -> None:
        super().__init__(text)
        self.bad = bad or Bad("official_unreadable", why=text)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: cells by cleaned column name, and where it stands. Absent cells are None."""

    file: str
    sheet: str
    row: int
    named: Mapping[str, object]
    surplus: int = 0
    """Cells more (or, below 0, fewer) than the header has columns; text files only."""

    def fail(
        self,
        column: str,
        why: str,
        remedy: str = "Correct the cell or get the file again",
        code: str = "official_word_unknown",
    ) -> ReadError:
        sheet = f", sheet '{self.sheet}'" if self.sheet else ""
        value = cells.text(self.named.get(column))
        return ReadError(
            f"{self.file}{sheet}, row {self.row}, column '{column}': {value!r} - {why}. {remedy}.",
            Bad(code, self.sheet, self.row, column, value, why),
        )

    def text(self, column: str) -> str:
        return cells.text(self.named.get(column))

    def number(self, column: str, missing: Collection[str] = cells.MISSING) -> float | None:
        return self._read(column, lambda cell: cells.number(cell, missing), "official_no_number")

    def year(self, column: str) -> int:
        return self._read(column, cells.year, "official_no_year")

    def whole(self, column: str, missing: Collection[str] = cells.MISSING) -> int | None:
        value = self.number(column, missing)
        return None if value is None else round(value)

    def _read(self, column: str, reader: Callable[[object], T], code: str) -> T:
        try:
            return reader(self.named.get(column))
        except (ValueError, OverflowError) as error:
            raise self.fail(column, str(error), code=code) from error


def clean(name: object) -> str:
    """A column name on one line without doubled blanks or invisible signs."""
    words = cells.text(name).replace("\u200b", "").replace("\ufeff", "")
    return " ".join(words.split())


def sheet(
    path: Path, name: str, required: Collection[str], skip: int = 0, any_of: Sequence[str] = ()
) -> Iterator[Line]:
    """The rows of one sheet of a workbook; `any_of` are further names the sheet may go by."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, ValueError, KeyError, EOFError, SyntaxError) as error:
        raise ReadError(
            f"{path.name} cannot be opened as an .xlsx workbook ({error}). Get it again."
        ) from error
    except Exception as error:  # openpyxl lets zipfile's and the XML parser's own errors through
        raise ReadError(f"{path.name} is no .xlsx workbook ({error}). Get it again.") from error
    try:
        names = [wanted for wanted in (name, *any_of) if wanted in book.sheetnames]
        if not names:
            raise ReadError(
                f"{path.name} has no sheet '{name}'; it has {', '.join(book.sheetnames)}"
                f"{nearest(name, book.sheetnames)}. Check that it is the right file and edition.",
                Bad("official_sheet_missing", value=", ".join(book.sheetnames), near=name),
            )
        page = book[names[0]]
        page.reset_dimensions()  # the size a workbook states for a sheet may be too small and hide rows
        rows = page.iter_rows(values_only=True)
        for _ in range(skip):
            next(rows, None)
        yield from _lines(path.name, names[0], rows, required, skip)
    finally:
        book.close()


def delimited(
    path: Path,
    required: Collection[str],
    delimiter: str = ",",
    rename: Callable[[str], str] = str,
) -> Iterator[Line]:
    """The rows of a CSV or TSV file, gzipped or not."""
    lines = _csv_rows(path.name, csv.reader(io.StringIO(read_text(path)), delimiter=delimiter))
    header = [rename(clean(column)) for column in next(lines, [])]
    return _lines(path.name, "", itertools.chain([header], lines), required, 0)


def _csv_rows(file: str, lines: Iterator[list[str]]) -> Iterator[list[str]]:
    number = 0
    while True:
        number += 1
        try:
            row = next(lines, None)
        except csv.Error as error:
            raise ReadError(
                f"{file}, row {number} is no row of a CSV file ({error}). Look for an open quote.",
                Bad("official_unreadable", row=number, why=str(error)),
            ) from error
        if row is None:
            return
        yield row


def _lines(
    file: str, sheet_name: str, rows: Iterator[Any], required: Collection[str], skip: int
) -> Iterator[Line]:
    header = [clean(cell) for cell in next(rows, ())]
    check_columns(file, sheet_name, skip + 1, header, required)
    for number, row in enumerate(rows, start=skip + 2):
        if not any(cells.text(cell) for cell in row):
            continue
        named: dict[str, object] = {}
        for column, cell in itertools.zip_longest(header, row[: len(header)]):
            named.setdefault(column, cell)  # C40 prints two columns twice; the first holds the figures
        yield Line(file, sheet_name, number, named, 0 if sheet_name else len(row) - len(header))


def check_columns(
    file: str, sheet_name: str, row: int, header: Sequence[str], required: Collection[str]
) -> None:
    missing = [column for column in required if column not in header]
    if missing:
        where = f"{file}, sheet '{sheet_name}'" if sheet_name else file
        raise ReadError(
            f"{where}, row {row}: column '{missing[0]}' is missing{nearest(missing[0], header)}. "
            "The publisher's layout changed or it is another file; compare the header with the reader.",
            Bad("official_column_missing", sheet_name, row, missing[0], near=_closest(missing[0], header)),
        )


def _closest(wanted: str, header: Sequence[str]) -> str:
    return next(iter(difflib.get_close_matches(wanted, header, n=1, cutoff=0.6)), "")


def is_workbook(path: Path) -> bool:
    """Whether the file begins as a zip archive does, whatever its name."""
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError as error:
        raise ReadError(f"{path.name} cannot be read ({error}). Get it again.") from error


def read_text(path: Path) -> str:
    """The file's text; gzip is recognised by its first two bytes, old files by their failing as UTF-8."""
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(f"{path.name} cannot be read ({error}). Get it again.") from error
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReadError(f"{path.name} is neither UTF-8 nor Windows-1252 text. Get it again.")


def document(path: Path) -> Any:
    """A JSON file as Python values."""
    text = read_text(path)
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ReadError(f"{path.name} is nested too deep to be a file of figures. Get it again.") from error
    except json.JSONDecodeError as error:
        raise ReadError(
            f"{path.name}, line {error.lineno}, column {error.colno}: {error.msg}. Get the JSON again."
        ) from error
