"""Fixtures of the tests of the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.uploads.store.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A built project in miniature that takes uploads."""
    made = Project(tmp_path)
    made.build()
    return made
