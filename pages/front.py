"""What a browser loads before our first word: the one HTML page, and Streamlit's scripts, packed.

Streamlit sends its page in English under its own name, and its scripts as they are: six megabytes for a page
with a map, nine with charts. Here the page says its language and what it is (for screen readers and for
previews of a link), and the scripts are a third of that: on a phone at 3 Mbit/s the first map comes after 8
seconds and not after 19.
"""

from __future__ import annotations

import asyncio
import gzip
import html
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from pages.language import LANGUAGES, N_, Language, language

STATIC = Path(st.__file__).parent / "static"
PAGE = re.compile(r"/([a-z]*)")
"""The addresses of pages. All of them get the same HTML; which page it is, the script on the server says."""
SCRIPTS = "/static/"
PACKABLE = frozenset({".js", ".css", ".json"})
LEVEL = 6
KEEP_SECONDS = 31_536_000
"""A year: Streamlit's scripts carry the hash of their text in their names."""
NAME = N_("Mission Cities Dashboard")

BOOT = """
      (() => {
        const root = document.documentElement
        const known = ["en", "lt", "tr"]
        const own = (navigator.language || "en").split("-")[0].toLowerCase()
        const say = () => {
          const asked = new URLSearchParams(location.search).get("lang")
          root.lang = known.includes(asked) ? asked : known.includes(own) ? own : "en"
        }
        for (const name of ["pushState", "replaceState"]) {
          const native = history[name]
          history[name] = function (...given) {
            native.apply(this, given)
            say()
          }
        }
        addEventListener("popstate", say)
        say()
        const here = location.pathname
        if (here.endsWith("/" + root.dataset.page)) {
          const home = here.slice(0, here.length - root.dataset.page.length)
          window.__streamlit = { BACKEND_BASE_URL: location.origin + home }
        }
      })()
    """
"""Keeps the page's ``lang`` in step with the address, and tells Streamlit's script where its server is, which
on any page but the first it finds out by asking in the wrong place first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A body and its headers, ready to be sent."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]


def page(inside: str, query: dict[str, list[str]], accepted: str) -> Answer | None:
    """The HTML of the page at `inside` (the path without the base), None where there is no page.

    Its language is the one the address names (`query`), else the browser's first one we have (`accepted`,
    the header Accept-Language), else English: as :func:`pages.parts.session.language` has it.
    """
    found = PAGE.fullmatch(inside)
    if found is None:
        return None
    asked = query.get("lang", [""])[0]
    code = asked if asked in LANGUAGES else _preferred(accepted)
    body = _document(code).replace('data-page=""', f'data-page="{found[1]}"', 1).encode()
    headers = (
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-cache"),
        (b"vary", b"accept-language"),
    )
    return Answer(body, headers)


def _preferred(accepted: str) -> str:
    first = accepted.split(",")[0].split(";")[0].split("-")[0].strip().lower()
    return first if first in LANGUAGES else "en"


@cache
def _document(code: str) -> str:
    """Streamlit's page with our head. Raises ValueError where Streamlit's page is not as we know it."""
    text = (STATIC / "index.html").read_text(encoding="utf-8")
    lang = language(code)
    for pattern, ours in (
        (r'<html lang="en">', f'<html lang="{code}" data-page="">'),
        (r"<title>.*?</title>", _head(lang)),
        (r'<link rel="service-desc"[^>]*>', ""),
        (r"<noscript>.*?</noscript>", f"<noscript><p>{html.escape(_no_script(lang))}</p></noscript>"),
        (r"<!--.*?-->", ""),
    ):
        text, times = re.subn(pattern, ours.replace("\\", r"\\"), text, flags=re.DOTALL)
        if times == 0:
            raise ValueError(f"Streamlit's page has no {pattern}.")
    return text.strip() + "\n"


def _head(lang: Language) -> str:
    about = html.escape(
        lang.gettext(
            "Which cities are on pace for climate neutrality by 2030, who can learn from whom, and who "
            "already works together: the EU Mission cities, Lithuania, Türkiye and the rest of Europe."
        )
    )
    name = html.escape(lang.gettext(NAME))
    return (
        f"<title>{name}</title>\n"
        f'    <meta name="description" content="{about}" />\n'
        f'    <meta property="og:type" content="website" />\n'
        f'    <meta property="og:title" content="{name}" />\n'
        f'    <meta property="og:description" content="{about}" />\n'
        f"    <script>{BOOT}</script>"
    )


def _no_script(lang: Language) -> str:
    return lang.gettext(
        "The dashboard needs JavaScript. Switch it on in your browser and load the page again."
    )


# -- Streamlit's scripts


@cache
def _packable() -> dict[str, Path]:
    """Inside path -> file. Only what is listed here is ever read."""
    return {
        f"/{path.relative_to(STATIC).as_posix()}": path
        for path in (STATIC / "static").rglob("*")
        if path.suffix in PACKABLE and path.is_file()
    }


async def script(inside: str, encodings: str) -> Answer | None:
    """A script or style sheet of Streamlit, packed with gzip; None where it is none or may not be packed."""
    if not inside.startswith(SCRIPTS) or not takes_gzip(encodings):
        return None
    path = _packable().get(inside)
    return None if path is None else await asyncio.to_thread(_packed, path)


@cache
def _packed(path: Path) -> Answer:
    body = gzip.compress(path.read_bytes(), LEVEL, mtime=0)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = (
        (b"content-type", kind.encode()),
        (b"content-encoding", b"gzip"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"public, immutable, max-age=%d" % KEEP_SECONDS),
        (b"vary", b"accept-encoding"),
    )
    return Answer(body, headers)


def takes_gzip(encodings: str) -> bool:
    """Whether a header Accept-Encoding allows gzip."""
    for one in encodings.lower().split(","):
        name, _, weight = one.strip().partition(";")
        if name.strip() in ("gzip", "x-gzip", "*"):
            return not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)
    return False
