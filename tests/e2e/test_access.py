"""Signing in, roles and their end on the running server; a provider that is gone, secrets that are wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from pages.wire import USER_COOKIE
from pipeline import staff_roles
from pipeline.publish import Build
from pipeline.settings import Settings
from pipeline.staff import MAX_AGE_SECONDS
from pipeline.staff_roles import Entry
from tests.access.client import Visitor
from tests.access.serving import FILE, Staffed, dashboard, signed, staff_pages, token
from tests.e2e.conftest import APP, ContextMaker, wait_idle, wait_quiet
from tests.e2e.recorder import Recorder

MEGABYTE = 1024 * 1024
NOBODY = "http://127.0.0.1:9"
"""Where no provider answers."""


def test_invited_person_signs_in_and_has_their_role(staffed: Staffed) -> None:
    with Visitor(staffed.url) as ona:
        screen = ona.sign_in("ona")
        assert "Ona Šukytė" in screen.words
        assert "editor" in screen.words
        assert "Klaip" in screen.words
        assert staff_pages(ona) == {"upload", "history"}
        assert ona.put(FILE).status_code == 204
    people = staff_roles.table(staffed.settings).people
    assert people[f"{staffed.provider}|ona"].email == "ona@klaipeda.test"


def test_cookie_of_the_sign_in_lives_as_long_as_the_sign_in_counts(staffed: Staffed) -> None:
    with Visitor(staffed.url) as ada:
        ada.sign_in("ada")
        lives = [cookie for cookie in ada.http.cookies.jar if cookie.name == USER_COOKIE]
        assert 0 < (lives[0].expires or 0) - time.time() <= MAX_AGE_SECONDS
        assert lives[0].has_nonstandard_attr("HttpOnly")


def test_address_that_is_not_verified_gets_no_role(staffed: Staffed) -> None:
    with Visitor(staffed.url) as imposter:
        screen = imposter.sign_in("imposter")
        assert "not verified" in screen.words
        assert imposter.put(FILE).status_code == 403
        assert imposter.load("upload").texts
        assert "not verified" in imposter.screen.words


def test_person_without_a_role_reads_their_number_for_the_administrator(staffed: Staffed) -> None:
    with Visitor(staffed.url) as rita:
        screen = rita.sign_in("rita")
        assert "no role" in screen.words
        assert f"{staffed.provider}|rita" in screen.words
        assert rita.put(FILE).status_code == 403


@pytest.mark.matrix(55)
def test_role_removed_in_mid_session_ends_at_the_next_action(staffed: Staffed) -> None:
    settings, number = staffed.settings, f"{staffed.provider}|ada2"
    staff_roles.grant(settings, number, Entry("editor"))
    cookies = {USER_COOKIE: signed(token(staffed, "ada2"))}
    with Visitor(staffed.url, cookies=cookies) as visitor:
        visitor.load("upload")
        assert staff_pages(visitor) == {"upload", "history"}
        assert visitor.put(FILE).status_code == 204
        staff_roles.remove(settings, number)
        assert visitor.put(FILE).status_code == 403
        screen = visitor.run("upload")
        assert "no role" in screen.words


@pytest.mark.matrix(55)
def test_cookie_replayed_after_log_out_is_worthless(staffed: Staffed) -> None:
    with Visitor(staffed.url) as ada:
        ada.sign_in("ada")
        kept = ada.cookies()
        assert staff_pages(ada) == {"upload", "history", "people"}
        gone = ada.http.get(staffed.url + "/auth/logout")
        assert gone.status_code == 302
        assert "end_session" in gone.headers["location"] or gone.headers["location"] == "/"
        assert USER_COOKIE not in ada.cookies()
        assert "was ended" in ada.run("staff").words, "the open page has noticed"
    with Visitor(staffed.url, cookies=kept) as thief:
        thief.load("upload")
        assert "was ended" in thief.screen.words
        assert not thief.screen.widgets.keys() & {("file_uploader", "")}
        assert thief.put(FILE).status_code == 403


@pytest.mark.matrix(55)
def test_sign_in_older_than_eight_hours_counts_no_longer(staffed: Staffed) -> None:
    staff_roles.grant(staffed.settings, f"{staffed.provider}|old", Entry("admin"))
    for age, status in ((MAX_AGE_SECONDS - 600, 204), (MAX_AGE_SECONDS + 60, 403)):
        cookies = {USER_COOKIE: signed(token(staffed, "old", age))}
        with Visitor(staffed.url, cookies=cookies) as visitor:
            screen = visitor.load("upload")
            assert visitor.put(FILE).status_code == status
            assert ("more than 8 hours" in screen.words) == (status == 403)


@pytest.mark.matrix(55)
def test_sessions_ended_by_an_administrator_end_at_the_next_action(staffed: Staffed) -> None:
    number = f"{staffed.provider}|busy"
    staff_roles.grant(staffed.settings, number, Entry("editor"))
    cookies = {USER_COOKIE: signed(token(staffed, "busy", 1))}
    with Visitor(staffed.url, cookies=cookies) as visitor:
        visitor.load("upload")
        assert visitor.put(FILE).status_code == 204
        staff_roles.end_sessions_of(staffed.settings, number)
        assert visitor.put(FILE).status_code == 403
        assert "was ended" in visitor.run("upload").words


def test_browser_signs_in_sees_staff_pages_and_signs_out(
    staffed: Staffed, new_context: ContextMaker, recorder: Recorder
) -> None:
    """The same way in a real browser, with the content security policy in force."""
    context = new_context()
    recorder.watch(context)
    page = context.new_page()
    page.goto(staffed.url)
    wait_idle(page)
    page.get_by_role("link", name="Staff sign-in").click()
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{staffed.provider}/**")
    page.fill("input[name=sub]", "ada")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{staffed.url}/staff**")
    expect(page.get_by_role("heading", name="Signed in as Ada")).to_be_visible()
    for path in ("people", "history", "upload"):
        page.goto(f"{staffed.url}/{path}")
        wait_idle(page)
        wait_quiet(page, recorder)
        assert page.locator('[data-testid="stException"]').count() == 0
    with page.expect_response(lambda answer: "_stcore/upload_file" in answer.url) as sent:
        page.locator('[data-testid="stFileUploader"] input[type=file]').set_input_files(
            {"name": "figures.csv", "mimeType": "text/csv", "buffer": FILE}
        )
    assert sent.value.status == 204
    of_ours = [told for told in recorder.complaints if staffed.provider not in told and "pico" not in told]
    assert of_ours == [], "the mock provider's own page asks for a style sheet from outside"
    page.goto(f"{staffed.url}/staff")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/staff" not in url)
    page.goto(f"{staffed.url}/upload")
    page.wait_for_selector(APP)
    expect(page.get_by_role("link", name="Staff sign-in")).to_be_visible()
    assert page.locator('[data-testid="stFileUploader"]').count() == 0


# -- sizes


@pytest.mark.matrix(3)
@pytest.mark.parametrize("chunked", [False, True], ids=["length said", "length not said"])
def test_file_over_the_limit_is_refused_while_it_arrives(staffed: Staffed, chunked: bool) -> None:
    cookies = {USER_COOKIE: signed(token(staffed, "ada"))}
    with Visitor(staffed.url, cookies=cookies) as ada:
        ada.load("upload")
        assert ada.put(b"1" * MEGABYTE, chunked=chunked).status_code == 204
        assert ada.put(b"1" * (26 * MEGABYTE), chunked=chunked).status_code == 413
        assert ada.run("overview").texts, "the server goes on"


def test_one_person_sends_only_so_many_files_at_once(staffed: Staffed) -> None:
    staff_roles.grant(staffed.settings, f"{staffed.provider}|many", Entry("editor"))
    with Visitor(staffed.url, cookies={USER_COOKIE: signed(token(staffed, "many"))}) as visitor:
        visitor.load("upload")
        statuses = [visitor.put(FILE).status_code for _ in range(24)]
    assert statuses[:20] == [204] * 20
    assert 429 in statuses[20:]


# -- this machine only


def test_one_time_address_signs_in_once_and_the_next_one_is_printed(local: Staffed) -> None:
    def newest() -> str:
        return local.server.output().split("/staff-entry?token=")[-1].split()[0]

    first = newest()
    with local.enter() as keeper:
        keeper.load("staff")
        assert "administrator" in keeper.screen.words
        assert staff_pages(keeper) == {"upload", "history", "people"}
        assert keeper.put(FILE).status_code == 204
        assert newest() != first
        with Visitor(local.url) as second:
            assert second.http.get(f"{local.url}/staff-entry?token={first}").status_code == 403
            assert second.load("upload").not_found
            assert second.put(FILE).status_code == 403
        kept = keeper.cookies()
        assert "was ended" in keeper.click("Sign out", "staff").words or (
            "was ended" in keeper.run("staff").words
        )
    with Visitor(local.url, cookies=kept) as thief:
        assert "was ended" in thief.load("upload").words
        assert thief.put(FILE).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.7"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"Host": "dashboard.example.org"},
        {"Purpose": "prefetch"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_one_time_address_is_not_for_proxies_other_names_or_prefetching(
    local: Staffed, headers: dict[str, str]
) -> None:
    address = local.server.output().split("/staff-entry?token=")[-1].split()[0]
    answer = httpx.get(f"{local.url}/staff-entry?token={address}", headers=headers)
    assert answer.status_code in (404, 405)
    assert "set-cookie" not in answer.headers
    assert local.server.output().split("/staff-entry?token=")[-1].split()[0] == address, "it is not spent"


# -- the provider is gone; the secrets are wrong


@pytest.fixture(scope="module")
def lonely(settings: Settings, built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staffed]:
    """A dashboard whose provider does not answer, and which may be called by two names only."""
    assert built.path.is_file()
    names = ("--server.allowedHosts", "127.0.0.1", "--server.allowedHosts", "*.example.org")
    with dashboard(settings, tmp_path_factory.mktemp("lonely"), NOBODY, names) as running:
        yield running


@pytest.mark.parametrize(
    ("host", "status"),
    [("cities.example.org", 200), ("127.0.0.1:80", 200), ("evil.test", 403), ("example.org.evil.test", 403)],
)
def test_name_that_is_not_ours_is_refused_where_names_are_set(
    lonely: Staffed, host: str, status: int
) -> None:
    assert httpx.get(lonely.url, headers={"Host": host}).status_code == status


@pytest.mark.matrix(62)
def test_provider_down_leaves_public_pages_alone_and_opens_no_other_way(lonely: Staffed) -> None:
    with Visitor(lonely.url) as visitor:
        started = time.monotonic()
        assert visitor.load("progress").texts
        assert time.monotonic() - started < 30
        visitor.load("staff")
        asked = visitor.click("Sign in", "staff").redirect
        answer = visitor.http.get(lonely.url + asked)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff?signin=failed")
        told = visitor.load("staff", "signin=failed").words
        assert "did not answer" in told
        assert "no other way in" in told
        assert "staff-entry" not in lonely.server.output()
        assert visitor.http.get(lonely.url + "/staff-entry?token=x").status_code == 404
        assert visitor.put(FILE).status_code == 403
        assert visitor.load("overview").texts


@pytest.mark.matrix(64)
def test_short_cookie_secret_closes_the_staff_area_and_the_public_pages_run(
    settings: Settings, built: Build, tmp_path: Path
) -> None:
    """Other ways to get the secrets wrong are tried one by one in tests/access/test_mode.py."""
    assert built.path.is_file()
    short = "0f5c1b7e9a3d48261c7b5e9f0a2d4c6"
    with (
        dashboard(settings, tmp_path, NOBODY, cookie_secret=short) as closed,
        Visitor(closed.url) as visitor,
    ):
        staff_roles.grant(closed.settings, f"{NOBODY}|ada", Entry("admin"))
        told = closed.server.output()
        assert "Staff area: closed. cookie_secret" in told
        assert "staff-entry" not in told, "no other way in is offered"
        assert short not in told
        assert visitor.load("progress").texts
        assert not {"staff", "upload", "history", "people"} & set(visitor.screen.pages)
        assert "Staff sign-in" not in visitor.screen.words
        for path in ("auth/login", "auth/logout", "oauth2callback", "staff-entry"):
            assert visitor.http.get(f"{closed.url}/{path}").status_code == 404
        cookies = {USER_COOKIE: signed(token(closed, "ada"), short)}
        with Visitor(closed.url, cookies=cookies) as guesser:
            assert guesser.load("upload").not_found, "whoever guesses a short secret gains nothing by it"
            assert guesser.put(FILE).status_code == 403
