"""Roles from the command line, and the record of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import staff_roles
from pipeline.__main__ import main
from pipeline.settings import load_settings
from pipeline.uploads import ledger


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISSION_UPLOADS_DIR", str(tmp_path / "uploads"))
    monkeypatch.setenv("MISSION_STAFF_DIR", str(tmp_path / "staff"))


def acts() -> list[str]:
    return [entry.act for entry in ledger.entries(load_settings())]


def test_roles_are_given_listed_and_taken_away(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["staff", "grant", "Ona@klaipeda.test", "editor", "--city", "klaipeda"]) == 0
    assert main(["staff", "grant", "https://x|7", "admin"]) == 0
    assert main(["staff", "list"]) == 0
    told = capsys.readouterr().out
    assert "ona@klaipeda.test" in told
    assert "cities: klaipeda" in told
    assert "1 people, 1 invitations" in told
    assert main(["staff", "revoke-sessions", "https://x|7"]) == 0
    assert main(["staff", "remove", "https://x|7"]) == 0
    assert main(["staff", "remove", "https://x|7"]) == 1
    assert not staff_roles.table(load_settings()).people
    assert acts() == ["role_granted", "role_granted", "session_revoked", "role_removed"]
    assert ledger.verify(load_settings()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grant", "ona@x.test", "editor", "--city", "klaipedos"], "did you mean 'klaipeda'"),
        (["grant", "ona@x.test", "editor", "--indicator", "happiness"], "no indicator 'happiness'"),
        (["grant", "ona", "editor"], "neither an e-mail address"),
        (["revoke-sessions", "ona@x.test"], "has not signed in"),
    ],
)
def test_mistakes_are_named_and_change_nothing(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["staff", *arguments]) == 1
    assert words in capsys.readouterr().err
    assert acts() == []
    assert not staff_roles.table(load_settings()).invitations


def test_command_line_leaves_no_open_sign_in_behind() -> None:
    assert main(["staff", "grant", "ona@x.test", "viewer"]) == 0
    text = (load_settings().people_dir / staff_roles.LOCAL_FILE).read_text()
    assert text.strip() == "{}"
