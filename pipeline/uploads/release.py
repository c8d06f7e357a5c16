"""From a preview to what readers see, and back. Every function asks for the person's right first, is one
version more in the ledger of uploads, and leaves readers with a whole build whatever happens in between.

    publish(settings, person, upload_id, confirmed, reason="") -> Build    quick: the preview is built
    undo_target(settings) -> Undo                                           what `undo` would go back to
    undo(settings, person, reason="") -> Build                              the build readers saw before
    withdraw(settings, person, upload_id, reason, progress=None) -> Build   rebuilds without an older upload
    restore(settings, person, build_id, reason) -> Build                    any build readers ever saw

Errors are StoreError with a code of catalogue/faults.yml: `stale_base` (readers see another build by now:
make a fresh preview), `not_confirmed`, `needs_review`, `reason_needed`, `already_uploaded`, `preview_needed`,
`ledger_broken`, `disk_full`, `not_published`; AccessRefused where the role does not allow it.

Previews, with their progress, are in `pipeline.uploads.preview`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from pipeline import publish as publisher
from pipeline import staff
from pipeline.build import read_inputs
from pipeline.errors import InputError
from pipeline.publish import Build, Note, builder_lock, builds, current_build, find
from pipeline.settings import Settings
from pipeline.staff import Person
from pipeline.uploads import drafts, jobs, ledger
from pipeline.uploads.preview import Preview, is_of_check, read_preview
from pipeline.uploads.stage import read_staged
from pipeline.uploads.store import StoreError

#: Builds made for a withdrawal before giving up, when others publish in between.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Undo:
    """What going back one step means: the build, and the uploads that would count no longer or again."""

    build: Build
    taken_back: tuple[str, ...]
    brought_back: tuple[str, ...]


def publish(
    settings: Settings, person: Person, upload_id: str, confirmed: Collection[str] = (), reason: str = ""
) -> Build:
    """Show readers the previewed candidate. `confirmed` are the codes of `Preview.questions` ticked by name.

    A second call for the same upload changes nothing and gives the build readers see.
    """
    draft = drafts.load(settings, upload_id)
    person = staff.require(settings, person, "publish", cities=draft.cities, indicators=draft.indicators)
    drafts.may_act(settings, person, draft)
    with builder_lock(settings):
        _begin(settings)
        draft = drafts.load(settings, upload_id)
        current = current_build(settings)
        if draft.state == drafts.PUBLISHED and current is not None:
            return current
        found = read_preview(settings, upload_id)
        if draft.state != drafts.PREVIEWED or found is None or not is_of_check(settings, found):
            raise StoreError("preview_needed", "Look at the preview first.")
        _refuse_stale(settings, found, current)
        _refuse_unconfirmed(settings, person, draft, found, confirmed, reason)
        note = Note(
            person=person.person_id,
            reason=reason.strip(),
            upload_id=upload_id,
            sha256=draft.sha256,
            confirmed=tuple(sorted(set(confirmed) & set(found.questions))),
            counts={
                **found.difference.counts,
                "rows": sum(found.staged.rows.values()),
                "lost_rows": found.staged.lost_rows,
                "cities": len(found.staged.cities),
            },
            files=found.staged.files,
        )
        return publisher.move(settings, find(settings, found.build_id), drafts.PUBLISHED, note)


def undo_target(settings: Settings) -> Undo:
    """What `undo` would do now; PublishError when there is nothing to go back to."""
    target, _ = publisher.before_current(settings)
    current = current_build(settings)
    shown = current.uploads if current is not None else ()
    return Undo(
        target,
        taken_back=tuple(known for known in shown if known not in target.uploads),
        brought_back=tuple(known for known in target.uploads if known not in shown),
    )


def undo(settings: Settings, person: Person, reason: str = "") -> Build:
    """Go back to the build readers saw before; what it takes back stays out of the next build."""
    with builder_lock(settings):
        person = _require_undo(settings, person)
        _begin(settings)
        person = _require_undo(settings, person)
        step = undo_target(settings)
        about = (step.taken_back or step.brought_back or ("",))[-1]
        return publisher.step_back(
            settings, Note(person=person.person_id, reason=reason.strip(), upload_id=about)
        )


def withdraw(
    settings: Settings,
    person: Person,
    upload_id: str,
    reason: str,
    progress: Callable[[jobs.Progress], None] | None = None,
) -> Build:
    """Rebuild without an upload that counts, however long ago it was published."""
    draft = drafts.load(settings, upload_id)
    person = staff.require(settings, person, "withdraw", cities=draft.cities, indicators=draft.indicators)
    drafts.may_act(settings, person, draft)
    _refuse_no_reason(reason)
    for _ in range(TRIES):
        active = ledger.active_uploads(settings)
        if upload_id not in active:
            raise StoreError("not_published", "This upload is not among those that count.", value=upload_id)
        left = tuple(known for known in active if known != upload_id)
        made_id = _build_in_child(settings, left, progress)
        with builder_lock(settings):
            _begin(settings)
            person = staff.require(
                settings, person, "withdraw", cities=draft.cities, indicators=draft.indicators
            )
            made = find(settings, made_id)
            if ledger.active_uploads(settings) != active or not _is_of_today(
                settings, left, made.input_sha256
            ):
                continue
            note = Note(
                person=person.person_id, reason=reason.strip(), upload_id=upload_id, sha256=draft.sha256
            )
            return publisher.move(settings, made, "withdrawn", note)
    raise StoreError("stale_base", "Others published meanwhile. Try again.")


def restore(settings: Settings, person: Person, build_id: str, reason: str) -> Build:
    """Show readers a build that is kept, byte for byte; the uploads it was made from count from then on."""
    person = staff.require(settings, person, "restore")
    _refuse_no_reason(reason)
    with builder_lock(settings):
        _begin(settings)
        target = find(settings, build_id)
        if target.state == publisher.DRAFT:
            raise StoreError("never_published", "Readers never saw this build, so it cannot be restored.")
        cities = _cities(settings, _differing(target.uploads, ledger.active_uploads(settings)))
        person = staff.require(settings, person, "restore", cities=cities)
        return publisher.move(
            settings, target, "restored", Note(person=person.person_id, reason=reason.strip())
        )


def _begin(settings: Settings) -> None:
    """Close what a killed process left open, and refuse to write on a ledger that was tampered with."""
    ledger.repair(settings)
    publisher.clean_leftovers(settings)
    publisher.settle(settings)
    faults = ledger.verify(settings)
    if faults:
        raise StoreError(
            "ledger_broken", "The ledger of uploads is damaged: " + " ".join(faults[:3]), value=faults[0]
        )


def _require_undo(settings: Settings, person: Person) -> Person:
    step = undo_target(settings)
    concerned = _differing(step.taken_back, step.brought_back)
    if not concerned:
        return staff.require(settings, person, "restore")
    cities = _cities(settings, concerned)
    person = staff.require(settings, person, "undo", cities=cities)
    for upload_id in concerned:
        drafts.may_act(settings, person, drafts.load(settings, upload_id))
    moves = [entry for entry in ledger.entries(settings) if entry.act in ledger.MOVES]
    if step.brought_back and moves and moves[-1].person != person.person_id:
        # What somebody else took back on purpose is a reviewer's to bring back.
        return staff.require(settings, person, "review", cities=cities)
    return person


def _differing(one: Collection[str], other: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(set(one) ^ set(other)))


def _cities(settings: Settings, uploads: Collection[str]) -> tuple[str, ...]:
    found: set[str] = set()
    for upload_id in uploads:
        staged = read_staged(settings, upload_id)
        found |= set(staged.cities if staged is not None else ())
    return tuple(sorted(found))


def _refuse_stale(settings: Settings, found: Preview, current: Build | None) -> None:
    is_base = (current.build_id if current is not None else "") == found.base_build_id
    if not is_base or not _is_of_today(settings, found.uploads, found.input_sha256):
        raise StoreError(
            "stale_base", "The published figures changed after this preview was made. Look at a fresh one."
        )


def _is_of_today(settings: Settings, uploads: Collection[str], sha256: str) -> bool:
    """Whether a build of these uploads, made now, would be of the same inputs."""
    try:
        return read_inputs(settings, tuple(uploads)).sha256 == sha256
    except InputError:
        return False


def _refuse_unconfirmed(
    settings: Settings,
    person: Person,
    draft: drafts.Draft,
    found: Preview,
    confirmed: Collection[str],
    reason: str,
) -> None:
    if found.needs_review:
        try:
            staff.require(settings, person, "review", cities=draft.cities, indicators=draft.indicators)
        except staff.AccessRefused as error:
            raise StoreError(
                "needs_review",
                "This upload loses many rows or is about many cities, so a reviewer publishes it.",
            ) from error
        _refuse_no_reason(reason)
    left = [code for code in found.questions if code not in confirmed]
    if left:
        raise StoreError("not_confirmed", "Not confirmed by name: " + ", ".join(left), value=", ".join(left))


def _refuse_no_reason(reason: str) -> None:
    if not reason.strip():
        raise StoreError("reason_needed", "Say why in a few words; it is kept in the history.")


def _build_in_child(
    settings: Settings, uploads: Collection[str], progress: Callable[[jobs.Progress], None] | None
) -> str:
    """Build the given uploads in a child process and wait; gives the id of the build."""
    folder = _work_folder(settings)
    while not jobs.start(settings, folder, {"kind": "build", "uploads": list(uploads)}):
        jobs.wait(folder, progress)
    ended = jobs.wait(folder, progress)
    if ended.state != jobs.DONE:
        raise jobs.failure(ended)
    made_id = ended.result["build"]
    if not any(made.build_id == made_id and made.uploads == tuple(uploads) for made in builds(settings)):
        raise StoreError("interrupted", "The build is gone. Try again.")
    return made_id


def _work_folder(settings: Settings) -> Path:
    return settings.store_dir / "work"
