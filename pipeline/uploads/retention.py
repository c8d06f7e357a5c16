"""What is kept for how long, and what `python -m pipeline uploads clean` removes.

builds readers saw     90 days, then the last of each month for 3 years; never the current one and the two
                       before it
candidates             builds of previews: until readers see another build, at most 7 days
files as received      1 year; 30 days when the upload was rejected or nothing is known of it
drafts never published 1 year after the last change; 30 days when rejected
published drafts       for ever, but after 1 year without the person's name and the checked file
accepted figures       for ever once they were published: builds are made from them
ledger                 for ever

clean(settings, person, now=utc_now) -> tuple[str, ...]     what was removed, in words
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import staff
from pipeline.publish import DRAFT, Build, builder_lock, builds, remove, safe_builds
from pipeline.settings import Settings
from pipeline.staff import Person
from pipeline.uploads import drafts, ledger
from pipeline.uploads.preview import read_preview
from pipeline.uploads.store import Clock, clean_parts, utc_now

EVERY_BUILD = timedelta(days=90)
MONTHLY_BUILD = timedelta(days=3 * 366)
CANDIDATE = timedelta(days=7)
RAW = timedelta(days=365)
REJECTED = timedelta(days=30)


def clean(settings: Settings, person: Person, now: Clock = utc_now) -> tuple[str, ...]:
    """Remove what is past its time; recorded in the ledger."""
    person = staff.require(settings, person, "manage")
    at = now()
    with builder_lock(settings):
        removed = [f"leftover {name}" for name in clean_parts(settings)]
        for build in _old_builds(settings, at):
            remove(settings, build)
            removed.append(f"build {build.build_id}")
        removed += _drafts(settings, at)
        removed += _raw_files(settings, at)
    if removed:
        kinds = [line.split(" ", 1)[0] for line in removed]
        counts = {kind: kinds.count(kind) for kind in sorted(set(kinds))}
        ledger.append(settings, "cleaned", person=person.person_id, counts=counts, now=now)
    return tuple(removed)


def _old_builds(settings: Settings, at: datetime) -> Iterator[Build]:
    safe = safe_builds(settings) | _candidates(settings, at)
    months: set[str] = set()
    for build in builds(settings):
        age = at - _moment(build.built_at)
        month = build.built_at[:7]
        if build.state == DRAFT:
            is_kept = build.build_id in safe or (build.uploads == _active(settings) and age <= EVERY_BUILD)
        else:
            is_last = month not in months
            months.add(month)
            is_kept = build.build_id in safe or age <= EVERY_BUILD or (is_last and age <= MONTHLY_BUILD)
        if not is_kept:
            yield build


def _active(settings: Settings) -> tuple[str, ...]:
    return ledger.active_uploads(settings)


def _candidates(settings: Settings, at: datetime) -> set[str]:
    """Builds of previews that may still be published."""
    current = safe_builds(settings, steps=0)
    found = set()
    for draft in drafts.all_drafts(settings):
        seen = read_preview(settings, draft.upload_id)
        if (
            seen is not None
            and draft.state == drafts.PREVIEWED
            and {seen.base_build_id} <= (current or {""})
            and at - _moment(seen.made_at) <= CANDIDATE
        ):
            found.add(seen.build_id)
    return found


def _drafts(settings: Settings, at: datetime) -> Iterator[str]:
    for draft in drafts.all_drafts(settings):
        if draft.state in (drafts.PUBLISHED, drafts.WITHDRAWN):
            if draft.person_name and at - _moment(draft.changed_at) > RAW:
                drafts.forget_person(settings, draft)
                yield f"name {draft.upload_id}"
            continue
        limit = REJECTED if draft.state == drafts.REJECTED else RAW
        if at - _moment(draft.changed_at) > limit:
            for part in ("accepted", "drafts"):
                shutil.rmtree(settings.store_dir / part / draft.upload_id, ignore_errors=True)
            yield f"draft {draft.upload_id}"


def _raw_files(settings: Settings, at: datetime) -> Iterator[str]:
    """Files as received, by the newest draft that was made of each."""
    newest: dict[str, tuple[datetime, bool]] = {}
    for draft in reversed(drafts.all_drafts(settings)):
        changed, was_alive = newest.get(draft.sha256, (datetime.min.replace(tzinfo=UTC), False))
        is_alive = was_alive or draft.state != drafts.REJECTED
        newest[draft.sha256] = max(changed, _moment(draft.changed_at)), is_alive
    for folder in sorted((settings.store_dir / "quarantine").glob("*")):
        if not folder.is_dir():
            continue
        since, is_alive = newest.get(folder.name, (_changed(folder), False))
        if at - since > (RAW if is_alive else REJECTED):
            shutil.rmtree(folder, ignore_errors=True)
            yield f"file {folder.name[:12]}"


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
