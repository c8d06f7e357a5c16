"""The files of builds: their cards, the pointer, and the lock of the one process that may change them.

A build is `build-<id>.duckdb`, never changed once it has its name, and `build-<id>.json` beside it, which
says where it came from and whether it is a draft, published or withdrawn. `current.json` names the build
readers see and those they saw before. It is replaced in one step: a reader finds the old build or the new.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.errors import InputError, PublishError
from pipeline.hashing import file_sha256
from pipeline.settings import Settings
from pipeline.uploads import ledger

DRAFT = "draft"
PUBLISHED = "published"
WITHDRAWN = "withdrawn"

POINTER = "current.json"
LOCK = ".lock"
#: Everything a killed builder can leave behind starts like this.
LEFTOVER = ".draft-"


@dataclass(frozen=True, slots=True)
class Build:
    """A finished, verified build. `warning` is not empty when it stands in for a damaged one."""

    build_id: str
    path: Path
    built_at: str
    input_sha256: str
    content_sha256: str
    previous_build_id: str | None
    file_sha256: str
    byte_count: int
    state: str = DRAFT
    left_out: tuple[str, ...] = ()
    uploads: tuple[str, ...] = ()
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What `current.json` says: the build readers see, and those they saw before, oldest first."""

    build_id: str
    before: tuple[str, ...] = ()


def builds(settings: Settings) -> list[Build]:
    """Every verified build on disk, newest first."""
    cards = sorted(settings.builds_dir.glob("build-*.json"), reverse=True)
    return [build for card in cards if (build := read_card(card)) is not None]


def current_build(settings: Settings) -> Build | None:
    """The build readers see; None when nothing was ever published.

    A pointer that is lost or damaged, or that names a build that is, gives the newest published build with a
    `warning` for the page, never an error. Cheap enough for every rerun of a page.
    """
    pointer, fault = read_pointer(settings)
    if pointer is not None:
        build = read_card(settings.builds_dir / f"build-{pointer.build_id}.json")
        if build is not None:
            return build
        fault = f"the build {pointer.build_id} is missing or damaged"
    return stand_in(settings, fault, avoid=frozenset())


def stand_in(settings: Settings, fault: str, avoid: frozenset[str]) -> Build | None:
    able = [build for build in builds(settings) if build.state == PUBLISHED and build.build_id not in avoid]
    try:
        counted = set(ledger.active_uploads(settings))
    except (InputError, OSError):
        counted = set()
    # Rather an older build than one with an upload that was withdrawn since.
    able.sort(key=lambda build: not set(build.uploads) <= counted)
    for build in able[:1]:
        return replace(build, warning=f"The figures shown are those of {build.built_at}, because {fault}.")
    return None


def find(settings: Settings, build_id: str) -> Build:
    """A verified build by its id or the unique end or start of it."""
    wanted = build_id.removeprefix("build-").removesuffix(".duckdb")
    matches = [
        build
        for build in builds(settings)
        if wanted and (build.build_id.startswith(wanted) or build.build_id.endswith(wanted))
    ]
    if len(matches) != 1:
        what = "No verified build is" if not matches else f"{len(matches)} builds are"
        raise PublishError(f"{what} called '{build_id}'. `python -m pipeline list` shows them.")
    return matches[0]


def checked(build: Build) -> Build:
    if file_sha256(build.path) != build.file_sha256:
        raise PublishError(
            f"{build.path.name} changed after it was verified, so it is not published. Build again."
        )
    return build


def keep(draft: Path, build: Build) -> Build:
    """Give a verified draft its final name; from then on it counts as a build. Its card is written first."""
    sync_file(draft)
    write_card(build)
    draft.rename(build.path)
    build.path.chmod(0o444)
    sync_folder(build.path.parent)
    return build


@contextmanager
def builder_lock(settings: Settings, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """One builder or publisher at a time; the lock ends with the process that holds it, however that ends."""
    settings.builds_dir.mkdir(parents=True, exist_ok=True)
    with (settings.builds_dir / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting is not None:
                waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def clean_leftovers(settings: Settings) -> list[str]:
    """Remove what killed builders left; the caller holds the builder lock. Gives the names removed."""
    removed = []
    for path in sorted(settings.builds_dir.glob(f"{LEFTOVER}*")):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        removed.append(path.name)
    for card in sorted(settings.builds_dir.glob("build-*.json")):
        if not card.with_suffix(".duckdb").exists():
            card.unlink()
            removed.append(card.name)
    return removed


def sync_file(path: Path) -> None:
    """Wait until a file's contents are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def card_path(build: Build) -> Path:
    return build.path.with_suffix(".json")


def read_card(card: Path) -> Build | None:
    """The build a card describes, or None unless its file is there with the size it was verified with."""
    try:
        values: dict[str, Any] = json.loads(card.read_bytes())
        path = card.with_suffix(".duckdb")
        build = Build(
            **{
                **values,
                "path": path,
                "left_out": tuple(values["left_out"]),
                "uploads": tuple(values.get("uploads", ())),
            }
        )
        return build if path.stat().st_size == build.byte_count else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_card(build: Build) -> None:
    values = {key: value for key, value in asdict(build).items() if key not in ("path", "warning")}
    replace_json(card_path(build), values)


def read_pointer(settings: Settings) -> tuple[Pointer | None, str]:
    """The pointer, or why there is none."""
    try:
        values: dict[str, Any] = json.loads((settings.builds_dir / POINTER).read_bytes())
        return Pointer(str(values["build_id"]), tuple(str(name) for name in values["before"])), ""
    except FileNotFoundError:
        return None, f"{POINTER} is missing"
    except (OSError, ValueError, TypeError, KeyError):
        return None, f"{POINTER} is damaged"


def write_pointer(settings: Settings, pointer: Pointer) -> None:
    replace_json(settings.builds_dir / POINTER, asdict(pointer))


def replace_json(path: Path, values: dict[str, Any]) -> None:
    """Replace a small file in one step that survives a power cut."""
    draft = path.with_name(f"{LEFTOVER}{os.getpid()}-{path.name}")
    draft.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    sync_file(draft)
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    sync_file(folder)
