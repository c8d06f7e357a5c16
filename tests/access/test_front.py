"""The page every visit begins with and Streamlit's scripts, as the guard sends them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest

from pages import front
from pages.guard import Guard, Rules, safe_headers
from pipeline.settings import Settings
from tests.access.test_guard import ask, hello
from tests.access.test_guard import settings as settings


def html(inside: str = "/", lang: str = "", accepted: str = "") -> str:
    answer = front.page(inside, {"lang": [lang]} if lang else {}, accepted)
    assert answer is not None
    assert int(dict(answer.headers)[b"content-length"]) == len(answer.body)
    return answer.body.decode()


@pytest.mark.parametrize(
    ("lang", "accepted", "said"),
    [
        ("lt", "en-GB,en;q=0.9", "lt"),
        ("", "lt-LT,lt;q=0.9,en;q=0.8", "lt"),
        ("", "tr", "tr"),
        ("", "de-DE,de;q=0.9,lt;q=0.5", "en"),
        ("xx", "tr-TR", "tr"),
        ("", "", "en"),
    ],
)
def test_page_says_its_language(lang: str, accepted: str, said: str) -> None:
    assert f'<html lang="{said}"' in html("/", lang, accepted)


def test_page_says_what_it_is_in_each_language() -> None:
    about = {
        re.findall(r'name="description" content="(.*?)"', html("/", lang))[0] for lang in ("en", "lt", "tr")
    }
    assert len(about) == 3
    assert len({re.findall(r"<title>(.*?)</title>", html("/", lang))[0] for lang in ("en", "lt", "tr")}) == 3


def test_page_keeps_the_scripts_of_streamlit() -> None:
    theirs = (front.STATIC / "index.html").read_text(encoding="utf-8")
    wanted = re.findall(r'(?:src|href)="(\./static/[^"]+)"', theirs)
    assert len(wanted) > 5
    assert re.findall(r'(?:src|href)="(\./static/[^"]+)"', html()) == wanted


@pytest.mark.parametrize(
    "inside", ["/media/x", "/a.b", "/static/js", "//evil", "/_stcore/health", "/Map<script>"]
)
def test_what_is_no_page_is_left_to_streamlit(inside: str) -> None:
    assert front.page(inside, {}, "") is None


def test_every_script_inside_the_page_is_allowed_by_the_policy() -> None:
    scripts = re.findall(r"<script>(.*?)</script>", html("/progress", "tr"), re.DOTALL)
    assert front.BOOT in scripts
    policy = dict(safe_headers("127.0.0.1:8501"))[b"content-security-policy"].decode()
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy


def test_page_of_another_streamlit_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "STATIC", tmp_path)
    (tmp_path / "index.html").write_text("<html><title>Streamlit</title></html>", encoding="utf-8")
    front._document.cache_clear()
    with pytest.raises(ValueError, match="has no"):
        front.page("/", {}, "")
    front._document.cache_clear()


def test_script_comes_packed_and_whole(settings: Settings) -> None:
    guard = Guard(hello, lambda: Rules(settings, base="/cities"))
    path = next((front.STATIC / "static" / "js").glob("index.*.js"))
    start, body = ask(guard, f"/cities/static/js/{path.name}", accept_encoding="br, gzip")
    headers = dict(start["headers"])
    assert start["status"] == 200
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"content-type"] in (b"text/javascript", b"application/javascript")
    assert b"immutable" in headers[b"cache-control"]
    assert b"content-security-policy" in headers
    assert gzip.decompress(body["body"]) == path.read_bytes()
    assert len(body["body"]) < path.stat().st_size / 2
    start, body = ask(guard, f"/cities/static/js/{path.name}", "HEAD", accept_encoding="gzip")
    assert (start["status"], body["body"]) == (200, b"")


@pytest.mark.parametrize(
    ("inside", "encodings"),
    [
        ("/static/js/index.js", ""),
        ("/static/js/../../index.html", "gzip"),
        ("/static/../wire.py", "gzip"),
        ("/static/media/none.woff2", "gzip"),
    ],
)
def test_what_may_not_be_packed_is_left_to_streamlit(inside: str, encodings: str, settings: Settings) -> None:
    _start, body = ask(Guard(hello, lambda: Rules(settings)), inside, accept_encoding=encodings)
    assert body["body"] == b"hello"


@pytest.mark.parametrize(
    ("encodings", "taken"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("br", False),
        ("", False),
    ],
)
def test_gzip_is_sent_only_to_those_who_take_it(encodings: str, taken: bool) -> None:
    assert front.takes_gzip(encodings) is taken
