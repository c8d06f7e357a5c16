"""How a stored number, date or name becomes the text a person would read in the cell."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

#: Digits a spreadsheet computes with; further ones are dust of the binary form (0.1 + 0.2).
DIGITS = 15

#: Largest power of ten written out in full; a figure beyond it is no figure of a city.
LARGEST_EXPONENT = 30

PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?")
REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: Text in quotes, after a backslash or in brackets says nothing about what a number format shows.
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.I)
BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
BUILTIN_PERCENT = frozenset({9, 10})


def plain_number(stored: str) -> str | None:
    """A stored number as a plain decimal with a point, rounded as a spreadsheet shows it; None if it is none.

    "1.5E3" is "1500", "0.30000000000000004" is "0.3". Infinite and absurd sizes are no numbers.
    """
    if len(stored) <= DIGITS and stored.isdigit() and stored.isascii():
        return stored.lstrip("0") or "0"
    if not PLAIN.fullmatch(stored) or not stored.isascii():
        return None
    number = Decimal(stored)
    if not number:
        return "0"
    if not -LARGEST_EXPONENT <= number.adjusted() <= LARGEST_EXPONENT:
        return None
    digits = len(number.as_tuple().digits)
    if digits > DIGITS:
        number = Decimal(f"{number:.{DIGITS - 1}e}")
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def meaning_of_format(code: str, number: int = -1) -> str:
    """`date`, `percent` or nothing, for a number format by its text or its built-in number."""
    if number in BUILTIN_DATES:
        return "date"
    if number in BUILTIN_PERCENT:
        return "percent"
    shown = LITERAL.sub("", code.split(";")[0])
    if re.search(r"[ymdhs]", shown, re.I) and not re.search(r"general", shown, re.I):
        return "date"
    return "percent" if "%" in shown else ""


def date_text(stored: str, is_1904: bool) -> str:
    """The day number of a spreadsheet as a date, with the time where there is one; else the number itself."""
    try:
        days = float(stored)
        if 0 <= days < 1:
            return f"{datetime(1900, 1, 1) + timedelta(seconds=round(days * 86_400)):%H:%M:%S}"  # noqa: DTZ001
        # Day 60 of the 1900 calendar is a 29 February that never was.
        first = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 31 if days < 60 else 30)  # noqa: DTZ001
        moment = first + timedelta(seconds=round(days * 86_400))
    except (ValueError, OverflowError):
        return stored
    return (
        f"{moment:%Y-%m-%d}"
        if moment.hour == moment.minute == moment.second == 0
        else f"{moment:%Y-%m-%d %H:%M:%S}"
    )


def unescaped(text: str) -> str:
    """A workbook's text with its escaped signs (_x000D_) put back; those no person can see become blanks."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda found: _sign(int(found[1], 16)), text)


def _sign(number: int) -> str:
    sign = chr(number)
    return sign if sign.isprintable() else " "


def column_letter(column: int) -> str:
    """The letters of a column by its number from 0: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """ "B3" for row 2, column 1, both from 0."""
    return f"{column_letter(column)}{row + 1}"


def place_of(reference: str) -> tuple[int, int] | None:
    """Row and column from 0 of a reference such as "B3" or "$B$3"; None when it is none."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        return None
    return int(found[2]) - 1, _column_number(found[1])


@lru_cache(maxsize=20_000)
def _column_number(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1
