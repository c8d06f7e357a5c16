"""Stopwatches: processor time of a process, and when a page first shows text."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

WAIT_MS = 60_000
APP = '[data-testid="stApp"][data-test-script-state="notRunning"]'

# Notes when text stands in the main part: milliseconds since the browser was told to go there.
FIRST_TEXT = """
() => {
  const look = () => {
    const parts = document.querySelectorAll(
      '[data-testid="stMain"] [data-testid="stMarkdownContainer"], [data-testid="stMain"] h1, ' +
      '[data-testid="stMain"] [data-testid="stMetricValue"]');
    for (const part of parts) {
      if (part.innerText.trim() && part.getBoundingClientRect().height > 0) {
        requestAnimationFrame(() => { window.firstTextMs ??= performance.now(); });
        return;
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """Repeated measurements of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def words(self, unit: str) -> str:
        low, high = min(self.values), max(self.values)
        return f"median {self.median:.0f} {unit} (n={len(self.values)}, {low:.0f} to {high:.0f})"


def sample(values: Iterable[float]) -> Sample:
    return Sample(tuple(values))


def cpu_seconds(process_id: int) -> float:
    """Processor time the process has used, threads that ended included.

    Linux keeps it in nanoseconds under a clock that is numbered by the process; the hundredths of a second of
    ``/proc`` are too coarse for a page that takes one of them.
    """
    return time.clock_gettime(~process_id << 3 | 2)


QUIET_SECONDS = 0.7
"""After this long without a message from the server a change is through. A popover that is clicked while it
still moves shuts the page behind it; a person is no faster."""


@dataclass
class Wire:
    """Listens to a page's websocket: how many messages came, and when the last one did."""

    messages: int = 0
    bytes: int = 0
    last: float = 0.0

    def listen(self, page: Page) -> None:
        """Ask for it before the page is opened."""
        page.on("websocket", lambda socket: socket.on("framereceived", self._received))

    def _received(self, frame: str | bytes) -> None:
        self.messages += 1
        self.bytes += len(frame)
        self.last = time.monotonic()

    def wait(self, page: Page, before: int) -> None:
        """Until something came after `before` messages and then nothing for a while."""
        deadline = time.monotonic() + WAIT_MS / 1000
        while self.messages == before or time.monotonic() - self.last < QUIET_SECONDS:
            if time.monotonic() > deadline:
                raise TimeoutError("the server did not answer a filter change")
            page.wait_for_timeout(50)


def settle(page: Page) -> None:
    """Until the script has run."""
    page.wait_for_selector(APP, timeout=WAIT_MS)
    page.wait_for_timeout(150)


def first_text_ms(browser: Browser, url: str) -> float:
    """Time to the first words of a page for a visitor who comes for the first time."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        page.add_init_script(f"({FIRST_TEXT})()")
        page.goto(url, wait_until="commit")
        deadline = time.monotonic() + WAIT_MS / 1000
        while time.monotonic() < deadline:  # our pages let no script wait inside them
            noted = page.evaluate("window.firstTextMs ?? null")
            if noted is not None:
                return float(noted)
            page.wait_for_timeout(50)
        raise TimeoutError("no text came")
    finally:
        context.close()


def cpu_of_changes(
    process_id: int, page: Page, wire: Wire, change: Callable[[Page], None], times: int
) -> float:
    """Server processor time per change in milliseconds, over a block of changes."""
    page.bring_to_front()  # a page behind another one does not end its animations
    page.wait_for_timeout(500)
    before = cpu_seconds(process_id)
    for _ in range(times):
        messages = wire.messages
        change(page)
        wire.wait(page, messages)
    used = cpu_seconds(process_id) - before
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    return used / times * 1000
