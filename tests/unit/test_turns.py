"""Tests that measure time have the machine for themselves; all others run beside each other."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import time
from pathlib import Path

from tests.tiny import REPOSITORY
from tests.turns import Turns

#: Takes a turn, says so, and ends it when its input ends.
TURN = """
import sys
from pathlib import Path
from tests.turns import Turns
with Turns(Path(sys.argv[1])).taken(alone=sys.argv[2] == "alone"):
    print("in", flush=True)
    sys.stdin.read()
"""


class Runner:
    """Another process and its turn."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._out = folder / f"{kind}-{time.monotonic_ns()}.txt"
        with self._out.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-c", TURN, str(folder), kind],
                cwd=REPOSITORY,
                stdin=subprocess.PIPE,
                stdout=out,
            )

    def is_in(self) -> bool:
        return self._out.read_text() == "in\n"

    def wait_in(self) -> bool:
        deadline = time.monotonic() + 60
        while not self.is_in() and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.is_in()

    def end(self) -> None:
        self._process.communicate()


def test_ordinary_tests_run_beside_each_other_and_one_alone_waits_for_all(tmp_path: Path) -> None:
    first, second = Runner(tmp_path, "beside"), Runner(tmp_path, "beside")
    assert first.wait_in()
    assert second.wait_in()
    alone = Runner(tmp_path, "alone")
    time.sleep(1)
    assert not alone.is_in()
    first.end()
    time.sleep(0.3)
    assert not alone.is_in()
    second.end()
    assert alone.wait_in()
    late = Runner(tmp_path, "beside")
    time.sleep(1)
    assert not late.is_in()
    alone.end()
    assert late.wait_in()
    late.end()


def test_one_that_waits_to_be_alone_is_not_passed_by_others(tmp_path: Path) -> None:
    first = Runner(tmp_path, "beside")
    assert first.wait_in()
    alone = Runner(tmp_path, "alone")
    gate_is_shut(tmp_path)
    late = Runner(tmp_path, "beside")
    time.sleep(1)
    assert not late.is_in()
    first.end()
    assert alone.wait_in()
    assert not late.is_in()
    alone.end()
    assert late.wait_in()
    late.end()


def gate_is_shut(folder: Path) -> None:
    """Until the process that wants to be alone stands at the gate: seen by trying the gate ourselves."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with (folder / "gate").open("a+") as gate:
            try:
                fcntl.lockf(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return
        time.sleep(0.02)
    raise AssertionError("nobody shut the gate")


def test_one_process_takes_turn_after_turn(tmp_path: Path) -> None:
    for alone in (False, True, True, False):
        with Turns(tmp_path).taken(alone):
            pass
