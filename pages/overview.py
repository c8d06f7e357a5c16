"""Are the mission cities on pace for 2030? The count, the map, the reasons, what is new, and where to go
next."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from pages.charts import map as map_chart
from pages.charts.palettes import VERDICTS
from pages.charts.text import markdown_safe
from pages.language import Language
from pages.parts import address, frame, kept, maps, session
from pages.parts.tables import Column, Table
from pipeline.changes import Changes
from pipeline.query import overview
from pipeline.query.overview import Age, Counts

MAP_HEIGHT = 430
EVENTS_SHOWN = 4


def main() -> None:
    """The page, top to bottom."""
    lang = session.language()
    _ = lang.gettext
    filters = session.filters()
    rows = kept.made("overview_rows", lambda: session.named(session.data(overview.verdicts, filters)))
    counts = session.data(overview.counts, filters.yardstick)
    if counts.cities == 0:
        frame.open(_("Are the mission cities on pace for 2030?"))
        frame.nothing(_("This version of the figures holds no Mission city."), reset=False)
        return
    kept.drawn("overview_head", lambda: head(lang, rows, counts))
    used = kept.made("overview_sources", lambda: source_ids(rows))
    if address.peek("ov", "chart") == "chart":
        left, right = st.columns([2, 1], gap="medium")
    else:  # a table needs the whole width
        left, right = st.container(), st.container()
    with left:
        frame.views(
            "ov",
            chart=lambda: draw_map(lang, rows, counts),
            chart_name=_("Map"),
            chart_icon=":material/public:",
            table=kept.made("overview_table", lambda: table(lang, rows)),
            about=lambda: about(lang),
            sources=used,
            beside=lambda: maps.preset("zoom"),
        )
        kept.drawn("overview_ages", lambda: ages(lang, session.data(overview.age)), for_filters=False)
    today = dt.datetime.now(dt.UTC).date()
    with right:
        kept.drawn("overview_side", lambda: side(lang, counts, today), today)
    kept.drawn("overview_foot", lambda: foot(lang, used))


def head(lang: Language, rows: pd.DataFrame, counts: Counts) -> None:
    """The question, its answer in a sentence and in five figures, and the cities picked by name."""
    frame.open(lang.gettext("Are the mission cities on pace for 2030?"), answer(lang, counts))
    maps.verdict_tiles(counts.by_verdict)
    chosen_cities(lang, rows)


def side(lang: Language, counts: Counts, today: dt.date) -> None:
    """What stands beside the map: the reasons, what is new, what comes next."""
    reasons(lang, counts)
    whats_new(lang, session.changes())
    events(lang, today)


def foot(lang: Language, used: list[str]) -> None:
    """Where to go next, and the sources."""
    entries(lang)
    frame.sources([*used, "mission_events", "natural_earth"], map_drawn=True)


def answer(lang: Language, counts: Counts) -> str:
    """One sentence a politician can say aloud, with the age of the figures in the same breath."""
    good = counts.by_verdict.get("reached", 0) + counts.by_verdict.get("on_pace", 0)
    none = counts.by_verdict.get("not_assessed", 0)
    first = lang.ngettext(
        "{count} of {total} Mission cities has reached its goal or is on pace for it.",
        "{count} of {total} Mission cities have reached their goal or are on pace for it.",
        good,
        total=lang.number(counts.cities),
    )
    second = lang.ngettext("{count} cannot be assessed.", "{count} cannot be assessed.", none)
    if counts.middle_latest_year is None:
        return f"{first} {second}"
    third = lang.gettext(
        "Half of the verdicts rest on an inventory from {year} or earlier.", year=counts.middle_latest_year
    )
    return f"{first} {third} {second}" if none else f"{first} {third}"


def chosen_cities(lang: Language, rows: pd.DataFrame) -> None:
    """A sentence for each city picked by name."""
    _ = lang.gettext
    registry = session.catalogue()
    for row in rows[rows["is_chosen"]].to_dict("records"):
        verdict = str(row["verdict_id"])
        reason = registry.reasons.get(str(row["reason_id"]))
        words = [
            f"**{markdown_safe(row['name'])}**: "
            f"{VERDICTS[verdict].badge(_(registry.verdicts[verdict].title))}"
        ]
        if reason is not None:
            words.append(markdown_safe(_(reason.text)))
        change = maps.change_words(row, lang)
        if change:
            words.append(markdown_safe(change) + ".")
        st.markdown(" ".join(words))


def draw_map(lang: Language, rows: pd.DataFrame, counts: Counts) -> None:
    """The Mission cities coloured by verdict."""
    _ = lang.gettext
    registry = session.catalogue().verdicts
    part = maps.shown_preset("zoom")
    alt = _(
        "Map of {total} Mission cities by verdict: {counts}.",
        total=lang.number(counts.cities),
        counts=", ".join(
            f"{_(registry[key].title)} {lang.number(counts.by_verdict.get(key, 0))}" for key in VERDICTS
        ),
    )
    deck = kept.made(
        "overview_map",
        lambda: map_chart.verdict_map(maps.verdict_points(rows), maps.base_map(), session.theme(), part),
        part,
    )
    names = dict(zip(rows["city_id"], rows["name"], strict=True))
    maps.draw(deck, key="overview_map", alt=alt, height=MAP_HEIGHT, names=names)
    maps.verdict_note()


def table(lang: Language, rows: pd.DataFrame) -> Table:
    """The same cities as a list."""
    _ = lang.gettext
    registry = session.catalogue()
    return Table(
        rows,
        [
            Column("name", _("City")),
            Column("country_iso2", _("Country"), kind="country"),
            Column("verdict_id", _("Verdict"), kind="verdict"),
            Column(
                "reason_id",
                _("Why not assessed"),
                kind="words",
                words={key: _(reason.title) for key, reason in registry.reasons.items()},
            ),
            Column("base_year", _("First inventory compared"), kind="year"),
            Column("latest_year", _("Latest inventory"), kind="year"),
            Column("latest_age_years", _("Age of the latest inventory"), unit=_("years"), kind="number"),
            Column("base_t", _("Emissions at the start"), unit="t CO2e", kind="tonnes"),
            Column("latest_t", _("Latest emissions"), unit="t CO2e", kind="tonnes"),
            Column("change_pct", _("Change"), kind="percent"),
            Column("target_year", _("Target year"), kind="year"),
            Column("target_reduction_pct", _("Cut promised"), kind="percent"),
            Column("path_share_pct", _("Share of the cut due by then that was made"), kind="percent"),
            Column("scope", _("Scope")),
            Column("gas_basis", _("Gases")),
            Column(
                "source_id",
                _("Source"),
                kind="words",
                words={key: _(source.title) for key, source in registry.sources.items()},
            ),
        ],
    )


def about(lang: Language) -> None:
    """How a verdict comes about, in the registry's words."""
    _ = lang.gettext
    registry = session.catalogue()
    yardstick = registry.yardsticks[session.filters().yardstick]
    st.markdown(f"**{_(yardstick.title)}.** {markdown_safe(_(yardstick.definition))}")
    st.markdown(markdown_safe(_(yardstick.method)))
    for key, verdict in VERDICTS.items():
        record = registry.verdicts[key]
        st.markdown(f"- {verdict.badge(_(record.title))} {markdown_safe(_(record.definition))}")
    st.markdown(
        _(
            "Only inventories of one source, one scope and one set of gases are compared with each other. "
            "Series of different sources are never joined."
        )
    )


def reasons(lang: Language, counts: Counts) -> None:
    """Why cities have no verdict, most frequent reason first."""
    _ = lang.gettext
    registry = session.catalogue().reasons
    none = counts.by_verdict.get("not_assessed", 0)
    st.subheader(_("Why {count} have no verdict", count=lang.number(none)), anchor=False)
    if not counts.by_reason:
        st.markdown(_("Every Mission city has a verdict."))
    for reason_id, number in counts.by_reason:
        reason = registry.get(reason_id)
        title, text = (reason.title, reason.text) if reason else (reason_id, "")
        st.markdown(f"**{lang.number(number)}**\u2002{markdown_safe(_(title))}", help=_(text) or None)


def ages(lang: Language, age: Age) -> None:
    """How new the newest comparable inventories are."""
    _ = lang.gettext
    st.subheader(_("How old are the inventories?"), anchor=False)
    st.markdown(
        _(
            "{count} of {total} Mission cities have two or more comparable inventories. The newest of them "
            "is from",
            count=f"**{lang.number(age.with_two)}**",
            total=lang.number(age.cities),
        )
    )
    for year, number in age.since:
        st.progress(
            number / age.cities if age.cities else 0.0,
            text=_("{year} or later: {count} cities", year=year, count=lang.number(number)),
        )


def whats_new(lang: Language, changes: Changes) -> None:
    """What this build changed against the one published before."""
    _ = lang.gettext
    st.subheader(_("What is new in the figures"), anchor=False)
    if not changes.has_previous:
        st.markdown(_("This is the first published version, so there is nothing to compare it with yet."))
        return
    if changes.is_empty:
        st.markdown(_("The latest version changed no verdict, no inventory year and no source."))
        return
    registry = session.catalogue()
    mine = [change for change in changes.verdicts if change.yardstick_id == session.filters().yardstick]
    names = session.city_names()
    lines = [
        f"**{markdown_safe(names.get(change.city_id, change.city_id))}**: "
        f"{_(registry.verdicts[change.before].title)} → {_(registry.verdicts[change.now].title)}"
        for change in mine[:6]
    ]
    lines += [
        _("{city}: new inventory for {year}", city=f"**{markdown_safe(names[item.city_id])}**", year=item.now)
        for item in changes.inventories[:6]
        if item.city_id in names
    ]
    lines += [
        _("new source: {source}", source=markdown_safe(_(registry.sources[source_id].title)))
        for source_id in changes.added_sources
        if source_id in registry.sources
    ]
    lines += [_("source left out: {source}", source=markdown_safe(item)) for item in changes.removed_sources]
    more = max(0, len(mine) - 6) + max(0, len(changes.inventories) - 6)
    if more:
        lines.append(lang.ngettext("and {count} more change", "and {count} more changes", more))
    st.markdown("\n".join(f"- {line}" for line in lines))


def events(lang: Language, today: dt.date) -> None:
    """The next events of the Mission, or the latest when none is announced."""
    _ = lang.gettext
    rows = session.data(overview.events, today, EVENTS_SHOWN)
    ahead = bool(len(rows)) and bool(rows["is_ahead"].iloc[0])
    st.subheader(
        _("Next events of the Mission") if ahead else _("Latest events of the Mission"), anchor=False
    )
    if not ahead:
        st.caption(_("No coming event is known to the sources used here."))
    for row in rows.to_dict("records"):
        when = event_date(lang, row["date_start"], row["date_end"], str(row["date_precision"]))
        place = [str(row["place"])] if isinstance(row["place"], str) and row["place"] else []
        if isinstance(row["country_iso2"], str) and row["country_iso2"]:
            place.append(lang.country(row["country_iso2"]))
        where = f", {markdown_safe(', '.join(place))}" if place else ""
        st.markdown(f"- {when}: {markdown_safe(row['title'])}{where}")


def event_date(lang: Language, start: pd.Timestamp, end: pd.Timestamp, precision: str) -> str:
    """The date as exactly as the source gives it."""
    first = start.date()
    if precision == "year":
        return str(first.year)
    if precision == "month":
        return lang.month(first)
    last = None if pd.isna(end) else end.date()
    return lang.date(first) if last is None or last == first else f"{lang.date(first)} – {lang.date(last)}"


def entries(lang: Language) -> None:
    """Where to go next, for the three kinds of readers."""
    _ = lang.gettext
    st.subheader(_("Where to go from here"), anchor=False)
    ways = (
        (
            "city",
            ":material/location_city:",
            _("How is my city doing?"),
            _("One city: figures, sources, doubts."),
        ),
        ("progress", ":material/trending_down:", _("Who cuts fastest?"), _("Paths, gaps and rank ranges.")),
        (
            "map",
            ":material/public:",
            _("Show an indicator on the map"),
            _("Air, energy, land, money, people."),
        ),
        ("data", ":material/database:", _("Which figures are behind this?"), _("Sources, gaps, conflicts.")),
    )
    grid = st.grid(len(ways), min_column_width=220)
    for name, icon, label, words in ways:
        with grid.cell(), st.container(border=True):
            st.page_link(session.page(name), label=f"**{label}**", icon=icon, query_params=session.link())
            st.caption(words)


def source_ids(rows: pd.DataFrame) -> list[str]:
    """The sources behind the verdicts, most used first."""
    return [str(source_id) for source_id in rows["source_id"].dropna().value_counts().index]


main()
