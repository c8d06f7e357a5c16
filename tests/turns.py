"""Several processes share the tests out; one that measures time has the machine for itself all the same."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Turns:
    """Locks in a folder that all test processes of one run know.

    Every test stands on the floor, an ordinary one beside others, one marked `alone` with nobody else on it.
    All come in through one gate, which a test that waits to be alone keeps shut. The locks are the process's
    own: a child it leaves running holds none.
    """

    folder: Path

    @contextmanager
    def taken(self, alone: bool) -> Iterator[None]:
        """While this lasts, the caller's test may run."""
        with (self.folder / "gate").open("a+") as gate, (self.folder / "floor").open("a+") as floor:
            fcntl.lockf(gate, fcntl.LOCK_EX)
            fcntl.lockf(floor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            if not alone:
                fcntl.lockf(gate, fcntl.LOCK_UN)
            yield
