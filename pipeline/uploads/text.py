"""Text of uploaded cells: signs nobody sees, letters of other scripts, keys that every spelling shares."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pipeline.harmonise import PLAIN
from pipeline.uploads.model import SHOWN_SIGNS

#: Signs that mean something in a unit or a scope and are kept in a key.
KEPT = frozenset("+%/€°‰")

#: Scripts whose letters are easily taken for Latin ones, by the start of the Unicode name.
FOREIGN = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")

#: Something a page could read as markup: a tag, or a Markdown link or image.
MARKUP = re.compile(r"<\s*[a-zA-Z/!]|!?\[[^\]]*\]\s*\(|javascript:|data:text", re.I)

#: A cell that a spreadsheet would run as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cell in one Unicode form, without the signs nobody sees; `hidden` names those that were taken out."""

    text: str
    hidden: tuple[str, ...] = ()


def clean(text: str) -> Cleaned:
    """NFC, without format characters and controls, spaces of all kinds made one."""
    composed = unicodedata.normalize("NFC", text)
    hidden = dict.fromkeys(_name(sign) for sign in composed if _is_hidden(sign))
    seen = "".join("" if _is_hidden(sign) else sign for sign in composed)
    return Cleaned(" ".join(seen.split()), tuple(hidden))


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cf", "Cc", "Co", "Cn") and sign not in "\t\n\r"


def _name(sign: str) -> str:
    return f"U+{ord(sign):04X} {unicodedata.name(sign, 'control sign').lower()}"


def foreign_letters(text: str) -> tuple[str, ...]:
    """Letters of other scripts in a text that has Latin ones too, each with its Unicode name."""
    names = {sign: unicodedata.name(sign, "") for sign in text if sign.isalpha()}
    if not any(name.startswith("LATIN") for name in names.values()):
        return ()
    return tuple(f"{sign} ({name.lower()})" for sign, name in names.items() if name.startswith(FOREIGN))


@lru_cache(maxsize=50_000)
def word_key(text: str) -> str:
    """Lower-case words without marks; `+`, `%` and `/` stay, other punctuation parts words."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = "".join(
        sign for sign in apart if unicodedata.category(sign) not in ("Mn", "Mc", "Me", "Cf", "Cc")
    )
    kept = "".join(sign if sign.isalnum() or sign in KEPT else " " for sign in letters.translate(PLAIN))
    return re.sub(r" ?([+/]) ?", r"\1", " ".join(kept.split()))


def cut(text: str, length: int = SHOWN_SIGNS) -> str:
    """A cell as a message repeats it: without control signs, and no longer than it must be."""
    shown = "".join("\ufffd" if _is_hidden(sign) else sign for sign in text)
    shown = " ".join(shown.split())
    return shown if len(shown) <= length else shown[: length - 1] + "…"


def harmless(text: str) -> str:
    """A text cell for a file of ours: one that a spreadsheet would run gets an apostrophe in front."""
    return f"'{text}" if _runs(text) else text


def without_apostrophe(text: str) -> str:
    """The cell before :func:`harmless`, as it comes back from a file of ours."""
    return text[1:] if text[:1] == "'" and _runs(text) else text


def _runs(text: str) -> bool:
    """Whether a spreadsheet would run the text, or would once apostrophes in front of it are gone."""
    bare = text.lstrip("'")
    return bare.startswith(FORMULA_STARTS) or bare.lstrip().startswith(FORMULA_STARTS)


def letter(column: int) -> str:
    """The letter of a spreadsheet column; 0 is A."""
    name = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
