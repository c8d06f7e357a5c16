"""Where the cities in the room differ: the rows of the sheet, their badges, the full table and the method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts.text import markdown_safe
from pages.parts import session
from pages.parts.tables import Column, Table
from pages.sections import partner_words
from pages.sections.meeting_room import Sheet
from pages.sections.path import words
from pages.sections.words import Words, known, records
from pipeline.query import partners

ROWS = 9
"""Differences on the sheet; the table view has all of them."""
WIDE_ROOM = 5
"""Up to so many cities the table has a column each; above, only the lowest and the highest are named."""


def value(row: Mapping[str, Any], book: Words) -> str:
    return partner_words.value(str(row["measure_id"]), row["value"], book, is_change=bool(row["is_change"]))


def draw(sheet: Sheet) -> None:
    lang, book = session.language(), words()
    _ = lang.gettext
    if sheet.differences.empty:
        st.markdown(_("No indicator is known for two of them."))
        return
    notes = {source: number for number, source in enumerate(dict.fromkeys(top(sheet)["source_id"]), start=1)}
    rows = []
    for measure_id, values in top(sheet).groupby("measure_id", sort=False):
        cells = {
            str(row["city_id"]): f"{value(row, book)} ({row_period(row)}) [{notes[row['source_id']]}]"
            for row in records(values)
        }
        first = records(values)[0]
        line = {
            _("Largest differences first"): markdown_safe(partner_words.measure_title(str(measure_id), book))
        }
        if len(sheet.room) <= WIDE_ROOM:
            line |= {sheet.name(city_id): markdown_safe(cells.get(city_id, "–")) for city_id in sheet.room}
        else:
            ordered = [str(city_id) for city_id in values.sort_values("value")["city_id"]]
            low, high = ordered[0], ordered[-1]
            line |= {
                _("Lowest"): f"**{markdown_safe(sheet.name(low))}** {markdown_safe(cells[low])}",
                _("Highest"): f"**{markdown_safe(sheet.name(high))}** {markdown_safe(cells[high])}",
                _("Figures"): lang.number(len(values)),
            }
        line[_("Apart")] = lang.number(first["spread"])
        line[_("Can it be compared?")] = badge(first)
        rows.append(line)
    st.table(
        pd.DataFrame(rows), border="horizontal", hide_index=True,
        alt=_("Indicators in which the cities differ, largest differences first"),
    )  # fmt: skip
    st.caption(
        _(
            "Apart: places between the first and the last of them when all cities with the figure stand in a "
            "row of 100."
        )
        + " "
        + " ".join(
            f"\\[{number}\\] {markdown_safe(book.source(source))}." for source, number in notes.items()
        )
    )


def top(sheet: Sheet) -> pd.DataFrame:
    first = list(dict.fromkeys(sheet.differences["measure_id"]))[:ROWS]
    return sheet.differences[sheet.differences["measure_id"].isin(first)]


def row_period(row: Mapping[str, Any]) -> str:
    """The year of a figure, or first and last year of a change."""
    first = int(row["first_year"]) if known(row["first_year"]) else int(row["last_year"])
    return session.language().years(first, int(row["last_year"]))


def reasons(row: Mapping[str, Any]) -> list[str]:
    """Why the figures of one row cannot be set side by side without care."""
    lang = session.language()
    _ = lang.gettext
    found = []
    if row["is_emission"]:
        if int(row["scope_count"]) > 1:
            found.append(_("scopes differ"))
        if int(row["gas_count"]) > 1:
            found.append(_("gases differ"))
        if int(row["removals_count"]) > 1:
            found.append(_("one of the two totals is net of removals"))
    if row["is_change"] and int(row["last_base_year"]) > int(row["first_base_year"]):
        found.append(
            _("base years {years}", years=lang.years(int(row["first_base_year"]), int(row["last_base_year"])))
        )
    if int(row["newest_year"]) > int(row["oldest_year"]):
        found.append(_("years {years}", years=lang.years(int(row["oldest_year"]), int(row["newest_year"]))))
    return found


def badge(row: Mapping[str, Any]) -> str:
    """Green where the figures can be compared, else with care, and the reasons."""
    _ = session.language().gettext
    text = ", ".join(reasons(row))
    if row["is_comparable"]:
        return f":green-badge[:material/check_circle: {_('yes')}] {markdown_safe(text)}"
    return f":orange-badge[:material/warning: {_('with care')}] {markdown_safe(text)}"


def table(sheet: Sheet) -> Table:
    """Every value of every difference, one row a city and indicator."""
    book, units = words(), session.catalogue().units
    _ = session.language().gettext
    rows = session.named(sheet.differences).reset_index(drop=True)
    listed = records(rows)
    rows["measure"] = [partner_words.measure_title(row["measure_id"], book) for row in listed]
    rows["unit"] = [
        units[row["unit_id"]].symbol if row["unit_id"] in units else row["unit_id"] for row in listed
    ]
    rows["scope_word"] = [book.scope(row["scope"]) for row in listed]
    rows["gas_word"] = [book.gas(row["gas_basis"]) for row in listed]
    rows["source"] = [book.source(row["source_id"]) for row in listed]
    rows["care"] = [
        (_("yes") if row["is_comparable"] else _("with care")) + "".join(f", {text}" for text in reasons(row))
        for row in listed
    ]
    return Table(
        rows,
        [
            Column("name", _("City")),
            Column("measure", _("Indicator")),
            Column("value", _("Value"), unit=_("see unit"), kind="number", decimals=2),
            Column("unit", _("Unit")),
            Column("first_year", _("From"), unit=_("year"), kind="year"),
            Column("last_year", _("Year of the figure"), unit=_("year"), kind="year"),
            Column("scope_word", _("Scope")),
            Column("gas_word", _("Gases")),
            Column("source", _("Source")),
            Column("spread", _("Apart"), unit=_("places of 100"), kind="number", decimals=1),
            Column("care", _("Can it be compared?")),
        ],
    )


def about() -> None:
    """How the sheet is made, in plain words."""
    lang = session.language()
    _ = lang.gettext
    rules = session.data(partners.rules)
    st.markdown(
        "\n".join(
            f"- {line}"
            for line in (
                _("**Differences**: for each indicator all Mission cities, the municipalities of Lithuania "
                  "and Türkiye "
                  "and the cities in the room stand in a row from the best (0) to the last (100). The "
                  "indicator in which "
                  "the cities in the room stand furthest apart comes first. So tonnes, percent and "
                  "micrograms can be "
                  "put in one order."),
                _("**Can it be compared?** Yes: figures at most {years} years apart, for emissions also "
                  "one scope, one "
                  "gas basis, and all with or all without removals.",
                  years=lang.number(rules["comparable_years"])),
                _("**Ties that exist**: from the partnership lists, with the evidence named. Those that "
                  "only a list of "
                  "2017 names are shown as unverified and do not count."),
                _("**Ties worth making**: the pairs without a tie that are most alike by the rules of the "
                  "partner "
                  "finder with equal weights, and in which one side does clearly better in something with "
                  "figures of "
                  "about the same time."),
                _("**Networks** come from member lists and statements of the cities; a missing one proves "
                  "nothing."),
            )
        )
    )  # fmt: skip


def source_ids(sheet: Sheet) -> list[str]:
    """The sources of the differences, the series and the ties."""
    found = [*top(sheet)["source_id"], *sheet.cities["series_source_id"].dropna(), *sheet.ties["source_id"]]
    return list(
        dict.fromkeys([*map(str, found), "lt_tr_partnerships", "mission_partnerships", "mission_events"])
    )
