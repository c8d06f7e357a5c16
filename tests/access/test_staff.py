"""Roles, invitations and sign-ins: who may do what, and from when on no longer."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import staff, staff_roles
from pipeline.settings import Settings, load_settings
from pipeline.staff import MAX_AGE_SECONDS, AccessRefused, Claim, Person, Refused, claim_from_token
from pipeline.staff_roles import Entry, RolesError

NOW = 1_800_000_000.0
ISSUER = "https://login.example.org"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(load_settings({}), uploads_dir=tmp_path / "uploads", staff_dir=tmp_path / "staff")


def claim(subject: str = "ona", *, age: float = 60.0, verified: bool = True, session: str = "s1") -> Claim:
    return Claim(ISSUER, subject, f"{subject}@klaipeda.test", verified, subject.title(), NOW - age, session)


def refusal(found: Person | Refused) -> str:
    assert isinstance(found, Refused)
    assert found.code in staff.REFUSALS
    return found.code


def person(found: Person | Refused) -> Person:
    assert isinstance(found, Person)
    return found


def invite(settings: Settings, role: str = "editor", **scope: frozenset[str]) -> None:
    staff_roles.grant(settings, " ONA@Klaipeda.test ", Entry(role, **scope))


def test_nobody_has_a_role_to_begin_with(settings: Settings) -> None:
    assert refusal(staff.resolve(settings, None, NOW)) == "not_signed_in"
    assert refusal(staff.resolve(settings, claim(), NOW)) == "no_role"
    assert not settings.people_dir.exists(), "looking somebody up writes nothing"


def test_invitation_becomes_the_role_of_the_first_who_signs_in_with_it(settings: Settings) -> None:
    invite(settings, cities=frozenset({"klaipeda"}))
    ona = person(staff.resolve(settings, claim(), NOW))
    assert (ona.role, ona.cities, ona.indicators) == ("editor", frozenset({"klaipeda"}), None)
    assert ona.person_id == f"{ISSUER}|ona"
    other = Claim(ISSUER, "other", "ona@klaipeda.test", True, "Other", NOW, "s2")
    assert refusal(staff.resolve(settings, other, NOW)) == "no_role", "the invitation is used up"
    moved = replace(claim(), email="ona@elsewhere.test")
    assert person(staff.resolve(settings, moved, NOW)).role == "editor", "the role is hers, not the address's"


def test_same_subject_of_another_provider_is_another_person(settings: Settings) -> None:
    invite(settings)
    assert person(staff.resolve(settings, claim(), NOW))
    assert refusal(staff.resolve(settings, replace(claim(), issuer="https://evil.test"), NOW)) == "no_role"


def test_address_that_is_not_verified_counts_for_nothing(settings: Settings) -> None:
    invite(settings, "admin")
    assert refusal(staff.resolve(settings, claim(verified=False), NOW)) == "email_not_verified"
    assert not staff_roles.table(settings).people


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (0.0, ""),
        (MAX_AGE_SECONDS, ""),
        (MAX_AGE_SECONDS + 1, "too_old"),
        (-staff.CLOCK_SECONDS, ""),
        (-staff.CLOCK_SECONDS - 1, "too_old"),
    ],
)
def test_sign_in_counts_for_eight_hours(settings: Settings, age: float, code: str) -> None:
    invite(settings)
    found = staff.resolve(settings, claim(age=age), NOW)
    assert (found.code if isinstance(found, Refused) else "") == code


def test_ended_session_counts_no_longer_and_others_do(settings: Settings) -> None:
    invite(settings)
    staff_roles.end_session(settings, "s1", NOW)
    assert refusal(staff.resolve(settings, claim(), NOW)) == "revoked"
    assert person(staff.resolve(settings, claim(session="s2"), NOW))


def test_all_sessions_of_a_person_end_and_a_new_sign_in_counts(settings: Settings) -> None:
    invite(settings)
    staff.resolve(settings, claim(), NOW)
    staff_roles.end_sessions_of(settings, f"{ISSUER}|ona", NOW)
    assert refusal(staff.resolve(settings, claim(age=0), NOW)) == "revoked"
    assert person(staff.resolve(settings, claim(age=-1, session="s3"), NOW))


def test_ended_sessions_are_forgotten_after_their_cookies(settings: Settings) -> None:
    staff_roles.end_session(settings, "old", NOW - staff_roles.KEPT_SECONDS - 1)
    staff_roles.end_session(settings, "new", NOW)
    kept = json.loads((settings.people_dir / staff_roles.ENDED_FILE).read_text())["sessions"]
    assert set(kept) == {"new"}


@pytest.mark.parametrize("body", ["", "{", "[]", '{"people": 3}', '{"people": {"a|b": {"role": "king"}}}'])
def test_damaged_table_lets_nobody_in(settings: Settings, body: str) -> None:
    settings.people_dir.mkdir(parents=True)
    (settings.people_dir / staff_roles.ROLES_FILE).write_text(body)
    assert refusal(staff.resolve(settings, claim(), NOW)) == "roles_unreadable"


def test_damaged_list_of_ended_sessions_lets_nobody_in(settings: Settings) -> None:
    invite(settings)
    (settings.people_dir / staff_roles.ENDED_FILE).write_text("{")
    assert refusal(staff.resolve(settings, claim(), NOW)) == "roles_unreadable"


ALLOWED = {
    "viewer": set(),
    "editor": {"upload", "check", "preview", "publish", "undo", "withdraw"},
    "reviewer": {"upload", "check", "preview", "publish", "undo", "withdraw", "review", "restore"},
    "admin": set(staff.LOWEST_ROLE),
}


@pytest.mark.parametrize("role", staff_roles.ROLES)
@pytest.mark.parametrize("act", sorted(staff.LOWEST_ROLE))
def test_roles_allow_what_the_table_says(settings: Settings, role: str, act: str) -> None:
    invite(settings, role)
    found = staff.resolve(settings, claim(), NOW)
    who = found if isinstance(found, Person) else Person("x", "", "", role, None, None, claim())
    if act in ALLOWED[role]:
        assert staff.require(settings, who, act, now=NOW).role == role
    else:
        with pytest.raises(AccessRefused) as caught:
            staff.require(settings, who, act, now=NOW)
        assert caught.value.code == ("no_role" if role == "viewer" else "role_too_low")


def test_scope_is_checked_for_each_city_and_indicator(settings: Settings) -> None:
    invite(settings, cities=frozenset({"klaipeda"}), indicators=frozenset({"population"}))
    ona = person(staff.resolve(settings, claim(), NOW))
    assert staff.require(settings, ona, "publish", ["klaipeda"], ["population"], NOW)
    with pytest.raises(AccessRefused, match="vilnius") as caught:
        staff.require(settings, ona, "publish", ["klaipeda", "vilnius"], now=NOW)
    assert caught.value.code == "other_city"
    with pytest.raises(AccessRefused) as caught:
        staff.require(settings, ona, "publish", ["klaipeda"], ["gdp"], NOW)
    assert caught.value.code == "other_indicator"


def test_what_a_person_says_about_their_role_is_not_believed(settings: Settings) -> None:
    invite(settings, cities=frozenset({"klaipeda"}))
    ona = person(staff.resolve(settings, claim(), NOW))
    liar = replace(ona, role="admin", cities=None)
    with pytest.raises(AccessRefused):
        staff.require(settings, liar, "manage", now=NOW)
    with pytest.raises(AccessRefused):
        staff.require(settings, liar, "publish", ["vilnius"], now=NOW)
    staff_roles.remove(settings, ona.person_id)
    with pytest.raises(AccessRefused):
        staff.require(settings, ona, "upload", now=NOW)
    with pytest.raises(AccessRefused):
        staff.require(settings, None, "upload", now=NOW)
    with pytest.raises(AccessRefused) as caught:
        staff.require(settings, ona, "fly", now=NOW)
    assert caught.value.code == "unknown_act"


def test_claim_of_this_machine_needs_its_own_session(settings: Settings) -> None:
    made_up = Claim(staff_roles.LOCAL_ISSUER, "admin", "", False, "", NOW, "s1")
    assert refusal(staff.resolve(settings, made_up, NOW)) == "revoked"
    staff_roles.open_local_session(settings, "s1", NOW)
    assert person(staff.resolve(settings, made_up, NOW)).role == "admin"
    staff_roles.close_local_session(settings, "s1")
    assert refusal(staff.resolve(settings, made_up, NOW)) == "revoked"


TOKEN: dict[str, object] = {
    "iss": ISSUER,
    "sub": "ona",
    "iat": 1_800_000_000,
    "nonce": "n1",
    "email": "ona@klaipeda.test",
    "email_verified": True,
    "name": "Ona",
}


def test_token_of_a_provider_becomes_a_claim() -> None:
    found = claim_from_token(TOKEN)
    assert found is not None
    assert (found.person_id, found.email_verified, found.signed_in_at) == (f"{ISSUER}|ona", True, 1.8e9)
    again = claim_from_token({**TOKEN, "nonce": "n2"})
    assert again is not None
    assert again.session_id != found.session_id, "two sign-ins are two sessions"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": ""},
        {"iss": staff_roles.LOCAL_ISSUER},
        {"iss": None},
        {"sub": ""},
        {"sub": 7},
        {"iat": None},
        {"iat": "1800000000"},
        {"iat": True},
        {"iat": float("nan")},
        {"iat": float("inf")},
    ],
    ids=str,
)
def test_token_that_names_nobody_is_no_claim(change: dict[str, object]) -> None:
    assert claim_from_token({**TOKEN, **change}) is None


@pytest.mark.parametrize("word", [False, None, "false", "yes", 1.5, [], {}])
def test_only_a_plain_yes_verifies_an_address(word: object) -> None:
    found = claim_from_token({**TOKEN, "email_verified": word})
    assert found is not None
    assert not found.email_verified


def test_files_are_for_their_owner_only(settings: Settings) -> None:
    invite(settings)
    assert (settings.people_dir / staff_roles.ROLES_FILE).stat().st_mode & 0o777 == 0o600
    assert settings.people_dir.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("who", ["", "nobody", "|", "a|", "|b", "local|admin", "two words@x.test"])
def test_names_that_mean_nobody_are_refused(settings: Settings, who: str) -> None:
    with pytest.raises(RolesError):
        staff_roles.grant(settings, who, Entry("editor"))


def _grant_many(settings: Settings, start: int) -> None:
    for number in range(start, start + 20):
        staff_roles.grant(settings, f"person{number}@x.test", Entry("editor"))


def test_two_processes_that_give_roles_lose_none(settings: Settings) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_grant_many, args=(settings, start)) for start in (0, 100)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(staff_roles.table(settings).invitations) == 40
    assert not list(settings.people_dir.glob(".roles*"))
