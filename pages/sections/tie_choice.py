"""Which ties the Network page shows: ready-made cuts, and the choices that narrow them down, all in the
address."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.language import N_, Language
from pages.parts import address, session
from pipeline.query import network as query
from pipeline.query.network import TieChoice

CUT_WORDS: Mapping[str, str] = {
    "all": N_("All ties"),
    "lt_tr": N_("Lithuania – Türkiye"),
    "lt_eu": N_("Lithuania – EU"),
    "tr_eu": N_("Türkiye – EU"),
    "mission": N_("Among Mission Cities"),
}
ANY = "any"
YEARS = range(1950, 2031, 5)


def cut() -> str:
    """The ready-made cuts as buttons."""
    _ = session.language().gettext
    return address.pick(
        "n_cut",
        _("Which ties"),
        list(query.CUTS),
        lambda key: _(CUT_WORDS[key]),
        kind="segments",
        label_visibility="collapsed",
        width="content",
    )


def narrowed(chosen_cut: str) -> TieChoice:
    """A button that opens the finer choices."""
    lang = session.language()
    _ = lang.gettext
    with st.popover(_("Narrow the ties"), icon=":material/tune:", width="content"):
        choice = _fine(lang, chosen_cut)
        st.button(
            _("Show the usual ties again"), on_click=reset, key="n_reset", icon=":material/restart_alt:"
        )
    return choice


def _fine(lang: Language, chosen_cut: str) -> TieChoice:
    _ = lang.gettext
    registry = session.catalogue()
    kinds = address.pick_many(
        "n_kind",
        _("Kind of tie"),
        list(registry.kinds),
        lambda key: _(registry.kinds[key].title),
        placeholder=_("All kinds"),
    )
    usual = [key for key, level in registry.evidence_levels.items() if level.shown_by_default]
    levels = address.pick_many(
        "n_ev",
        _("Evidence"),
        list(registry.evidence_levels),
        lambda key: _(registry.evidence_levels[key].title),
        default=usual,
        help=_(
            "Ties known only from a list of 2017 and mere proposals are hidden until they are chosen here."
        ),
    )
    statuses = address.pick_many(
        "n_st",
        _("Status"),
        list(registry.statuses),
        lambda key: _(registry.statuses[key].title),
        placeholder=_("Every status"),
    )
    low, high = _years(lang)
    undated = address.pick(
        "n_und",
        _("Ties without a year"),
        ["keep", "hide"],
        {"keep": _("keep"), "hide": _("hide")},
        kind="segments",
        help=_("Most lists give no year. The choice matters only where years are chosen."),
    )
    one, other = _countries(lang)
    return TieChoice(
        cut=chosen_cut,
        kinds=tuple(kinds),
        levels=() if list(levels) == usual else tuple(levels) or ("none",),
        statuses=tuple(statuses),
        year_from=low,
        year_to=high,
        with_undated=undated == "keep",
        country_one=one,
        country_other=other,
    )


def _years(lang: Language) -> tuple[int | None, int | None]:
    _ = lang.gettext
    years = [str(year) for year in YEARS]
    left, right = st.columns(2)

    def words(year: str) -> str:
        return _("any year") if year == ANY else year

    with left:
        low = address.pick("n_from", _("Ties in force from"), [ANY, *years], words)
    with right:
        high = address.pick("n_to", _("until"), [ANY, *reversed(years)], words)
    first, last = (None if year == ANY else int(year) for year in (low, high))
    return (last, first) if first is not None and last is not None and first > last else (first, last)


def _countries(lang: Language) -> tuple[str, str]:
    _ = lang.gettext
    known = sorted(session.data(query.countries), key=lambda code: lang.sort_key(lang.country(code)))

    def words(code: str) -> str:
        return _("any country") if code == ANY else lang.country(code)

    left, right = st.columns(2)
    with left:
        one = address.pick("n_ca", _("Between"), [ANY, *known], words)
    with right:
        other = address.pick("n_cb", _("and"), [ANY, *known], words)
    return ("" if one == ANY else one), ("" if other == ANY else other)


def summary(choice: TieChoice) -> str:
    """What is narrowed down, in words; empty when nothing is. Plain text."""
    lang = session.language()
    _ = lang.gettext
    registry = session.catalogue()
    parts = [_(registry.kinds[key].title) for key in choice.kinds]
    known = registry.evidence_levels
    parts += [_(known[key].title) for key in choice.levels if key in known]
    parts += [_(registry.statuses[key].title) for key in choice.statuses]
    if choice.year_from is not None or choice.year_to is not None:
        parts.append(lang.years(choice.year_from or YEARS[0], choice.year_to or YEARS[-1]))
    parts += [lang.country(code) for code in (choice.country_one, choice.country_other) if code]
    return ", ".join(parts)


def reset() -> None:
    """All choices of this page back to what a first visit shows."""
    registry = session.catalogue()
    usual = [key for key, level in registry.evidence_levels.items() if level.shown_by_default]
    standard: dict[str, object] = {
        "n_cut": "all", "n_kind": [], "n_ev": usual, "n_st": [], "n_from": ANY, "n_to": ANY, "n_und": "keep",
        "n_ca": ANY, "n_cb": ANY,
    }  # fmt: skip
    for key, value in standard.items():
        address.choose(key, value)
