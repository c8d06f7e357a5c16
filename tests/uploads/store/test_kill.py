"""kill -9 at a hundred random moments: readers never notice, nothing is corrupt, the next start cleans up."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from pipeline import publish as publisher
from pipeline.build_files import LEFTOVER as BUILD_LEFTOVER
from pipeline.hashing import file_sha256
from pipeline.publish import builds, current_build
from pipeline.uploads import drafts, ledger
from pipeline.uploads.recover import recover, verify
from pipeline.uploads.store import LEFTOVER
from tests.uploads.store import acts
from tests.uploads.store.project import Project, record
from tests.uploads.store.readers import Viewers

KILLS = 25
"""Of each of the four steps."""

Act = tuple[Callable[..., None], tuple[object, ...]]


def leftovers(project: Project) -> list[str]:
    found = [*project.settings.store_dir.rglob(f"{LEFTOVER}*")]
    return [path.name for path in (*found, *project.settings.builds_dir.glob(f"{BUILD_LEFTOVER}*"))]


def put_right(project: Project) -> None:
    """The next start, and what must hold after it."""
    recover(project.settings)
    assert leftovers(project) == []
    assert ledger.verify(project.settings) == []
    assert ledger.open_intent(ledger.entries(project.settings)) is None
    current = current_build(project.settings)
    assert current is not None
    assert current.warning == ""
    assert file_sha256(current.path) == current.file_sha256
    assert current.uploads == ledger.active_uploads(project.settings)
    for draft in drafts.all_drafts(project.settings):
        assert (draft.state == drafts.PUBLISHED) == (draft.upload_id in current.uploads)


def kill_at_random(
    project: Project, act: Act, chance: random.Random, before: Callable[[], None]
) -> tuple[int, int]:
    """How many of the kills fell into the act, and how many left something behind."""
    folder, (function, arguments) = project.folder, act
    before()
    started = acts.run(function, folder, *arguments)
    acts.wait_for_begin(folder, started)
    clock = time.perf_counter()
    started.join()
    whole = time.perf_counter() - clock
    assert started.exitcode == 0
    hit = left = 0
    for _ in range(KILLS):
        before()
        process = acts.run(function, folder, *arguments)
        acts.wait_for_begin(folder, process)
        time.sleep(chance.uniform(0, whole))
        if process.is_alive():
            assert process.pid is not None
            with suppress(ProcessLookupError):  # it may end between the two lines
                os.killpg(process.pid, signal.SIGKILL)
                hit += 1
        process.join()
        left += bool(leftovers(project)) or ledger.open_intent(ledger.entries(project.settings)) is not None
        put_right(project)
    before()
    last = acts.run(function, folder, *arguments)
    last.join()
    assert last.exitcode == 0
    return hit, left


@pytest.mark.matrix(57)
def test_kill_at_a_hundred_random_moments(project: Project) -> None:
    settings, chance = project.settings, random.Random(20261122)
    checked = project.check([record("vilnius", 2022, 600)])
    previewed = project.check([record("siauliai", 2022, 40)])
    project.preview(previewed.upload_id)
    kept = project.folder / "kept"
    shutil.copytree(settings.store_dir, kept)
    first = project.shown()

    def afresh() -> None:
        """Without the candidates built so far, or there would be nothing to build."""
        for made in builds(settings):
            if made.state == publisher.DRAFT:
                publisher.remove(settings, made)

    def again() -> None:
        """The ledger and drafts as after the preview, so that it can be published once more."""
        publisher.publish(settings, first.build_id)
        shutil.rmtree(settings.store_dir)
        shutil.copytree(kept, settings.store_dir)

    steps: dict[str, tuple[Act, Callable[[], None]]] = {
        "publish": ((acts.publish_and_back, (settings, project.editor, previewed.upload_id)), again),
        "parse": ((acts.parse, (settings, project.editor, 7)), afresh),
        "stage": ((acts.restage, (settings, checked.upload_id)), afresh),
        "build": ((acts.build, (settings, checked.upload_id)), afresh),
    }
    hits: dict[str, tuple[int, int]] = {}
    with Viewers(settings, 2) as viewers:
        for name, (act, before) in steps.items():
            hits[name] = kill_at_random(project, act, chance, before)
    print(f"kills within the step, and those that left something: {hits}; reads {viewers.reads}")
    assert viewers.faults == []
    assert viewers.reads > 100
    assert sum(hit for hit, _ in hits.values()) >= 60
    assert sum(left for _, left in hits.values()) >= 10
    assert verify(settings) == []
    assert all(file_sha256(made.path) == made.file_sha256 for made in builds(settings))
