"""The child process that reads a file nobody has looked into yet.

It holds itself to its limits before it imports anything else, opens no connection and starts no program, and
leaves its answer as one JSON file. :mod:`pipeline.uploads.child` starts it with a request on its input:
{function: "module:name", arguments, limits, result}.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

#: How the child says why it gave up.
EXIT_TOO_HEAVY = 71
EXIT_FAILED = 72

#: What no reader of files has any business doing; see the table of audit events of Python.
FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.kill",
    "urllib.",
    "ftplib.",
    "http.",
    "smtplib.",
    "pty.",
)


def main() -> None:
    """Answer the request on the standard input."""
    try:
        request = json.load(sys.stdin.buffer)
        hold_to(request["limits"])
        module, _, name = request["function"].partition(":")
        if module.split(".")[0] != "pipeline":
            raise ValueError(f"{module} is not ours")
        function = getattr(import_module(module), name)
        close_doors()
        value = function(**request["arguments"])
        with Path(request["result"]).open("w", encoding="ascii") as file:
            answer = {"value": value, "peak_bytes": peak_bytes(), "cpu_seconds": time.process_time()}
            file.write(json.dumps(answer, separators=(",", ":")))
    except MemoryError:
        leave(EXIT_TOO_HEAVY)
    except Exception as error:
        sys.stderr.write(f"{where(error)}\n")
        leave(EXIT_FAILED)
    leave(0)


def hold_to(limits: dict[str, Any]) -> None:
    """Ask the operating system to end this process when it uses more than `limits`."""
    memory, cpu, size = int(limits["memory_bytes"]), int(limits["cpu_seconds"]), int(limits["result_bytes"])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":  # macOS cannot limit memory this way; the clocks still count there
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    # Should the server end while this runs, nobody else would stop the clock.
    signal.setitimer(signal.ITIMER_REAL, float(limits["wall_seconds"]) + 1)


def close_doors() -> None:
    """From here on this process neither connects anywhere nor starts another program."""

    def refuse(event: str, _arguments: tuple[object, ...]) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(f"{event} is closed to a process that reads uploaded files")

    sys.addaudithook(refuse)


def peak_bytes() -> int:
    """The most memory this process has held, in bytes. What its parent held does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def where(error: Exception) -> str:
    """Kind of error and place in the code; never its text, which may repeat the file."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"


def leave(code: int) -> None:
    """End at once: what a hostile file has left in memory is not worth tidying."""
    sys.stderr.flush()
    os._exit(code)
