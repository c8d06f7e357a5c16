"""A file is kept whole, under its own hash, readable by the server only; its name is a label."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline import staff_roles
from pipeline.settings import Settings, load_settings
from pipeline.staff import LOCAL_ISSUER, AccessRefused, Claim, Person
from pipeline.staff_roles import Entry
from pipeline.uploads.limits import MAX_BYTES
from pipeline.uploads.receive import NAME_SIGNS, raw_path, receive, safe_name
from pipeline.uploads.store import LEFTOVER, StoreError

ISSUER = "https://login.example.org"


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    return replace(load_settings({}), uploads_dir=tmp_path / "store", staff_dir=tmp_path / "staff")


def somebody(settings: Settings, role: str) -> Person:
    """A signed-in person; a viewer has no entry in the table of roles."""
    claim = Claim(ISSUER, role, f"{role}@example.org", True, role, time.time(), f"session-{role}")
    if role != "viewer":
        staff_roles.grant(settings, claim.person_id, Entry(role=role, cities=frozenset({"vilnius"})))
    return Person(claim.person_id, role, claim.email, role, frozenset({"vilnius"}), None, claim)


def test_bytes_are_kept_as_they_came(place: Settings) -> None:
    data = bytes(range(256)) * 10
    received = receive(place, somebody(place, "editor"), "figures.csv", data)
    path = raw_path(place, received.sha256)
    assert path == place.store_dir / "quarantine" / hashlib.sha256(data).hexdigest() / "raw"
    assert path.read_bytes() == data
    assert (received.byte_count, received.name, received.is_known) == (2560, "figures.csv", False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["raw"]


def test_same_bytes_again_are_known_and_damage_is_made_good(place: Settings) -> None:
    person = somebody(place, "editor")
    first = receive(place, person, "a.csv", b"city;year\n")
    again = receive(place, person, "b.csv", b"city;year\n")
    assert (first.is_known, again.is_known) == (False, True)
    assert again.sha256 == first.sha256
    raw_path(place, first.sha256).write_bytes(b"damaged")
    assert not receive(place, person, "a.csv", b"city;year\n").is_known
    assert raw_path(place, first.sha256).read_bytes() == b"city;year\n"


@pytest.mark.matrix(3)
def test_file_over_the_limit_is_refused_with_the_limit(place: Settings) -> None:
    person = somebody(place, "editor")
    with pytest.raises(StoreError) as caught:
        receive(place, person, "big.csv", b"x" * (MAX_BYTES + 1))
    assert caught.value.code == "file_too_big"
    assert caught.value.params["limit"] == "10.0"
    assert not (place.store_dir / "quarantine").exists()
    assert receive(place, person, "big.csv", b"x" * MAX_BYTES).byte_count == MAX_BYTES


@pytest.mark.matrix(54)
def test_who_may_not_upload_leaves_nothing(place: Settings) -> None:
    for person in (None, somebody(place, "viewer"), replace(somebody(place, "viewer"), role="admin")):
        with pytest.raises(AccessRefused):
            receive(place, person, "a.csv", b"city\n")
    forged = Claim(LOCAL_ISSUER, "local", "", False, "local", time.time(), "never opened")
    with pytest.raises(AccessRefused):
        receive(place, Person("local", "", "", "admin", None, None, forged), "a.csv", b"city\n")
    assert not (place.store_dir / "quarantine").exists()


@pytest.mark.matrix(58)
def test_full_disk_leaves_nothing_half_written(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    person = somebody(place, "editor")
    write = os.write

    def full(handle: int, data: memoryview) -> int:
        if len(data) < 100:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(handle, data[: len(data) // 2])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError) as caught:
        receive(place, person, "a.csv", b"x" * 5000)
    monkeypatch.undo()
    assert caught.value.code == "disk_full"
    assert [path for path in (place.store_dir / "quarantine").rglob("*") if path.is_file()] == []
    assert not receive(place, person, "a.csv", b"x" * 5000).is_known


def test_double_click_keeps_one_whole_file(place: Settings) -> None:
    person = somebody(place, "editor")
    data = b"0123456789" * 50_000
    failed: list[Exception] = []

    def upload() -> None:
        try:
            receive(place, person, "a.csv", data)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=upload) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    path = raw_path(place, hashlib.sha256(data).hexdigest())
    assert path.read_bytes() == data
    assert not [each for each in path.parent.iterdir() if each.name.startswith(LEFTOVER)]


@pytest.mark.parametrize("sha256", ["", "..", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_only_a_hash_becomes_a_path(place: Settings, sha256: str) -> None:
    with pytest.raises(StoreError):
        raw_path(place, sha256)


@pytest.mark.matrix(5)
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x.csv", "x.csv"),
        ("..\\..\\x.csv", "x.csv"),
        ("/etc/cron.d/x.csv", "x.csv"),
        ("CON.csv", "CON.csv"),
        ("x.csv\0.exe", "x.csv .exe"),
        ("emissions\u202evsc.exe", "emissions vsc.exe"),
        ("išmetimai 2024.xlsx", "išmetimai 2024.xlsx"),
        ("a\r\nSet-Cookie: x.csv", "a Set-Cookie: x.csv"),
        ("..", "file"),
        ("", "file"),
        ("   .csv", "csv"),
    ],
)
def test_name_is_a_label(place: Settings, name: str, shown: str) -> None:
    assert safe_name(name) == shown
    received = receive(place, somebody(place, "editor"), name, b"city;year\n")
    assert received.name == shown
    kept = [path.relative_to(place.store_dir) for path in place.store_dir.rglob("*") if path.is_file()]
    assert kept == [Path("quarantine") / received.sha256 / "raw"]


@pytest.mark.matrix(5)
def test_long_name_is_cut_and_keeps_its_ending() -> None:
    shown = safe_name("a" * 300 + ".csv")
    assert len(shown) == NAME_SIGNS
    assert shown.endswith("….csv")


@pytest.mark.matrix(5)
@hypothesis_settings(deadline=None)
@given(st.text(max_size=400))
def test_any_name_becomes_one_short_visible_line(name: str) -> None:
    shown = safe_name(name)
    assert 0 < len(shown) <= NAME_SIGNS
    assert shown.isprintable()
    assert not set("/\\") & set(shown)
    assert not shown.startswith(".")
    assert safe_name(shown) == shown
