"""Writes down what a browser asks for and complains about, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebSocket

from tests.e2e.server import is_local

INSIDE = ("data", "blob", "about", "chrome", "chrome-extension", "devtools")
"""Schemes that never leave the browser."""

LOOKING_FOR_ITSELF = re.compile(r"^404 https?://[^/]+/\w+/_stcore/(health|host-config)$")
"""Opened at /progress, Streamlit asks whether it is served from there before it asks at the root."""

NO_FAULT = (
    "GL Driver Message",  # the software renderer remarks on reading pixels
    "GPU stall",
    "Automatic fallback to software WebGL",
)


@dataclass
class Recorder:
    """Every request and websocket of a browser context, also those that failed, and every complaint."""

    urls: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    bad_answers: list[str] = field(default_factory=list)
    websockets: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    under_way: set[Request] = field(default_factory=set)
    events: int = 0
    """Requests begun or ended so far."""

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("requestfinished", self._ended)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)
        context.on("page", self._page)
        for page in context.pages:
            self._page(page)

    def _page(self, page: Page) -> None:
        page.on("websocket", self._websocket)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))

    def _request(self, request: Request) -> None:
        self.urls.append(request.url)
        if urlsplit(request.url).scheme not in INSIDE:  # of a worker's own script no end is reported
            self.under_way.add(request)
        self.events += 1

    def _ended(self, request: Request) -> None:
        self.under_way.discard(request)
        self.events += 1

    def _failed(self, request: Request) -> None:
        self._ended(request)
        if request.failure != "net::ERR_ABORTED":  # the page itself took the request back
            self.failed.append(f"{request.url}: {request.failure}")

    def _response(self, response: object) -> None:
        status, url = getattr(response, "status", 0), getattr(response, "url", "")
        told = f"{status} {url}"
        if status >= 400 and not LOOKING_FOR_ITSELF.match(told):
            self.bad_answers.append(told)

    def _websocket(self, websocket: WebSocket) -> None:
        self.websockets.append(websocket.url)

    def _console(self, message: ConsoleMessage) -> None:
        told = f"{message.text} {message.location.get('url', '')}"
        known = any(words in told for words in NO_FAULT) or LOOKING_FOR_ITSELF.match(_as_answer(told))
        if message.type == "error" and not known:
            self.complaints.append(f"console: {told}")

    def outside(self) -> list[str]:
        """Addresses on another machine, whatever became of the request."""
        return [url for url in [*self.urls, *self.websockets] if not _stays(url)]


def _as_answer(told: str) -> str:
    """The console's words for a failed load in the form of an answer: status and address."""
    found = re.match(r"Failed to load resource: the server responded with a status of (\d+) .*?(\S+)$", told)
    return f"{found[1]} {found[2]}" if found else told


def _stays(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in INSIDE or is_local(parts.hostname or "")
