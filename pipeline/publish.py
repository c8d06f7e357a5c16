"""Which build readers see, and every step that changes it.

Where uploads play a part, each step is announced in the ledger of uploads before it is done and confirmed
after, with the uploads that count from then on: what `undo` takes back stays out of the next build.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, replace

from pipeline.build_files import (
    DRAFT,
    LEFTOVER,
    LOCK,
    POINTER,
    PUBLISHED,
    WITHDRAWN,
    Build,
    Pointer,
    builder_lock,
    builds,
    card_path,
    checked,
    clean_leftovers,
    current_build,
    find,
    keep,
    read_card,
    read_pointer,
    stand_in,
    sync_file,
    write_card,
    write_pointer,
)
from pipeline.changes import Changes, changes
from pipeline.engine import Reader, open_reader
from pipeline.errors import EngineError, PublishError
from pipeline.hashing import file_sha256
from pipeline.settings import KEEP_BUILDS, Settings
from pipeline.uploads import ledger
from pipeline.uploads.store import StoreError

__all__ = [
    "DRAFT",
    "LEFTOVER",
    "LOCK",
    "POINTER",
    "PUBLISHED",
    "WITHDRAWN",
    "Build",
    "Changes",
    "Note",
    "before_current",
    "builder_lock",
    "builds",
    "changes",
    "clean_leftovers",
    "current_build",
    "find",
    "flip",
    "keep",
    "move",
    "open_current",
    "prune",
    "publish",
    "remove",
    "safe_builds",
    "settle",
    "step_back",
    "sync_file",
    "undo",
]

#: Steps back that `undo` remembers.
REMEMBERED = 100


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
        build = stand_in(settings, f"the build {build.build_id} is damaged", avoid=frozenset(avoid))
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
    pointer, _ = read_pointer(settings)
    if pointer is not None and pointer.build_id == build.build_id:
        return flip(settings, build)
    with _recorded(settings, checked(build), act, note, pointer):
        return flip(settings, build)


def step_back(settings: Settings, note: Note) -> Build:
    """`undo` for a caller that holds the builder lock and has settled."""
    target, left = before_current(settings)
    pointer, _ = read_pointer(settings)
    with _recorded(settings, target, "undone", note, pointer):
        write_pointer(settings, Pointer(target.build_id, left))
    if pointer is not None:
        _mark(settings, pointer.build_id, WITHDRAWN)
    return target


def before_current(settings: Settings) -> tuple[Build, tuple[str, ...]]:
    """The build `undo` goes back to, checked, and those readers saw before it."""
    pointer, fault = read_pointer(settings)
    if pointer is None:
        raise PublishError(f"Nothing can be undone: {fault}. Use `publish` with a build from `list`.")
    kept = {build.build_id: build for build in builds(settings)}
    before = [build_id for build_id in pointer.before if build_id in kept]
    if not before:
        raise PublishError("Nothing can be undone: no earlier published build is kept.")
    return checked(kept[before[-1]]), tuple(before[:-1])


def settle(settings: Settings) -> str:
    """Close a step that a killed process left half done; the caller holds the builder lock.

    Where readers were moved already, the step counts; else it is abandoned. Gives the id of the upload or
    build concerned, or nothing when all was in order.
    """
    intent = ledger.open_intent(ledger.entries(settings))
    if intent is None:
        return ""
    pointer, _ = read_pointer(settings)
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
    build = read_card(settings.builds_dir / f"build-{build_id}.json")
    if build is not None and build.state != state:
        write_card(replace(build, state=state))


def prune(settings: Settings, keep_count: int = KEEP_BUILDS) -> list[Build]:
    """Delete all but the newest builds, never the current one or the one before it; gives those deleted."""
    with builder_lock(settings):
        safe = safe_builds(settings, steps=1)
        old = [build for build in builds(settings)[keep_count:] if build.build_id not in safe]
        for build in old:
            remove(settings, build)
        return old


def safe_builds(settings: Settings, steps: int = 2) -> set[str]:
    """The ids of the build readers see and of those they saw in the `steps` before."""
    pointer, _ = read_pointer(settings)
    if pointer is None:
        return set()
    return {pointer.build_id, *pointer.before[max(0, len(pointer.before) - steps) :]}


def remove(settings: Settings, build: Build) -> None:
    """Delete a build for good, its card last; the caller holds the builder lock."""
    if build.build_id in safe_builds(settings, steps=0):
        raise PublishError(f"{build.build_id} is the build readers see; it is not removed.")
    build.path.unlink(missing_ok=True)
    card_path(build).unlink(missing_ok=True)


def flip(settings: Settings, build: Build) -> Build:
    """Point readers at a build. The caller holds the builder lock."""
    published = replace(checked(build), state=PUBLISHED)
    pointer, _ = read_pointer(settings)
    before: tuple[str, ...] = ()
    if pointer is not None:
        if pointer.build_id == build.build_id:
            return published
        before = (*pointer.before, pointer.build_id)[-REMEMBERED:]
    write_card(published)
    write_pointer(settings, Pointer(build.build_id, before))
    return published
