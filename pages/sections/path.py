"""One city's progress: chart with path, trend and pace, its table, what it is based on. Used by Progress
and City."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts import bar, line
from pages.charts.axes import gas_word
from pages.charts.text import markdown_safe
from pages.charts.theme import PLOTLY_CONFIG
from pages.language import Language
from pages.parts import frame, kept, session
from pages.parts.tables import Column, Table
from pages.sections.words import INVENTORY_KINDS, TARGET_BASES, Words, known, spoken
from pipeline.query import progress
from pipeline.query.filters import Filters


def words() -> Words:
    """The registry in the language of this visit."""
    return Words(session.language(), session.catalogue())


def in_years(rows: pd.DataFrame, chosen: Filters) -> pd.DataFrame:
    """The rows whose year lies in the chosen years."""
    first, last = chosen.year_from or 0, chosen.year_to or 9999
    return rows[rows["year"].between(first, last)]


def draw(key: str, name: str, city_id: str, row: Mapping[str, Any], chosen: Filters) -> None:
    """The four views of one city's path under an address key."""
    lang = session.language()
    _ = lang.gettext
    counts = kept.made("city_counts", lambda: _counts(city_id, row, chosen), city_id)
    if counts.points.empty:
        frame.nothing(
            _("There is no inventory of {city} in the chosen years.", city=markdown_safe(name)), reset=False
        )
        return
    frame.views(
        key,
        chart=lambda: kept.drawn("city_path", lambda: _chart(key, name, counts, row), key, city_id),
        table=counts.table,
        about=lambda: about(row),
        sources=counts.sources,
    )


def plain(name: str, city_id: str, row: Mapping[str, Any], chosen: Filters) -> None:
    """The chart alone, for paper."""
    counts = _counts(city_id, row, chosen)
    if counts.points.empty:
        _ = session.language().gettext
        st.markdown(_("There is no inventory of {city} in the chosen years.", city=markdown_safe(name)))
        return
    _chart("c_sheet", name, counts, row)


@dataclass(frozen=True, slots=True)
class _Counts:
    """Inventories of a city in the chosen years and the lines of one yardstick.

    In `points`, `is_used` are those of the measured series. `is_drawn` are totals of the whole city and
    estimates; parts of a city are drawn only where there is nothing else.
    """

    points: pd.DataFrame
    lines: pd.DataFrame
    table: Table
    sources: list[str]


def _counts(city_id: str, row: Mapping[str, Any], chosen: Filters) -> _Counts:
    points = in_years(session.data(progress.inventories, city_id), chosen)
    lines = session.data(progress.paths, city_id)
    used_id = row.get("series_id")
    used = points["series_id"] == used_id if known(used_id) else points["is_default"]
    drawn = used | points["is_whole_city"] | points["is_modelled"]
    if not drawn.any():
        drawn = ~drawn
    marked = points.assign(is_used=used & ~points["is_out_of_series"], is_drawn=drawn)
    return _Counts(
        marked,
        lines[lines["yardstick_id"] == row["yardstick_id"]],
        inventory_table(marked),
        list(dict.fromkeys(marked.sort_values("is_default", ascending=False)["source_id"])),
    )


def _chart(key: str, name: str, counts: _Counts, row: Mapping[str, Any]) -> None:
    lang, book = session.language(), words()
    _ = lang.gettext
    text = line.Words(
        emissions=_("Emissions"),
        path=_("Path to the target"),
        trend=_("If the trend goes on"),
        needed=_("Pace needed from now on"),
        target=_("Target"),
        residual=_("Residual in the contract"),
        gap=_("above the path")
        if known(row.get("gap_to_path_t")) and row["gap_to_path_t"] > 0
        else _("below the path"),
        other=_("Other counts of this city"),
        qualities={key: book.quality(key) for key in session.catalogue().qualities},
        sources={key: record.title for key, record in session.catalogue().sources.items()},
    )
    points = counts.points[counts.points["is_drawn"]]
    figure = line.city_path(points, counts.lines, row, text, lang, session.theme())
    st.plotly_chart(
        figure,
        theme=None,
        config=PLOTLY_CONFIG,
        key=f"{key}_figure",
        alt=spoken(name, row, book),
        width="stretch",
    )
    st.caption(basis(row, lang))


def basis(row: Mapping[str, Any], lang: Language) -> str:
    """What the measured series counts, in one line: source, scope, gases, number of inventories, sectors
    left out."""
    book = words()
    _ = lang.gettext
    if not known(row.get("series_id")):
        return _("No series of comparable inventories; the points are single counts from different sources.")
    parts = [
        markdown_safe(book.source(row["source_id"])),
        markdown_safe(book.scope(row["scope"])),
        markdown_safe(book.gas(row["gas_basis"])),
        lang.ngettext("{count} inventory", "{count} inventories", int(row["inventory_count"])),
    ]
    if known(row.get("sector_set")) and row["sector_set"]:
        parts.append(_("only the sectors that all inventories share"))
    return " · ".join(parts)


def inventory_table(points: pd.DataFrame) -> Table:
    """Every published total of the city with the row it came from."""
    lang, book = session.language(), words()
    _ = lang.gettext
    rows = points.sort_values(["is_used", "source_id", "year"], ascending=[False, True, True]).drop(
        columns="city_id", errors="ignore"
    )
    registry = session.catalogue()
    return Table(
        rows,
        [
            Column("year", _("Year"), kind="year"),
            Column("value_t", _("Emissions"), kind="tonnes"),
            Column("per_person_t", _("Per inhabitant"), unit="t", kind="number", decimals=2),
            Column("population_count", _("Inhabitants in the inventory"), kind="number"),
            Column(
                "is_used", _("Used for the verdict"), kind="words", words={"True": _("yes"), "False": _("no")}
            ),
            Column(
                "scope", _("Scope"), kind="words", words={key: book.scope(key) for key in registry.scopes}
            ),
            Column(
                "gas_basis", _("Gases"), kind="words", words={key: book.gas(key) for key in registry.gases}
            ),
            Column(
                "quality_id",
                _("Quality"),
                kind="words",
                words={key: book.quality(key) for key in registry.qualities},
            ),
            Column(
                "inventory_kind",
                _("Kind of inventory"),
                kind="words",
                words={key: _(word) for key, word in INVENTORY_KINDS.items()},
            ),
            Column(
                "source_id",
                _("Source"),
                kind="words",
                words={key: record.title for key, record in registry.sources.items()},
            ),
            Column("flag_reason", _("Note")),
            Column("source_ref", _("Row in the source")),
        ],
    )


def about(row: Mapping[str, Any]) -> None:
    """How the verdict comes about: yardstick, base, target, formula and limits, all from the registry."""
    lang, book = session.language(), words()
    _ = lang.gettext
    registry = session.catalogue()
    yardstick = registry.yardsticks[str(row["yardstick_id"])]
    st.markdown(f"**{_(yardstick.title)}.** {_(yardstick.definition)}")
    st.markdown(_(yardstick.method))
    facts = []
    if known(row.get("base_year")):
        gas = gas_word(row["gas_basis"])
        facts.append(
            _(
                "Base: {level} in {year} ({basis}).",
                level=lang.tonnes(row["base_t"], gas),
                year=int(row["base_year"]),
                basis=book.translated(TARGET_BASES, row.get("target_basis")),
            )
        )
        facts.append(
            _(
                "Latest: {level} in {year}.",
                level=lang.tonnes(row["latest_t"], gas),
                year=int(row["latest_year"]),
            )
        )
    if known(row.get("target_t")):
        facts.append(
            _(
                "Target level F1 = base × (1 − cut): {level} in {year}.",
                level=lang.tonnes(row["target_t"]),
                year=int(row["target_year"]),
            )
        )
    if known(row.get("path_t")):
        facts.append(
            _(
                "Path F4 in {year}: {level}; gap F5: {gap}.",
                year=int(row["latest_year"]),
                level=lang.tonnes(row["path_t"]),
                gap=lang.tonnes(row["gap_to_path_t"]),
            )
        )
    if known(row.get("change_per_year_pct")):
        facts.append(
            _(
                "Yearly change so far (F6): {rate}.",
                rate=lang.percent(row["change_per_year_pct"], 1, sign=True),
            )
        )
    if known(row.get("needed_per_year_pct")):
        facts.append(
            _(
                "Yearly change needed from now on (F7): {rate}.",
                rate=lang.percent(row["needed_per_year_pct"], 1, sign=True),
            )
        )
    if known(row.get("path_share")):
        facts.append(
            _(
                "Share of the cut due by then that is done: {share}.",
                share=lang.percent(100 * row["path_share"]),
            )
        )
    if known(row.get("target_source_ref")):
        facts.append(
            _(
                "Target read from: {source}, {row}.",
                source=markdown_safe(book.source(row["target_source_id"])),
                row=markdown_safe(row["target_source_ref"]),
            )
        )
    if known(row.get("reason_id")):
        facts.append(book.reason(row["reason_id"]))
    st.markdown("\n".join(f"- {fact}" for fact in facts))
    for verdict in registry.verdicts.values():
        st.markdown(f"**{_(verdict.title)}**: {_(verdict.definition)}")
    if known(row.get("scope")) and str(row["scope"]) in registry.scopes:
        st.markdown(f"**{book.scope(row['scope'])}**: {_(registry.scopes[str(row['scope'])].covers)}.")


@dataclass(frozen=True, slots=True)
class _Sectors:
    """The sectors of one series: their names, the largest one in words, and all as a table."""

    rows: pd.DataFrame
    names: dict[str, str]
    sentence: str
    table: Table
    sources: list[str]


def sectors(key: str, name: str, series_id: object, gas_basis: object) -> bool:
    """Sector breakdown of one series; False when the series has no sectors."""
    _ = session.language().gettext
    found = (
        kept.made("sectors", lambda: _sectors(name, str(series_id)), str(series_id), for_filters=False)
        if known(series_id)
        else None
    )
    if found is None:
        st.markdown(_("The series used for {city} gives no sectors.", city=markdown_safe(name)))
        return False

    def chart() -> None:
        lang = session.language()
        figure = bar.sectors(
            found.rows, found.names, _("Emissions"), gas_word(gas_basis), lang, session.theme()
        )
        st.plotly_chart(
            figure, theme=None, config=PLOTLY_CONFIG, key=f"{key}_figure", alt=found.sentence, width="stretch"
        )

    def explain() -> None:
        registry = session.catalogue().sectors
        st.markdown(
            _("Only years and sectors that the same series gives. Nothing is filled in, nothing is added up.")
        )
        for sector_id, title in found.names.items():
            if sector_id in registry:
                st.markdown(f"**{title}**: {_(registry[sector_id].definition)}")

    st.markdown(markdown_safe(found.sentence))
    choices = (key, str(series_id), str(gas_basis))
    frame.views(
        key,
        chart=lambda: kept.drawn("city_sectors", chart, *choices, for_filters=False),
        table=found.table,
        about=explain,
        sources=found.sources,
    )
    return True


def _sectors(name: str, series_id: str) -> _Sectors | None:
    """None when the series has no sectors."""
    lang, book = session.language(), words()
    _ = lang.gettext
    rows = session.data(progress.sectors, series_id)
    if rows.empty:
        return None
    names = {str(sector_id): book.sector(sector_id) for sector_id in rows["sector_id"].unique()}
    latest = rows[rows["year"] == rows["year"].max()].sort_values("value_t", ascending=False)
    largest = latest.iloc[0]
    sentence = _(
        "{city} in {year}: the largest sector is {sector} with {value}.",
        city=name,
        year=int(largest["year"]),
        sector=names[str(largest["sector_id"])],
        value=lang.tonnes(largest["value_t"]),
    )
    table = Table(
        rows,
        [
            Column("year", _("Year"), kind="year"),
            Column("sector_id", _("Sector"), kind="words", words=names),
            Column("value_t", _("Emissions"), kind="tonnes"),
            Column("share_pct", _("Share of the printed total"), kind="percent"),
            Column("total_t", _("Printed total"), kind="tonnes"),
            Column("source_ref", _("Row in the source")),
        ],
    )
    return _Sectors(
        rows, names, sentence, table, [str(source_id) for source_id in rows["source_id"].unique()]
    )
