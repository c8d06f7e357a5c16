"""The page where administrators decide who may change figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline import staff_roles
from pipeline.publish import Build
from pipeline.settings import Settings
from pipeline.uploads import ledger
from tests.pages import harness
from tests.pages.signed_in import ISSUER, role, sign_in


@pytest.fixture
def own(settings: Settings, built: Build, tmp_path: Path) -> Iterator[Settings]:
    """The session's build with roles and uploads of this test's own."""
    assert built.path.is_file()
    mine = replace(settings, uploads_dir=tmp_path / "uploads", staff_dir=tmp_path / "staff")
    with harness.reading(mine):
        yield mine


@pytest.fixture
def page(own: Settings, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page as the administrator Ada sees it; Ona is editor and has signed in."""
    role(own, "ona", "editor", ["klaipeda"])
    sign_in(monkeypatch, role(own, "ada", "admin"))
    at = harness.run("people")
    assert not at.exception
    return at


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    at.run()
    assert not at.exception
    return at


def test_everybody_with_a_role_is_listed(page: AppTest) -> None:
    shown = page.dataframe[0].value
    assert sorted(shown["Person"]) == ["Ada", "Ona"]
    assert set(shown["Role"]) == {"administrator", "editor"}
    assert f"{ISSUER}|ona" in set(shown["Sign-in number"])


def test_invitation_needs_a_city_or_all_of_them(page: AppTest, own: Settings) -> None:
    page.text_input(key="pp_who").set_value("Rita@office.test")
    press(page, "Give the role")
    assert "at least one city" in page.error[0].value
    page.multiselect(key="pp_cities").set_value(["vilnius"])
    press(page, "Give the role")
    assert "editor" in page.success[0].value
    entry = staff_roles.table(own).invitations["rita@office.test"]
    assert entry.cities == frozenset({"vilnius"})
    assert entry.given_by == f"{ISSUER}|ada"
    assert [line.act for line in ledger.entries(own)] == ["role_granted"]


@pytest.mark.parametrize(
    ("who", "words"), [("", "neither"), ("nobody", "neither"), (f"{ISSUER}|ada", "their own role")]
)
def test_mistakes_are_told_and_change_nothing(page: AppTest, own: Settings, who: str, words: str) -> None:
    before = staff_roles.table(own)
    page.checkbox(key="pp_all").check()
    page.text_input(key="pp_who").set_value(who)
    press(page, "Give the role")
    assert words in page.error[0].value
    assert staff_roles.table(own) == before


def test_role_is_taken_away(page: AppTest, own: Settings) -> None:
    page.selectbox(key="pp_chosen").set_value(f"{ISSUER}|ona").run()
    press(page, "Take the role away")
    assert f"{ISSUER}|ona" not in staff_roles.table(own).people
    assert len(page.dataframe[0].value) == 1


def test_sessions_are_ended_and_the_role_stays(page: AppTest, own: Settings) -> None:
    page.selectbox(key="pp_chosen").set_value(f"{ISSUER}|ona").run()
    press(page, "Sign out everywhere")
    assert f"{ISSUER}|ona" in staff_roles.table(own).people
    assert staff_roles.is_revoked(own, f"{ISSUER}|ona", "session-ona", 0.0)


def test_administrator_who_lost_the_role_presses_in_vain(page: AppTest, own: Settings) -> None:
    page.checkbox(key="pp_all").check()
    page.text_input(key="pp_who").set_value("friend@office.test")
    staff_roles.remove(own, f"{ISSUER}|ada")
    next(button for button in page.button if button.label == "Give the role").click()
    page.run()
    assert not page.exception
    assert "no role" in harness.words(page)
    assert not staff_roles.table(own).invitations


@pytest.mark.parametrize("name", ["editor", "reviewer"])
def test_page_does_not_exist_for_others(own: Settings, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    sign_in(monkeypatch, role(own, "ona", name))
    at = harness.run("people")
    assert not at.exception
    assert not [button for button in at.button if button.label == "Give the role"]
