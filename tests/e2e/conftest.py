"""A built dashboard, a browser and a record of what the browser asked for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from pipeline.publish import Build
from pipeline.settings import Settings
from tests.access.fixtures import local, provider, staffed  # noqa: F401  fixtures of the staff area
from tests.e2e import browser as chromium
from tests.e2e.recorder import Recorder
from tests.e2e.server import REPOSITORY, Server, serve

IDLE_MS = 120_000
"""How long anything in these tests may take: drawing a map without a graphics card on a busy machine takes
long; an idle one needs a twentieth of it. Nothing waits longer than it must."""
LOOK_MS = 200
QUIET_LOOKS = 5
"""A page is quiet when it painted this often, this far apart, and asked for nothing meanwhile."""

APP = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
TITLE = '[data-testid="stMain"] h1'

PAINTED = """() => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""
"""True once two frames were painted: a renderer busy with a map answers when it has drawn it."""

Opener = Callable[..., Page]
ContextMaker = Callable[..., BrowserContext]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(settings: Settings, built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard on a free port, reading the session's build."""
    assert built.path.is_file()
    environment = {"MISSION_BUILDS_DIR": str(settings.builds_dir)}
    with serve(REPOSITORY / "dashboard.py", tmp_path_factory.mktemp("server"), environment) as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How pytest-playwright starts the browser: the one found here, with flags that keep it silent."""
    found = chromium.find()
    if found is None:
        pytest.fail("No Chromium on this machine. `make test` installs one; MISSION_CHROMIUM names one.")
    arguments = list(chromium.FLAGS)
    return {"executable_path": str(found), "args": arguments, "headless": True, "timeout": IDLE_MS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "timezone_id": "Europe/Brussels"}


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    """Expectations wait as long as anything else here: five seconds are few on a busy machine."""
    expect.set_options(timeout=IDLE_MS)


@pytest.fixture
def new_context(new_context: ContextMaker) -> ContextMaker:
    """Another visitor's browser, as patient as the first one's; closed at the end of the test."""

    def made(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(IDLE_MS)
        context.set_default_navigation_timeout(IDLE_MS)
        return context

    return made


@pytest.fixture
def recorder(context: BrowserContext) -> Recorder:
    """Ask for it before the page is opened: it sees what happens from then on."""
    made = Recorder()
    made.watch(context)
    return made


@pytest.fixture
def open_page(server: Server, recorder: Recorder, page: Page) -> Opener:
    """Open a page of the dashboard by its path and parameters and wait until it stands still."""

    def opener(path: str = "", **parameters: str | list[str]) -> Page:
        query = urlencode(parameters, doseq=True)
        page.goto(f"{server.url}/{path}{'?' + query if query else ''}")
        wait_idle(page)
        return page

    assert recorder.urls == []
    return opener


def wait_idle(page: Page) -> None:
    """Until the script has run, the title is there and nothing on the page is out of date."""
    page.wait_for_selector(APP, timeout=IDLE_MS)
    page.wait_for_selector(TITLE, timeout=IDLE_MS)
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0, timeout=IDLE_MS)
    expect(page.locator('[data-testid="stMain"] [data-stale="true"]')).to_have_count(0, timeout=IDLE_MS)


def wait_quiet(page: Page, recorder: Recorder) -> None:
    """Until the page has painted several times without asking for anything and nothing is under way.

    The looks are counted, not the time, so a slow machine gets more of it. What the page told its console
    before the last look has arrived by then.
    """
    deadline = time.monotonic() + IDLE_MS / 1000
    calm, before = 0, -1
    while calm < QUIET_LOOKS:
        page.wait_for_timeout(LOOK_MS)
        page.wait_for_function(PAINTED, timeout=IDLE_MS)
        calm = calm + 1 if recorder.events == before and not recorder.under_way else 0
        before = recorder.events
        if time.monotonic() > deadline and calm < QUIET_LOOKS:
            asked = "\n".join(request.url for request in recorder.under_way) or "nothing under way"
            raise TooLate(f"the page still asks for things after {IDLE_MS / 1000:.0f} s:\n{asked}")


def page_paths() -> list[str]:
    """Path of every page, as ``pages/shell.py`` lists them; the first is the start page, without a path."""
    text = (REPOSITORY / "pages" / "shell.py").read_text(encoding="utf-8")
    return ["", *re.findall(r'PageEntry\(\s*"(\w+)"', text)[1:]]
