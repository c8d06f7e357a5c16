"""Which builds exist and which one readers see.

A build is `build-<id>.duckdb`, never changed once it has its name, and `build-<id>.json` beside it, which
says where it came from and whether it is a draft, published or withdrawn. `current.json` names the build
readers see and those they saw before. It is replaced in one step: a reader finds the old build or the new.

Where uploads play a part, each step is announced in the ledger of uploads before it is done and confirmed
after, with the uploads that count from then on: what `undo` takes back stays out of the next build.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pipeline.changes import Changes, changes
from pipeline.engine import Reader, open_reader
from pipeline.errors import EngineError, InputError, PublishError
from pipeline.hashing import file_sha256
from pipeline.settings import KEEP_BUILDS, Settings
from pipeline.uploads import ledger
from pipeline.uploads.store import StoreError

__all__ = [
    "DRAFT",
    "PUBLISHED",
    "WITHDRAWN",
    "Build",
    "Changes",
    "builds",
    "changes",
    "current_build",
    "open_current",
    "prune",
    "publish",
    "undo",
]

DRAFT = "draft"
PUBLISHED = "published"
WITHDRAWN = "withdrawn"

POINTER = "current.json"
LOCK = ".lock"
#: Everything a killed builder can leave behind starts like this.
LEFTOVER = ".draft-"
#: Steps back that `undo` remembers.
REMEMBERED = 100


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
class Note:
    """What the ledger is to say about a step: who did it, why, and which upload it is about."""

    person: str = ""
    reason: str = ""
    upload_id: str = ""
    sha256: str = ""
    confirmed: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


#: Stands for the person at the keyboard of this machine.
CONSOLE = Note(person="console", reason="by command")


@dataclass(frozen=True, slots=True)
class Pointer:
    """What `current.json` says: the build readers see, and those they saw before, oldest first."""

    build_id: str
    before: tuple[str, ...] = ()


def builds(settings: Settings) -> list[Build]:
    """Every verified build on disk, newest first."""
    cards = sorted(settings.builds_dir.glob("build-*.json"), reverse=True)
    return [build for card in cards if (build := _read_card(card)) is not None]


def current_build(settings: Settings) -> Build | None:
    """The build readers see; None when nothing was ever published.

    A pointer that is lost or damaged, or that names a build that is, gives the newest published build with a
    `warning` for the page, never an error. Cheap enough for every rerun of a page.
    """
    pointer, fault = _read_pointer(settings)
    if pointer is not None:
        build = _read_card(settings.builds_dir / f"build-{pointer.build_id}.json")
        if build is not None:
            return build
        fault = f"the build {pointer.build_id} is missing or damaged"
    return _stand_in(settings, fault, avoid=frozenset())


def open_current(settings: Settings) -> tuple[Build, Reader] | None:
    """The current build and an open reader, after checking the file's hash; a damaged one is stood in for."""
    build = current_build(settings)
    avoid: set[str] = set()
    while build is not None:
        try:
            if file_sha256(build.path) == build.file_sha256:
                return build, open_reader(build.path, settings.memory_limit, settings.reader_threads)
        except (EngineError, OSError):
            pass
        avoid.add(build.build_id)
        build = _stand_in(settings, f"the build {build.build_id} is damaged", avoid=frozenset(avoid))
    return None


def publish(settings: Settings, build_id: str) -> Build:
    """Make readers see a build, after checking that its file is still what was verified."""
    with builder_lock(settings):
        settle(settings)
        build = find(settings, build_id)
        known = {entry.upload_id for entry in ledger.entries(settings) if entry.act == PUBLISHED}
        if not set(build.uploads) <= known:
            raise PublishError(
                f"{build.build_id} is the preview of an upload. `python -m pipeline uploads publish` checks "
                "what has to be confirmed and publishes it."
            )
        return move(settings, build, "restored", CONSOLE)


def undo(settings: Settings, note: Note = CONSOLE) -> Build:
    """Go back to the build readers saw before; the one undone is withdrawn, and so are its uploads."""
    with builder_lock(settings):
        settle(settings)
        return step_back(settings, note)


def move(settings: Settings, build: Build, act: str, note: Note) -> Build:
    """Point readers at a build and record it. The caller holds the builder lock and has settled."""
    pointer, _ = _read_pointer(settings)
    if pointer is not None and pointer.build_id == build.build_id:
        return flip(settings, build)
    with _recorded(settings, _checked(build), act, note, pointer):
        return flip(settings, build)


def step_back(settings: Settings, note: Note) -> Build:
    """`undo` for a caller that holds the builder lock and has settled."""
    target, left = before_current(settings)
    pointer, _ = _read_pointer(settings)
    with _recorded(settings, target, "undone", note, pointer):
        _write_pointer(settings, Pointer(target.build_id, left))
    if pointer is not None:
        _mark(settings, pointer.build_id, WITHDRAWN)
    return target


def before_current(settings: Settings) -> tuple[Build, tuple[str, ...]]:
    """The build `undo` goes back to, checked, and those readers saw before it."""
    pointer, fault = _read_pointer(settings)
    if pointer is None:
        raise PublishError(f"Nothing can be undone: {fault}. Use `publish` with a build from `list`.")
    kept = {build.build_id: build for build in builds(settings)}
    before = [build_id for build_id in pointer.before if build_id in kept]
    if not before:
        raise PublishError("Nothing can be undone: no earlier published build is kept.")
    return _checked(kept[before[-1]]), tuple(before[:-1])


def settle(settings: Settings) -> str:
    """Close a step that a killed process left half done; the caller holds the builder lock.

    Where readers were moved already, the step counts; else it is abandoned. Gives the id of the upload or
    build concerned, or nothing when all was in order.
    """
    intent = ledger.open_intent(ledger.entries(settings))
    if intent is None:
        return ""
    pointer, _ = _read_pointer(settings)
    was_done = pointer is not None and pointer.build_id == intent.build
    if was_done and intent.of == "undone":
        _mark(settings, intent.base_build, WITHDRAWN)
    elif not was_done and intent.of == "published":
        _mark(settings, intent.build, DRAFT)
    _record(settings, intent, intent.of if was_done else ledger.ABANDONED, {"closed": "at the next start"})
    return intent.upload_id or intent.build


@contextmanager
def _recorded(
    settings: Settings, build: Build, act: str, note: Note, pointer: Pointer | None
) -> Iterator[None]:
    """Announce a step in the ledger and confirm it. A project without uploads needs no ledger."""
    if not (ledger.exists(settings) or build.uploads or note.person != CONSOLE.person):
        yield
        return
    intent = ledger.append(
        settings,
        ledger.INTENT,
        of=act,
        base_build=pointer.build_id if pointer is not None else "",
        build=build.build_id,
        uploads=build.uploads,
        **{known.name: getattr(note, known.name) for known in fields(note)},
    )
    try:
        yield
    except BaseException:
        with suppress(StoreError, OSError):
            settle(settings)
        raise
    # Readers are moved: what cannot be written now is written at the next start (see settle).
    with suppress(StoreError, OSError):
        _record(settings, intent, act, {})


def _record(settings: Settings, intent: ledger.Entry, act: str, details: Mapping[str, str]) -> None:
    ledger.append(
        settings,
        act,
        person=intent.person,
        upload_id=intent.upload_id,
        sha256=intent.sha256,
        base_build=intent.base_build,
        build=intent.build,
        counts=intent.counts,
        confirmed=intent.confirmed,
        reason=intent.reason,
        uploads=intent.uploads if act != ledger.ABANDONED else None,
        files=intent.files,
        details=details,
    )


def _mark(settings: Settings, build_id: str, state: str) -> None:
    """Write another state on a build's card; a build that is gone needs none."""
    build = _read_card(settings.builds_dir / f"build-{build_id}.json")
    if build is not None and build.state != state:
        _write_card(replace(build, state=state))


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


def prune(settings: Settings, keep_count: int = KEEP_BUILDS) -> list[Build]:
    """Delete all but the newest builds, never the current one or the one before it; gives those deleted."""
    with builder_lock(settings):
        pointer, _ = _read_pointer(settings)
        safe = {pointer.build_id, *pointer.before[-1:]} if pointer is not None else set()
        old = [build for build in builds(settings)[keep_count:] if build.build_id not in safe]
        for build in old:
            build.path.unlink(missing_ok=True)
            _card_path(build).unlink(missing_ok=True)
        return old


def flip(settings: Settings, build: Build) -> Build:
    """Point readers at a build. The caller holds the builder lock."""
    published = replace(_checked(build), state=PUBLISHED)
    pointer, _ = _read_pointer(settings)
    before: tuple[str, ...] = ()
    if pointer is not None:
        if pointer.build_id == build.build_id:
            return published
        before = (*pointer.before, pointer.build_id)[-REMEMBERED:]
    _write_card(published)
    _write_pointer(settings, Pointer(build.build_id, before))
    return published


def keep(draft: Path, build: Build) -> Build:
    """Give a verified draft its final name; from then on it counts as a build. Its card is written first."""
    sync_file(draft)
    _write_card(build)
    draft.rename(build.path)
    build.path.chmod(0o444)
    _sync_folder(build.path.parent)
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


def _stand_in(settings: Settings, fault: str, avoid: frozenset[str]) -> Build | None:
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


def _checked(build: Build) -> Build:
    if file_sha256(build.path) != build.file_sha256:
        raise PublishError(
            f"{build.path.name} changed after it was verified, so it is not published. Build again."
        )
    return build


def _card_path(build: Build) -> Path:
    return build.path.with_suffix(".json")


def _read_card(card: Path) -> Build | None:
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


def _write_card(build: Build) -> None:
    values = {key: value for key, value in asdict(build).items() if key not in ("path", "warning")}
    _replace_json(_card_path(build), values)


def _read_pointer(settings: Settings) -> tuple[Pointer | None, str]:
    """The pointer, or why there is none."""
    try:
        values: dict[str, Any] = json.loads((settings.builds_dir / POINTER).read_bytes())
        return Pointer(str(values["build_id"]), tuple(str(name) for name in values["before"])), ""
    except FileNotFoundError:
        return None, f"{POINTER} is missing"
    except (OSError, ValueError, TypeError, KeyError):
        return None, f"{POINTER} is damaged"


def _write_pointer(settings: Settings, pointer: Pointer) -> None:
    _replace_json(settings.builds_dir / POINTER, asdict(pointer))


def _replace_json(path: Path, values: dict[str, Any]) -> None:
    """Replace a small file in one step that survives a power cut."""
    draft = path.with_name(f"{LEFTOVER}{os.getpid()}-{path.name}")
    draft.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    sync_file(draft)
    draft.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    sync_file(folder)
