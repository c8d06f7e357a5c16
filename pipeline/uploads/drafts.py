"""Where a person's work on an upload stands. It is kept on the disk at each step: closing the browser, or the
end of the program, loses nothing.

    open_draft(settings, person, sha256=..., name=..., byte_count=...) -> Draft   a new draft of a file
    load(settings, upload_id) -> Draft                       as it stands now; StoreError("no_such_upload")
    save(settings, person, draft) -> Draft                   after the person chose something (choices, table)
    save_checked(settings, person, draft, checked) -> Draft  after reading and checking; state `checked`
    load_checked(settings, upload_id) -> Checked | None
    drafts_of(settings, person) -> tuple[Draft, ...]         own drafts, newest first; a reviewer's also
                                                             those handed over to reviewers
    hand_over(settings, person, upload_id) -> Draft          ask a reviewer to publish

States: received -> parsed -> checked -> previewed -> published -> withdrawn; rejected; broken (our fault).
`published` and `withdrawn` are never stored: the ledger of uploads says so, and `load` looks there.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import staff
from pipeline.hashing import file_sha256
from pipeline.settings import Settings
from pipeline.staff import Person
from pipeline.uploads import ledger
from pipeline.uploads.codec import from_plain, to_plain
from pipeline.uploads.model import Checked, Choices
from pipeline.uploads.store import (
    UPLOAD_ID,
    Clock,
    StoreError,
    folder_of,
    moment,
    read_json,
    utc_now,
    write_json,
)

RECEIVED = "received"
PARSED = "parsed"
CHECKED = "checked"
PREVIEWED = "previewed"
PUBLISHED = "published"
WITHDRAWN = "withdrawn"
REJECTED = "rejected"
BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Draft:
    """One upload. `name` is what the person called the file: a label, never a path.

    `same_as` is the id of an upload of the very same bytes that counts already, else "". `cities` and
    `indicators` are what it speaks for, known once it is checked.
    """

    upload_id: str
    person_id: str
    person_name: str
    sha256: str
    name: str
    byte_count: int
    opened_at: str
    changed_at: str
    state: str = RECEIVED
    choices: Choices = field(default_factory=Choices)
    source_id: str = ""
    table: str = ""
    title: str = ""
    cities: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    same_as: str = ""
    is_handed_over: bool = False
    reason: str = ""


def open_draft(
    settings: Settings, person: Person, *, sha256: str, name: str, byte_count: int, now: Clock = utc_now
) -> Draft:
    """A new draft of a file that was received."""
    person = staff.require(settings, person, "upload")
    at = moment(now())
    draft = Draft(
        upload_id=uuid.uuid4().hex,
        person_id=person.person_id,
        person_name=person.name,
        sha256=sha256,
        name=name,
        byte_count=byte_count,
        opened_at=at,
        changed_at=at,
        same_as=_published_with(settings, sha256),
    )
    _write(settings, draft)
    ledger.append(
        settings,
        RECEIVED,
        person=person.person_id,
        upload_id=draft.upload_id,
        sha256=sha256,
        counts={"bytes": byte_count},
        now=now,
    )
    return draft


def load(settings: Settings, upload_id: str) -> Draft:
    """The draft as it stands, with the ledger's word on whether it counts."""
    return _as_recorded(_read(settings, upload_id), ledger.entries(settings))


def save(settings: Settings, person: Person, draft: Draft, now: Clock = utc_now) -> Draft:
    """Keep the choices, table and title; other choices need another check.

    A draft that was published, withdrawn or rejected is closed.
    """
    person = staff.require(settings, person, "upload")
    stored = _may_change(settings, person, draft)
    is_other = (draft.choices, draft.table) != (stored.choices, stored.table)
    state = draft.state if draft.state in (RECEIVED, PARSED) else PARSED if is_other else stored.state
    changed = replace(
        stored,
        choices=draft.choices,
        table=draft.table,
        title=draft.title,
        state=state,
        changed_at=moment(now()),
    )
    _write(settings, changed)
    return changed


def save_checked(
    settings: Settings, person: Person, draft: Draft, checked: Checked, now: Clock = utc_now
) -> Draft:
    """Keep the outcome of reading and checking; an earlier preview of the draft counts no longer."""
    cities, indicators = scope_of(checked)
    person = staff.require(settings, person, "check", cities=cities, indicators=indicators)
    draft = _may_change(settings, person, draft)
    changed = replace(
        draft,
        state=CHECKED,
        choices=checked.choices,
        source_id=checked.source_id,
        table=checked.choices.table or (checked.records[0].table if checked.records else ""),
        title=checked.title,
        cities=cities,
        indicators=indicators,
        is_handed_over=False,
        changed_at=moment(now()),
    )
    folder = folder_of(settings, "drafts", draft.upload_id)
    write_json(folder / "checked.json", to_plain(checked))
    (folder / "preview.json").unlink(missing_ok=True)
    _write(settings, changed)
    ledger.append(
        settings,
        CHECKED,
        person=person.person_id,
        upload_id=draft.upload_id,
        sha256=draft.sha256,
        counts={
            "read": checked.tally.read,
            "accepted": checked.tally.accepted,
            "missing": checked.tally.missing,
            "refused": sum(checked.tally.refused.values()),
            "faults": sum(checked.counts.values()),
        },
        now=now,
    )
    return changed


def load_checked(settings: Settings, upload_id: str) -> Checked | None:
    """What `save_checked` kept; None when the draft was not checked yet."""
    values = read_json(folder_of(settings, "drafts", upload_id) / "checked.json")
    return from_plain(Checked, values) if values is not None else None


def checked_sha256(settings: Settings, upload_id: str) -> str:
    """The hash of what `save_checked` kept last, "" when nothing was: tells one check from another."""
    path = folder_of(settings, "drafts", upload_id) / "checked.json"
    return file_sha256(path) if path.is_file() else ""


def drafts_of(settings: Settings, person: Person) -> tuple[Draft, ...]:
    """The person's own drafts, and for reviewers also those handed over; newest first."""
    person = staff.require(settings, person, "upload")
    return tuple(
        draft
        for draft in all_drafts(settings)
        if draft.person_id == person.person_id
        or (draft.is_handed_over and draft.state == PREVIEWED and _covers(settings, person, draft))
    )


def all_drafts(settings: Settings) -> tuple[Draft, ...]:
    """Every draft, newest first; for the history and for cleaning."""
    lines = ledger.entries(settings)
    found = []
    for folder in (settings.store_dir / "drafts").glob("*"):
        if UPLOAD_ID.fullmatch(folder.name) and (folder / "draft.json").is_file():
            try:
                found.append(_as_recorded(_read(settings, folder.name), lines))
            except StoreError:
                continue
    return tuple(sorted(found, key=lambda draft: (draft.opened_at, draft.upload_id), reverse=True))


def reject(
    settings: Settings, person: Person, upload_id: str, reason: str = "", now: Clock = utc_now
) -> Draft:
    """Put a draft aside for good."""
    person = staff.require(settings, person, "upload")
    draft = load(settings, upload_id)
    _may_change(settings, person, draft)
    changed = replace(draft, state=REJECTED, reason=reason, changed_at=moment(now()))
    _write(settings, changed)
    ledger.append(
        settings,
        REJECTED,
        person=person.person_id,
        upload_id=upload_id,
        sha256=draft.sha256,
        reason=reason,
        now=now,
    )
    return changed


def hand_over(settings: Settings, person: Person, upload_id: str, now: Clock = utc_now) -> Draft:
    """Ask a reviewer to look at a previewed draft and publish it."""
    draft = load(settings, upload_id)
    person = staff.require(settings, person, "preview", cities=draft.cities, indicators=draft.indicators)
    _may_change(settings, person, draft)
    if draft.state != PREVIEWED:
        raise StoreError("preview_needed", "Look at the preview first.")
    changed = replace(draft, is_handed_over=True, changed_at=moment(now()))
    _write(settings, changed)
    ledger.append(settings, "handed_over", person=person.person_id, upload_id=upload_id, now=now)
    return changed


def scope_of(checked: Checked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cities and the indicators the figures are about, sorted: what a role must cover."""
    cities = {record.city_id for record in checked.records if record.city_id}
    indicators = {
        record.cells.get("indicator_id") or TABLE_INDICATOR.get(record.table, "")
        for record in checked.records
    }
    cities |= set(checked.cities)
    indicators |= set(checked.indicators)
    return tuple(sorted(cities)), tuple(sorted(indicators - {""}))


#: The indicator of the registry that stands for a table in a role's scope.
TABLE_INDICATOR = {
    "emissions": "ghg_total_t",
    "energy": "energy_total_mwh",
    "targets": "ghg_total_t",
}


def set_state(settings: Settings, draft: Draft, state: str, now: Clock = utc_now) -> Draft:
    """For steps of our own that asked for the person's right already."""
    changed = replace(draft, state=state, changed_at=moment(now()))
    _write(settings, changed)
    return changed


def forget_person(settings: Settings, draft: Draft) -> None:
    """Keep what the history shows of an old upload, without a person's name and the cells of the file."""
    folder = folder_of(settings, "drafts", draft.upload_id)
    for name in ("checked.json", "preview.json", "progress.json", "job.log"):
        (folder / name).unlink(missing_ok=True)
    _write(settings, replace(_read(settings, draft.upload_id), person_name=""))


def may_act(settings: Settings, person: Person, draft: Draft) -> None:
    """Refuse anybody but the person whose draft it is, or a reviewer whose cities it is about."""
    if draft.person_id != person.person_id and not _covers(settings, person, draft):
        raise StoreError(
            "draft_of_another", "This upload belongs to another person. A reviewer can take it over."
        )


def _covers(settings: Settings, person: Person, draft: Draft) -> bool:
    try:
        staff.require(settings, person, "review", cities=draft.cities, indicators=draft.indicators)
    except staff.AccessRefused:
        return False
    return True


def _may_change(settings: Settings, person: Person, draft: Draft) -> Draft:
    """The draft as it is stored, when this person may change it."""
    now = load(settings, draft.upload_id)
    may_act(settings, person, now)
    if now.state in (PUBLISHED, WITHDRAWN, REJECTED):
        raise StoreError("draft_closed", f"This upload is {now.state}; begin a new one.", value=now.state)
    return now


def _published_with(settings: Settings, sha256: str) -> str:
    lines = ledger.entries(settings)
    active = set(ledger.active_of(lines))
    for entry in reversed(lines):
        if entry.sha256 == sha256 and entry.upload_id in active:
            return entry.upload_id
    return ""


def _as_recorded(draft: Draft, lines: Collection[ledger.Entry]) -> Draft:
    if draft.upload_id in ledger.active_of(lines):
        return replace(draft, state=PUBLISHED)
    if any(entry.upload_id == draft.upload_id and entry.act == PUBLISHED for entry in lines):
        return replace(draft, state=WITHDRAWN)
    return draft


def _path(settings: Settings, upload_id: str) -> Path:
    return folder_of(settings, "drafts", upload_id) / "draft.json"


def _read(settings: Settings, upload_id: str) -> Draft:
    values = read_json(_path(settings, upload_id))
    if values is None:
        raise StoreError("no_such_upload", "There is no such upload.", value=upload_id)
    try:
        return from_plain(Draft, values)
    except (TypeError, AttributeError, ValueError) as error:
        raise StoreError("no_such_upload", "The upload's notes are damaged.", value=upload_id) from error


def _write(settings: Settings, draft: Draft) -> None:
    write_json(_path(settings, draft.upload_id), to_plain(draft))
