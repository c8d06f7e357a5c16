"""Who holds the network together: partners, lying between others, bridges Lithuania-Türkiye, and groups."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.charts import network as charts
from pages.language import N_, Language
from pages.parts import address, frame, session
from pages.parts.tables import Column, Table
from pages.sections.tie_words import REGION_WORDS, texts
from pipeline.query import network as query
from pipeline.query.network import TieChoice

MEASURES: Mapping[str, str] = {
    "partners": N_("Most partners"),
    "between": N_("Between others"),
    "bridges": N_("Bridges Lithuania – Türkiye"),
    "groups": N_("Groups"),
}
MEANINGS: Mapping[str, str] = {
    "partners": N_(
        "Partners: different places with which a place has a tie in the choice above. Two kinds of tie with "
        "one place "
        "count once; networks and programmes do not count."
    ),
    "between": N_(
        "Between others: think of a message that is passed on along ties, always the shortest way. The "
        "share says on "
        "how many of all ways between two other places this place lies. It is worked out over all ties that "
        "are shown "
        "at first, whatever the choice above, because a way may lead anywhere. (Betweenness centrality.)"
    ),
    "bridges": N_(
        "Bridges: places that have partners both in Lithuania and in Türkiye; for a Lithuanian place its "
        "own country "
        "counts, and so for a Turkish one. Whoever looks for a first contact can ask them."
    ),
    "groups": N_(
        "Groups: places with more ties among themselves than with others, found by Louvain’s method from a "
        "fixed start. "
        "A group is called after its best connected place; it is a finding about the lists, not an "
        "organisation."
    ),
}
BARS = 15
BAR_PX = 27


def draw(choice: TieChoice) -> None:
    """One measure as bars, table, explanation and file."""
    lang = session.language()
    _ = lang.gettext
    rows = named(session.data(query.measured, choice))
    measure = address.pick(
        "n_m", _("Measure"), list(MEASURES), texts(MEASURES, lang), kind="segments",
        label_visibility="collapsed", width="content",
    )  # fmt: skip
    st.markdown(_(MEANINGS[measure]))
    if measure == "groups":
        _groups(lang, rows)
        return
    ordered = arranged(rows, measure)
    if ordered.empty:
        frame.nothing(_("No place of this choice has such a value."), reset=False)
        return

    def chart() -> None:
        first = ordered.head(BARS)
        values, words, title = _bars(lang, first, measure)
        alt = f"{title}: " + "; ".join(
            f"{name} {word}" for name, word in zip(first["name"], words, strict=True)
        )
        option = charts.bars(list(first["name"]), values, words, session.theme())
        st.markdown(f"**{title}**")
        st.echarts_chart(option, height=BAR_PX * len(first) + 12, key=f"n_bars_{measure}", alt=alt)

    frame.views("nm", chart=chart, table=table(lang, ordered), about=lambda: about(lang), sources=SOURCES)


SOURCES = ("mission_partnerships", "lt_tr_partnerships")


def named(rows: pd.DataFrame) -> pd.DataFrame:
    """The places with the names of register cities in the reader's language."""
    names = session.city_names()
    return rows.assign(
        name=rows["city_id"].map(names).fillna(rows["place_name"]),
        community=rows["community_city_id"].map(names).fillna(rows["community_name"]),
    )


def arranged(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The places in the order of a measure; for bridges only those."""
    if measure == "between":
        kept = rows[rows["between_pct"].notna() & (rows["between_pct"] > 0)]
        return kept.sort_values(["between_pct", "member_id"], ascending=[False, True], kind="stable")
    if measure == "bridges":
        kept = rows[rows["is_bridge"].astype(bool)]
        both = kept["partner_lt_count"] + kept["partner_tr_count"]
        return kept.assign(_both=both).sort_values(
            ["_both", "between_pct", "member_id"], ascending=[False, False, True], kind="stable"
        )
    return rows


def _bars(lang: Language, first: pd.DataFrame, measure: str) -> tuple[list[float], list[str], str]:
    """Values, what is written at the bars, and the axis title with its unit."""
    _ = lang.gettext
    if measure == "between":
        values = [float(value) for value in first["between_pct"]]
        return values, [lang.percent(value, 1) for value in values], _("Share of shortest ways (%)")
    if measure == "bridges":
        counts = [
            (int(lt), int(tr))
            for lt, tr in zip(first["partner_lt_count"], first["partner_tr_count"], strict=True)
        ]
        words = [f"LT {lang.number(lt)} · TR {lang.number(tr)}" for lt, tr in counts]
        return (
            [float(lt + tr) for lt, tr in counts],
            words,
            _("Partners in Lithuania and in Türkiye (number)"),
        )
    values = [float(value) for value in first["chosen_count"]]
    return values, [lang.number(value) for value in values], _("Partners (number)")


def table(lang: Language, rows: pd.DataFrame) -> Table:
    """All measures of all places."""
    _ = lang.gettext
    return Table(
        rows.drop(columns="city_id"),
        [
            Column("name", _("Place")),
            Column("country_iso2", _("Country"), kind="country"),
            Column("region_id", _("Region"), kind="words", words=texts(REGION_WORDS, lang)),
            Column("chosen_count", _("Partners in this choice"), unit=_("number"), kind="number"),
            Column("partner_count", _("Partners in all"), unit=_("number"), kind="number"),
            Column("country_count", _("Countries of the partners"), unit=_("number"), kind="number"),
            Column("organisation_count", _("Networks and programmes"), unit=_("number"), kind="number"),
            Column("partner_lt_count", _("Partners in Lithuania"), unit=_("number"), kind="number"),
            Column("partner_tr_count", _("Partners in Türkiye"), unit=_("number"), kind="number"),
            Column("partner_eu_count", _("Partners in other EU countries"), unit=_("number"), kind="number"),
            Column("between_pct", _("Share of shortest ways"), kind="percent", decimals=2),
            Column("community", _("Group round")),
        ],
    )


def groups(rows: pd.DataFrame) -> pd.DataFrame:
    """The groups with a place of the choice: size, the places that lead them, and from how many countries."""
    kept = rows[rows["community_id"].notna()]
    found = []
    for number, members in kept.groupby("community_id", sort=True):
        found.append(
            {
                "community_id": int(str(int(float(str(number))))),
                "community": members["community"].iloc[0],
                "place_count": int(members["community_size"].iloc[0]),
                "country_count": members["country_iso2"].nunique(),
                "leading": "; ".join(members["name"].head(6)),
            }
        )
    columns = ["community_id", "community", "place_count", "country_count", "leading"]
    return pd.DataFrame(found, columns=columns)


def _groups(lang: Language, rows: pd.DataFrame) -> None:
    _ = lang.gettext
    found = groups(rows)
    if found.empty:
        frame.nothing(_("No place of this choice belongs to a group."), reset=False)
        return

    def chart() -> None:
        first = found.head(BARS)
        words = [lang.number(value) for value in first["place_count"]]
        title = _("Places in the group (number)")
        alt = f"{title}: " + "; ".join(
            f"{name} {word}" for name, word in zip(first["community"], words, strict=True)
        )
        st.markdown(f"**{title}**")
        values = [float(value) for value in first["place_count"]]
        option = charts.bars(list(first["community"]), values, words, session.theme())
        st.echarts_chart(option, height=BAR_PX * len(first) + 12, key="n_bars_groups", alt=alt)

    listed = Table(
        found,
        [
            Column("community", _("Group round")),
            Column("place_count", _("Places in the group"), unit=_("number"), kind="number"),
            Column("country_count", _("Countries in this choice"), unit=_("number"), kind="number"),
            Column("leading", _("Best connected places of this choice")),
        ],
    )
    frame.views("nm", chart=chart, table=listed, about=lambda: about(lang), sources=SOURCES)


def about(lang: Language) -> None:
    """All measures in plain words."""
    for meaning in MEANINGS.values():
        st.markdown("- " + lang.gettext(meaning))
