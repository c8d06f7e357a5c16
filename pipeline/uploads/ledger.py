"""The record of who did what: one JSON line an act, each with the hash of the line before.

Lines are only ever added, under a lock, and are on the disk before the act they announce goes on. A change
to an old line breaks the chain and shows in `verify`. A last line cut off by a power cut is set aside and
noted, never a reason to stop.

The acts that move readers from one build to another carry `uploads`, the uploads that count from then on, in
order. The last such line says what the next build is made from (`active_uploads`). Before readers are moved
an act `publish_intent` announces it; `pipeline.uploads.recover` closes one that a killed process left open.

    append(settings, act, person=..., upload_id=..., ...) -> Entry
    entries(settings) -> tuple[Entry, ...]          all of it, oldest first
    verify(settings) -> list[str]                   what is wrong, in plain sentences; empty when sound
    active_uploads(settings) -> tuple[str, ...]     upload ids, oldest first
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.settings import Settings
from pipeline.uploads.store import (
    Clock,
    as_store_error,
    locked,
    moment,
    sync_folder,
    utc_now,
    write_all,
    write_bytes,
)

#: What a step about builds is called once it is done. Each of them sets the uploads that count.
MOVES = frozenset({"published", "undone", "withdrawn", "restored"})
INTENT = "publish_intent"
ABANDONED = "abandoned"

#: Hash "before" the very first line.
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `person` is the id `issuer|sub`; nothing else about people is kept here.

    Of moves: `base_build` is what readers saw before, `build` what they see after, `uploads` the uploads that
    count after. `of` says for an intent which move it announces. `files` gives the sha256 of each accepted
    table of `upload_id`, so that a later change of one is noticed.
    """

    at: str
    number: int
    act: str
    person: str = ""
    upload_id: str = ""
    sha256: str = ""
    base_build: str = ""
    build: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    confirmed: tuple[str, ...] = ()
    reason: str = ""
    of: str = ""
    uploads: tuple[str, ...] | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    previous_hash: str = NOTHING_BEFORE
    hash: str = ""


def append(
    settings: Settings,
    act: str,
    *,
    person: str = "",
    upload_id: str = "",
    sha256: str = "",
    base_build: str = "",
    build: str = "",
    counts: Mapping[str, int] | None = None,
    confirmed: Collection[str] = (),
    reason: str = "",
    of: str = "",
    uploads: Collection[str] | None = None,
    files: Mapping[str, str] | None = None,
    details: Mapping[str, str] | None = None,
    now: Clock = utc_now,
) -> Entry:
    """Add a line and wait until it is on the disk; a full disk adds nothing and raises StoreError."""
    with locked(_lock(settings)):
        torn = _set_aside_torn_line(settings)
        last = _last(settings)
        if torn:
            last = _write(settings, _next(last, now, act="noted", reason=torn))
        return _write(
            settings,
            _next(
                last,
                now,
                act=act,
                person=person,
                upload_id=upload_id,
                sha256=sha256,
                base_build=base_build,
                build=build,
                counts=dict(counts or {}),
                confirmed=tuple(confirmed),
                reason=reason,
                of=of,
                uploads=tuple(uploads) if uploads is not None else None,
                files=dict(files or {}),
                details=dict(details or {}),
            ),
        )


def entries(settings: Settings) -> tuple[Entry, ...]:
    """Every line, oldest first. A torn last line is passed over, another unreadable one an error."""
    found: list[Entry] = []
    files = _files(settings)
    for path in files:
        lines = path.read_bytes().split(b"\n")
        is_last_file = path == files[-1]
        for number, line in enumerate(lines, start=1):
            entry = _read(line)
            if entry is not None:
                found.append(entry)
            elif line.strip() and not (is_last_file and number == len(lines)):
                raise InputError(
                    f"The ledger of uploads cannot be read: {path.name}, line {number}. Nothing is built or "
                    "published from it. Restore the file from a backup: python -m pipeline restore-backup."
                )
    return tuple(found)


def exists(settings: Settings) -> bool:
    """Whether anything was ever recorded here."""
    return bool(_files(settings))


def active_uploads(settings: Settings) -> tuple[str, ...]:
    """The uploads the figures are made from, oldest first."""
    return active_of(entries(settings))


def active_of(lines: Collection[Entry]) -> tuple[str, ...]:
    """The uploads that count after the given lines."""
    active: tuple[str, ...] = ()
    for entry in lines:
        if entry.act in MOVES and entry.uploads is not None:
            active = entry.uploads
    return active


def open_intent(lines: Collection[Entry]) -> Entry | None:
    """A move that was announced and of which nothing more is written; at most one can be open."""
    found: Entry | None = None
    for entry in lines:
        if entry.act == INTENT:
            found = entry
        elif entry.act in MOVES or entry.act == ABANDONED:
            found = None
    return found


def accepted_files(lines: Collection[Entry]) -> dict[str, Mapping[str, str]]:
    """For each upload that was ever published: table -> sha256 of its accepted file at that time."""
    return {entry.upload_id: entry.files for entry in lines if entry.act in MOVES and entry.files}


def verify(settings: Settings) -> list[str]:
    """What is wrong with the chain, as sentences; an empty list when every line is as it was written."""
    faults: list[str] = []
    before, number = NOTHING_BEFORE, 0
    files = _files(settings)
    for path in files:
        contents = path.read_bytes()
        for line_number, line in enumerate(contents.split(b"\n"), start=1):
            where = f"{path.name}, line {line_number}"
            if not line.strip():
                continue
            entry = _read(line)
            if entry is None:
                is_torn = path == files[-1] and contents.endswith(line)
                what = "is cut off; the next entry sets it aside" if is_torn else "cannot be read"
                faults.append(f"{where} {what}.")
                continue
            number += 1
            if entry.number != number:
                faults.append(
                    f"{where} has number {entry.number}, but {number} was expected: lines are gone."
                )
                number = entry.number
            if entry.previous_hash != before:
                faults.append(f"{where} does not follow from the line before it.")
            if entry.hash != _hash(entry):
                faults.append(f"{where} was changed after it was written.")
            before = entry.hash
    return faults


def repair(settings: Settings, now: Clock = utc_now) -> str:
    """Set a torn last line aside and note it; gives the note, or nothing when there was none."""
    if not exists(settings):
        return ""
    with locked(_lock(settings)):
        torn = _set_aside_torn_line(settings)
        if torn:
            _write(settings, _next(_last(settings), now, act="noted", reason=torn))
        return torn


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """Nobody adds a line meanwhile; for copying the ledger."""
    with locked(_lock(settings)):
        yield


def _folder(settings: Settings) -> Path:
    return settings.store_dir / "ledger"


def _lock(settings: Settings) -> Path:
    return _folder(settings) / ".lock"


def _files(settings: Settings) -> list[Path]:
    return sorted(_folder(settings).glob("[0-9][0-9][0-9][0-9]-[0-9][0-9].jsonl"))


def _next(last: Entry | None, now: Clock, *, act: str, **values: Any) -> Entry:
    """The line after `last`, complete but for its hash. Time never runs back, even when the clock does."""
    at = moment(now())
    entry = Entry(
        at=max(at, last.at) if last is not None else at,
        number=last.number + 1 if last is not None else 1,
        act=act,
        previous_hash=last.hash if last is not None else NOTHING_BEFORE,
        **values,
    )
    return _with_hash(entry)


def _write(settings: Settings, entry: Entry) -> Entry:
    """Add one line; what of it a full disk took is taken back."""
    month = datetime.fromisoformat(entry.at).astimezone(UTC).strftime("%Y-%m")
    path = _folder(settings) / f"{month}.jsonl"
    is_new = not path.exists()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        raise as_store_error(error) from error
    try:
        size = os.fstat(handle).st_size
        try:
            write_all(handle, _line(entry))
            os.fsync(handle)
        except OSError as error:
            os.ftruncate(handle, size)
            raise as_store_error(error) from error
    finally:
        os.close(handle)
    if is_new:
        sync_folder(path.parent)
    return entry


def _last(settings: Settings) -> Entry | None:
    for path in reversed(_files(settings)):
        for line in reversed(path.read_bytes().split(b"\n")):
            if line.strip():
                entry = _read(line)
                if entry is None:
                    raise InputError(f"The last line of the ledger {path.name} cannot be read.")
                return entry
    return None


def _set_aside_torn_line(settings: Settings) -> str:
    """Move a last line without its end out of the ledger; gives a sentence about it, or nothing."""
    files = _files(settings)
    if not files:
        return ""
    path = files[-1]
    contents = path.read_bytes()
    if not contents or contents.endswith(b"\n"):
        return ""
    start = contents.rfind(b"\n") + 1
    line = contents[start:]
    if _read(line) is not None:
        with path.open("ab") as file:
            file.write(b"\n")
            file.flush()
            os.fsync(file.fileno())
        return ""
    digest = hashlib.sha256(line).hexdigest()
    write_bytes(_folder(settings) / f"torn-{digest[:12]}.txt", line)
    handle = os.open(path, os.O_WRONLY)
    try:
        os.ftruncate(handle, start)
        os.fsync(handle)
    finally:
        os.close(handle)
    return f"A last line of {len(line)} bytes was cut off and is kept as torn-{digest[:12]}.txt."


def _read(line: bytes) -> Entry | None:
    try:
        values = json.loads(line)
        names = {known.name for known in fields(Entry)}
        if not isinstance(values, dict) or not {"at", "number", "act", "hash"} <= set(values) <= names:
            return None
        uploads = values.get("uploads")
        return Entry(
            **{
                **values,
                "confirmed": tuple(values.get("confirmed", ())),
                "uploads": tuple(uploads) if uploads is not None else None,
            }
        )
    except (ValueError, TypeError):
        return None


def _line(entry: Entry) -> bytes:
    return _canonical(asdict(entry)) + b"\n"


def _with_hash(entry: Entry) -> Entry:
    return Entry(**{**_values(entry), "hash": _hash(entry)})


def _values(entry: Entry) -> dict[str, Any]:
    return {known.name: getattr(entry, known.name) for known in fields(entry)}


def _hash(entry: Entry) -> str:
    values = {key: value for key, value in asdict(entry).items() if key != "hash"}
    return hashlib.sha256(_canonical(values)).hexdigest()


def _canonical(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
