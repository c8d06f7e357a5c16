"""Dashboards with a staff area, started once for all browser tests that ask for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.publish import Build
from pipeline.settings import Settings
from tests.access.serving import Staffed, dashboard, identity_provider


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    with identity_provider() as url:
        yield url


@pytest.fixture(scope="session")
def staffed(
    provider: str, settings: Settings, built: Build, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Staffed]:
    """A dashboard with an identity provider: Ona is editor of Klaipėda, Ada administrator."""
    assert built.path.is_file()
    with dashboard(settings, tmp_path_factory.mktemp("staffed"), provider) as running:
        yield running


@pytest.fixture(scope="session")
def local(settings: Settings, built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staffed]:
    """A dashboard without an identity provider that only this machine can reach."""
    assert built.path.is_file()
    with dashboard(settings, tmp_path_factory.mktemp("local")) as running:
        yield running
