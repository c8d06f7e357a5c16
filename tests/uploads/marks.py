"""What stands in the places of a fault's words that are marked as numbers."""

from __future__ import annotations

from pipeline.catalogue import Catalogue
from pipeline.uploads.explain import PLAIN_NUMBER, marked
from pipeline.uploads.model import Fault
from pipeline.uploads.number import APART


def not_plain(fault: Fault, catalogue: Catalogue) -> set[str]:
    """The marked places of a fault that hold anything but plain numbers: no page could write those."""
    words = catalogue.faults[fault.code]
    held = {**fault.params, "value": fault.value}
    return {
        name
        for name in marked(words.text + words.remedy)
        if not all(PLAIN_NUMBER.fullmatch(part) for part in held.get(name, "").split(APART))
    }
