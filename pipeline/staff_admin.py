"""What an administrator does about people: give roles, take them away, end sign-ins. Each act is recorded.

The record is written first, so nobody has a role that the history does not know of.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Collection

from pipeline import staff, staff_roles
from pipeline.catalogue import load_catalogue
from pipeline.errors import PipelineError, nearest
from pipeline.settings import Settings
from pipeline.staff import Claim, Person
from pipeline.staff_roles import Entry, RolesError
from pipeline.uploads import ledger

LOG = logging.getLogger("mission_cities")

EVERYTHING = "all"


def grant(
    settings: Settings,
    person: Person | None,
    who: str,
    role: str,
    cities: Collection[str] | None = None,
    indicators: Collection[str] | None = None,
) -> None:
    """Give `who` (an e-mail address or ``issuer|subject``) a role; None means all cities or indicators."""
    person = staff.require(settings, person, "manage")
    key = staff_roles.key_of(who)
    _not_oneself(person, key)
    _known("city", cities, city_ids(settings))
    _known("indicator", indicators, load_catalogue(settings).indicators)
    entry = Entry(
        role=role,
        cities=None if cities is None else frozenset(cities),
        indicators=None if indicators is None else frozenset(indicators),
        given_by=person.person_id,
        given_at=staff_roles.utc(),
    )
    staff_roles.check(entry)
    details = {"to": key, "role": role, "cities": _words(cities), "indicators": _words(indicators)}
    ledger.append(settings, "role_granted", person=person.person_id, details=details)
    staff_roles.grant(settings, key, entry)


def remove(settings: Settings, person: Person | None, who: str) -> bool:
    """Take a role or an invitation away. Whether there was one."""
    person = staff.require(settings, person, "manage")
    key = staff_roles.key_of(who)
    _not_oneself(person, key)
    known = staff_roles.table(settings)
    if key not in known.people and key not in known.invitations:
        return False
    ledger.append(settings, "role_removed", person=person.person_id, details={"to": key})
    return staff_roles.remove(settings, key)


def end_sessions(settings: Settings, person: Person | None, who: str) -> None:
    """No sign-in of this person until now counts any longer; they keep their role and may sign in again."""
    person = staff.require(settings, person, "manage")
    key = staff_roles.key_of(who)
    if "|" not in key:
        raise RolesError(f"'{who}' has not signed in yet; only people who have can be signed out.")
    ledger.append(settings, "session_revoked", person=person.person_id, details={"to": key})
    staff_roles.end_sessions_of(settings, key)


def note(settings: Settings, act: str, claim: Claim | None) -> None:
    """Record that somebody with a role signed in or out; a full disk keeps nobody from it."""
    found = staff.resolve(settings, claim)
    if isinstance(found, Person):
        try:
            ledger.append(settings, act, person=found.person_id)
        except (PipelineError, OSError) as error:
            LOG.warning("%s could not be recorded: %s", act, error)


def leave(settings: Settings, claim: Claim | None) -> None:
    """Sign out: this sign-in counts no longer anywhere, whoever keeps its cookie."""
    if claim is not None:
        note(settings, "signed_out", claim)
        staff_roles.end_session(settings, claim.session_id)


def city_ids(settings: Settings) -> frozenset[str]:
    """Every city of the register."""
    with (settings.reference_dir / "city.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["city_id"] for row in csv.DictReader(file))


def _not_oneself(person: Person, key: str) -> None:
    if key == person.person_id:
        raise RolesError("Nobody changes their own role: ask another administrator.")


def _known(what: str, asked: Collection[str] | None, known: Collection[str]) -> None:
    for one in sorted(asked or ()):
        if one not in known:
            raise RolesError(f"There is no {what} '{one}'{nearest(one, known)}.")
    if asked is not None and not asked:
        raise RolesError(f"Not one {what} is named: name at least one, or give the role for all of them.")


def _words(ids: Collection[str] | None) -> str:
    return EVERYTHING if ids is None else " ".join(sorted(ids))
