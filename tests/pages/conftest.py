"""The real figures for page tests: one build a session, one set of warm caches a module."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.publish import Build
from pipeline.settings import Settings
from tests.pages import harness

Show = Callable[..., AppTest]


@pytest.fixture(scope="module")
def show(settings: Settings, built: Build) -> Iterator[Show]:
    """``show("map", {"city": "vilnius"})``: the page on the real figures."""
    assert built.path.exists()

    def run(page: str, params: Mapping[str, Sequence[str] | str] | None = None) -> AppTest:
        return harness.run(page, params)

    with harness.reading(settings):
        yield run
