"""Turns the bytes of a text file into text without ever guessing silently.

A mark at the start or strict UTF-8 decides by itself. Any older page of letters is asked about: the same byte
is a Lithuanian, a Turkish or a Polish letter. The proposal is the page under which most names of cities of
the register appear; a statistical detector (chardet) is the second opinion.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pipeline.uploads.model import SHOWN_SIGNS, Decoding, Fault
from pipeline.uploads.sniff import two_byte_order
from pipeline.uploads.xmlparts import Refusal

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: Older pages of the countries shown, and the letters by which their languages are known.
PAGES = {
    "cp1257": "ąčęėįšųūžĄČĘĖĮŠŲŪŽāēģīķļņĀĒĢĪĶĻŅõäöüÕÄÖÜ",
    "cp1254": "çğıöşüÇĞİÖŞÜâîûÂÎÛ",
    "cp1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűŐŰăâîşţĂÂÎŞŢđĐ",
    "cp1252": "äöüßÄÖÜéèêëàâçîïôûùœÉÈÀÇñáíóúÑåæøÅÆØãõ",
}
#: Pages of MS-DOS and the Mac, only offered when the detector names them.
RARE_PAGES = frozenset(
    {"cp775", "cp857", "cp852", "cp850", "mac_turkish", "mac_latin2", "mac_roman", "iso8859_4"}
)

#: Every encoding a person may choose.
CHOICES = (*PAGES, *sorted(RARE_PAGES), "utf-8", "utf-16", "utf-16-le", "utf-16-be")

TYPOGRAPHIC = frozenset("–—’‘“”„…•°²³€§«»©®±·×\u00a0")
NON_ASCII_WORD = re.compile(r"[^\W\d_]*[^\x00-\x7f\W\d_][^\W\d_]*(?:[ -][^\W\d_]+)*")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
ALL_LETTERS = frozenset("".join(PAGES.values()))
DETECTOR_BYTES = 50_000
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file. With `decodings`, a person has to say which is right; `text` is of the first."""

    text: str
    encoding: str
    decodings: tuple[Decoding, ...] = ()
    faults: tuple[Fault, ...] = ()


def decode(data: bytes, places: Collection[str], choice: str | None = None) -> Decoded:
    """The text of a file. `places` are names of cities; `choice` is what the person answered.

    Raises `Refusal`, naming lines, for bytes that no way of reading explains.
    """
    if choice is not None:
        return _chosen(data, choice)
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), "")
    encoding = marked or two_byte_order(data) or "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise Refusal(_bad_byte(data, error, encoding)) from error
        return _older_page(data, places, error)
    return Decoded(_checked(text), "utf-8" if encoding == "utf-8-sig" else encoding)


def _chosen(data: bytes, choice: str) -> Decoded:
    if choice not in CHOICES:
        raise Refusal(Fault("encoding_unknown", value=choice[:SHOWN_SIGNS]))
    # A mark at the start stays a mark under every choice.
    encoding = "utf-8-sig" if choice == "utf-8" else choice
    try:
        return Decoded(_checked(data.decode(encoding)), choice)
    except UnicodeDecodeError as error:
        raise Refusal(_bad_byte(data, error, choice)) from error


def _older_page(data: bytes, places: Collection[str], error: UnicodeDecodeError) -> Decoded:
    loose = data.decode("utf-8", "surrogateescape")
    wrong = sum("\udc80" <= sign <= "\udcff" for sign in loose)
    right = sum(sign > "\x7f" for sign in loose) - wrong
    if right >= wrong:
        raise Refusal(*_bad_lines(loose))
    known = {fold for name in places if not name.isascii() for fold in _folds(name)}
    opinion = _second_opinion(data)
    ways: dict[str, tuple[tuple[int, float, bool], str]] = {}
    for page in (*PAGES, *((opinion,) if opinion in RARE_PAGES else ())):
        try:
            text = data.decode(page)
        except UnicodeDecodeError:
            continue
        if CONTROL.search(text):
            continue
        merit = (_names_found(text, known), _share_of_letters(text, page), page == opinion)
        # Pages that read this file alike are one way; the better known of them gives its name.
        if text not in ways or merit > ways[text][0]:
            ways[text] = (merit, page)
    if not ways:
        raise Refusal(_bad_byte(data, error, "utf-8"))
    ranked = sorted(((merit, page, text) for text, (merit, page) in ways.items()), key=_best_first)
    texts = [text for _merit, _page, text in ranked]
    lines = _telling_lines(texts)
    decodings = tuple(
        Decoding(page, tuple(_shown(text.splitlines()[line]) for line in lines))
        for _merit, page, text in ranked
    )
    question = Fault(
        "encoding_question", params={"count": str(len(decodings)), "encoding": decodings[0].encoding}
    )
    return Decoded(texts[0], decodings[0].encoding, decodings, (question,))


def _best_first(way: tuple[tuple[int, float, bool], str, str]) -> tuple[int, bool, float]:
    (names, letters, is_opinion), _page, _text = way
    return (-names, not is_opinion, -letters)


def _folds(name: str) -> Iterator[str]:
    """A name in small letters, once as most languages and once as Turkish makes them."""
    composed = unicodedata.normalize("NFC", name.strip())
    yield composed.casefold()
    yield composed.replace("İ", "i").replace("I", "ı").lower()


def _names_found(text: str, known: Collection[str]) -> int:
    words = {found[0] for found in NON_ASCII_WORD.finditer(text)}
    return sum(any(fold in known for fold in _folds(word)) for word in words)


def _share_of_letters(text: str, page: str) -> float:
    """How much of what is beyond ASCII are letters of the languages this page was made for."""
    beyond = [sign for sign in text if sign > "\x7f" and sign not in TYPOGRAPHIC]
    wanted = PAGES.get(page, "")
    return sum(sign in wanted for sign in beyond) / len(beyond) if beyond and wanted else 0.0


def _second_opinion(data: bytes) -> str:
    """The page a statistical detector takes the file for, by the name Python gives it."""
    import chardet

    said = chardet.detect(_telling_bytes(data)).get("encoding") or ""
    try:
        page = codecs.lookup(said).name.replace("-", "_")
    except LookupError:
        return ""
    return {"iso8859_13": "cp1257", "iso8859_9": "cp1254", "iso8859_2": "cp1250", "iso8859_1": "cp1252"}.get(
        page, page
    )


def _telling_bytes(data: bytes) -> bytes:
    """The lines that hold more than ASCII, as the detector is slow on long files."""
    if len(data) <= DETECTOR_BYTES:
        return data
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    return b"\n".join(lines)[:DETECTOR_BYTES]


def _telling_lines(texts: list[str]) -> list[int]:
    """Numbers of the lines to show, from 0: those that differ most between the ways come first."""
    columns = [text.splitlines() for text in texts]
    height = min(map(len, columns))
    special = [line for line in range(height) if not columns[0][line].isascii()]
    special.sort(key=lambda line: -len({column[line] for column in columns}))
    return sorted(special[:SAMPLES])


def _shown(line: str) -> str:
    """The part of a line around its first special letter."""
    first = next((place for place, sign in enumerate(line) if sign > "\x7f"), 0)
    begin = max(0, first - SHOWN_SIGNS // 2)
    return line[begin : begin + SHOWN_SIGNS]


def _bad_lines(loose: str) -> list[Fault]:
    """One fault for each line of damaged UTF-8, the first ten of them."""
    damaged = [
        Fault("bad_byte", row=number, value=_visible(line), params={"encoding": "UTF-8"})
        for number, line in enumerate(loose.split("\n"), start=1)
        if any("\udc80" <= sign <= "\udcff" for sign in line)
    ]
    return damaged[:10]


def _visible(line: str) -> str:
    shown = "".join("�" if "\udc80" <= sign <= "\udcff" else sign for sign in line)
    place = shown.find("�")
    return shown[max(0, place - 30) : place + 30].strip()


def _bad_byte(data: bytes, error: UnicodeDecodeError, encoding: str) -> Fault:
    line = data[: error.start].count(b"\n") + 1
    shown = "UTF-8" if encoding.startswith("utf-8") else encoding
    return Fault("bad_byte", row=line, value=f"byte {data[error.start]:02X}", params={"encoding": shown})


def _checked(text: str) -> str:
    """The text without the end-of-file sign of MS-DOS, when it holds no sign that breaks tables."""
    text = text.removeprefix("\ufeff").rstrip("\x1a")
    found = CONTROL.search(text)
    if found is not None:
        line = len(text[: found.start()].splitlines() or [""])
        sign = f"U+{ord(found[0]):04X}"
        raise Refusal(Fault("control_signs", row=line, value=sign, params={"sign": sign}))
    place = text.find("\ufffd")
    if place >= 0:
        line = text.count("\n", 0, place) + 1
        shown = text[max(0, place - 30) : place + 30].replace("\n", " ").strip()
        raise Refusal(Fault("letters_lost", row=line, value=shown))
    garbled = next(
        ((found, meant) for found in BEYOND_ASCII.finditer(text) if (meant := _meant(found[0]))), None
    )
    if garbled is not None:
        found_at, meant = garbled
        begin, end = _word_around(text, *found_at.span())
        params = {"meant": text[begin : found_at.start()] + meant + text[found_at.end() : end]}
        line = text.count("\n", 0, begin) + 1
        raise Refusal(Fault("letters_garbled", row=line, value=text[begin:end], params=params))
    return text


def _meant(signs: str) -> str:
    """The letters that became `signs` when UTF-8 was taken for an older page and saved as UTF-8 once more."""
    for page in PAGES:
        try:
            meant = signs.encode(page).decode("utf-8")
        except UnicodeError:
            continue
        if all(sign in ALL_LETTERS for sign in meant):
            return meant
    return ""


def _word_around(text: str, begin: int, end: int) -> tuple[int, int]:
    while begin > 0 and text[begin - 1].isalpha():
        begin -= 1
    while end < len(text) and text[end].isalpha():
        end += 1
    return max(begin, end - SHOWN_SIGNS), end
