"""The headers of every answer, and a content security policy that our own pages keep."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from tests.access.serving import Staffed
from tests.e2e.conftest import ContextMaker, wait_idle, wait_quiet
from tests.e2e.recorder import Recorder


@pytest.mark.parametrize(
    "path",
    [
        "",
        "progress",
        "_stcore/health",
        "_stcore/metrics",
        "static/nothing.js",
        "nothing/at/all",
        "..%2f..%2fetc",
    ],
)
def test_every_answer_has_the_headers(local: Staffed, path: str) -> None:
    answer = httpx.get(f"{local.url}/{path}")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert "http:" not in policy
    assert "https:" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["referrer-policy"] == "same-origin"


VIOLATIONS = """() => {
    window.__refused = [];
    document.addEventListener('securitypolicyviolation',
        event => window.__refused.push(`${event.violatedDirective} ${event.blockedURI}`));
}"""

SCENES: tuple[tuple[str, dict[str, str | list[str]]], ...] = (
    ("map", {"mv": "download"}),
    ("progress", {"city": "vilnius"}),
    ("city", {"city": "vilnius"}),
    ("network", {"city": "vilnius"}),
    ("meeting", {"city": ["vilnius", "kaunas"]}),
)
"""What ``test_requests`` does not open: choices made, files to download, and paper."""


@pytest.mark.parametrize(
    ("path", "parameters"), SCENES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_policy_refuses_nothing_our_pages_need(
    path: str, parameters: dict[str, str | list[str]], local: Staffed, new_context: ContextMaker
) -> None:
    """Maps with their workers, graphs, charts, tables, downloads and printing, in a real browser."""
    context, seen = new_context(accept_downloads=True), Recorder()
    seen.watch(context)
    context.add_init_script(f"({VIOLATIONS})()")
    page = context.new_page()
    page.goto(f"{local.url}/{path}?{urlencode(parameters, doseq=True)}")
    wait_idle(page)
    wait_quiet(page, seen)
    buttons = page.locator('[data-testid="stDownloadButton"] button').all()
    for button in [one for one in buttons if one.is_visible()][:1]:
        with page.expect_download() as download:
            button.click()
        assert Path(download.value.path()).stat().st_size > 0
    page.emulate_media(media="print")
    wait_quiet(page, seen)
    assert page.evaluate("window.__refused") == []
    assert seen.complaints == []
