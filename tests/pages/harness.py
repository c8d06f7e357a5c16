"""Runs a page as a reader sees it: the real shell with filter bar and language, on a real build, without a
browser.

    at = harness.run("map", {"city": ["vilnius"], "lang": ["lt"]})
    assert "Vilnius" in harness.words(at)

``AppTest.switch_page`` would run the page without the shell, so the page asked for is made the first page
instead.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.parts import frame
from pipeline.settings import Settings

SECONDS = 120

frame.FIRST_WORDS_SECONDS = 0.0  # no browser waits for words here


def _screen(page: str) -> None:
    from pages import shell

    shell.main(page)


@contextmanager
def reading(settings: Settings) -> Iterator[None]:
    """While this lasts, pages read the builds of these settings."""
    wanted = {
        "MISSION_BUILDS_DIR": str(settings.builds_dir),
        "MISSION_DATA_DIR": str(settings.data_dir),
        "MISSION_UPLOADS_DIR": str(settings.store_dir),
        "MISSION_STAFF_DIR": str(settings.people_dir),
    }
    before = {key: os.environ.get(key) for key in wanted}
    os.environ.update(wanted)
    st.cache_resource.clear()
    st.cache_data.clear()
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value
        st.cache_resource.clear()
        st.cache_data.clear()


def run(page: str, params: Mapping[str, Sequence[str] | str] | None = None) -> AppTest:
    """The page after its first run. Call inside :func:`reading` to keep the caches warm over several runs."""
    at = AppTest.from_function(_screen, args=(page,), default_timeout=SECONDS)
    for key, value in (params or {}).items():
        at.query_params[key] = value if isinstance(value, str) else list(value)
    return at.run()


def again(at: AppTest) -> AppTest:
    """The page after one more run, for widgets that were set."""
    return at.run()


def words(at: AppTest) -> str:
    """All text a reader sees, in order and each once an element: titles, sentences, tiles, buttons, links,
    help."""
    parts: list[str] = []
    for element in at.main:
        parts.extend(dict.fromkeys(text for text in _text(element) if text))
    return "\n".join(parts)


def _text(element: Any) -> Iterator[str]:
    """The texts of one element; pictures in it are left out."""
    for holder in (element, getattr(element, "proto", None)):
        for name in ("label", "body", "text", "value", "help"):
            try:
                value = getattr(holder, name, None)
            except Exception:  # some elements compute a value that needs a full run
                value = None
            if isinstance(value, str):
                yield re.sub(r"<[^>]*>", " ", value)
