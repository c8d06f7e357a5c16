"""One visitor's socket behind the guard: its frames at a fair pace, and closed when it floods."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pages import wire
from pages.limits import (
    SOCKET_BURST,
    SOCKET_RATE,
    TROUBLE_SECONDS,
    TROUBLED_BURST,
    WAITING_FRAMES,
    Address,
    Pace,
)

Message = MutableMapping[str, Any]

LOG = logging.getLogger("mission_cities")

LOOK_SECONDS = 0.5
"""How often a frame that waits for a script of its address to end looks again."""
WAITING_BYTES = 6_000_000
POLICY = 1008
"""The close code that says: not allowed."""


class Socket:
    """Between the server and Streamlit for one socket: `receive` and `send` replace the server's own."""

    def __init__(
        self,
        address: Address,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
        is_troubled: bool,
    ) -> None:
        self._address = address
        self._receive = receive
        self._send = send
        self._pace = Pace(SOCKET_RATE, TROUBLED_BURST if is_troubled else SOCKET_BURST)
        self._waiting: deque[Message] = deque()
        self._bytes = 0
        self._pending: asyncio.Future[Message] | None = None
        self._is_closed = False

    async def receive(self) -> Message:
        """The next frame for Streamlit, when it is due."""
        while True:
            message = await self._next()
            if message["type"] != "websocket.receive":
                return message
            kind = wire.frame_kind(message.get("bytes") or b"")
            if kind == wire.REFUSE:
                return await self._close("sent a frame that cannot be read or is too long")
            if kind == wire.DROP:
                continue
            end = await self._wait(kind == wire.RUN)
            return message if end is None else end

    async def send(self, message: Message) -> None:
        """A message for the browser; one that tells of the end of a script makes room for the next."""
        if self._is_closed:
            return
        if self._address.runs and message["type"] == "websocket.send":
            data = message.get("bytes")
            if data and self in self._address.runs and wire.ends_run(data):
                self._address.end_run(self)
        await self._send(message)

    def end(self) -> None:
        """The socket is gone."""
        self._address.end_run(self)
        if self._pending is not None:
            self._pending.cancel()

    async def _next(self) -> Message:
        if self._waiting:
            message = self._waiting.popleft()
            self._bytes -= len(message.get("bytes") or b"")
            return message
        if self._pending is not None:
            message = await self._pending
            self._pending = None
            return message
        return await self._receive()

    async def _wait(self, is_run: bool) -> Message | None:
        """Until the frame is due; gives back the end of the socket when that comes first."""
        now = time.monotonic()
        due = now + self._pace.take(now)
        if is_run:
            due = max(due, now + self._address.frames.take(now))
        while (left := due - time.monotonic()) > 0:
            if (end := await self._read_ahead(left)) is not None:
                return end
        if is_run:
            while not self._address.has_room(self, time.monotonic()):
                if (end := await self._read_ahead(LOOK_SECONDS, self._address.next_room())) is not None:
                    return end
            self._address.begin_run(self, time.monotonic())
        return None

    async def _read_ahead(self, seconds: float, room: asyncio.Future[None] | None = None) -> Message | None:
        """Take in what arrives meanwhile, so that a flood is seen as one; gives back the socket's end."""
        if self._pending is None:
            self._pending = asyncio.ensure_future(self._receive())
        waits: set[asyncio.Future[Any]] = {self._pending}
        if room is not None:
            waits.add(room)
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not self._pending.done():
            return None
        message = self._pending.result()
        self._pending = None
        if message["type"] != "websocket.receive":
            return message
        self._waiting.append(message)
        self._bytes += len(message.get("bytes") or b"")
        if len(self._waiting) > WAITING_FRAMES or self._bytes > WAITING_BYTES:
            self._address.trouble_until = time.monotonic() + TROUBLE_SECONDS
            return await self._close("sent frames faster than anybody clicks")
        return None

    async def _close(self, why: str) -> Message:
        """Close the socket; for Streamlit the visitor has left."""
        LOG.info("A socket was closed: it %s.", why)
        if not self._is_closed:
            self._is_closed = True
            await self._send({"type": "websocket.close", "code": POLICY})
        return {"type": "websocket.disconnect", "code": POLICY}
