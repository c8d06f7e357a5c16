"""Everything about one city on one page, fit to print."""

from __future__ import annotations

import streamlit as st

from pages.parts import address, session
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
    rows = session.data(progress.yardsticks, city_id)
    row = progress_one.chosen_row(rows, chosen.yardstick)
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
        city_sheet.draw(city_id, row, chosen)
        return
    city_head.draw(city_id, name, row, chosen, is_example=not chosen.cities)
    st.subheader(_("Emissions and the path to the target"), anchor=False)
    path.draw("c_v", name, city_id, row, chosen)
    st.subheader(_("Plan, label and target"), anchor=False)
    city_more.plan(city_id)
    contract.draw("c_c", name, city_id)
    city_more.all_targets(city_id)
    st.subheader(_("Where the emissions come from"), anchor=False)
    city_more.sectors("c_s", name, city_id, row)
    st.subheader(_("Other indicators, and the place among peers"), anchor=False)
    city_more.indicators("c_i", name, city_id)
    st.subheader(_("Partnerships"), anchor=False)
    city_more.partnerships("c_n", name, city_id)
    st.subheader(_("Where sources disagree"), anchor=False)
    city_more.conflicts("c_d", name, city_id)
    st.subheader(_("Sources and marks"), anchor=False)
    city_more.sources_and_marks(city_id)


main()
