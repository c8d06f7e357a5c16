"""Text that goes into charts and markdown: made safe, cut to length. No streamlit here."""

from __future__ import annotations

import html
import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~$<>:^=-])")


def markdown_safe(text: object) -> str:
    """Text from data that may stand inside markdown: every sign markdown would read is escaped."""
    return _MARKDOWN.sub(r"\\\1", str(text)).replace("\n", " ")


_AUTOMATIC_LINK = re.compile(r"(https?:|www(?=\.)|@)(?=\S)", re.IGNORECASE)


def unlinked_safe(text: object) -> str:
    """As :func:`markdown_safe`, for text nobody has vouched for: an address in it does not become a link.

    An invisible word joiner keeps markdown from seeing the address; what is read is the same.
    """
    return markdown_safe(_AUTOMATIC_LINK.sub("\\1\u2060", str(text)))


def html_safe(text: object) -> str:
    """Text from data that may stand inside a tooltip, which deck.gl reads as HTML."""
    return html.escape(str(text), quote=True)


def shortened(text: str, limit: int = 40) -> str:
    """At most `limit` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def sentence_join(*sentences: str) -> str:
    """Sentences one after the other, empty ones left out."""
    return " ".join(sentence.strip() for sentence in sentences if sentence and sentence.strip())
