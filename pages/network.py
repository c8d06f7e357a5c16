"""Who works with whom: the ties of places as a graph, on the map, as a matrix and as a list, with their
sources."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.charts.text import markdown_safe, sentence_join
from pages.language import N_, Language
from pages.parts import address, frame, maps, session
from pages.parts.tables import Table
from pages.sections import tie_about, tie_choice, tie_measures, tie_views, tie_words
from pipeline.network_graph import DEPTHS, Picture
from pipeline.query import network as query
from pipeline.query.network import TieChoice

DEFAULT_CITY = "vilnius"
"""In the middle when nothing is chosen: the same example as on the City page."""
PICTURES: Mapping[str, tuple[str, str]] = {
    "graph": (N_("Graph"), ":material/hub:"),
    "map": (N_("Map"), ":material/public:"),
    "matrix": (N_("Matrix"), ":material/grid_on:"),
}
SOURCES = ("mission_partnerships", "lt_tr_partnerships", "mission_register")


def main() -> None:
    """The page, top to bottom."""
    lang = session.language()
    _ = lang.gettext
    heading = st.container()
    row = st.container(horizontal=True, gap="small", vertical_alignment="center")
    with row:
        cut = tie_choice.cut()
        choice = tie_choice.narrowed(cut)
        shown_as = picture_kind(lang)
    narrowed = tie_choice.summary(choice)
    if narrowed:
        st.caption(_("Only: {choice}", choice=markdown_safe(narrowed)))
    ties = tie_words.renamed(session.data(query.ties, choice))
    focus = middle(cut)
    names = {**tie_words.member_names(ties), **session.city_names()}
    with heading:
        frame.open(
            _("Who works with whom?"),
            answer(lang, ties, focus, names, is_part=bool(narrowed) or bool(focus and cut != "all")),
        )
    if ties.empty or (focus and focus not in set(ties["member_a_id"]) | set(ties["member_b_id"])):
        no_tie(lang, names.get(focus, ""))
    else:
        with row:
            depth = steps(lang) if focus and shown_as == "graph" else 1
        views(lang, choice, ties, focus, names, shown_as, depth)
    st.subheader(_("Who holds the network together?"), anchor=False)
    tie_measures.draw(choice)
    shown_map = shown_as == "map"
    frame.sources([*SOURCES, "natural_earth"] if shown_map else SOURCES, map_drawn=shown_map)


def middle(cut: str) -> str:
    """The member in the middle: the first chosen city, else the one put there, else an example; none for a
    cut."""
    known = set(session.data(query.member_ids))
    chosen = session.filters().cities
    widget = address.seed("n_at", lambda: next(iter(address.incoming("n_at") or ()), ""))
    placed = str(st.session_state[widget] or "")
    if chosen or placed not in known:
        placed = ""
    st.session_state[widget] = placed
    address.record("n_at", [placed], is_default=not placed)
    if chosen:
        return chosen[0]
    return placed or (DEFAULT_CITY if cut == "all" else "")


def answer(lang: Language, ties: pd.DataFrame, focus: str, names: Mapping[str, str], *, is_part: bool) -> str:
    """The first sentence of the page; where ties were chosen, it says that only those are counted."""
    if ties.empty:
        return ""
    if focus:
        own = tie_words.of_member(ties, focus)
        said = "" if own.empty else tie_words.answer_about(lang, markdown_safe(names[focus]), own)
    else:
        said = tie_words.answer_about_all(lang, ties)
    part = lang.gettext("Only the ties chosen below are counted.") if is_part and said else ""
    return sentence_join(said, part)


def no_tie(lang: Language, name: str) -> None:
    """Nothing to draw: say that no list has such a tie, which does not mean that there is none."""
    _ = lang.gettext
    message = (
        _("No list used here has a tie of {name} in this choice.", name=markdown_safe(name))
        if name
        else _("No list used here has a tie in this choice.")
    )
    frame.nothing(sentence_join(message, _("That proves nothing: lists are incomplete.")), reset=False)
    st.button(_("Show the usual ties again"), on_click=tie_choice.reset, key="n_nothing_reset")


def picture_kind(lang: Language) -> str:
    """Graph, map or matrix."""
    _ = lang.gettext
    return address.pick(
        "n_as",
        _("Show as"),
        list(PICTURES),
        lambda key: f"{PICTURES[key][1]} {_(PICTURES[key][0])}",
        kind="segments",
        label_visibility="collapsed",
        width="content",
    )


def steps(lang: Language) -> int:
    """How many ties away from the middle the graph reaches."""
    _ = lang.gettext
    chosen = address.pick(
        "n_depth",
        _("Ties away from the middle"),
        [str(step) for step in DEPTHS],
        lambda step: lang.ngettext("{count} tie away", "up to {count} ties away", int(step)),
        kind="segments",
        label_visibility="collapsed",
        width="content",
    )
    return int(chosen)


def views(
    lang: Language,
    choice: TieChoice,
    ties: pd.DataFrame,
    focus: str,
    names: Mapping[str, str],
    shown_as: str,
    depth: int,
) -> None:
    """The same ties as graph, map or matrix, as a list, explained, and as files."""
    _ = lang.gettext
    if not session.filters().cities and focus == DEFAULT_CITY:
        st.caption(
            _("{name} is the example. Choose a city above to put it in the middle.", name=names[focus])
        )
    if shown_as == "matrix":
        view = matrix_views(lang, choice)
    else:
        view = tie_views_of(lang, choice, ties, focus, shown_as, depth)
    if view == "download":
        tie_about.files(lang, choice)
    if view in ("chart", "table") and focus and shown_as != "matrix":
        tie_about.statements(lang, choice, focus, names[focus])
        tie_about.shared(lang, focus, names[focus])


def tie_views_of(
    lang: Language, choice: TieChoice, ties: pd.DataFrame, focus: str, shown_as: str, depth: int
) -> str:
    """Graph or map with the list of exactly the ties drawn."""
    picture: Picture = session.data(query.picture, choice, focus, depth)
    if shown_as == "graph":
        listed = tie_words.drawn(ties, picture, focus)
    else:
        listed = tie_words.of_member(ties, focus) if focus else ties
        listed = tie_words.drawn(listed, picture, focus) if focus else listed

    def chart() -> None:
        if shown_as == "graph":
            tie_views.graph(lang, ties, picture, focus)
        else:
            tie_views.arcs(lang, ties, session.data(query.members), focus)

    def parts_of_the_map() -> None:
        if shown_as == "map":
            maps.preset("n_zoom")

    table: Table = tie_words.tie_table(lang, listed)
    return frame.views(
        "nv", chart=chart, table=table,
        about=lambda: tie_about.about(lang), sources=SOURCES, beside=parts_of_the_map,
    )  # fmt: skip


def matrix_views(lang: Language, choice: TieChoice) -> str:
    """Ties between every two countries or groups."""
    _ = lang.gettext
    by = address.pick(
        "n_by", _("Rows and columns"), ["country", "group"],
        {"country": _("Countries"), "group": _("Groups of places")},
        kind="segments", label_visibility="collapsed", width="content",
    )  # fmt: skip
    cells = session.data(query.matrix, choice, by)
    return frame.views(
        "nv", chart=lambda: tie_views.matrix(lang, cells, by),
        table=tie_views.matrix_table(lang, cells, by), about=lambda: tie_about.about(lang), sources=SOURCES,
    )  # fmt: skip


main()
