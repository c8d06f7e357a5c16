"""Turns a fault into the words a person reads, in any language the caller can translate to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pipeline.catalogue import Catalogue
from pipeline.uploads.model import Fault

#: A place in the words that the fault fills in.
PLACE = re.compile(r"\{([a-z_]+)\}")

#: Names every fault fills in itself; all others come from its params.
OWN_PLACES = frozenset({"value", "column", "row", "sheet"})

#: Params that are a title of the registry, or several of them in quotation marks.
TITLES = frozenset({"field", "suggestion", "what", "sector"})
TITLES_IN_QUOTES = frozenset({"suggestions"})
QUOTED = re.compile("“([^”]+)”")

#: The order faults are dealt with.
SEVERITIES = ("error", "question", "warning")


@dataclass(frozen=True, slots=True)
class Told:
    """A fault in words. The words hold pieces of the person's file: show them as text, never as markup."""

    code: str
    severity: str
    title: str
    text: str
    remedy: str


def explain(fault: Fault, catalogue: Catalogue, translate: Callable[[str], str] = str) -> Told:
    """The words for a fault; `translate` is the page's gettext. Values are put in after translation."""
    words = catalogue.faults[fault.code]
    filling = {
        **{name: _translated(name, value, translate) for name, value in fault.params.items()},
        "value": fault.value,
        "column": fault.column,
        "row": "" if fault.row is None else str(fault.row),
        "sheet": fault.sheet,
    }
    text, remedy = (fill(translate(part), filling) for part in (words.text, words.remedy))
    return Told(fault.code, words.severity, translate(words.title), text, remedy)


def _translated(name: str, value: str, translate: Callable[[str], str]) -> str:
    """Params that are titles of the registry, in the reader's language."""
    if name in TITLES:
        return translate(value) if value else ""
    if name in TITLES_IN_QUOTES:
        return QUOTED.sub(lambda found: f"“{translate(found.group(1))}”", value)
    return value


def fill(text: str, filling: Mapping[str, str]) -> str:
    """The text with its places filled in once; braces inside a value stay what they are."""
    return PLACE.sub(lambda place: filling.get(place.group(1), ""), text)


def severity(code: str, catalogue: Catalogue) -> str:
    """error, warning or question."""
    return catalogue.faults[code].severity


def of_severity(faults: Iterable[Fault], catalogue: Catalogue, wanted: str) -> tuple[Fault, ...]:
    """The faults of one severity, in the order given."""
    return tuple(fault for fault in faults if severity(fault.code, catalogue) == wanted)
