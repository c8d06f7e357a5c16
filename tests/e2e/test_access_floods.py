"""Floods and crowds: who waits, and how long."""

from __future__ import annotations

import concurrent.futures
import subprocess
import sys
import time

import pytest

from tests.access.client import Visitor
from tests.access.serving import Staffed
from tests.e2e.server import REPOSITORY

PATIENT_SECONDS = 5.0
"""An honest visitor waits no longer than this for a page, whatever others do ..."""
QUIET_SECONDS = 0.5
"""... where a page takes no longer than this when nobody else is there; a busy machine may be slower."""
FLOOD_SECONDS = 8

FLOOD = """
import sys, threading, time
from tests.access.client import Visitor, rerun

url, seconds, again = sys.argv[1], float(sys.argv[2]), sys.argv[3] == "again"
until = time.monotonic() + seconds
sent = []

def flood():
    while time.monotonic() < until:
        try:
            with Visitor(url) as visitor:
                visitor.dial()
                print("begun", flush=True)
                frame = rerun("", "x=1")
                while time.monotonic() < until:
                    visitor.send(frame)
                    sent.append(1)
                    time.sleep(0.005)
        except Exception:
            if not again:
                return
            time.sleep(0.05)

threads = [threading.Thread(target=flood) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("sent", len(sent), flush=True)
"""


@pytest.mark.alone
@pytest.mark.matrix(63)
@pytest.mark.parametrize("manner", ["once", "again"], ids=["closed and gone", "closed and back"])
def test_flood_of_one_address_does_not_keep_others_waiting(local: Staffed, manner: str) -> None:
    """Eight sockets ask for a rerun 200 times a second each; somebody else opens a page meanwhile."""

    def load() -> float:
        started = time.monotonic()
        with Visitor(local.url, source="127.0.0.2") as honest:
            assert len(honest.load("progress").texts) > 5
        return time.monotonic() - started

    with Visitor(local.url) as early:
        early.load("")
    load()
    patience = PATIENT_SECONDS * max(1.0, min(load() for _ in range(3)) / QUIET_SECONDS)
    command = [sys.executable, "-W", "ignore", "-c", FLOOD, local.url, str(FLOOD_SECONDS), manner]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as flood:
        assert flood.stdout is not None
        assert flood.stdout.readline().strip() == "begun"
        waited = []
        while flood.poll() is None:
            waited.append(load())
        said = flood.stdout.read().split()
    after = load()
    assert int(said[said.index("sent") + 1]) > 200, "it was a flood"
    assert max(waited) < patience, waited
    assert after < patience, after


def test_hundred_phones_behind_one_address_all_get_their_page(local: Staffed) -> None:
    """A conference hall: everybody opens the page and clicks once; nobody is turned away."""

    def visit(_number: int) -> bool:
        with Visitor(local.url, source="127.0.0.3") as phone:
            return len(phone.load("overview").texts) > 5 and len(phone.run("overview").texts) > 5

    with concurrent.futures.ThreadPoolExecutor(100) as hall:
        assert all(hall.map(visit, range(100)))
