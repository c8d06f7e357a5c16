"""The sheet of a meeting: five short parts that fit one page of paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts.text import markdown_safe
from pages.parts import session
from pages.sections import meeting_differences, partner_words
from pages.sections.meeting_room import Sheet
from pages.sections.path import words
from pages.sections.words import known, records

CLOSE_YEARS = 3
MOST_SHARED = 6
MOST_TIES = 8
PROJECTS = ("joint_project", "pilot_consortium")
IN_DOUBT = ("ended_or_unclear", "suspended_or_unclear")
MOST_IDEAS = 3
LEAST_ALIKE = 40
"""Pairs less alike are not proposed."""


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
    ordered = records(values.sort_values("value"))
    low, high = ordered[0], ordered[-1]
    facts = {
        side: f"{meeting_differences.value(row, book)} ({meeting_differences.row_period(row)})"
        for side, row in (("low", low), ("high", high))
    }
    difference = _(
        "They differ most in “{measure}”: {low} in {low_city}, {high} in {high_city}.",
        measure=partner_words.lower_first(partner_words.measure_title(str(top["measure_id"]), book)),
        low_city=sheet.name(str(low["city_id"])),
        high_city=sheet.name(str(high["city_id"])),
        **facts,
    )
    care = "" if bool(top["is_comparable"]) else " (" + _("compare with care") + ")"
    return f"{text} {difference}{care}"


def draw(sheet: Sheet) -> None:
    """The parts in the order in which a meeting needs them."""
    _ = session.language().gettext
    _facts(sheet)
    left, right = st.columns(2)
    with left:
        _part(_("What they share"), shared_lines(sheet), _("No common network, partner or label is known."))
    with right:
        _part(
            _("Ties that exist"), tie_lines(sheet), _("No tie between two of them is in the lists used here.")
        )
    st.markdown(f"##### {_('Where they differ most')}")
    meeting_differences.draw(sheet)
    _part(
        _("Ties worth making"),
        idea_lines(sheet),
        _("Every pair works together already, or the others are too unlike."),
    )
    link = session.page_address()
    if link:
        st.caption(_("Link to this sheet: {link}", link=markdown_safe(link)))


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
                _("City"): f"**{markdown_safe(sheet.name(row['city_id']))}**, "
                f"{lang.country(row['country_iso2'])}",
                _("Inhabitants"): lang.number(
                    row["population_count"] if known(row["population_count"]) else None
                ),
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
    for ids, rows in organisations.groupby(organisations["city_ids"].map(tuple), sort=False):
        names = [str(name) for name in rows["partner_name"].head(MOST_SHARED)]
        lines.append(f"{_who(sheet, ids)}: {markdown_safe(', '.join(names))}")
    for label, rows in sheet.cities.dropna(subset=["mission_label_date"]).groupby("mission_label_date"):
        if len(rows) > 1:
            month = lang.month(pd.Timestamp(str(label)).date())
            lines.append(
                f"{_who(sheet, tuple(rows['city_id']))}: " + _("Mission Label of {month}", month=month)
            )
    years = sheet.cities.dropna(subset=["base_year"])
    if len(years) > 1 and int(years["base_year"].max() - years["base_year"].min()) <= CLOSE_YEARS:
        lines.append(
            f"{_who(sheet, tuple(years['city_id']))}: "
            + _("first inventories of {years}", years=_span(years["base_year"]))
        )
    places = sheet.shared[sheet.shared["member_kind"] != "organisation"]
    for ids, rows in places.groupby(places["city_ids"].map(tuple), sort=False):
        named = [
            sheet.name(str(city_id)) if known(city_id) else str(name)
            for city_id, name in zip(rows["partner_city_id"], rows["partner_name"], strict=True)
        ]
        lines.append(f"{_who(sheet, ids)}: " + markdown_safe(partner_words.together(named, lang)))
    return lines[:MOST_SHARED]


def _span(years: pd.Series) -> str:
    return session.language().years(int(years.min()), int(years.max()))


def _who(sheet: Sheet, city_ids: tuple[str, ...]) -> str:
    lang = session.language()
    if len(city_ids) == len(sheet.room) > 2:
        return f"**{lang.gettext('All of them')}**"
    return f"**{markdown_safe(lang.listed([sheet.name(city_id) for city_id in city_ids]))}**"


def tie_lines(sheet: Sheet) -> list[str]:
    """Each tie in the room: who, what, since when. A project of several cities is one line.

    Ties that only a list of 2017 names are said to be so.
    """
    lang = session.language()
    found: dict[str, dict[str, None]] = {}
    for row in records(sheet.ties):
        ends = (str(row["city_a_id"]), str(row["city_b_id"]))
        words_of = _tie(row)
        joint = row["kind_id"] in PROJECTS and known(row["title"])
        key = words_of if joint else f"{words_of}\n{ends}"
        found.setdefault(key, {}).update(dict.fromkeys(ends))
    lines = []
    for key, members in found.items():
        ordered = [sheet.name(city_id) for city_id in sheet.room if city_id in members]
        who = " – ".join(ordered) if len(ordered) == 2 else lang.listed(ordered)
        lines.append(f"**{markdown_safe(who)}**: {markdown_safe(key.partition(chr(10))[0])}")
    more = len(lines) - MOST_TIES
    if more > 0:
        lines = [*lines[:MOST_TIES], lang.ngettext("and {count} more tie", "and {count} more ties", more)]
    return lines


def _tie(row: Mapping[str, Any]) -> str:
    """Kind, project, first year, evidence and, where it is in doubt, the status."""
    _ = session.language().gettext
    registry = session.catalogue()
    kind = registry.kinds.get(row["kind_id"])
    level = registry.evidence_levels.get(row["evidence_level_id"])
    status = registry.statuses.get(row["status_id"])
    facts = [_(kind.title) if kind else str(row["kind_id"])]
    if row["kind_id"] in PROJECTS and known(row["title"]):
        facts.append(str(row["title"]))
    if known(row["from_year"]):
        facts.append(_("since {year}", year=int(row["from_year"])))
    if level:
        facts.append(_(level.title))
    if status and row["status_id"] in IN_DOUBT:
        facts.append(_(status.title))
    return ", ".join(facts)


def idea_lines(sheet: Sheet) -> list[str]:
    """The most alike pairs without a tie, and what each side could show the other."""
    lang = session.language()
    _ = lang.gettext
    free = sheet.pairs[~sheet.pairs["is_partner"] & (sheet.pairs["score"] >= LEAST_ALIKE)]
    lines = []
    for row in records(free):
        own, other = str(row["own_id"]), str(row["other_id"])
        shows = [
            line for ahead, behind in ((own, other), (other, own)) if (line := _shows(sheet, ahead, behind))
        ]
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
        side: partner_words.value(
            row["measure_id"], row[f"{side}_value"], book, is_change=bool(row["is_change"])
        )
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
