"""Stands before the whole server: closes what is not for visitors, limits floods, and sets safe headers.

Plain ASGI, so that it sees each request and each frame of a socket before Streamlit does. Who may upload is
looked up for each file anew.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

from pages import access, door, front, wire
from pages.limits import (
    ADDRESS_SOCKETS,
    SOCKETS,
    TROUBLED_WAITING,
    Addresses,
    Pace,
    address_of,
)
from pages.sockets import Socket
from pipeline import staff, staff_admin
from pipeline.settings import Settings
from pipeline.staff import AccessRefused, Claim

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOG = logging.getLogger("mission_cities")

UPLOAD = "/_stcore/upload_file"
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
"""Routes of Streamlit for programs and operators; nobody needs them here."""
READING = ("GET", "HEAD", "OPTIONS")
SIGN_IN, SIGN_OUT, CALLBACK = "/auth/login", "/auth/logout", "/oauth2callback"
STAFF_PAGE = "/staff"
FAILED = STAFF_PAGE + "?signin=failed"
FILES_RATE, FILES_BURST = 1 / 15, 20.0
"""Files a second of one person, and how many at once: each is kept in memory while the page is open."""
PEOPLE_KEPT = 1000
WORDS = {
    403: "This is not open to you.",
    404: "There is nothing here.",
    405: "This cannot be done here.",
    414: "This address is too long.",
    429: "Too many files at once. Wait a minute and try again.",
    500: "Something went wrong. Load the page again.",
}
SPENT = (
    "This address was used before or is not the newest one. The newest stands in the window where the "
    "dashboard was started."
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for this server. `hosts` are the names it may be called by; empty means any."""

    settings: Settings
    hosts: tuple[str, ...] = ()
    base: str = ""


class Guard:
    """ASGI middleware. `rules` is asked once, when the server has read its configuration."""

    def __init__(self, app: App, rules: Callable[[], Rules]) -> None:
        self.app = app
        self.rules = rules()
        self.addresses = Addresses()
        self.files: dict[str, Pace] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    # -- requests

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = header(scope, b"host")
        extra = safe_headers(host if FIT_HOST.fullmatch(host) else "")
        started = False

        async def send_safely(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = message.get("headers", ())
                named = {name.lower() for name, _value in headers}
                message["headers"] = [*headers, *(pair for pair in extra if pair[0] not in named)]
            await send(message)

        try:
            await self._answer(scope, receive, send_safely, host)
        except Exception:
            LOG.exception("A request failed: %s", scope["path"][:200])
            if not started:
                await reply(send_safely, 500)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, host: str) -> None:
        path, method = scope["path"], scope["method"]
        if not self._knows(host):
            return await reply(send, 403)
        if len(scope.get("query_string", b"")) > wire.LONGEST_QUERY:
            return await reply(send, 414)
        if any(closed in path for closed in CLOSED):
            return await reply(send, 404)
        if UPLOAD in path:
            refusal = self._refuses_upload(scope, host)
            return await (reply(send, refusal) if refusal else self.app(scope, receive, send))
        if method not in READING:
            return await reply(send, 405)
        inside = path[len(self.rules.base) :] if path.startswith(self.rules.base) else path
        if inside == door.PATH:
            return await self._enter(scope, send)
        if inside in (SIGN_IN, SIGN_OUT, CALLBACK):
            return await self._provider(inside, scope, receive, send)
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        given = front.page(inside, query, header(scope, b"accept-language"))
        given = given or await front.script(inside, header(scope, b"accept-encoding"))
        if given is not None:
            return await give(send, given, method)
        return await self.app(scope, receive, send)

    def _knows(self, host: str) -> bool:
        return not self.rules.hosts or fits(host, self.rules.hosts)

    def _refuses_upload(self, scope: Scope, host: str) -> int:
        """The status to refuse a request to the upload route with; 0 when it may pass."""
        if scope["method"] not in ("PUT", "DELETE"):
            return 403
        try:
            who = staff.require(self.rules.settings, self._person(scope, host), "upload")
        except AccessRefused:
            return 403
        if scope["method"] == "PUT":
            if len(self.files) > PEOPLE_KEPT:
                self.files.clear()
            pace = self.files.setdefault(who.person_id, Pace(FILES_RATE, FILES_BURST))
            if not pace.try_take(time.monotonic()):
                return 429
        return 0

    def _person(self, scope: Scope, host: str) -> staff.Person | None:
        """Who sends a request from one of our own pages; None when it cannot be known."""
        origin = header(scope, b"origin")
        if not origin:
            return None
        mode = access.mode()
        cookies = header(scope, b"cookie")
        claim: Claim | None = None
        if mode.kind == "provider":
            claim = wire.claim_in(cookies, origin)
        elif mode.door is not None and self._is_at_home(scope, host) and origin.partition("://")[2] == host:
            claim = mode.door.claim(door.cookie_in(cookies))
        found = staff.resolve(self.rules.settings, claim)
        return found if isinstance(found, staff.Person) else None

    # -- signing in and out

    @staticmethod
    def _is_at_home(scope: Scope, host: str) -> bool:
        """Whether a request comes from this machine, to this machine, by no other's hand."""
        client, server = scope.get("client"), scope.get("server")
        handed_on = any(name in HANDED_ON for name, _value in scope["headers"])
        return bool(
            client
            and server
            and not handed_on
            and door.is_loopback(str(client[0]))
            and door.is_loopback(str(server[0]))
            and door.is_loopback(host)
        )

    async def _enter(self, scope: Scope, send: Send) -> None:
        """The one-time address: a fresh token signs this browser in."""
        entrance = access.mode().door
        if entrance is None or not self._is_at_home(scope, header(scope, b"host")):
            return await reply(send, 404)
        if scope["method"] != "GET" or header(scope, b"purpose") or header(scope, b"sec-purpose"):
            return await reply(send, 405)
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        cookie = await asyncio.to_thread(entrance.enter, token)
        if cookie is None:
            return await reply(send, 403, SPENT)
        await asyncio.to_thread(staff_admin.note, self.rules.settings, "signed_in", entrance.claim(cookie))
        return await self._move(send, STAFF_PAGE, door.set_cookie(cookie))

    async def _move(self, send: Send, inside: str, cookie: str = "") -> None:
        headers = [(b"location", (self.rules.base + inside).encode()), (b"cache-control", b"no-store")]
        if cookie:
            headers.append((b"set-cookie", cookie.encode("latin-1")))
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _provider(self, inside: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Streamlit's own sign-in, with a sign-out that ends the sign-in and words where there were none."""
        if access.mode().kind != "provider":
            return await reply(send, 404)
        if inside == SIGN_OUT:
            claim = wire.claim_in(header(scope, b"cookie"), None)
            await asyncio.to_thread(staff_admin.leave, self.rules.settings, claim)
            return await self.app(scope, receive, send)
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        answers_us = inside == CALLBACK and bool(asked.keys() & {"code", "error"})
        is_moved = False

        async def send_on(message: Message) -> None:
            nonlocal is_moved
            if message["type"] != "http.response.start":
                if not is_moved:
                    await send(message)
                return
            headers = [(name, tightened(name, value, scope)) for name, value in message["headers"]]
            cookies = [value for name, value in headers if name.lower() == b"set-cookie"]
            signed_in = any(SIGNED_IN.match(value) for value in cookies)
            if message["status"] >= 400 or (answers_us and not signed_in):
                is_moved = True
                await self._move(send, FAILED)
                return
            if signed_in:
                given = b"; ".join(value.partition(b";")[0] for value in cookies).decode("latin-1")
                claim = wire.claim_in(given, None)
                await asyncio.to_thread(staff_admin.note, self.rules.settings, "signed_in", claim)
                place = (self.rules.base + STAFF_PAGE).encode()
                headers = [pair for pair in headers if pair[0].lower() != b"location"] + [
                    (b"location", place)
                ]
            await send({**message, "headers": headers})

        return await self.app(scope, receive, send_on)

    # -- sockets

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = header(scope, b"host")
        now = time.monotonic()
        address = self.addresses.of(address_of(scope), now)
        troubled = address.trouble_until > now
        if (
            not self._knows(host)
            or len(scope.get("query_string", b"")) > wire.LONGEST_QUERY
            or address.sockets >= ADDRESS_SOCKETS
            or self.addresses.sockets >= SOCKETS
            or (troubled and address.waiting >= TROUBLED_WAITING)
        ):
            await receive()
            await send({"type": "websocket.close", "code": 1013})
            return
        origin = header(scope, b"origin")
        if not (self._is_at_home(scope, host) and origin.partition("://")[2] == host):
            scope["headers"] = without_cookie(scope["headers"])
        address.sockets += 1
        self.addresses.sockets += 1
        try:
            if troubled:
                address.waiting += 1
                try:
                    await asyncio.sleep(address.slow_door.take(now))
                finally:
                    address.waiting -= 1
            socket = Socket(address, receive, send, troubled)
            try:
                await self.app(scope, socket.receive, socket.send)
            finally:
                socket.end()
        finally:
            address.sockets -= 1
            self.addresses.sockets -= 1


HANDED_ON = frozenset({b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"forwarded", b"via"})
"""Headers of proxies: with one of them a request is not from this machine, whatever its address says."""
SIGNED_IN = re.compile(rb"_streamlit_user=[^;\s]{20,}")
FIT_HOST = re.compile(r"[A-Za-z0-9.\-_]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
OUR_COOKIES = (b"_streamlit_user", b"_streamlit_session")


def header(scope: Scope, name: bytes) -> str:
    """The value of a request header, several joined as HTTP joins them; empty when there is none."""
    found = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return ("; " if name == b"cookie" else ",").join(found)


def fits(host: str, allowed: Sequence[str]) -> bool:
    """Whether a Host header names one of the allowed hosts; ``*.example.org`` allows its sub-domains."""
    if not FIT_HOST.fullmatch(host):
        return False
    name = re.sub(r":\d{1,5}$", "", host).lower().rstrip(".").strip("[]")
    for one in allowed:
        wanted = one.strip().lower().rstrip(".").strip("[]")
        if wanted in ("*", name) or (wanted.startswith("*.") and name.endswith(wanted[1:])):
            return True
    return False


def without_cookie(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers without the cookie of the one-time address, for requests it does not count for."""
    mark = door.COOKIE.encode() + b"="
    kept = []
    for name, value in headers:
        if name == b"cookie" and mark in value:
            parts = [part for part in value.split(b";") if not part.strip().startswith(mark)]
            value = b";".join(parts).strip()
        kept.append((name, value))
    return kept


def tightened(name: bytes, value: bytes, scope: Scope) -> bytes:
    """A cookie of the sign-in as we want it: as short-lived as a sign-in counts, and for https only there."""
    if name.lower() != b"set-cookie" or not value.startswith(OUR_COOKIES):
        return value
    value = re.sub(rb"(?i)max-age=[1-9]\d+", b"Max-Age=%d" % staff.MAX_AGE_SECONDS, value)
    is_secure = scope.get("scheme") == "https" and b"secure" not in value.lower()
    return value + b"; Secure" if is_secure else value


@lru_cache(maxsize=64)
def safe_headers(host: str) -> tuple[tuple[bytes, bytes], ...]:
    """The headers of every answer. `host` is what the browser called us, for its socket back to us."""
    sockets = f" ws://{host} wss://{host}" if host else ""
    policy = "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval' " + " ".join(wire.inline_scripts(front.BOOT)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' data: blob:{sockets}",
            "worker-src 'self' blob:",
            "media-src 'self' data: blob:",
            "frame-src 'self' blob: data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )
    return (
        (b"content-security-policy", policy.encode("ascii")),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"SAMEORIGIN"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    )


async def give(send: Send, answer: front.Answer, method: str) -> None:
    """An answer of our own; its headers only to HEAD."""
    await send({"type": "http.response.start", "status": 200, "headers": list(answer.headers)})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})


async def reply(send: Send, status: int, words: str = "") -> None:
    """A short answer in plain words."""
    body = (words or WORDS[status]).encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
