"""Ties of the chosen city: who works together already, partners in common, and how the finder decides."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.charts.text import markdown_safe
from pages.parts import session, tables
from pages.parts.tables import Column, Table
from pages.sections import partner_words
from pages.sections.partner_controls import Choice
from pages.sections.path import words
from pages.sections.words import records
from pipeline.query import partners


def common_places(city_id: str) -> dict[str, list[str]]:
    """City id -> the names of the places both work with, in the reader's language."""
    names = session.city_names()
    found: dict[str, list[str]] = {}
    for row in records(session.data(partners.common_partners, city_id)):
        if row["member_kind"] != "organisation":
            found.setdefault(row["city_id"], []).append(
                names.get(str(row["partner_city_id"]), str(row["partner_name"]))
            )
    return found


def existing(city_id: str, found: pd.DataFrame) -> None:
    """The places the city works with already, apart from the candidates."""
    lang = session.language()
    _ = lang.gettext
    names = session.city_names()
    city = names.get(city_id, city_id)
    st.subheader(_("They already work together"), anchor=False)
    rows = session.data(partners.partners, city_id)
    sure = rows[~rows["is_unconfirmed"]]
    if sure.empty:
        st.markdown(
            _("No tie of {city} with another place is in the lists used here.", city=markdown_safe(city))
        )
        return
    better = found[found["is_partner"] & found["is_better"]]
    text = lang.ngettext(
        "{city} works with {count} place already; such places are not among the candidates.",
        "{city} works with {count} places already; such places are not among the candidates.",
        len(sure),
        city=markdown_safe(city),
    )
    if len(better):
        text += " " + _(
            "Partners that do better in the same thing: {names}.",
            names=", ".join(markdown_safe(names[other]) for other in better["city_id"].head(8)),
        )
    st.markdown(text)
    registry = session.catalogue()
    alike = dict(zip(found["city_id"], found["score"], strict=True))
    shown = rows.assign(
        name=[
            names.get(str(other), str(listed))
            for other, listed in zip(rows["city_id"], rows["partner_name"], strict=True)
        ],
        score=rows["city_id"].map(alike),
    )
    with st.expander(_("All partners with kind, evidence and source"), icon=":material/hub:"):
        tables.draw(
            Table(
                shown,
                [
                    Column("name", _("Place")),
                    Column("partner_country_iso2", _("Country"), kind="country"),
                    Column("kind_id", _("Kind of tie"), kind="words",
                           words={key: _(kind.title) for key, kind in registry.kinds.items()}),
                    Column("from_year", _("Since"), unit=_("year"), kind="year"),
                    Column("evidence_level_id", _("Evidence"), kind="words",
                           words={key: _(level.title) for key, level in registry.evidence_levels.items()}),
                    Column("status_id", _("Status"), kind="words",
                           words={key: _(status.title) for key, status in registry.statuses.items()}),
                    Column("score", _("Alike"), unit="0–100", kind="number"),
                    Column("source_url", _("Source"), kind="link"),
                ],
            ),
            key="f_partners",
            city_link=False,
        )  # fmt: skip
    if session.page("network").exists():
        st.page_link(
            session.page("network"),
            label=_("See the ties as a network"),
            icon=":material/hub:",
            query_params=session.link(city=city_id),
        )


def about(choice: Choice) -> None:
    """The method in plain words, with the numbers it uses."""
    lang = session.language()
    _ = lang.gettext
    rules = session.data(partners.rules)
    measure = partner_words.measure_title(choice.measure_id, words())
    whole = {key: lang.number(rules[key]) for key in ("size", "climate", "latitude", "income", "emissions")}
    st.markdown(
        "\n".join(
            f"- {line}"
            for line in (
                _("**Size**: inhabitants. The same number is 100; {ratio} times as many or as few is 0. In "
                  "between, the "
                  "points fall evenly with the logarithm of the ratio.", ratio=whole["size"]),
                _("**Climate**: the mean of the differences in the coldest and in the warmest month; every "
                  "degree costs "
                  "{points} points. Where a temperature is missing, the latitude stands in and is named: "
                  "every degree "
                  "of latitude costs {latitude_points} points.", points=lang.number(100 / rules["climate"]),
                  latitude_points=lang.number(100 / rules["latitude"])),
                _("**Regional income**: gross domestic product per inhabitant of the region (NUTS 3) in "
                  "purchasing power "
                  "(PPS). Equal is 100; {ratio} times as much is 0.", ratio=whole["income"]),
                _("**Emissions per person**: the newest inventory without removals, divided by the people "
                  "of its year. "
                  "Equal is 100; {ratio} times as much is 0. Inventories of different scope are not alike "
                  "in what they "
                  "count.", ratio=whole["emissions"]),
                _("**Mix of sectors**: the share of emissions that both cities have in the same sectors, "
                  "over the sectors "
                  "both inventories count. Buildings and transport must be among them."),
                _("**Alike** is the mean of the components, weighted as chosen. A component with a missing "
                  "figure is not "
                  "used and the weights of the others are spread over the whole; with less than {share} of "
                  "the weight "
                  "known, a city is left out.", share=lang.percent(rules["known_weight_pct"])),
                _("**Does better** in “{measure}”: at least {share} better than the city’s own figure, for "
                  "yearly changes "
                  "at least {points} percentage points. A city without a figure of its own is set against "
                  "the middle "
                  "value of the cities compared.", measure=markdown_safe(measure),
                  share=lang.percent(rules["better_share_pct"]),
                  points=lang.number(rules["better_points"], 1)),
                _("**Can be compared**: same scope, same gases, both with or both without removals, and "
                  "figures at most "
                  "{years} years apart (for changes, both the first and the last year).",
                  years=lang.number(rules["comparable_years"])),
                _("**Implausible**: emissions per person below {share} of the middle value of all cities "
                  "are taken for an "
                  "incomplete inventory and not used.", share=lang.percent(rules["least_plausible_pct"], 1)),
                _("**Tie**: twinning, agreement, project or pair of a programme. Membership in the same "
                  "network, visits "
                  "and events do not count, nor do twin towns that only a list of 2017 names."),
            )
        )
    )  # fmt: skip
