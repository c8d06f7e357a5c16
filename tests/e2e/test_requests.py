"""The dashboard talks to nobody: neither the visitor's browser nor the server asks another machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, TimeoutError

from tests.e2e.conftest import TITLE, ContextMaker, Opener, page_paths, wait_idle, wait_quiet
from tests.e2e.recorder import Recorder
from tests.e2e.server import AUDIT, Server

CUT_OFF = """() => {
    const scrollsByItself = part => {
        for (let box = part.parentElement; box && box.dataset.testid !== 'stMain'; box = box.parentElement)
            if (box.scrollWidth > box.clientWidth && /auto|scroll/.test(getComputedStyle(box).overflowX))
                return true;
        return false;
    };
    return [...document.querySelectorAll('[data-testid="stMain"] p, [data-testid="stMain"] h1')]
        .filter(part => part.getBoundingClientRect().right > window.innerWidth + 1
                     && part.getBoundingClientRect().width > 0 && !scrollsByItself(part))
        .map(part => part.innerText.slice(0, 60));
}"""
"""Texts beyond the right edge that no finger can bring into sight: a table may scroll inside its own box."""


@pytest.mark.parametrize("path", page_paths())
def test_page_on_a_phone_fits_asks_no_other_host_and_complains_of_nothing(
    path: str, page: Page, open_page: Opener, recorder: Recorder
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(path)
    page.mouse.move(195, 500)
    page.mouse.wheel(0, 4000)
    wait_quiet(page, recorder)
    assert len(recorder.urls) > 5, "the recorder saw the page load"
    assert recorder.websockets, "Streamlit's websocket is recorded"
    assert recorder.outside() == []
    assert recorder.failed == []
    assert recorder.bad_answers == []
    assert recorder.complaints == []
    assert page.locator('[data-testid="stException"]').count() == 0
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 1
    assert page.evaluate(CUT_OFF) == []


def test_other_languages_ask_no_other_host(open_page: Opener, recorder: Recorder) -> None:
    titles = {"Are the mission cities on pace for 2030?"}
    for language in ("lt", "tr"):
        titles.add(open_page("", lang=language).locator(TITLE).first.inner_text())
    assert len(titles) == 3
    assert recorder.outside() == []
    assert recorder.complaints == []


def test_server_contacts_no_other_host_and_prints_no_error(server: Server, open_page: Opener) -> None:
    open_page("")
    assert server.audit.exists(), "the server's connections are written down"
    assert server.hosts_contacted() == set()
    assert "Traceback" not in server.output()
    assert "Error" not in server.output()


def test_written_down_connections_include_those_to_other_hosts(tmp_path: Path) -> None:
    """The check itself works: a process that looks up another host is caught."""
    file = tmp_path / "connections.txt"
    environment = {**os.environ, "PYTHONPATH": str(AUDIT), "MISSION_AUDIT_FILE": str(file)}
    program = "import socket\ntry: socket.create_connection(('outside.invalid', 80), 1)\nexcept OSError: pass"
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=120)
    assert Server("", 0, file, file).hosts_contacted() == {"outside.invalid"}


def test_recorder_sees_a_request_to_another_host(server: Server, new_context: ContextMaker) -> None:
    """The check itself works: in a browser that is told to allow it, a request is seen, though it fails."""
    context, seen = new_context(bypass_csp=True), Recorder()
    seen.watch(context)
    page = context.new_page()
    page.goto(f"{server.url}/data")
    wait_idle(page)
    page.evaluate("fetch('http://outside.invalid/x').catch(() => 0)")
    wait_quiet(page, seen)
    assert seen.outside() == ["http://outside.invalid/x"]


def test_browser_refuses_to_ask_another_host(open_page: Opener, recorder: Recorder) -> None:
    """The content security policy holds, and the recorder tells of whatever breaks it."""
    page = open_page("data")
    refused = page.evaluate("fetch('http://outside.invalid/x').then(() => '', error => String(error))")
    wait_quiet(page, recorder)
    assert "TypeError" in refused
    assert recorder.outside() == []
    assert any("Content Security Policy" in complaint for complaint in recorder.complaints)


def test_page_that_goes_on_asking_is_not_quiet(
    open_page: Opener, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check itself works: requests that begin after the page stood still are waited for, or told of."""
    page = open_page("data")
    page.evaluate("setTimeout(() => fetch('/_stcore/health?late').catch(() => 0), 400)")
    wait_quiet(page, recorder)
    assert any(url.endswith("/_stcore/health?late") for url in recorder.urls)
    page.evaluate("setInterval(() => fetch('/_stcore/health').catch(() => 0), 100)")
    monkeypatch.setattr("tests.e2e.conftest.IDLE_MS", 3_000)
    with pytest.raises(TimeoutError, match="still asks"):
        wait_quiet(page, recorder)
