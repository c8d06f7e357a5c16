"""Two builds side by side: city pages before and after; every figure lost, changed or added, lost first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from pages.charts.axes import gas_word
from pages.charts.text import markdown_safe
from pages.language import NOT_KNOWN, Language
from pages.parts import session
from pages.sections.city_head import group_names
from pages.sections.path import words
from pages.sections.words import records
from pipeline.query import progress
from pipeline.uploads.difference import (
    ADDED,
    CHANGED,
    LOST,
    RANKED,
    CityChange,
    Difference,
    FigureChange,
    Headline,
)

CITIES_IN_FULL = 3
"""Cities whose pages are compared openly; further ones fold away."""
YARDSTICK = "mission_default"
ROWS_SEEN = 400


def cities(found: Difference) -> None:
    """The top of each city page, before and after."""
    lang = session.language()
    _ = lang.gettext
    names = session.city_names()
    for number, city in enumerate(found.cities):
        name = markdown_safe(names.get(city.city_id, city.city_id))
        if number < CITIES_IN_FULL:
            st.subheader(_("City page of {city}, before and after", city=name), anchor=False)
            _one(city, found.figures, lang)
        else:
            with st.expander(name):
                _one(city, found.figures, lang)


def _one(city: CityChange, changes: Sequence[FigureChange], lang: Language) -> None:
    _ = lang.gettext
    per_person = {
        row.year: (row.before, row.after)
        for row in changes
        if row.city_id == city.city_id and row.indicator_id == RANKED
    }
    rows = [*_headline_rows(city, per_person, lang), *_verdict_rows(city, lang)]
    table = pd.DataFrame(
        [
            {
                _("On the city page"): title,
                _("Before"): markdown_safe(before),
                _("After"): f"**{markdown_safe(after)}**" if after != before else markdown_safe(after),
                " ": _("changes") if after != before else "",
            }
            for title, before, after in rows
        ]
    )
    st.table(table.set_index(_("On the city page")), border="horizontal")


def _headline_rows(
    city: CityChange, per_person: Mapping[int, tuple[float | None, float | None]], lang: Language
) -> list[tuple[str, str, str]]:
    _ = lang.gettext
    used = words()

    def total(side: Headline) -> str:
        if side.total_t is None:
            return _("none")
        return f"{lang.tonnes(side.total_t, gas_word(side.gas_basis))} ({side.year})"

    def person(side: Headline, place: int) -> str:
        value = side.per_person_t
        if value is None and side.year is not None:
            value = per_person.get(side.year, (None, None))[place]
        return NOT_KNOWN if value is None else f"{lang.number(value, 2)} t"

    def rank(side: Headline) -> str:
        if side.rank is None or side.rank_of is None:
            return NOT_KNOWN
        return _("{rank} of {count}", rank=lang.number(side.rank), count=lang.number(side.rank_of))

    def source(side: Headline) -> str:
        return f"{used.source(side.source_id)}, {used.scope(side.scope)}" if side.source_id else NOT_KNOWN

    group = group_names().get(city.peers, "")
    place = _("Place by emissions per inhabitant")
    return [
        (_("Latest total"), total(city.before), total(city.after)),
        (_("Per inhabitant"), person(city.before, 0), person(city.after, 1)),
        (f"{place} ({group})" if group else place, rank(city.before), rank(city.after)),
        (_("Source and scope"), source(city.before), source(city.after)),
    ]


def _verdict_rows(city: CityChange, lang: Language) -> list[tuple[str, str, str]]:
    """The verdict by the Mission's yardstick always, any other where it changes."""
    _ = lang.gettext
    used = words()
    pairs = {pair.yardstick_id: pair for pair in city.verdicts}
    now = {
        str(row["yardstick_id"]): str(row["verdict_id"])
        for row in records(session.data(progress.yardsticks, city.city_id))
    }
    shown = [key for key in now if key == YARDSTICK or key in pairs]
    shown += [key for key in pairs if key not in now]
    rows = []
    for key in shown:
        pair = pairs.get(key)
        before, after = (pair.before, pair.after) if pair is not None else (now[key], now[key])
        rows.append(
            (
                _("Verdict: {yardstick}", yardstick=used.yardstick(key)),
                used.verdict(before or None),
                used.verdict(after or None),
            )
        )
    return rows


def figures(found: Difference, key: str) -> None:
    """Every figure that goes, changes or comes. What is lost stands first and open."""
    lang = session.language()
    _ = lang.gettext
    for kind, title, icon, is_open in (
        (LOST, _("Figures that get lost"), ":material/delete:", True),
        (CHANGED, _("Figures that change"), ":material/edit:", True),
        (ADDED, _("Figures that are added"), ":material/add_circle:", False),
    ):
        rows = found.of(kind)
        if not rows:
            continue
        with st.expander(f"{title}: {lang.number(len(rows))}", icon=icon, expanded=is_open):
            _table(rows, kind, f"{key}_{kind}")


def _table(rows: Sequence[FigureChange], kind: str, key: str) -> None:
    lang = session.language()
    _ = lang.gettext
    used, names = words(), session.city_names()
    order = sorted(
        rows, key=lambda row: (-abs(row.change_pct or 0), row.city_id, row.indicator_id, -row.year)
    )
    lines = []
    for row in order[:ROWS_SEEN]:
        line = {
            _("City"): names.get(row.city_id, row.city_id),
            _("Figure"): used.indicator(row.indicator_id),
            _("Year"): str(row.year),
        }
        if kind != ADDED:
            line[_("Before")] = _value(row.indicator_id, row.before)
        if kind != LOST:
            line[_("After")] = _value(row.indicator_id, row.after)
        if kind == CHANGED:
            line[_("Change")] = lang.percent(row.change_pct, 1, sign=True)
        line[_("Source")] = used.source((row.source_before if kind == LOST else row.source_after) or None)
        lines.append(line)
    st.dataframe(pd.DataFrame(lines), hide_index=True, key=key, alt=_("Table of these figures"))
    if len(rows) > ROWS_SEEN:
        st.caption(
            _("The first {shown} of {total}.", shown=lang.number(ROWS_SEEN), total=lang.number(len(rows)))
        )


def _value(indicator_id: str, value: float | None) -> str:
    return NOT_KNOWN if value is None else words().value(indicator_id, value)
