"""Progress of a group: how many keep pace, the ranked list with rank ranges, small multiples, and who is
missing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd
import streamlit as st

from pages.charts import ranks, small
from pages.charts.palettes import VERDICTS
from pages.charts.text import markdown_safe
from pages.charts.theme import PLOTLY_CONFIG
from pages.parts import address, filter_bar, frame, kept, session, tables
from pages.parts.tables import Column, Table
from pages.sections import badge, names
from pages.sections.path import words
from pages.sections.words import known, records, spoken
from pipeline.query import progress
from pipeline.query.filters import Filters

SHOWN = {"first": 20, "last": 20, "all": 150}
"""Cities in the ranked chart; more rows than 150 cannot be read, the table has them all."""
MULTIPLES = 12


def draw(chosen: Filters) -> None:
    """The whole page for a group of cities."""
    lang = session.language()
    _ = lang.gettext
    counts = session.data(progress.verdicts, chosen)
    number = dict(zip(counts["verdict_id"], counts["city_count"].astype(int), strict=True))
    total = int(counts["total"].max())
    yardstick = session.catalogue().yardsticks[chosen.yardstick]
    assessed = total - number["not_assessed"]
    if total == 0:
        frame.open(_("Who is cutting emissions fast enough?"))
        frame.nothing(_("No city fits the chosen filters."))
        return
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
    rows = session.data(progress.ranked, chosen)
    if rows.empty:
        frame.nothing(_("No chosen city has two comparable inventories."), reset=True)
    else:
        badge.draw("p_b", session.data(progress.comparability, chosen))
        st.subheader(_("Yearly change, fastest fall first"), anchor=False)
        _ranked(rows)
        st.subheader(_("City by city"), anchor=False)
        _multiples(rows, chosen)
    _missing(session.data(progress.not_assessed, chosen))
    frame.sources(list(rows["source_id"].dropna().unique()))


def _ranked(rows: pd.DataFrame) -> None:
    lang, book = session.language(), words()
    _ = lang.gettext
    registry = session.catalogue()
    named = rows.assign(name=[names.of(city_id) for city_id in rows["city_id"]])
    options = {
        "first": _("First {count}", count=lang.number(SHOWN["first"])),
        "last": _("Last {count}", count=lang.number(SHOWN["last"])),
        "all": _("All"),
    }

    ranked = named[named["is_ranked"]]
    who = {"assessed": _("With a verdict"), "all": _("All with a trend")}

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
            placed = ranked if group == "all" else ranked[ranked["verdict_id"] != "not_assessed"]
            shown = _part(placed, options)
        if shown.empty:
            st.markdown(_("No city here has inventories over three years or more, so there is no ranking."))
            return
        verdicts = {key: book.verdict(key) for key in registry.verdicts}
        figure = kept.made(
            "yearly_change",
            lambda: ranks.yearly_change(
                shown,
                verdicts,
                _("Change a year (%)"),
                _("Needed from now on"),
                _("Rank"),
                lang,
                session.theme(),
            ),
            tuple(shown["city_id"]),
        )
        picked = st.plotly_chart(
            figure,
            theme=None,
            config=PLOTLY_CONFIG,
            key="p_ranks",
            on_select="rerun",
            selection_mode="points",
            alt=_alt(shown),
            width="stretch",
        )
        _picked(picked, named)

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

    frame.views(
        "p_v", chart=chart, table=_table(named), about=about, sources=list(rows["source_id"].unique())
    )


def _part(placed: pd.DataFrame, options: Mapping[str, str]) -> pd.DataFrame:
    """The part of the ranking the reader wants to see; short rankings are shown whole."""
    if len(placed) <= SHOWN["first"]:
        return placed
    part = address.pick(
        "p_show",
        session.language().gettext("Cities shown"),
        list(options),
        options,
        kind="segments",
        label_visibility="collapsed",
        width="content",
    )
    return placed.tail(SHOWN["last"]) if part == "last" else placed.head(SHOWN[part])


def _alt(rows: pd.DataFrame) -> str:
    lang, book = session.language(), words()
    return " ".join(
        f"{row['name']}: {lang.percent(row['change_per_year_pct'], 1, sign=True)}, "
        f"{book.verdict(row['verdict_id'])}."
        for row in records(rows.head(SHOWN["first"]))
    )


def _picked(event: object, rows: pd.DataFrame) -> None:
    """What a click on a city shows: its sentence and the way to its page."""
    lang = session.language()
    _ = lang.gettext
    points = getattr(getattr(event, "selection", None), "points", None) or []
    ids = [str(point.get("y")) for point in points if str(point.get("y")) in set(rows["city_id"])]
    if not ids:
        st.caption(
            lang.ngettext(
                "The numbers behind the names are ranges of ranks among {count} city with a trend of three "
                "years or "
                "more. Choose a point to read the city's sentence.",
                "The numbers behind the names are ranges of ranks among {count} cities with a trend of three "
                "years or "
                "more. Choose a point to read the city's sentence.",
                int(rows["is_ranked"].sum()),
            )
        )
        short = int((~rows["is_ranked"]).sum())
        if short:
            st.caption(
                lang.ngettext(
                    "{count} city is in the table without a rank: its inventories span less than three "
                    "years.",
                    "{count} cities are in the table without a rank: their inventories span less than three "
                    "years.",
                    short,
                )
            )
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


def _multiples(rows: pd.DataFrame, chosen: Filters) -> None:
    lang, book = session.language(), words()
    _ = lang.gettext
    measures = {"index": _("Base year = 100"), "head": _("Tonnes per inhabitant")}
    axes = {"same": _("Same scale"), "own": _("Own scale")}
    judged = rows[rows["is_ranked"] & (rows["verdict_id"] != "not_assessed")]
    first = (rows[rows["is_ranked"]] if judged.empty else judged).head(MULTIPLES)
    ids = tuple(str(city_id) for city_id in first["city_id"])
    data = session.data(progress.multiples, chosen, ids)

    def chart() -> None:
        with st.container(horizontal=True):
            measure = address.pick(
                "p_m",
                _("Measure"),
                list(measures),
                measures,
                kind="segments",
                label_visibility="collapsed",
                width="content",
            )
            axis = address.pick(
                "p_axis",
                _("Scale"),
                list(axes),
                axes,
                kind="segments",
                label_visibility="collapsed",
                width="content",
            )
        column = "index_pct" if measure == "index" else "per_person_t"
        values = data[column].dropna()
        top = float(values.max()) if axis == "same" and len(values) else None
        st.caption(
            _("{measure}; dashed: the way to the target. Sorted by yearly change.", measure=measures[measure])
        )
        grid = st.grid(min_column_width=250)
        for row in records(first):
            city = data[data["city_id"] == row["city_id"]]
            target = None
            if (
                measure == "index"
                and known(row["target_year"])
                and not city.empty
                and known(city["target_index_pct"].iloc[0])
            ):
                target = (int(row["target_year"]), float(city["target_index_pct"].iloc[0]))
            with grid.cell():
                name = names.of(str(row["city_id"]))
                st.page_link(
                    session.page("city"),
                    label=markdown_safe(name),
                    query_params=session.link(city=str(row["city_id"])),
                )
                st.markdown(VERDICTS[row["verdict_id"]].badge(book.verdict(row["verdict_id"])))
                if city[column].dropna().empty:
                    st.caption(
                        _("The inventories give no number of inhabitants.")
                        if measure == "head"
                        else _("No figure in the chosen years.")
                    )
                    continue
                figure = kept.made(
                    "small",
                    partial(
                        small.small,
                        city,
                        column,
                        base_year=int(row["base_year"]),
                        target=target,
                        verdict_id=row["verdict_id"],
                        top=top,
                        lang=lang,
                        theme=session.theme(),
                    ),
                    str(row["city_id"]),
                    column,
                    top,
                )
                st.plotly_chart(
                    figure,
                    theme=None,
                    config={**PLOTLY_CONFIG, "staticPlot": True},
                    key=f"p_small_{row['city_id']}",
                    alt=spoken(name, row | {"yardstick_id": chosen.yardstick}, book),
                    width="stretch",
                )

    def about() -> None:
        st.markdown(_("Each city by the series its verdict rests on; the base year of each city is 100."))

    named = data.assign(name=[names.of(city_id) for city_id in data["city_id"]])
    frame.views(
        "p_w",
        chart=chart,
        table=Table(
            named,
            [
                Column("name", _("City")),
                Column("year", _("Year"), kind="year"),
                Column("value_t", _("Emissions"), kind="tonnes"),
                Column("index_pct", _("Base year = 100"), unit="%", kind="number", decimals=1),
                Column("per_person_t", _("Per inhabitant"), unit="t", kind="number", decimals=2),
            ],
        ),
        about=about,
        sources=list(first["source_id"].unique()),
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
            st.markdown(book.reason(reason_id))
            ids = [str(city_id) for city_id in group["city_id"]]
            links = [
                f"[{markdown_safe(names.of(city_id))}]({address_})"
                for city_id, address_ in zip(ids, tables.city_links(ids), strict=True)
            ]
            st.markdown(", ".join(links))
