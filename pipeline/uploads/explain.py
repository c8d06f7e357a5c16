"""Turns a fault into the words a person reads, in any language the caller can translate to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pipeline.catalogue import Catalogue
from pipeline.uploads.model import Fault
from pipeline.uploads.number import APART

#: A place in the words that the fault fills in. `{sum:number}` holds a number of ours, written as the reader
#: writes numbers; `{value}` and all others are shown as they are: a cell of the file, a year, a row.
PLACE = re.compile(r"\{([a-z_]+)(:number)?\}")

#: What may stand between numbers of one value: a list, or a sum with numbers below zero in brackets.
BETWEEN = re.compile(f"({re.escape(APART)}| \\+ |[()])")

#: How faults keep numbers, as `number.plain` gives them: a point before the decimals and no groups.
PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")

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
    """A fault in words. The words hold pieces of the person's file: show them as text, never as markup.

    `value` is the fault's value alone: a cell as it stands in the file, or a number of ours as in the words.
    """

    code: str
    severity: str
    title: str
    text: str
    remedy: str
    value: str


def english(text: str) -> str:
    """A plain number with the groups and the point of English, for whoever has no language of their own."""
    return f"{Decimal(text):,f}"


def explain(
    fault: Fault,
    catalogue: Catalogue,
    translate: Callable[[str], str] = str,
    number: Callable[[str], str] = english,
) -> Told:
    """The words for a fault. Values are put in after translation.

    `translate` is the page's gettext; `number` writes a plain number ("1234.5") in the same language.
    """
    words = catalogue.faults[fault.code]
    filling = {
        **{name: _translated(name, value, translate) for name, value in fault.params.items()},
        "value": fault.value,
        "column": fault.column,
        "row": "" if fault.row is None else str(fault.row),
        "sheet": fault.sheet,
    }
    text, remedy = (fill(translate(part), filling, number) for part in (words.text, words.remedy))
    is_ours = "value" in marked(words.text + words.remedy)
    value = written(fault.value, number) if is_ours else fault.value
    return Told(fault.code, words.severity, translate(words.title), text, remedy, value)


def _translated(name: str, value: str, translate: Callable[[str], str]) -> str:
    """Params that are titles of the registry, in the reader's language."""
    if name in TITLES:
        return translate(value) if value else ""
    if name in TITLES_IN_QUOTES:
        return QUOTED.sub(lambda found: f"“{translate(found.group(1))}”", value)
    return value


def places(text: str) -> frozenset[str]:
    """The names of all places in a text."""
    return frozenset(name for name, _mark in PLACE.findall(text))


def marked(text: str) -> frozenset[str]:
    """The names of the places that hold a number of ours."""
    return frozenset(name for name, mark in PLACE.findall(text) if mark)


def fill(text: str, filling: Mapping[str, str], number: Callable[[str], str] = english) -> str:
    """The text with its places filled in once; braces inside a value stay what they are."""

    def held(place: re.Match[str]) -> str:
        value = filling.get(place[1], "")
        return written(value, number) if place[2] else value

    return PLACE.sub(held, text)


def written(value: str, number: Callable[[str], str] = english) -> str:
    """A plain number, or several apart by `; ` or as a sum ("1 + (-2) + …"), as the reader writes them.

    Anything else stays as it is: drafts kept by earlier versions hold numbers with their groups set already.
    """
    parts = BETWEEN.split(value)
    return "".join(number(part) if PLAIN_NUMBER.fullmatch(part) else part for part in parts)


def severity(code: str, catalogue: Catalogue) -> str:
    """error, warning or question."""
    return catalogue.faults[code].severity


def of_severity(faults: Iterable[Fault], catalogue: Catalogue, wanted: str) -> tuple[Fault, ...]:
    """The faults of one severity, in the order given."""
    return tuple(fault for fault in faults if severity(fault.code, catalogue) == wanted)
