"""The guard alone, with a small app behind it: what it lets through, what it says, and what it costs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages import access, wire
from pages.guard import Guard, Rules, fits, safe_headers, tightened, without_cookie
from pages.limits import RUNS, SOCKET_BURST, WAITING_FRAMES, Address, Addresses, Pace, address_of
from pages.sockets import POLICY, Socket
from pipeline.settings import Settings, load_settings
from tests.access.client import rerun

Message = MutableMapping[str, Any]
MOST_SECONDS = 0.0005
"""What the guard may cost a request or a frame; a page takes the server a hundred times as long."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(load_settings({}), uploads_dir=tmp_path / "uploads", staff_dir=tmp_path / "staff")


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    before = access._now[0]
    access._now[0] = access.CLOSED
    yield
    access._now[0] = before


async def hello(scope: Message, receive: Any, send: Any) -> None:
    del receive
    if scope["path"] == "/media/breaks":
        raise RuntimeError("a secret path: /srv/x.py")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"referrer-policy", b"origin")]})
    await send({"type": "http.response.body", "body": b"hello"})


def ask(
    guard: Guard, path: str = "/", method: str = "GET", query: bytes = b"", **headers: str
) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    told = {"host": "127.0.0.1:8501", **headers}
    scope = {
        "type": "http",
        "path": path,
        "method": method,
        "query_string": query,
        "scheme": "http",
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 8501),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()],
    }
    asyncio.run(guard(scope, receive, send))
    return sent


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 200),
        ("/", "HEAD", 200),
        ("/", "POST", 405),
        ("/", "DELETE", 405),
        ("/_stcore/metrics", "GET", 404),
        ("/progress/_stcore/agent/interact", "POST", 404),
        ("/_stcore/script-health-check", "GET", 404),
        ("/_stcore/upload_file/a/b", "PUT", 403),
        ("/_stcore/upload_file/a/b", "DELETE", 403),
        ("/_stcore/upload_file/a/b", "GET", 403),
        ("/x/_stcore/upload_file/a/b", "PUT", 403),
        ("/staff-entry", "GET", 404),
        ("/auth/login", "GET", 404),
        ("/oauth2callback", "GET", 404),
        ("/media/breaks", "GET", 500),
    ],
)
def test_every_answer_has_its_status_and_the_headers(
    settings: Settings, path: str, method: str, status: int
) -> None:
    start, body = ask(Guard(hello, lambda: Rules(settings)), path, method)
    assert start["status"] == status
    headers = dict(start["headers"])
    assert b"default-src 'self'" in headers[b"content-security-policy"]
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert b"srv" not in body["body"]


def test_header_of_an_answer_is_not_set_twice(settings: Settings) -> None:
    start, _body = ask(Guard(hello, lambda: Rules(settings)), "/media/x")
    named = [name for name, _value in start["headers"]]
    assert len(named) == len(set(named))
    assert dict(start["headers"])[b"referrer-policy"] == b"origin"


def test_long_addresses_and_foreign_names_are_refused(settings: Settings) -> None:
    guard = Guard(hello, lambda: Rules(settings, hosts=("cities.example.org", "*.test")))
    assert ask(guard, host="cities.example.org")[0]["status"] == 200
    assert ask(guard, host="a.test:80")[0]["status"] == 200
    assert ask(guard, host="evil.org")[0]["status"] == 403
    anywhere = Guard(hello, lambda: Rules(settings))
    assert ask(anywhere, query=b"x" * (wire.LONGEST_QUERY + 1))[0]["status"] == 414
    assert ask(anywhere, query=b"x" * wire.LONGEST_QUERY)[0]["status"] == 200


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("cities.example.org", True),
        ("CITIES.example.org.:8501", True),
        ("x.test", True),
        ("test", False),
        ("cities.example.org.evil.com", False),
        ("cities.example.org/@evil", False),
        ("evil.com#cities.example.org", False),
        ("", False),
        ("[::1]:8501", True),
    ],
)
def test_names_are_compared_whole(host: str, expected: bool) -> None:
    assert fits(host, ("cities.example.org", "*.test", "::1")) is expected


def test_name_of_the_server_reaches_the_policy_only_in_a_safe_form(settings: Settings) -> None:
    guard = Guard(hello, lambda: Rules(settings))
    plain = dict(ask(guard, host="cities.example.org")[0]["headers"])[b"content-security-policy"]
    assert b"wss://cities.example.org" in plain
    odd = dict(ask(guard, host="x; script-src *")[0]["headers"])[b"content-security-policy"]
    assert b"script-src *" not in odd
    assert safe_headers("") != safe_headers("a")


def test_cookie_of_the_one_time_address_is_taken_out_and_others_stay() -> None:
    headers = [(b"cookie", b"a=1; mission_staff=x.1.y; b=2"), (b"host", b"h")]
    assert without_cookie(headers) == [(b"cookie", b"a=1; b=2"), (b"host", b"h")]


def test_cookies_of_the_sign_in_are_shortened_and_kept_to_https() -> None:
    value = b"_streamlit_user=abc; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"
    assert b"Max-Age=28800" in tightened(b"set-cookie", value, {"scheme": "http"})
    assert tightened(b"set-cookie", value, {"scheme": "https"}).endswith(b"; Secure")
    gone = b"_streamlit_user=; Max-Age=0; Path=/"
    assert b"Max-Age=0" in tightened(b"set-cookie", gone, {"scheme": "http"})
    assert (
        tightened(b"set-cookie", b"other=1; Max-Age=99999", {"scheme": "https"}) == b"other=1; Max-Age=99999"
    )


# -- frames


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("clear_cache", wire.DROP),
        ("set_run_on_save", wire.DROP),
        ("load_git_info", wire.DROP),
        ("debug_shutdown_runtime", wire.DROP),
        ("debug_disconnect_websocket", wire.DROP),
        ("stop_script", wire.PASS),
        ("app_heartbeat", wire.PASS),
    ],
)
def test_frames_are_told_apart(kind: str, expected: str) -> None:
    message = BackMsg()
    setattr(message, kind, True)
    assert wire.frame_kind(message.SerializeToString()) == expected


def test_frames_that_start_scripts_have_limits() -> None:
    assert wire.frame_kind(rerun("progress", "city=vilnius")) == wire.RUN
    assert wire.frame_kind(rerun("", "x" * (wire.LONGEST_QUERY + 1))) == wire.REFUSE
    assert wire.frame_kind(rerun("p" * (wire.LONGEST_NAME + 1))) == wire.REFUSE
    many = [(f"w{number}", "bool_value", True) for number in range(wire.MOST_WIDGETS + 1)]
    assert wire.frame_kind(rerun(widgets=many)) == wire.REFUSE
    assert wire.frame_kind(b"\xff\xff\xff") == wire.REFUSE
    assert wire.frame_kind(b"") == wire.DROP


def test_end_of_a_script_is_recognised() -> None:
    ended, early, other = ForwardMsg(), ForwardMsg(), ForwardMsg()
    ended.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    early.script_finished = ForwardMsg.FINISHED_EARLY_FOR_RERUN
    other.heartbeat_ack = True
    assert wire.ends_run(ended.SerializeToString())
    assert not wire.ends_run(early.SerializeToString())
    assert not wire.ends_run(other.SerializeToString())
    assert not wire.ends_run(b"\xff" * 20)


def test_pace_lets_a_burst_through_and_then_one_by_one() -> None:
    pace = Pace(rate=2.0, burst=3.0)
    assert [pace.take(100.0) for _ in range(5)] == pytest.approx([0.0, 0.0, 0.0, 0.5, 1.0])
    assert pace.take(200.0) == 0.0
    strict = Pace(rate=1.0, burst=2.0)
    assert [strict.try_take(50.0) for _ in range(3)] == [True, True, False]
    assert strict.try_take(51.0)


def test_one_network_of_ipv6_is_one_address() -> None:
    first, second, other = (
        address_of({"client": (host, 1)}) for host in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")
    )
    assert first == second != other
    assert address_of({"client": ("203.0.113.7", 1)}) == "203.0.113.7"
    assert address_of({"client": None}) == "?"


def test_addresses_nobody_uses_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.limits.ADDRESSES_KEPT", 3)
    known = Addresses()
    known.of("busy", 1.0).sockets = 1
    for number in range(10):
        known.of(str(number), 1.0)
    assert "busy" in known.known
    assert len(known.known) <= 3


class Wire:
    """The server's end of a socket: frames that arrive at once, and what was sent back."""

    def __init__(self, frames: list[bytes]) -> None:
        self.frames = [{"type": "websocket.receive", "bytes": frame} for frame in frames]
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        if self.frames:
            return self.frames.pop(0)
        await asyncio.sleep(3600)
        raise AssertionError("never")

    async def send(self, message: Message) -> None:
        self.sent.append(message)


def test_flood_on_one_socket_closes_it_and_marks_its_address() -> None:
    async def scene() -> tuple[int, Wire, Address]:
        address, line = Address(), Wire([rerun("", "x=1")] * 1000)
        socket, taken = Socket(address, line.receive, line.send, False), 0
        address.begin_run(socket, time.monotonic())
        while (await asyncio.wait_for(socket.receive(), 5))["type"] == "websocket.receive":
            taken += 1
        socket.end()
        await socket.send({"type": "websocket.send", "bytes": b"late"})
        return taken, line, address

    taken, line, address = asyncio.run(scene())
    assert taken <= SOCKET_BURST + 5, "the burst, and no more"
    assert line.sent == [{"type": "websocket.close", "code": POLICY}]
    assert address.trouble_until > time.monotonic()
    assert address.runs == {}


def test_quick_visitor_is_slowed_down_and_not_turned_away() -> None:
    async def scene() -> tuple[int, float]:
        address, line = Address(), Wire([rerun("", f"x={number}") for number in range(WAITING_FRAMES // 2)])
        socket, started = Socket(address, line.receive, line.send, False), time.monotonic()
        address.begin_run(socket, started)
        for _ in range(WAITING_FRAMES // 2):
            assert (await asyncio.wait_for(socket.receive(), 10))["type"] == "websocket.receive"
        socket.end()
        return len(line.sent), time.monotonic() - started

    closed, seconds = asyncio.run(scene())
    assert closed == 0
    assert seconds < 8


def test_only_so_many_scripts_run_for_one_address_and_the_next_starts_when_one_ends() -> None:
    async def scene() -> None:
        address = Address()
        lines = [Wire([rerun()]) for _ in range(RUNS + 1)]
        sockets = [Socket(address, line.receive, line.send, False) for line in lines]
        for socket in sockets[:RUNS]:
            await asyncio.wait_for(socket.receive(), 5)
        waiting = asyncio.ensure_future(sockets[RUNS].receive())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        ended = ForwardMsg()
        ended.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
        await sockets[0].send({"type": "websocket.send", "bytes": ended.SerializeToString()})
        await asyncio.wait_for(waiting, 0.4)
        for socket in sockets:
            socket.end()
        assert address.runs == {}

    asyncio.run(scene())


def test_frames_nobody_needs_are_dropped_and_the_rest_arrives() -> None:
    async def scene() -> bytes:
        message = BackMsg()
        message.clear_cache = True
        line = Wire([message.SerializeToString(), rerun("a")])
        socket = Socket(Address(), line.receive, line.send, False)
        return bytes((await asyncio.wait_for(socket.receive(), 5))["bytes"])

    assert asyncio.run(scene()) == rerun("a")


def test_guard_costs_next_to_nothing(settings: Settings) -> None:
    guard, count = Guard(hello, lambda: Rules(settings)), 2000
    scope = {
        "type": "http",
        "path": "/static/js/index.js",
        "method": "GET",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8501"), (b"cookie", b"_streamlit_xsrf=abc")],
    }

    async def requests() -> float:
        async def nothing(_message: Message | None = None) -> Message:
            return {}

        began = time.process_time()
        for _ in range(count):
            await guard(dict(scope), nothing, nothing)
        return (time.process_time() - began) / count

    async def frames() -> float:
        frame, address = rerun("progress", "city=vilnius"), Address()
        socket = Socket(address, Wire([frame] * count).receive, Wire([]).send, False)
        socket._pace = Pace(1e9, 1e9)
        address.frames = Pace(1e9, 1e9)
        began = time.process_time()
        for _ in range(count):
            await socket.receive()
        return (time.process_time() - began) / count

    per_request, per_frame = asyncio.run(requests()), asyncio.run(frames())
    print(f"guard: {per_request * 1e6:.0f} µs a request, {per_frame * 1e6:.0f} µs a frame")
    assert per_request < MOST_SECONDS
    assert per_frame < MOST_SECONDS
