"""Reads a file in a process of its own, so that no file can end or fill the server.

A child that dies, hangs, uses too much or answers nonsense becomes a fault with words; it never becomes an
exception. Starting it costs about a tenth of a second.
"""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.settings import Settings, load_settings
from pipeline.uploads.limits import Limits
from pipeline.uploads.model import Choices, Content, Fault
from pipeline.uploads.receive import safe_name
from pipeline.uploads.wire import content_from_json
from pipeline.uploads.worker import EXIT_TOO_HEAVY

ROOT = Path(__file__).resolve().parents[2]
START = "import sys; sys.path.insert(0, sys.argv[1]); from pipeline.uploads.worker import main; main()"
TOO_HEAVY = (EXIT_TOO_HEAVY, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM, -signal.SIGXFSZ)
"""Ends that mean a limit was reached; every other is a file that no reader understands."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a child answered: a value as JSON, or the fault that stands for its failure."""

    value: Any = None
    fault: Fault | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    process_id: int = 0


def read_file(
    path: Path,
    name: str,
    choices: Choices | None = None,
    limits: Limits | None = None,
    settings: Settings | None = None,
) -> Content:
    """What a received file holds, read in a child process. `name` is what the person called it."""
    return read_measured(path, name, choices, limits, settings)[0]


def read_measured(
    path: Path,
    name: str,
    choices: Choices | None = None,
    limits: Limits | None = None,
    settings: Settings | None = None,
) -> tuple[Content, Outcome]:
    """The same, with what the reading cost."""
    limits = limits or Limits()
    wanted = choices or Choices()
    arguments = {
        "path": str(path.absolute()),
        "name": safe_name(name),
        "encoding": wanted.encoding,
        "delimiter": wanted.delimiter,
        "places": register_places(settings or load_settings()),
        "caps": asdict(limits.caps),
    }
    outcome = run_child("pipeline.uploads.reading:read", arguments, limits)
    if outcome.fault is not None:
        return Content("", faults=(outcome.fault,)), outcome
    try:
        return content_from_json(outcome.value), replace(outcome, value=None)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        log.warning("child process answered no content: %s", error)
        return Content("", faults=(Fault("file_unreadable"),)), replace(outcome, value=None)


def run_child(function: str, arguments: Mapping[str, object], limits: Limits | None = None) -> Outcome:
    """Call `function` ("pipeline.module:name") with JSON arguments in a child; its answer must be JSON."""
    limits = limits or Limits()
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="mission-read-") as folder:
            outcome = _run(function, arguments, limits, Path(folder))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        log.warning("child process could not run: %s", error)
        outcome = Outcome(fault=Fault("reading_not_possible"))
    except MemoryError:
        outcome = Outcome(fault=_too_heavy(limits))
    seconds = time.monotonic() - started
    return replace(outcome, seconds=seconds)


def _run(function: str, arguments: Mapping[str, object], limits: Limits, folder: Path) -> Outcome:
    result = folder / "result.json"
    held_to = {key: value for key, value in asdict(limits).items() if key != "caps"}
    request = {"function": function, "arguments": dict(arguments), "limits": held_to, "result": str(result)}
    child = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-c", START, str(ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8", "TMPDIR": str(folder)},
        start_new_session=True,
    )
    try:
        _, said = child.communicate(json.dumps(request).encode(), timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired:
        return Outcome(fault=_too_heavy(limits), process_id=child.pid)
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    if child.returncode != 0:
        reason = said.decode("utf-8", "replace").strip().splitlines()[-1:]
        log.warning("child process ended with %s: %s", child.returncode, "".join(reason)[:300])
        is_heavy = child.returncode in TOO_HEAVY
        return Outcome(
            fault=_too_heavy(limits) if is_heavy else Fault("file_unreadable"), process_id=child.pid
        )
    try:
        answer = json.loads(result.read_bytes())
        return Outcome(
            answer["value"],
            cpu_seconds=float(answer["cpu_seconds"]),
            peak_bytes=int(answer["peak_bytes"]),
            process_id=child.pid,
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        log.warning("child process left no readable answer")
        return Outcome(fault=Fault("file_unreadable"), process_id=child.pid)


def _too_heavy(limits: Limits) -> Fault:
    return Fault("file_too_heavy", params={"seconds": f"{limits.wall_seconds:.0f}"})


def register_places(settings: Settings) -> list[list[object]]:
    """Names and coordinates of the register's cities: [name, longitude, latitude] in degrees or None."""
    path = settings.reference_dir / "city.csv"
    try:
        return _places(path, path.stat().st_mtime_ns)
    except OSError:
        return []


@lru_cache(maxsize=2)
def _places(path: Path, _changed_at: int) -> list[list[object]]:
    import csv

    places: list[list[object]] = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                place: list[object] = [float(row["longitude_deg"]), float(row["latitude_deg"])]
            except (KeyError, ValueError):
                place = [None, None]
            names = {row.get("name_en") or "", row.get("name_local") or ""}
            places += [[name, *place] for name in sorted(names) if name]
    return places
