"""One hash over everything that decides what a build holds."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterable, Sequence
from pathlib import Path

#: Parts of the package that a build's contents do not depend on: pages read through `query`; `sources`,
#: `fetch` and `uploads` prepare files that are hashed themselves.
NOT_IN_A_BUILD = frozenset(
    {
        "__main__.py", "basemap.py", "build_files.py", "changes.py", "export.py", "fetch.py", "publish.py",
        "query", "sources", "uploads",
    }
)  # fmt: skip

#: Except these: a build lays uploaded files of publishers over ours with them.
IN_A_BUILD = frozenset({"sources/cells.py", "sources/rows.py", "sources/update.py"})


def file_sha256(path: Path) -> str:
    """The file's sha256, as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def code_files(package: Path) -> list[Path]:
    """The pipeline's own Python files that shape a build."""
    return sorted(path for path in package.rglob("*.py") if _shapes_a_build(path.relative_to(package)))


def _shapes_a_build(path: Path) -> bool:
    if path.as_posix() in IN_A_BUILD:
        return True
    return path.parts[0] not in NOT_IN_A_BUILD and not path.name.startswith("staff")


def input_sha256(files: Iterable[Path], roots: Sequence[Path], words: Iterable[str]) -> str:
    """Hash of the files' names and contents, the given words and the engine version.

    A name counts from the first of `roots` it is under: the same inputs elsewhere give the same hash.
    """
    total = hashlib.sha256(f"duckdb {importlib.metadata.version('duckdb')}\n".encode())
    for line in [*words, *sorted(f"{_name(path, roots)} {file_sha256(path)}" for path in files)]:
        total.update(f"{line}\n".encode())
    return total.hexdigest()


def _name(path: Path, roots: Sequence[Path]) -> str:
    root = next(root for root in roots if path.is_relative_to(root))
    return path.relative_to(root).as_posix()
