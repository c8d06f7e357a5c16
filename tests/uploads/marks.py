"""What stands in the places of a fault's words that are marked as numbers."""

from __future__ import annotations

from pipeline.catalogue import Catalogue
from pipeline.uploads.explain import BETWEEN, PLAIN_NUMBER, marked
from pipeline.uploads.model import Fault


def not_plain(fault: Fault, catalogue: Catalogue) -> set[str]:
    """The marked places of a fault that hold anything but plain numbers: no page could write those."""
    words = catalogue.faults[fault.code]
    held = {**fault.params, "value": fault.value}
    return {name for name in marked(words.text + words.remedy) if not _are_numbers(held.get(name, ""))}


def _are_numbers(value: str) -> bool:
    """Plain numbers and what may stand between them; a long sum may end in an ellipsis."""
    parts = [part for part in BETWEEN.split(value)[::2] if part not in ("", "…")]
    return bool(parts) and all(PLAIN_NUMBER.fullmatch(part) for part in parts)
