"""Copies of all that cannot be made again from the repository: builds, uploads, ledger and roles.

    backup(settings, folder) -> Path                   <folder>/backup-<time>/, whole or not at all
    check(backup_folder) -> dict                       its manifest, after reading and comparing every file
    restore_backup(settings, backup_folder, replace)   puts everything back; what was there is moved aside

A backup holds `manifest.json` with the sha256 of every file and three folders: builds, uploads, staff.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pipeline.errors import PublishError
from pipeline.hashing import file_sha256
from pipeline.publish import LEFTOVER as BUILD_LEFTOVER
from pipeline.publish import POINTER, builder_lock, settle, sync_file
from pipeline.settings import Settings
from pipeline.uploads import ledger
from pipeline.uploads.store import LEFTOVER, Clock, as_store_error, moment, sync_folder, utc_now, write_json

MANIFEST = "manifest.json"
ASIDE = "before-restore-"


def backup(settings: Settings, folder: Path, now: Clock = utc_now) -> Path:
    """Copy everything while nobody publishes, compare every copy with its original, then give it its name."""
    target = folder / f"backup-{now():%Y%m%dT%H%M%SZ}"
    part = folder / f"{LEFTOVER}{os.getpid()}-{target.name}"
    if target.exists():
        raise PublishError(f"{target} exists already. Wait a second and try again.")
    shutil.rmtree(part, ignore_errors=True)
    hashes: dict[str, str] = {}
    try:
        part.mkdir(parents=True)
        with ExitStack() as held:
            held.enter_context(builder_lock(settings))
            settle(settings)
            held.enter_context(ledger.held(settings))
            for name, source in _places(settings).items():
                for path in _files(source):
                    relative = f"{name}/{path.relative_to(source).as_posix()}"
                    hashes[relative] = _copy(path, part / relative)
        write_json(part / MANIFEST, {"made_at": moment(now()), "files": hashes})
        part.rename(target)
    except OSError as error:
        raise as_store_error(error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    sync_folder(folder)
    return target


def check(folder: Path) -> Mapping[str, Any]:
    """The manifest of a backup whose every file is as it was written; PublishError names what is not."""
    try:
        manifest: Mapping[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        hashes = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PublishError(f"{folder} is no backup: its {MANIFEST} is missing or damaged.") from error
    for name in hashes:
        if ".." in Path(name).parts or Path(name).parts[0] not in ("builds", "uploads", "staff"):
            raise PublishError(f"{folder} is no backup of this program: it names '{name}'.")
    wrong = [name for name, sha256 in hashes.items() if _sha256(folder / name) != sha256]
    if wrong:
        raise PublishError(
            f"{len(wrong)} file(s) of the backup are missing or damaged, {wrong[0]} among them. Nothing was "
            "restored. Use an older backup."
        )
    return manifest


def restore_backup(
    settings: Settings, folder: Path, *, replace: bool = False, now: Clock = utc_now
) -> list[str]:
    """Put a backup in place of what is here. Gives one sentence for each place."""
    manifest = check(folder)
    places = _places(settings)
    there = [str(path) for path in places.values() if any(_files(path))]
    if there and not replace:
        raise PublishError(
            f"There is something already in {', '.join(there)}. With --replace it is moved into a folder "
            f"{ASIDE}<time> beside the restored files."
        )
    said = []
    with builder_lock(settings):
        for name, place in places.items():
            part = place / f"{LEFTOVER}{os.getpid()}-restore"
            shutil.rmtree(part, ignore_errors=True)
            count = 0
            for relative in manifest["files"]:
                if relative.startswith(f"{name}/"):
                    _copy(folder / relative, part / relative.removeprefix(f"{name}/"))
                    count += 1
            aside = place / f"{ASIDE}{now():%Y%m%dT%H%M%SZ}"
            _move_in(place, part, aside)
            said.append(f"{place}: {count} file(s) of the backup of {manifest['made_at']}.")
    ledger.append(settings, "backup_restored", person="console", reason=f"Backup of {manifest['made_at']}")
    return said


def _places(settings: Settings) -> dict[str, Path]:
    return {"builds": settings.builds_dir, "uploads": settings.store_dir, "staff": settings.people_dir}


def _files(place: Path) -> Iterator[Path]:
    """What belongs into a backup: no locks, leftovers, or what an earlier restore moved aside."""
    for path in sorted(place.rglob("*")):
        parts = path.relative_to(place).parts
        is_passing = any(
            part.startswith((LEFTOVER, BUILD_LEFTOVER, ASIDE)) or part.endswith(".lock") for part in parts
        )
        if path.is_file() and not is_passing:
            yield path


def _copy(source: Path, target: Path) -> str:
    """Copy a file, wait until it is on the disk, and compare; gives its sha256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
    sync_file(target)
    sha256 = file_sha256(source)
    if file_sha256(target) != sha256:
        raise PublishError(f"The copy of {source.name} differs from it. Check the disk.")
    return sha256


def _move_in(place: Path, part: Path, aside: Path) -> None:
    """Move what is there aside and the restored files in; the pointer of readers last."""
    place.mkdir(parents=True, exist_ok=True)
    for path in sorted(place.iterdir()):
        if path.name.startswith((LEFTOVER, BUILD_LEFTOVER, ASIDE)) or path.name.endswith(".lock"):
            continue
        aside.mkdir(exist_ok=True)
        path.rename(aside / path.name)
    if not part.is_dir():
        return
    for path in sorted(part.iterdir(), key=lambda path: (path.name == POINTER, path.name)):
        path.rename(place / path.name)
    part.rmdir()
    sync_folder(place)


def _sha256(path: Path) -> str:
    return file_sha256(path) if path.is_file() else ""
