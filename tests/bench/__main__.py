"""``make bench``: prints what the speed promises ask for, each figure beside its base of the same run."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.measure import Sample, Wire, cpu_of_changes, first_text_ms, sample, settle
from tests.e2e import browser as chromium
from tests.e2e.server import REPOSITORY, Server, serve

HERE = Path(__file__).parent
ROUNDS = 6
CHANGES_PER_ROUND = 5
LOADS = 10
PAGES = ("", "map", "progress", "city")

AS_RUN = {"STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none"}
"""As ``make run`` serves: a file saved meanwhile must not make the server read all its modules again."""

MOST_CPU_RATIO = 4.0
MOST_TEXT_RATIO = 1.2
MOST_BUILD_SECONDS = 60.0
MOST_REBUILD_SECONDS = 2.0


def main() -> int:
    """Everything, in about five minutes; 1 when a limit is passed."""
    passed: list[bool] = []
    with tempfile.TemporaryDirectory(prefix="mission-bench-") as name:
        folder = Path(name)
        environment = {"MISSION_BUILDS_DIR": str(folder / "builds")}
        passed += _builds(environment)
        with (
            serve(REPOSITORY / "dashboard.py", folder / "ours", environment | AS_RUN) as ours,
            serve(HERE / "floor_one_widget.py", folder / "widget", AS_RUN) as widget,
            serve(HERE / "floor_two_selectboxes.py", folder / "boxes", AS_RUN) as boxes,
            sync_playwright() as play,
        ):
            found = chromium.find()
            browser = play.chromium.launch(executable_path=str(found), args=list(chromium.FLAGS))
            passed += _first_text(browser, ours, widget)
            passed += _changes(browser, ours, boxes)
            _payload(browser, ours)
            browser.close()
    print(f"\n{'all limits kept' if all(passed) else 'NOT ALL LIMITS KEPT'}")
    return 0 if all(passed) else 1


def _builds(environment: dict[str, str]) -> list[bool]:
    print("Build (python -m pipeline build, wall time of the whole command)")
    results = []
    for words, most in (
        ("from nothing", MOST_BUILD_SECONDS),
        ("again, nothing changed", MOST_REBUILD_SECONDS),
    ):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "pipeline", "build"],
            cwd=REPOSITORY,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            check=True,
        )
        seconds = time.perf_counter() - started
        results.append(_verdict(f"{words}: {seconds:.1f} s", seconds, most, "s"))
    return results


def _first_text(browser: Browser, ours: Server, widget: Server) -> list[bool]:
    print(f"\nFirst text, empty browser cache, {LOADS} loads of each in turn (base: a page with one widget)")
    addresses = {"widget": widget.url, **{path or "overview": f"{ours.url}/{path}" for path in PAGES}}
    for address in addresses.values():
        first_text_ms(browser, address)  # a server's own first visit imports and draws everything
    times: dict[str, list[float]] = {page: [] for page in addresses}
    for _ in range(LOADS):
        for page, address in addresses.items():
            times[page].append(first_text_ms(browser, address))
    base = sample(times.pop("widget"))
    print(f"  base: {base.words('ms')}")
    return [_ratio(page, sample(values), base, MOST_TEXT_RATIO, "ms") for page, values in times.items()]


def _changes(browser: Browser, ours: Server, boxes: Server) -> list[bool]:
    changes = ROUNDS * CHANGES_PER_ROUND
    print(f"\nServer processor time of a filter change, {changes} of each in blocks of {CHANGES_PER_ROUND}")
    print("  (base: a page with two selectboxes)")
    floor = _opened(browser, boxes.url)
    pages = {path: _opened(browser, f"{ours.url}/{path}") for path in PAGES}
    cpu: dict[str, list[float]] = {path: [] for path in ("floor", *pages)}
    for _ in range(ROUNDS):
        cpu["floor"].append(cpu_of_changes(boxes.process_id, *floor, _other_option, CHANGES_PER_ROUND))
        for path, page in pages.items():
            cpu[path].append(cpu_of_changes(ours.process_id, *page, _other_filter, CHANGES_PER_ROUND))
    base = sample(cpu.pop("floor"))
    print(f"  base: {base.words('ms')}")
    return [
        _ratio(path or "overview", sample(values), base, MOST_CPU_RATIO, "ms") for path, values in cpu.items()
    ]


def _opened(browser: Browser, url: str) -> tuple[Page, Wire]:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    wire = Wire()
    wire.listen(page)
    page.goto(url)
    settle(page)
    wire.wait(page, 0)
    return page, wire


def _other_option(page: Page) -> None:
    """Choose another entry of the first selectbox."""
    options = page.locator('[role="option"]:visible')
    if options.count() == 0:
        page.locator('[data-testid="stSelectbox"] input').first.click()
        options.first.wait_for()
    page.locator('[role="option"][aria-selected="false"]:visible').first.click()


def _other_filter(page: Page) -> None:
    """Change the first choice in the page's filter bar: a group of cities, else the yardstick."""
    body = page.locator('[data-testid="stPopoverBody"]:visible')
    if body.count() == 0:
        page.locator('[data-testid="stPopover"] button').first.click()
        body.wait_for()
    pills = body.locator('[data-testid="stButtonGroup"] button')
    others = body.locator('[data-testid="stRadioOption"]:not(:has(input:checked))')
    (pills if pills.count() else others).first.click()


def _payload(browser: Browser, ours: Server) -> None:
    print("\nWhat the map page sends (one visit, nothing cached)")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wire = Wire()
    wire.listen(page)
    outlines: list[str] = []
    page.on("request", lambda request: outlines.append(request.url) if "basemap" in request.url else None)
    page.goto(f"{ours.url}/map")
    settle(page)
    page.wait_for_timeout(3000)
    wire.wait(page, 0)
    print(f"  over the websocket: {wire.bytes / 1000:.0f} kB in {wire.messages} messages")
    for url in dict.fromkeys(outlines):
        body = context.request.get(url).body()
        packed = len(gzip.compress(body, 6))
        print(f"  {url.rpartition('/')[2]}: {len(body) / 1000:.0f} kB, {packed / 1000:.0f} kB packed")
    context.close()


def _ratio(name: str, ours: Sample, base: Sample, most: float, unit: str) -> bool:
    ratio = ours.median / base.median
    return _verdict(f"{name}: {ours.words(unit)} = {ratio:.2f} x base", ratio, most, "x")


def _verdict(words: str, value: float, most: float, unit: str) -> bool:
    kept = value <= most
    print(f"  {words}; limit {most:g} {unit}: {'kept' if kept else 'NOT KEPT'}", flush=True)
    return kept


if __name__ == "__main__":
    sys.exit(main())
