"""Progress of a group: how many keep pace, the ranked list with rank ranges, small multiples, and who is
missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts import ranks
from pages.charts.text import markdown_safe
from pages.charts.theme import PLOTLY_CONFIG
from pages.parts import address, filter_bar, frame, kept, session, tables
from pages.parts.tables import Column, Table
from pages.sections import badge, names, progress_multiples
from pages.sections.path import words
from pages.sections.words import records, spoken
from pipeline.query import progress
from pipeline.query.filters import Filters

SHOWN = {"first": 20, "last": 20, "all": 150}
"""Cities in the ranked chart; more rows than 150 cannot be read, the table has them all."""
MULTIPLES = 12


@dataclass(frozen=True, slots=True)
class _Ranking:
    """Chosen cities with a trend, fastest fall first; `ranked` have a rank, `judged` a verdict as well."""

    named: pd.DataFrame
    ranked: pd.DataFrame
    judged: pd.DataFrame
    table: Table
    sources: list[str]


def draw(chosen: Filters) -> None:
    """The whole page for a group of cities."""
    _ = session.language().gettext
    if kept.drawn("progress_head", partial(_head, chosen)) == 0:
        frame.nothing(_("No city fits the chosen filters."))
        return
    ranking = kept.made("progress_ranking", partial(_ranking, chosen))
    if ranking.named.empty:
        frame.nothing(_("No chosen city has two comparable inventories."), reset=True)
    else:
        kept.drawn("progress_badge", lambda: badge.draw("p_b", session.data(progress.comparability, chosen)))
        st.subheader(_("Yearly change, fastest fall first"), anchor=False)
        _ranked(ranking)
        st.subheader(_("City by city"), anchor=False)
        best = ranking.ranked if ranking.judged.empty else ranking.judged
        progress_multiples.draw(best.head(MULTIPLES), chosen)

    def foot() -> None:
        _missing(session.data(progress.not_assessed, chosen))
        frame.sources(ranking.sources)

    kept.drawn("progress_foot", foot)


def _head(chosen: Filters) -> int:
    """Question, answer, legend and yardstick; gives the number of chosen cities."""
    lang = session.language()
    _ = lang.gettext
    counts = session.data(progress.verdicts, chosen)
    number = dict(zip(counts["verdict_id"], counts["city_count"].astype(int), strict=True))
    total = int(counts["total"].max())
    yardstick = session.catalogue().yardsticks[chosen.yardstick]
    assessed = total - number["not_assessed"]
    if total == 0:
        frame.open(_("Who is cutting emissions fast enough?"))
        return 0
    frame.open(
        _("Who is cutting emissions fast enough?"),
        answer=_(
            "{good} of the {assessed} cities that can be assessed have reached their target or keep "
            "pace; {total} are chosen.",
            good=lang.number(number["reached"] + number["on_pace"]),
            assessed=lang.number(assessed),
            total=lang.number(total),
        ),
    )
    st.markdown(tables.verdict_legend(lang, number))
    st.caption(
        f"{filter_bar.summary(chosen, lang)}. {_('Measured against')}: {_(yardstick.title)}. "
        f"{_(yardstick.definition)}"
    )
    return total


def _ranking(chosen: Filters) -> _Ranking:
    named = session.named(session.data(progress.ranked, chosen))
    ranked = named[named["is_ranked"]]
    judged = ranked[ranked["verdict_id"] != "not_assessed"]
    sources = [str(source_id) for source_id in named["source_id"].dropna().unique()]
    return _Ranking(named, ranked, judged, _table(named), sources)


def _ranked(ranking: _Ranking) -> None:
    lang, book = session.language(), words()
    _ = lang.gettext
    registry = session.catalogue()
    options = {
        "first": _("First {count}", count=lang.number(SHOWN["first"])),
        "last": _("Last {count}", count=lang.number(SHOWN["last"])),
        "all": _("All"),
    }
    who = {"assessed": _("With a verdict"), "all": _("All with a trend")}

    def drawing(shown: pd.DataFrame) -> tuple[Any, str]:
        from pages.charts.written import WrittenFigure

        verdicts = {key: book.verdict(key) for key in registry.verdicts}
        figure = ranks.yearly_change(
            shown,
            verdicts,
            _("Change a year (%)"),
            _("Needed from now on"),
            _("Rank"),
            lang,
            session.theme(),
        )
        return WrittenFigure(figure), _alt(shown)

    def chart() -> None:
        with st.container(horizontal=True):
            group = address.pick(
                "p_who",
                _("Cities"),
                list(who),
                who,
                kind="segments",
                label_visibility="collapsed",
                width="content",
            )
            placed = ranking.ranked if group == "all" else ranking.judged
            part = _part(len(placed), options)
        if placed.empty:
            st.markdown(_("No city here has inventories over three years or more, so there is no ranking."))
            return
        shown = placed.tail(SHOWN["last"]) if part == "last" else placed.head(SHOWN[part])
        figure, alt = kept.made("yearly_change", lambda: drawing(shown), group, part)
        picked = st.plotly_chart(
            figure,
            theme=None,
            config=PLOTLY_CONFIG,
            key="p_ranks",
            on_select="rerun",
            selection_mode="points",
            alt=alt,
            width="stretch",
        )
        _picked(picked, ranking.named)

    def about() -> None:
        st.markdown(
            _(
                "Cities are ordered by their yearly change since the base year (F6). A rank is a range: the "
                "same city "
                "changes at another pace in another of its usable series, or without its newest inventory, "
                "and values "
                "within 0.1 percentage points count as equal. The best rank counts only cities that are "
                "surely faster, "
                "the worst all that may be. The grey bar shows those values, the tick the pace the target "
                "asks for."
            )
        )
        st.markdown(
            _("Base years, scopes and gases differ between cities; no average over cities is formed.")
        )

    frame.views("p_v", chart=chart, table=ranking.table, about=about, sources=ranking.sources)


def _part(count: int, options: Mapping[str, str]) -> str:
    """The part of the ranking the reader wants to see; short rankings are shown whole."""
    if count <= SHOWN["first"]:
        return "all"
    return address.pick(
        "p_show",
        session.language().gettext("Cities shown"),
        list(options),
        options,
        kind="segments",
        label_visibility="collapsed",
        width="content",
    )


def _alt(rows: pd.DataFrame) -> str:
    lang, book = session.language(), words()
    return " ".join(
        f"{row['name']}: {lang.percent(row['change_per_year_pct'], 1, sign=True)}, "
        f"{book.verdict(row['verdict_id'])}."
        for row in records(rows.head(SHOWN["first"]))
    )


def _picked(event: object, rows: pd.DataFrame) -> None:
    """What a click on a city shows: its sentence and the way to its page."""
    _ = session.language().gettext
    points = getattr(getattr(event, "selection", None), "points", None) or []
    ids = [str(point.get("y")) for point in points if str(point.get("y")) in set(rows["city_id"])]
    if not ids:
        kept.drawn("progress_unpicked", partial(_unpicked, rows))
        return
    row = records(rows[rows["city_id"] == ids[0]])[0]
    row["yardstick_id"] = session.filters().yardstick
    with st.container(border=True):
        st.markdown(markdown_safe(spoken(row["name"], row, words())))
        st.page_link(
            session.page("city"),
            label=_("Everything about {city}", city=markdown_safe(row["name"])),
            icon=":material/location_city:",
            query_params=session.link(city=ids[0]),
        )


def _unpicked(rows: pd.DataFrame) -> None:
    """What the numbers in the chart mean, as long as no city is picked in it."""
    lang = session.language()
    ranked = int(rows["is_ranked"].sum())
    st.caption(
        lang.ngettext(
            "The numbers behind the names are ranges of ranks among {count} city with a trend of three "
            "years or "
            "more. Choose a point to read the city's sentence.",
            "The numbers behind the names are ranges of ranks among {count} cities with a trend of three "
            "years or "
            "more. Choose a point to read the city's sentence.",
            ranked,
        )
    )
    if len(rows) > ranked:
        st.caption(
            lang.ngettext(
                "{count} city is in the table without a rank: its inventories span less than three years.",
                "{count} cities are in the table without a rank: their inventories span less than three "
                "years.",
                len(rows) - ranked,
            )
        )


def _table(rows: pd.DataFrame) -> Table:
    lang, book = session.language(), words()
    _ = lang.gettext
    registry = session.catalogue()
    return Table(
        rows,
        [
            Column("name", _("City")),
            Column("country_iso2", _("Country"), kind="country"),
            Column("verdict_id", _("Verdict"), kind="verdict"),
            Column("rank_best", _("Best rank"), kind="number"),
            Column("rank_worst", _("Worst rank"), kind="number"),
            Column("change_per_year_pct", _("Change a year"), unit=_("% a year"), kind="percent"),
            Column("needed_per_year_pct", _("Needed from now on"), unit=_("% a year"), kind="percent"),
            Column("change_pct", _("Change since base year"), kind="percent"),
            Column("base_year", _("Base year"), kind="year"),
            Column("latest_year", _("Latest year"), kind="year"),
            Column("latest_t", _("Latest"), kind="tonnes"),
            Column("gap_to_path_t", _("Gap to the path"), kind="tonnes"),
            Column("inventory_count", _("Inventories"), kind="number"),
            Column(
                "scope", _("Scope"), kind="words", words={key: book.scope(key) for key in registry.scopes}
            ),
            Column(
                "gas_basis", _("Gases"), kind="words", words={key: book.gas(key) for key in registry.gases}
            ),
            Column(
                "source_id",
                _("Source"),
                kind="words",
                words={key: record.title for key, record in registry.sources.items()},
            ),
            Column(
                "reason_id",
                _("Why not assessed"),
                kind="words",
                words={key: book.reason_title(key) for key in registry.reasons},
            ),
        ],
    )


def _missing(rows: pd.DataFrame) -> None:
    lang, book = session.language(), words()
    _ = lang.gettext
    if rows.empty:
        return
    st.subheader(
        lang.ngettext("{count} city cannot be assessed", "{count} cities cannot be assessed", len(rows)),
        anchor=False,
    )
    for reason_id in rows["reason_id"].unique():
        group = rows[rows["reason_id"] == reason_id]
        title = f"{book.reason_title(reason_id)}: {lang.number(len(group))}"
        with st.expander(title):
            ids = [str(city_id) for city_id in group["city_id"]]
            links = [
                f"[{markdown_safe(names.of(city_id))}]({address_})"
                for city_id, address_ in zip(ids, tables.city_links(ids), strict=True)
            ]
            st.markdown(f"{book.reason(reason_id)}\n\n{', '.join(links)}")
