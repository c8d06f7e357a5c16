"""The top of the City page: search, who the city is, three headline figures, the sentence to say aloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.charts.axes import gas_word
from pages.charts.text import markdown_safe
from pages.parts import address, filter_bar, frame, kept, session
from pages.sections.path import words
from pages.sections.progress_one import say_aloud
from pages.sections.words import Words, known, records, short
from pipeline.query import cities
from pipeline.query import city as city_query
from pipeline.query.filters import Filters

FIND = "c_find"

PRINT = """<style>
@media print {
  header, .st-key-c_search, .st-key-c_sheet_note, .st-key-c_view, [data-testid="stButtonGroup"],
  [data-testid="stElementToolbar"], [data-testid="stToolbar"], [data-testid="stDownloadButton"],
  [data-testid="stMultiSelect"], [data-testid="stPopover"] { display: none !important; }
  .stPlotlyChart, [data-testid="stMetric"], [data-testid="stTable"] { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
</style>"""
"""On paper: no search, no buttons, no chart or figure cut in two. Only documented names are used."""

SHEET = """<style>
@page { size: A4 portrait; margin: 10mm; }
</style>"""
"""The paper of the print layout: with these margins the text is 718 pixels wide."""


def draw(city_id: str, name: str, row: Mapping[str, Any], chosen: Filters, *, is_example: bool) -> None:
    """Search, title, facts and the three figures."""
    _ = session.language().gettext
    st.html(PRINT)
    with st.container(key="c_search"):
        _search(city_id, chosen)
        if is_example:
            st.caption(
                _("No city is chosen, so {city} is shown. Choose another one here.", city=markdown_safe(name))
            )
        elif len(chosen.cities) > 1:
            st.caption(
                _("Several cities are chosen; this page shows the first, {city}.", city=markdown_safe(name))
            )
    kept.drawn("city_answer", lambda: _answer(name, row), city_id)
    frame.show_first_words()
    kept.drawn("city_figures", lambda: _figures(city_id, name, row), city_id)


def _answer(name: str, row: Mapping[str, Any]) -> None:
    _ = session.language().gettext
    frame.open(
        _("{city}: how far has it come?", city=markdown_safe(name)),
        answer=markdown_safe(short(name, row, words())),
    )


def _figures(city_id: str, name: str, row: Mapping[str, Any]) -> None:
    facts(city_id)
    figures(city_id, row)
    say_aloud(name, row)


def _search(city_id: str, chosen: Filters) -> None:
    _ = session.language().gettext
    names = session.data(cities.names)
    options = session.in_choice(chosen.with_(cities=(city_id,)))
    st.session_state[FIND] = city_id
    code = session.language().code
    st.selectbox(
        _("Find a city"),
        options,
        key=FIND,
        format_func=lambda key: names[key].label(code),
        on_change=_choose,
        filter_mode="contains",
    )


def _choose() -> None:
    address.choose("city", [st.session_state[FIND]])


def facts(city_id: str) -> None:
    """Country, group, label and inhabitants as chips."""
    lang = session.language()
    _ = lang.gettext
    card = records(session.data(city_query.card, city_id))[0]
    chips = [f":material/flag: {markdown_safe(lang.country(card['country_iso2']))}"]
    if card["is_mission_city"]:
        chips.append(f":blue-badge[:material/verified: {_('Mission city')}]")
    if known(card["mission_label_date"]):
        label = card["mission_label_date"]
        text = lang.date(label) if hasattr(label, "year") else str(label)
        chips.append(
            f":blue-badge[:material/workspace_premium: {_('Mission Label {date}', date=markdown_safe(text))}]"
        )
    if known(card["green_network_member"]) and card["green_network_member"]:
        chips.append(f":green-badge[:material/eco: {_('Lithuanian Green Municipalities Network')}]")
    if known(card["population_count"]):
        count = lang.number(card["population_count"])
        if known(card["population_year"]):
            people = _("{count} inhabitants ({year})", count=count, year=int(card["population_year"]))
        elif str(card["population_source_id"]).startswith("geonames"):
            people = _("{count} inhabitants in the main place alone", count=count)
        else:
            people = _("{count} inhabitants", count=count)
        chips.append(f":material/groups: {people}")
    st.markdown(" · ".join(chips))


def figures(city_id: str, row: Mapping[str, Any]) -> None:
    """Latest emissions, yearly change, verdict; each with year, source, scope, gas and quality."""
    lang, book = session.language(), words()
    _ = lang.gettext
    latest = records(session.data(city_query.headline, city_id))
    grid = st.grid(3, min_column_width=300)
    with grid.cell():
        if latest:
            _latest(latest[0], book)
        else:
            st.metric(_("Newest inventory"), _("none"), border=True)
            st.caption(_("No emission inventory of this city is in any source used here. That is not zero."))
    with grid.cell():
        if known(row.get("change_per_year_pct")):
            st.metric(
                _("Change a year"),
                lang.percent(row["change_per_year_pct"], 1, sign=True),
                border=True,
                help=_(
                    "Constant yearly rate between the base year and the newest inventory of one series (F6)."
                ),
            )
            st.caption(
                _(
                    "{first} to {last}, {total} in all",
                    first=int(row["base_year"]),
                    last=int(row["latest_year"]),
                    total=lang.percent(row["change_pct"], sign=True),
                )
                + ". "
                + markdown_safe(book.source(row["source_id"]))
                + ", "
                + markdown_safe(book.scope(row["scope"]))
            )
        else:
            st.metric(_("Change a year"), _("not known"), border=True)
            st.caption(_missing(latest))
    with grid.cell():
        gap = row.get("gap_to_path_t")
        if row["verdict_id"] == "not_assessed":
            st.metric(_("Verdict"), book.verdict("not_assessed"), border=True)
            st.caption(f"{book.yardstick(row['yardstick_id'])}: {book.reason(row['reason_id'])}")
        else:
            value = lang.tonnes(gap, gas_word(row["gas_basis"])) if known(gap) else "–"
            st.metric(_("Verdict"), book.verdict(row["verdict_id"]), border=True)
            st.caption(
                _(
                    "{yardstick}: gap to the path in {year}: {gap}",
                    yardstick=book.yardstick(row["yardstick_id"]),
                    year=int(row["latest_year"]),
                    gap=value,
                )
            )


def _latest(latest: Mapping[str, Any], book: Words) -> None:
    lang = session.language()
    _ = lang.gettext
    year = int(latest["year"])
    title = (
        _("Modelled emissions in {year}", year=year)
        if latest["is_modelled"]
        else _("Emissions in {year}", year=year)
    )
    st.metric(title, lang.tonnes(latest["value_t"], gas_word(latest["gas_basis"])), border=True)
    parts = []
    if known(latest["per_person_t"]):
        parts.append(_("{value} t per inhabitant", value=lang.number(latest["per_person_t"], 1)))
    parts += [
        book.source(latest["source_id"]),
        book.scope(latest["scope"]),
        book.gas(latest["gas_basis"]),
        book.quality(latest["quality_id"]),
    ]
    if not latest["is_usable"] and known(latest["why_not_usable_id"]):
        parts.append(book.why_not_used(latest["why_not_usable_id"]))
    st.caption(markdown_safe(" · ".join(parts)))
    st.caption(_("Row in the source: {row}", row=markdown_safe(latest["source_ref"])))


def _missing(latest: list[dict[str, Any]]) -> str:
    _ = session.language().gettext
    if not latest:
        return _("There is no inventory to compare.")
    return _("There is no second inventory made the same way since {year}.", year=int(latest[0]["year"]))


def group_names() -> Mapping[str, str]:
    """Peer groups in words."""
    _ = session.language().gettext
    return {
        **{key: _(word) for key, word in filter_bar.GROUP_NAMES.items()},
        "country": _("Same country"),
        "size": _("Same size"),
        "all": _("All cities"),
    }
