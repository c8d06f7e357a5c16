"""A visitor without a browser: speaks to the server as a browser does, and can say what no browser would."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

SECONDS = 60
MOST_MESSAGE = 2**26


@dataclass
class Screen:
    """What one run of the script sent: its texts, the pages it knows of and the ids of its widgets."""

    texts: list[str] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    """Path -> page hash."""
    widgets: dict[tuple[str, str], str] = field(default_factory=dict)
    """(kind, label) -> id."""
    redirect: str = ""
    not_found: bool = False
    exceptions: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return "\n".join(self.texts)


class Visitor:
    """One browser: cookies, one socket. `source` is the address of this machine it comes from."""

    def __init__(
        self,
        url: str,
        *,
        cookies: Mapping[str, str] | None = None,
        source: str = "127.0.0.1",
        headers: Mapping[str, str] | None = None,
        origin: str | None = None,
    ) -> None:
        self.url = url
        self.origin = url if origin is None else origin
        self.headers = dict(headers or {})
        self.source = source
        transport = httpx.HTTPTransport(local_address=source)
        self.http = httpx.Client(transport=transport, timeout=SECONDS, headers=self.headers)
        for name, value in (cookies or {}).items():
            self.http.cookies.set(name, value, domain=urlsplit(url).hostname or "")
        self.socket: ClientConnection | None = None
        self._open = ExitStack()
        self.session_id = ""
        self.screen = Screen()

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._open.close()
        self.http.close()

    @property
    def xsrf(self) -> str:
        return self.cookies().get("_streamlit_xsrf", "")

    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.http.cookies.jar}

    def dial(self) -> None:
        """Open the socket, as the page does once its scripts are loaded."""
        self.http.get(self.url + "/_stcore/health")
        self.http.get(self.url + "/_stcore/host-config")
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies().items())
        connection = connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit", self.xsrf or "none"],  # type: ignore[list-item]
            origin=self.origin,  # type: ignore[arg-type]
            additional_headers={**self.headers, **({"Cookie": cookie} if cookie else {})},
            source_address=(self.source, 0),
            max_size=MOST_MESSAGE,
            open_timeout=SECONDS,
            ping_interval=None,
            close_timeout=1,
        )
        self.socket = self._open.enter_context(connection)

    def load(self, path: str = "", query: str = "") -> Screen:
        """Open a page on a fresh socket and wait until its script has run."""
        self._open.close()
        self.http.get(f"{self.url}/{path}")
        self.dial()
        return self.run(path, query)

    def run(
        self,
        path: str = "",
        query: str = "",
        *,
        page_hash: str = "",
        widgets: Sequence[tuple[str, str, Any]] = (),
    ) -> Screen:
        """Send one rerun with (widget id, kind of value, value) and wait until its script has run."""
        self.send(rerun(path, query, page_hash=page_hash, widgets=widgets))
        return self.listen()

    def send(self, data: bytes) -> None:
        assert self.socket is not None
        self.socket.send(data)

    def listen(self) -> Screen:
        """What the server sends until a script has ended and no other follows at once."""
        assert self.socket is not None
        screen = self.screen = Screen()
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            message = ForwardMsg()
            try:
                message.ParseFromString(bytes(self.socket.recv(timeout=SECONDS)))  # type: ignore[arg-type]
            except ConnectionClosed:
                return screen
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session_id = message.new_session.initialize.session_id or self.session_id
            elif kind == "navigation":
                screen.pages = {
                    page.url_pathname: page.page_script_hash for page in message.navigation.app_pages
                }
            elif kind == "page_not_found":
                screen.not_found = True
            elif kind == "auth_redirect":
                screen.redirect = message.auth_redirect.url
            elif kind == "delta":
                self._note(screen, message)
            elif kind == "script_finished" and (
                message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            ):
                return screen
        raise AssertionError(f"no script ended in {SECONDS} s")

    @staticmethod
    def _note(screen: Screen, message: ForwardMsg) -> None:
        if message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        kind = element.WhichOneof("type") or ""
        shown = getattr(element, kind)
        if kind == "exception":
            screen.exceptions.append(f"{shown.type}: {shown.message}")
        label = getattr(shown, "label", "")
        if identity := getattr(shown, "id", ""):
            screen.widgets[(kind, label)] = identity
        words = (getattr(shown, "body", ""), getattr(shown, "code_text", ""), label)
        screen.texts += [text for text in words if isinstance(text, str) and text]

    def widget(self, kind: str, label: str) -> str:
        """The id of a widget by its kind and a part of its label."""
        for (known, words), identity in self.screen.widgets.items():
            if known == kind and label in words:
                return identity
        raise AssertionError(f"no {kind} '{label}' in {list(self.screen.widgets)}")

    def click(self, label: str, path: str = "") -> Screen:
        return self.run(path, widgets=[(self.widget("button", label), "trigger_value", True)])

    def put(
        self,
        data: bytes,
        *,
        name: str = "figures.csv",
        session: str | None = None,
        file_id: str = "11111111-1111-4111-8111-111111111111",
        headers: Mapping[str, str] | None = None,
        path: str = "/_stcore/upload_file",
        method: str = "PUT",
        chunked: bool = False,
    ) -> httpx.Response:
        """Send a file as the uploader does; `chunked` leaves its length unsaid."""
        address = f"{self.url}{path}/{session or self.session_id}/{file_id}"
        told = {"X-Xsrftoken": self.xsrf, "Origin": self.origin, **(headers or {})}
        if not chunked:
            return self.http.request(method, address, files={"file": (name, data, "text/csv")}, headers=told)
        edge = "edge0f0a0form"
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = head + data + f"\r\n--{edge}--\r\n".encode()
        told["Content-Type"] = f"multipart/form-data; boundary={edge}"
        pieces = (body[start : start + 65536] for start in range(0, len(body), 65536))
        return self.http.request(method, address, content=pieces, headers=told)

    def sign_in(self, subject: str) -> Screen:
        """The whole way through the identity provider, as a person goes it; ends on the staff page."""
        self.load("staff")
        asked = self.click("Sign in", "staff").redirect
        assert asked, "the button leads to the identity provider"
        answer = self.http.get(self.url + asked)
        assert answer.status_code == 302, answer.text
        form = self.http.get(answer.headers["location"])
        action = re.search(r'<form[^>]*action="([^"]*)"', form.text)
        place = str(form.url.join(action[1].replace("&amp;", "&"))) if action else str(form.url)
        back = self.http.post(place, data={"sub": subject, "action": "authorize"})
        assert back.status_code in (302, 303), back.text
        self.back = back.headers["location"]
        answer = self.http.get(self.back)
        assert answer.status_code in (302, 303), answer.text
        return self.load(
            answer.headers["location"].strip("/").partition("?")[0],
            urlsplit(answer.headers["location"]).query,
        )


def rerun(
    path: str = "",
    query: str = "",
    *,
    page_hash: str = "",
    widgets: Sequence[tuple[str, str, Any]] = (),
) -> bytes:
    """The frame a browser sends for a click or a page."""
    message = BackMsg()
    run = message.rerun_script
    run.query_string, run.page_name, run.page_script_hash = query, path, page_hash
    run.widget_states.SetInParent()
    for identity, kind, value in widgets:
        state = run.widget_states.widgets.add()
        state.id = identity
        if kind == "json_value":
            value = json.dumps(value)
        setattr(state, kind, value)
    return message.SerializeToString()
