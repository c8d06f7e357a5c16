"""Why two cities should talk: the similarity, the lead and the caveats of one pair in words. No streamlit.

One row of ``pipeline.query.partners.candidates`` goes in; its ``own_`` columns are the city the reader asks
for, the
others are the candidate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pages.language import N_, Language
from pages.sections.words import Words, known
from pipeline.query.partners import COMPONENTS, PARTS

COMPONENT_TITLES: Mapping[str, str] = {
    "size": N_("Size"),
    "climate": N_("Climate"),
    "income": N_("Regional income"),
    "emissions": N_("Emissions per person"),
    "sectors": N_("Mix of sectors"),
}
LATITUDE_TITLE = N_("Latitude (stands in for climate)")
PART_TITLES: Mapping[str, str] = {
    "buildings": N_("buildings"),
    "transport": N_("transport"),
    "industry": N_("industry"),
    "waste": N_("waste"),
    "afolu": N_("farming and land"),
}
CHANGE_TITLES: Mapping[str, str] = {
    "change_buildings_per_year_pct": N_("Yearly change of emissions from buildings"),
    "change_transport_per_year_pct": N_("Yearly change of emissions from transport"),
    "change_industry_per_year_pct": N_("Yearly change of emissions from industry"),
    "change_waste_per_year_pct": N_("Yearly change of emissions from waste"),
}
ALIKE_FROM = 70
"""From this similarity on a component is named among the reasons."""
NAMED = 3
"""Partners in common that a sentence names; the others are counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """One component of the similarity: its name, 0 to 100 or None, and the two values behind it in words."""

    component: str
    title: str
    similarity: float | None
    own: str
    other: str


def measure_title(measure_id: str, words: Words) -> str:
    """What is compared, in words."""
    if measure_id in CHANGE_TITLES:
        return words.lang.gettext(CHANGE_TITLES[measure_id])
    record = words.registry.indicators.get(measure_id)
    return measure_id if record is None else words.lang.gettext(record.title)


def value(measure_id: str, number: object, words: Words, *, is_change: bool) -> str:
    """A value of a measure with its unit; changes carry their sign."""
    if not known(number):
        return "–"
    amount = float(str(number))
    if is_change:
        return words.lang.percent(amount, 1, sign=True)
    return words.value(measure_id, amount)


def period(row: Mapping[str, Any], side: str) -> str:
    """The year of a figure, or first and last year of a change."""
    if not known(row[f"{side}_last_year"]):
        return "–"
    last = int(row[f"{side}_last_year"])
    first = int(row[f"{side}_first_year"]) if known(row[f"{side}_first_year"]) else last
    return f"{first}–{last}" if first != last else str(last)


def parts(row: Mapping[str, Any], lang: Language) -> list[Part]:
    """The five components in fixed order."""
    _ = lang.gettext
    found = []
    for component in COMPONENTS:
        title = _(COMPONENT_TITLES[component])
        if component == "climate" and row["climate_basis"] == "latitude":
            title = _(LATITUDE_TITLE)
        similarity = row[f"{component}_similarity"]
        found.append(
            Part(
                component, title, float(similarity) if known(similarity) else None,
                behind(component, row, lang, "own_"), behind(component, row, lang, ""),
            )
        )  # fmt: skip
    return found


def behind(component: str, row: Mapping[str, Any], lang: Language, side: str) -> str:
    """The value of one side behind a component, with unit and year. `side` is "own_" or "" for the other
    city."""
    _ = lang.gettext
    match component:
        case "size":
            return _with_year(lang, _people, row, f"{side}population_count", f"{side}population_year")
        case "climate" if row["climate_basis"] == "temperature":
            cold, warm = row[f"{side}coldest_deg_c"], row[f"{side}warmest_deg_c"]
            text = _("{cold} to {warm} °C", cold=lang.number(cold, 1), warm=lang.number(warm, 1))
            return f"{text} ({int(row[f'{side}temperature_year'])})"
        case "climate":
            latitude = row[f"{side}latitude_deg"]
            return f"{lang.number(latitude, 1)}°" if known(latitude) else "–"
        case "income":
            return _with_year(lang, _income, row, f"{side}income_pps", f"{side}income_year")
        case "emissions":
            text = _with_year(lang, _tonnes, row, f"{side}per_person_t", f"{side}per_person_year")
            return text + (f", {_('without removals')}" if row[f"{side}is_without_removals"] else "")
        case _:
            return mix(row, lang, side)


def _with_year(lang: Language, write: Any, row: Mapping[str, Any], column: str, year: str) -> str:
    if not known(row[column]):
        return "–"
    text: str = write(lang, float(row[column]))
    return f"{text} ({int(row[year])})" if known(row[year]) else text


def _people(lang: Language, count: float) -> str:
    return lang.gettext("{count} inhabitants", count=lang.number(count))


def _income(lang: Language, amount: float) -> str:
    return lang.gettext("{amount} PPS a person", amount=lang.number(amount))


def _tonnes(lang: Language, amount: float) -> str:
    return lang.gettext("{amount} t a person", amount=lang.number(amount, 1))


def mix(row: Mapping[str, Any], lang: Language, side: str) -> str:
    """Shares of the sectors that both inventories count, the same for both sides; a dash when there are
    none."""
    shared = [
        part for part in PARTS if known(row[f"{part}_t"]) and known(row[f"own_{part}_t"])
    ]  # fmt: skip
    if not {"buildings", "transport"} <= set(shared):
        return "–"
    total = sum(float(row[f"{side}{part}_t"]) for part in shared)
    shares = [
        f"{lang.gettext(PART_TITLES[part])} {lang.percent(100 * float(row[f'{side}{part}_t']) / total)}"
        for part in shared
    ]
    return f"{', '.join(shares)} ({int(row[f'{side}parts_year'])})"


def resemblance(row: Mapping[str, Any], lang: Language) -> list[str]:
    """What is alike, in a few words each; the size always comes first."""
    phrases = [_size(row, lang)] if known(row["size_similarity"]) else []
    return phrases + alike_in(row, lang)


def alike_in(row: Mapping[str, Any], lang: Language) -> list[str]:
    """The components other than size in which two cities are alike, in a few words each."""
    _ = lang.gettext
    alike = {
        "climate": _("a similar latitude") if row["climate_basis"] == "latitude" else _("a similar climate"),
        "income": _("a similar regional income"),
        "emissions": _("similar emissions per person"),
        "sectors": _("a similar mix of sectors"),
    }
    return [
        words
        for component, words in alike.items()
        if known(row[f"{component}_similarity"]) and float(row[f"{component}_similarity"]) >= ALIKE_FROM
    ]


def _size(row: Mapping[str, Any], lang: Language) -> str:
    _ = lang.gettext
    ratio = float(row["population_count"]) / float(row["own_population_count"])
    if 0.8 <= ratio <= 1.25:
        return _("about your size")
    if ratio > 1.25:
        return _("{times} times your size", times=lang.number(ratio, 0 if ratio >= 10 else 1))
    return _("{share} of your size", share=lang.percent(100 * ratio, 0 if ratio >= 0.02 else 1))


def lead(row: Mapping[str, Any], measure_id: str, words: Words) -> str:
    """What the other city does better, with both values and years."""
    _ = words.lang.gettext
    is_change = bool(row["is_change"])
    facts = {
        "measure": lower_first(measure_title(measure_id, words)),
        "other": value(measure_id, row["other_value"], words, is_change=is_change),
        "year": period(row, "other"),
    }
    if not known(row["own_value"]):
        middle = value(measure_id, row["pool_median"], words, is_change=is_change)
        return _(
            "{measure}: {other} ({year}), better than the middle value {middle} of the cities compared",
            middle=middle, **facts,
        )  # fmt: skip
    own = value(measure_id, row["own_value"], words, is_change=is_change)
    return _(
        "{measure}: {other} ({year}), yours {own} ({own_year})", own=own, own_year=period(row, "own"), **facts
    )


def lower_first(text: str) -> str:
    """The text with a small first letter, unless an abbreviation starts it. İ becomes i, as in Turkish."""
    return text[:1].replace("İ", "i").lower() + text[1:] if text[1:2].islower() else text


def in_common(places: Sequence[str], lang: Language) -> str:
    """Ties at one remove: "you both work with Aalborg"; empty when there are none."""
    if not places:
        return ""
    _ = lang.gettext
    if len(places) <= NAMED:
        return _("you both work with {places}", places=lang.listed(list(places)))
    return lang.ngettext(
        "you both work with {places} and {count} other place",
        "you both work with {places} and {count} other places",
        len(places) - NAMED,
        places=", ".join(places[:NAMED]),
    )


def together(places: Sequence[str], lang: Language) -> str:
    """Partners in common of two or more cities, the first few by name."""
    if len(places) <= NAMED:
        return lang.gettext("partners in common: {places}", places=", ".join(places))
    return lang.ngettext(
        "partners in common: {places} and {count} other",
        "partners in common: {places} and {count} others",
        len(places) - NAMED,
        places=", ".join(places[:NAMED]),
    )


def sentence(name: str, row: Mapping[str, Any], measure_id: str, places: Sequence[str], words: Words) -> str:
    """All reasons in one sentence that can be read aloud. Plain text, not markdown."""
    alike = ", ".join(resemblance(row, words.lang))
    reasons = [alike, lead(row, measure_id, words), in_common(places, words.lang)]
    return f"{name}: " + "; ".join(reason for reason in reasons if reason) + "."


def caveats(row: Mapping[str, Any], words: Words) -> list[str]:
    """What limits the comparison of the two figures, one reason each; empty when nothing does."""
    lang = words.lang
    _ = lang.gettext
    if not known(row["other_value"]):
        return [_("no figure")]
    found = []
    if known(row["own_value"]):
        if row["is_emission"]:
            if not row["is_same_scope"]:
                found.append(
                    _("scopes differ ({other} against your {own})", other=words.scope(row["other_scope"]),
                      own=words.scope(row["own_scope"]))
                )  # fmt: skip
            if not row["is_same_gas"]:
                found.append(_("gases differ"))
            if not row["is_same_removals"]:
                found.append(_("one of the two totals is net of removals"))
            if row["is_change"] and int(row["base_years_apart"]) > 0:
                found.append(_("base years differ"))
        apart = int(row["years_apart"])
        if apart > 0:
            found.append(
                lang.ngettext(
                    "the figures lie {count} year apart", "the figures lie {count} years apart", apart
                )
            )
    else:
        found.append(_("your own figure is missing"))
    age = int(row["other_age_years"])
    if age > 0:
        found.append(lang.ngettext("theirs is {count} year old", "theirs is {count} years old", age))
    return found
