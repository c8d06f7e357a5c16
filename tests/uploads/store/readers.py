"""Readers that look at the published build all the time, as viewers do, and note every fault."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from pipeline.engine import Reader, open_reader
from pipeline.publish import current_build
from pipeline.settings import Settings

#: Two tables that always agree in a build that is whole, and the build's own name.
AGREE = """
select
    (select any_value(build_id) from meta.build),
    (select coalesce(sum(value_t), 0) from core.emission),
    (select coalesce(sum(sum_t), 0) from mart.city)
"""


class Viewers:
    """Threads that share one reader per build, as the pages do."""

    def __init__(self, settings: Settings, count: int) -> None:
        self._settings = settings
        self._readers: dict[str, Reader] = {}
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._look, daemon=True) for _ in range(count)]
        self.reads = 0
        self.faults: list[str] = []
        self.seen: set[str] = set()

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(20)
        for reader in self._readers.values():
            reader.close()

    def _look(self) -> None:
        while not self._stop.is_set():
            try:
                current = current_build(self._settings)
                assert current is not None, "no build"
                assert not current.warning, current.warning
                ((build_id, emissions, total),) = self._reader(current.build_id).rows(AGREE)
                assert build_id == current.build_id, f"{current.build_id} holds {build_id}"
                assert emissions == total, f"{build_id}: {emissions} and {total}"
                self.seen.add(build_id)
            except Exception as error:
                self.faults.append(f"{type(error).__name__}: {error}")
            self.reads += 1
            time.sleep(0.005)

    def _reader(self, build_id: str) -> Reader:
        with self._guard:
            if build_id not in self._readers:
                self._readers[build_id] = open_reader(self._settings.builds_dir / f"build-{build_id}.duckdb")
            return self._readers[build_id]
