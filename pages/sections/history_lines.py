"""What happened to the figures, as lines of one list: uploads, versions, and who did it. No drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pages.language import N_, Language
from pipeline import publish, staff_roles
from pipeline.publish import Build
from pipeline.settings import Settings
from pipeline.uploads import ledger
from pipeline.uploads.ledger import Entry

ACTS: Mapping[str, str] = {
    "received": N_("File received"),
    "checked": N_("File checked"),
    "rejected": N_("File refused"),
    "previewed": N_("Changes previewed"),
    "handed_over": N_("Handed over to a reviewer"),
    "publish_intent": N_("Change announced"),
    "published": N_("Upload published"),
    "abandoned": N_("Change given up"),
    "undone": N_("Last change undone"),
    "withdrawn": N_("Upload withdrawn"),
    "restored": N_("Version restored"),
    "built": N_("Version built"),
    "noted": N_("Note of the program"),
    "cleaned": N_("Old files removed"),
    "backup_restored": N_("Backup restored"),
    "signed_in": N_("Signed in"),
    "signed_out": N_("Signed out"),
    "role_granted": N_("Role given"),
    "role_removed": N_("Role taken away"),
    "session_revoked": N_("Sign-ins ended"),
}
"""What the ledger calls an act -> words. An act that is not here is shown as it is written."""

ICONS: Mapping[str, str] = {
    "published": ":material/publish:",
    "built": ":material/construction:",
    "undone": ":material/undo:",
    "withdrawn": ":material/remove_circle:",
    "restored": ":material/restore:",
    "rejected": ":material/block:",
    "received": ":material/upload_file:",
    "checked": ":material/fact_check:",
    "previewed": ":material/difference:",
    "handed_over": ":material/group:",
}

ABOUT_FIGURES = frozenset({"published", "undone", "withdrawn", "restored", "built"})
"""Acts that changed what readers see."""
ABOUT_FILES = frozenset({"received", "rejected", "previewed", "checked", "handed_over"})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `upload_id` and `build_id` may be empty."""

    at: str
    act: str
    person: str
    reason: str
    upload_id: str
    build_id: str
    base_build: str
    counts: Mapping[str, int]
    confirmed: tuple[str, ...]
    number: int

    @property
    def icon(self) -> str:
        return ICONS.get(self.act, ":material/circle:")


@dataclass(frozen=True, slots=True)
class History:
    """All lines, newest first, and what counts now."""

    lines: tuple[Line, ...]
    active: tuple[str, ...]
    current: Build | None
    builds: Mapping[str, Build]

    def upload_state(self, upload_id: str) -> str:
        """published | withdrawn | other, from the ledger alone."""
        if upload_id in self.active:
            return "published"
        was_out = any(line.upload_id == upload_id and line.act == "published" for line in self.lines)
        return "withdrawn" if was_out else "other"


def load(settings: Settings) -> History:
    """Read ledger and builds. Builds that no act of the ledger names were made on the server."""
    entries = ledger.entries(settings)
    kept = publish.builds(settings)
    known = {entry.build for entry in entries if entry.act in ABOUT_FIGURES}
    lines = [_of_entry(entry) for entry in entries]
    lines += [
        Line(_moment(build.built_at), "built", "", "", "", build.build_id, "", {}, (), 0)
        for build in kept
        if build.build_id not in known and build.state != publish.DRAFT
    ]
    lines.sort(key=lambda line: (line.at, line.number), reverse=True)
    return History(
        tuple(lines),
        ledger.active_of(entries),
        publish.current_build(settings),
        {build.build_id: build for build in kept},
    )


def _of_entry(entry: Entry) -> Line:
    return Line(
        entry.at,
        entry.act,
        entry.person,
        entry.reason,
        entry.upload_id,
        entry.build,
        entry.base_build,
        entry.counts,
        entry.confirmed,
        entry.number,
    )


def _moment(built_at: str) -> str:
    """20261122T034003Z or already 2026-11-22T03:40:03Z -> the second form, so that both sort as one."""
    digits = "".join(sign for sign in built_at if sign.isdigit())[:14].ljust(14, "0")
    date = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    return f"{date}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}Z"


def names(settings: Settings) -> Mapping[str, str]:
    """Person id -> name or e-mail address, of everybody who has a role now."""
    try:
        people = staff_roles.table(settings).people
    except staff_roles.RolesError:
        return {}
    return {person_id: entry.name or entry.email or person_id for person_id, entry in people.items()}


def who(person_id: str, known: Mapping[str, str], lang: Language) -> str:
    """A person in words."""
    _ = lang.gettext
    if person_id in known:
        return known[person_id]
    if not person_id or person_id == publish.CONSOLE.person:
        return _("by command on the server")
    if person_id.split("|")[0] == staff_roles.LOCAL_ISSUER:
        return _("somebody at this machine")
    return _("somebody who has no role any more ({id})", id=person_id.rpartition("|")[2][:24])


def chosen(lines: Sequence[Line], kind: str) -> list[Line]:
    """The lines of one kind: figures | files | everything."""
    wanted = {"figures": ABOUT_FIGURES, "files": ABOUT_FIGURES | ABOUT_FILES}.get(kind)
    return [line for line in lines if wanted is None or line.act in wanted]
