"""Starts an identity provider and a dashboard that trusts it, both on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from pages.wire import USER_COOKIE
from pipeline import staff_roles
from pipeline.settings import Settings
from pipeline.staff_roles import Entry
from tests.access.client import Visitor
from tests.e2e.server import REPOSITORY, Server, free_port, serve

FILE = b"city,year,value\nKlaipeda,2022,1\n"
SECRET = "0f5c1b7e9a3d48261c7b5e9f0a2d4c6e8b1f3a5d7c9e0b2d"
START_SECONDS = 60
PEOPLE: tuple[Mapping[str, object], ...] = (
    {"sub": "ona", "email": "Ona@klaipeda.test", "email_verified": True, "name": "Ona Šukytė"},
    {"sub": "ada", "email": "ada@office.test", "email_verified": True, "name": "Ada"},
    {"sub": "imposter", "email": "ona@klaipeda.test", "email_verified": False, "name": "Ona Šukytė"},
    {"sub": "rita", "email": "rita@elsewhere.test", "email_verified": True, "name": "Rita"},
)


@dataclass(frozen=True, slots=True)
class Staffed:
    """A dashboard with a staff area. `provider` is the identity provider's address."""

    server: Server
    settings: Settings
    provider: str = ""

    @property
    def url(self) -> str:
        return self.server.url

    def kept(self) -> dict[str, bytes]:
        """Every file of uploads and roles, and which build readers see: what no stranger may change.

        The record of who signed in is no upload and grows with each sign-in.
        """
        settings = self.settings
        files = [settings.builds_dir / "current.json", settings.people_dir / staff_roles.ROLES_FILE]
        files += [path for path in settings.store_dir.rglob("*") if "ledger" not in path.parts]
        return {str(path): path.read_bytes() for path in files if path.is_file()}

    def acts(self) -> set[str]:
        """What the record says was done, apart from signing in and out."""
        lines = [
            json.loads(line)
            for path in sorted((self.settings.store_dir / "ledger").glob("*.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
        return {line["act"] for line in lines} - {"signed_in", "signed_out"}

    def enter(self) -> Visitor:
        """Somebody who opens the newest one-time address."""
        address = self.server.output().split("/staff-entry?token=")[-1].split()[0]
        visitor = Visitor(self.url)
        answer = visitor.http.get(f"{self.url}/staff-entry?token={address}")
        assert answer.status_code == 303, answer.text
        return visitor


def signed(token: Mapping[str, object], secret: str = SECRET) -> str:
    """A sign-in cookie as the server would make it from what a provider said."""
    return create_signed_value(secret, USER_COOKIE, json.dumps(token)).decode()


@contextmanager
def identity_provider(people: Sequence[Mapping[str, object]] = PEOPLE) -> Iterator[str]:
    """An OpenID Connect provider on loopback, until the block ends."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port)]
    for one in people:
        command += ["--user-claims", json.dumps(one)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(url + "/.well-known/openid-configuration", timeout=10).raise_for_status()
                break
            except httpx.HTTPError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def secrets_file(folder: Path, url: str, provider: str, **changes: str | None) -> Path:
    """Secrets that name the provider; a change of None leaves a line out."""
    values = {
        "redirect_uri": f"{url}/oauth2callback",
        "cookie_secret": SECRET,
        "client_id": "dashboard",
        "client_secret": "between-us",
        "server_metadata_url": f"{provider}/.well-known/openid-configuration",
        **changes,
    }
    lines = [f'{key} = "{value}"' for key, value in values.items() if value is not None]
    path = folder / "secrets.toml"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text("[auth]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@contextmanager
def dashboard(
    settings: Settings,
    folder: Path,
    provider: str = "",
    arguments: tuple[str, ...] = (),
    **changes: str | None,
) -> Iterator[Staffed]:
    """A dashboard with stores of its own; without a provider it is one that only this machine can reach."""
    own = replace(settings, uploads_dir=folder / "uploads", staff_dir=folder / "staff")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    secrets = secrets_file(folder, url, provider, **changes) if provider else folder / "none.toml"
    staff_roles.grant(own, "ona@klaipeda.test", Entry("editor", cities=frozenset({"klaipeda"})))
    staff_roles.grant(own, "ada@office.test", Entry("admin"))
    environment = {
        "MISSION_DATA_DIR": str(own.data_dir),
        "MISSION_BUILDS_DIR": str(own.builds_dir),
        "MISSION_UPLOADS_DIR": str(own.uploads_dir),
        "MISSION_STAFF_DIR": str(own.staff_dir),
    }
    named = ("--secrets.files", str(secrets), "--server.fileWatcherType", "none", *arguments)
    with serve(REPOSITORY / "dashboard.py", folder, environment, named, port) as server:
        yield Staffed(server, own, provider)


def staff_pages(visitor: Visitor) -> set[str]:
    return set(visitor.screen.pages) & {"upload", "history", "people"}


def token(staffed: Staffed, subject: str, age_seconds: float = 0.0) -> dict[str, object]:
    """What the provider says about somebody, as Streamlit keeps it in its cookie."""
    return {
        "iss": staffed.provider,
        "sub": subject,
        "iat": time.time() - age_seconds,
        "nonce": f"nonce-{time.monotonic_ns()}",
        "email": f"{subject}@office.test",
        "email_verified": True,
        "origin": staffed.url,
        "is_logged_in": True,
        "provider": "default",
    }
