"""Work on an upload is kept at each step, belongs to somebody, and cannot be turned into something else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.hashing import file_sha256
from pipeline.staff import AccessRefused
from pipeline.uploads import drafts, ledger, preview, release
from pipeline.uploads.codec import from_plain, to_plain
from pipeline.uploads.difference import Difference
from pipeline.uploads.model import Checked, Choices, Fault, Tally
from pipeline.uploads.stage import stage
from pipeline.uploads.store import StoreError, folder_of
from tests.uploads.store.project import Project, checked, record

FIRST = [record("vilnius", 2021, 650), record("vilnius", 2022, 600)]


def test_draft_is_found_again_as_it_was_left(project: Project) -> None:
    draft = drafts.open_draft(
        project.settings, project.editor, sha256="c" * 64, name="ąžuolas.xlsx", byte_count=77
    )
    choices = Choices(table="emissions", header_row=3, columns={"0": "city"}, years={"4": 2020}, decimal=",")
    drafts.save(project.settings, project.editor, replace(draft, choices=choices, state=drafts.PARSED))
    (found,) = drafts.drafts_of(project.settings, project.editor)
    assert (found.name, found.byte_count, found.state, found.choices) == (
        "ąžuolas.xlsx",
        77,
        drafts.PARSED,
        choices,
    )
    assert found.upload_id == draft.upload_id
    brought = Checked(
        "municipal_upload",
        tuple(FIRST),
        (Fault("jump", sheet="S", row=4, column="t", value="9", params={"before": "3"}),),
        {"jump": 3},
        Tally(5, 2, 1, {"empty": 2}),
        choices,
        "A title",
    )
    drafts.save_checked(project.settings, project.editor, found, brought)
    assert drafts.load_checked(project.settings, draft.upload_id) == brought
    assert drafts.load(project.settings, draft.upload_id).cities == ("vilnius",)
    assert from_plain(Checked, json.loads(json.dumps(to_plain(brought)))) == brought


def test_draft_of_another_is_not_touched_and_its_owner_and_city_cannot_be_rewritten(project: Project) -> None:
    draft = project.check(FIRST)
    other = project.person("editor", None, "other")
    for act in (
        lambda: drafts.save(project.settings, other, draft),
        lambda: drafts.save_checked(project.settings, other, draft, checked(FIRST)),
        lambda: drafts.reject(project.settings, other, draft.upload_id),
        lambda: preview.start_preview(project.settings, other, draft.upload_id),
    ):
        with pytest.raises(StoreError) as refused:
            act()
        assert refused.value.code == "draft_of_another"
    assert drafts.drafts_of(project.settings, other) == ()
    forged = replace(
        draft, person_id=other.person_id, cities=("siauliai",), state=drafts.PREVIEWED, sha256="d" * 64
    )
    kept = drafts.save(project.settings, project.editor, forged)
    assert (kept.person_id, kept.cities, kept.state, kept.sha256) == (
        draft.person_id,
        draft.cities,
        drafts.CHECKED,
        draft.sha256,
    )


def test_row_about_another_place_than_it_says_is_never_staged(project: Project) -> None:
    """A role is asked for `city_id`; the figure must be about that very city."""
    draft = project.check(FIRST)
    smuggled = replace(FIRST[0], cells={**FIRST[0].cells, "source_city_key": "siauliai"})
    with pytest.raises(ValueError, match="another place"):
        stage(project.settings, draft, checked([smuggled]))
    assert not folder_of(project.settings, "accepted", draft.upload_id).exists()


def test_preview_counts_only_for_what_was_checked_last(project: Project) -> None:
    draft = project.check(FIRST)
    project.preview(draft.upload_id)
    drafts.save_checked(project.settings, project.editor, draft, checked([record("vilnius", 2022, 610)]))
    with pytest.raises(StoreError) as refused:
        release.publish(project.settings, project.editor, draft.upload_id)
    assert refused.value.code == "preview_needed"
    project.preview(draft.upload_id)
    other = replace(draft, choices=Choices(table="emissions", decimal=","))
    assert drafts.save(project.settings, project.editor, other).state == drafts.PARSED
    with pytest.raises(StoreError) as refused:
        release.publish(project.settings, project.editor, draft.upload_id)
    assert refused.value.code == "preview_needed"


def test_check_that_changes_while_the_preview_is_made_stops_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = project.check(FIRST)

    def meanwhile(*_: object) -> Difference:
        later = [record("vilnius", 2022, 610)]
        drafts.save_checked(project.settings, project.editor, draft, checked(later))
        return Difference()

    monkeypatch.setattr(preview, "_compare", meanwhile)
    with pytest.raises(StoreError) as refused:
        project.preview(draft.upload_id)
    assert refused.value.code == "preview_needed"
    assert preview.read_preview(project.settings, draft.upload_id) is None


def test_what_a_reviewer_took_back_an_editor_does_not_bring_back(project: Project) -> None:
    upload_id = project.upload(FIRST)
    release.withdraw(project.settings, project.reviewer, upload_id, "Not agreed")
    with pytest.raises(AccessRefused):
        release.undo(project.settings, project.editor)
    assert project.totals() == {}
    release.undo(project.settings, project.reviewer, "Agreed after all")
    assert ledger.active_uploads(project.settings) == (upload_id,)


@pytest.mark.parametrize("wrong", ["", "../x", "..", "0" * 31, "G" * 32, "/etc/passwd", "0" * 32])
def test_id_that_is_none_of_ours_never_becomes_a_path(project: Project, wrong: str) -> None:
    with pytest.raises(StoreError) as refused:
        drafts.load(project.settings, wrong)
    assert refused.value.code == "no_such_upload"


def test_files_of_the_store_are_readable_by_their_owner_only(project: Project) -> None:
    project.upload(FIRST)
    for path in Path(project.settings.store_dir).rglob("*"):
        if path.is_file() and path.suffix in (".json", ".jsonl", ".csv") and path.name != "progress.json":
            assert path.stat().st_mode & 0o077 == 0, path
            assert file_sha256(path)
