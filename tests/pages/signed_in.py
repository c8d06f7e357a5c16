"""Page tests as a signed-in person: the sign-in is given, the role comes from a real table of roles."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest

from pages.parts import staff as pages_staff
from pipeline import staff, staff_roles
from pipeline.settings import Settings
from pipeline.staff import Claim, Person
from pipeline.staff_roles import Entry
from pipeline.uploads import drafts
from pipeline.uploads.drafts import Draft
from pipeline.uploads.receive import receive

ISSUER = "https://id.test"
GOOD = (
    "City;Year;Sector;Scope;Amount;Unit;Gases;Source\n"
    "Klaipėda;2021;Total;BASIC;812,5;kt;CO2e;https://klaipeda.test/inventory\n"
    "Klaipėda;2022;Total;BASIC;790,1;kt;CO2e;https://klaipeda.test/inventory\n"
)
"""A file in which everything is said and in order."""


def claim(subject: str, age_seconds: float = 0.0) -> Claim:
    """What a sign-in of this person says."""
    return Claim(
        issuer=ISSUER,
        subject=subject,
        email=f"{subject}@office.test",
        email_verified=True,
        name=subject.title(),
        signed_in_at=time.time() - age_seconds,
        session_id=f"session-{subject}",
    )


def role(settings: Settings, subject: str, name: str, cities: Iterable[str] | None = None) -> Claim:
    """Give somebody a role in the real table and hand back their sign-in."""
    covered = None if cities is None else frozenset(cities)
    staff_roles.grant(settings, f"{ISSUER}|{subject}", Entry(name, cities=covered, name=subject.title()))
    return claim(subject)


def sign_in(monkeypatch: pytest.MonkeyPatch, who: Claim | None) -> None:
    """From now on pages see this sign-in."""
    monkeypatch.setattr(pages_staff, "claim", lambda: who)


def person(settings: Settings, who: Claim) -> Person:
    """The person behind a sign-in, as the pages resolve it."""
    found = staff.resolve(settings, who)
    assert isinstance(found, Person)
    return found


def bring(settings: Settings, who: Claim, text: str = GOOD, name: str = "figures.csv") -> Draft:
    """A received file and its draft."""
    data = text.encode()
    someone = person(settings, who)
    got = receive(settings, someone, name, data)
    return drafts.open_draft(settings, someone, sha256=got.sha256, name=got.name, byte_count=len(data))
