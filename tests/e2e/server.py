"""Starts the dashboard as a visitor's machine would: a build of its own and a Streamlit process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
AUDIT = Path(__file__).resolve().parent / "audit"
START_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Server:
    """A running dashboard: its address, its process, what it printed and where it tried to connect."""

    url: str
    process_id: int
    log: Path
    audit: Path

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def hosts_contacted(self) -> set[str]:
        """Hosts that are not this machine; a unix socket is a path and counts as this machine."""
        if not self.audit.exists():
            return set()
        lines = self.audit.read_text(encoding="utf-8").splitlines()
        hosts = {line.partition("\t")[2] for line in lines}
        return {host for host in hosts if not is_local(host) and not host.startswith(("/", "b'/"))}


def is_local(host: str) -> bool:
    return host in ("localhost", "::1", "", "None", "0.0.0.0", "::") or host.startswith("127.")


def free_port() -> int:
    """A port nobody uses; MISSION_TEST_PORT names the first where ports are handed out."""
    named = os.environ.get("MISSION_TEST_PORT")
    if named:
        process = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        return int(named) + int(process)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(
    script: Path,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    arguments: tuple[str, ...] = (),
    port: int | None = None,
) -> Iterator[Server]:
    """Run a Streamlit script until the block ends; its output goes to a file in the folder.

    `port` is for servers that must know their own address before they start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    log, audit = folder / "server.log", folder / "connections.txt"
    variables = {
        **os.environ,
        **(environment or {}),
        "MISSION_AUDIT_FILE": str(audit),
        "PYTHONPATH": os.pathsep.join([str(AUDIT), str(REPOSITORY)]),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=REPOSITORY,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        server = Server(f"http://127.0.0.1:{port}", process.pid, log, audit)
        try:
            _wait_until_healthy(server, process)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=10)


def _wait_until_healthy(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(
                f"the server ended with code {process.returncode}:\n{server.output()[-4000:]}"
            )
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=10) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer in {START_SECONDS} s:\n{server.output()[-4000:]}")
