"""The candidates of the partner finder: cards with reasons, similarities side by side, the table behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts import compare
from pages.charts.text import markdown_safe
from pages.charts.theme import PLOTLY_CONFIG
from pages.parts import session
from pages.parts.tables import Column, Table
from pages.sections import partner_words
from pages.sections.path import words
from pages.sections.words import known, records
from pipeline.query.partners import COMPONENTS, PARTS

CHIP_COLOURS = ((80, "green"), (50, "blue"), (0, "gray"))
"""From which similarity on a chip has which colour; the number stands in it."""


def field(shown: pd.DataFrame, city: str, *, key: str) -> None:
    """The similarities of all candidates side by side."""
    lang = session.language()
    _ = lang.gettext
    titles = [_(partner_words.COMPONENT_TITLES[component]) for component in COMPONENTS]
    names = session.city_names()
    rows = []
    for row in records(shown):
        parts = partner_words.parts(row, lang)
        rows.append(
            compare.AlikeRow(
                names[row["city_id"]],
                float(row["score"]),
                tuple(part.similarity for part in parts),
                tuple(f"{city}: {part.own}<br>{names[row['city_id']]}: {part.other}" for part in parts),
            )
        )
    figure = compare.alike(
        rows, [title.replace(" ", "<br>") for title in titles], _("Alike"), lang, session.theme()
    )
    first = rows[0]
    st.plotly_chart(
        figure,
        config={**PLOTLY_CONFIG, "displayModeBar": False},
        key=key,
        alt=_(
            "Similarity of {count} cities to {city}, 0 to 100, in five components. Most alike: {first} "
            "with {score}.",
            count=lang.number(len(rows)),
            city=city,
            first=first.name,
            score=lang.number(first.score),
        ),
    )


def cards(shown: pd.DataFrame, city_id: str, measure_id: str, common: Mapping[str, Sequence[str]]) -> None:
    """One card a candidate, most alike first."""
    grid = st.grid(2, min_column_width=340)
    for number, row in enumerate(records(shown), start=1):
        with grid.cell(), st.container(border=True, gap="small"):
            _card(number, row, city_id, measure_id, common.get(row["city_id"], ()))


def _card(number: int, row: Mapping[str, Any], city_id: str, measure_id: str, places: Sequence[str]) -> None:
    lang, book = session.language(), words()
    _ = lang.gettext
    names = session.city_names()
    name = names[row["city_id"]]
    parts = partner_words.parts(row, lang)
    st.markdown(
        f"**{number}. {markdown_safe(name)}**, {markdown_safe(lang.country(row['country_iso2']))} "
        f":blue-badge[{_('{score} of 100 alike', score=lang.number(row['score']))}]"
    )
    st.markdown(markdown_safe(partner_words.sentence(name, row, measure_id, places, book)))
    st.markdown(" ".join(_chip(part, lang.number(part.similarity)) for part in parts))
    st.caption(comparability(row))
    with st.expander(_("The values behind it")):
        st.markdown(_values(parts, names[city_id], name))
        notes = missing(row, parts)
        if notes:
            st.caption(notes)
    with st.container(horizontal=True, gap="medium"):
        st.page_link(
            session.page("city"), label=_("City page"), icon=":material/location_city:",
            query_params=session.link(city=row["city_id"]),
        )  # fmt: skip
        st.page_link(
            session.page("meeting"), label=_("Prepare a meeting"), icon=":material/handshake:",
            query_params=session.link(city=None, m=[city_id, str(row["city_id"])]),
        )  # fmt: skip


def _chip(part: partner_words.Part, number: str) -> str:
    if part.similarity is None:
        return f":gray-badge[{part.title} –]"
    colour = next(colour for least, colour in CHIP_COLOURS if part.similarity >= least)
    return f":{colour}-badge[{part.title} {number}]"


def comparability(row: Mapping[str, Any]) -> str:
    """The badge and its reasons as markdown."""
    lang = session.language()
    _ = lang.gettext
    reasons = partner_words.caveats(row, words())
    if known(row["is_comparable"]) and bool(row["is_comparable"]):
        badge = f":green-badge[:material/check_circle: {_('can be compared')}]"
    else:
        badge = f":orange-badge[:material/warning: {_('compare with care')}]"
    return badge + (" " + markdown_safe(", ".join(reasons)) + "." if reasons else "")


def missing(row: Mapping[str, Any], parts: Sequence[partner_words.Part]) -> str:
    """What could not be compared, and that the weights were spread over the rest."""
    lang = session.language()
    _ = lang.gettext
    gone = [part.title for part in parts if part.similarity is None]
    notes = []
    if gone:
        notes.append(
            _(
                "Not used, because a figure is missing: {components}. The other components carry {share} "
                "of the weight.",
                components=lang.listed(gone),
                share=lang.percent(float(row["known_weight_pct"])),
            )
        )
    if row["is_unconfirmed_partner"]:
        notes.append(
            _("A list of 2017 names the two as twin towns; nothing newer confirms it, so it is not counted.")
        )
    return " ".join(notes)


def _values(parts: Sequence[partner_words.Part], own: str, other: str) -> str:
    _ = session.language().gettext
    lang = session.language()
    safe = markdown_safe
    lines = [
        f"| {_('Component')} | {_('Similarity')} | {safe(own)} | {safe(other)} |",
        "| --- | ---: | --- | --- |",
    ]
    lines += [
        f"| {part.title} | {lang.number(part.similarity)} | {safe(part.own)} | {safe(part.other)} |"
        for part in parts
    ]
    return "\n".join(lines)


def table(shown: pd.DataFrame, city_id: str, measure_id: str, common: Mapping[str, Sequence[str]]) -> Table:
    """Everything the reasons rest on, one row a candidate: enough to compute them again."""
    lang, book = session.language(), words()
    _ = lang.gettext
    names = session.city_names()
    own = names[city_id]
    rows = session.named(shown).reset_index(drop=True)
    listed = records(rows)
    rows["rank"] = range(1, len(rows) + 1)
    rows["sentence"] = [
        partner_words.sentence(row["name"], row, measure_id, common.get(row["city_id"], ()), book)
        for row in listed
    ]
    rows["caveats"] = [", ".join(partner_words.caveats(row, book)) for row in listed]
    rows["common"] = [", ".join(common.get(row["city_id"], ())) for row in listed]
    rows["other_source"] = [book.source(row["other_source_id"]) for row in listed]
    rows["other_scope_word"] = [book.scope(row["other_scope"]) for row in listed]
    rows["other_gas_word"] = [book.gas(row["other_gas_basis"]) for row in listed]
    title = partner_words.measure_title(measure_id, book)
    unit = _unit(measure_id)
    columns = [
        Column("name", _("City")),
        Column("country_iso2", _("Country"), kind="country"),
        Column("rank", _("Place"), unit=_("in this list"), kind="number"),
        Column("score", _("Alike"), unit="0–100", kind="number", decimals=1),
        Column("known_weight_pct", _("Weight known"), kind="percent"),
    ]
    columns += [
        Column(
            f"{component}_similarity",
            _(partner_words.COMPONENT_TITLES[component]),
            unit="0–100",
            kind="number",
            decimals=1,
        )
        for component in COMPONENTS
    ]
    columns += [
        Column("other_value", title, unit=unit, kind="number", decimals=2),
        Column("own_value", f"{title}, {own}", unit=unit, kind="number", decimals=2),
        Column("lead", _("Better by"), unit=unit, kind="number", decimals=2),
        Column("other_first_year", _("From"), unit=_("year"), kind="year"),
        Column("other_last_year", _("Year of the figure"), unit=_("year"), kind="year"),
        Column("other_scope_word", _("Scope")),
        Column("other_gas_word", _("Gases")),
        Column("other_source", _("Source of the figure")),
        Column("caveats", _("Comparability")),
        Column("common", _("Both work with")),
        Column("sentence", _("Reasons")),
        Column("climate_basis", _("Climate compared by"), kind="words",
               words={"temperature": _("temperature"), "latitude": _("latitude")}),
    ]  # fmt: skip
    for side, whose in (("", ""), ("own_", f", {own}")):
        columns += [
            Column(f"{side}population_count", _("Inhabitants") + whose, unit=_("persons"), kind="number"),
            Column(f"{side}coldest_deg_c", _("Coldest month") + whose, unit="°C", kind="number", decimals=1),
            Column(f"{side}warmest_deg_c", _("Warmest month") + whose, unit="°C", kind="number", decimals=1),
            Column(f"{side}latitude_deg", _("Latitude") + whose, unit="°", kind="number", decimals=2),
            Column(f"{side}income_pps", _("Regional GDP per person") + whose, unit="PPS", kind="number"),
            Column(
                f"{side}per_person_t", _("Emissions per person") + whose, unit="t", kind="number", decimals=2
            ),
        ]
        columns += [
            Column(
                f"{side}{part}_t",
                _("Emissions: {sector}", sector=_(partner_words.PART_TITLES[part])) + whose,
                kind="tonnes",
            )
            for part in PARTS
        ]
    return Table(rows, columns)


def _unit(measure_id: str) -> str:
    book = words()
    if measure_id in partner_words.CHANGE_TITLES:
        return book.registry.units["%/year"].symbol
    return book.unit(measure_id)
