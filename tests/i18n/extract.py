"""Collects every text that can be translated: from the pages' Python files and from the registry's YAML
files.

python -m tests.i18n.extract            lists how much of each language is translated
python -m tests.i18n.extract --missing  prints the untranslated texts
python -m tests.i18n.extract --update   adds new texts to the catalogues and drops those no longer used
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from pipeline.basemap import FOOTNOTES

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "pages" / "locales"
LANGUAGES = ("lt", "tr")
HEADER = (
    "# The dashboard's texts. English ones stand in the code and the registry: see tests/i18n/extract.py."
)
KEYWORDS: dict[str, tuple[int, ...]] = {
    "_": (0,),
    "N_": (0,),
    "gettext": (0,),
    "ngettext": (0, 1),
    "pgettext": (1,),
}
"""Function -> which arguments are texts. Read from the syntax tree, so that f-strings are looked into."""
REGISTRY_FIELDS = frozenset(
    {
        *("title", "short_title", "symbol", "question", "text", "remedy"),
        *("definition", "formula", "method", "method_note", "missing_means", "covers"),
    }
)
"""Fields of the registry that a page prints."""
SHORT_FIELDS = frozenset({"title", "short_title", "text", "remedy", "symbol", "question"})
"""Of these, the ones that stand on a first screen: names and one-sentence explanations."""

Message = str | tuple[str, str]


def python_messages() -> dict[Message, list[str]]:
    """Message (or singular and plural) -> where it is used, of the pages' Python files."""
    found: dict[Message, list[str]] = {}
    for path in [ROOT / "dashboard.py", *sorted((ROOT / "pages").rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            places = KEYWORDS.get(name, ())
            texts = [_constant(node.args[place]) for place in places if place < len(node.args)]
            if not texts or len(texts) != len(places) or not all(texts):
                continue
            key: Message = texts[0] if len(texts) == 1 else (texts[0], texts[1])
            found.setdefault(key, []).append(f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


def _constant(node: ast.expr) -> str:
    """The text of a literal; empty for anything that is only known when the code runs."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def registry_messages(fields: frozenset[str] = REGISTRY_FIELDS) -> dict[Message, list[str]]:
    """Text -> where it stands, of the registry's YAML files. Whitespace is as the registry loads it."""
    found: dict[Message, list[str]] = {}
    for path in sorted((ROOT / "pipeline" / "catalogue").glob("*.yml")):
        for text in _texts(yaml.safe_load(path.read_text(encoding="utf-8")), fields):
            found.setdefault(text, []).append(f"pipeline/catalogue/{path.name}")
    return found


def _texts(node: object, fields: frozenset[str]) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in fields and isinstance(value, str) and any(letter.isalpha() for letter in value):
                yield value.strip()
            else:
                yield from _texts(value, fields)
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item, fields)


def all_messages() -> dict[Message, list[str]]:
    """Everything that can be translated."""
    found = python_messages()
    found[FOOTNOTES["XK"]] = ["pipeline/basemap.py"]
    for message, places in registry_messages().items():
        found.setdefault(message, []).extend(places)
    return found


def path_of(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "dashboard.po"


def read(language: str) -> Catalog:
    """The catalogue of a language as it is kept."""
    with path_of(language).open("rb") as source:
        return read_po(source, locale=language)


def untranslated(language: str, messages: dict[Message, list[str]] | None = None) -> list[Message]:
    """Messages without a complete translation."""
    catalogue = read(language)
    missing: list[Message] = []
    for message in messages or all_messages():
        entry = catalogue.get(message if isinstance(message, str) else message[0])
        forms = entry.string if entry is not None else ""
        complete = all(forms) if isinstance(forms, (tuple, list)) else bool(forms)
        if not complete:
            missing.append(message)
    return missing


def update(language: str) -> tuple[int, int]:
    """Add what is new and drop what is gone; existing translations stay. Returns (added, dropped)."""
    old = read(language) if path_of(language).exists() else Catalog(locale=language)
    fresh = Catalog(locale=language, charset="utf-8", fuzzy=False)
    fresh.header_comment = HEADER
    added = 0
    messages = all_messages()
    for message in sorted(messages, key=lambda key: (messages[key][0].split(":")[0], str(key))):
        kept = old.get(message if isinstance(message, str) else message[0])
        places = sorted({place.split(":")[0] for place in messages[message]})
        translation = kept.string if kept is not None else ("" if isinstance(message, str) else None)
        if isinstance(message, str) and not isinstance(translation, str):
            translation = ""
        if not isinstance(message, str) and isinstance(translation, str):
            translation = None
        added += kept is None
        fresh.add(message, translation, locations=[(place, None) for place in places])  # type: ignore[misc]
    dropped = sum(1 for entry in old if entry.id and fresh.get(_key(entry.id)) is None)
    out = BytesIO()
    write_po(out, fresh, width=110, omit_header=False, include_lineno=False)
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    path_of(language).write_bytes(_without_dates(out.getvalue()))
    return added, dropped


def _key(message: Any) -> str:
    return str(message if isinstance(message, str) else message[0])


def _without_dates(text: bytes) -> bytes:
    """Headers that change with the clock, or name nobody, are left out, so that diffs show words only."""
    unwanted = (
        b'"POT-Creation',
        b'"PO-Revision',
        b'"Project-Id',
        b'"Report-Msgid',
        b'"Last-Tr',
        b'"Language-Team',
    )
    return b"\n".join(
        line for line in text.split(b"\n") if not line.startswith((*unwanted, b'"Generated-By'))
    )


def main() -> None:
    messages = all_messages()
    for language in LANGUAGES:
        if "--update" in sys.argv:
            added, dropped = update(language)
            print(f"{language}: {added} added, {dropped} dropped")
        missing = untranslated(language, messages)
        print(f"{language}: {len(messages) - len(missing)} of {len(messages)} texts translated")
        if "--missing" in sys.argv:
            for message in missing:
                print(f"  {messages[message][0]}  {message!r}")


if __name__ == "__main__":
    main()
