"""Turns the bytes of a text file into text without ever guessing silently.

A mark at the start or strict UTF-8 decides by itself. Any older page of letters is asked about: the same byte
is a Lithuanian, a Turkish or a Polish letter. The proposal is the page under which most names of cities of
the register appear; a statistical detector (chardet) is the second opinion.
"""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

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
BEYOND = re.compile(r"[^\x00-\x7f]")
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
ALL_LETTERS = frozenset("".join(PAGES.values()))
DAMAGED = re.compile("[\udc80-\udcff]")

#: ISO 8859 pages -> the Windows page that has the same letters and more signs.
SISTERS = {"iso8859_13": "cp1257", "iso8859_9": "cp1254", "iso8859_2": "cp1250", "iso8859_1": "cp1252"}

#: How much of a file the vote looks at, lines compared for the sample, and lines shown.
VOTE_BYTES = 100_000
SAMPLED_SIGNS, SAMPLED_LINES = 200_000, 2000
SAMPLES = 3

#: Damaged lines named in one go.
LISTED_LINES = 10


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
    sound = data.decode("utf-8", "ignore")
    right = len(sound) - len(sound.encode("ascii", "ignore"))
    loose = data.decode("utf-8", "surrogateescape")
    if right >= len(loose) - len(sound):
        raise Refusal(*_bad_lines(loose))
    known = {fold for name in places if not name.isascii() for fold in _folds(name)}
    telling = _telling_bytes(data)
    opinion = _second_opinion(telling)
    ways: dict[str, tuple[tuple[int, float, bool], str]] = {}
    for page in (*PAGES, *((opinion,) if opinion in RARE_PAGES else ())):
        try:
            text = data.decode(page)
        except UnicodeDecodeError:
            continue
        if CONTROL.search(text):
            continue
        told = telling.decode(page)
        merit = (_names_found(told, known), _share_of_letters(told, page), page == opinion)
        # Pages that read this file alike are one way; the better known of them gives its name.
        if text not in ways or merit > ways[text][0]:
            ways[text] = (merit, page)
    if not ways:
        raise Refusal(_bad_byte(data, error, "utf-8"))
    ranked = sorted(((merit, page, text) for text, (merit, page) in ways.items()), key=_best_first)
    texts = [text for _merit, _page, text in ranked]
    pages = [page for _merit, page, _text in ranked]
    decodings = tuple(map(Decoding, pages, _samples(texts)))
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


def _second_opinion(telling: bytes) -> str:
    """The page a statistical detector takes the file for, by the name Python gives it."""
    import chardet

    said = chardet.detect(telling).get("encoding") or ""
    try:
        page = codecs.lookup(said).name.replace("-", "_")
    except LookupError:
        return ""
    return SISTERS.get(page, page)


def _telling_bytes(data: bytes) -> bytes:
    """Different lines that hold more than ASCII, as many as the vote needs: all of them take minutes."""
    found: dict[bytes, None] = {}
    size = 0
    for line in io.BytesIO(data):
        if not line.isascii() and line not in found:
            found[line.rstrip(b"\r\n")[:VOTE_BYTES]] = None
            size += len(line)
            if size > VOTE_BYTES:
                break
    return b"\n".join(found)[:VOTE_BYTES]


def _samples(texts: list[str]) -> list[tuple[str, ...]]:
    """For each way of reading, the same few lines: those that differ most between the ways.

    A byte is one sign on all of these pages, so that a place in one text is the same place in all of them.
    """
    special = BEYOND.search(texts[0])
    first = special.start() if special is not None else 0
    begin = max(texts[0].rfind(end, 0, first) for end in "\r\n") + 1
    texts = [text[begin : begin + SAMPLED_SIGNS] for text in texts]
    columns = [text.replace("\r\n", "\n").replace("\r", "\n").split("\n") for text in texts]
    with_letters = (line for line in range(len(columns[0])) if not columns[0][line].isascii())
    looked_at = list(islice(with_letters, SAMPLED_LINES))
    looked_at.sort(key=lambda line: -len({column[line] for column in columns}))
    chosen = sorted(looked_at[:SAMPLES])
    return [tuple(_shown(column[line]) for line in chosen) for column in columns]


def _shown(line: str) -> str:
    """The part of a line around its first special letter."""
    first = next((place for place, sign in enumerate(line) if sign > "\x7f"), 0)
    begin = max(0, first - SHOWN_SIGNS // 2)
    return line[begin : begin + SHOWN_SIGNS]


def _bad_lines(loose: str) -> list[Fault]:
    """One fault for each line of damaged UTF-8, the first ten of them."""
    damaged: list[Fault] = []
    begin, number = 0, 1
    found = DAMAGED.search(loose)
    while found is not None and len(damaged) < LISTED_LINES:
        number += line_of(loose, found.start(), begin) - 1
        begin = found.start()
        end = min((place for sign in "\r\n" if (place := loose.find(sign, begin)) >= 0), default=-1)
        near = DAMAGED.sub("\ufffd", loose[max(0, begin - 30) : begin + 30]).splitlines()
        value = next(line for line in near if "\ufffd" in line).strip()
        damaged.append(Fault("bad_byte", row=number, value=value, params={"encoding": "UTF-8"}))
        found = DAMAGED.search(loose, end) if end >= 0 else None
    return damaged


def _bad_byte(data: bytes, error: UnicodeDecodeError, encoding: str) -> Fault:
    line = line_of(data.decode("latin-1"), error.start)
    shown = "UTF-8" if encoding.startswith("utf-8") else encoding
    return Fault("bad_byte", row=line, value=f"byte {data[error.start]:02X}", params={"encoding": shown})


def line_of(text: str, place: int, begin: int = 0) -> int:
    """The number of the line a place is in, from 1; each of the three ways to end a line counts."""
    ends = text.count("\n", begin, place) + text.count("\r", begin, place)
    return ends - text.count("\r\n", begin, place) + 1


def _checked(text: str) -> str:
    """The text without the end-of-file sign of MS-DOS, when it holds no sign that breaks tables."""
    text = text.removeprefix("\ufeff").rstrip("\x1a")
    found = CONTROL.search(text)
    if found is not None:
        line = line_of(text, found.start())
        sign = f"U+{ord(found[0]):04X}"
        raise Refusal(Fault("control_signs", row=line, value=sign, params={"sign": sign}))
    place = text.find("\ufffd")
    if place >= 0:
        line = line_of(text, place)
        shown = text[max(0, place - 30) : place + 30].replace("\n", " ").strip()
        raise Refusal(Fault("letters_lost", row=line, value=shown))
    garbled = next(
        ((found, meant) for found in BEYOND_ASCII.finditer(text) if (meant := _meant(found[0]))), None
    )
    if garbled is not None:
        found_at, meant = garbled
        begin, end = _word_around(text, *found_at.span())
        params = {"meant": text[begin : found_at.start()] + meant + text[found_at.end() : end]}
        line = line_of(text, begin)
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
