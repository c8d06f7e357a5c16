"""The formulas as used, with the limits, yardsticks, verdict rules, reasons and marks of the registry."""

from __future__ import annotations

import streamlit as st

from pages.charts.palettes import VERDICTS
from pages.charts.text import markdown_safe
from pages.language import N_
from pages.parts import session, tables
from pages.parts.tables import Column, Table
from pipeline.query import catalogue

FORMULAS: tuple[tuple[str, str, str], ...] = (
    ("F1", N_("Target level"), "E_T = E(b) × (1 − p)"),
    ("F2", N_("Share of the target achieved"), "100 × (E(b) − E(L)) / (E(b) × p)"),
    (
        "F3",
        N_("Which inventory counts"),
        N_("one series of one source, scope, gas basis and method; never joined"),
    ),
    ("F4", N_("Straight-line path"), "E_lin(y) = E(b) − (E(b) − E_T) × (y − b) / (T − b)"),
    ("F5", N_("Gap to the path and to the target"), "E(L) − E_lin(L);  E(L) − E_T"),
    ("F6", N_("Constant yearly rate so far"), "(E(L) / E(b))^(1 / (L − b)) − 1"),
    ("F7", N_("Yearly rate still needed"), "(E_T / E(L))^(1 / (T − L)) − 1"),
    ("F8", N_("Pace: actual to needed rate"), "F6 / F7, from the base year; none when the target is zero"),
)
"""Letters: E emissions, b base year, L latest inventory, T target year, p promised cut."""


def draw() -> None:
    """All method texts, in the order in which a verdict comes about."""
    lang = session.language()
    _ = lang.gettext
    registry = session.catalogue()
    st.subheader(_("Formulas"), anchor=False)
    st.caption(_("E emissions, b base year, L latest inventory, T target year, p promised cut."))
    st.markdown("\n".join(f"- **{number} {_(name)}**: `{_(formula)}`" for number, name, formula in FORMULAS))
    st.subheader(_("Verdicts"), anchor=False)
    for key, verdict in sorted(registry.verdicts.items(), key=lambda item: item[1].order):
        st.markdown(f"{VERDICTS[key].badge(_(verdict.title))} {_(verdict.definition)}")
    st.subheader(_("Limits"), anchor=False)
    st.markdown(
        "\n".join(
            f"- {_(limit.meaning)} **{_limit(limit.threshold_id, limit.value)}**"
            for limit in registry.thresholds.values()
        )
    )
    st.subheader(_("Yardsticks"), anchor=False)
    for yardstick in sorted(registry.yardsticks.values(), key=lambda item: item.order):
        with st.expander(_(yardstick.title)):
            st.markdown(_(yardstick.definition))
            st.markdown(_(yardstick.method))
    st.subheader(_("Why there may be no verdict"), anchor=False)
    st.markdown(
        "\n".join(
            f"- **{_(reason.title)}**: {_(reason.text)}"
            for reason in sorted(registry.reasons.values(), key=lambda item: item.order)
        )
    )
    st.subheader(_("Why a series is not used"), anchor=False)
    st.markdown(
        "\n".join(f"- **{_(reason.title)}**: {_(reason.text)}" for reason in registry.series_reasons.values())
    )
    st.subheader(_("Scopes"), anchor=False)
    st.markdown(
        "\n".join(
            f"- **{markdown_safe(_(scope.title))}**: {_(scope.covers)}" for scope in registry.scopes.values()
        )
    )
    st.subheader(_("Marks on figures"), anchor=False)
    excludes = {
        "none": _("nothing"),
        "series": _("from series"),
        "choice": _("from the value shown"),
        "both": _("from series and the value shown"),
    }
    rows = session.data(catalogue.flags)
    said = rows.assign(
        word=[_(registry.flags[str(key)].title) for key in rows["flag_id"]],
        meaning=[_(registry.flags[str(key)].definition) for key in rows["flag_id"]],
    )
    tables.draw(
        Table(
            said,
            [
                Column("word", _("Mark")),
                Column("meaning", _("Meaning")),
                Column("excludes", _("Excludes"), kind="words", words=excludes),
                Column("row_count", _("Rows"), kind="number"),
                Column("city_count", _("Cities"), kind="number"),
            ],
        ),
        key="d_marks",
    )


def _limit(threshold_id: str, value: float) -> str:
    lang = session.language()
    if threshold_id.endswith(("_year", "_years")):
        return str(int(value))
    if threshold_id.endswith("_pct"):
        return lang.percent(value)
    return lang.percent(100 * value, 1 if value < 0.01 else 0)
