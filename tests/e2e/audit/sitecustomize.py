"""Writes down every connection and name look-up a Python process tries. Only put on the path by the tests.

The file to write to is named by MISSION_AUDIT_FILE; without it nothing happens.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

WATCHED = {"socket.connect": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
"""Audit event -> which of its arguments names the address."""


def watch(path: Path) -> None:
    """Append one line per event to the file, for as long as the process lives."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        place = WATCHED.get(event)
        if place is None:
            return
        address = arguments[place]
        host = address[0] if isinstance(address, tuple) else address
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{event}\t{host}\n")

    path.touch()
    sys.addaudithook(hook)


if os.environ.get("MISSION_AUDIT_FILE"):
    watch(Path(os.environ["MISSION_AUDIT_FILE"]))
