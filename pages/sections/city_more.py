"""The lower parts of the City page: plan, sectors, other indicators, partnerships, conflicts, sources,
marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts import ranks
from pages.charts.text import markdown_safe
from pages.charts.theme import PLOTLY_CONFIG
from pages.parts import address, frame, kept, session, tables
from pages.parts.tables import Column, Table
from pages.sections import contract, path
from pages.sections.city_head import group_names
from pages.sections.path import words
from pages.sections.words import WHY_SHOWN, known, records
from pipeline.query import city as city_query
from pipeline.query import conflicts as conflict_query

CONTENTS_ORDER = ("emissions", "targets", "indicators", "partnerships")


def plan(city_id: str) -> None:
    """Label and neutrality year of the register, in words."""
    lang = session.language()
    _ = lang.gettext
    card = records(session.data(city_query.card, city_id))[0]
    lines: list[str] = []
    if card["is_mission_city"]:
        if known(card["mission_label_date"]):
            label = card["mission_label_date"]
            text = lang.date(label) if hasattr(label, "year") else str(label)
            lines.append(_("Mission Label: {date}.", date=markdown_safe(text)))
        else:
            lines.append(_("Mission Label: none on file."))
    if known(card["climate_target_year"]):
        lines.append(_("Climate neutrality aimed at: {year}.", year=int(card["climate_target_year"])))
    st.markdown("\n".join(f"- {line}" for line in lines))


def all_targets(city_id: str) -> None:
    """Every published target, also those that cannot be scored."""
    lang = session.language()
    _ = lang.gettext
    rows = session.data(city_query.targets, city_id)
    if rows.empty:
        st.markdown(_("No target of this city is in any source used here."))
        return
    with st.expander(
        lang.ngettext("{count} published target", "{count} published targets", len(rows)),
        icon=":material/flag:",
    ):
        tables.draw(contract.table(rows), key="c_targets", city_link=False)


def sectors(key: str, name: str, city_id: str, row: Mapping[str, Any]) -> None:
    """Sectors of the measured series, else of the city's default one."""
    if known(row.get("series_id")):
        path.sectors(key, name, row["series_id"], row["gas_basis"])
        return
    latest = records(session.data(city_query.headline, city_id))
    if latest:
        path.sectors(key, name, latest[0]["series_id"], latest[0]["gas_basis"])
    else:
        st.markdown(session.language().gettext("No sectors are known, because there is no inventory."))


def indicators(key: str, name: str, city_id: str) -> None:
    """Latest value of each indicator and the place among peers of a named kind."""
    _ = session.language().gettext
    kinds = session.data(city_query.own_peers, city_id)
    groups = group_names()
    peers = address.pick("c_peers", _("Peers"), kinds, groups, kind="segments", width="content")
    rows = session.data(city_query.indicators, city_id, peers)
    if rows.empty:
        frame.nothing(
            _("No indicator of {city} is in any source used here.", city=markdown_safe(name)), reset=False
        )
        return
    st.caption(
        _(
            "Peers: {group}. Each city stands with its newest value, so years may differ. Equal values "
            "share a rank.",
            group=groups[peers],
        )
    )
    table, used = kept.made(
        "city_indicators",
        lambda: (_indicator_table(rows), list(rows["source_id"].dropna().unique())),
        city_id,
        peers,
        for_filters=False,
    )

    def about() -> None:
        registry = session.catalogue().indicators
        for indicator_id in rows["indicator_id"]:
            record = registry[str(indicator_id)]
            st.markdown(f"**{_(record.title)}.** {_(record.definition)} {_(record.method_note)}")

    frame.views(
        key,
        chart=lambda: kept.drawn(
            "city_places", lambda: _places(key, table.rows), key, city_id, peers, for_filters=False
        ),
        table=table,
        about=about,
        sources=used,
    )


def _places(key: str, said: pd.DataFrame) -> None:
    """Each indicator with a better and a worse end as a line from the best place to the last."""
    lang = session.language()
    _ = lang.gettext
    ranked = said[said["place_share"].notna()]
    if ranked.empty:
        st.markdown(_("None of the indicators has a better and a worse end, so there is no place to draw."))
        return
    st.plotly_chart(
        ranks.places(ranked, _("best"), _("last"), lang, session.theme()),
        theme=None,
        config=PLOTLY_CONFIG,
        key=f"{key}_figure",
        alt=" ".join(f"{row['name']}: {row['text']}, {row['place']}." for row in records(ranked)),
        width="stretch",
    )


def _indicator_table(rows: pd.DataFrame) -> Table:
    """Values and places in words, with year, area, quality and source."""
    book = words()
    _ = session.language().gettext
    registry = session.catalogue()
    said = rows.assign(
        text=[book.value(row["indicator_id"], row["value"]) for row in records(rows)],
        place=[place(row) for row in records(rows)],
        name=[book.indicator(indicator_id) for indicator_id in rows["indicator_id"]],
        topic=[
            _(registry.topics[registry.indicators[str(key)].topics[0]].title) for key in rows["indicator_id"]
        ],
    ).drop(columns="city_id")
    return Table(
        said,
        [
            Column("name", _("Indicator")),
            Column("text", _("Value with unit")),
            Column("year", _("Year"), kind="year"),
            Column("place", _("Place among peers")),
            Column("topic", _("Topic")),
            Column("geo_level", _("Area"), kind="words", words=area_words()),
            Column(
                "quality_id",
                _("Quality"),
                kind="words",
                words={key: book.quality(key) for key in registry.qualities},
            ),
            Column(
                "source_id",
                _("Source"),
                kind="words",
                words={key: record.title for key, record in registry.sources.items()},
            ),
            Column("source_ref", _("Row in the source")),
        ],
    )


def area_words() -> Mapping[str, str]:
    """What area a value stands for."""
    _ = session.language().gettext
    return {
        "city": _("City"),
        "urban_agglomeration": _("Urban agglomeration"),
        "functional_urban_area": _("Functional urban area"),
        "nuts3": _("Region (NUTS 3)"),
        "province": _("Province"),
    }


def place(row: Mapping[str, Any]) -> str:
    """12th of 47, in words that need no ordinals; why there is no rank where there is none."""
    lang = session.language()
    _ = lang.gettext
    if not known(row["peer_rank"]):
        if session.catalogue().indicators[str(row["indicator_id"])].direction == "neutral":
            return _("no better or worse")
        return _("a total: it grows with the city, so it is not ranked")
    if int(row["peer_count"]) == 1:
        return _("the only peer with a value")
    return _(
        "place {rank} of {count} with a value",
        rank=lang.number(row["peer_rank"]),
        count=lang.number(row["peer_count"]),
    )


def partnerships(key: str, name: str, city_id: str) -> None:
    """Ties by kind with counts, and each tie with evidence and source."""
    lang = session.language()
    _ = lang.gettext
    registry = session.catalogue()
    counts = session.data(city_query.tie_counts, city_id)
    if counts.empty:
        st.markdown(_("No partnership of {city} is in any source used here.", city=markdown_safe(name)))
        return
    kinds = {kind_id: _(kind.title) for kind_id, kind in registry.kinds.items()}
    chips = [
        f":gray-badge[{kinds.get(row['kind_id'], row['kind_id'])} {lang.number(row['tie_count'])}]"
        for row in records(counts)
    ]
    st.markdown(" ".join(chips))
    listed = session.data(city_query.ties, city_id)
    partner_names = listed["partner_city_id"].map(session.city_names())
    rows = listed.assign(partner_name=partner_names.fillna(listed["partner_name"]))
    table = Table(
        rows,
        [
            Column("partner_name", _("Partner")),
            Column("partner_country", _("Country"), kind="country"),
            Column("kind_id", _("Kind"), kind="words", words=kinds),
            Column("title", _("Title")),
            Column("from_year", _("From"), kind="year"),
            Column("to_year", _("Until"), kind="year"),
            Column(
                "evidence_level_id",
                _("Evidence"),
                kind="words",
                words={level: _(record.title) for level, record in registry.evidence_levels.items()},
            ),
            Column(
                "status_id",
                _("Status"),
                kind="words",
                words={status: _(record.title) for status, record in registry.statuses.items()},
            ),
            Column(
                "source_id",
                _("Source"),
                kind="words",
                words={source: record.title for source, record in registry.sources.items()},
            ),
            Column("source_url", _("Page"), kind="link"),
        ],
    )
    tables.draw(table, key=f"{key}_table", city_link=False)
    with st.container(horizontal=True):
        for page, label, icon in (
            ("network", _("See the ties as a network"), ":material/hub:"),
            ("partners", _("Partner finder"), ":material/person_search:"),
        ):
            st.page_link(session.page(page), label=label, icon=icon, query_params=session.link(city=city_id))


def conflicts(key: str, name: str, city_id: str) -> None:
    """All values where sources disagree, the one used and why."""
    lang, book = session.language(), words()
    _ = lang.gettext
    rows = session.data(conflict_query.of_city, city_id)
    if rows.empty:
        st.markdown(
            _("No two sources give different totals for the same year of {city}.", city=markdown_safe(name))
        )
        return
    most = rows[rows["value_count"] == rows["value_count"].max()]
    newest = most[most["year"] == most["year"].max()]
    values = list(
        dict.fromkeys(f"{lang.tonnes(row['value'])} ({book.scope(row['scope'])})" for row in records(newest))
    )
    st.markdown(
        markdown_safe(
            _(
                "For {year} there are {count} different totals: {values}.",
                year=int(newest["year"].iloc[0]),
                count=lang.number(len(values)),
                values=lang.listed(values),
            )
        )
    )
    registry = session.catalogue()
    tables.draw(
        Table(
            rows.drop(columns="city_id"),
            [
                Column("year", _("Year"), kind="year"),
                Column("value", _("Emissions"), kind="tonnes"),
                Column("chosen", _("Shown"), kind="words", words={"True": _("yes"), "False": _("no")}),
                Column("why", _("Why"), kind="words", words={text: _(text) for text in WHY_SHOWN}),
                Column(
                    "source_id",
                    _("Source"),
                    kind="words",
                    words={source: record.title for source, record in registry.sources.items()},
                ),
                Column(
                    "scope",
                    _("Scope"),
                    kind="words",
                    words={scope: book.scope(scope) for scope in registry.scopes},
                ),
                Column(
                    "gas_basis",
                    _("Gases"),
                    kind="words",
                    words={gas: book.gas(gas) for gas in registry.gases},
                ),
                Column("source_ref", _("Row in the source")),
            ],
        ),
        key=f"{key}_table",
    )


def sources_and_marks(city_id: str) -> None:
    """Sources that hold something about the city, and the marks on its figures with their reasons."""
    lang, book = session.language(), words()
    _ = lang.gettext
    marks = session.data(city_query.marks, city_id)
    if marks.empty:
        st.markdown(_("None of the city's totals carries a mark."))
    lines = []
    for row in records(marks):
        years = lang.years(int(row["first_year"]), int(row["last_year"]))
        reason = f": {row['flag_reason']}" if known(row["flag_reason"]) and row["flag_reason"] else ""
        mark = f"{book.flag(row['flag_id'])}, {years}, {book.source(row['source_id'])}{reason}"
        lines.append(f"- {markdown_safe(mark)}")
    if lines:
        st.markdown("\n".join(lines))
    used = session.data(city_query.sources, city_id)
    contents = {
        "emissions": _("Emissions"),
        "targets": _("Targets"),
        "indicators": _("Indicators"),
        "partnerships": _("Partnerships"),
    }
    if not used.empty:
        tables.draw(
            Table(
                used,
                [
                    Column("title", _("Source")),
                    Column("publisher", _("Publisher")),
                    Column("content", _("Content"), kind="words", words=contents),
                    Column("row_count", _("Rows"), kind="number"),
                    Column("first_year", _("From"), kind="year"),
                    Column("last_year", _("Until"), kind="year"),
                ],
            ),
            key="c_sources_table",
        )
    frame.sources(list(used["source_id"].unique()))
