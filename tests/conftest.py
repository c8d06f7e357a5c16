"""Fixtures for every test: the real figures built once a session, and a project in miniature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.build import build as build_figures
from pipeline.engine import Reader, open_reader
from pipeline.publish import Build
from pipeline.settings import Settings, load_settings
from tests.tiny import Tiny


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
def built(settings: Settings) -> Build:
    """The committed figures, built and published once a session."""
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


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """A project in miniature that a test may change."""
    return Tiny(tmp_path)
