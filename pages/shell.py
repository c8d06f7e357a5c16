"""Runs on every visit and every click: language, build, filter bar, then the page. Started by
``dashboard.py``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.language import N_
from pages.parts import address, filter_bar, session, states

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page: its file (and so its path in the address), name, icon and the filters it obeys."""

    file: str
    title: str
    icon: str
    uses: frozenset[str]


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


def main(first_page: str = PAGES[0].file) -> None:
    """Draw the whole screen. `first_page` is shown when the address names none."""
    st.set_page_config(page_title="Mission Cities Dashboard", page_icon=str(HERE / "icon.svg"), layout="wide")
    _ = session.language().gettext
    pages = {
        entry.file: st.Page(
            HERE / f"{entry.file}.py",
            title=_(entry.title),
            icon=entry.icon,
            url_path=entry.file,
            default=entry.file == first_page,
        )
        for entry in PAGES
    }
    page = st.navigation(list(pages.values()), position="top")
    name = next(file for file, known in pages.items() if known == page)
    address.begin(name)
    found = session.serving()
    if found is None:
        filter_bar.draw_language()
        states.no_build()
        return
    filter_bar.draw(next(entry.uses for entry in PAGES if entry.file == name))
    if found[0].warning:
        states.stale(found[0].warning)
    page.run()
    address.finish()


if __name__ == "__main__":
    main()
