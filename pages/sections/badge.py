"""Can these be compared? Scope, gases, base year and age of a set of cities, with the reasons in words."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import session
from pages.parts.tables import Column, Table
from pages.parts.tables import draw as draw_table
from pages.sections.path import words

OLD_YEARS = 5
"""An inventory older than this is called old; the Covenant of Mayors asks for one every four years."""


def draw(key: str, rows: pd.DataFrame) -> None:
    """One chip an aspect, green where all share it, and an expander with what differs."""
    lang, book = session.language(), words()
    _ = lang.gettext
    aspects = {aspect: rows[rows["aspect"] == aspect] for aspect in ("scope", "gas", "base_year", "age")}
    chips = [
        _chip(aspects["scope"], _("same scope"), _("scopes differ")),
        _chip(aspects["gas"], _("same gases"), _("gases differ")),
        _chip(aspects["base_year"], _("same base year"), _("base years differ")),
    ]
    oldest = int(aspects["age"]["highest"].max())
    old = oldest > OLD_YEARS
    ages = lang.years(int(aspects["age"]["lowest"].min()), oldest)
    colour, icon = ("orange", ":material/schedule:") if old else ("green", ":material/check_circle:")
    chips.append(f":{colour}-badge[{icon} {_('inventories are {years} years old', years=ages)}]")
    alike = all(len(aspects[aspect]) == 1 for aspect in ("scope", "gas", "base_year"))
    title = _("These figures can be compared") if alike else _("Compare with care: not everything is alike")
    st.markdown(f"**{title}** " + " ".join(chips))
    with st.expander(_("What differs, and for how many cities")):
        _reasons(aspects)
        shown = rows.assign(
            word=[
                book.scope(value) if aspect == "scope" else book.gas(value) if aspect == "gas" else value
                for aspect, value in zip(rows["aspect"], rows["value"], strict=True)
            ]
        )
        aspect_words = {
            "scope": _("Scope"),
            "gas": _("Gases"),
            "base_year": _("Base year"),
            "age": _("Age in years"),
        }
        draw_table(
            Table(
                shown,
                [
                    Column("aspect", _("Aspect"), kind="words", words=aspect_words),
                    Column("word", _("Value")),
                    Column("city_count", _("Cities"), kind="number"),
                ],
            ),
            key=f"{key}_table",
        )


def _chip(rows: pd.DataFrame, same: str, differs: str) -> str:
    if len(rows) <= 1:
        return f":green-badge[:material/check_circle: {same}]"
    return f":orange-badge[:material/warning: {differs}]"


def _reasons(aspects: dict[str, pd.DataFrame]) -> None:
    lang = session.language()
    _ = lang.gettext
    reasons: list[str] = []
    if len(aspects["scope"]) > 1:
        reasons.append(
            _(
                "Scopes differ: some count electricity and waste from outside, others do not. Compare the "
                "change, not the level."
            )
        )
    if len(aspects["gas"]) > 1:
        reasons.append(_("Gases differ: some count carbon dioxide only, others all greenhouse gases."))
    years = aspects["base_year"]
    if len(years) > 1:
        reasons.append(
            _(
                "Base years run from {first} to {last}: a long period smooths single years.",
                first=int(years["lowest"].min()),
                last=int(years["highest"].max()),
            )
        )
    reasons.append(
        _(
            "The newest inventories are {years} years old.",
            years=lang.years(int(aspects["age"]["lowest"].min()), int(aspects["age"]["highest"].max())),
        )
    )
    st.markdown("\n".join(f"- {reason}" for reason in reasons))
