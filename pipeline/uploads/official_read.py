"""What the child process does with a publisher's file: looks at its shape, reads it, accounts for every row.

The figures go back as CSV text in the columns of `pipeline/schema.py`: a large publisher has too many of them
to be handed around one by one.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl

from pipeline.schema import FIGURES
from pipeline.sources import account, rows, tables, update
from pipeline.uploads import ecrf, official_shapes
from pipeline.uploads.archive import guard
from pipeline.uploads.limits import Caps, megabytes
from pipeline.uploads.model import Fault, Tally
from pipeline.uploads.number import plain_about, plain_float
from pipeline.uploads.official_shapes import ECRF, JSON, SHAPES, TEXT, TOP_ROWS, WORKBOOK, Peek, Sheet
from pipeline.uploads.text import cut
from pipeline.uploads.wire import fault_to_json
from pipeline.uploads.xmlparts import Refusal

GZIP = b"\x1f\x8b"
CHUNK = 1 << 16

#: Sheets and columns looked at to recognise a workbook.
MOST_SHEETS, MOST_COLUMNS = 60, 400

#: Faults handed back; all are counted.
LISTED = 10_000

#: Totals of a whole city between which a figure per inhabitant is believed, in t CO2e a year.
LEAST_T_PER_PERSON, MOST_T_PER_PERSON = 0.1, 100.0
WHOLE_CITY = frozenset({"BASIC", "BASIC+", "1+2", "1+2+3", "reported_total", "territorial", "end_user_1+2"})
KT = "Less than 0.1 t per inhabitant: the figure is probably in kilotonnes"
FAR_OFF = "More than 100 t per inhabitant: the figure or the number of inhabitants is wrong"

#: Reasons that are nobody's mistake: rows of places we do not follow. They are counted, not listed.
UNLISTED = frozenset({account.COUNTRY_OUTSIDE, account.PLACE_UNKNOWN, account.NOT_YOURS, account.NO_PLACE})


def recognise(path: str, label: str, caps: Mapping[str, int]) -> dict[str, Any]:
    """The shape of a file, or None; a trap in the archive is refused as in any other workbook."""
    try:
        with_name, kind = _unpacked(Path(path), label, Caps(**caps))
        peek = _peek(with_name, kind)
    except (Refusal, tables.ReadError):
        return {"shape": None}
    if kind == WORKBOOK and ecrf.is_ecrf(peek):
        return {"shape": ECRF}
    shape = official_shapes.match(peek)
    return {"shape": shape.shape_id if shape is not None else None}


def read(
    path: str,
    label: str,
    caps: Mapping[str, int],
    shape_id: str,
    places: list[str],
    others: list[str],
    by_name: Mapping[str, str],
) -> dict[str, Any]:
    """Read a recognised file. `places` are the publisher's ids of the places wanted, `others` those of places
    we follow but this person has no say about, `by_name` ids by plain name."""
    try:
        file, kind = _unpacked(Path(path), label, Caps(**caps))
        if shape_id == ECRF:
            return ecrf.read(file)
        shape = SHAPES[shape_id]
        stop = official_shapes.missing(_peek(file, kind), shape)
        if stop:
            return _answer(Reading(), Tally(), stop)
        kept = account.Account(
            frozenset(places),
            goes_on=True,
            takes_parts=False,
            not_yours=frozenset(others),
            by_name=by_name,
        )
        reading = Reading()
        reading.take(shape.read(file, kept), kept)
    except Refusal as refusal:
        return _answer(Reading(), Tally(), list(refusal.faults))
    except tables.ReadError as error:
        return _answer(Reading(), Tally(), [_fault(error.bad)])
    outcomes = Counter(kept.outcomes.values())
    tally = Tally(
        read=len(kept.outcomes),
        accepted=outcomes.pop(account.ACCEPTED, 0),
        missing=outcomes.pop(account.MISSING, 0),
        refused=dict(sorted(outcomes.items())),
    )
    faults = [_fault(bad) for bad in sorted(kept.faults, key=lambda bad: bad.row) if bad.code not in UNLISTED]
    if not tally.accepted:
        faults.insert(0, Fault("official_nothing_usable", params={"read": str(tally.read)}))
    return _answer(reading, tally, faults)


@dataclass(slots=True)
class Reading:
    """The figures of a file, each once, as CSV text by table."""

    texts: dict[str, io.StringIO] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)

    def take(self, figures: Iterable[rows.Row], kept: account.Account) -> None:
        """Write down every figure that no earlier row gave; a row that gives nothing else is a duplicate."""
        useful: set[int] = set()
        repeated: dict[int, tuple[rows.Row, int]] = {}
        for figure in figures:
            columns = update.IDENTITY[figure.table]
            key = (figure.table, *(str(figure[column]) for column in columns))
            if key in self.seen:
                repeated.setdefault(figure.at, (figure, self.seen[key]))
                continue
            self.seen[key] = figure.at
            useful.add(figure.at)
            self.places.add(str(figure[columns[0]]))
            doubtful, bad = doubted(figure)
            kept.faults += [bad] if bad is not None else []
            self._write(doubtful)
        for at, (figure, first) in sorted(repeated.items()):
            if at and at not in useful:
                kept.outcomes[at] = account.DUPLICATE
                kept.faults.append(
                    tables.Bad(account.DUPLICATE, row=at, value=_plain(figure["value"]), why=str(first))
                )

    def _write(self, figure: rows.Row) -> None:
        text = self.texts.get(figure.table)
        if text is None:
            text = self.texts[figure.table] = io.StringIO()
            csv.writer(text, lineterminator="\n").writerow(FIGURES[figure.table])
        csv.writer(text, lineterminator="\n").writerow(figure.as_text())
        self.counts[figure.table] += 1


def doubted(figure: rows.Row) -> tuple[rows.Row, tables.Bad | None]:
    """A city's own total that is far off per inhabitant is flagged, so that it is no part of a series.

    Official statistics and reviewed inventories are not doubted: a district of offices may be like that.
    """
    people, value = figure.cells.get("population_count"), figure.cells.get("value")
    is_total = (
        figure.table == "emissions" and figure["sector_id"] == "total" and figure["scope"] in WHOLE_CITY
    )
    is_own_word = figure.cells.get("quality_id") == "self_reported"
    if (
        not is_total
        or not is_own_word
        or not isinstance(people, int)
        or not isinstance(value, float | int)
        or people <= 0
    ):
        return figure, None
    per_person = value / people
    if LEAST_T_PER_PERSON <= per_person <= MOST_T_PER_PERSON:
        return figure, None
    flag, reason = (
        ("suspected_kt", KT) if per_person < LEAST_T_PER_PERSON else ("per_capita_outlier", FAR_OFF)
    )
    flags = ";".join(filter(None, (str(figure["flags"] or ""), flag)))
    bad = tables.Bad(
        "official_per_person", row=figure.at, column=str(figure["city_name"] or ""), value=_plain(value),
        why=plain_about(per_person),
    )  # fmt: skip
    return rows.Row(figure.table, {**figure.cells, "flags": flags, "flag_reason": reason}, figure.at), bad


def _plain(value: object) -> str:
    """A figure as faults keep numbers; what is no number as text."""
    return plain_float(value) if isinstance(value, int | float) else str(value)


def _answer(reading: Reading, tally: Tally, faults: list[Fault]) -> dict[str, Any]:
    return {
        "tables": {table: text.getvalue() for table, text in reading.texts.items()},
        "figures": dict(reading.counts),
        "places": sorted(reading.places),
        "tally": [tally.read, tally.accepted, tally.missing, dict(tally.refused)],
        "faults": [fault_to_json(fault) for fault in faults[:LISTED]],
        "counts": dict(Counter(fault.code for fault in faults)),
        "records": [],
    }


def _fault(bad: tables.Bad) -> Fault:
    params = {
        "why": cut(bad.why),
        "expected": cut(bad.near),
        "near": cut(bad.near) or "–",
        "found": cut(bad.value),
    }
    return Fault(bad.code, cut(bad.sheet), bad.row or None, cut(bad.column), cut(bad.value), params)


def _unpacked(path: Path, label: str, caps: Caps) -> tuple[Path, str]:
    """The file under its label in the child's own folder, gzip undone, and what kind it is by its content."""
    data = path.read_bytes()
    if data.startswith(GZIP):
        data = _inflated(data, caps)
        label = label.removesuffix(".gz")
    is_workbook = data[:2] == b"PK"
    if is_workbook:
        guard(data, caps).close()
        label = label if label.lower().endswith(".xlsx") else f"{label}.xlsx"  # openpyxl asks for the ending
    folder = Path("file")
    folder.mkdir(exist_ok=True)
    copy = folder / (label.replace("/", "_").strip(".") or "file")
    copy.write_bytes(data)
    if is_workbook:
        return copy, WORKBOOK
    return copy, JSON if data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")[:1] in (b"[", b"{") else TEXT


def _inflated(data: bytes, caps: Caps) -> bytes:
    """Unpack gzip up to the limit and no further."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            found = file.read(caps.expanded_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Refusal(Fault("file_broken")) from error
    if len(found) > caps.expanded_bytes:
        raise Refusal(Fault("official_too_big", params={"limit": megabytes(caps.expanded_bytes)}))
    return found


def _peek(path: Path, kind: str) -> Peek:
    if kind == WORKBOOK:
        return Peek(kind, tuple(_sheets(path)))
    if kind == JSON:
        found = tables.document(path)
        first = found[0] if isinstance(found, list) and found else None
        return Peek(kind, keys=frozenset(first) if isinstance(first, dict) else frozenset())
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        try:
            header = next(csv.reader(file), [])
        except csv.Error:
            header = []
    return Peek(kind, (Sheet("", (tuple(tables.clean(cell) for cell in header),)),))


def _sheets(path: Path) -> Iterator[Sheet]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # whatever a broken workbook makes openpyxl raise
        raise Refusal(Fault("file_broken")) from error
    try:
        for sheet in book.worksheets[:MOST_SHEETS]:
            top = islice(sheet.iter_rows(max_row=TOP_ROWS, max_col=MOST_COLUMNS, values_only=True), TOP_ROWS)
            yield Sheet(sheet.title, tuple(tuple(tables.clean(cell) for cell in row) for row in top))
    except Exception as error:
        raise Refusal(Fault("file_broken")) from error
    finally:
        book.close()
