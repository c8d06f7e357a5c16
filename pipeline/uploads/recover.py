"""What is put in order at a start: steps left half done, drafts of killed processes, leftovers of writing.

- recover(settings) -> Recovery: quick; never waits for a builder that is at work
- at_start(settings): the same, never an error
- verify(settings) -> list[str]: what is wrong with ledger, kept builds and accepted figures; reads it all
"""

from __future__ import annotations

import fcntl
import logging
from dataclasses import dataclass

from pipeline import publish as publisher
from pipeline.errors import InputError, PipelineError
from pipeline.hashing import file_sha256
from pipeline.settings import Settings
from pipeline.uploads import jobs, ledger
from pipeline.uploads.store import UPLOAD_ID, clean_parts

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was found and put right; all empty at an ordinary start."""

    torn_line: str = ""
    settled: str = ""
    interrupted: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not (self.torn_line or self.settled or self.interrupted or self.removed)


def recover(settings: Settings) -> Recovery:
    """Put the store in order. While a builder is at work only what nobody uses is touched."""
    torn = ledger.repair(settings)
    settled, removed = "", list(clean_parts(settings))
    settings.builds_dir.mkdir(parents=True, exist_ok=True)
    with (settings.builds_dir / publisher.LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            removed += publisher.clean_leftovers(settings)
            settled = publisher.settle(settings)
        except BlockingIOError:
            pass
    return Recovery(torn, settled, tuple(_interrupted(settings)), tuple(removed))


def at_start(settings: Settings) -> None:
    """`recover` for the start of the dashboard: what cannot be put right is logged; readers are served."""
    try:
        found = recover(settings)
    except (PipelineError, OSError) as error:
        log.warning("The store of uploads could not be put in order: %s", error)
        return
    if not found.is_clean:
        log.warning("Put right after an interruption: %s", found)


def verify(settings: Settings) -> list[str]:
    """Everything that is not as it was written, in plain sentences; an empty list when all is sound."""
    faults = ledger.verify(settings)
    try:
        lines = ledger.entries(settings)
    except InputError as error:
        return [*faults, str(error)]
    for build in publisher.builds(settings):
        if file_sha256(build.path) != build.file_sha256:
            faults.append(f"The build {build.build_id} changed after it was verified.")
    for upload_id, files in ledger.accepted_files(lines).items():
        for table, sha256 in sorted(files.items()):
            path = settings.store_dir / "accepted" / upload_id / f"{table}.csv"
            if not path.is_file() or file_sha256(path) != sha256:
                faults.append(f"The figures of the upload {upload_id} ({table}) are missing or were changed.")
    current = publisher.current_build(settings)
    if current is not None and current.warning:
        faults.append(current.warning)
    if current is not None and current.uploads != ledger.active_of(lines):
        faults.append("Readers see a build of other uploads than those that count. Build again.")
    return faults


def _interrupted(settings: Settings) -> list[str]:
    """Drafts whose preview was cut off; it is noted there, so that the page offers to begin it again."""
    found = []
    for folder in sorted((settings.store_dir / "drafts").glob("*")):
        if UPLOAD_ID.fullmatch(folder.name):
            was_running = jobs.noted(folder).state == jobs.RUNNING
            progress = jobs.watch(folder)
            if was_running and progress.state == jobs.INTERRUPTED:
                jobs.note(folder, progress)
                found.append(folder.name)
    return found
