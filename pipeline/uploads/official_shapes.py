"""Files of publishers that are known by their shape: the names of sheets and columns, never the file's name.

A file is one of these when most of the columns by which the publisher's edition is known stand in one row
near its top, under whatever sheet name. Someone may have renamed a sheet or deleted a column since: such a
file is still recognised, and all that is missing is named at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from pipeline.settings import PACKAGE
from pipeline.sources import account, c40_gpc, cdp_citywide, gcom_mycovenant, rows, smhi, uk_local_authority
from pipeline.uploads.model import MUNICIPAL, Fault

Reader = Callable[[Path, account.Account], Iterator[rows.Row]]

WORKBOOK, TEXT, JSON = "workbook", "text", "json"

#: Share of a shape's columns that must be there for a file to be taken for it.
ENOUGH = 0.7

#: Rows from the top in which a header is looked for.
TOP_ROWS = 15


@dataclass(frozen=True, slots=True)
class Sheet:
    """The beginning of one sheet, or of a text file: its first rows, cells as cleaned text."""

    name: str
    top: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Peek:
    """What is seen of a file without reading it all. `keys` are those of the first entry of a JSON list."""

    kind: str
    sheets: tuple[Sheet, ...] = ()
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shape:
    """One layout of one publisher.

    `columns` are those it is known by, and all are needed; of `any_of` one is. The header stands in row
    `header_row` of a sheet that goes by one of `sheet_names`; of a text file it is the first row.
    `more_sheets` are further sheets the reader needs.
    """

    shape_id: str
    source_id: str
    kind: str
    columns: tuple[str, ...]
    read: Reader
    sheet_names: tuple[str, ...] = ()
    header_row: int = 1
    any_of: tuple[str, ...] = ()
    more_sheets: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)


#: CDP's editions: the year of the layout -> its name for the reporting period. 2018 is laid out as 2019, 2020
#: as 2021.
CDP_PERIOD = {2016: 0, 2017: 1, 2019: 0, 2021: 1}

#: The id of the city's own reporting workbook, which is read by `pipeline/uploads/ecrf.py`.
ECRF = "ecrf"


def _cdp(edition: int) -> Shape:
    return Shape(
        f"cdp_citywide_{edition}",
        cdp_citywide.SOURCE_ID,
        TEXT,
        (*cdp_citywide.NEEDED, cdp_citywide.PERIODS[CDP_PERIOD[edition]], *cdp_citywide.EDITIONS[edition]),
        cdp_citywide.read,
        rename=cdp_citywide.OLD_NAMES if edition < 2018 else {},
    )


SHAPES: Mapping[str, Shape] = {
    shape.shape_id: shape
    for shape in (
        Shape(
            "jrc_mycovenant_2019",
            gcom_mycovenant.SOURCE_ID,
            WORKBOOK,
            gcom_mycovenant.NEEDED_2019,
            gcom_mycovenant.read,
            (gcom_mycovenant.SHEET_2019,),
        ),
        Shape(
            "jrc_mycovenant_monitoring",
            gcom_mycovenant.SOURCE_ID,
            WORKBOOK,
            gcom_mycovenant.NEEDED_MONITORING,
            gcom_mycovenant.read,
            (gcom_mycovenant.SHEET_MONITORING,),
            more_sheets=(gcom_mycovenant.SHEET_REPORT,),
        ),
        Shape(
            "c40_gpc",
            c40_gpc.SOURCE_ID,
            WORKBOOK,
            c40_gpc.NEEDED,
            c40_gpc.read,
            (c40_gpc.SHEET,),
        ),
        *(_cdp(edition) for edition in CDP_PERIOD),
        Shape(
            "uk_workbook",
            uk_local_authority.SOURCE_ID,
            WORKBOOK,
            uk_local_authority.BASE,
            uk_local_authority.read,
            uk_local_authority.SHEETS,
            uk_local_authority.HEADER_ROWS_ABOVE + 1,
            uk_local_authority.WORKBOOK_TOTALS,
        ),
        Shape(
            "uk_table",
            uk_local_authority.SOURCE_ID,
            TEXT,
            (
                uk_local_authority.YEAR,
                uk_local_authority.CODE,
                uk_local_authority.NAME,
                uk_local_authority.POPULATION,
                *(f"{words}:{uk_local_authority.CSV_UNIT}" for words in uk_local_authority.SECTORS),
            ),
            uk_local_authority.read,
        ),
        Shape(
            "smhi_sectors",
            smhi.SOURCE_ID,
            JSON,
            ("name", "sectors"),
            smhi.read,
        ),
    )
}


@cache
def titles() -> Mapping[str, str]:
    """Shape -> its name in English, from the registry, which is where it is translated."""
    listed = yaml.safe_load((PACKAGE / "catalogue" / "official_shapes.yml").read_text(encoding="utf-8"))
    return {str(entry["id"]): str(entry["title"]) for entry in listed}


def title_of(shape_id: str) -> str:
    return titles()[shape_id]


def source_of(shape_id: str) -> str:
    return MUNICIPAL if shape_id == ECRF else SHAPES[shape_id].source_id


def match(peek: Peek) -> Shape | None:
    """The shape with the largest share of its columns in the file, if that is enough."""
    best: tuple[float, Shape] | None = None
    for shape in SHAPES.values():
        share = max((found for _, _, found in _headers(peek, shape)), default=0.0)
        if share >= ENOUGH and (best is None or share > best[0]):
            best = (share, shape)
    return best[1] if best is not None else None


def _headers(peek: Peek, shape: Shape) -> Iterator[tuple[Sheet, int, float]]:
    """Each sheet with the row, from 1, most like the shape's header, and the share of columns in it."""
    if peek.kind != shape.kind:
        return
    if shape.kind == JSON:
        yield Sheet("", ()), 1, sum(key in peek.keys for key in shape.columns) / len(shape.columns)
        return
    rows_seen = 1 if shape.kind == TEXT else TOP_ROWS
    for sheet in peek.sheets:
        shares = [(_share(shape, row), -number) for number, row in enumerate(sheet.top[:rows_seen], start=1)]
        if shares:
            share, number = max(shares)
            yield sheet, -number, share


def _share(shape: Shape, row: tuple[str, ...]) -> float:
    names = {shape.rename.get(cell, cell) for cell in row}
    if shape.any_of and len(shape.columns) < 5 and not names & set(shape.any_of):
        return 0.0  # few columns, found in many files: the total must be there as well
    return sum(column in names for column in shape.columns) / len(shape.columns)


def missing(peek: Peek, shape: Shape) -> list[Fault]:
    """All that keeps a recognised file from being read: renamed sheets, columns that are not there."""
    sheet, row, _ = max(_headers(peek, shape), key=lambda found: found[2])
    faults: list[Fault] = []
    if shape.kind == WORKBOOK:
        there = {each.name for each in peek.sheets}
        if sheet.name not in shape.sheet_names:
            faults.append(
                Fault(
                    "official_sheet_renamed",
                    sheet=sheet.name,
                    params={"expected": " / ".join(shape.sheet_names), "found": sheet.name},
                )
            )
        faults += [
            Fault("official_sheet_missing", params={"expected": name, "found": ", ".join(sorted(there))})
            for name in shape.more_sheets
            if name not in there
        ]
        if row != shape.header_row:
            faults.append(
                Fault(
                    "official_header_moved",
                    sheet=sheet.name,
                    row=row,
                    params={"expected": str(shape.header_row)},
                )
            )
    header = sheet.top[row - 1] if sheet.top else ()
    names = [shape.rename.get(cell, cell) for cell in header]
    wanted = [*shape.columns, *([] if set(shape.any_of) & set(names) else shape.any_of[:1])]
    for column in wanted if shape.kind != JSON else ():
        if column not in names:
            near = difflib.get_close_matches(column, [name for name in names if name not in wanted], 1, 0.7)
            faults.append(
                Fault(
                    "official_column_missing",
                    sheet=sheet.name,
                    row=row,
                    column=_own_name(shape, column),
                    params={"near": near[0] if near else "–"},
                )
            )
    return faults


def _own_name(shape: Shape, column: str) -> str:
    """The column as the publisher's edition names it."""
    own = [old for old, new in shape.rename.items() if new == column]
    return own[0] if own else column
