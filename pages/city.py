"""Everything about one city on one page, fit to print."""

from __future__ import annotations

import streamlit as st

from pages.parts import address, kept, session
from pages.sections import city_head, city_more, city_sheet, contract, names, path, progress_one
from pipeline.query import progress

DEFAULT_CITY = "vilnius"
"""Shown when no city is chosen: a Mission city of the host country, with a contract, targets and
partners."""


def main() -> None:
    """The first city of the filter, or the default one."""
    _ = session.language().gettext
    chosen = session.filters()
    city_id = chosen.cities[0] if chosen.cities else DEFAULT_CITY
    name = names.of(city_id)
    row = kept.made(
        "yardstick_row",
        lambda: progress_one.chosen_row(session.data(progress.yardsticks, city_id), chosen.yardstick),
        city_id,
    )
    views = {"page": _("Whole page"), "sheet": _("Print layout")}
    with st.container(key="c_view"):
        view = address.pick(
            "c_w",
            _("Layout"),
            list(views),
            views,
            kind="segments",
            label_visibility="collapsed",
            width="content",
        )
    if view == "sheet":
        kept.drawn("city_sheet", lambda: city_sheet.draw(city_id, row, chosen), city_id)
        return
    city_head.draw(city_id, name, row, chosen, is_example=not chosen.cities)
    st.subheader(_("Emissions and the path to the target"), anchor=False)
    path.draw("c_v", name, city_id, row, chosen)
    kept.drawn("city_plan", lambda: _plan(city_id), city_id, for_filters=False)
    contract.draw("c_c", name, city_id)
    kept.drawn("city_targets", lambda: city_more.all_targets(city_id), city_id, for_filters=False)
    st.subheader(_("Where the emissions come from"), anchor=False)
    city_more.sectors("c_s", name, city_id, row)
    st.subheader(_("Other indicators, and the place among peers"), anchor=False)
    city_more.indicators("c_i", name, city_id)
    kept.drawn("city_ties", lambda: _ties(city_id, name), city_id)
    kept.drawn("city_foot", lambda: _foot(city_id, name), city_id, for_filters=False)


def _plan(city_id: str) -> None:
    _ = session.language().gettext
    st.subheader(_("Plan, label and target"), anchor=False)
    city_more.plan(city_id)


def _ties(city_id: str, name: str) -> None:
    _ = session.language().gettext
    st.subheader(_("Partnerships"), anchor=False)
    city_more.partnerships("c_n", name, city_id)


def _foot(city_id: str, name: str) -> None:
    _ = session.language().gettext
    st.subheader(_("Where sources disagree"), anchor=False)
    city_more.conflicts("c_d", name, city_id)
    st.subheader(_("Sources and marks"), anchor=False)
    city_more.sources_and_marks(city_id)


main()
