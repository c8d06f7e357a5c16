"""What the reader of the partner finder chooses: city, measure, weights and limits. All in the address."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pandas as pd
import streamlit as st

from pages.charts.text import markdown_safe
from pages.language import N_
from pages.parts import address, session
from pages.sections import partner_words
from pages.sections.path import words
from pipeline.query import cities, partners
from pipeline.query.filters import Filters
from pipeline.query.partners import COMPONENTS, Weights

DEFAULT_CITY = "taurage"
"""Shown when no city is chosen: the smallest Mission city of Lithuania, which looks for cities of its
kind."""
PREFERRED: tuple[str, ...] = (
    "ghg_transport_per_person_t",
    "ghg_change_per_year_pct",
    "ghg_per_person_t",
    "ghg_buildings_per_person_t",
    "no2_ug_m3",
    "pm10_ug_m3",
)
"""What is compared first where the reader has not chosen: the first of these that the city itself has."""
FIND = "f_find"
COUNTS = ("5", "10", "15", "20")
APART = ("3", "5", "10", "any")
WEIGHTS = ("0", "1", "2", "3", "4")
WEIGHT_KEYS = {
    "size": "fw_size",
    "climate": "fw_clim",
    "income": "fw_gdp",
    "emissions": "fw_emis",
    "sectors": "fw_sect",
}
ORDERS = {"alike": N_("most alike first"), "lead": N_("best first")}


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything chosen on the page itself."""

    measure_id: str
    count: int
    weights: Weights
    years_apart: int | None
    order: str
    is_abroad_only: bool
    is_comparable_only: bool

    def weight_values(self) -> list[float]:
        """The five weights."""
        return [float(getattr(self.weights, field.name)) for field in fields(self.weights)]


def draw(city_id: str, chosen: Filters) -> Choice:
    """The row of choices, and the rarer ones in an expander."""
    lang = session.language()
    _ = lang.gettext
    names = session.data(cities.names)
    st.session_state[FIND] = city_id
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            _("City"),
            session.in_choice(chosen.with_(cities=(city_id,))),
            key=FIND,
            format_func=lambda key: names[key].label(lang.code),
            on_change=_choose,
            filter_mode="contains",
        )
        measure_id = _measure(city_id, chosen)
        count = address.pick(
            "f_n",
            _("How many"),
            COUNTS,
            {key: lang.number(int(key)) for key in COUNTS},
            default="10",
            width=120,
        )
    if not chosen.cities:
        st.caption(
            _("No city is chosen, so {city} is shown.", city=markdown_safe(session.city_names()[city_id]))
        )
    elif len(chosen.cities) > 1:
        st.caption(
            _("Several cities are chosen; this page is about the first, {city}.",
              city=markdown_safe(session.city_names()[city_id]))
        )  # fmt: skip
    with st.expander(_("What counts as alike, and other limits"), icon=":material/tune:"):
        weights = _weights()
        years_apart, order, abroad, comparable = _limits()
    return Choice(measure_id, int(count), weights, years_apart, order, abroad, comparable)


def _choose() -> None:
    address.choose("city", [st.session_state[FIND]])


def _measure(city_id: str, chosen: Filters) -> str:
    """What the candidates shall do better; the default is something the city has a figure of."""
    lang, book = session.language(), words()
    _ = lang.gettext
    rows = session.data(partners.measures, city_id, chosen)
    counts = dict(zip(rows["measure_id"], rows["city_count"], strict=True))
    own = set(rows[rows["has_own"]]["measure_id"])
    default = next(
        (key for key in PREFERRED if key in own), next((key for key in PREFERRED if key in counts), None)
    )
    options = [str(key) for key in rows["measure_id"]] or [PREFERRED[0]]
    titles = {key: partner_words.measure_title(key, book) for key in options}
    options.sort(key=lambda key: (key not in own, lang.sort_key(titles[key])))
    return address.pick(
        "f_m",
        _("Do better in"),
        options,
        {
            key: f"{titles[key]} · "
            + lang.ngettext("{count} city", "{count} cities", int(counts.get(key, 0)))
            + ("" if key in own else " · " + _("no figure of your own"))
            for key in options
        },
        default=default,
        help=_("The number says how many other cities of the chosen groups have the figure."),
    )  # fmt: skip


def _weights() -> Weights:
    _ = session.language().gettext
    standard = session.data(partners.default_weights)
    st.markdown(_("Weights: 0 leaves a component out, 4 counts most. Only their proportions matter."))
    picked = {}
    grid = st.grid(5, min_column_width=200)
    for component in COMPONENTS:
        with grid.cell():
            picked[component] = float(
                address.pick(
                    WEIGHT_KEYS[component],
                    _(partner_words.COMPONENT_TITLES[component]),
                    WEIGHTS,
                    {key: key for key in WEIGHTS},
                    default=f"{getattr(standard, component):.0f}",
                    kind="segments",
                    width="content",
                )
            )
    return Weights(**picked)


def _limits() -> tuple[int | None, str, bool, bool]:
    lang = session.language()
    _ = lang.gettext
    with st.container(horizontal=True, gap="large"):
        words_of = {key: lang.number(int(key)) for key in APART if key != "any"} | {"any": _("any")}
        apart = address.pick(
            "f_y", _("Years between the two figures, at most"), APART, words_of, default="5", kind="segments",
            width="content",
        )  # fmt: skip
        order = address.pick(
            "f_o", _("Order"), list(ORDERS), {key: _(word) for key, word in ORDERS.items()}, kind="segments",
            width="content",
        )  # fmt: skip
    abroad = _toggle("f_a", _("Only cities in other countries"))
    comparable = _toggle(
        "f_c", _("Only figures that can be compared: same scope, same gases, about the same years")
    )
    return None if apart == "any" else int(apart), order, abroad, comparable


def _toggle(key: str, label: str) -> bool:
    widget = address.seed(key, lambda: address.one_of(key, ("0", "1"), "0") == "1")
    is_on = bool(st.toggle(label, key=widget, persist_state="session"))
    address.record(key, ["1"], is_default=not is_on)
    return is_on


def fitting(found: pd.DataFrame, choice: Choice, city_id: str) -> pd.DataFrame:
    """The cities that are similar enough to judge, do better and have no tie yet, in the chosen order."""
    rows = _limited(found, choice, city_id)
    rows = rows[rows["is_better"] & rows["is_known_enough"] & ~rows["is_partner"] & rows["score"].notna()]
    if choice.order == "lead":
        rows = rows.sort_values(["lead", "score", "city_id"], ascending=[False, False, True])
    return rows.reset_index(drop=True)


def _limited(found: pd.DataFrame, choice: Choice, city_id: str) -> pd.DataFrame:
    rows = found
    if choice.years_apart is not None:
        rows = rows[(rows["years_apart"] <= choice.years_apart).fillna(False)]
    if choice.is_abroad_only:
        home = session.data(cities.names)[city_id].country_iso2
        rows = rows[rows["country_iso2"] != home]
    if choice.is_comparable_only:
        rows = rows[rows["is_comparable"].fillna(False).astype(bool)]
    return rows


def left_out(found: pd.DataFrame, choice: Choice) -> None:
    """How many cities could not be judged and why, so that nobody is missed by accident."""
    lang = session.language()
    _ = lang.gettext
    no_figure = int(found["other_value"].isna().sum())
    doubtful = found[found["is_doubtful"].fillna(False).astype(bool)]
    notes = [
        lang.ngettext(
            "Of {count} other city in the chosen groups, {missing} has no such figure.",
            "Of {count} other cities in the chosen groups, {missing} have no such figure.",
            len(found),
            missing=lang.number(no_figure),
        )
    ]
    if choice.years_apart is not None:
        late = found["is_better"] & ~(found["years_apart"] <= choice.years_apart).fillna(False)
        if int(late.sum()):
            notes.append(
                lang.ngettext(
                    "{count} better figure lies further apart in time than you allow.",
                    "{count} better figures lie further apart in time than you allow.",
                    int(late.sum()),
                )
            )
    if len(doubtful):
        names = session.city_names()
        notes.append(
            _(
                "Implausibly low and therefore not used: {names}.",
                names=", ".join(markdown_safe(names[city]) for city in doubtful["city_id"].head(12)),
            )
        )
    st.caption(" ".join(notes))
