"""Whom should a city talk to? Cities like it that do better in one thing and have no tie with it yet."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.charts.text import markdown_safe
from pages.parts import frame, session
from pages.sections import partner_controls, partner_list, partner_ties, partner_words
from pages.sections.partner_controls import Choice
from pages.sections.path import words
from pipeline.query import partners

SOURCES = (
    "lt_tr_partnerships",
    "mission_partnerships",
    "eurostat_nama_10r_3gdp",
    "eurostat_urb_cenv",
    "mission_register",
    "lt_tr_register",
)
"""Sources of ties, income, climate and size; those of the emissions are added from the rows."""


def main() -> None:
    """Controls, the answer, the candidates, and who already works together."""
    chosen = session.filters()
    city_id = chosen.cities[0] if chosen.cities else partner_controls.DEFAULT_CITY
    place = st.container(gap=None)
    choice = partner_controls.draw(city_id, chosen)
    found = session.data(partners.candidates, city_id, choice.measure_id, choice.weights, chosen)
    fitting = partner_controls.fitting(found, choice, city_id)
    shown = fitting.head(choice.count)
    common = partner_ties.common_places(city_id)
    with place:
        frame.open(
            session.language().gettext("Whom should {city} talk to?", city=markdown_safe(name_of(city_id))),
            answer=markdown_safe(answer(city_id, shown, len(fitting), choice)),
        )
    if shown.empty:
        nothing(found, choice)
    else:
        frame.views(
            "f_v",
            chart=lambda: candidates(shown, city_id, choice, common),
            table=partner_list.table(shown, city_id, choice.measure_id, common),
            about=lambda: partner_ties.about(choice),
            sources=source_ids(shown),
            chart_name=session.language().gettext("Candidates"),
            chart_icon=":material/groups:",
        )
    partner_controls.left_out(found, choice)
    partner_ties.existing(city_id, found)
    frame.sources(source_ids(shown))


def name_of(city_id: str) -> str:
    """The city's name in the reader's language."""
    return session.city_names().get(city_id, city_id)


def answer(city_id: str, shown: pd.DataFrame, fitting: int, choice: Choice) -> str:
    """One sentence: how many, in what they are better, and the first three names."""
    lang = session.language()
    _ = lang.gettext
    measure = partner_words.lower_first(partner_words.measure_title(choice.measure_id, words()))
    if shown.empty:
        return _("No city fits the choices made below.")
    names = session.city_names()
    first = [names[city] for city in shown["city_id"].head(3)]
    return lang.ngettext(
        "{count} city does better than {city} in “{measure}” and has no tie with it yet. Most alike: "
        "{names}.",
        "{count} cities do better than {city} in “{measure}” and have no tie with it yet. Most alike: "
        "{names}.",
        fitting,
        city=names[city_id],
        measure=measure,
        names=lang.listed(first),
    )


def candidates(shown: pd.DataFrame, city_id: str, choice: Choice, common: Mapping[str, list[str]]) -> None:
    """The field of similarities, then one card each."""
    _ = session.language().gettext
    partner_list.field(shown, name_of(city_id), key="f_field")
    st.caption(
        _(
            "0 is fully unlike, 100 is alike; a dash means that a figure is missing. “Alike” is the mean "
            "of the five, "
            "weighted as you chose. Climate is compared by latitude where a temperature is missing."
        )
    )
    partner_list.cards(shown, city_id, choice.measure_id, common)


def nothing(found: pd.DataFrame, choice: Choice) -> None:
    """Why the list is empty, and what to change."""
    _ = session.language().gettext
    if not any(choice.weight_values()):
        message = _("All weights are zero, so no city is more alike than another. Raise one of them.")
    elif not found["other_value"].notna().any():
        message = _("No city of the chosen groups has this figure. Choose another one, or more groups.")
    else:
        message = _(
            "No city of the chosen groups does clearly better with a figure of about the same time. Allow "
            "more years "
            "between the figures, choose something else to be better in, or more groups."
        )
    frame.nothing(message)


def source_ids(shown: pd.DataFrame) -> list[str]:
    """The sources of the figures compared, most used first, then those of the other components and ties."""
    used = [str(source) for source in shown["other_source_id"].dropna().value_counts().index]
    return list(dict.fromkeys([*used, *SOURCES]))


main()
