"""The blank map behind the points, and where the browser gets it: from our own server, once.

The outlines are 120 kB. Put into the chart they would be sent again on every click; served under an address that
carries their hash they are sent once and kept. Without the server route (a plain script, a test) the chart can
carry them itself: ``data`` gives either.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

ROUTE = "/basemap/"
FILES = {"europe": "basemap.json", "detail": "basemap_detail.json"}


@cache
def _content(folder: Path, name: str) -> tuple[bytes, str]:
    """The file and the first figures of its hash."""
    body = (folder / FILES[name]).read_bytes()
    return body, hashlib.sha256(body).hexdigest()[:12]


def address(folder: Path, name: str, base_path: str = "") -> str:
    """Where the browser finds these outlines; `base_path` is Streamlit's ``server.baseUrlPath``."""
    prefix = f"/{base_path.strip('/')}" if base_path.strip("/") else ""
    return f"{prefix}{ROUTE}{name}-{_content(folder, name)[1]}.json"


def served(folder: Path, file_name: str) -> bytes | None:
    """The body for a requested name; None when it is not exactly one of ours."""
    for name in FILES:
        body, digest = _content(folder, name)
        if file_name == f"{name}-{digest}.json":
            return body
    return None


@cache
def embedded(folder: Path, name: str) -> dict[str, Any]:
    """The outlines themselves."""
    document: dict[str, Any] = json.loads(_content(folder, name)[0])
    return document
