"""Gets publishers' own files and turns them into figures the next build prefers over the shipped ones.

Files go to ``data/cache/<source>/`` with their sha256 beside them, figures to
``data/cache/figures/<source>/``. Neither is committed. Without a connection nothing changes: the shipped
figures stay and one line says so.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import yaml

from pipeline import basemap, boundaries
from pipeline.errors import PipelineError, nearest
from pipeline.hashing import file_sha256
from pipeline.schema import FIGURES
from pipeline.settings import Settings
from pipeline.sources import rows, update
from pipeline.sources.registry import OFFICIAL

TIMEOUT_SECONDS = 60
LARGEST_BYTES = 300_000_000
CHUNK_BYTES = 1 << 20
AGENT = "mission-cities-dashboard"
BASE_MAP, BOUNDARIES = "natural_earth", "boundaries"


class FetchError(PipelineError):
    """An official file could not be had or used; the text says why and what stays."""


def fetch(settings: Settings, source_id: str, file: Path | None = None) -> list[str]:
    """Get one source's official files, or take `file`, and prepare the figures; returns lines to print."""
    if source_id == BASE_MAP:
        return _base_map(settings)
    if source_id == BOUNDARIES:
        path = settings.cache_dir / BOUNDARIES
        return [str(download(url, path / name)) for name, url in boundaries.FILES.items()]
    if source_id not in OFFICIAL:
        known = sorted({*OFFICIAL, BASE_MAP, BOUNDARIES})
        raise FetchError(
            f"No official file of '{source_id}' can be read{nearest(source_id, known)}. "
            f"Known: {', '.join(known)}."
        )
    if file is not None and not file.is_file():
        raise FetchError(f"There is no file {file}; the shipped figures stay.")
    paths = [file] if file is not None else _official_files(settings, source_id)
    return [*(str(path) for path in paths), *figures(settings, source_id, paths)]


def _official_files(settings: Settings, source_id: str) -> list[Path]:
    entry = _entry(settings, source_id)
    files = dict(OFFICIAL[source_id].files)
    if entry.get("fetch_url"):
        url = str(entry["fetch_url"])
        files = {Path(urlsplit(url).path).name or source_id: url}
    if not files:
        page = entry.get("address", "its publisher")
        raise FetchError(
            f"{source_id} has no address a program can ask. Download it from {page} "
            f"and run: python -m pipeline fetch {source_id} --file THE_FILE. The shipped figures stay."
        )
    folder = settings.cache_dir / source_id
    return [download(url, folder / name) for name, url in files.items()]


def _entry(settings: Settings, source_id: str) -> Mapping[str, object]:
    if not settings.sources_file.is_file():
        return {}
    content = yaml.safe_load(settings.sources_file.read_text(encoding="utf-8")) or {}
    entry = content.get(source_id, {})
    return entry if isinstance(entry, dict) else {}


def download(url: str, into: Path) -> Path:
    """One file, whole or not at all, with a sidecar ``<name>.sha256``."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise FetchError(f"{url} is no web address. Correct fetch_url in sources.yml.")
    into.parent.mkdir(parents=True, exist_ok=True)
    part = into.with_name(into.name + ".part")
    request = urllib.request.Request(url, headers={"User-Agent": AGENT})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer, part.open("wb") as file:
            digest = _copy(answer, file, url)
    except urllib.error.HTTPError as error:
        part.unlink(missing_ok=True)
        raise FetchError(
            f"{parts.hostname} answered {error.code} ({error.reason}), not {into.name}; "
            "the shipped figures stay."
        ) from error
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        part.unlink(missing_ok=True)
        reason = getattr(error, "reason", error)
        raise FetchError(
            f"No connection to {parts.hostname} ({reason}); the shipped figures stay."
        ) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    if part.stat().st_size == 0 or part.read_bytes()[:200].lstrip().lower().startswith(
        (b"<!doctype html", b"<html")
    ):
        part.unlink()
        raise FetchError(
            f"{parts.hostname} sent a web page instead of {into.name}; the shipped figures stay."
        )
    part.replace(into)
    into.with_name(into.name + ".sha256").write_text(f"{digest}  {into.name}\n", encoding="utf-8")
    return into


def _copy(answer: IO[bytes], file: IO[bytes], url: str) -> str:
    """Copy in pieces, counting; a file without end is stopped."""
    digest, total = hashlib.sha256(), 0
    while chunk := answer.read(CHUNK_BYTES):
        total += len(chunk)
        if total > LARGEST_BYTES:
            raise FetchError(
                f"{url} is larger than {LARGEST_BYTES // 1_000_000} MB; the shipped figures stay."
            )
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest()


def figures(settings: Settings, source_id: str, paths: Iterable[Path]) -> list[str]:
    """Read official files and write the figures the next build takes; returns what changed, in words."""
    found: dict[str, list[rows.Row]] = {}
    for path in paths:
        for row in OFFICIAL[source_id].read(path):
            if row["source_id"] == source_id:
                found.setdefault(row.table, []).append(row)
    if not found:
        raise FetchError(f"The file holds no figure of {source_id}; the shipped figures stay.")
    folder = settings.fetched_dir / source_id
    lines = []
    for table, official in found.items():
        shipped = update.shipped_rows(settings.figures_dir / source_id / f"{table}.csv")
        merged, outcome = update.merge(table, official, shipped)
        if not merged:
            raise FetchError(f"No place of {source_id} in the file is one of ours; the shipped figures stay.")
        words = _known_words(settings, table)
        path = update.write(table, update.check_words(table, merged, words, source_id), folder)
        lines += [outcome.line(), str(path)]
    return lines


def _known_words(settings: Settings, table: str) -> dict[str, set[str]]:
    """Column -> ids of the registry, for the columns whose words a reader chooses."""
    known: dict[str, set[str]] = {}
    for column, name in (("sector_id", "sectors"), ("indicator_id", "indicators")):
        path = settings.catalogue_dir / f"{name}.yml"
        if column in FIGURES[table] and path.is_file():
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            entries = content if isinstance(content, list) else content.get(name, [])
            known[column] = {str(entry["id"]) for entry in entries}
    return known


def _base_map(settings: Settings) -> list[str]:
    """Natural Earth's outlines by npm, prepared into data/reference."""
    npm = shutil.which("npm")
    if npm is None:
        raise FetchError(
            "npm is not on this machine, so the outlines cannot be fetched; the shipped base map stays."
        )
    folder = settings.cache_dir / BASE_MAP
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", basemap.PACKAGE, "--silent", "--pack-destination", str(folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL, check=False
    )
    packed = sorted(folder.glob("*.tgz"))
    if done.returncode != 0 or not packed:
        raise FetchError(
            f"npm could not get {basemap.PACKAGE} ({_last(done.stderr)}); the shipped base map stays."
        )
    with tarfile.open(packed[-1]) as archive:
        archive.extractall(folder, filter="data")
    sizes = basemap.prepare(folder / "package", settings.reference_dir)
    return [
        f"{packed[-1]} sha256 {file_sha256(packed[-1])}",
        *(f"{settings.reference_dir / name}: {size} bytes" for name, size in sizes.items()),
    ]


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
