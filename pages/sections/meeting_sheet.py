"""The sheet of a meeting: five short parts that fit one page of paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts.text import markdown_safe
from pages.parts import session
from pages.parts.tables import Column, Table
from pages.sections import partner_words
from pages.sections.path import words
from pages.sections.words import known, records
from pipeline.query import partners

ROWS = 9
"""Differences on the sheet; the table view has all of them."""
WIDE_ROOM = 5
"""Up to so many cities the table has a column each; above, only the lowest and the highest are named."""
CLOSE_YEARS = 3
MOST_SHARED = 6
MOST_TIES = 8
MOST_IDEAS = 3


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything known about the cities in the room."""

    room: tuple[str, ...]
    cities: pd.DataFrame
    ties: pd.DataFrame
    shared: pd.DataFrame
    differences: pd.DataFrame
    pairs: pd.DataFrame
    leads: pd.DataFrame

    def name(self, city_id: str) -> str:
        """The city's name in the reader's language."""
        return session.city_names().get(city_id, city_id)

    def names_listed(self) -> str:
        """All cities in the room: "Vilnius, Tauragė and İzmir"."""
        return session.language().listed([self.name(city_id) for city_id in self.room])

    def confirmed(self) -> pd.DataFrame:
        """The ties that count."""
        return self.ties[self.ties["is_shown_by_default"]]


def answer(sheet: Sheet) -> str:
    """How many pairs have a tie, and in what they differ most."""
    lang, book = session.language(), words()
    _ = lang.gettext
    tied = int(sheet.pairs["is_partner"].sum())
    text = lang.ngettext(
        "{tied} of {count} pair works together already.",
        "{tied} of {count} pairs work together already.",
        len(sheet.pairs),
        tied=lang.number(tied),
    )
    if sheet.differences.empty:
        return text + " " + _("No indicator is known for two of them.")
    top = sheet.differences.iloc[0]
    values = sheet.differences[sheet.differences["measure_id"] == top["measure_id"]]
    low, high = values.loc[values["value"].idxmin()], values.loc[values["value"].idxmax()]
    return (
        text
        + " "
        + _(
            "They differ most in “{measure}”: {low} in {low_city}, {high} in {high_city}.",
            measure=partner_words.lower_first(partner_words.measure_title(str(top["measure_id"]), book)),
            low=_value(low, book), low_city=sheet.name(str(low["city_id"])),
            high=_value(high, book), high_city=sheet.name(str(high["city_id"])),
        )
    )  # fmt: skip


def draw(sheet: Sheet) -> None:
    """The parts in the order in which a meeting needs them."""
    _ = session.language().gettext
    _facts(sheet)
    left, right = st.columns(2)
    with left:
        _part(_("What they share"), shared_lines(sheet), _("No common network, partner or label is known."))
    with right:
        _part(_("Ties that exist"), tie_lines(sheet), _("No tie between two of them is in the lists used here."))
    st.markdown(f"##### {_('Where they differ most')}")
    _differences(sheet)
    _part(_("Ties worth making"), idea_lines(sheet), _("Every pair works together already, or too little is known."))


def _part(title: str, lines: list[str], none: str) -> None:
    st.markdown(f"##### {title}\n" + ("\n".join(f"- {line}" for line in lines) if lines else none))


def _facts(sheet: Sheet) -> None:
    lang, book = session.language(), words()
    _ = lang.gettext
    rows = []
    for row in records(sheet.cities):
        label = row["mission_label_date"]
        inventories = lang.years(
            int(row["base_year"]) if known(row["base_year"]) else None,
            int(row["latest_year"]) if known(row["latest_year"]) else None,
        )
        rows.append(
            {
                _("City"): f"**{markdown_safe(sheet.name(row['city_id']))}**, {lang.country(row['country_iso2'])}",
                _("Inhabitants"): lang.number(row["population_count"] if known(row["population_count"]) else None),
                _("Mission Label"): lang.month(label) if known(label) else "–",
                _("First and newest inventory"): inventories,
                _("Scope"): markdown_safe(book.scope(row["series_scope"])),
                _("Gases"): markdown_safe(book.gas(row["series_gas_basis"])),
            }
        )
    st.table(pd.DataFrame(rows), border="horizontal", hide_index=True, alt=_("The cities in the room"))


def shared_lines(sheet: Sheet) -> list[str]:
    """Networks, labels, years and partners in common, one line each."""
    lang = session.language()
    _ = lang.gettext
    lines = []
    organisations = sheet.shared[sheet.shared["member_kind"] == "organisation"]
    for (ids, rows) in organisations.groupby(organisations["city_ids"].map(tuple), sort=False):
        names = [str(name) for name in rows["partner_name"].head(MOST_SHARED)]
        lines.append(f"{_who(sheet, ids)}: {markdown_safe(', '.join(names))}")
    for label, rows in sheet.cities.dropna(subset=["mission_label_date"]).groupby("mission_label_date"):
        if len(rows) > 1:
            lines.append(
                f"{_who(sheet, tuple(rows['city_id']))}: " + _("Mission Label of {month}", month=lang.month(label))
            )  # fmt: skip
    years = sheet.cities.dropna(subset=["base_year"])
    if len(years) > 1 and int(years["base_year"].max() - years["base_year"].min()) <= CLOSE_YEARS:
        lines.append(
            f"{_who(sheet, tuple(years['city_id']))}: "
            + _("first inventories of {years}", years=lang.years(int(years["base_year"].min()), int(years["base_year"].max())))
        )  # fmt: skip
    places = sheet.shared[sheet.shared["member_kind"] != "organisation"]
    for ids, rows in places.groupby(places["city_ids"].map(tuple), sort=False):
        named = [
            sheet.name(str(city_id)) if known(city_id) else str(name)
            for city_id, name in zip(rows["partner_city_id"], rows["partner_name"], strict=True)
        ]
        lines.append(
            f"{_who(sheet, ids)}: " + markdown_safe(partner_words.together(named, lang))
        )
    return lines[:MOST_SHARED]


def _who(sheet: Sheet, city_ids: tuple[str, ...]) -> str:
    lang = session.language()
    if len(city_ids) == len(sheet.room) > 2:
        return f"**{lang.gettext('All of them')}**"
    return f"**{markdown_safe(lang.listed([sheet.name(city_id) for city_id in city_ids]))}**"


def tie_lines(sheet: Sheet) -> list[str]:
    """Each tie in the room: who, what, since when; ties only a list of 2017 names are said to be so."""
    lang = session.language()
    _ = lang.gettext
    registry = session.catalogue()
    lines = []
    for row in records(sheet.ties):
        kind = registry.kinds.get(row["kind_id"])
        level = registry.evidence_levels.get(row["evidence_level_id"])
        status = registry.statuses.get(row["status_id"])
        facts = [_(kind.title) if kind else row["kind_id"]]
        if row["kind_id"] in ("joint_project", "pilot_consortium") and known(row["title"]):
            facts.append(str(row["title"]))
        if known(row["from_year"]):
            facts.append(_("since {year}", year=int(row["from_year"])))
        if level:
            facts.append(_(level.title))
        if status and row["status_id"] in ("ended_or_unclear", "suspended_or_unclear"):
            facts.append(_(status.title))
        ends = f"**{markdown_safe(sheet.name(row['city_a_id']))} – {markdown_safe(sheet.name(row['city_b_id']))}**"
        lines.append(f"{ends}: {markdown_safe(', '.join(facts))}")
    return lines[:MOST_TIES] + (
        [lang.ngettext("and {count} more tie", "and {count} more ties", len(lines) - MOST_TIES)]
        if len(lines) > MOST_TIES else []
    )  # fmt: skip


def idea_lines(sheet: Sheet) -> list[str]:
    """The most alike pairs without a tie, and what each side could show the other."""
    lang = session.language()
    _ = lang.gettext
    free = sheet.pairs[~sheet.pairs["is_partner"] & sheet.pairs["score"].notna()]
    lines = []
    for row in records(free):
        own, other = str(row["own_id"]), str(row["other_id"])
        shows = [line for ahead, behind in ((own, other), (other, own)) if (line := _shows(sheet, ahead, behind))]
        if not shows:
            continue
        alike = ", ".join(partner_words.alike_in(row, lang))
        head = _("{score} of 100 alike", score=lang.number(row["score"])) + (f": {alike}" if alike else "")
        pair = f"**{markdown_safe(sheet.name(own))} – {markdown_safe(sheet.name(other))}**"
        lines.append(f"{pair} ({markdown_safe(head)}). " + " ".join(markdown_safe(line) for line in shows))
    return lines[:MOST_IDEAS]


def _shows(sheet: Sheet, ahead: str, behind: str) -> str:
    rows = sheet.leads[(sheet.leads["ahead_id"] == ahead) & (sheet.leads["behind_id"] == behind)]
    if rows.empty:
        return ""
    row = records(rows)[0]
    book = words()
    facts: dict[str, object] = {
        side: partner_words.value(row["measure_id"], row[f"{side}_value"], book, is_change=bool(row["is_change"]))
        for side in ("ahead", "behind")
    }
    care = "" if row["is_comparable"] else " (" + session.language().gettext("scopes or gases differ") + ")"
    return (
        session.language().gettext(
            "{city} does better in “{measure}”: {ahead} ({ahead_year}) against {behind} ({behind_year})",
            city=sheet.name(ahead),
            measure=partner_words.lower_first(partner_words.measure_title(row["measure_id"], book)),
            ahead_year=partner_words.period(row, "ahead"),
            behind_year=partner_words.period(row, "behind"),
            **facts,
        )
        + care
        + "."
    )


def _value(row: Mapping[str, Any] | pd.Series, book: Any) -> str:
    return partner_words.value(str(row["measure_id"]), row["value"], book, is_change=bool(row["is_change"]))


def _differences(sheet: Sheet) -> None:
    lang, book = session.language(), words()
    _ = lang.gettext
    if sheet.differences.empty:
        st.markdown(_("No indicator is known for two of them."))
        return
    notes = {
        source: number
        for number, source in enumerate(dict.fromkeys(_top(sheet)["source_id"]), start=1)
    }
    rows = []
    for measure_id, values in _top(sheet).groupby("measure_id", sort=False):
        cells = {
            str(row["city_id"]): f"{_value(row, book)} ({row_period(row)}) [{notes[row['source_id']]}]"
            for row in records(values)
        }
        first = records(values)[0]
        line = {_("Largest differences first"): markdown_safe(partner_words.measure_title(str(measure_id), book))}
        if len(sheet.room) <= WIDE_ROOM:
            line |= {sheet.name(city_id): markdown_safe(cells.get(city_id, "–")) for city_id in sheet.room}
        else:
            low = str(values.loc[values["value"].idxmin(), "city_id"])
            high = str(values.loc[values["value"].idxmax(), "city_id"])
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
        _("Apart: places between the first and the last of them when all cities with the figure stand in a row of 100.")
        + " "
        + " ".join(f"\\[{number}\\] {markdown_safe(book.source(source))}." for source, number in notes.items())
    )


def _top(sheet: Sheet) -> pd.DataFrame:
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
        found.append(_("base years {years}", years=lang.years(int(row["first_base_year"]), int(row["last_base_year"]))))
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
    book = words()
    _ = session.language().gettext
    rows = session.named(sheet.differences).reset_index(drop=True)
    listed = records(rows)
    rows["measure"] = [partner_words.measure_title(row["measure_id"], book) for row in listed]
    rows["unit"] = [
        session.catalogue().units[row["unit_id"]].symbol if row["unit_id"] in session.catalogue().units else row["unit_id"]
        for row in listed
    ]  # fmt: skip
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
                _("**Differences**: for each indicator all Mission cities, the municipalities of Lithuania and Türkiye "
                  "and the cities in the room stand in a row from the best (0) to the last (100). The indicator in which "
                  "the cities in the room stand furthest apart comes first. So tonnes, percent and micrograms can be "
                  "put in one order."),
                _("**Can it be compared?** Yes: figures at most {years} years apart, for emissions also one scope, one "
                  "gas basis, and all with or all without removals.", years=lang.number(rules["comparable_years"])),
                _("**Ties that exist**: from the partnership lists, with the evidence named. Those that only a list of "
                  "2017 names are shown as unverified and do not count."),
                _("**Ties worth making**: the pairs without a tie that are most alike by the rules of the partner "
                  "finder with equal weights, and in which one side does clearly better in something with figures of "
                  "about the same time."),
                _("**Networks** come from member lists and statements of the cities; a missing one proves nothing."),
            )
        )
    )  # fmt: skip


def source_ids(sheet: Sheet) -> list[str]:
    """The sources of the differences, the series and the ties."""
    found = [*_top(sheet)["source_id"], *sheet.cities["series_source_id"].dropna(), *sheet.ties["source_id"]]
    return list(dict.fromkeys([*map(str, found), "lt_tr_partnerships", "mission_partnerships", "mission_events"]))
