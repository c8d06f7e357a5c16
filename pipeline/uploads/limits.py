"""How much a file may cost: what the child process is held to, and sizes beyond which a file is refused."""

from __future__ import annotations

from dataclasses import dataclass, field

#: Largest file a person may bring, in bytes.
MAX_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Caps:
    """Sizes of what a file holds. All of them are far above any table of a city's figures."""

    text_rows: int = 100_000
    sheet_rows: int = 20_000
    columns: int = 200
    cells: int = 2_000_000
    expanded_bytes: int = 20_000_000
    """A workbook is a zip archive: the size of all its parts together, unpacked."""
    parts: int = 500
    features: int = 20_000
    vertices: int = 50_000
    """Corners of one area on the map."""
    depth: int = 40
    """Brackets within brackets of a JSON file."""
    listed_faults: int = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child process may use. Beyond any of these the operating system ends it."""

    memory_bytes: int = 1 << 30
    cpu_seconds: int = 10
    wall_seconds: float = 20.0
    result_bytes: int = 256 << 20
    caps: Caps = field(default_factory=Caps)


def megabytes(count: int) -> str:
    """Bytes as megabytes with one decimal, for people."""
    return f"{count / 1_000_000:.1f}"
