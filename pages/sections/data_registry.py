"""The catalogue of indicators and of sources, as the registry has them."""

from __future__ import annotations

import re

import streamlit as st

from pages.charts.text import markdown_safe
from pages.parts import address, frame, session, tables
from pages.parts.tables import Column, Table
from pages.sections.city_more import area_words
from pages.sections.path import words
from pages.sections.words import known, records
from pipeline.query import catalogue

DIRECTIONS = ("lower_is_better", "higher_is_better", "neutral")


def indicators() -> None:
    """Every indicator: one in full, all as a table."""
    lang, book = session.language(), words()
    _ = lang.gettext
    registry = session.catalogue()
    rows = session.data(catalogue.indicators)
    directions = dict(
        zip(DIRECTIONS, (_("lower is better"), _("higher is better"), _("neither is better")), strict=True)
    )
    origins = {"published": _("as published"), "derived": _("worked out here")}
    topics = {"all": _("All topics"), **{key: _(topic.title) for key, topic in registry.topics.items()}}
    topic = address.pick("d_topic", _("Topic"), list(topics), topics, kind="segments")
    shown = rows[
        [topic == "all" or topic in registry.indicators[str(key)].topics for key in rows["indicator_id"]]
    ]
    said = shown.assign(
        title=[_(registry.indicators[str(key)].title) for key in shown["indicator_id"]],
        definition=[_(registry.indicators[str(key)].definition) for key in shown["indicator_id"]],
        formula=[_(registry.indicators[str(key)].formula) for key in shown["indicator_id"]],
        unit=[book.unit(key) for key in shown["indicator_id"]],
        direction=[registry.indicators[str(key)].direction for key in shown["indicator_id"]],
        origin=[registry.indicators[str(key)].origin for key in shown["indicator_id"]],
        area=[registry.indicators[str(key)].geo_level for key in shown["indicator_id"]],
        sources=[
            "; ".join(book.source(key) for key in registry.indicators[str(indicator)].source_rank)
            for indicator in shown["indicator_id"]
        ],
    )
    st.caption(lang.ngettext("{count} indicator", "{count} indicators", len(said)))
    table = Table(
        said,
        [
            Column("title", _("Indicator")),
            Column("unit", _("Unit")),
            Column("direction", _("Direction"), kind="words", words=directions),
            Column("area", _("Area"), kind="words", words=area_words()),
            Column("city_count", _("Cities with a value"), kind="number"),
            Column("mission_city_count", _("Mission cities with a value"), kind="number"),
            Column("first_year", _("From"), kind="year"),
            Column("last_year", _("Until"), kind="year"),
            Column("origin", _("Origin"), kind="words", words=origins),
            Column("definition", _("Definition")),
            Column("formula", _("Formula")),
            Column("sources", _("Sources, best first")),
        ],
    )
    tables.draw(table, key="d_indicators")
    with st.expander(_("Download this table"), icon=":material/download:"):
        frame.download("indicators", table, [])
    keys = [str(key) for key in said["indicator_id"]]
    names = {str(row["indicator_id"]): str(row["title"]) for row in records(said)}
    chosen = address.pick("d_i", _("One indicator in full"), keys, names)
    _one(chosen, records(said[said["indicator_id"] == chosen])[0], directions, origins)


def _one(
    indicator_id: str, row: dict[str, object], directions: dict[str, str], origins: dict[str, str]
) -> None:
    lang, book = session.language(), words()
    _ = lang.gettext
    record = session.catalogue().indicators[indicator_id]
    with st.container(border=True):
        st.markdown(f"**{_(record.title)}** ({markdown_safe(book.unit(indicator_id))})")
        st.markdown(_(record.definition))
        facts = [
            (_("Formula"), _(record.formula)),
            (_("Direction"), directions[record.direction]),
            (_("Origin"), origins[record.origin]),
            (_("Area"), area_words()[record.geo_level]),
            (_("A blank means"), _(record.missing_means)),
            (_("Method"), _(record.method_note)),
            (
                _("Coverage"),
                _(
                    "{count} cities, {years}",
                    count=lang.number(float(str(row["city_count"]))),
                    years=lang.years(_year(row["first_year"]), _year(row["last_year"])),
                ),
            ),
        ]
        st.markdown("\n".join(f"- {name}: {markdown_safe(text)}" for name, text in facts if text))
        st.markdown(_("Sources, best first; the others are shown as spread:"))
        for source_id in record.source_rank:
            source = session.catalogue().sources.get(source_id)
            if source is not None:
                licence = session.catalogue().licences[source.licence_id].title
                st.markdown(f"- {markdown_safe(source.title)}. {markdown_safe(licence)}")


def _year(value: object) -> int | None:
    return int(str(value).split(".", maxsplit=1)[0]) if known(value) else None


def sources() -> None:
    """Every source in full: publisher, licence, what it covers and what not, rhythm, citation."""
    lang = session.language()
    _ = lang.gettext
    registry = session.catalogue()
    rows = session.data(catalogue.sources)
    kinds = {
        "inventory": _("Inventories"),
        "modelled": _("Modelled figures"),
        "target": _("Targets"),
        "indicator": _("Other indicators"),
        "partnership": _("Partnerships"),
        "event": _("Events"),
        "reference": _("Registers"),
        "base_map": _("Base map"),
        "upload": _("Uploads of municipal staff"),
    }
    licences = {key: licence.title for key, licence in registry.licences.items()}
    table = Table(
        rows,
        [
            Column("title", _("Source")),
            Column("publisher", _("Publisher")),
            Column("kind", _("Kind"), kind="words", words=kinds),
            Column("row_count", _("Rows"), kind="number"),
            Column("city_count", _("Cities"), kind="number"),
            Column("licence_id", _("Licence"), kind="words", words=licences),
            Column("update_rhythm", _("Update rhythm")),
            Column("published_date", _("Published")),
            Column("accessed_date", _("Read")),
            Column("citation", _("Citation")),
        ],
    )
    tables.draw(table, key="d_sources")
    with st.expander(_("Download this table"), icon=":material/download:"):
        frame.download("sources", table, [])
    for kind, title in kinds.items():
        group = rows[rows["kind"] == kind]
        if group.empty:
            continue
        st.subheader(title, anchor=False)
        for row in records(group):
            with st.expander(markdown_safe(row["title"])):
                facts = [
                    (_("Publisher"), row["publisher"]),
                    (_("Licence"), licences.get(row["licence_id"], row["licence_id"])),
                    (_("Covers"), row["covers"]),
                    (_("Does not cover"), row["covers_not"]),
                    (_("Update rhythm"), row["update_rhythm"]),
                    (_("Obtained from"), row["obtained_from"]),
                    (_("Published"), row["published_date"]),
                    (_("Read"), row["accessed_date"]),
                ]
                st.markdown(
                    "\n".join(
                        f"- {name}: {markdown_safe(_(str(text)))}"
                        for name, text in facts
                        if known(text) and text
                    )
                )
                if known(row["address"]) and re.fullmatch(r"https?://[^\s()<>\[\]]+", str(row["address"])):
                    st.markdown(f"[{_('Official page')}]({row['address']})")
                st.caption(_("How to cite"))
                st.code(row["citation"], language=None, wrap_lines=True)
