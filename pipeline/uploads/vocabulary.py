"""What words in an uploaded file mean: sectors, scopes, gases, units, indicators, headers, notation keys.

English titles come from the registry, other words and languages from `catalogue/upload_fields.yml`, and a
caller may hand in its translations, so that our own template is always understood again.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.catalogue import Catalogue
from pipeline.records import UploadField
from pipeline.uploads.text import word_key
from pipeline.vocabulary import FIXED

#: Field -> the vocabulary its words come from.
VOCABULARY_OF = {
    "sector": "sectors",
    "scope": "scopes",
    "gas_basis": "gases",
    "unit": "units",
    "indicator": "indicators",
    "inventory_kind": "inventory_kind",
    "target_kind": "target_kind",
    "boundary": "boundaries",
    "is_per_capita": "yes_no",
}

#: What the words fixed by the SQL are called in our template; see upload_fields.yml for other languages.
FIXED_TITLES = {
    "inventory_kind": {
        "baseline": "base year", "monitoring": "monitoring", "inventory": "yearly inventory",
        "modelled": "model", "restated": "restatement",
    },
    "target_kind": {
        "base_year": "cut from a base year", "base_year_intensity": "cut per inhabitant",
        "fixed_level": "fixed level", "baseline_scenario": "against a forecast",
        "net_zero": "climate neutral", "no_target": "no target", "unclear": "not clear",
    },
    "yes_no": {"yes": "yes", "no": "no"},
}  # fmt: skip

#: CO2 and CO2e as people write them, in a key made by `word_key`.
GAS = re.compile(
    r"\bco ?2 ?(?:(lca)|(e|eq|ekv\w*|esd\w*|ekvivalent\w*|equivalent\w*|equiv|esdeger\w*)\b|(?=\W|$))", re.I
)

#: Ends of a unit that only say "a year": the figures are yearly anyway.
A_YEAR = re.compile(
    r"(?:/(?:year|yr|a|y|m|metus|metai|yil)|\b(?:per (?:year|annum)|per metus|yillik|yilda|a year|p a))$"
)

#: Words that only say what is counted; a unit may stand beside them.
COUNTED = re.compile(
    r"\b(?:of|in|vnt|vienetas|vienetai|mato|matavimo|unit|units|birim|birimi|ghg|sesd|sera gazi)\b"
)


#: Texts whose unit is kept, so that a long column is read once.
REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class UnitReading:
    """A unit read from a cell or header, with the gas if it is named. `is_mt` marks `mt`, read two ways."""

    unit_id: str
    gas_basis: str = ""
    is_mt: bool = False


class Vocabulary:
    """All words the upload understands. Made once; looking up is cheap."""

    def __init__(self, catalogue: Catalogue, languages: Iterable[Callable[[str], str]] = ()) -> None:
        self.catalogue = catalogue
        self._languages = tuple(languages)
        self._units: dict[str, UnitReading | None] = {}
        self._keys = {name: self._lookup(name) for name in dict.fromkeys(VOCABULARY_OF.values())}
        self._headers = self._header_words()
        self._missing = {
            word_key(word) or word.strip(): reason_id
            for reason_id, reason in catalogue.missing_reasons.items()
            for word in reason.words
        }

    def entries(self, vocabulary: str) -> Mapping[str, str]:
        """Id -> English title of everything a field of this vocabulary may hold, in the registry's order."""
        if vocabulary in FIXED_TITLES:
            return FIXED_TITLES[vocabulary]
        if vocabulary in FIXED:
            return {word: word for word in FIXED[vocabulary]}
        if vocabulary == "indicators":
            return {
                key: one.title
                for key, one in self.catalogue.indicators.items()
                if one.origin == "published" and one.geo_level == "city"
            }
        section: Mapping[str, object] = getattr(self.catalogue, vocabulary)
        return {key: str(getattr(record, "title", key)) for key, record in section.items()}

    def find(self, vocabulary: str, text: str) -> str | None:
        """The entry a cell names, or None."""
        if vocabulary == "units":
            found = self.unit(text)
            return None if found is None or found.is_mt else found.unit_id
        key = word_key(text)
        return self._keys[vocabulary].get(key) if key else None

    def suggest(self, vocabulary: str, text: str, count: int = 3) -> tuple[str, ...]:
        """Titles of the entries whose words are nearest."""
        known = self._keys[vocabulary]
        near = difflib.get_close_matches(word_key(text), list(known), n=count * 2, cutoff=0.6)
        titles = self.entries(vocabulary)
        return tuple(dict.fromkeys(titles[known[key]] for key in near))[:count]

    def missing(self, text: str) -> str | None:
        """Why there is no figure, if the cell says so; a blank cell too."""
        shown = text.strip()
        if not shown:
            return "blank"
        return self._missing.get(word_key(shown) or shown)

    def header(self, text: str, table: str) -> str | None:
        """The field a header names exactly, in any language."""
        found = self._headers.get(word_key(text), ())
        return next((one for one in found if table in self.catalogue.upload_fields[one].tables), None)

    def header_part(self, text: str, table: str) -> str | None:
        """The field whose longest word stands whole inside a header."""
        key = f" {word_key(text)} "
        best = ("", "")
        for word, fields in self._headers.items():
            if len(word) >= 5 and word not in LOOSE and f" {word} " in key and len(word) > len(best[0]):
                for one in fields:
                    if table in self.catalogue.upload_fields[one].tables:
                        best = (word, one)
                        break
        return best[1] or None

    def nearest_field(self, text: str, table: str) -> UploadField | None:
        """The field of a header that is nearly one of its words, such as "Yeer"."""
        words = {
            word: one
            for word, fields in self._headers.items()
            for one in fields
            if table in self.catalogue.upload_fields[one].tables
        }
        near = difflib.get_close_matches(word_key(text), list(words), n=1, cutoff=0.7)
        return self.catalogue.upload_fields[words[near[0]]] if near else None

    def unit(self, text: str) -> UnitReading | None:
        """The unit a cell states, with the gas if it names one: "tūkst. t CO2e" is kt, CO2e."""
        if text not in self._units:
            if len(self._units) > REMEMBERED:
                self._units.clear()
            self._units[text] = self._unit(text)
        return self._units[text]

    def _unit(self, text: str) -> UnitReading | None:
        gas_basis, rest = self.gas(text)
        key = A_YEAR.sub("", rest).strip(" /")
        if not key:
            return None
        if re.fullmatch(r"mt|mton|mtons", key):
            is_clear = re.search(r"(?<![^\W\d_])Mt(?:on|ons)?(?=CO|[^\w]|$)", text) is not None
            return UnitReading("Mt", gas_basis, not is_clear)
        for candidate in (rest, key, COUNTED.sub(" ", key)):
            found = self._keys["units"].get(" ".join(candidate.split()))
            if found is not None:
                return UnitReading(found, gas_basis)
        return None

    def gas(self, text: str) -> tuple[str, str]:
        """The gas a text names (empty if none) and the key of the rest."""
        key = re.sub(r"(?<=[a-z0-9])(co ?2)", r" \1", word_key(text))
        match = GAS.search(key)
        if match is None:
            words = f" {key} "
            is_all = any(f" {word} " in words for word in ("ghg", "sesd", "greenhouse gas", "sera gazi"))
            return ("CO2e" if is_all else ""), key
        basis = "CO2e_LCA" if match[1] else "CO2e" if match[2] else "CO2"
        rest = " ".join((key[: match.start()] + " " + key[match.end() :]).split())
        return basis, re.sub(r" ?([+/]) ?", r"\1", rest)

    def header_unit(self, text: str) -> UnitReading | None:
        """The unit a header names: in brackets, after a comma or colon, or as the whole header."""
        parts = re.findall(r"[(\[]([^()\[\]]+)[)\]]", text)
        rest = re.sub(r"[(\[][^()\[\]]*[)\]]", " ", text)
        tails = re.split(r"[,;:–—]| - ", rest)
        for number in range(1, len(tails)):
            parts += [",".join(tails[number:]), tails[number]]
        for part in parts:
            found = self.unit(part)
            if found is not None:
                basis = found.gas_basis or self.gas(text)[0]
                return UnitReading(found.unit_id, basis, found.is_mt)
        found = self.unit(text)
        if found is not None and self.quantity(found.unit_id) in ("mass", "energy"):
            return found
        return None

    def quantity(self, unit_id: str) -> str:
        """mass, energy, share ..."""
        return self.catalogue.units[unit_id].quantity

    @cached_property
    def fields(self) -> Mapping[str, UploadField]:
        return self.catalogue.upload_fields

    def _header_words(self) -> dict[str, tuple[str, ...]]:
        """Key -> fields it may name. Titles come before words; the same word may serve different tables."""
        found: dict[str, list[str]] = {}
        for take in (_ids, self._titles, _words):
            for field_id, record in self.catalogue.upload_fields.items():
                for word in take(field_id, record):
                    fields = found.setdefault(word_key(word), [])
                    if field_id not in fields:
                        fields.append(field_id)
        return {key: tuple(fields) for key, fields in found.items() if key}

    def _titles(self, _field_id: str, record: UploadField) -> list[str]:
        return [record.title, *(translate(record.title) for translate in self._languages)]

    def _lookup(self, vocabulary: str) -> dict[str, str]:
        """Key -> id. An id wins over a title, a title over other words, these over short titles."""
        titles = self.entries(vocabulary)
        found: dict[str, str] = {}
        for key in titles:
            found.setdefault(word_key(key), key)
        for key, title in titles.items():
            for words in (title, *(translate(title) for translate in self._languages)):
                found.setdefault(word_key(words), key)
        for key in titles:
            others = self.catalogue.upload_words.get(f"{vocabulary}:{key}")
            for word in others.words if others is not None else ():
                found.setdefault(word_key(word), key)
        short: dict[str, set[str]] = {}
        for key in titles:
            for word in self._short(vocabulary, key):
                short.setdefault(word_key(word), set()).add(key)
        for word, keys in short.items():
            if len(keys) == 1:
                found.setdefault(word, next(iter(keys)))
        if vocabulary == "units":
            found.pop("mt", None)
        return {key: value for key, value in found.items() if key}

    def _short(self, vocabulary: str, key: str) -> Sequence[str]:
        if vocabulary not in ("sectors", "indicators", "units"):
            return ()
        record = getattr(self.catalogue, vocabulary)[key]
        short = str(getattr(record, "short_title", "") or getattr(record, "symbol", ""))
        return [short, *(translate(short) for translate in self._languages if short)] if short else []


#: Header words too general to be looked for inside longer headers.
LOOSE = frozenset({"pavadinimas", "place", "state", "period", "activity", "figure", "result", "number"})


def _ids(field_id: str, _record: UploadField) -> Sequence[str]:
    return (field_id,)


def _words(_field_id: str, record: UploadField) -> Sequence[str]:
    return record.words
