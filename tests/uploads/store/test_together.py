"""Several at once: two publishers lose nothing, and viewers never meet an error or half a build."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipeline.hashing import file_sha256
from pipeline.publish import builds
from pipeline.uploads import ledger
from pipeline.uploads.recover import verify
from tests.uploads.store import acts
from tests.uploads.store.project import Project, record
from tests.uploads.store.readers import Viewers

#: Times each of two people publishes. MISSION_PUBLISH_TIMES=12 for the long run.
EACH = int(os.environ.get("MISSION_PUBLISH_TIMES") or 6)

#: Seconds of publishing under viewers. MISSION_VIEWERS_SECONDS=300 for the full five minutes.
SECONDS = float(os.environ.get("MISSION_VIEWERS_SECONDS") or 6)


@pytest.mark.matrix(56)
def test_two_publishers_many_times_each_lose_nothing(project: Project) -> None:
    settings, folder = project.settings, project.folder
    people = {name: project.person("editor", None, name) for name in ("one", "two")}
    with Viewers(settings, 3) as viewers:
        pair = [
            acts.run(acts.publish_many, folder, settings, person, name, EACH)
            for name, person in people.items()
        ]
        for process in pair:
            process.join(300)
    assert [process.exitcode for process in pair] == [0, 0]
    tries = {name: int((folder / f"tries-{name}").read_text()) for name in people}
    print(f"previews needed: {tries}; reads {viewers.reads} of {len(viewers.seen)} builds")
    assert viewers.faults == []
    active = ledger.active_uploads(settings)
    assert len(active) == len(set(active)) == 2 * EACH
    assert project.shown().uploads == active
    lines = ledger.entries(settings)
    done = [entry for entry in lines if entry.act == "published"]
    assert len(done) == 2 * EACH
    assert [entry.base_build for entry in done[1:]] == [entry.build for entry in done[:-1]]
    assert [len(entry.uploads or ()) for entry in done] == list(range(1, 2 * EACH + 1))
    rows = project.rows("select series_key, value from raw.emissions where source_id = 'municipal_upload'")
    assert sorted(rows) == sorted(
        (f"{name}{number}", str(100 + number)) for name in people for number in range(EACH)
    )
    assert verify(settings) == []
    assert all(file_sha256(made.path) == made.file_sha256 for made in builds(settings))


@pytest.mark.matrix(60)
def test_ten_viewers_meet_no_error_and_no_mixed_version_while_builds_change(project: Project) -> None:
    settings, folder = project.settings, project.folder
    for number in range(3):
        project.upload([record("siauliai", 2020 + number, 40, series_key=f"m{number}")])
    with Viewers(settings, 10) as viewers:
        publisher = acts.run(acts.flip, folder, settings, project.admin, SECONDS)
        publisher.join(SECONDS + 60)
    assert publisher.exitcode == 0
    flips = json.loads((folder / "flips").read_text())
    print(f"{SECONDS:g} s: {flips} builds published, {viewers.reads} reads, {len(viewers.faults)} errors")
    assert viewers.faults == []
    assert viewers.reads >= 20 * SECONDS
    assert flips >= SECONDS / 2
    assert len(viewers.seen) >= 3
    assert ledger.verify(settings) == []


def test_store_folder_of_another_path_holds_the_same(project: Project, tmp_path: Path) -> None:
    """Nothing in the store says where it lies: it can be moved, as a restored backup is."""
    project.upload([record("vilnius", 2022, 600)])
    for path in project.settings.store_dir.rglob("*"):
        if path.is_file() and path.name not in ("job.log",):
            assert str(tmp_path).encode() not in path.read_bytes(), path
