"""One hash over everything that decides what a build holds."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterable
from pathlib import Path

#: Parts of the package that a build's contents do not depend on: pages read through `query`, `sources` and `fetch`
#: only prepare the files that are hashed themselves.
NOT_IN_A_BUILD = frozenset({"query", "sources", "fetch.py", "export.py", "__main__.py", "publish.py", "changes.py"})


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def code_files(package: Path) -> list[Path]:
    """The pipeline's own Python files that shape a build."""
    return sorted(
        path
        for path in package.rglob("*.py")
        if path.relative_to(package).parts[0] not in NOT_IN_A_BUILD
    )


def input_sha256(files: Iterable[Path], root: Path, words: Iterable[str]) -> str:
    """Hash of the files' names and contents, the given words and the engine version.

    `root` is what names are relative to, so that the same inputs in another place give the same hash. A file outside
    `root` counts by its name and folder.
    """
    total = hashlib.sha256()
    total.update(f"duckdb {importlib.metadata.version('duckdb')}\n".encode())
    for word in words:
        total.update(f"{word}\n".encode())
    for line in sorted(f"{_name(path, root)} {file_sha256(path)}" for path in files):
        total.update(f"{line}\n".encode())
    return total.hexdigest()


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else f"{path.parent.name}/{path.name}"
