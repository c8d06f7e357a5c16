"""One indicator on the map: where is it high, where low, and where does nobody know?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts import map as map_chart
from pages.charts import palettes
from pages.charts.classes import Classes, classes
from pages.charts.map import Point
from pages.charts.text import markdown_safe, sentence_join
from pages.language import Language
from pages.parts import address, filter_bar, frame, kept, maps, session
from pages.parts.tables import Column, Table
from pipeline.catalogue import Indicator
from pipeline.query import map as query

MAP_HEIGHT = 540
FIRST_INDICATOR = "ghg_per_person_t"
NEWEST = "newest"


def main() -> None:
    """The page, top to bottom."""
    lang = session.language()
    _ = lang.gettext
    filters = session.filters()
    heading = st.container()
    left, right = st.columns([2, 1], gap="small")
    with left:
        indicator = pick_indicator(lang)
    if indicator is None:
        frame.open(_("Where is it high, and where low?"))
        frame.nothing(_("This version of the figures holds no indicator."), reset=False)
        return
    with right:
        year = pick_year(lang, indicator)
    rows = session.named(session.data(query.values, filters, indicator.indicator_id, year))
    known = rows[rows["value"].notna()]
    with heading:
        frame.open(
            _(
                "{indicator}: where is it high, and where low?",
                indicator=markdown_safe(_(indicator.short_title)),
            ),
            answer(lang, indicator, rows, known),
        )
    if rows.empty:
        frame.nothing(_("No city fits these filters."))
        return
    if known.empty:
        frame.nothing(
            _("None of the {count} chosen cities has a figure for this.", count=lang.number(len(rows)))
        )
        return
    found = classes([float(value) for value in known["value"]])
    frame.views(
        "mv",
        chart=lambda: draw_map(lang, indicator, rows, found, year),
        chart_name=_("Map"),
        chart_icon=":material/public:",
        table=table(lang, indicator, rows),
        about=lambda: about(lang, indicator, rows),
        sources=source_ids(known),
        beside=lambda: maps.preset("zoom"),
    )
    frame.sources([*source_ids(known), "natural_earth"], map_drawn=True)


def pick_indicator(lang: Language) -> Indicator | None:
    """The indicators that have values, by topic and title."""
    _ = lang.gettext
    registry = session.catalogue()
    topics = list(registry.topics)
    shown = [
        registry.indicators[item.indicator_id]
        for item in session.data(query.offered)
        if item.indicator_id in registry.indicators
    ]
    if not shown:
        return None

    def place(indicator: Indicator) -> tuple[int, tuple[tuple[int, ...], str]]:
        first = indicator.topics[0] if indicator.topics else ""
        return (topics.index(first) if first in topics else len(topics), lang.sort_key(_(indicator.title)))

    shown.sort(key=place)
    ids = [indicator.indicator_id for indicator in shown]

    def words(indicator_id: str) -> str:
        indicator = registry.indicators[indicator_id]
        topic = registry.topics.get(indicator.topics[0]) if indicator.topics else None
        unit = unit_symbol(lang, indicator)
        return (
            f"{_(topic.title)} · {_(indicator.title)} ({unit})" if topic else f"{_(indicator.title)} ({unit})"
        )

    return registry.indicators[address.pick("ind", _("Indicator"), ids, words, default=FIRST_INDICATOR)]


def pick_year(lang: Language, indicator: Indicator) -> int | None:
    """A year that has values, or the newest of each city."""
    _ = lang.gettext
    years = [str(year) for year in session.data(query.years, indicator.indicator_id)]
    chosen = address.pick(
        "year",
        _("Year"),
        [NEWEST, *years],
        lambda year: _("Newest of each city") if year == NEWEST else year,
        default=NEWEST,
        help=_(
            "A city without a value in this year shows its nearest earlier one, at most {count} years back; "
            "the "
            "year is then named.",
            count=query.TOLERANCE_YEARS,
        ),
    )
    return None if chosen == NEWEST else int(chosen)


def answer(lang: Language, indicator: Indicator, rows: pd.DataFrame, known: pd.DataFrame) -> str:
    """Highest and lowest city in one sentence, and how many have no figure."""
    _ = lang.gettext
    if known.empty:
        return ""
    first, last = known.iloc[0], known.iloc[-1]
    missing = len(rows) - len(known)
    top = _(
        "Highest in {city} ({value}, {year})",
        city=markdown_safe(first["name"]),
        value=value_words(lang, indicator, first["value"]),
        year=int(first["year"]),
    )
    if len(known) == 1:
        words = top + "."
    else:
        words = top + _(
            ", lowest in {city} ({value}, {year}).",
            city=markdown_safe(last["name"]),
            value=value_words(lang, indicator, last["value"]),
            year=int(last["year"]),
        )
    none = (
        lang.ngettext(
            "{count} of {total} cities has no figure.",
            "{count} of {total} cities have no figure.",
            missing,
            total=lang.number(len(rows)),
        )
        if missing
        else ""
    )
    return sentence_join(words, none)


def draw_map(
    lang: Language, indicator: Indicator, rows: pd.DataFrame, found: Classes | None, year: int | None
) -> None:
    """The cities coloured by class."""
    _ = lang.gettext
    part = maps.shown_preset("zoom")
    deck = kept.made(
        "value_map",
        lambda: map_chart.value_map(
            points(lang, indicator, rows, found), found, maps.base_map(), session.theme(), part
        ),
        indicator.indicator_id,
        year,
        part,
    )
    alt = _(
        "Map of {indicator} in {count} cities, {year}. The same figures are in the table.",
        indicator=_(indicator.title),
        count=lang.number(len(rows)),
        year=str(year) if year else _("newest year of each"),
    )
    names = dict(zip(rows["city_id"], rows["name"], strict=True))
    maps.draw(deck, key="value_map", alt=alt, height=MAP_HEIGHT, names=names)
    if found is not None:
        maps.legend(legend_items(lang, indicator, rows, found), _(indicator.title))
    st.caption(
        sentence_join(
            direction(lang, indicator),
            _(
                "Classes hold about equally many cities each, so that single very high values do not hide "
                "the rest."
            ),
            _("Shown: {choice}.", choice=filter_bar.summary(session.filters(), lang)),
        )
    )


def points(lang: Language, indicator: Indicator, rows: pd.DataFrame, found: Classes | None) -> list[Point]:
    """One point a city; a city without a value gets a ring."""
    made = []
    for row in rows.to_dict("records"):
        if pd.isna(row["longitude_deg"]) or pd.isna(row["latitude_deg"]):
            continue
        has_value = not pd.isna(row["value"])
        made.append(
            Point(
                str(row["city_id"]),
                float(row["longitude_deg"]),
                float(row["latitude_deg"]),
                None if pd.isna(row["population_count"]) else float(row["population_count"]),
                maps.place_name(row, lang),
                tip(lang, indicator, row),
                found.of(float(row["value"])) if has_value and found is not None else None,
                bool(row["is_chosen"]),
            )
        )
    return made


def tip(lang: Language, indicator: Indicator, row: Mapping[Any, Any]) -> str:
    """The tooltip: value with unit and year; the year stands out when it is not the one asked for. Plain
    text."""
    _ = lang.gettext
    if pd.isna(row["value"]):
        return _("No figure. That is not zero: nobody we know of published one.")
    value, year = float(row["value"]), int(row["year"])
    lines = [f"{_(indicator.short_title)}: {value_words(lang, indicator, value)}"]
    lines.append(
        _("Value of {year}, not of the year asked for", year=year) if row["is_other_year"] else str(year)
    )
    source = session.catalogue().sources.get(str(row["source_id"]))
    if source is not None:
        lines.append(_(source.title))
    return "\n".join(lines)


def legend_items(
    lang: Language, indicator: Indicator, rows: pd.DataFrame, found: Classes
) -> list[tuple[str, str]]:
    """Colour and limits of each class with its number of cities, then "no figure"."""
    theme = session.theme()
    colours = palettes.classes(theme, found.count)
    numbers = [0] * found.count
    for value in rows["value"]:
        if not pd.isna(value):
            numbers[found.of(float(value))] += 1
    items = []
    for number, colour in enumerate(colours):
        low, high = found.bounds(number)
        words = f"{limit_words(lang, indicator, low)} – {limit_words(lang, indicator, high)}"
        items.append((map_chart.swatch(colour, theme), f"{words} ({lang.number(numbers[number])})"))
    missing = int(rows["value"].isna().sum())
    none = lang.gettext("no figure")
    items.append((map_chart.swatch(None, theme), f"{none} ({lang.number(missing)})"))
    return items


def about(lang: Language, indicator: Indicator, rows: pd.DataFrame) -> None:
    """What the number means, in the registry's words."""
    _ = lang.gettext
    known = rows[rows["value"].notna()]
    st.markdown(f"**{markdown_safe(_(indicator.title))}** ({markdown_safe(unit_symbol(lang, indicator))})")
    for text in (indicator.definition, indicator.formula, indicator.method_note, indicator.missing_means):
        if text:
            st.markdown(markdown_safe(_(text)))
    st.markdown(direction(lang, indicator))
    spread = known[known["alternative_count"].fillna(0) > 0] if not known.empty else known
    if len(spread):
        st.markdown(
            lang.ngettext(
                "In {count} city another source gives a different figure; the one shown is of the better "
                "ranked source.",
                "In {count} cities another source gives a different figure; the one shown is of the better "
                "ranked "
                "source.",
                len(spread),
            )
        )


def table(lang: Language, indicator: Indicator, rows: pd.DataFrame) -> Table:
    """The same figures as a list, highest first."""
    _ = lang.gettext
    registry = session.catalogue()
    return Table(
        rows,
        [
            Column("name", _("City")),
            Column("country_iso2", _("Country"), kind="country"),
            Column(
                "value",
                _(indicator.short_title),
                unit=unit_symbol(lang, indicator),
                kind="number",
                decimals=indicator.decimals,
            ),
            Column("year", _("Year of the figure"), kind="year"),
            Column("population_count", _("Population"), unit=_("people"), kind="number"),
            Column(
                "alternative_count", _("Other sources with another figure"), unit=_("number"), kind="number"
            ),
            Column(
                "source_id",
                _("Source"),
                kind="words",
                words={key: _(source.title) for key, source in registry.sources.items()},
            ),
        ],
    )


def direction(lang: Language, indicator: Indicator) -> str:
    """Which way is better, in words."""
    _ = lang.gettext
    return {
        "lower_is_better": _("Lower is better."),
        "higher_is_better": _("Higher is better."),
    }.get(indicator.direction, _("Neither high nor low is better by itself."))


def unit_symbol(lang: Language, indicator: Indicator) -> str:
    """The unit as it is written after a number."""
    unit = session.catalogue().units.get(indicator.unit)
    return lang.gettext(unit.symbol) if unit else indicator.unit


def value_words(lang: Language, indicator: Indicator, value: float) -> str:
    """A value with its unit; big tonnages in kt or Mt."""
    if indicator.unit == "t":
        return lang.tonnes(value)
    return f"{lang.number(value, indicator.decimals)}\u00a0{unit_symbol(lang, indicator)}"


def limit_words(lang: Language, indicator: Indicator, value: float) -> str:
    """A class limit: rounded limits need no more digits than they have."""
    if indicator.unit == "t":
        return lang.tonnes(value)
    small = 0 < abs(value) < 10**-indicator.decimals
    decimals = indicator.decimals if not small else -math.floor(math.log10(abs(value)))
    return lang.number(value, 0 if abs(value) >= 1000 else decimals)


def source_ids(known: pd.DataFrame) -> list[str]:
    """The sources of the values shown, most used first."""
    return [str(source_id) for source_id in known["source_id"].dropna().value_counts().index]


main()
