"""Twenty ways a stranger may try to write, on the running server: none succeeds."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from pages.door import COOKIE as LOCAL_COOKIE
from pages.wire import USER_COOKIE
from pipeline import staff_roles
from pipeline.staff import MAX_AGE_SECONDS
from pipeline.staff_roles import Entry
from tests.access.client import Visitor
from tests.access.serving import FILE, Staffed, signed, staff_pages, token

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
