"""Damage on the disk: readers get the last good build, the ledger tells, and nothing is published on top."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import publish as publisher
from pipeline.errors import InputError
from pipeline.publish import current_build, open_current
from pipeline.uploads import drafts, jobs, ledger, release
from pipeline.uploads.recover import recover, verify
from pipeline.uploads.store import StoreError
from tests.uploads.store.project import Project, record

FIRST = [record("vilnius", 2021, 650), record("vilnius", 2022, 600)]


def ledger_file(project: Project) -> Path:
    (path,) = (project.settings.store_dir / "ledger").glob("*.jsonl")
    return path


@pytest.mark.matrix(59)
@pytest.mark.parametrize("damage", ["missing", "cut", "flipped bit", "pointer empty", "card missing"])
def test_damaged_build_is_stood_in_for_and_said(project: Project, damage: str) -> None:
    first = project.shown()
    project.upload(FIRST)
    newest = project.shown()
    newest.path.chmod(0o644)
    contents = bytearray(newest.path.read_bytes())
    if damage == "missing":
        newest.path.unlink()
    elif damage == "cut":
        newest.path.write_bytes(contents[: len(contents) // 2])
    elif damage == "flipped bit":
        contents[len(contents) // 2] ^= 0x10
        newest.path.write_bytes(contents)
    elif damage == "card missing":
        newest.path.with_suffix(".json").unlink()
    else:
        (project.settings.builds_dir / "current.json").write_bytes(b"")
    opened = open_current(project.settings)
    assert opened is not None
    made, reader = opened
    with reader:
        if damage == "pointer empty":
            assert made.build_id == newest.build_id
        else:
            assert made.build_id == first.build_id
        assert made.warning
        assert reader.row_count("mart.city") == 2
    faults = verify(project.settings)
    assert faults
    # The next build puts it right from figures, uploads and ledger.
    again = project.build() if damage != "flipped bit" else publisher_build(project)
    assert (again.warning, again.content_sha256) == ("", newest.content_sha256)
    assert project.totals() == {2021: 650.0, 2022: 600.0}


def publisher_build(project: Project) -> publisher.Build:
    """A flipped bit is only found by reading, which the quick look of `build` does not do."""
    from pipeline.build import build

    return build(project.settings, force=True)


def test_stand_in_is_rather_an_older_build_than_one_with_a_withdrawn_upload(project: Project) -> None:
    first = project.shown()
    upload_id = project.upload(FIRST)
    project.upload([record("siauliai", 2022, 40)])
    release.withdraw(project.settings, project.editor, upload_id, "Wrong")
    (project.settings.builds_dir / "current.json").unlink()
    assert project.shown().uploads == ledger.active_uploads(project.settings)
    shown = project.shown()
    shown.path.chmod(0o644)
    shown.path.write_bytes(b"\0")
    assert project.shown().build_id == first.build_id


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_torn_last_line_is_set_aside_and_noted(project: Project, cut: int) -> None:
    project.upload(FIRST)
    path = ledger_file(project)
    whole = path.read_bytes()
    start = whole[:-1].rfind(b"\n") + 1
    path.write_bytes(whole[: len(whole) - cut])
    assert len(ledger.entries(project.settings)) in (5, 4)
    found = recover(project.settings)
    lines = ledger.entries(project.settings)
    assert ledger.verify(project.settings) == []
    assert project.shown().uploads == ledger.active_uploads(project.settings)
    if cut > 1:
        assert "cut off" in found.torn_line
        assert [entry.act for entry in lines[-2:]] == ["noted", "published"]
        (aside,) = path.parent.glob("torn-*.txt")
        assert aside.read_bytes() == whole[start : len(whole) - cut]
    ledger.append(project.settings, "noted", reason="goes on")
    assert ledger.verify(project.settings) == []


@pytest.mark.parametrize("change", ["word", "line gone", "first line gone", "lines swapped", "number"])
def test_changed_ledger_is_seen_and_nothing_is_published_on_it(project: Project, change: str) -> None:
    project.upload(FIRST)
    second = project.check([record("siauliai", 2022, 40)])
    project.preview(second.upload_id)
    path = ledger_file(project)
    lines = path.read_bytes().splitlines(keepends=True)
    if change == "word":
        lines[4] = lines[4].replace(b"editor", b"nobody")
    elif change == "line gone":
        del lines[2]
    elif change == "first line gone":
        del lines[0]
    elif change == "lines swapped":
        lines[1], lines[2] = lines[2], lines[1]
    else:
        lines[1] = lines[1].replace(b'"number":2', b'"number":3')
    path.write_bytes(b"".join(lines))
    assert ledger.verify(project.settings)
    with pytest.raises(StoreError) as refused:
        release.publish(project.settings, project.editor, second.upload_id)
    assert refused.value.code == "ledger_broken"
    assert project.totals() == {2021: 650.0, 2022: 600.0}


def test_unreadable_line_in_the_middle_stops_builds_in_words_and_readers_go_on(project: Project) -> None:
    project.upload(FIRST)
    path = ledger_file(project)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[1] = b"\x00\x01 nonsense\n"
    path.write_bytes(b"".join(lines))
    with pytest.raises(InputError, match=r"line 2.*restore-backup"):
        project.build()
    assert project.totals() == {2021: 650.0, 2022: 600.0}
    assert any("line 2" in fault for fault in verify(project.settings))


def test_ledger_goes_on_over_the_month_and_never_back_in_time(project: Project) -> None:
    def at(text: str) -> object:
        return lambda: datetime.fromisoformat(text).replace(tzinfo=UTC)

    for moment in ("2026-01-31T23:59:59", "2026-02-01T00:00:00", "2026-01-15T00:00:00"):
        ledger.append(project.settings, "noted", now=at(moment))  # type: ignore[arg-type]
    files = sorted(path.name for path in (project.settings.store_dir / "ledger").glob("*.jsonl"))
    assert files == ["2026-01.jsonl", "2026-02.jsonl"]
    assert [entry.at[:10] for entry in ledger.entries(project.settings)] == [
        "2026-01-31",
        "2026-02-01",
        "2026-02-01",
    ]
    assert ledger.verify(project.settings) == []


@pytest.mark.parametrize("moved", [True, False])
def test_step_left_half_done_is_closed_at_the_next_start(project: Project, moved: bool) -> None:
    draft = project.check(FIRST)
    seen = project.preview(draft.upload_id)
    base = project.shown()
    ledger.append(
        project.settings, ledger.INTENT, of="published", upload_id=draft.upload_id, base_build=base.build_id,
        build=seen.build_id, uploads=seen.uploads, files=seen.staged.files,
    )  # fmt: skip
    if moved:
        publisher.flip(project.settings, publisher.find(project.settings, seen.build_id))
    assert recover(project.settings).settled == draft.upload_id
    last = ledger.entries(project.settings)[-1]
    assert last.act == ("published" if moved else "abandoned")
    current = current_build(project.settings)
    assert current is not None
    assert current.build_id == (seen.build_id if moved else base.build_id)
    assert current.uploads == ledger.active_uploads(project.settings)
    state = drafts.load(project.settings, draft.upload_id).state
    assert state == (drafts.PUBLISHED if moved else drafts.PREVIEWED)
    assert recover(project.settings).is_clean
    if not moved:
        release.publish(project.settings, project.editor, draft.upload_id)
        assert project.totals() == {2021: 650.0, 2022: 600.0}


def test_preview_whose_process_is_gone_is_told_from_a_slow_one(project: Project) -> None:
    draft = project.check(FIRST)
    folder = project.settings.store_dir / "drafts" / draft.upload_id
    jobs.note(folder, jobs.Progress(jobs.RUNNING, "Checking", 4, 11))
    assert jobs.watch(folder).state == jobs.INTERRUPTED
    assert recover(project.settings).interrupted == (draft.upload_id,)
    assert recover(project.settings).is_clean
    assert drafts.load(project.settings, draft.upload_id).state == drafts.CHECKED
