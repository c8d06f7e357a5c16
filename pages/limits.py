"""How much one client address may ask of the server: many visitors behind one address yes, a flood no.

A visitor's browser holds one socket and sends a frame a click. A hall of a hundred phones behind one address
has many sockets with few frames each; a flood has frames without end on each of its sockets. So each socket
has a pace of its own. A frame beyond it waits its turn, and a socket on which many frames wait is a flood: it
is closed, and new sockets of its address come in slowly for a while. The scripts that run at one time for one
address are limited too, so that no address can take the whole processor.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

SOCKET_RATE, SOCKET_BURST = 5.0, 12.0
"""Frames a second of one socket, and how many at once."""
TROUBLED_BURST = 6.0
"""Frames at once of a new socket where a flood came from: enough to open a page."""
WAITING_FRAMES = 60
"""So many waiting frames on one socket are a flood: dragging a slider for a minute does not reach it."""
ADDRESS_RATE, ADDRESS_BURST = 60.0, 400.0
"""Frames a second of all sockets of one address, and how many at once: 100 phones that open one page."""
ADDRESS_SOCKETS = 400
SOCKETS = 2000
"""Open sockets of one address, and of all."""
TROUBLE_SECONDS = 60.0
"""So long new sockets of an address are slow after one of its sockets was closed for flooding."""
TROUBLED_SOCKETS_RATE, TROUBLED_SOCKETS_BURST = 1.0, 3.0
TROUBLED_WAITING = 50
"""New sockets of such an address that may wait at one time; others are turned away."""
RUNS = 4
"""Scripts that may run at one time for one address; other frames wait for one of them to finish."""
RUN_SECONDS = 15.0
"""A run that has told of no end by then is not counted any longer."""
ADDRESSES_KEPT = 10_000


@dataclass(slots=True)
class Pace:
    """So many a second, and `burst` of them at once (generic cell rate algorithm). Times are in seconds."""

    rate: float
    burst: float
    _due: float = 0.0

    def take(self, now: float) -> float:
        """Take the next turn; gives back how long to wait for it."""
        self._due = max(self._due, now - self.burst / self.rate) + 1.0 / self.rate
        return max(0.0, self._due - now)

    def try_take(self, now: float) -> bool:
        """Take a turn only if there is one now."""
        if self._due - now + 1.0 / self.rate > 0.0:
            return False
        self.take(now)
        return True


@dataclass(slots=True)
class Address:
    """What is known of one client address."""

    frames: Pace = field(default_factory=lambda: Pace(ADDRESS_RATE, ADDRESS_BURST))
    slow_door: Pace = field(default_factory=lambda: Pace(TROUBLED_SOCKETS_RATE, TROUBLED_SOCKETS_BURST))
    sockets: int = 0
    waiting: int = 0
    trouble_until: float = 0.0
    runs: dict[object, float] = field(default_factory=dict)
    """Sockets whose script runs now -> when that began."""
    _room: asyncio.Future[None] | None = None

    def has_room(self, socket: object, now: float) -> bool:
        """Whether a script may start for this socket; one that runs already is only told to start over."""
        if socket in self.runs or len(self.runs) < RUNS:
            return True
        for other, began in list(self.runs.items()):
            if now - began > RUN_SECONDS:
                del self.runs[other]
        return len(self.runs) < RUNS

    def begin_run(self, socket: object, now: float) -> None:
        self.runs[socket] = now

    def end_run(self, socket: object) -> None:
        """A script has ended, or its socket is gone: the next may start."""
        if self.runs.pop(socket, None) is not None and self._room is not None and not self._room.done():
            self._room.set_result(None)

    def next_room(self) -> asyncio.Future[None]:
        """Done as soon as a script of this address ends."""
        if self._room is None or self._room.done():
            self._room = asyncio.get_running_loop().create_future()
        return self._room

    def is_idle(self, now: float) -> bool:
        return not self.sockets and not self.waiting and self.trouble_until < now


class Addresses:
    """All client addresses seen lately."""

    def __init__(self) -> None:
        self.known: dict[str, Address] = {}
        self.sockets = 0

    def of(self, key: str, now: float) -> Address:
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= ADDRESSES_KEPT:
                self.known = {other: state for other, state in self.known.items() if not state.is_idle(now)}
            found = self.known[key] = Address()
        return found


def address_of(scope: MutableMapping[str, Any]) -> str:
    """The client's address; of an IPv6 address the network (/64), which is what one client is given."""
    client = scope.get("client")
    host = str(client[0]) if client else "?"
    if ":" not in host:
        return host
    try:
        return str(ipaddress.IPv6Address(int(ipaddress.IPv6Address(host.partition("%")[0])) >> 64 << 64))
    except ValueError:
        return host
