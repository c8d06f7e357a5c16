"""Who may do what, tried on the running server: strangers, staff, a provider that is gone, floods."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from pages.door import COOKIE as LOCAL_COOKIE
from pages.wire import USER_COOKIE
from pipeline import staff_roles
from pipeline.publish import Build
from pipeline.settings import Settings
from pipeline.staff import MAX_AGE_SECONDS
from pipeline.staff_roles import Entry
from tests.access.client import Visitor
from tests.access.serving import Staffed, dashboard, identity_provider, signed
from tests.e2e.conftest import APP, ContextMaker, wait_idle, wait_quiet
from tests.e2e.recorder import Recorder
from tests.e2e.server import REPOSITORY

FILE = b"city,year,value\nKlaipeda,2022,1\n"
MEGABYTE = 1024 * 1024
PATIENT_SECONDS = 5.0
"""An honest visitor waits no longer than this for a page, whatever others do."""
FLOOD_SECONDS = 8


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with identity_provider() as url:
        yield url


@pytest.fixture(scope="module")
def staffed(
    provider: str, settings: Settings, built: Build, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Staffed]:
    """A dashboard with an identity provider: Ona is editor of Klaipėda, Ada administrator."""
    assert built.path.is_file()
    with dashboard(settings, tmp_path_factory.mktemp("staffed"), provider) as running:
        yield running


@pytest.fixture(scope="module")
def local(settings: Settings, built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staffed]:
    """A dashboard without an identity provider that only this machine can reach."""
    assert built.path.is_file()
    with dashboard(settings, tmp_path_factory.mktemp("local")) as running:
        yield running


def staff_pages(visitor: Visitor) -> set[str]:
    return set(visitor.screen.pages) & {"upload", "history", "people"}


def token(staffed: Staffed, subject: str, age_seconds: float = 0.0) -> dict[str, object]:
    """What the provider says about somebody, as Streamlit keeps it in its cookie."""
    return {
        "iss": staffed.provider,
        "sub": subject,
        "iat": time.time() - age_seconds,
        "nonce": f"nonce-{time.monotonic_ns()}",
        "email": f"{subject}@office.test",
        "email_verified": True,
        "origin": staffed.url,
        "is_logged_in": True,
        "provider": "default",
    }


# -- signing in with the provider


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
    for path in ("upload", "history", "people"):
        page.goto(f"{staffed.url}/{path}")
        wait_idle(page)
        wait_quiet(page, recorder)
        assert page.locator('[data-testid="stException"]').count() == 0
    assert recorder.complaints == []
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


# -- strangers


Probe = Callable[[Staffed], None]


def url_of_upload_page(staffed: Staffed) -> None:
    with Visitor(staffed.url) as stranger:
        screen = stranger.load("upload")
        assert screen.not_found
        assert not staff_pages(stranger)
        assert not any(kind == "file_uploader" for kind, _label in screen.widgets)


def url_of_people_page(staffed: Staffed) -> None:
    with Visitor(staffed.url) as stranger:
        assert stranger.load("people").not_found
        assert not any("role" in label for _kind, label in stranger.screen.widgets)


def hash_of_upload_page(staffed: Staffed) -> None:
    with Visitor(staffed.url, cookies={USER_COOKIE: signed(token(staffed, "ada"))}) as ada:
        page_hash = ada.load("upload").pages["upload"]
    with Visitor(staffed.url) as stranger:
        stranger.load("")
        screen = stranger.run("", page_hash=page_hash)
        assert not any(kind == "file_uploader" for kind, _label in screen.widgets)


def forged_click_on_give_the_role(staffed: Staffed) -> None:
    """The ids of the administrator's own widgets, sent by a stranger over the websocket."""
    with Visitor(staffed.url, cookies={USER_COOKIE: signed(token(staffed, "ada"))}) as ada:
        page_hash = ada.load("people").pages["people"]
        button, text = ada.widget("button", "Give the role"), ada.widget("text_input", "E-mail")
    values = [(text, "string_value", "evil@example.org"), (button, "trigger_value", True)]
    with Visitor(staffed.url) as stranger:
        stranger.load("people")
        stranger.run("people", page_hash=page_hash, widgets=values)
        stranger.run("people", widgets=values)
        stranger.run("", page_hash=page_hash, widgets=values)


def forged_click_on_every_upload_button(staffed: Staffed) -> None:
    with Visitor(staffed.url, cookies={USER_COOKIE: signed(token(staffed, "ada"))}) as ada:
        page_hash = ada.load("upload").pages["upload"]
        buttons = [identity for (kind, _label), identity in ada.screen.widgets.items() if kind == "button"]
    with Visitor(staffed.url) as stranger:
        stranger.load("upload")
        clicks = [(identity, "trigger_value", True) for identity in buttons]
        stranger.run("upload", page_hash=page_hash, widgets=clicks)


def put_into_own_session(staffed: Staffed) -> None:
    with Visitor(staffed.url) as stranger:
        stranger.load("")
        assert stranger.session_id
        assert stranger.xsrf
        assert stranger.put(FILE).status_code == 403


def put_into_session_of_staff(staffed: Staffed) -> None:
    with (
        Visitor(staffed.url, cookies={USER_COOKIE: signed(token(staffed, "ada"))}) as ada,
        Visitor(staffed.url) as stranger,
    ):
        ada.load("upload")
        stranger.load("")
        assert stranger.put(FILE, session=ada.session_id).status_code == 403


def delete_file_of_staff(staffed: Staffed) -> None:
    with (
        Visitor(staffed.url, cookies={USER_COOKIE: signed(token(staffed, "ada"))}) as ada,
        Visitor(staffed.url) as stranger,
    ):
        ada.load("upload")
        assert ada.put(FILE).status_code == 204
        stranger.load("")
        assert stranger.put(FILE, session=ada.session_id, method="DELETE").status_code == 403


def put_by_other_methods_and_spellings(staffed: Staffed) -> None:
    with Visitor(staffed.url) as stranger:
        stranger.load("")
        for method in ("POST", "PATCH", "OPTIONS"):
            assert stranger.put(FILE, method=method).status_code in (403, 405)
        override = {"X-HTTP-Method-Override": "PUT"}
        assert stranger.put(FILE, method="POST", headers=override).status_code in (403, 405)
        for path in (
            "//_stcore/upload_file",
            "/%5Fstcore/upload_file",
            "/_stcore%2Fupload_file",
            "/upload/_stcore/upload_file",
            "/_stcore/./upload_file",
            "/_STCORE/upload_file",
        ):
            assert stranger.put(FILE, path=path).status_code in (400, 403, 404, 405), path


def headers_that_name_a_user(staffed: Staffed) -> None:
    names = ("X-Forwarded-User", "X-Auth-Request-Email", "Remote-User", "X-Remote-User", "X-Streamlit-User")
    headers = dict.fromkeys(
        (*names, "X-Forwarded-Email", "Cf-Access-Authenticated-User-Email"), "ada@office.test"
    )
    with Visitor(staffed.url, headers=headers) as stranger:
        assert stranger.load("upload").not_found
        assert stranger.put(FILE).status_code == 403


def cookie_without_signature(staffed: Staffed) -> None:
    plain = json.dumps(token(staffed, "ada")).replace('"', "'").replace(";", "").replace(" ", "")
    _cookie_is_worthless(staffed, {USER_COOKIE: plain})


def cookie_signed_with_another_secret(staffed: Staffed) -> None:
    _cookie_is_worthless(staffed, {USER_COOKIE: signed(token(staffed, "ada"), "guess" * 10)})


def tampered_cookie(staffed: Staffed) -> None:
    good = signed(token(staffed, "rita"))
    other = signed(token(staffed, "ada"))
    head, _dot, tail = other.partition(".")
    _cookie_is_worthless(staffed, {USER_COOKIE: good[:-4] + "AAAA"})
    _cookie_is_worthless(staffed, {USER_COOKIE: f"{head}.{good.partition('.')[2]}"})
    assert tail


def replayed_cookie_after_log_out(staffed: Staffed) -> None:
    cookies = {USER_COOKIE: signed(token(staffed, "ada"))}
    with Visitor(staffed.url, cookies=cookies) as ada:
        ada.load("upload")
        ada.http.get(staffed.url + "/auth/logout")
    _cookie_is_worthless(staffed, cookies)


def cookie_of_a_sign_in_that_is_too_old(staffed: Staffed) -> None:
    _cookie_is_worthless(staffed, {USER_COOKIE: signed(token(staffed, "ada", MAX_AGE_SECONDS + 1))})


def cookie_that_claims_this_machine(staffed: Staffed) -> None:
    forged = {**token(staffed, "admin"), "iss": "local"}
    moment = int(time.time())
    signature = hashlib.sha256(f"x.{moment}".encode()).hexdigest()
    _cookie_is_worthless(staffed, {USER_COOKIE: signed(forged), LOCAL_COOKIE: f"x.{moment}.{signature}"})


def one_time_address_guessed(staffed: Staffed) -> None:
    with Visitor(staffed.url) as stranger:
        for query in ("", "?token=", "?token=" + "A" * 43):
            assert stranger.http.get(f"{staffed.url}/staff-entry{query}").status_code == 404
        assert LOCAL_COOKIE not in stranger.cookies()


def page_of_another_site(staffed: Staffed) -> None:
    """The administrator's browser is led to another site, which asks us in the administrator's name."""
    cookies = {USER_COOKIE: signed(token(staffed, "ada"))}
    with Visitor(staffed.url, cookies=cookies, origin="http://evil.example") as misled:
        misled.http.get(staffed.url)
        with pytest.raises((InvalidStatus, ConnectionClosed, OSError)):
            misled.load("upload")
        assert misled.put(FILE, session="any").status_code == 403
    with Visitor(staffed.url, cookies=cookies, origin="http://localhost:1") as misled:
        screen = misled.load("upload")
        assert not any(kind == "file_uploader" for kind, _label in screen.widgets)
        assert misled.put(FILE).status_code == 403


def answer_of_the_provider_made_up(staffed: Staffed) -> None:
    with Visitor(staffed.url) as stranger:
        answer = stranger.http.get(f"{staffed.url}/oauth2callback?code=abc&state=default_xyz")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/staff?signin=failed"
        assert USER_COOKIE not in stranger.cookies()
        assert "did not succeed" in stranger.load("staff", "signin=failed").words


def routes_for_programs(staffed: Staffed) -> None:
    with Visitor(staffed.url) as stranger:
        for path in ("agent/interact", "agent/mcp", "agent/openapi.json", "metrics", "script-health-check"):
            for method in ("GET", "POST"):
                answer = stranger.http.request(method, f"{staffed.url}/_stcore/{path}", json={})
                assert answer.status_code == 404, path


PROBES: tuple[Probe, ...] = (
    url_of_upload_page,
    url_of_people_page,
    hash_of_upload_page,
    forged_click_on_give_the_role,
    forged_click_on_every_upload_button,
    put_into_own_session,
    put_into_session_of_staff,
    delete_file_of_staff,
    put_by_other_methods_and_spellings,
    headers_that_name_a_user,
    cookie_without_signature,
    cookie_signed_with_another_secret,
    tampered_cookie,
    replayed_cookie_after_log_out,
    cookie_of_a_sign_in_that_is_too_old,
    cookie_that_claims_this_machine,
    one_time_address_guessed,
    page_of_another_site,
    answer_of_the_provider_made_up,
    routes_for_programs,
)


def _cookie_is_worthless(staffed: Staffed, cookies: dict[str, str]) -> None:
    with Visitor(staffed.url, cookies=cookies) as stranger:
        screen = stranger.load("upload")
        assert not any(kind == "file_uploader" for kind, _label in screen.widgets)
        assert stranger.put(FILE).status_code == 403
        assert not any("role" in label for _kind, label in stranger.load("people").widgets)


@pytest.fixture(scope="module")
def known_admin(staffed: Staffed) -> None:
    """Ada has signed in before, so a cookie that names her would count if it were good."""
    staff_roles.grant(staffed.settings, f"{staffed.provider}|ada", Entry("admin", name="Ada"))


@pytest.mark.matrix(54)
@pytest.mark.usefixtures("known_admin")
@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.__name__)
def test_nothing_a_stranger_tries_writes_anything(probe: Probe, staffed: Staffed) -> None:
    before, acts = staffed.kept(), staffed.acts()
    probe(staffed)
    assert staffed.kept() == before
    assert staffed.acts() == acts


def test_there_are_twenty_probes_and_a_good_cookie_would_pass_them(
    staffed: Staffed, known_admin: None
) -> None:
    """The probes can fail: the same visit with a sound cookie is let in."""
    del known_admin
    assert len({probe.__name__ for probe in PROBES}) == 20
    with Visitor(staffed.url, cookies={USER_COOKIE: signed(token(staffed, "ada"))}) as ada:
        ada.load("upload")
        assert staff_pages(ada) == {"upload", "history", "people"}
        assert ada.put(FILE).status_code == 204


def test_frames_that_are_not_for_visitors_are_dropped(staffed: Staffed) -> None:
    """Anybody could empty the caches of everybody, or stop the server, by one frame."""
    with Visitor(staffed.url) as stranger:
        stranger.load("")
        for kind in ("clear_cache", "debug_shutdown_runtime", "debug_disconnect_websocket", "load_git_info"):
            message = BackMsg()
            setattr(message, kind, True)
            stranger.send(message.SerializeToString())
        assert stranger.run("").texts
        assert not stranger.run("", "x=" + "1" * 9000).texts, "a frame that is too long ends the socket"


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


@pytest.mark.matrix(62)
def test_provider_down_leaves_public_pages_alone_and_opens_no_other_way(
    settings: Settings, built: Build, tmp_path: Path
) -> None:
    assert built.path.is_file()
    with dashboard(settings, tmp_path, "http://127.0.0.1:9") as lonely, Visitor(lonely.url) as visitor:
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
@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"cookie_secret": "short"}, "cookie_secret"), ({"client_secret": None}, "client_secret")],
    ids=["short cookie secret", "missing client secret"],
)
def test_wrong_secrets_close_the_staff_area_and_the_public_pages_run(
    changes: dict[str, str | None], reason: str, settings: Settings, built: Build, tmp_path: Path
) -> None:
    assert built.path.is_file()
    with (
        dashboard(settings, tmp_path, "http://127.0.0.1:9", **changes) as closed,
        Visitor(closed.url) as visitor,
    ):
        told = closed.server.output()
        assert "Staff area: closed." in told
        assert reason in told
        assert "staff-entry" not in told, "no other way in is offered"
        assert visitor.load("progress").texts
        assert not {"staff", "upload", "history", "people"} & set(visitor.screen.pages)
        assert "Staff sign-in" not in visitor.screen.words
        assert visitor.put(FILE).status_code == 403
        for path in ("auth/login", "auth/logout", "oauth2callback", "staff-entry"):
            assert visitor.http.get(f"{closed.url}/{path}").status_code == 404
    secret = str(changes.get("cookie_secret") or "")
    if secret:
        forged = signed({"iss": "x", "sub": "y", "iat": time.time(), "is_logged_in": True}, secret)
        assert forged, "whoever guesses a short secret can sign; so it must open nothing"


# -- floods


FLOOD = """
import sys, threading, time
from tests.access.client import Visitor, rerun

url, seconds, again = sys.argv[1], float(sys.argv[2]), sys.argv[3] == "again"
until = time.monotonic() + seconds
sent = []

def flood():
    while time.monotonic() < until:
        try:
            with Visitor(url) as visitor:
                visitor.dial()
                print("begun", flush=True)
                frame = rerun("", "x=1")
                while time.monotonic() < until:
                    visitor.send(frame)
                    sent.append(1)
                    time.sleep(0.005)
        except Exception:
            if not again:
                return
            time.sleep(0.05)

threads = [threading.Thread(target=flood) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("sent", len(sent), flush=True)
"""


@pytest.mark.matrix(63)
@pytest.mark.parametrize("manner", ["once", "again"], ids=["closed and gone", "closed and back"])
def test_flood_of_one_address_does_not_keep_others_waiting(local: Staffed, manner: str) -> None:
    """Eight sockets ask for a rerun 200 times a second each; somebody else opens a page meanwhile."""

    def load() -> float:
        started = time.monotonic()
        with Visitor(local.url, source="127.0.0.2") as honest:
            assert len(honest.load("progress").texts) > 5
        return time.monotonic() - started

    load()
    command = [sys.executable, "-W", "ignore", "-c", FLOOD, local.url, str(FLOOD_SECONDS), manner]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as flood:
        assert flood.stdout is not None
        assert flood.stdout.readline().strip() == "begun"
        waited = []
        while flood.poll() is None:
            waited.append(load())
        said = flood.stdout.read().split()
    after = load()
    assert int(said[said.index("sent") + 1]) > 200, "it was a flood"
    assert max(waited) < PATIENT_SECONDS, waited
    assert after < PATIENT_SECONDS


def test_hundred_phones_behind_one_address_all_get_their_page(local: Staffed) -> None:
    """A conference hall: everybody opens the page and clicks once; nobody is turned away."""
    import concurrent.futures

    def visit(_number: int) -> bool:
        with Visitor(local.url, source="127.0.0.3") as phone:
            return len(phone.load("overview").texts) > 5 and len(phone.run("overview").texts) > 5

    with concurrent.futures.ThreadPoolExecutor(100) as hall:
        assert all(hall.map(visit, range(100)))


# -- headers


@pytest.mark.parametrize(
    "path",
    [
        "",
        "progress",
        "_stcore/health",
        "_stcore/metrics",
        "static/nothing.js",
        "nothing/at/all",
        "..%2f..%2fetc",
    ],
)
def test_every_answer_has_the_headers(local: Staffed, path: str) -> None:
    answer = httpx.get(f"{local.url}/{path}")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert "http:" not in policy
    assert "https:" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["referrer-policy"] == "same-origin"


VIOLATIONS = """() => {
    window.__refused = [];
    document.addEventListener('securitypolicyviolation',
        event => window.__refused.push(`${event.violatedDirective} ${event.blockedURI}`));
}"""

SCENES: tuple[tuple[str, dict[str, str | list[str]]], ...] = (
    ("map", {"mv": "chart"}),
    ("map", {"mv": "download"}),
    ("progress", {"city": "vilnius"}),
    ("city", {"city": "vilnius"}),
    ("network", {"city": "vilnius"}),
    ("partners", {"city": "vilnius"}),
    ("meeting", {"city": ["vilnius", "kaunas"]}),
    ("data", {}),
)


@pytest.mark.parametrize(
    ("path", "parameters"), SCENES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_policy_refuses_nothing_our_pages_need(
    path: str, parameters: dict[str, str | list[str]], local: Staffed, new_context: ContextMaker
) -> None:
    """Maps with their workers, graphs, charts, tables, downloads and printing, in a real browser."""
    from urllib.parse import urlencode

    context, seen = new_context(accept_downloads=True), Recorder()
    seen.watch(context)
    context.add_init_script(f"({VIOLATIONS})()")
    page = context.new_page()
    page.goto(f"{local.url}/{path}?{urlencode(parameters, doseq=True)}")
    wait_idle(page)
    wait_quiet(page, seen)
    for button in page.locator('[data-testid="stDownloadButton"] button').all()[:2]:
        with page.expect_download() as download:
            button.click()
        assert Path(download.value.path()).stat().st_size > 0
    page.emulate_media(media="print")
    wait_quiet(page, seen)
    assert page.evaluate("window.__refused") == []
    assert seen.complaints == []


def test_name_that_is_not_ours_is_refused_where_names_are_set(
    settings: Settings, built: Build, tmp_path: Path
) -> None:
    assert built.path.is_file()
    allowed = ("--server.allowedHosts", "127.0.0.1", "--server.allowedHosts", "*.example.org")
    with dashboard(replace(settings), tmp_path, arguments=allowed) as named:
        for host, status in (
            ("cities.example.org", 200),
            (named.url.removeprefix("http://"), 200),
            ("evil.test", 403),
            ("example.org.evil.test", 403),
        ):
            assert httpx.get(named.url, headers={"Host": host}).status_code == status, host
