"""The table of roles and the sign-ins that were ended, kept as JSON files in the staff folder.

``roles.json`` holds people by ``issuer|subject`` and invitations by e-mail address. ``ended.json`` holds
sign-ins that were ended before their time, and ``local.json`` those made with the one-time address of this
machine. Each file is replaced in one step under a lock, and read again as soon as it changes.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError
from pipeline.settings import Settings

ROLES = ("viewer", "editor", "reviewer", "admin")
"""Lowest first."""
LOCAL_ISSUER = "local"
"""Stands for the identity provider where somebody came by the one-time address of this machine."""
EVERYTHING = "*"
KEPT_SECONDS = 31 * 24 * 60 * 60
"""An ended sign-in is remembered longer than its cookie could live."""

LOCAL_SECONDS = 24 * 60 * 60
"""A sign-in on this machine is forgotten after this time; it has not counted for long then."""

ROLES_FILE = "roles.json"
ENDED_FILE = "ended.json"
LOCAL_FILE = "local.json"


class RolesError(PipelineError):
    """The table of roles is damaged or a change to it makes no sense."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A role of a person or of an invitation. `cities` and `indicators` are ids; None means all."""

    role: str
    cities: frozenset[str] | None = None
    indicators: frozenset[str] | None = None
    name: str = ""
    email: str = ""
    given_by: str = ""
    given_at: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Everybody who has a role: people by ``issuer|subject``, invitations by e-mail address."""

    people: Mapping[str, Entry] = field(default_factory=dict)
    invitations: Mapping[str, Entry] = field(default_factory=dict)


def email_key(email: str) -> str:
    """One spelling for an e-mail address, for comparing."""
    return unicodedata.normalize("NFC", email).strip().casefold()


def utc(now: float | None = None) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))


def table(settings: Settings) -> Table:
    """Who has which role now; nobody when the file does not exist."""
    raw = _read(settings.people_dir / ROLES_FILE)
    try:
        return Table(
            {key: _entry(value) for key, value in raw.get("people", {}).items()},
            {email_key(key): _entry(value) for key, value in raw.get("invitations", {}).items()},
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise RolesError(f"{settings.people_dir / ROLES_FILE} is no table of roles: {error}") from error


def grant(settings: Settings, who: str, entry: Entry) -> None:
    """Give a role to an e-mail address (as an invitation) or to ``issuer|subject``, in place of any other."""
    check(entry)
    key = key_of(who)

    def change(now: Table) -> Table:
        if "|" in key:
            known = now.people.get(key)
            named = (
                entry
                if known is None
                else replace(entry, name=entry.name or known.name, email=entry.email or known.email)
            )
            return replace(now, people={**now.people, key: named})
        return replace(now, invitations={**now.invitations, key: replace(entry, email=key)})

    _change_table(settings, change)


def remove(settings: Settings, who: str) -> bool:
    """Take a role or an invitation away. Whether there was one."""
    key = key_of(who)
    found = False

    def change(now: Table) -> Table:
        nonlocal found
        found = key in now.people or key in now.invitations
        return Table(
            {known: entry for known, entry in now.people.items() if known != key},
            {known: entry for known, entry in now.invitations.items() if known != key},
        )

    _change_table(settings, change)
    return found


def bind(settings: Settings, person_id: str, email: str, name: str) -> Entry | None:
    """Turn the invitation of a verified e-mail address into the role of this person; None without one."""
    key = email_key(email)
    if not key or key not in table(settings).invitations:
        return None
    bound: Entry | None = None

    def change(now: Table) -> Table:
        nonlocal bound
        invitation = now.invitations.get(key)
        if invitation is None:
            bound = now.people.get(person_id)
            return now
        bound = replace(invitation, name=name, email=key)
        left = {known: entry for known, entry in now.invitations.items() if known != key}
        return Table({**now.people, person_id: bound}, left)

    _change_table(settings, change)
    return bound


def check(entry: Entry) -> None:
    """Raises RolesError for a role that does not exist."""
    if entry.role not in ROLES:
        raise RolesError(f"There is no role '{entry.role}'. The roles are {', '.join(ROLES)}.")


def key_of(who: str) -> str:
    """What the table knows somebody by: ``issuer|subject``, or an e-mail address in one spelling."""
    text = who.strip()
    if "|" in text:
        issuer, _bar, subject = text.partition("|")
        if issuer and subject and issuer != LOCAL_ISSUER:
            return text
    elif "@" in text and not any(sign.isspace() for sign in text):
        return email_key(text)
    raise RolesError(f"'{who}' is neither an e-mail address nor issuer|subject, as 'staff list' shows it.")


def _entry(raw: Mapping[str, Any]) -> Entry:
    role = str(raw["role"])
    if role not in ROLES:
        raise ValueError(f"there is no role '{role}'")
    return Entry(
        role=role,
        cities=_scope(raw.get("cities", EVERYTHING)),
        indicators=_scope(raw.get("indicators", EVERYTHING)),
        name=str(raw.get("name", "")),
        email=str(raw.get("email", "")),
        given_by=str(raw.get("given_by", "")),
        given_at=str(raw.get("given_at", "")),
    )


def _scope(raw: object) -> frozenset[str] | None:
    if raw == EVERYTHING:
        return None
    if not isinstance(raw, list):
        raise ValueError(f"a scope is '*' or a list of ids, not {raw!r}")
    return frozenset(str(one) for one in raw)


def _as_json(entry: Entry) -> dict[str, object]:
    return {
        "role": entry.role,
        "cities": EVERYTHING if entry.cities is None else sorted(entry.cities),
        "indicators": EVERYTHING if entry.indicators is None else sorted(entry.indicators),
        "name": entry.name,
        "email": entry.email,
        "given_by": entry.given_by,
        "given_at": entry.given_at,
    }


def _change_table(settings: Settings, change: Callable[[Table], Table]) -> None:
    with _locked(settings.people_dir):
        before = table(settings)
        after = change(before)
        if after != before:
            body = {
                "people": {key: _as_json(entry) for key, entry in sorted(after.people.items())},
                "invitations": {key: _as_json(entry) for key, entry in sorted(after.invitations.items())},
            }
            _write(settings.people_dir / ROLES_FILE, body)


# -- sign-ins that were ended, and those of this machine


def end_session(settings: Settings, session_id: str, now: float | None = None) -> None:
    """A sign-in counts no longer, although its cookie may still be somewhere: after signing out."""
    moment = time.time() if now is None else now

    def change(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "sessions": {**raw.get("sessions", {}), session_id: moment}}

    _change_ended(settings, change, moment)


def end_sessions_of(settings: Settings, person_id: str, now: float | None = None) -> None:
    """No sign-in of this person until now counts any longer."""
    moment = time.time() if now is None else now

    def change(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "people": {**raw.get("people", {}), person_id: moment}}

    _change_ended(settings, change, moment)


def is_revoked(settings: Settings, person_id: str, session_id: str, signed_in_at: float) -> bool:
    """Whether this sign-in was ended."""
    raw = _read(settings.people_dir / ENDED_FILE)
    try:
        return session_id in raw.get("sessions", {}) or signed_in_at <= float(
            raw.get("people", {}).get(person_id, float("-inf"))
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise RolesError(f"{settings.people_dir / ENDED_FILE} is damaged: {error}") from error


def _change_ended(settings: Settings, change: Callable[[dict[str, Any]], dict[str, Any]], now: float) -> None:
    with _locked(settings.people_dir):
        raw = change(dict(_read(settings.people_dir / ENDED_FILE)))
        sessions = {key: at for key, at in raw.get("sessions", {}).items() if now - float(at) < KEPT_SECONDS}
        people = {key: at for key, at in raw.get("people", {}).items() if now - float(at) < KEPT_SECONDS}
        _write(settings.people_dir / ENDED_FILE, {"sessions": sessions, "people": people})


def open_local_session(settings: Settings, session_id: str, now: float | None = None) -> None:
    """Note a sign-in on this machine itself: by the one-time address or from the command line."""
    moment = time.time() if now is None else now
    with _locked(settings.people_dir):
        raw = _read(settings.people_dir / LOCAL_FILE)
        kept = {key: at for key, at in raw.items() if moment - float(at) < LOCAL_SECONDS}
        _write(settings.people_dir / LOCAL_FILE, {**kept, session_id: moment})


def close_local_session(settings: Settings, session_id: str) -> None:
    """A sign-in on this machine is over."""
    with _locked(settings.people_dir):
        raw = _read(settings.people_dir / LOCAL_FILE)
        _write(settings.people_dir / LOCAL_FILE, {key: at for key, at in raw.items() if key != session_id})


def is_local_session(settings: Settings, session_id: str) -> bool:
    return session_id in _read(settings.people_dir / LOCAL_FILE)


# -- files

_seen: dict[Path, tuple[tuple[int, int, int], Mapping[str, Any]]] = {}
"""What was read of each file, and the file's state then. Shared by all threads: replaced, never changed."""


def _read(path: Path) -> Mapping[str, Any]:
    """The JSON object in a file, read again only when the file is another one; empty when there is none."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise RolesError(f"{path} cannot be read: {error.strerror}") from error
    mark = (state.st_mtime_ns, state.st_ino, state.st_size)
    known = _seen.get(path)
    if known is not None and known[0] == mark:
        return known[1]
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RolesError(f"{path} cannot be read: {error}") from error
    if not isinstance(raw, dict):
        raise RolesError(f"{path} does not hold a JSON object.")
    _seen[path] = (mark, raw)
    return raw


def _write(path: Path, body: Mapping[str, object]) -> None:
    """Replace a file in one step; only this user of the machine may read it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(body, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    _seen.pop(path, None)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One change at a time, over all processes."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
