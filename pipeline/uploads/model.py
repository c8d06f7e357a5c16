"""What the steps of an upload hand to each other. All of it is plain values that can be kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Longest part of a cell that a message repeats.
SHOWN_SIGNS = 80

#: What a column of an uploaded file may mean; see catalogue/upload_fields.yml.
FieldId = str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, doubtful or undecided. Its words stand in `catalogue/faults.yml` under `code`.

    `row` is the number the person sees in the spreadsheet or editor, from 1; `column` is the header as
    written in the file, else the letter of the column; `value` is the cell, cut and without control signs.
    `params` fill the placeholders of the words and are shown as text, never as markup.
    """

    code: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, or the one table of a text file: every cell as text, as the person typed or sees it.

    `rows[0]` is row 1 of the sheet. `notes` marks cells that are more than plain text or a plain number:
    (row, column), both from 0 -> formula | formula_without_value | error | date | boolean | percent (a number
    shown as percent: the text is the stored share, 0.45 for what the person sees as 45%).
    `numeric` holds the cells a workbook stores as numbers: their text is a plain decimal with a point,
    whatever the style of the rest. `merged` and `hidden_rows` are as a person would name them: "B2:D2", row
    numbers from 1.
    """

    sheet: str
    rows: tuple[tuple[str, ...], ...]
    notes: Mapping[tuple[int, int], str] = field(default_factory=dict)
    numeric: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    is_hidden: bool = False
    line_numbers: tuple[int, ...] = ()
    """Of a text file: the line each row begins on; empty for workbooks, where row n is row n."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """One way to read the bytes of a text file; `sample` are up to three lines with its special letters."""

    encoding: str
    sample: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A file as read by the child process. With an error among `faults` there may be no grid.

    `kind` is csv | xlsx | geojson. `decodings` lists more than one way only where the person must choose;
    the first is the proposal. For GeoJSON the grid has one row a feature, its properties as columns.
    """

    kind: str
    grids: tuple[Grid, ...] = ()
    decodings: tuple[Decoding, ...] = ()
    delimiter: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person decided about reading the file; what is None or absent is proposed by the program.

    `header_row` counts from 1. `columns` maps a column (its number from 0, as text, so that it can be JSON)
    to a field id or "ignore". `years` maps a column number to the year its numbers are of, for wide tables.
    `constants` gives a field one value for the whole file, e.g. {"unit": "kt", "city": "vilnius"}; `fixed`
    does so for the numbers of one column, e.g. {"3": {"sector": "transport", "unit": "kt"}}.
    `decimal` is "." or ","; `answers` holds answers to questions by fault code.
    """

    table: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    decimal: str | None = None
    columns: Mapping[str, FieldId] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)
    constants: Mapping[FieldId, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Mapping[FieldId, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One figure in the columns of `pipeline/schema.py`, all text, and where in the file it stands.

    `column` is the number of the value's column from 0, for wide tables with several figures in a row.
    """

    table: str
    cells: Mapping[str, str]
    city_id: str
    row: int
    column: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """A cell that holds no figure and why: an id of `missing` in upload_fields.yml, such as not_estimated.

    `what` says in ids what the figure would have been of: city, year, sector or indicator.
    """

    row: int
    column: int
    reason_id: str
    what: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    """How the rows of a file were used. `read` = `accepted` + `missing` + the sum of `refused`.

    `refused` counts rows by fault code, `missing` rows that hold a notation key or a blank instead of a
    figure.
    In a wide table each cell that may hold a figure counts as a row.
    """

    read: int = 0
    accepted: int = 0
    missing: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of reading and checking a whole file.

    `source_id` is the source the records belong to: `municipal_upload`, or the publisher's own for official
    files. `choices` are the person's, completed with what the program proposes. `faults` are in the order of
    the file, at most `SHOWN_FAULTS` of them; `counts` has all of them by code.

    A publisher's file has too many figures to be handed around: `records` is then empty, `tables` holds for
    each table the CSV file of its accepted figures, in the columns of `pipeline/schema.py`, and `cities` and
    `indicators` say what they are about.
    """

    source_id: str
    records: tuple[Record, ...]
    faults: tuple[Fault, ...]
    counts: Mapping[str, int]
    tally: Tally
    choices: Choices
    title: str = ""
    missing: tuple[Missing, ...] = ()
    every_fault: tuple[Fault, ...] = ()
    """All faults, for the downloads; empty where `faults` has them all."""
    tables: Mapping[str, str] = field(default_factory=dict)
    cities: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()


#: Faults kept for the screen; the download has them all.
SHOWN_FAULTS = 200

#: The source of figures that municipalities upload in our template or their own layout.
MUNICIPAL = "municipal_upload"
