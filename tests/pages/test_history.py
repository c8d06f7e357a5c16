"""The History page: everything that happened in one list, and the ways back by role."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from pages.language import language
from pages.sections import history_lines
from pipeline import publish
from pipeline.publish import Build
from pipeline.settings import PACKAGE, Settings
from pipeline.uploads import drafts, ledger
from pipeline.uploads.model import MUNICIPAL, Checked, Choices, Record, Tally
from tests.pages import harness
from tests.pages.signed_in import bring, person, role, sign_in

TITLE = "What was published, by whom and why?"


@pytest.fixture(scope="module")
def house(settings: Settings, built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Builds, uploads and roles of this module's own: the session's build, and a second version of it."""
    builds = tmp_path_factory.mktemp("builds")
    for path in settings.builds_dir.glob("build-*"):
        if path.suffix == ".duckdb":
            os.link(path, builds / path.name)
        else:
            shutil.copy2(path, builds / path.name)
    shutil.copy2(settings.builds_dir / "current.json", builds / "current.json")
    own = replace(
        settings,
        builds_dir=builds,
        uploads_dir=tmp_path_factory.mktemp("up"),
        staff_dir=tmp_path_factory.mktemp("roles"),
    )
    later_id = f"{built.build_id[:-12]}aaaaaaaaaaaa"
    os.link(built.path, builds / f"build-{later_id}.duckdb")
    card = json.loads((builds / f"build-{built.build_id}.json").read_bytes())
    card |= {"build_id": later_id, "state": publish.WITHDRAWN}
    (builds / f"build-{later_id}.json").write_text(json.dumps(card), encoding="utf-8")
    with harness.reading(own):
        yield own


def plain(at: AppTest) -> str:
    return harness.words(at).replace("\\", "").replace("\u00a0", " ").replace("\u2060", "")


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


@pytest.fixture(scope="module")
def published(house: Settings) -> drafts.Draft:
    """An upload of Klaipėda that the ledger says is published."""
    who = role(house, "ona", "editor", ["klaipeda"])
    records = (Record("emissions", {"year": "2022"}, "klaipeda", 2),)
    found = Checked(MUNICIPAL, records, (), {}, Tally(1, 1), Choices())
    draft = drafts.save_checked(house, person(house, who), bring(house, who, name="klaipeda-2022.csv"), found)
    current = publish.current_build(house)
    assert current is not None
    ledger.append(
        house,
        "published",
        person=f"{who.person_id}",
        upload_id=draft.upload_id,
        build=current.build_id,
        reason="New inventory <b>2022</b>",
        confirmed=("rows_lost",),
        uploads=(draft.upload_id,),
    )
    return draft


@pytest.mark.usefixtures("house")
def test_visitor_finds_no_history(monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(monkeypatch, None)
    at = harness.run("history")
    assert not at.exception
    assert TITLE not in [title.value for title in at.title]


@pytest.mark.usefixtures("published")
def test_upload_stands_with_who_when_why_and_state(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(monkeypatch, role(house, "rev", "reviewer"))
    at = harness.run("history")
    assert not at.exception
    text = plain(at)
    assert [title.value for title in at.title] == [TITLE]
    assert "Upload published: klaipeda-2022.csv" in text
    assert "Ona" in text
    assert "Reason: New inventory" in text
    assert "<b>" not in "".join(element.value for element in at.markdown)
    assert "Klaipėda" in text
    assert "Confirmed by name:" in text
    assert "shown now" in text
    assert "The record of all acts is complete and unchanged" in text


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("name", "cities", "withdraws", "restores"),
    [
        ("editor", ["vilnius"], False, False),
        ("reviewer", None, True, True),
        ("admin", None, True, True),
    ],
)
def test_each_role_is_offered_what_it_may_do(
    house: Settings,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    cities: list[str] | None,
    withdraws: bool,
    restores: bool,
) -> None:
    sign_in(monkeypatch, role(house, f"h-{name}", name, cities))
    at = harness.run("history")
    assert ("Withdraw …" in labels(at)) is withdraws
    assert ("Restore this version …" in labels(at)) is restores


def test_own_upload_can_be_withdrawn_only_with_a_reason(
    house: Settings, published: drafts.Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(monkeypatch, role(house, "ona", "editor", ["klaipeda"]))
    at = harness.run("history")
    at = next(button for button in at.button if button.label == "Withdraw …").click().run()
    assert "Why is it withdrawn?" in [box.label for box in at.text_input]
    at = next(button for button in at.button if button.label == "Withdraw this upload").click().run()
    assert not at.exception
    assert len(at.error) == 1
    assert ledger.active_uploads(house) == (published.upload_id,)


@pytest.mark.usefixtures("published")
def test_restoring_shows_what_changes_and_asks_for_a_reason(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(monkeypatch, role(house, "boss", "admin"))
    at = harness.run("history")
    at = next(button for button in at.button if button.label == "Restore this version …").click().run()
    assert not at.exception
    assert "No figure would change." in plain(at)
    before = publish.current_build(house)
    at = next(button for button in at.button if button.label == "Restore this version").click().run()
    assert len(at.error) == 1
    now = publish.current_build(house)
    assert before is not None
    assert now is not None
    assert now.build_id == before.build_id


@pytest.mark.usefixtures("published")
def test_broken_ledger_is_said_on_top(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(monkeypatch, role(house, "boss", "admin"))
    path = next((house.store_dir / "ledger").glob("*.jsonl"))
    good = path.read_text(encoding="utf-8")
    try:
        path.write_text(good.replace("New inventory", "New invention"), encoding="utf-8")
        at = harness.run("history")
        assert not at.exception
        assert "damaged or changed" in "".join(error.value for error in at.error)
    finally:
        path.write_text(good, encoding="utf-8")


@pytest.mark.usefixtures("published")
def test_everything_recorded_is_shown_when_asked(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(monkeypatch, role(house, "boss", "admin"))
    assert "File received" not in plain(harness.run("history"))
    assert "File received: klaipeda-2022.csv" in plain(harness.run("history", {"h_k": "files"}))


def test_every_act_of_the_code_has_words() -> None:
    written = {
        act
        for path in PACKAGE.rglob("*.py")
        for act in re.findall(r"ledger\.append\(\s*settings,\s*\"(\w+)\"", path.read_text(encoding="utf-8"))
    }
    assert len(written) > 3
    own = {ledger.INTENT, ledger.ABANDONED, "received", "checked", "previewed", "rejected", "noted"}
    assert sorted((written | own | ledger.MOVES) - set(history_lines.ACTS)) == []


def test_person_without_a_role_any_more_is_named_by_number() -> None:
    words = history_lines.who("https://id.test|gone", {}, language("en"))
    assert "no role any more" in words
    assert "gone" in words
