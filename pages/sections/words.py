"""Registry words in the reader's language, and the short sentences that pages say about a verdict. No
streamlit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pages.charts.axes import gas_word
from pages.language import N_, Language
from pipeline.catalogue import Catalogue

GAPS_BELOW: frozenset[str] = frozenset({"reached", "on_pace"})

TARGET_KINDS: Mapping[str, str] = {
    "base_year": N_("Cut below a base year"),
    "base_year_intensity": N_("Cut per inhabitant below a base year"),
    "fixed_level": N_("Fixed level"),
    "baseline_scenario": N_("Cut below a forecast"),
    "net_zero": N_("Climate neutrality"),
    "no_target": N_("No target"),
    "unclear": N_("Unclear"),
}
RESIDUAL_MEANINGS: Mapping[str, str] = {
    "offset_amount": N_("the amount the city wants to remove or compensate"),
    "ceiling": N_("an upper limit for what may remain"),
    "remaining": N_("what remains after the planned measures"),
    "offset_with_further_gap": N_("only the part to be compensated; a further gap is left open"),
    "unclear": N_("not explained in the contract"),
}
INVENTORY_KINDS: Mapping[str, str] = {
    "baseline": N_("Baseline inventory"),
    "monitoring": N_("Monitoring inventory"),
    "inventory": N_("Inventory"),
    "modelled": N_("Modelled"),
    "restated": N_("Restated inventory"),
}
WHY_SHOWN: Mapping[str, str] = {
    text: text
    for text in (
        N_("Shown: the series used for progress"),
        N_("Shown: the best ranked source for this year"),
        N_("Not shown: modelled, not an inventory"),
        N_("Not shown: marked as doubtful, partial or a repeat"),
        N_("Not shown: not a scored total of the whole city"),
        N_("Not shown: another source or scope ranks higher"),
    )
}
TARGET_BASES: Mapping[str, str] = {
    "base_year": N_("the base year of the promise"),
    "base_year_per_person": N_("the base year of the promise, per inhabitant"),
    "forecast": N_("a forecast without action"),
    "default_from_contract_base_year": N_("the base year of the Climate City Contract"),
    "default_from_first_inventory": N_("the first inventory of the series"),
    "default_from_2019": N_("the inventory of 2019"),
    "default_from_nearest_year": N_("the inventory nearest to 2019"),
    "default_from_first_inventory_since_2015": N_("the first inventory since 2015"),
}


def known(value: object) -> bool:
    """Whether there is a value at all."""
    return value is not None and not bool(pd.isna(value))  # type: ignore[call-overload]


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as mappings from column to value."""
    return [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]


@dataclass(frozen=True, slots=True)
class Words:
    """The registry in one language: ``words.scope("BASIC")``."""

    lang: Language
    registry: Catalogue

    def _title(self, section: Mapping[str, Any], key: object, field: str = "title") -> str:
        if not known(key):
            return "–"
        record = section.get(str(key))
        return str(key) if record is None else self.lang.gettext(getattr(record, field) or record.title)

    def scope(self, key: object) -> str:
        """A scope label in words."""
        return self._title(self.registry.scopes, key)

    def gas(self, key: object) -> str:
        """A gas basis in words."""
        return self._title(self.registry.gases, key)

    def boundary(self, key: object) -> str:
        """A boundary in words."""
        return self._title(self.registry.boundaries, key)

    def quality(self, key: object) -> str:
        """The quality of a figure in words."""
        return self._title(self.registry.qualities, key)

    def source(self, key: object) -> str:
        """A source's title; titles are names and stay as published."""
        record = self.registry.sources.get(str(key))
        return str(key) if record is None else record.title

    def sector(self, key: object) -> str:
        """A sector's short name."""
        return self._title(self.registry.sectors, key, "short_title")

    def verdict(self, key: object) -> str:
        """A verdict's word."""
        return self._title(self.registry.verdicts, key)

    def yardstick(self, key: object) -> str:
        """A yardstick's short name."""
        return self._title(self.registry.yardsticks, key, "short_title")

    def reason(self, key: object) -> str:
        """Why there is no verdict: one sentence."""
        return self._title(self.registry.reasons, key, "text")

    def reason_title(self, key: object) -> str:
        """Why there is no verdict: two or three words."""
        return self._title(self.registry.reasons, key)

    def why_not_used(self, key: object) -> str:
        """Why a series is not used."""
        return self._title(self.registry.series_reasons, key, "text")

    def flag(self, key: object) -> str:
        """A mark on a figure."""
        return self._title(self.registry.flags, key)

    def indicator(self, key: object) -> str:
        """An indicator's short name."""
        return self._title(self.registry.indicators, key, "short_title")

    def unit(self, indicator_id: object) -> str:
        """The symbol of an indicator's unit."""
        record = self.registry.indicators.get(str(indicator_id))
        return "" if record is None else self.lang.gettext(self.registry.units[record.unit].symbol)

    def value(self, indicator_id: object, value: float) -> str:
        """A value of an indicator with as many decimals as the registry says and its unit."""
        record = self.registry.indicators.get(str(indicator_id))
        if record is None:
            return self.lang.number(value, 1)
        unit = self.registry.units[record.unit]
        if unit.unit_id == "t":
            return self.lang.tonnes(value)
        if unit.unit_id == "%":
            return self.lang.percent(value, record.decimals)
        return f"{self.lang.number(value, record.decimals)}\u00a0{self.lang.gettext(unit.symbol)}"

    def translated(self, section: Mapping[str, str], key: object) -> str:
        """A word of one of the vocabularies above."""
        return "–" if not known(key) else self.lang.gettext(section.get(str(key), str(key)))


def spoken(name: str, row: Mapping[str, Any], words: Words) -> str:
    """One sentence that can be said aloud: change, years, age, verdict and gap. Plain text, not markdown."""
    lang = words.lang
    parts = [_change(name, row, lang)]
    if known(row.get("latest_age_years")):
        parts[0] += f" ({_age(int(row['latest_age_years']), lang)})"
    parts.append(_verdict(row, words))
    return "; ".join(part for part in parts if part) + ("" if parts[-1].endswith(".") else ".")


def short(name: str, row: Mapping[str, Any], words: Words) -> str:
    """The verdict on one city in a few words, for a headline. Plain text."""
    lang = words.lang
    _ = lang.gettext
    verdict = row["verdict_id"]
    if verdict == "not_assessed":
        return _(
            "{city}: no verdict possible. {reason}", city=name, reason=words.reason(row.get("reason_id"))
        )
    return f"{name}: {_verdict(row, words)}."


def _change(name: str, row: Mapping[str, Any], lang: Language) -> str:
    _ = lang.gettext
    change = row.get("change_pct")
    if not known(change):
        return _("{city}: there are no two comparable inventories", city=name)
    facts: dict[str, object] = {
        "city": name,
        "change": lang.percent(abs(float(row["change_pct"]))),
        "base": int(row["base_year"]),
        "latest": int(row["latest_year"]),
    }
    if round(float(row["change_pct"])) == 0:
        return _("{city}: emissions in {latest} were as high as in {base}", **facts)
    if float(row["change_pct"]) < 0:
        return _("{city}: emissions fell by {change} from {base} to {latest}", **facts)
    return _("{city}: emissions rose by {change} from {base} to {latest}", **facts)


def _age(years: int, lang: Language) -> str:
    if years <= 0:
        return lang.gettext("the newest inventory is of this year")
    return lang.ngettext(
        "the newest inventory is {count} year old", "the newest inventory is {count} years old", years
    )


def _verdict(row: Mapping[str, Any], words: Words) -> str:
    lang = words.lang
    _ = lang.gettext
    verdict = str(row["verdict_id"])
    if verdict == "not_assessed":
        return _(
            "{yardstick}: not assessed ({reason})",
            yardstick=words.yardstick(row["yardstick_id"]),
            reason=words.reason_title(row.get("reason_id")),
        )
    goal = _goal(row, words)
    gas = gas_word(row.get("gas_basis"))
    if verdict == "reached":
        return _("the level asked for ({goal}) is already reached", goal=goal)
    sentence = {
        "on_pace": _("the city is on pace ({goal})", goal=goal),
        "behind": _("the city is behind ({goal})", goal=goal),
        "far_behind": _("the city is far behind ({goal})", goal=goal),
    }[verdict]
    gap = row.get("gap_to_path_t")
    if not known(gap):
        return sentence
    tonnes = lang.tonnes(abs(float(row["gap_to_path_t"])), gas)
    year = int(row["latest_year"])
    if float(row["gap_to_path_t"]) > 0:
        return sentence + ", " + _("{gap} above the path in {year}", gap=tonnes, year=year)
    return sentence + ", " + _("{gap} below the path in {year}", gap=tonnes, year=year)


def _goal(row: Mapping[str, Any], words: Words) -> str:
    lang = words.lang
    _ = lang.gettext
    yardstick = words.registry.yardsticks.get(str(row["yardstick_id"]))
    name = words.yardstick(row["yardstick_id"])
    if yardstick is not None and yardstick.yearly_cut_pct is not None:
        return _(
            "{yardstick}: {cut} less every year",
            yardstick=name,
            cut=lang.percent(yardstick.yearly_cut_pct, 2),
        )
    if not known(row.get("target_reduction_pct")) or not known(row.get("target_year")):
        return name
    return _(
        "{yardstick}: {cut} less by {year}",
        yardstick=name,
        cut=lang.percent(float(row["target_reduction_pct"])),
        year=int(row["target_year"]),
    )
