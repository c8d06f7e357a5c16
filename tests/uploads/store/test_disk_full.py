"""A full disk at each step is refused in words, readers keep what they had, and it works again after.

Where the machine lets us mount one, a real file system of a few MB is filled to the last byte; everywhere, a
process of its own may write no file larger than a limit, or is told that the device is full.
"""

from __future__ import annotations

import errno
import os
import resource
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import build_files
from pipeline.build_files import LEFTOVER as BUILD_LEFTOVER
from pipeline.errors import EngineError
from pipeline.publish import current_build
from pipeline.settings import Settings
from pipeline.staff import Person
from pipeline.uploads import drafts, jobs, ledger, preview, release
from pipeline.uploads.recover import recover, verify
from pipeline.uploads.stage import stage
from pipeline.uploads.store import LEFTOVER, StoreError
from tests.uploads.store import acts
from tests.uploads.store.project import Project, record

FIRST = [record("vilnius", 2000 + year, 600 + year) for year in range(40)]
LONG = "Because the disk is full. " * 400
STEPS = ("stage", "build", "publish", "ledger")


def do(settings: Settings, person: Person, upload_id: str, step: str) -> None:
    """One step in this process."""
    if step == "stage":
        found = drafts.load_checked(settings, upload_id)
        assert found is not None
        stage(settings, drafts.load(settings, upload_id), found)
    elif step == "build":
        preview.make_preview(settings, upload_id)
    else:
        release.publish(settings, person, upload_id, (), LONG)


def starved(folder: Path, settings: Settings, person: Person, upload_id: str, step: str, most: int) -> None:
    """One step in a process that cannot write past `most` bytes of a file, or any card and pointer."""
    acts.begin(folder)
    if step == "publish":

        def full(path: Path, values: object) -> None:
            del values
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

        build_files.replace_json = full
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    said = jobs.work(folder / "said", lambda _: do(settings, person, upload_id, step) or {})
    (folder / f"said-{step}-{said.code or said.state}").touch()


def prepared(project: Project, step: str) -> str:
    """An upload that is ready for the step, on top of one that readers see."""
    project.upload([record("siauliai", 2022, 40)])
    draft = project.check(FIRST)
    if step in ("publish", "ledger"):
        project.preview(draft.upload_id)
    return draft.upload_id


def unharmed(project: Project, shown: build_files.Build) -> None:
    """Readers see what they saw, and the next start leaves nothing behind."""
    recover(project.settings)
    assert current_build(project.settings) == shown
    assert project.totals("siauliai") == {2022: 40.0}
    assert verify(project.settings) == []
    assert list(project.settings.store_dir.rglob(f"{LEFTOVER}*")) == []
    assert list(project.settings.builds_dir.glob(f"{BUILD_LEFTOVER}*")) == []
    assert ledger.open_intent(ledger.entries(project.settings)) is None


def works_again(project: Project, upload_id: str) -> None:
    project.preview(upload_id)
    release.publish(project.settings, project.editor, upload_id)
    assert len(project.totals()) == len(FIRST)
    assert verify(project.settings) == []


@pytest.mark.matrix(58)
@pytest.mark.parametrize("step", STEPS)
def test_process_that_may_not_write_is_refused_and_works_again(project: Project, step: str) -> None:
    upload_id = prepared(project, step)
    shown = project.shown()
    (lines,) = (project.settings.store_dir / "ledger").glob("*.jsonl")
    most = {"stage": 100, "build": 200_000, "publish": 0, "ledger": lines.stat().st_size + 10}[step]
    process = acts.run(starved, project.folder, project.settings, project.editor, upload_id, step, most)
    process.join(60)
    assert [path.name for path in project.folder.glob("said-*")] == [f"said-{step}-disk_full"]
    unharmed(project, shown)
    if step == "publish":
        assert ledger.entries(project.settings)[-1].act == "abandoned"
    works_again(project, upload_id)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 48 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("a file system of its own cannot be mounted here; the limits of a process are tested")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path, leave: int) -> Path:
    """Fill the file system but for some bytes."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            pass
        if leave:
            file.truncate(max(0, file.tell() - leave))
    return ballast


@pytest.mark.matrix(58)
@pytest.mark.parametrize("step", STEPS)
def test_really_full_disk_is_refused_and_works_again(project: Project, small: Path, step: str) -> None:
    # The ledger and the builds each get their turn: the other one then lies on a disk with room.
    moved = {"uploads_dir": small / "uploads"} if step in ("stage", "ledger") else {}
    project.settings = replace(
        project.settings, **moved, builds_dir=project.folder / "builds" if moved else small / "builds"
    )
    project.build()
    upload_id = prepared(project, step)
    shown = project.shown()
    ballast = fill(small, leave=400_000 if step == "build" else 0)
    with pytest.raises((StoreError, EngineError, OSError)) as refused:
        do(project.settings, project.editor, upload_id, step)
    error = refused.value
    assert jobs.work(project.folder / "said", lambda _: throw(error)).code == "disk_full"
    assert current_build(project.settings) == shown
    assert project.totals("siauliai") == {2022: 40.0}
    ballast.unlink()
    unharmed(project, shown)
    works_again(project, upload_id)


def throw(error: BaseException) -> dict[str, str]:
    raise error
