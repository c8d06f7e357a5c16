"""Fixtures for every test: the real figures built once a session, and a project in miniature.

`pytest -n 2` shares the tests out to two processes: they share one build, and tests marked `alone` run alone.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.build import build as build_figures
from pipeline.engine import Reader, open_reader
from pipeline.publish import Build
from pipeline.settings import Settings, load_settings
from tests.tiny import Tiny
from tests.turns import Turns

MOST_PROCESSES = 4
"""Each may start a browser and a server of its own."""

SHARED = pytest.StashKey[Path]()
"""In the process that shares the tests out: a folder all of them know, for the length of the run."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` means here; on a machine with one processor, no sharing out."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_PROCESSES) if cores > 1 else 0


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Before a test process starts: tell it the shared folder."""
    stash = node.config.stash
    if SHARED not in stash:
        stash[SHARED] = Path(tempfile.mkdtemp(prefix="mission-tests-"))
    node.workerinput["shared"] = str(stash[SHARED])


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = config.stash.get(SHARED, None)
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def shared_folder(config: pytest.Config) -> Path | None:
    """The folder that the processes of this run share; None when one process runs all tests."""
    given = getattr(config, "workerinput", {}).get("shared")
    return Path(given) if given else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    folder = shared_folder(item.config)
    if folder is None:
        return (yield)
    with Turns(folder).taken(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The committed figures, with builds in a folder of this session and no uploads."""
    store, staff = tmp_path_factory.mktemp("uploads"), tmp_path_factory.mktemp("staff")
    return replace(
        load_settings({}),
        builds_dir=tmp_path_factory.mktemp("builds"),
        uploads_dir=store,
        staff_dir=staff,
    )


@pytest.fixture(scope="session")
def built(settings: Settings, pytestconfig: pytest.Config) -> Build:
    """The committed figures, built and published once a session, also when several processes run it.

    Each process works on a copy of its own.
    """
    folder = shared_folder(pytestconfig)
    if folder is not None:
        once = replace(settings, builds_dir=folder / "builds")
        build_figures(once)  # the second process waits for the first and finds the work done
        shutil.copytree(once.builds_dir, settings.builds_dir, dirs_exist_ok=True)
    return build_figures(settings)


@pytest.fixture(scope="session")
def build(built: Build) -> Build:
    """The same build under the name other tests use."""
    return built


@pytest.fixture(scope="session")
def reader(built: Build) -> Iterator[Reader]:
    """The session's build, open for reading."""
    with open_reader(built.path) as opened:
        yield opened


@pytest.fixture(autouse=True)
def same_main_module() -> Iterator[None]:
    """Streamlit's page tests leave their script behind as the main module, which a process started by a later
    test would run again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """A project in miniature that a test may change."""
    return Tiny(tmp_path)
