"""What a Climate City Contract promises, its parts kept apart: gross cut, what is left, residual,
removals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts import bar
from pages.charts.text import markdown_safe
from pages.charts.theme import PLOTLY_CONFIG
from pages.parts import frame, kept, session
from pages.parts.tables import Column, Table
from pages.sections.path import words
from pages.sections.words import RESIDUAL_MEANINGS, TARGET_KINDS, known, records
from pipeline.query import city as city_query


def draw(key: str, name: str, city_id: str) -> bool:
    """The contract's numbers in words, as one bar and as a table; False when there is no contract on
    file."""
    _ = session.language().gettext
    found = session.data(city_query.contract, city_id)
    if found.empty:
        st.markdown(_("No Climate City Contract of {city} is among the sources.", city=markdown_safe(name)))
        return False

    def say() -> None:
        said = sentences(records(found)[0])
        st.markdown("\n".join(f"- {markdown_safe(sentence)}" for sentence in said))

    def chart() -> None:
        row = records(found)[0]
        parts = contract_parts(row)
        if not parts:
            st.markdown(_("The contract prints too few numbers for a chart; what it says stands above."))
            return
        figure = bar.target_parts(parts, _("Emissions"), session.language(), session.theme())
        alt = " ".join(sentences(row))
        st.plotly_chart(
            figure, theme=None, config=PLOTLY_CONFIG, key=f"{key}_figure", alt=alt, width="stretch"
        )

    kept.drawn("contract", say, city_id, for_filters=False)
    frame.views(
        key,
        chart=lambda: kept.drawn("contract_parts", chart, key, city_id, for_filters=False),
        table=kept.made("contract_table", lambda: table(found), city_id, for_filters=False),
        about=about,
        sources=["ccc_mission"],
    )
    return True


def sentences(row: Mapping[str, Any]) -> list[str]:
    """The promise in plain sentences; what the contract does not say is said to be missing."""
    lang, book = session.language(), words()
    _ = lang.gettext
    out: list[str] = []
    if (
        known(row["reduction_pct"])
        and known(row["target_year"])
        and known(row["base_year"])
        and not known(row["reason_id"])
    ):
        out.append(
            _(
                "Gross cut: {cut} less than in {base} by {year}.",
                cut=lang.percent(row["reduction_pct"]),
                base=int(row["base_year"]),
                year=int(row["target_year"]),
            )
        )
    elif known(row["reason_id"]):
        out.append(
            _(
                "Promise: {kind}. {reason}",
                kind=book.translated(TARGET_KINDS, row["target_kind"]),
                reason=book.reason(row["reason_id"]),
            )
        )
    if known(row["stated_target_t"]):
        out.append(
            _("Level printed for the target year: {level}.", level=lang.tonnes(row["stated_target_t"]))
        )
    if known(row["bau_t"]):
        out.append(_("Forecast without further action: {level}.", level=lang.tonnes(row["bau_t"])))
    if known(row["residual_t"]) or known(row["residual_pct"]):
        level = (
            lang.tonnes(row["residual_t"]) if known(row["residual_t"]) else lang.percent(row["residual_pct"])
        )
        meaning = (
            book.translated(RESIDUAL_MEANINGS, row["residual_meaning"])
            if known(row["residual_meaning"])
            else _("not explained in the contract")
        )
        out.append(_("Residual: {level}; it means {meaning}.", level=level, meaning=meaning))
    else:
        out.append(_("Residual: the contract gives no number."))
    if known(row["removals_t"]):
        out.append(_("Removals stated by the contract: {level}.", level=lang.tonnes(abs(row["removals_t"]))))
    else:
        out.append(_("Removals: the contract gives no number."))
    out.append(_("Credits: no amount is on file; removals and credits never count towards the gross cut."))
    if known(row["net_zero_year"]):
        out.append(_("Climate neutral by {year}.", year=int(row["net_zero_year"])))
    return out


def contract_parts(row: Mapping[str, Any]) -> list[bar.Part]:
    """The parts of the bar; none where the promise is not a cut below a base total in tonnes."""
    _ = session.language().gettext
    if (
        not known(row["cut_t"])
        or not known(row["remaining_t"])
        or row["is_usable"] is False
        or known(row["reason_id"])
    ):
        return []
    whole = _("Target {year}", year=int(row["target_year"]))
    parts = [
        bar.Part(whole, 0.0, float(row["remaining_t"]), _("Still emitted"), "left"),
        bar.Part(whole, float(row["remaining_t"]), float(row["cut_t"]), _("Gross cut"), "cut"),
    ]
    if known(row["residual_t"]):
        parts.append(
            bar.Part(_("Residual"), 0.0, float(row["residual_t"]), _("Residual as printed"), "residual")
        )
    if known(row["removals_t"]):
        parts.append(
            bar.Part(_("Removals"), 0.0, abs(float(row["removals_t"])), _("Removals as printed"), "removed")
        )
    return parts


def table(rows: pd.DataFrame) -> Table:
    """Targets with all their numbers, as published."""
    lang, book = session.language(), words()
    _ = lang.gettext
    registry = session.catalogue()
    return Table(
        rows.drop(columns="city_id", errors="ignore"),
        [
            Column(
                "target_kind",
                _("Kind of target"),
                kind="words",
                words={key: _(word) for key, word in TARGET_KINDS.items()},
            ),
            Column("base_year", _("Base year"), kind="year"),
            Column("stated_base_t", _("Base"), kind="tonnes"),
            Column("target_year", _("Target year"), kind="year"),
            Column("reduction_pct", _("Cut"), kind="percent"),
            Column("stated_target_t", _("Target level as printed"), kind="tonnes"),
            Column("residual_t", _("Residual"), kind="tonnes"),
            Column("residual_pct", _("Residual share"), kind="percent"),
            Column(
                "residual_meaning",
                _("Meaning of the residual"),
                kind="words",
                words={key: _(word) for key, word in RESIDUAL_MEANINGS.items()},
            ),
            Column("removals_t", _("Removals"), kind="tonnes"),
            Column("bau_t", _("Forecast without action"), kind="tonnes"),
            Column("net_zero_year", _("Climate neutral by"), kind="year"),
            Column(
                "scope", _("Scope"), kind="words", words={key: book.scope(key) for key in registry.scopes}
            ),
            Column(
                "gas_basis", _("Gases"), kind="words", words={key: book.gas(key) for key in registry.gases}
            ),
            Column(
                "reason_id",
                _("Why it cannot be scored"),
                kind="words",
                words={key: book.reason_title(key) for key in registry.reasons},
            ),
            Column(
                "source_id",
                _("Source"),
                kind="words",
                words={key: record.title for key, record in registry.sources.items()},
            ),
            Column("source_ref", _("Row in the source")),
        ],
    )


def about() -> None:
    """How to read the bar."""
    _ = session.language().gettext
    st.markdown(
        _(
            "The upper bar is the base year: what the contract promises to cut, and what would still be "
            "emitted. "
            "Residual and removals are drawn below as printed, because contracts mean different things "
            "by them; they "
            "are never subtracted from the gross emissions."
        )
    )
