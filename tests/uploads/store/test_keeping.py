"""What is kept and for how long, copies of it, and the commands that look after it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import publish as publisher
from pipeline.__main__ import main
from pipeline.build import build
from pipeline.errors import PublishError
from pipeline.publish import builds
from pipeline.staff import AccessRefused
from pipeline.uploads import backup, drafts, ledger, preview, release, retention
from pipeline.uploads.recover import verify
from tests.uploads.store.project import Project, record

FIRST = [record("vilnius", 2021, 650), record("vilnius", 2022, 600)]
NOW = datetime(2029, 6, 15, tzinfo=UTC)


def clock(at: datetime) -> Callable[[], datetime]:
    return lambda: at


def built_at(project: Project, *days_ago: int) -> None:
    """A published build made on each of these days; readers see the newest."""
    settings, made = project.settings, project.shown()
    card = json.loads(made.path.with_suffix(".json").read_bytes())
    ids = []
    for days in sorted(days_ago, reverse=True):
        at = NOW - timedelta(days=days)
        ids.append(f"{at:%Y%m%dT%H%M%SZ}-{made.input_sha256[:12]}")
        path = settings.builds_dir / f"build-{ids[-1]}.duckdb"
        shutil.copy2(made.path, path)
        built = {**card, "build_id": ids[-1], "built_at": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
        path.with_suffix(".json").write_text(json.dumps(built))
    (settings.builds_dir / "current.json").write_text(
        json.dumps({"build_id": ids[-1], "before": [made.build_id, *ids[:-1]]})
    )
    publisher.remove(settings, made)


def ages(project: Project) -> list[int]:
    return sorted((NOW - datetime.fromisoformat(made.built_at)).days for made in builds(project.settings))


def test_builds_are_kept_90_days_then_the_last_of_each_month_for_three_years(project: Project) -> None:
    built_at(project, 2000, 1200, 1000, 995, 400, 120, 89, 10, 2, 1)
    retention.clean(project.settings, project.admin, clock(NOW))
    assert (NOW - timedelta(days=1000)).month == (NOW - timedelta(days=995)).month
    assert ages(project) == [1, 2, 10, 89, 120, 400, 995]
    assert project.shown().warning == ""


def test_current_build_and_the_two_before_it_are_never_removed(project: Project) -> None:
    built_at(project, 2003, 2002, 2001, 2000)
    retention.clean(project.settings, project.admin, clock(NOW))
    assert ages(project) == [2000, 2001, 2002]
    assert project.shown().built_at == f"{NOW - timedelta(days=2000):%Y-%m-%dT%H:%M:%SZ}"
    publisher.undo(project.settings)
    assert publisher.undo(project.settings).built_at == f"{NOW - timedelta(days=2002):%Y-%m-%dT%H:%M:%SZ}"


def test_files_as_received_go_after_a_year_and_rejected_ones_after_a_month(project: Project) -> None:
    settings, now = project.settings, datetime.now(UTC)
    published = project.upload(FIRST)
    rejected = project.check([record("siauliai", 2022, 40)])
    drafts.reject(settings, project.editor, rejected.upload_id, "Wrong")
    raw = {}
    for draft in drafts.all_drafts(settings):
        raw[draft.upload_id] = settings.store_dir / "quarantine" / draft.sha256
        raw[draft.upload_id].mkdir(parents=True)
        (raw[draft.upload_id] / "raw").write_bytes(b"x")
    stray = settings.store_dir / "quarantine" / ("f" * 64)
    stray.mkdir()
    os.utime(stray, (0, 0))
    removed = retention.clean(settings, project.admin, clock(now + timedelta(days=31)))
    assert [name.split()[0] for name in removed] == ["draft", "file", "file"]
    assert (raw[published].exists(), raw[rejected.upload_id].exists(), stray.exists()) == (True, False, False)
    retention.clean(settings, project.admin, clock(now + timedelta(days=366)))
    assert not raw[published].exists()
    old = drafts.load(settings, published)
    assert (old.state, old.person_name, old.person_id) == ("published", "", project.editor.person_id)
    assert drafts.load_checked(settings, published) is None
    # What builds are made from stays, whatever its age.
    assert verify(settings) == []
    assert build(settings, force=True).uploads == (published,)
    assert ledger.entries(settings)[-1].act == "cleaned"
    with pytest.raises(AccessRefused):
        retention.clean(settings, project.reviewer)


def test_candidates_go_when_they_can_no_longer_be_published(project: Project) -> None:
    settings, now = project.settings, datetime.now(UTC)
    waiting = project.preview(project.check(FIRST).upload_id)
    retention.clean(settings, project.admin)
    assert waiting.build_id in {made.build_id for made in builds(settings)}
    project.upload([record("siauliai", 2022, 40)])
    retention.clean(settings, project.admin, clock(now + timedelta(minutes=1)))
    assert waiting.build_id not in {made.build_id for made in builds(settings)}
    again = preview.make_preview(settings, waiting.upload_id)
    release.publish(settings, project.editor, again.upload_id)
    assert project.totals() == {2021: 650.0, 2022: 600.0}


def test_backup_brings_everything_back(project: Project, tmp_path: Path) -> None:
    upload_id = project.upload(FIRST)
    shown, lines = project.shown(), ledger.entries(project.settings)
    made = backup.backup(project.settings, tmp_path / "safe")
    with pytest.raises(PublishError, match="--replace"):
        backup.restore_backup(project.settings, made)
    release.undo(project.settings, project.editor)
    project.upload([record("siauliai", 2022, 40)])
    backup.restore_backup(project.settings, made, replace=True)
    assert project.shown() == shown
    assert ledger.entries(project.settings)[: len(lines)] == lines
    assert ledger.entries(project.settings)[-1].act == "backup_restored"
    assert project.build().build_id == shown.build_id
    assert verify(project.settings) == []
    release.withdraw(project.settings, project.editor, upload_id, "Roles came back too")

    elsewhere = tmp_path / "elsewhere"
    project.settings = replace(
        project.settings,
        builds_dir=elsewhere / "builds",
        uploads_dir=elsewhere / "uploads",
        staff_dir=elsewhere / "staff",
    )
    backup.restore_backup(project.settings, made)
    assert project.totals() == {2021: 650.0, 2022: 600.0}
    shutil.rmtree(project.settings.builds_dir)
    assert project.build().content_sha256 == shown.content_sha256


@pytest.mark.parametrize("damage", ["flipped", "gone", "manifest", "outside"])
def test_damaged_backup_restores_nothing(project: Project, tmp_path: Path, damage: str) -> None:
    project.upload(FIRST)
    made = backup.backup(project.settings, tmp_path / "safe")
    victim = next((made / "uploads" / "ledger").glob("*.jsonl"))
    if damage == "flipped":
        victim.write_bytes(victim.read_bytes().replace(b"editor", b"edit0r", 1))
    elif damage == "gone":
        victim.unlink()
    else:
        text = (made / "manifest.json").read_text()
        text = (
            text[:-20] if damage == "manifest" else text.replace('"uploads/ledger', '"uploads/../../ledger')
        )
        (made / "manifest.json").write_text(text)
    shown = project.shown()
    with pytest.raises(PublishError):
        backup.restore_backup(project.settings, made, replace=True)
    assert project.shown() == shown
    assert verify(project.settings) == []


def test_commands_speak_plainly(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in ("pipeline.__main__", "pipeline.settings"):
        monkeypatch.setattr(f"{module}.load_settings", lambda: project.settings)

    def says(*words: str, code: int = 0) -> str:
        assert main(words) == code, capsys.readouterr()
        told = capsys.readouterr()
        return told.out + told.err

    assert "Nothing was uploaded yet." in says("uploads", "list")
    draft = project.check(FIRST, counts={"jump": 1})
    assert f"  {draft.upload_id}" in says("uploads", "list")
    assert "begin" in says("uploads", "preview", "zzz", code=1)
    told = says("uploads", "preview", draft.upload_id[:8])
    assert "2 added, 0 changed, 0 lost" in told
    assert "--confirm jump" in told
    assert "Not confirmed by name: jump" in says("uploads", "publish", draft.upload_id[:8], code=1)
    assert "is published." in says("uploads", "publish", draft.upload_id[:8], "--confirm", "jump")
    assert f"* {draft.upload_id}" in says("uploads", "list")
    assert "All is sound" in says("uploads", "verify")
    assert ledger.entries(project.settings)[-1].person.startswith("local|console:")
    told = says("uploads", "withdraw", draft.upload_id[:8], "--reason", "Wrong")
    assert "without the upload" in told
    assert "is published again" in says("undo")
    assert ledger.active_uploads(project.settings) == (draft.upload_id,)
    assert "is published again" in says("undo")
    assert "Nothing changed" in says("build")
    assert "Nothing to clean" in says("uploads", "clean")
    assert "each compared with its original" in says("backup", str(project.folder / "safe"))
    (made,) = (project.folder / "safe").iterdir()
    assert "--replace" in says("restore-backup", str(made), code=1)
    assert "file(s) of the backup" in says("restore-backup", str(made), "--replace")
    assert "All is sound" in says("uploads", "verify")
    path = next((project.settings.store_dir / "ledger").glob("*.jsonl"))
    path.write_bytes(path.read_bytes().replace(b"Wrong", b"Right", 1))
    assert "was changed after it was written" in says("uploads", "verify", code=1)
