"""What was read of a publisher's file is what gets staged, and nobody publishes for other people's cities."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import staff
from pipeline.accepted import accepted_folder
from pipeline.settings import Settings
from pipeline.sources.update import shipped_rows
from pipeline.staff import Person
from pipeline.uploads import drafts, official, receive
from pipeline.uploads.model import Checked
from pipeline.uploads.stage import stage
from pipeline.uploads.store import StoreError
from tests.sources import shapes
from tests.uploads.official import made
from tests.uploads.store.project import sign_in


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(made.project(tmp_path), staff_dir=tmp_path / "staff")


def bring(settings: Settings, person: Person, path: Path) -> tuple[drafts.Draft, Checked]:
    """A file received, recognised, read and kept, as the pages do it."""
    data = path.read_bytes()
    kept = receive.receive(settings, person, "CDP 2021.csv", data, official.OFFICIAL_BYTES)
    raw = receive.raw_path(settings, kept.sha256)
    shape_id = official.recognise(raw, kept.name)
    assert shape_id is not None
    checked = official.read_official(settings, raw, shape_id, name=kept.name, cities=person.cities)
    draft = drafts.open_draft(
        settings, person, sha256=kept.sha256, name=kept.name, byte_count=kept.byte_count
    )
    return drafts.save_checked(settings, person, draft, checked), checked


def test_figures_are_staged_as_they_were_read(settings: Settings, tmp_path: Path) -> None:
    admin = sign_in(settings, "admin", "admin")
    draft, checked = bring(settings, admin, shapes.cdp(tmp_path / "f.csv"))
    again = drafts.load_checked(settings, draft.upload_id)
    assert again == checked
    staged = stage(settings, draft, checked)
    assert (staged.source_id, staged.cities) == ("cdp_citywide_2016_2021", ("testville",))
    rows = shipped_rows(accepted_folder(settings) / draft.upload_id / "emissions.csv")
    assert [(row["scope"], row["value"]) for row in rows] == [("1", "30"), ("1+2", "42.5"), ("2", "12.5")]
    assert staged.rows == {"emissions": 3}
    assert staged.added_rows == 3


def test_figures_changed_or_lost_since_are_not_staged(settings: Settings, tmp_path: Path) -> None:
    admin = sign_in(settings, "admin", "admin")
    draft, checked = bring(settings, admin, shapes.cdp(tmp_path / "f.csv"))
    file = Path(checked.tables["emissions"])
    assert file.stem == hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_bytes(file.read_bytes().replace(b"42.5", b"41.5"))
    with pytest.raises(StoreError) as told:
        stage(settings, draft, checked)
    assert told.value.code == "figures_gone"
    file.unlink()
    with pytest.raises(StoreError):
        stage(settings, draft, checked)


def test_file_without_a_usable_row_stages_nothing(settings: Settings, tmp_path: Path) -> None:
    admin = sign_in(settings, "admin", "admin")
    path = shapes.cdp(tmp_path / "f.csv", Country="Brazil")
    draft, checked = bring(settings, admin, path)
    assert checked.counts == {"official_nothing_usable": 1}
    with pytest.raises(StoreError) as told:
        stage(settings, draft, checked)
    assert told.value.code == "nothing_accepted"


def test_editor_brings_own_cities_only_and_may_not_hand_in_the_whole_file(
    settings: Settings, tmp_path: Path
) -> None:
    editor = sign_in(settings, "editor", "editor", frozenset({"other"}))
    path = shapes.cdp(tmp_path / "f.csv")
    draft, checked = bring(settings, editor, path)
    assert checked.tally.refused == {"official_not_your_city": 1}
    raw = receive.raw_path(settings, draft.sha256)
    whole = official.read_official(settings, raw, "cdp_citywide_2021", name="f.csv")
    assert whole.cities == ("testville",)
    with pytest.raises(staff.AccessRefused):
        drafts.save_checked(settings, editor, draft, whole)
