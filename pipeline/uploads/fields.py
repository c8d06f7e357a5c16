"""Reads the cell of one field: a city, a year, a word of a list, a unit, a source, a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pipeline.uploads.context import Context
from pipeline.uploads.header import year_of
from pipeline.uploads.places import country_code
from pipeline.uploads.text import MARKUP, Cleaned, clean, cut, foreign_letters, without_apostrophe
from pipeline.uploads.vocabulary import VOCABULARY_OF

#: Figures and bases are of these years or later; later than the reference year there are only targets.
FIRST_YEAR = 1970
FIRST_BASE_YEAR = 1985
LAST_TARGET_YEAR = 2100

#: Longest note or source that is kept.
LONGEST_TEXT = 500

#: Day numbers of a spreadsheet from 1954 to 2119: what a date becomes when its format is lost.
DAY_NUMBER = re.compile(r"[2-7][0-9]{4}(?:[.,]0+)?")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: `value` is an id or plain text; or `code` says what is wrong.

    `warning` may stand beside a value. `more` are values of other fields that the cell gives too.
    """

    value: str = ""
    code: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    warning: str = ""
    warning_params: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)


def read_field(field_id: str, text: str, country: str, context: Context) -> Reading:
    """One cell of a field; `country` is the row's, as an ISO code, where it states one."""
    cleaned = clean(without_apostrophe(text))
    kind = context.catalogue.upload_fields[field_id].kind
    if kind == "city":
        reading = _city(cleaned.text, country, context)
    elif kind == "country":
        code = country_code(cleaned.text)
        reading = Reading(code) if code else Reading(code="unknown_country")
    elif kind == "year":
        reading = _year(field_id, cleaned.text, context)
    elif kind == "unit":
        reading = _unit(cleaned.text, context)
    elif kind in ("word", "yes_no"):
        reading = _word(field_id, cleaned.text, context)
    elif kind == "coordinate":
        reading = _coordinate(cleaned.text)
    else:
        reading = _text(cleaned.text)
    return _with_hidden(reading, cleaned)


def _with_hidden(reading: Reading, cleaned: Cleaned) -> Reading:
    if not cleaned.hidden or reading.code:
        return reading
    return replace(
        reading, warning="hidden_signs", warning_params={"signs": cut(", ".join(cleaned.hidden), 120)}
    )


def _city(text: str, country: str, context: Context) -> Reading:
    letters = foreign_letters(text)
    if letters:
        return Reading(code="city_foreign_letters", params={"letters": ", ".join(letters[:3])})
    match = context.places.find(text, country or None)
    if match.city_id is None and country:
        elsewhere = context.places.find(text).city_id
        if elsewhere is not None:
            place = context.places.by_id[elsewhere]
            params = {"stated": country, "country": place.country_iso2}
            return Reading(code="city_other_country", params=params)
    if match.city_id is None:
        names = [f"{one.name} ({one.country_iso2})" for one in match.suggestions[:3]]
        if names:
            return Reading(code="unknown_city_near", params={"suggestions": ", ".join(names)})
        return Reading(code="unknown_city")
    if context.cities is not None and match.city_id not in context.cities:
        return Reading(code="city_not_yours", params={"city": context.places.by_id[match.city_id].name})
    return Reading(match.city_id)


def _year(field_id: str, text: str, context: Context) -> Reading:
    year = year_of(text)
    first = FIRST_BASE_YEAR if field_id == "base_year" else FIRST_YEAR
    last = LAST_TARGET_YEAR if field_id in ("target_year", "net_zero_year") else context.as_of_year
    limits = {"first": str(first), "last": str(last)}
    if year is None:
        if re.fullmatch(r"[0-9]{4}(?:[.,]0+)?", text):
            return Reading(code="year_out_of_range", params=limits)
        if DAY_NUMBER.fullmatch(text):
            return Reading(code="year_is_day_number")
        return Reading(code="year_not_a_year", params=limits)
    if not first <= year <= last:
        return Reading(code="year_out_of_range", params=limits)
    return Reading(str(year))


def _unit(text: str, context: Context) -> Reading:
    if text == "mt":
        return Reading(code="unit_mt")
    if text in context.catalogue.units:
        return Reading(text)
    found = context.vocabulary.unit(text)
    if found is None:
        near = ", ".join(f"“{title}”" for title in context.vocabulary.suggest("units", text))
        if near:
            return Reading(code="unknown_unit_near", params={"suggestions": near})
        return Reading(code="unknown_unit")
    if found.is_mt:
        return Reading(code="unit_mt")
    return Reading(found.unit_id, more={"gas_basis": found.gas_basis} if found.gas_basis else {})


def _word(field_id: str, text: str, context: Context) -> Reading:
    vocabulary = VOCABULARY_OF[field_id]
    found = context.vocabulary.find(vocabulary, text)
    if found is None:
        near = ", ".join(f"“{title}”" for title in context.vocabulary.suggest(vocabulary, text))
        if near:
            return Reading(code="unknown_word_near", params={"suggestions": near})
        return Reading(code="unknown_word")
    if found not in context.vocabulary.entries(vocabulary):
        return Reading(code="unknown_word")
    if field_id == "indicator" and context.indicators is not None and found not in context.indicators:
        return Reading(code="indicator_not_yours")
    return Reading(found, more={"source_sector": text} if field_id == "sector" else {})


def _coordinate(text: str) -> Reading:
    try:
        degrees = float(text)
    except ValueError:
        return Reading(code="coordinate_not_a_number")
    if not -180 <= degrees <= 180:
        return Reading(code="coordinate_not_a_number")
    return Reading(repr(degrees))


def _text(text: str) -> Reading:
    if MARKUP.search(text):
        return Reading(code="text_markup")
    if len(text) > LONGEST_TEXT:
        return Reading(code="text_too_long", params={"limit": str(LONGEST_TEXT), "length": str(len(text))})
    return Reading(text)
