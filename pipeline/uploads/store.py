"""The store of uploads: its folders, its locks, and writing that is whole or not at all.

    <store>/quarantine/<sha256>/raw       files as received
    <store>/drafts/<upload_id>/           where a person's work on an upload is: draft.json, checked.json, ...
    <store>/accepted/<upload_id>/         the figures of an upload in our columns, and staged.json
    <store>/ledger/YYYY-MM.jsonl          who did what; never changed, only added to
    <store>/layouts/                      remembered readings of a city's own layout

Names of files and folders are made here, never taken from what a person typed. Whatever a killed process
leaves behind starts with `LEFTOVER`.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.uploads.model import Fault

#: Start of every name that a killed process can leave behind.
LEFTOVER = ".part-"

#: The pipeline's own clock; tests pass another.
Clock = Callable[[], datetime]

UPLOAD_ID = re.compile(r"[0-9a-f]{32}")


class StoreError(PipelineError):
    """Something about uploads that a person can act on. `code` names its words in catalogue/faults.yml."""

    def __init__(self, code: str, text: str, **params: str) -> None:
        super().__init__(text)
        self.code = code
        self.params: Mapping[str, str] = params

    @property
    def fault(self) -> Fault:
        """The same for a page, which shows the words in the person's language."""
        return Fault(self.code, value=self.params.get("value", ""), params=self.params)


def utc_now() -> datetime:
    return datetime.now(UTC)


def moment(at: datetime) -> str:
    """A point in time as it is written in every file of the store: UTC, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def folder_of(settings: Settings, part: str, upload_id: str) -> Path:
    """`<store>/<part>/<upload_id>`; an id that is not one of ours is refused before it becomes a path."""
    if not UPLOAD_ID.fullmatch(upload_id):
        raise StoreError("no_such_upload", "There is no such upload.", value=upload_id[:40])
    return settings.store_dir / part / upload_id


def write_bytes(path: Path, contents: bytes) -> None:
    """Put a file in its place in one step that survives a power cut; readable by the owner only."""
    part = path.with_name(f"{LEFTOVER}{os.getpid()}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            write_all(handle, contents)
            os.fsync(handle)
        finally:
            os.close(handle)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise as_store_error(error) from error
    sync_folder(path.parent)


def write_json(path: Path, values: object) -> None:
    """`write_bytes` of a value as JSON."""
    write_bytes(path, (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode())


def read_json(path: Path) -> Any:
    """What a JSON file holds; None when it is not there or cannot be read."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def write_all(handle: int, contents: bytes) -> None:
    """`os.write` until all is written: a full disk may take a part without complaint."""
    view = memoryview(contents)
    while view:
        view = view[os.write(handle, view) :]


def as_store_error(error: OSError) -> OSError | StoreError:
    """A full disk in words; any other error as it is."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StoreError(
            "disk_full", "The disk is full, so nothing was changed. Make room and repeat the step."
        )
    return error


def sync_folder(folder: Path) -> None:
    """Wait until names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[bool]:
    """Hold a lock file; gives False, without the lock, when `wait` is False and another process has it.

    The lock ends with the process that holds it, however that ends.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(lock, how if wait else how | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def clean_parts(settings: Settings) -> list[str]:
    """Remove what killed processes left in the store; gives the names removed.

    Only call this while nobody writes there, or for names whose process is gone: that is checked by number.
    """
    removed = []
    for path in sorted(settings.store_dir.rglob(f"{LEFTOVER}*")):
        found = re.match(rf"{re.escape(LEFTOVER)}(\d+)", path.name)
        if found is not None and found[1] != str(os.getpid()) and is_running(int(found[1])):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        removed.append(path.relative_to(settings.store_dir).as_posix())
    return removed


def is_running(process: int) -> bool:
    """Whether a process of this number exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
