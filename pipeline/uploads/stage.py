"""Writes the checked figures of an upload as the build reads them, and says what becomes of earlier ones.

    stage(settings, draft, checked, keep_earlier=False) -> Staged
    read_staged(settings, upload_id) -> Staged | None

An upload speaks for groups (`pipeline.accepted.GROUPS`): for emissions one city, scope, gas basis and method.
It takes the place of earlier uploads' rows in these groups as a whole, so a row that is not repeated is lost;
`Staged` counts them. With `keep_earlier` the years that the file does not have are carried over from the
earlier uploads instead.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.accepted import GROUPS, MUNICIPAL, STAGED, accepted_folder, find_accepted, laid_over
from pipeline.hashing import file_sha256
from pipeline.inputs import preferred
from pipeline.schema import FIGURES
from pipeline.settings import Settings
from pipeline.sources.rows import KEYS
from pipeline.sources.update import IDENTITY, shipped_rows
from pipeline.uploads import ledger
from pipeline.uploads.codec import from_plain, to_plain
from pipeline.uploads.drafts import Draft, scope_of
from pipeline.uploads.model import Checked, Record
from pipeline.uploads.store import (
    LEFTOVER,
    StoreError,
    folder_of,
    read_json,
    sync_folder,
    write_bytes,
    write_json,
)

Cells = Mapping[str, str]

#: Of an earlier upload, what `keep_earlier` keeps or drops together: one inventory, value or target.
KEPT_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "emissions": (*GROUPS["emissions"], "year"),
    "energy": (*GROUPS["energy"], "year"),
    "indicators": (*GROUPS["indicators"], "year"),
    "targets": (*GROUPS["targets"], "target_kind", "target_year"),
}


@dataclass(frozen=True, slots=True)
class Staged:
    """What lies in the accepted folder of an upload.

    `files` maps a table to the sha256 of its CSV, `rows` to its number of rows. `earlier_rows` are those
    of earlier uploads in the groups this one speaks for, `lost_rows` those of them it does not repeat, by
    city in `lost_by_city`. `kept_rows` were carried over. For files of a publisher `changed_rows` and
    `added_rows` compare with the figures we hold of that publisher; nothing is lost there.
    """

    upload_id: str
    source_id: str
    files: Mapping[str, str]
    rows: Mapping[str, int]
    cities: tuple[str, ...] = ()
    earlier_rows: int = 0
    lost_rows: int = 0
    lost_by_city: Mapping[str, int] = field(default_factory=dict)
    kept_rows: int = 0
    added_rows: int = 0
    changed_rows: int = 0
    is_nothing_new: bool = False
    keep_earlier: bool = False

    @property
    def lost_share_pct(self) -> float:
        """Share of the earlier rows that get lost, in %."""
        return 100 * self.lost_rows / self.earlier_rows if self.earlier_rows else 0.0


def stage(settings: Settings, draft: Draft, checked: Checked, *, keep_earlier: bool = False) -> Staged:
    """Write the accepted folder of a draft, whole or not at all. The caller asked for the person's right."""
    if not checked.records and not checked.tables:
        raise StoreError(
            "nothing_accepted", "No row of the file can be used, so there is nothing to publish."
        )
    counts = {"earlier": 0, "lost": 0, "kept": 0, "added": 0, "changed": 0}
    lost_by_city: dict[str, int] = {}
    contents: dict[str, list[Cells]] = {}
    is_nothing_new = True
    for table, new in sorted(_brought(checked).items()):
        if checked.source_id == MUNICIPAL:
            earlier = _in_groups(table, effective_rows(settings, table), new)
            kept = _kept(table, earlier, new) if keep_earlier else []
            new = [*new, *kept]
            lost = _lost(table, earlier, new)
            is_nothing_new = is_nothing_new and _sorted(earlier) == _sorted(new)
            counts["earlier"] += len(earlier)
            counts["kept"] += len(kept)
            counts["lost"] += len(lost)
            for row in lost:
                city_id = row[GROUPS[table][0]]
                lost_by_city[city_id] = lost_by_city.get(city_id, 0) + 1
        else:
            added, changed = _against_held(settings, checked.source_id, table, new)
            counts["added"] += added
            counts["changed"] += changed
            is_nothing_new = is_nothing_new and not (added or changed)
        contents[table] = sorted(new, key=lambda row: tuple(row[column] for column in KEYS[table]))
    return _write(
        settings,
        contents,
        Staged(
            upload_id=draft.upload_id,
            source_id=checked.source_id,
            files={},
            rows={table: len(rows) for table, rows in contents.items()},
            cities=scope_of(checked)[0],
            earlier_rows=counts["earlier"],
            lost_rows=counts["lost"],
            lost_by_city=lost_by_city,
            kept_rows=counts["kept"],
            added_rows=counts["added"],
            changed_rows=counts["changed"],
            is_nothing_new=is_nothing_new,
            keep_earlier=keep_earlier,
        ),
    )


def read_staged(settings: Settings, upload_id: str) -> Staged | None:
    """What was staged for an upload; None when nothing was."""
    values = read_json(folder_of(settings, "accepted", upload_id) / STAGED)
    return from_plain(Staged, values) if isinstance(values, dict) else None


def effective_rows(settings: Settings, table: str, uploads: Sequence[str] | None = None) -> list[Cells]:
    """The municipal rows of a table that count: those of the ledger's uploads, later over earlier."""
    lines = ledger.entries(settings)
    counted = ledger.active_of(lines) if uploads is None else uploads
    rows: list[Cells] = []
    for file in find_accepted(settings, counted, (), ledger.accepted_files(lines)):
        if file.source_id == MUNICIPAL and file.table == table:
            later = shipped_rows(file.path)
            spoken = {_key(row, GROUPS[table]) for row in later}
            rows = [row for row in rows if _key(row, GROUPS[table]) not in spoken] + list(later)
    return rows


def same_figures(settings: Settings, staged: Staged) -> str:
    """The upload that counts and holds the very same figures; nothing where the new one says anything new."""
    if not staged.is_nothing_new:
        return ""
    for upload_id in reversed(ledger.active_uploads(settings)):
        other = read_staged(settings, upload_id)
        if other is not None and (other.source_id, other.files) == (staged.source_id, staged.files):
            return upload_id
    return ""


def _brought(checked: Checked) -> dict[str, list[Cells]]:
    """The accepted figures by table: the records, or the files a publisher's figures were written to."""
    brought: dict[str, list[Cells]] = {}
    for table, name in checked.tables.items():
        path = Path(name)
        if not path.is_file() or file_sha256(path) != path.stem:
            raise StoreError("figures_gone", "The figures read from the file are gone. Check the file again.")
        brought[table] = [{**row, "source_id": checked.source_id} for row in shipped_rows(path)]
    for record in checked.records:
        brought.setdefault(record.table, []).append(_cells(record, checked.source_id))
    return brought


def _cells(record: Record, source_id: str) -> Cells:
    unknown = set(record.cells) - set(FIGURES[record.table])
    if unknown:
        raise KeyError(f"{record.table} has no column {', '.join(sorted(unknown))}")
    if source_id == MUNICIPAL and record.cells.get(GROUPS[record.table][0]) != record.city_id:
        raise ValueError(f"A row of {record.city_id} is about another place.")
    return {**dict.fromkeys(FIGURES[record.table], ""), **record.cells, "source_id": source_id}


def _in_groups(table: str, rows: Iterable[Cells], new: Iterable[Cells]) -> list[Cells]:
    spoken = {_key(row, GROUPS[table]) for row in new}
    return [row for row in rows if _key(row, GROUPS[table]) in spoken]


def _kept(table: str, earlier: Iterable[Cells], new: Iterable[Cells]) -> list[Cells]:
    there = {_key(row, KEPT_TOGETHER[table]) for row in new}
    return [row for row in earlier if _key(row, KEPT_TOGETHER[table]) not in there]


def _lost(table: str, earlier: Iterable[Cells], new: Iterable[Cells]) -> list[Cells]:
    identity = tuple(dict.fromkeys((*GROUPS[table], *IDENTITY[table])))
    there = {_key(row, identity) for row in new}
    return [row for row in earlier if _key(row, identity) not in there]


def _sorted(rows: Iterable[Cells]) -> list[tuple[tuple[str, str], ...]]:
    return sorted(tuple(sorted(row.items())) for row in rows)


def _against_held(settings: Settings, source_id: str, table: str, new: Sequence[Cells]) -> tuple[int, int]:
    """How many rows of a publisher's table the new ones add and change."""
    lines = ledger.entries(settings)
    base = next((path for path in preferred(settings, source_id) if path.stem == table), None)
    held = shipped_rows(base) if base is not None else []
    for file in find_accepted(settings, ledger.active_of(lines), (), ledger.accepted_files(lines)):
        if (file.source_id, file.table) == (source_id, table):
            held = laid_over(table, held, shipped_rows(file.path))
    after = laid_over(table, held, new)
    before = {_key(row, IDENTITY[table]): dict(row) for row in held}
    keys = [_key(row, IDENTITY[table]) for row in after]
    added = sum(key not in before for key in keys)
    changed = sum(key in before and before[key] != row for key, row in zip(keys, after, strict=True))
    return added, changed


def _key(row: Cells, columns: Collection[str]) -> tuple[str, ...]:
    return tuple(row[column] for column in columns)


def _write(settings: Settings, contents: Mapping[str, Sequence[Cells]], staged: Staged) -> Staged:
    """Fill a folder of our own and give it its name at the end, so that nobody finds half of one."""
    target = folder_of(settings, "accepted", staged.upload_id)
    part = accepted_folder(settings) / f"{LEFTOVER}{os.getpid()}-{staged.upload_id}"
    shutil.rmtree(part, ignore_errors=True)
    try:
        files = {table: _write_table(part / f"{table}.csv", table, rows) for table, rows in contents.items()}
        finished = from_plain(Staged, {**to_plain(staged), "files": files})
        write_json(part / STAGED, to_plain(finished))
        _swap(part, target)
        return finished
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write_table(path: Path, table: str, rows: Sequence[Cells]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, FIGURES[table], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_bytes(path, text.getvalue().encode())
    return file_sha256(path)


def _swap(part: Path, target: Path) -> None:
    if target.exists():
        old = target.with_name(f"{LEFTOVER}{os.getpid()}-old-{target.name}")
        target.rename(old)
        part.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        part.rename(target)
    sync_folder(target.parent)
