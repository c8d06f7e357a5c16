"""Takes a file in: kept exactly as it came, under its own hash, before anybody looks into it."""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline import staff
from pipeline.settings import Settings
from pipeline.staff import Person
from pipeline.uploads.limits import MAX_BYTES, megabytes
from pipeline.uploads.store import StoreError, write_bytes

#: Longest name shown of a file.
NAME_SIGNS = 80

SHA256 = re.compile(r"[0-9a-f]{64}")
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Received:
    """A file in quarantine. `name` is a label for people; where the file lies follows from its hash alone."""

    sha256: str
    name: str
    byte_count: int
    is_known: bool


def receive(
    settings: Settings, person: Person | None, name: str, data: bytes, max_bytes: int = MAX_BYTES
) -> Received:
    """Keep the bytes of an upload, whole or not at all, readable by the server's own user only.

    Raises `AccessRefused` for people who may not upload and `StoreError` for files over the limit or when the
    disk is full.
    """
    staff.require(settings, person, "upload")
    if len(data) > max_bytes:
        raise StoreError(
            "file_too_big",
            f"The file has {megabytes(len(data))} MB; the limit is {megabytes(max_bytes)} MB.",
            size=megabytes(len(data)),
            limit=megabytes(max_bytes),
        )
    sha256 = hashlib.sha256(data).hexdigest()
    path = raw_path(settings, sha256)
    with _ONE_AT_A_TIME:
        is_known = _holds(path, sha256)
        if not is_known:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_bytes(path, data)
    return Received(sha256, safe_name(name), len(data), is_known)


def raw_path(settings: Settings, sha256: str) -> Path:
    """Where a received file lies; a hash that is none is refused before it becomes a path."""
    if not SHA256.fullmatch(sha256):
        raise StoreError("no_such_upload", "There is no such file.", value=sha256[:40])
    return settings.store_dir / "quarantine" / sha256 / "raw"


def _holds(path: Path, sha256: str) -> bool:
    """Whether the file is there and undamaged; a damaged one is written anew."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def safe_name(name: str) -> str:
    """A file's name as it can be shown: its last part, on one line, no invisible signs, cut in the middle.

    It is never used as a path. It may still hold markup, as any name may: show it as text.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(sign if sign.isprintable() else " " for sign in last)
    shown = " ".join(kept.split()).lstrip(". ") or "file"
    if len(shown) <= NAME_SIGNS:
        return shown
    ending = PurePosixPath(shown).suffix[:10]
    return f"{shown[: NAME_SIGNS - len(ending) - 1]}…{ending}"
