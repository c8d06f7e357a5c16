"""Finds a Chromium for the browser tests, and installs one when there is none.

Run as a script by ``make test``; the tests themselves only call :func:`find`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge")
PLACES = (
    "/usr/lib/chromium/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
INSTALL_MINUTES = 8

# Quiet: the browser itself must ask no other host. Last six: maps are drawn by the processor as a graphics
# card would draw them, and everything else without that detour, which took half of the processor's time.
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-features=OptimizationHints,MediaRouter,Translate,CertificateTransparencyComponentUpdater",
    "--no-first-run",
    "--disable-quic",
    "--use-angle=swiftshader",
    "--use-gl=angle",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
)


def find() -> Path | None:
    """The browser to use: MISSION_CHROMIUM, then one of the system's, then Playwright's own."""
    named = os.environ.get("MISSION_CHROMIUM")
    candidates = [named] if named else [*(shutil.which(name) for name in NAMES), *PLACES]
    for candidate in candidates:
        if candidate and _starts(Path(candidate)):
            return Path(candidate)
    own = None if named else _of_playwright()
    return Path(own) if own and _starts(Path(own)) else None


def _starts(path: Path) -> bool:
    """Ubuntu's /usr/bin/chromium-browser exists without a browser behind it, so ask it for its version."""
    if not path.is_file():
        return False
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and b"." in answer.stdout


ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as play:
    print(play.chromium.executable_path)
"""


def _of_playwright() -> str | None:
    """Where Playwright keeps its own browser. Asked in another process: one process can run it only once."""
    answer = subprocess.run(
        [sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True, timeout=120, check=False
    )
    return answer.stdout.strip() or None


def _run(*command: str) -> bool:
    """Run an installer; its output is shown, so that a long wait is seen to be one."""
    print("+", " ".join(command), flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=quiet, stdin=subprocess.DEVNULL, timeout=INSTALL_MINUTES * 60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {error}", flush=True)
        return False
    return done.returncode == 0


def install() -> None:
    """The system's package as root where apt-get exists, else Playwright's own download."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        _run("apt-get", "update", "-qq")
        packages = ("chromium", "fonts-dejavu-core")
        if _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages) and find():
            return
    _run(sys.executable, "-m", "playwright", "install", "chromium")


def main() -> int:
    found = find()
    if found is None:
        print("No Chromium on this machine; installing one.", flush=True)
        install()
        found = find()
    if found is None:
        print(
            "No Chromium could be had: not by apt-get (needs root), not by Playwright (needs the internet).\n"
            "Install Chromium or Chrome and try again, or name it: MISSION_CHROMIUM=/path/to/it make test",
            file=sys.stderr,
        )
        return 1
    print(f"using {found}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
