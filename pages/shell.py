"""The whole screen, drawn on every visit and every click: language, build, filter bar, then the page."""

from __future__ import annotations

import base64
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import access, front
from pages.language import N_
from pages.parts import address, filter_bar, session, staff, states
from pipeline.staff import Claim, Person, Refused

HERE = Path(__file__).parent
ICON = "data:image/svg+xml;base64," + base64.b64encode((HERE / "icon.svg").read_bytes()).decode("ascii")
"""In the form it is sent in: given as a file it would be read and turned into this on every click."""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page: its file (and so its path in the address), name, icon and the filters it obeys."""

    file: str
    title: str
    icon: str
    uses: frozenset[str]


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """One page for staff: its file, name, icon and what a person must be allowed to do to see it."""

    file: str
    title: str
    icon: str
    act: str


PLACE = frozenset({"cities", "groups", "countries", "sizes"})
PAGES: tuple[PageEntry, ...] = (
    PageEntry("overview", N_("Overview"), ":material/home:", frozenset({"yardstick", "cities"})),
    PageEntry("map", N_("Map"), ":material/public:", PLACE),
    PageEntry("progress", N_("Progress"), ":material/trending_down:", PLACE | {"years", "yardstick"}),
    PageEntry("city", N_("City"), ":material/location_city:", frozenset({"cities", "years", "yardstick"})),
    PageEntry("network", N_("Network"), ":material/hub:", frozenset({"cities"})),
    PageEntry("partners", N_("Partner finder"), ":material/person_search:", PLACE | {"years"}),
    PageEntry("meeting", N_("Meeting"), ":material/handshake:", frozenset()),
    PageEntry("data", N_("Data"), ":material/database:", PLACE | {"years"}),
)


SIGN_IN = StaffEntry("staff", N_("Staff"), ":material/badge:", "")
"""Signing in and out. Not in the menu, and not there at all where nobody can sign in."""
STAFF_PAGES: tuple[StaffEntry, ...] = (
    StaffEntry("upload", N_("Upload"), ":material/upload_file:", "upload"),
    StaffEntry("history", N_("History"), ":material/history:", "upload"),
    StaffEntry("people", N_("Access rights"), ":material/group:", "manage"),
)
"""Registered for signed-in visitors only: to everybody else they do not exist."""


def main(first_page: str = PAGES[0].file) -> None:
    """Draw the whole screen. `first_page` is shown when the address names none."""
    st.set_page_config(page_title=session.language().gettext(front.NAME), page_icon=ICON, layout="wide")
    claim = staff.claim()
    who = staff.found(claim)
    entries: list[PageEntry | StaffEntry] = [*PAGES, *_staff_entries(claim, who)]
    pages = {entry.file: _page(entry, who, entry.file == first_page) for entry in entries}
    page = st.navigation(list(pages.values()), position="top")
    name = next(file for file, known in pages.items() if known == page)
    address.begin(name)
    found = session.serving()
    if found is None:
        filter_bar.draw_language()
        states.no_build()
        return
    entry = next(entry for entry in entries if entry.file == name)
    if isinstance(entry, PageEntry):
        _with_filters(entry, found[0].warning, page.run)
    else:
        with st.container(horizontal=True, horizontal_alignment="right"):
            filter_bar.draw_language()
        _warn(found[0].warning)
        if entry.act and not _may(who, entry):
            staff.refused(who.code if isinstance(who, Refused) else "role_too_low")
        else:
            page.run()
    if name != SIGN_IN.file:
        staff.foot(who)
    address.finish()


def _with_filters(entry: PageEntry, warning: str, run: Callable[[], None]) -> None:
    """The filter bar and the page under it.

    On a first visit the page goes before the rest of the bar: all choices are in the address then, and its
    words are what the visitor came for.
    """
    row = filter_bar.begin(entry.uses)
    body = st.container()
    if not address.is_first_run():
        filter_bar.draw(row)
        _page_in(body, row, warning, run)
        return
    filter_bar.take(row.asked)
    try:
        _page_in(body, row, warning, run)
    finally:  # whoever meets a page that fails can still choose something else
        filter_bar.draw(row)


def _page_in(body: DeltaGenerator, row: filter_bar.Row, warning: str, run: Callable[[], None]) -> None:
    with body:
        filter_bar.problems(row)
        _warn(warning)
        run()


def _warn(warning: str) -> None:
    if warning:
        states.stale(warning)


def _staff_entries(claim: Claim | None, who: Person | Refused) -> list[StaffEntry]:
    """The staff pages of this visitor. Whoever lost their role meanwhile still finds them, to read why."""
    if not access.mode().is_open and claim is None:
        return []
    known = [SIGN_IN]
    if claim is not None:
        known += [entry for entry in STAFF_PAGES if isinstance(who, Refused) or _may(who, entry)]
    return [entry for entry in known if (HERE / f"{entry.file}.py").is_file()]


def _may(who: Person | Refused, entry: StaffEntry) -> bool:
    return isinstance(who, Person) and who.may(entry.act)


def _page(entry: PageEntry | StaffEntry, who: Person | Refused, is_first: bool) -> Any:
    in_menu = isinstance(entry, PageEntry) or _may(who, entry)
    # A copy, because Streamlit notes in it that this visitor may run it.
    return copy(_known_page(entry, session.language().gettext(entry.title), is_first, in_menu))


@lru_cache(maxsize=200)
def _known_page(entry: PageEntry | StaffEntry, title: str, is_first: bool, in_menu: bool) -> Any:
    """The page as Streamlit keeps it. Making one looks each part of its path up on the disk."""
    return st.Page(
        HERE / f"{entry.file}.py",
        title=title,
        icon=entry.icon,
        url_path=entry.file,
        default=is_first,
        visibility="visible" if in_menu else "hidden",
    )
