"""Reads XML as a stream of starts and ends, without those parts of XML that can be turned against a reader.

A document type, an entity or a reference to another file ends the reading, as `defusedxml` does it; this
reader calls the same parser (expat) without building a tree, which is several times faster and smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from xml.parsers import expat

from pipeline.uploads.model import Fault

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str, str], None]

#: Bytes handed to the parser at once.
CHUNK = 1 << 16


class Refusal(Exception):
    """A file that is not read any further, and why."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


class _ShortNames(dict[str, str]):
    """Name with its namespace -> name alone; a file has millions of elements but few names."""

    def __missing__(self, name: str) -> str:
        short = name.rpartition(" ")[2]
        if len(self) < 1000:
            self[name] = short
        return short


def parse(chunks: Iterable[bytes], start: Start, end: End) -> None:
    """Call `start(name, attributes)` and `end(name, text)` for each element, names without their namespace.

    `text` is what stands directly in the element since its start or the end of the last element in it.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.ordered_attributes = False
    text: list[str] = []
    short = _ShortNames()

    def on_start(name: str, attributes: dict[str, str]) -> None:
        text.clear()
        start(short[name], attributes)

    def on_end(name: str) -> None:
        end(short[name], "".join(text))
        text.clear()

    def on_danger(*_details: Any) -> Any:
        raise Refusal(Fault("entities"))

    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = on_danger
    parser.EntityDeclHandler = on_danger
    parser.UnparsedEntityDeclHandler = on_danger
    parser.ExternalEntityRefHandler = on_danger
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        # A part in an encoding expat does not know is a LookupError; a lying one a ValueError.
        raise Refusal(Fault("file_broken")) from error
