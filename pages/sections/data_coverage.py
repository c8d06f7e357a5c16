"""What is missing where, and where sources disagree."""

from __future__ import annotations

import streamlit as st

from pages.charts import coverage as coverage_chart
from pages.charts.text import markdown_safe
from pages.charts.theme import PLOTLY_CONFIG
from pages.parts import address, filter_bar, frame, session, tables
from pages.parts.tables import Column, Table
from pages.sections import names
from pages.sections.path import words
from pages.sections.words import known, records
from pipeline.query import catalogue
from pipeline.query import conflicts as conflict_query

GRID_CITIES = 30


def draw() -> None:
    """Two grids: groups by indicator, and the chosen cities by indicator of one topic."""
    _ = session.language().gettext
    registry = session.catalogue()
    topics = {key: _(topic.title) for key, topic in registry.topics.items()}
    held = [key for key in topics if any(key == record.topics[0] for record in registry.indicators.values())]
    st.subheader(_("Groups: share of cities with a value"), anchor=False)
    _groups()
    st.subheader(_("Chosen cities: newest year of each indicator"), anchor=False)
    topic = address.pick("d_c", _("Topic"), held, topics, kind="segments")
    _cities([key for key, record in registry.indicators.items() if topic == record.topics[0]])


def _groups() -> None:
    lang, book = session.language(), words()
    _ = lang.gettext
    rows = session.data(catalogue.groups)
    titles = {key: _(word) for key, word in filter_bar.GROUP_NAMES.items()}
    groups = [key for key in titles if key in set(rows["group_id"])]
    indicators = list(session.catalogue().indicators)
    cells = {(row["indicator_id"], row["group_id"]): row for row in records(rows)}
    values: list[list[float | None]] = []
    texts: list[list[str]] = []
    for indicator in indicators:
        line = [cells[indicator, group] for group in groups]
        values.append([float(cell["share_pct"]) if cell["city_count"] else None for cell in line])
        texts.append(
            [
                _(
                    "{indicator}, {group}: {count} of {total} cities",
                    indicator=book.indicator(indicator),
                    group=titles[cell["group_id"]],
                    count=lang.number(cell["city_count"]),
                    total=lang.number(cell["group_count"]),
                )
                if cell["city_count"]
                else _(
                    "{indicator}, {group}: missing for all {total} cities",
                    indicator=book.indicator(indicator),
                    group=titles[cell["group_id"]],
                    total=lang.number(cell["group_count"]),
                )
                for cell in line
            ]
        )
    empty = sum(value is None for line in values for value in line)

    def chart() -> None:
        figure = coverage_chart.grid(
            [book.indicator(key) for key in indicators],
            [titles[key] for key in groups],
            values,
            texts,
            _("Cities with a value"),
            _("missing for all"),
            lang,
            session.theme(),
            unit=" %",
        )
        alt = _(
            "Share of cities with a value, {rows} indicators by {columns} groups; {empty} cells are missing.",
            rows=len(indicators),
            columns=len(groups),
            empty=empty,
        )
        st.plotly_chart(
            figure, theme=None, config=PLOTLY_CONFIG, key="d_groups_figure", alt=alt, width="stretch"
        )

    frame.views(
        "d_g",
        chart=chart,
        table=Table(
            rows,
            [
                Column(
                    "indicator_id",
                    _("Indicator"),
                    kind="words",
                    words={key: book.indicator(key) for key in indicators},
                ),
                Column("group_id", _("Group"), kind="words", words=titles),
                Column("city_count", _("Cities with a value"), kind="number"),
                Column("group_count", _("Cities in the group"), kind="number"),
                Column("share_pct", _("Share"), kind="percent"),
                Column("first_year", _("From"), kind="year"),
                Column("last_year", _("Until"), kind="year"),
            ],
        ),
        about=_about,
        sources=[],
    )


def _cities(indicators: list[str]) -> None:
    lang, book = session.language(), words()
    _ = lang.gettext
    chosen = session.filters()
    rows = session.data(catalogue.cities, chosen)
    if rows.empty:
        frame.nothing(_("No city fits the chosen filters."))
        return
    ids = list(dict.fromkeys(rows["city_id"]))
    first = ids[:GRID_CITIES]
    held = {(row["city_id"], row["indicator_id"]): row for row in records(rows) if known(row["indicator_id"])}
    values: list[list[float | None]] = []
    texts: list[list[str]] = []
    for city_id in first:
        cells = [held.get((city_id, indicator)) for indicator in indicators]
        values.append([float(cell["last_year"]) if cell else None for cell in cells])
        texts.append(
            [
                _(
                    "{city}, {indicator}: {years}, {count} years with a value",
                    city=names.of(city_id),
                    indicator=book.indicator(indicator),
                    years=lang.years(cell["first_year"], cell["last_year"]),
                    count=int(cell["year_count"]),
                )
                if cell
                else _(
                    "{city}, {indicator}: missing",
                    city=names.of(city_id),
                    indicator=book.indicator(indicator),
                )
                for indicator, cell in zip(indicators, cells, strict=True)
            ]
        )
    missing = sum(value is None for line in values for value in line)
    if len(ids) > len(first):
        st.caption(
            _(
                "The {count} largest of {total} chosen cities; choose cities or countries above for others.",
                count=len(first),
                total=lang.number(len(ids)),
            )
        )

    def chart() -> None:
        figure = coverage_chart.grid(
            [names.of(key) for key in first],
            [book.indicator(key) for key in indicators],
            values,
            texts,
            _("Newest year"),
            _("missing"),
            lang,
            session.theme(),
        )
        alt = _(
            "Newest year of {columns} indicators for {rows} cities; {empty} cells are missing.",
            rows=len(first),
            columns=len(indicators),
            empty=missing,
        )
        st.plotly_chart(
            figure, theme=None, config=PLOTLY_CONFIG, key="d_cities_figure", alt=alt, width="stretch"
        )

    table_rows = rows[rows["indicator_id"].isin(indicators)]
    frame.views(
        "d_w",
        chart=chart,
        table=Table(
            table_rows.assign(name=[names.of(city_id) for city_id in table_rows["city_id"]]),
            [
                Column("name", _("City")),
                Column(
                    "indicator_id",
                    _("Indicator"),
                    kind="words",
                    words={key: book.indicator(key) for key in indicators},
                ),
                Column("first_year", _("From"), kind="year"),
                Column("last_year", _("Until"), kind="year"),
                Column("year_count", _("Years with a value"), kind="number"),
                Column("source_count", _("Sources"), kind="number"),
            ],
        ),
        about=_about,
        sources=[],
    )


def _about() -> None:
    _ = session.language().gettext
    st.markdown(
        _("A cross says that no source used here has a value. It is not zero, and it is not estimated.")
    )


def conflicts() -> None:
    """Every city and year for which sources give different totals, the widest spread first."""
    lang, book = session.language(), words()
    _ = lang.gettext
    rows = session.data(conflict_query.listed, session.filters())
    if rows.empty:
        frame.nothing(_("No two sources disagree about the chosen cities."))
        return
    worst = records(rows)[0]
    cases = lang.ngettext(
        "{count} city year has more than one total.",
        "{count} city years have more than one total.",
        len(rows),
    )
    widest = (
        _(
            "Widest: {city} in {year}, from {low} to {high}.",
            city=names.of(worst["city_id"]),
            year=int(worst["year"]),
            low=lang.tonnes(worst["lowest"]),
            high=lang.tonnes(worst["highest"]),
        )
        if known(worst["spread_ratio"])
        else ""
    )
    st.markdown(markdown_safe(f"{cases} {widest}"))
    st.caption(
        _(
            "Values are never averaged. The one shown comes from the series used for progress or, "
            "failing that, from the best ranked source; the City page lists every value with its reason. "
            "Lowest and highest leave out values that are marked as wrong, modelled or partial."
        )
    )
    registry = session.catalogue()
    table = Table(
        rows.assign(name=[names.of(city_id) for city_id in rows["city_id"]]),
        [
            Column("name", _("City")),
            Column("country_iso2", _("Country"), kind="country"),
            Column(
                "indicator_id",
                _("Indicator"),
                kind="words",
                words={key: book.indicator(key) for key in registry.indicators},
            ),
            Column("year", _("Year"), kind="year"),
            Column("value_count", _("Values"), kind="number"),
            Column("sound_count", _("Sound values"), kind="number"),
            Column("source_count", _("Sources"), kind="number"),
            Column("lowest", _("Lowest"), kind="tonnes"),
            Column("highest", _("Highest"), kind="tonnes"),
            Column("spread_ratio", _("Highest to lowest"), kind="number", decimals=2),
            Column("used", _("Value shown"), kind="tonnes"),
            Column(
                "used_source_id",
                _("Source shown"),
                kind="words",
                words={key: record.title for key, record in registry.sources.items()},
            ),
        ],
    )
    tables.draw(table, key="d_conflicts")
    with st.expander(_("Download this table"), icon=":material/download:"):
        frame.download("conflicts", table, list(rows["used_source_id"].dropna().unique()))
