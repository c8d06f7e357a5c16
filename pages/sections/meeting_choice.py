"""Who is in the room: cities picked by name, or those known to have been at an event. Kept in the address."""

from __future__ import annotations

import streamlit as st

from pages.charts.text import markdown_safe
from pages.parts import address, session
from pages.sections.words import records
from pipeline.query import cities, meeting
from pipeline.query.filters import Filters

DEFAULT_ROOM = ("vilnius", "taurage", "istanbul", "izmir")
"""Shown when nobody is picked: the Mission cities of Lithuania, and two of Türkiye's."""
MOST = 10
EVENT_BEFORE = "_mt_event"


def draw() -> list[str]:
    """The two choices; gives back the city ids in the order picked."""
    lang = session.language()
    _ = lang.gettext
    rows = session.data(meeting.events)
    titles = {
        str(row["event_key"]): f"{lang.month(row['date_start'].date())}: {row['title']}"
        for row in records(rows)
    }
    event = address.pick(
        "me", _("Event"), ["", *titles], {"": _("no event: pick cities"), **titles}, default="",
        help=_("Cities the calendar of the Mission names: the host, those in the title, and those labelled "
          "that day."),
    )  # fmt: skip
    there = [str(city) for city in rows[rows["event_key"] == event]["city_id"]] if event else []
    standard = there[:MOST] if there else list(DEFAULT_ROOM)
    _follow(event, standard)
    names = session.data(cities.names)
    asked = address.incoming("m") or []
    held = st.session_state.get(f"{address.PREFIX}m") or []
    options = session.in_choice(Filters(cities=(*asked, *held, *standard)))
    room = address.pick_many(
        "m",
        _("Cities in the room"),
        options,
        lambda city_id: names[city_id].label(lang.code),
        default=standard,
        most=MOST,
        placeholder=_("Type a name; up to ten cities"),
    )
    unknown = [value for value in asked if value not in names]
    if unknown and address.address_wins():
        st.caption(
            _("Not known: {names}.", names=markdown_safe(", ".join(value[:40] for value in unknown[:5])))
        )
    if len(there) > MOST:
        st.caption(
            _("{count} cities are known to have been there; the first {most} are picked.",
              count=lang.number(len(there)), most=lang.number(MOST))
        )  # fmt: skip
    return room


def _follow(event: str, standard: list[str]) -> None:
    """A newly chosen event fills the room; a link that names cities as well keeps them."""
    before = st.session_state.get(EVENT_BEFORE)
    if before is not None and before != event and not address.address_wins():
        address.choose("m", standard)
    st.session_state[EVENT_BEFORE] = event
