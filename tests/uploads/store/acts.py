"""The steps of an upload as processes of their own run them, to be killed, raced or starved of disk."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from pipeline.publish import builds, current_build
from pipeline.settings import Settings
from pipeline.staff import Person
from pipeline.uploads import drafts, preview, release
from pipeline.uploads.child import read_file
from pipeline.uploads.model import Checked, Record
from pipeline.uploads.receive import raw_path, receive
from pipeline.uploads.stage import stage
from pipeline.uploads.store import StoreError
from tests.uploads.store.project import checked, record

#: Processes that begin with everything imported: starting one takes milliseconds, not a second.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


def run(act: Callable[..., None], *arguments: Any) -> BaseProcess:
    """Start an act in a process of its own."""
    process = PROCESSES.Process(target=act, args=arguments)
    process.start()
    return process


def begin(folder: Path) -> None:
    """The process says that it begins: what came before is not the act."""
    os.setsid()
    (folder / f"begun-{os.getpid()}").touch()


def wait_for_begin(folder: Path, process: BaseProcess) -> None:
    mark = folder / f"begun-{process.pid}"
    while not mark.exists() and process.is_alive():
        time.sleep(0.001)
    mark.unlink(missing_ok=True)


def bring(settings: Settings, person: Person, records: list[Record]) -> drafts.Draft:
    """Receive a file, read it in the reader's own process, and keep what checking gave."""
    lines = [f"{one.cells['city_name']};{one.cells['year']};{one.cells['value']}" for one in records]
    data = "\n".join(["city;year;value", *lines]).encode()
    received = receive(settings, person, "figures.csv", data)
    content = read_file(raw_path(settings, received.sha256), "figures.csv", settings=settings)
    assert content.grids, content.faults
    draft = drafts.open_draft(
        settings, person, sha256=received.sha256, name="figures.csv", byte_count=len(data)
    )
    return drafts.save_checked(settings, person, draft, checked(records))


def parse(folder: Path, settings: Settings, person: Person, number: int) -> None:
    begin(folder)
    bring(settings, person, [record("vilnius", 2001 + number % 20, 600 + number)])


def restage(folder: Path, settings: Settings, upload_id: str) -> None:
    begin(folder)
    draft, found = drafts.load(settings, upload_id), drafts.load_checked(settings, upload_id)
    assert isinstance(found, Checked)
    for _ in range(5):
        stage(settings, draft, found)


def build(folder: Path, settings: Settings, upload_id: str) -> None:
    begin(folder)
    preview.make_preview(settings, upload_id)


def publish_and_back(folder: Path, settings: Settings, person: Person, upload_id: str) -> None:
    begin(folder)
    release.publish(settings, person, upload_id)
    release.undo(settings, person, "Back again")


def publish_many(folder: Path, settings: Settings, person: Person, name: str, count: int) -> None:
    """Publish `count` uploads one after the other, each about a method of its own, as long as it takes."""
    begin(folder)
    tries = 0
    for number in range(count):
        draft = drafts.open_draft(settings, person, sha256=f"{name}{number}", name="x.csv", byte_count=1)
        year = 2000 + number + (50 if name == "two" else 0)
        rows = [record("vilnius", year, 100 + number, series_key=f"{name}{number}")]
        drafts.save_checked(settings, person, draft, checked(rows))
        while True:
            tries += 1
            preview.make_preview(settings, draft.upload_id)
            try:
                release.publish(settings, person, draft.upload_id)
                break
            except StoreError as error:
                if error.code != "stale_base":
                    raise
    (folder / f"tries-{name}").write_text(str(tries))


def flip(folder: Path, settings: Settings, person: Person, seconds: float) -> None:
    """Restore one published build after the other until the time is up."""
    begin(folder)
    until = time.monotonic() + seconds
    count = 0
    while time.monotonic() < until:
        current = current_build(settings)
        assert current is not None
        others = [made for made in builds(settings) if made.build_id != current.build_id]
        release.restore(settings, person, others[count % len(others)].build_id, "Back and forth")
        count += 1
        time.sleep(0.05)
    (folder / "flips").write_text(json.dumps(count))
