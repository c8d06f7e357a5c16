"""Who a person is and what they may do. Every function that writes asks :func:`require` first.

A sign-in only proves who somebody is (:class:`Claim`). What they may do stands in a table on the server, read
anew each time, so a role that is taken away is gone at the next click. See ``staff_roles`` for the table.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline import staff_roles
from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.staff_roles import LOCAL_ISSUER, ROLES, Entry

MAX_AGE_SECONDS = 8 * 60 * 60
"""A sign-in older than this counts no longer."""
CLOCK_SECONDS = 5 * 60
"""So far the clocks of the identity provider and of this machine may differ."""

NAME_SIGNS = 100
"""Longest name of a person that is kept."""

LOWEST_ROLE = {
    "upload": "editor",
    "check": "editor",
    "preview": "editor",
    "publish": "editor",
    "undo": "editor",
    "withdraw": "editor",
    "review": "reviewer",
    "restore": "reviewer",
    "manage": "admin",
}
"""What can be done -> the lowest role that may do it."""

REFUSALS = {
    "not_signed_in": "Nobody is signed in. Sign in and try again.",
    "too_old": "This sign-in is more than 8 hours old. Sign in again.",
    "revoked": "This sign-in was ended. Sign in again.",
    "email_not_verified": "The identity provider has not verified the e-mail address, so no role counts.",
    "no_role": "This person has no role here. An administrator can give one.",
    "role_too_low": "This needs a higher role than the person has.",
    "other_city": "This person's role does not cover the city.",
    "other_indicator": "This person's role does not cover the indicator.",
    "roles_unreadable": "The table of roles cannot be read, so nobody is let in until it is repaired.",
    "unknown_act": "This is nothing anybody may do here.",
}
"""Why somebody is refused, in plain words, by code."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sign-in says about somebody. `signed_in_at` is in seconds since 1970 (UTC)."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str
    signed_in_at: float
    session_id: str

    @property
    def person_id(self) -> str:
        return f"{self.issuer}|{self.subject}"


def claim_from_token(token: Mapping[str, object]) -> Claim | None:
    """The claim in what an identity provider signed (OpenID Connect ID token); None when it names nobody.

    The time of the sign-in is `iat`, when the provider issued the token. Two sign-ins of one person differ in
    `nonce`, so they are two sessions.
    """
    issuer, subject, issued = token.get("iss"), token.get("sub"), token.get("iat")
    if not (isinstance(issuer, str) and issuer and isinstance(subject, str) and subject):
        return None
    if issuer == LOCAL_ISSUER or isinstance(issued, bool) or not isinstance(issued, int | float):
        return None
    if not math.isfinite(issued):
        return None
    parts = (issuer, subject, *(str(token.get(key, "")) for key in ("iat", "nonce", "at_hash", "sid", "jti")))
    email, name = token.get("email"), token.get("name")
    return Claim(
        issuer=issuer,
        subject=subject,
        email=email.strip() if isinstance(email, str) else "",
        email_verified=token.get("email_verified") in (True, "true"),
        name=name.strip()[:NAME_SIGNS] if isinstance(name, str) else "",
        signed_in_at=float(issued),
        session_id=hashlib.sha256("\n".join(parts).encode()).hexdigest(),
    )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a role. `cities` and `indicators` are ids; None means all of them."""

    person_id: str
    name: str
    email: str
    role: str
    cities: frozenset[str] | None
    indicators: frozenset[str] | None
    claim: Claim

    def may(self, act: str) -> bool:
        """Whether the role allows this in general; :func:`require` decides."""
        lowest = LOWEST_ROLE.get(act)
        return lowest is not None and ROLES.index(self.role) >= ROLES.index(lowest)


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody who may do nothing here, and why: a key of :data:`REFUSALS`."""

    code: str


class AccessRefused(PipelineError):
    """An act that was not allowed, with the reason as a code and what it was about."""

    def __init__(self, code: str, act: str = "", about: str = "") -> None:
        super().__init__(REFUSALS[code] + (f" ({about})" if about else ""))
        self.code = code
        self.act = act
        self.about = about


def resolve(settings: Settings, claim: Claim | None, now: float | None = None) -> Person | Refused:
    """The person behind a sign-in with the role they have at this moment, or why they are refused.

    Somebody invited by e-mail gets their role at the first sign-in with that verified address; from then on
    it belongs to issuer and subject, and the address plays no part.
    """
    if claim is None or not claim.issuer or not claim.subject:
        return Refused("not_signed_in")
    age = (time.time() if now is None else now) - claim.signed_in_at
    if not -CLOCK_SECONDS <= age <= MAX_AGE_SECONDS:
        return Refused("too_old")
    try:
        if staff_roles.is_revoked(settings, claim.person_id, claim.session_id, claim.signed_in_at):
            return Refused("revoked")
        if claim.issuer == LOCAL_ISSUER:
            is_open = staff_roles.is_local_session(settings, claim.session_id)
            return _person(claim, Entry(role="admin")) if is_open else Refused("revoked")
        entry = staff_roles.table(settings).people.get(claim.person_id)
        if entry is None:
            if not claim.email_verified:
                return Refused("email_not_verified")
            entry = staff_roles.bind(settings, claim.person_id, claim.email, claim.name)
    except staff_roles.RolesError:
        return Refused("roles_unreadable")
    return Refused("no_role") if entry is None or entry.role == "viewer" else _person(claim, entry)


def _person(claim: Claim, entry: Entry) -> Person:
    everything = entry.role == "admin"
    return Person(
        person_id=claim.person_id,
        name=claim.name or entry.name,
        email=claim.email if claim.email_verified else entry.email,
        role=entry.role,
        cities=None if everything else entry.cities,
        indicators=None if everything else entry.indicators,
        claim=claim,
    )


def require(
    settings: Settings,
    person: Person | None,
    act: str,
    cities: Iterable[str] = (),
    indicators: Iterable[str] = (),
    now: float | None = None,
) -> Person:
    """The person as they are now, when they may do `act` for all the cities and indicators.

    Raises :class:`AccessRefused` otherwise. What the `person` handed over says about roles is not believed:
    only its claim is looked up again.
    """
    lowest = LOWEST_ROLE.get(act)
    if lowest is None:
        raise AccessRefused("unknown_act", act, act)
    found = resolve(settings, None if person is None else person.claim, now)
    if isinstance(found, Refused):
        raise AccessRefused(found.code, act)
    if not found.may(act):
        raise AccessRefused("role_too_low", act, f"{act}: {lowest}")
    _within("other_city", act, cities, found.cities)
    _within("other_indicator", act, indicators, found.indicators)
    return found


def _within(code: str, act: str, asked: Iterable[str], allowed: frozenset[str] | None) -> None:
    if allowed is None:
        return
    beyond = sorted(set(asked) - allowed)
    if beyond:
        raise AccessRefused(code, act, ", ".join(beyond[:5]) + (" ..." if len(beyond) > 5 else ""))
