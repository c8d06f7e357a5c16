"""From a checked file to what readers see, and back: nothing is lost, nothing comes back by itself."""

from __future__ import annotations

import threading

import pytest

from pipeline import publish as publisher
from pipeline import staff_roles
from pipeline.build import build
from pipeline.engine import open_reader
from pipeline.errors import PublishError
from pipeline.publish import builds
from pipeline.staff import AccessRefused
from pipeline.uploads import drafts, jobs, ledger, preview, release
from pipeline.uploads.store import StoreError
from tests.uploads.store.project import Project, record

FIRST = [record("vilnius", 2021, 650), record("vilnius", 2022, 600)]


def code(error: pytest.ExceptionInfo[StoreError]) -> str:
    return error.value.code


def test_preview_changes_nothing_and_publish_shows_just_that(project: Project) -> None:
    before = project.shown()
    draft = project.check(FIRST)
    seen = project.preview(draft.upload_id)
    assert project.shown() == before
    assert seen.difference.counts == {"added": 2, "changed": 0, "lost": 0}
    assert [(figure.year, figure.after) for figure in seen.difference.of("added")] == [
        (2021, 650.0),
        (2022, 600.0),
    ]
    assert drafts.load(project.settings, draft.upload_id).state == drafts.PREVIEWED
    made = release.publish(project.settings, project.editor, draft.upload_id)
    assert made.build_id == seen.build_id == project.shown().build_id
    assert project.totals() == {2021: 650.0, 2022: 600.0}
    assert drafts.load(project.settings, draft.upload_id).state == drafts.PUBLISHED


def test_preview_in_a_child_tells_its_steps_and_outlives_the_page(project: Project) -> None:
    draft = project.check(FIRST)
    seen: list[tuple[str, int]] = []
    assert preview.start_preview(project.settings, project.editor, draft.upload_id)
    assert not preview.start_preview(project.settings, project.editor, draft.upload_id)
    folder = project.settings.store_dir / "drafts" / draft.upload_id
    ended = jobs.wait(folder, lambda now: seen.append((now.step, now.index)))
    assert ended.state == jobs.DONE
    assert preview.read_preview(project.settings, draft.upload_id) is not None
    assert [index for _, index in seen] == [*sorted(index for _, index in seen[:-1]), 0]
    assert ledger.entries(project.settings)[-1].act == "previewed"
    assert ledger.entries(project.settings)[-1].person == project.editor.person_id


def test_file_that_the_checks_of_the_database_refuse_says_which_figure(project: Project) -> None:
    draft = project.check([record("vilnius", 2022, -5)])
    with pytest.raises(StoreError) as refused:
        preview.preview(project.settings, project.editor, draft.upload_id)
    assert code(refused) == "figures_contradict"
    assert "Emissions are never negative" in str(refused.value) or "emission__not_negative" in str(
        refused.value
    )
    assert drafts.load(project.settings, draft.upload_id).state == drafts.CHECKED


def test_faults_and_open_questions_stop_before_the_preview(project: Project) -> None:
    for counts in ({"empty": 1}, {"unsure": 2}):
        draft = project.check(FIRST, counts=counts)
        with pytest.raises(StoreError) as refused:
            preview.start_preview(project.settings, project.editor, draft.upload_id)
        assert code(refused) == "faults_left"


def test_warnings_are_confirmed_by_name(project: Project) -> None:
    draft = project.check(FIRST, counts={"jump": 1})
    assert project.preview(draft.upload_id).questions == ("jump",)
    for confirmed in ((), ("rows_lost",)):
        with pytest.raises(StoreError) as refused:
            release.publish(project.settings, project.editor, draft.upload_id, confirmed)
        assert code(refused) == "not_confirmed"
    release.publish(project.settings, project.editor, draft.upload_id, ["jump", "other"])
    assert ledger.entries(project.settings)[-1].confirmed == ("jump",)


@pytest.mark.matrix(52)
def test_same_file_twice_is_said_and_makes_no_version(project: Project) -> None:
    first = project.upload(FIRST)
    versions, shown = len(builds(project.settings)), project.shown()
    again = project.check(FIRST)
    assert again.same_as == first
    with pytest.raises(StoreError) as refused:
        preview.preview(project.settings, project.editor, again.upload_id)
    assert code(refused) == "already_uploaded"
    assert refused.value.params["value"] == first
    assert project.shown() == shown
    assert len(builds(project.settings)) == versions
    # Once it is withdrawn, the same file may come again.
    release.withdraw(project.settings, project.editor, first, "Wrong sheet")
    project.preview(again.upload_id)
    release.publish(project.settings, project.editor, again.upload_id)
    assert project.totals() == {2021: 650.0, 2022: 600.0}


@pytest.mark.matrix(53)
def test_upload_that_loses_rows_is_asked_about_and_is_a_reviewers(project: Project) -> None:
    project.upload([record("vilnius", 2000 + year, 700 + year) for year in range(20)])
    draft = project.check([record("vilnius", 2022, 610)])
    seen = project.preview(draft.upload_id)
    assert (seen.staged.earlier_rows, seen.staged.lost_rows) == (20, 20)
    assert dict(seen.staged.lost_by_city) == {"vilnius": 20}
    assert seen.questions == ("rows_lost",)
    assert [fault.code for fault in seen.faults()] == ["rows_lost"]
    assert {figure.city_id for figure in seen.difference.of("lost")} == {"vilnius"}
    with pytest.raises(StoreError) as refused:
        release.publish(project.settings, project.editor, draft.upload_id, ["rows_lost"], "I want it")
    assert code(refused) == "needs_review"
    assert drafts.drafts_of(project.settings, project.reviewer) == ()
    drafts.hand_over(project.settings, project.editor, draft.upload_id)
    assert [known.upload_id for known in drafts.drafts_of(project.settings, project.reviewer)] == [
        draft.upload_id
    ]
    for confirmed, reason, expected in (
        (["rows_lost"], " ", "reason_needed"),
        ([], "Restated", "not_confirmed"),
    ):
        with pytest.raises(StoreError) as refused:
            release.publish(project.settings, project.reviewer, draft.upload_id, confirmed, reason)
        assert code(refused) == expected
    release.publish(project.settings, project.reviewer, draft.upload_id, ["rows_lost"], "Restated")
    assert project.totals() == {2022: 610.0}
    assert ledger.entries(project.settings)[-1].reason == "Restated"


def test_five_percent_may_go_without_a_reviewer_and_earlier_years_can_be_kept(project: Project) -> None:
    rows = [record("vilnius", 2000 + year, 700 + year) for year in range(20)]
    project.upload(rows)
    one_less = project.preview(project.check(rows[1:]).upload_id)
    assert (one_less.staged.lost_share_pct, one_less.questions) == (5.0, ())
    draft = project.check([record("vilnius", 2019, 1), record("vilnius", 2022, 610)])
    kept = project.preview(draft.upload_id, keep_earlier=True)
    assert (kept.staged.kept_rows, kept.staged.lost_rows, kept.questions) == (19, 0, ())
    release.publish(project.settings, project.editor, draft.upload_id)
    assert project.totals() == {**{2000 + year: 700.0 + year for year in range(19)}, 2019: 1.0, 2022: 610.0}


def test_more_than_twenty_cities_are_a_reviewers(project: Project) -> None:
    cities = [{"city_id": f"c{number}"} for number in range(21)] + [{"city_id": "vilnius"}]
    project.reference("city", [*cities, {"city_id": "siauliai"}])
    project.build()
    draft = project.check([record(f"c{number}", 2022, 5) for number in range(21)])
    seen = project.preview(draft.upload_id)
    assert seen.questions == ("many_cities",)
    assert [fault.value for fault in seen.faults()] == ["21"]
    with pytest.raises(StoreError) as refused:
        release.publish(project.settings, project.editor, draft.upload_id, ["many_cities"], "All of them")
    assert code(refused) == "needs_review"
    release.publish(project.settings, project.admin, draft.upload_id, ["many_cities"], "All of them")
    assert project.totals("c20") == {2022: 5.0}


def test_role_counts_at_the_moment_of_each_step(project: Project) -> None:
    elsewhere = project.person("editor", frozenset({"siauliai"}), "other")
    with pytest.raises(AccessRefused):
        project.check(FIRST, elsewhere)
    draft = project.check(FIRST)
    seen = project.preview(draft.upload_id)
    for refused in (elsewhere, None):
        with pytest.raises(AccessRefused):
            release.publish(project.settings, refused, draft.upload_id, seen.questions)  # type: ignore[arg-type]
    stranger = project.person("editor", None, "stranger")
    with pytest.raises(StoreError) as caught:
        release.publish(project.settings, stranger, draft.upload_id)
    assert code(caught) == "draft_of_another"
    release.publish(project.settings, project.editor, draft.upload_id)
    with pytest.raises(AccessRefused):
        release.restore(project.settings, project.editor, seen.base_build_id, "I may not")
    with pytest.raises(StoreError):
        release.undo(project.settings, stranger)
    staff_roles.remove(project.settings, project.editor.person_id)
    with pytest.raises(AccessRefused):
        release.undo(project.settings, project.editor)
    assert project.totals() == {2021: 650.0, 2022: 600.0}


@pytest.mark.matrix(56)
def test_double_click_is_one_version_and_a_second_editor_sees_a_fresh_difference(project: Project) -> None:
    first = project.check(FIRST)
    second = project.check([record("siauliai", 2022, 40)])
    project.preview(first.upload_id)
    stale = project.preview(second.upload_id)
    made: list[str] = []

    def click() -> None:
        made.append(release.publish(project.settings, project.editor, first.upload_id).build_id)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert [entry.act for entry in ledger.entries(project.settings)].count("published") == 1

    assert preview.is_stale(project.settings, stale)
    with pytest.raises(StoreError) as refused:
        release.publish(project.settings, project.editor, second.upload_id)
    assert code(refused) == "stale_base"
    fresh = project.preview(second.upload_id)
    assert fresh.base_build_id == made[0]
    release.publish(project.settings, project.editor, second.upload_id)
    assert project.totals() == {2021: 650.0, 2022: 600.0}
    assert project.totals("siauliai") == {2022: 40.0}


def test_other_figures_in_the_repository_make_a_preview_stale(project: Project) -> None:
    draft = project.check(FIRST)
    project.preview(draft.upload_id)
    project.catalogue("topics", "- {id: climate, title: Climate, question: How warm?}\n")
    with pytest.raises(StoreError) as refused:
        release.publish(project.settings, project.editor, draft.upload_id)
    assert code(refused) == "stale_base"


@pytest.mark.parametrize("how", ["library", "console"])
def test_undone_upload_does_not_come_back_by_the_next_build(project: Project, how: str) -> None:
    first = project.shown()
    upload_id = project.upload(FIRST)
    step = release.undo_target(project.settings)
    assert (step.build.build_id, step.taken_back, step.brought_back) == (first.build_id, (upload_id,), ())
    if how == "console":
        publisher.undo(project.settings)
    else:
        release.undo(project.settings, project.editor, "Wrong file")
    assert project.shown().build_id == first.build_id
    assert drafts.load(project.settings, upload_id).state == drafts.WITHDRAWN
    assert project.build().build_id == first.build_id
    project.catalogue("topics", "- {id: climate, title: Climate, question: How warm?}\n")
    assert project.build().uploads == ()
    assert project.totals() == {}
    assert build(project.settings, force=True).uploads == ()


def test_older_upload_is_withdrawn_and_the_newer_stays(project: Project) -> None:
    older = project.upload(FIRST)
    newer = project.upload([record("siauliai", 2022, 40)])
    made = release.withdraw(project.settings, project.editor, older, "Counted twice")
    assert made.uploads == (newer,)
    assert project.totals() == {}
    assert project.totals("siauliai") == {2022: 40.0}
    assert project.build() == made
    with pytest.raises(StoreError) as refused:
        release.withdraw(project.settings, project.editor, older, "Again")
    assert code(refused) == "not_published"
    with pytest.raises(StoreError) as refused:
        release.withdraw(project.settings, project.editor, newer, "")
    assert code(refused) == "reason_needed"


def test_withdrawing_brings_back_what_the_upload_had_replaced(project: Project) -> None:
    project.upload(FIRST)
    second = project.upload([record("vilnius", 2022, 610)], project.reviewer, ["rows_lost"], "Restated")
    assert project.totals() == {2022: 610.0}
    release.withdraw(project.settings, project.reviewer, second, "Not final")
    assert project.totals() == {2021: 650.0, 2022: 600.0}


@pytest.mark.matrix(61)
def test_any_build_is_restored_byte_for_byte_and_the_restore_undone(project: Project) -> None:
    for year in range(2020, 2024):
        project.upload([record("siauliai", year, 40, series_key=f"m{year}")])
    newest = project.shown()
    kept = {made.build_id: made.path.read_bytes() for made in builds(project.settings)}
    third_before = sorted(kept)[-4]
    restored = release.restore(project.settings, project.admin, third_before, "As it was in spring")
    assert restored.build_id == project.shown().build_id == third_before
    assert project.shown().path.read_bytes() == kept[third_before]
    assert len(project.shown().uploads) == 1
    assert project.build().build_id == third_before
    back = release.undo(project.settings, project.admin, "Never mind")
    assert back.build_id == newest.build_id
    assert project.shown().path.read_bytes() == kept[newest.build_id]
    assert ledger.active_uploads(project.settings) == newest.uploads
    assert project.build().build_id == newest.build_id
    last = ledger.entries(project.settings)[-4:]
    assert [(entry.act, entry.build) for entry in last if entry.act != "publish_intent"] == [
        ("restored", third_before),
        ("undone", newest.build_id),
    ]
    assert {made.build_id: made.path.read_bytes() for made in builds(project.settings)} == kept


def test_preview_of_an_upload_cannot_be_published_past_its_questions(project: Project) -> None:
    draft = project.check(FIRST, counts={"jump": 1})
    seen = project.preview(draft.upload_id)
    with pytest.raises(PublishError, match="preview of an upload"):
        publisher.publish(project.settings, seen.build_id)
    with pytest.raises(StoreError) as refused:
        release.restore(project.settings, project.admin, seen.build_id, "Quick")
    assert code(refused) == "never_published"


def test_same_database_again_from_figures_uploads_and_ledger(project: Project) -> None:
    project.upload(FIRST)
    project.upload([record("siauliai", 2022, 40)])
    project.upload([record("vilnius", 2022, 610)], project.reviewer, ["rows_lost"], "Restated")
    shown = project.shown()
    for path in project.settings.builds_dir.iterdir():
        path.unlink()
    again = project.build()
    assert again.input_sha256 == shown.input_sha256
    assert again.content_sha256 == shown.content_sha256
    assert again.uploads == shown.uploads
    with open_reader(again.path) as reader:
        files = reader.rows(
            "select file_name, row_count from meta.source_file where file_name like 'uploads/%' order by 1"
        )
    assert sorted(count for _, count in files) == [0, 1, 1]


def test_accepted_figures_changed_by_hand_are_refused(project: Project) -> None:
    upload_id = project.upload(FIRST)
    path = project.settings.store_dir / "accepted" / upload_id / "emissions.csv"
    path.write_text(path.read_text().replace("650", "65"))
    project.catalogue("topics", "- {id: climate, title: Climate, question: How warm?}\n")
    with pytest.raises(Exception, match="not those that were published"):
        project.build()
    assert project.totals() == {2021: 650.0, 2022: 600.0}
