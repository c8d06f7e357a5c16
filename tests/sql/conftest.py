"""One database for all SQL cases; each case puts its rows in and takes them out again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sql.harness import Bench


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = Bench(tmp_path_factory.mktemp("bench") / "bench.duckdb")
    yield made
    made.close()
