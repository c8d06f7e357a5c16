"""Long steps in a process of their own, with their progress in a file.

    start(settings, folder, job) -> bool       False when a job of that folder is running already
    watch(folder) -> Progress                  how far it is; cheap enough to ask twice a second

The child outlives the browser and the page. Its life shows in a lock on the folder, which ends with it
however that ends, so a killed job is told from a slow one.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from pipeline.build import Step
from pipeline.errors import CheckFailure, InputError, PipelineError
from pipeline.settings import PACKAGE, Settings
from pipeline.uploads.codec import from_plain, to_plain
from pipeline.uploads.store import LEFTOVER, StoreError, read_json

RUNNING = "running"
DONE = "done"
FAILED = "failed"
INTERRUPTED = "interrupted"
NONE = "none"

LOCK = ".job.lock"
FILE = "progress.json"
LOG = "job.log"

#: Seconds between two looks of `wait`.
LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a job is. `step` is the name of the step it is in, `index` its number from 1 of `total`.

    `state` is none | running | done | failed | interrupted. A failed one says why in `code` (faults.yml) and
    in `text` (English, for the command line and details).
    """

    state: str = NONE
    step: str = ""
    index: int = 0
    total: int = 0
    code: str = ""
    text: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    result: Mapping[str, str] = field(default_factory=dict)


def start(settings: Settings, folder: Path, job: Mapping[str, Any]) -> bool:
    """Begin a job unless one of the folder is running."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        note(folder, Progress(RUNNING, "Starting", 0, 1))
        with (folder / LOG).open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "pipeline.uploads.child_build", str(folder)],
                cwd=PACKAGE.parent,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=(lock,),
            )
        assert process.stdin is not None
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(json.dumps({"settings": settings_values(settings), "job": dict(job)}).encode())
    finally:
        os.close(lock)
    threading.Thread(target=process.wait, daemon=True).start()
    return True


def watch(folder: Path) -> Progress:
    """How far the folder's job is; `interrupted` when its process is gone without an end."""
    progress = noted(folder)
    if progress.state != RUNNING or _is_held(folder / LOCK):
        return progress
    # It may have ended between the two looks.
    progress = noted(folder)
    if progress.state != RUNNING:
        return progress
    return Progress(
        INTERRUPTED, progress.step, progress.index, progress.total, "interrupted", "The step was interrupted."
    )


def wait(folder: Path, progress: Callable[[Progress], None] | None = None) -> Progress:
    """Look until the job has ended."""
    while True:
        now = watch(folder)
        if progress is not None:
            progress(now)
        if now.state != RUNNING:
            return now
        time.sleep(LOOK)


def failure(progress: Progress) -> StoreError:
    """A failed or interrupted job as an error."""
    code = progress.code or "interrupted"
    return StoreError(code, progress.text or "The step was interrupted.", **progress.params)


def noted(folder: Path) -> Progress:
    """What the job wrote last, whether or not it still runs."""
    values = read_json(folder / FILE)
    return from_plain(Progress, values) if isinstance(values, dict) else Progress()


def note(folder: Path, progress: Progress) -> None:
    """Write the progress file in one step; a full disk must not end the job for it."""
    part = folder / f"{LEFTOVER}{os.getpid()}-{FILE}"
    try:
        part.write_text(json.dumps(to_plain(progress)), encoding="utf-8")
        part.replace(folder / FILE)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def work(folder: Path, task: Callable[[Callable[[Step], None]], Mapping[str, str]]) -> Progress:
    """Run a task in this process and write how it goes; its faults become words."""

    def report(step: Step) -> None:
        note(folder, Progress(RUNNING, step.name, step.index, step.total))

    try:
        ended = Progress(DONE, result=dict(task(report)))
    except StoreError as error:
        ended = Progress(FAILED, code=error.code, text=str(error), params=dict(error.params))
    except CheckFailure as error:
        ended = Progress(
            FAILED, code="figures_contradict", text=str(error), params={"value": str(error)[:600]}
        )
    except InputError as error:
        ended = Progress(FAILED, code="inputs_broken", text=str(error), params={"value": str(error)[:600]})
    except PipelineError as error:
        code = "disk_full" if _is_full(str(error)) else "broken"
        ended = Progress(FAILED, code=code, text=str(error))
    except OSError as error:
        code = "disk_full" if error.errno in (28, 122, 27) else "broken"
        ended = Progress(FAILED, code=code, text=str(error))
    except Exception as error:
        traceback.print_exc()
        ended = Progress(FAILED, code="broken", text=f"{type(error).__name__}: {error}")
    note(folder, ended)
    return ended


def settings_values(settings: Settings) -> dict[str, Any]:
    """The settings as JSON can hold them."""
    found: dict[str, Any] = {}
    for known in fields(settings):
        value = getattr(settings, known.name)
        if isinstance(value, Path):
            value = str(value.absolute())
        elif isinstance(value, frozenset):
            value = sorted(value)
        found[known.name] = value
    return found


def settings_from(values: Mapping[str, Any]) -> Settings:
    """The settings that `settings_values` wrote."""
    found = dict(values)
    for name in ("data_dir", "builds_dir", "sql_dir", "catalogue_dir", "uploads_dir", "staff_dir"):
        found[name] = Path(found[name]) if found.get(name) else None
    found["leave_out"] = frozenset(found["leave_out"])
    return Settings(**found)


def _is_held(lock: Path) -> bool:
    try:
        with lock.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _is_full(text: str) -> bool:
    return any(part in text for part in ("No space left", "Disk quota", "File too large"))
