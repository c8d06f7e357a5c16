"""The same ties as a graph, as arcs on the map and as a matrix."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts import map as map_chart
from pages.charts import network as charts
from pages.charts.map import Point
from pages.charts.network import Arc
from pages.charts.text import markdown_safe, sentence_join
from pages.language import Language
from pages.parts import address, maps, session
from pages.parts.tables import Column, Table
from pages.sections import tie_words
from pages.sections.tie_words import GROUP_WORDS, REGION_WORDS
from pipeline.basemap import FRAME
from pipeline.network_graph import Picture

GRAPH_HEIGHT = 580
MAP_HEIGHT = 560
MATRIX_HEIGHT = 620
LISTED_TIES = 12
"""Ties written out beside the graph; the table has them all."""


def graph(lang: Language, ties: pd.DataFrame, picture: Picture, focus: str) -> None:
    """The graph, and beside it the ties of the place that was clicked, else of the middle."""
    _ = lang.gettext
    names = tie_words.member_names(ties)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        clicked = _draw_graph(lang, picture, focus, names)
        _graph_legend(lang, picture)
    with right:
        member = clicked or focus
        if member:
            beside(lang, ties, member, names[member], is_middle=member == focus)
        else:
            first_ties(lang, ties)


def _draw_graph(lang: Language, picture: Picture, focus: str, names: Mapping[str, str]) -> str:
    """Draws; gives the member that is selected, or nothing."""
    _ = lang.gettext
    tips = {
        node.member_id: f"{names[node.member_id]}, {lang.country(node.country_iso2)}"
        if node.country_iso2
        else names[node.member_id]
        for node in picture.nodes
    }
    links = {(link.one, link.other): tie_words.link_words(lang, link, names) for link in picture.links}
    option = charts.graph(picture, names, tips, links, session.theme())
    alt = (
        _("Graph of the ties round {name}: {places} places, {links} links.", name=names[focus],
          places=lang.number(len(picture.nodes)), links=lang.number(len(picture.links)))
        if focus
        else _("Graph of {places} places and {links} links between them.",
        places=lang.number(len(picture.nodes)),
               links=lang.number(len(picture.links)))
    ) + " " + _("The same ties are in the table.")  # fmt: skip
    # A new set of places is a new picture: a selection is a number in the list of places.
    mark = hashlib.md5("|".join(node.member_id for node in picture.nodes).encode(), usedforsecurity=False)
    state: Any = st.echarts_chart(
        option, height=GRAPH_HEIGHT, key=f"n_graph_{mark.hexdigest()[:10]}", on_select="rerun", alt=alt
    )
    return _selected(state, picture)


def _selected(state: Any, picture: Picture) -> str:
    """The member whose sign is selected; a selected line counts for neither end."""
    for group in (state or {}).get("selection", {}).get("selected", []):
        if group.get("data_type", "node") in (None, "node", "main"):
            for number in group.get("data_indices", []):
                if 0 <= int(number) < len(picture.nodes):
                    return picture.nodes[int(number)].member_id
    return ""


def _graph_legend(lang: Language, picture: Picture) -> None:
    _ = lang.gettext
    theme = session.theme()
    regions = tie_words.named_regions(picture)
    signs = [(charts.region_sign(key, theme), _(REGION_WORDS[key])) for key in regions]
    used = {charts.family(link.strength, is_suspended=link.is_suspended) for link in picture.links}
    maps.legend(signs + family_items(lang, used))
    notes = [_("A dark ring marks a Mission City. The more ties a place has here, the bigger its sign.")]
    if picture.left_out:
        notes.append(
            lang.ngettext(
                "{count} more place would be in reach and is not drawn; the nearest and best connected are.",
                "{count} more places would be in reach and are not drawn; the nearest and best connected "
                "are.",
                picture.left_out,
            )
        )
    st.caption(sentence_join(*notes))


def family_items(
    lang: Language, used: set[charts.Family], *, is_plain: bool = False
) -> list[tuple[str, str]]:
    """Lines of the families in use with their words."""
    theme = session.theme()
    return [
        (charts.line_sign(name, theme, is_plain=is_plain), lang.gettext(tie_words.FAMILY_WORDS[name]))
        for name in charts.FAMILIES
        if name in used
    ]


def beside(lang: Language, ties: pd.DataFrame, member: str, name: str, *, is_middle: bool) -> None:
    """The closest ties of one member with their evidence and source, and the ways on from it."""
    _ = lang.gettext
    own = tie_words.of_member(ties, member)
    st.markdown(f"#### {markdown_safe(name)}")
    st.caption(lang.ngettext("{count} tie in this choice", "{count} ties in this choice", len(own)))
    for row in own.head(LISTED_TIES).to_dict("records"):
        place = markdown_safe(row["other_name"])
        country = f", {markdown_safe(lang.country(row['other_country']))}" if row["other_country"] else ""
        words = markdown_safe(tie_words.tie_line(lang, row))
        st.markdown(f"- **{place}**{country}: {words}{source_link(lang, row)}")
    if len(own) > LISTED_TIES:
        st.caption(more_in_table(lang, len(own) - LISTED_TIES))
    if not is_middle:
        st.button(
            _("Put {name} in the middle", name=markdown_safe(name)),
            icon=":material/filter_center_focus:",
            key="n_centre",
            on_click=put_in_the_middle,
            args=(member, member in session.city_names()),
        )
    if member in session.city_names():
        maps.city_link(member, name)


def first_ties(lang: Language, ties: pd.DataFrame) -> None:
    """The closest ties of the whole choice, until a sign is clicked."""
    _ = lang.gettext
    st.markdown(f"#### {_('The closest ties')}")
    st.caption(_("Click a sign to see the ties of that place here."))
    for row in ties.head(LISTED_TIES).to_dict("records"):
        pair = f"**{markdown_safe(row['name_a'])} – {markdown_safe(row['name_b'])}**"
        st.markdown(f"- {pair}: {markdown_safe(tie_words.tie_line(lang, row))}{source_link(lang, row)}")
    if len(ties) > LISTED_TIES:
        st.caption(more_in_table(lang, len(ties) - LISTED_TIES))


def more_in_table(lang: Language, count: int) -> str:
    """How many ties are not written out."""
    return lang.ngettext("{count} more is in the table.", "{count} more are in the table.", count)


def source_link(lang: Language, row: Mapping[Any, Any]) -> str:
    """A link to the page a tie was read at, where there is one that can stand in markdown."""
    url = str(row["source_url"])
    if not url.startswith("http") or set(url) & set(" ()<>[]"):
        return ""
    return f" · [{lang.gettext('source')}]({url})"


def put_in_the_middle(member: str, is_city: bool) -> None:
    """Callback: a register city goes into the filter bar, any other member into the page's own key."""
    address.choose("city", [member] if is_city else [])
    address.choose("n_at", "" if is_city else member)


def arcs(lang: Language, ties: pd.DataFrame, members: pd.DataFrame, focus: str) -> None:
    """The ties of the middle (else all of them) as arcs; what lies off the map is counted in words."""
    _ = lang.gettext
    own = ties[(ties["member_a_id"] == focus) | (ties["member_b_id"] == focus)] if focus else ties
    on_map = own[_inside(own, "a") & _inside(own, "b")]
    names = tie_words.member_names(own)
    lines = [
        Arc(
            float(pair["longitude_a_deg"].iloc[0]),
            float(pair["latitude_a_deg"].iloc[0]),
            float(pair["longitude_b_deg"].iloc[0]),
            float(pair["latitude_b_deg"].iloc[0]),
            charts.family(
                int(pair["kind_strength"].min()),
                is_suspended=bool((pair["status_id"] == "suspended_or_unclear").any()),
            ),
            len(pair),
            f"{pair['name_a'].iloc[0]} – {pair['name_b'].iloc[0]}",
            "\n".join(tie_words.tie_line(lang, row) for row in pair.to_dict("records")),
        )
        for _pair, pair in on_map.groupby(["member_a_id", "member_b_id"], sort=True)
    ]
    counts = dict(zip(members["member_id"], members["partner_count"], strict=True))
    points = []
    for end in ("a", "b"):
        for row in on_map.drop_duplicates(f"member_{end}_id").to_dict("records"):
            member = str(row[f"member_{end}_id"])
            points.append(
                Point(
                    member,
                    float(row[f"longitude_{end}_deg"]),
                    float(row[f"latitude_{end}_deg"]),
                    None,
                    names[member],
                    "\n".join(
                        (lang.country(row[f"country_{end}_iso2"]), partners(lang, counts.get(member, 0)))
                    ),
                    str(row[f"region_{end}_id"]),
                    is_chosen=member == focus,
                )
            )
    points = list({point.city_id: point for point in points}.values())
    deck = charts.arcs(lines, points, maps.base_map(), session.theme(), maps.shown_preset("n_zoom"))
    alt = _(
        "Map with {links} lines between {places} places. The same ties are in the table.",
        links=lang.number(len(lines)),
        places=lang.number(len(points)),
    )
    cities = session.city_names()
    linked = {point.city_id: cities[point.city_id] for point in points if point.city_id in cities}
    maps.draw(deck, key="n_map", alt=alt, height=MAP_HEIGHT, names=linked)
    theme = session.theme()
    used = {str(point.look) for point in points}
    dots = [
        (map_chart.swatch(charts.region_colour(key, theme), theme), _(REGION_WORDS[key]))
        for key in REGION_WORDS
        if key in used
    ]
    maps.legend(dots + family_items(lang, {line.family for line in lines}, is_plain=True))
    missing = len(own) - len(on_map)
    if missing:
        st.caption(
            lang.ngettext(
                "{count} tie is not on the map: one end lies outside it, is a network, or its place is not "
                "known. The table has it.",
                "{count} ties are not on the map: one end lies outside it, is a network, or its place is not "
                "known. The table has them.",
                missing,
            )
        )


def _inside(ties: pd.DataFrame, end: str) -> pd.Series[bool]:
    """Whether an end has a place on the outlines drawn."""
    west, south, east, north = FRAME
    across = ties[f"longitude_{end}_deg"].between(west, east)
    return across & ties[f"latitude_{end}_deg"].between(south, north)


def partners(lang: Language, count: int) -> str:
    """How many different places somebody has ties with."""
    return lang.ngettext("{count} partner in all", "{count} partners in all", int(count))


def matrix(lang: Language, cells: pd.DataFrame, by: str) -> None:
    """Ties between every two countries or groups; the countries with most ties."""
    _ = lang.gettext
    totals: dict[str, int] = {}
    for one, other, count in zip(cells["one"], cells["other"], cells["tie_count"], strict=True):
        totals[one] = totals.get(one, 0) + int(count)
        if other != one:
            totals[other] = totals.get(other, 0) + int(count)
    if by == "group":
        shown = [key for key in GROUP_WORDS if key in totals]
    else:
        shown = sorted((key for key in totals if key), key=lambda key: (-totals[key], key))[
            : charts.MATRIX_SIDE
        ]
    place = {key: number for number, key in enumerate(shown)}
    data = [
        (place[column], place[row], int(count))
        for one, other, count in zip(cells["one"], cells["other"], cells["tie_count"], strict=True)
        if one in place and other in place
        for column, row in {(one, other), (other, one)}
    ]
    labels = [matrix_word(lang, key, by) for key in shown]
    option = charts.matrix(labels, sorted(data), _("{ties} ties", ties="{@[2]}"), session.theme())
    most = cells.iloc[0]
    alt = _(
        "Matrix of the ties between {count} countries or groups; most are between {one} and {other} "
        "({ties}).",
        count=lang.number(len(shown)),
        one=matrix_word(lang, str(most["one"]), by),
        other=matrix_word(lang, str(most["other"]), by),
        ties=lang.number(int(most["tie_count"])),
    )
    st.echarts_chart(option, height=MATRIX_HEIGHT if by == "country" else 420, key=f"n_matrix_{by}", alt=alt)
    if by == "country" and len(totals) > len(shown):
        st.caption(
            _(
                "The {count} countries with most ties. An empty cell means that no list used here has a "
                "tie; the table "
                "has all countries.",
                count=lang.number(len(shown)),
            )
        )


def matrix_word(lang: Language, key: str, by: str) -> str:
    """What a row of the matrix is called."""
    if by == "group":
        return lang.gettext(GROUP_WORDS[key])
    return lang.country(key) if key else lang.gettext("International networks")


def matrix_table(lang: Language, cells: pd.DataFrame, by: str) -> Table:
    """The cells of the matrix as a list, most ties first."""
    _ = lang.gettext
    words = {key: matrix_word(lang, key, by) for key in {*cells["one"], *cells["other"]}}
    return Table(
        cells,
        [
            Column("one", _("Between"), kind="words", words=words),
            Column("other", _("and"), kind="words", words=words),
            Column("tie_count", _("Ties"), unit=_("number"), kind="number"),
            Column("pair_count", _("Pairs of places or networks"), unit=_("number"), kind="number"),
        ],
    )
