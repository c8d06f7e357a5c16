"""How people sign in is decided once, at the start; whatever is set up wrongly stays closed."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.runtime.secrets import secrets_singleton

from pages import access
from pages.door import Door, cookie_in, is_loopback, set_cookie
from pipeline.settings import Settings, load_settings
from tests.e2e.server import REPOSITORY

GOOD: dict[str, object] = {
    "redirect_uri": "https://cities.example.org/oauth2callback",
    "cookie_secret": "0f5c1b7e9a3d48261c7b5e9f0a2d4c6e",
    "client_id": "dashboard",
    "client_secret": "between us",
    "server_metadata_url": "https://login.example.org/.well-known/openid-configuration",
}
CONFIG = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(load_settings({}), uploads_dir=tmp_path / "uploads", staff_dir=tmp_path / "staff")


@pytest.fixture
def option() -> Iterator[Callable[[str, Any], None]]:
    """Sets options of Streamlit for one test."""
    before: dict[str, Any] = {}

    def change(name: str, value: Any) -> None:
        before.setdefault(name, config.get_option(name))
        config.set_option(name, value)

    yield change
    for name, value in before.items():
        config.set_option(name, value)


@pytest.fixture
def start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, option: Callable[[str, Any], None]
) -> Iterator[Callable[..., access.Mode]]:
    """Starts with the given [auth] section and address."""

    def begin(auth: Mapping[str, object] | None = None, address: str = "127.0.0.1") -> access.Mode:
        option("server.address", address)
        option("server.enableXsrfProtection", True)
        monkeypatch.setattr(access, "_secrets", lambda: None if auth is None else {"auth": auth})
        return access.start(settings)

    yield begin
    access._now[0] = access.CLOSED


def test_complete_secrets_open_the_staff_area_by_the_provider(start: Callable[..., access.Mode]) -> None:
    assert (start(GOOD).kind, access.mode().provider) == ("provider", None)
    shared = {key: GOOD[key] for key in ("redirect_uri", "cookie_secret")}
    section = {key: GOOD[key] for key in access.NEEDED}
    assert start({**shared, "office": section}).provider == "office"


@pytest.mark.matrix(64)
@pytest.mark.parametrize(
    ("change", "word"),
    [
        *[({key: None}, key) for key in GOOD],
        ({"cookie_secret": "x" * 31}, "cookie_secret"),
        ({"cookie_secret": "abcabc" * 10}, "cookie_secret"),
        ({"cookie_secret": 12345678901234567890123456789012}, "cookie_secret"),
        ({"client_id": ""}, "client_id"),
        ({"redirect_uri": "http://cities.example.org/oauth2callback"}, "https"),
        ({"redirect_uri": "https://cities.example.org/"}, "oauth2callback"),
        ({"server_metadata_url": "http://login.example.org/x"}, "https"),
        ({"one": {"client_id": "a"}, "two": {"client_id": "b"}}, "one is needed"),
    ],
    ids=str,
)
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_incomplete_or_weak_secrets_close_it_with_a_reason_and_no_other_way_in(
    start: Callable[..., access.Mode],
    change: dict[str, object],
    word: str,
    address: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    auth = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    found = start(auth, address)
    assert found.kind == "closed"
    assert found.door is None
    assert word in found.reason
    told = capsys.readouterr().out
    assert "Staff area: closed." in told
    assert "staff-entry" not in told


def test_secret_is_never_printed(
    start: Callable[..., access.Mode], capsys: pytest.CaptureFixture[str]
) -> None:
    start({**GOOD, "cookie_secret": "tooshort-but-mine"})
    start({**GOOD, "client_secret": ""})
    told = capsys.readouterr().out
    assert "tooshort" not in told
    assert str(GOOD["cookie_secret"]) not in told


@pytest.mark.parametrize("address", ["0.0.0.0", "", "::", "192.168.1.7", "cities.example.org"])
def test_without_secrets_a_server_others_can_reach_has_no_staff_area(
    start: Callable[..., access.Mode], address: str
) -> None:
    assert start(None, address).kind == "closed"


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "127.0.0.5"])
def test_without_secrets_a_loopback_server_prints_a_one_time_address(
    start: Callable[..., access.Mode], address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(None, address).kind == "local"
    assert "/staff-entry?token=" in capsys.readouterr().out


def test_headers_that_name_users_close_it(
    start: Callable[..., access.Mode], option: Callable[[str, Any], None]
) -> None:
    option("server.trustedUserHeaders", {"X-User": "email"})
    assert "trustedUserHeaders" in start(GOOD).reason
    assert start(None).kind == "closed"


def test_unreadable_secrets_close_it(
    settings: Settings, tmp_path: Path, option: Callable[[str, Any], None]
) -> None:

    (tmp_path / "secrets.toml").write_text("[auth\n")
    option("secrets.files", [str(tmp_path / "secrets.toml")])
    secrets_singleton._reset()
    try:
        assert access.start(settings).kind == "closed"
        assert "cannot be read" in access.mode().reason
    finally:
        secrets_singleton._reset()
        access._now[0] = access.CLOSED


def test_sample_secrets_have_the_form_and_open_nothing(start: Callable[..., access.Mode]) -> None:
    text = (REPOSITORY / ".streamlit" / "secrets.sample.toml").read_text(encoding="utf-8")
    sample = tomllib.loads(text)["auth"]
    assert set(GOOD) <= set(sample)
    assert start(sample).kind == "closed"
    assert start({**sample, **GOOD}).kind == "provider"


# -- the door of this machine


def test_token_counts_once_and_the_next_one_is_told(settings: Settings) -> None:
    told: list[str] = []
    entrance = Door(settings, told.append)
    assert entrance.enter("") is None, "before the first token nobody comes in"
    entrance.offer()
    assert entrance.enter(told[0] + "x") is None
    cookie = entrance.enter(told[0])
    assert cookie is not None
    assert entrance.enter(told[0]) is None
    assert len(set(told)) == 2
    claim = entrance.claim(cookie)
    assert claim is not None
    assert claim.person_id == "local|admin"
    assert cookie.split(".")[0] not in (settings.people_dir / "local.json").read_text()


@pytest.mark.parametrize("spoil", ["", "x", "a.b.c", "a.1", "a..b", "a.²."])
def test_cookie_that_is_not_ours_is_nobody(settings: Settings, spoil: str) -> None:
    told: list[str] = []
    entrance = Door(settings, told.append)
    entrance.offer()
    cookie = entrance.enter(told[0]) or ""
    session, issued, signature = cookie.split(".")
    assert entrance.claim(spoil) is None
    assert entrance.claim(None) is None
    assert entrance.claim(f"{session}.{int(issued) + 1}.{signature}") is None
    assert entrance.claim(f"{session}x.{issued}.{signature}") is None
    assert Door(settings, told.append).claim(cookie) is None, "the key dies with the process"
    assert cookie_in(f"a=b; {set_cookie(cookie).partition(';')[0]}") == cookie


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:8501", True),
        ("localhost:8501", True),
        ("[::1]:8501", True),
        ("::1", True),
        ("LOCALHOST", True),
        ("127.0.0.1.evil.test", False),
        ("localhost.evil.test", False),
        ("10.0.0.1", False),
        ("", False),
        ("0.0.0.0", False),
    ],
)
def test_loopback_is_recognised(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


# -- what the server holds visitors to


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("enableCORS", True),
        ("enableXsrfProtection", True),
        ("enableStaticServing", False),
        ("enableAgentApi", False),
        ("maxUploadSize", 25),
        ("maxWidgetStateSize", 2),
        ("maxMessageSize", 20),
        ("disconnectedSessionTTL", 30),
        ("maxCacheDataSize", "512mb"),
        ("address", "127.0.0.1"),
        ("allowedHosts", []),
    ],
)
def test_server_settings_are_set_and_known_to_streamlit(name: str, value: object) -> None:
    assert CONFIG["server"][name] == value
    assert f"server.{name}" in config._config_options_template


def test_visitors_see_no_errors_and_no_header_names_a_user() -> None:
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["client"]["toolbarMode"] == "viewer"
    assert "trustedUserHeaders" not in CONFIG["server"]
