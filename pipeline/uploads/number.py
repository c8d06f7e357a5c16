"""The one grammar for numbers in uploaded files. Every cell is text; nothing is guessed.

Accepted: digits, an optional minus, `.` or `,` before the decimals, and groups of three set apart by spaces
(ordinary, no-break, narrow), apostrophes, or the sign that does not mark the decimals. `1.234` can be read in
two ways; which one is decided by the other cells of the column, or asked. Everything else is refused: units,
percent signs, `<5`, TRUE, NaN, 1e400, digits of other scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

#: Spaces that set groups of three apart, all read as one.
SPACES = re.compile("[\u0020\u00a0\u2007\u2008\u2009\u202f\u205f\t]")

#: Signs that stand for minus; typing programs put the long ones in.
MINUS = str.maketrans({"−": "-", "‒": "-", "–": "-", "﹣": "-", "－": "-"})

#: Nothing a city reports is as large as this, in any unit.
LARGEST = Decimal(10) ** 15

#: Stands between several plain numbers that a sentence names together.
APART = "; "

#: Longest text that is still tried as a number.
LONGEST = 40

PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)")
SPACED = re.compile(r"(-?[1-9][0-9]{0,2})((?: [0-9]{3})+|(?:['’][0-9]{3})+)(?:([.,])([0-9]+))?")
ONE_MARK = re.compile(r"(-?)((?:0|[1-9][0-9]*)?)([.,])([0-9]+)")
POINT_GROUPS = re.compile(r"(-?[1-9][0-9]{0,2})((?:\.[0-9]{3})+)(?:,([0-9]+))?")
COMMA_GROUPS = re.compile(r"(-?[1-9][0-9]{0,2})((?:,[0-9]{3})+)(?:\.([0-9]+))?")

NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity|∞)", re.I)
EXPONENT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
LOGICAL = re.compile(r"true|false|taip|ne|evet|hayır|doğru|yanlış|tiesa|netiesa", re.I)
BOUND = re.compile(r"(?:[<>≤≥~≈±]|apie|about|ca\.?|yaklaşık|daugiau|mažiau).*[0-9].*", re.I)
BETWEEN = re.compile(r"[0-9.,]+ ?(?:-|–|—|…|to|iki) ?[0-9.,]+")
PERCENT = re.compile(r".*[0-9].*[%‰]|[%‰].*[0-9].*")
WITH_WORD = re.compile(r"-?[0-9][0-9 .,'’]*[^\W\d_].*|[^\W\d_€$][^0-9]* ?-?[0-9][0-9 .,'’]*")


@dataclass(frozen=True, slots=True)
class Scan:
    """A cell read both ways: `point` is its value if `.` marks decimals, `comma` if `,` does.

    Both are the same where the cell says nothing about the style; one is None where it settles it.
    `fault` is the code of a cell that is no number at all.
    """

    text: str
    point: Decimal | None = None
    comma: Decimal | None = None
    fault: str = ""

    @property
    def is_ambiguous(self) -> bool:
        return self.point is not None and self.comma is not None and self.point != self.comma

    @property
    def settles(self) -> str:
        """The decimal sign this cell proves; empty if it proves none."""
        if self.fault or (self.point is None) == (self.comma is None):
            return ""
        return "." if self.comma is None else ","

    def value(self, decimal: str) -> Decimal | None:
        """The number in a column of this style."""
        return self.comma if decimal == "," else self.point


def scan(text: str) -> Scan:
    """One cell, read both ways, or why it is no number. A blank is not a number."""
    shown = text.strip()
    clean = SPACES.sub(" ", shown).translate(MINUS)
    if clean.startswith("- "):
        clean = "-" + clean[2:]
    if len(clean) > LONGEST:
        return Scan(shown, fault="not_a_number")
    found = _read(shown, clean)
    if found is None:
        return Scan(shown, fault=_why_not(clean))
    if any(abs(number) >= LARGEST for number in (found.point, found.comma) if number is not None):
        return Scan(shown, fault="number_too_large")
    return found


def scan_stored(text: str) -> Scan:
    """A number a workbook stores as a number: its text is a plain decimal with a point."""
    shown = text.strip()
    if NOT_FINITE.fullmatch(shown):
        return Scan(shown, fault="number_failed")
    if not re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?", shown):
        return scan(text)
    number = Decimal(shown)
    if abs(number) >= LARGEST:
        return Scan(shown, fault="number_too_large")
    return Scan(shown, number, number)


def _read(shown: str, text: str) -> Scan | None:
    if PLAIN.fullmatch(text):
        number = Decimal(text)
        return Scan(shown, number, number)
    if match := SPACED.fullmatch(text):
        whole = match[1] + re.sub(r"[ '’]", "", match[2])
        if match[3] is None:
            return Scan(shown, Decimal(whole), Decimal(whole))
        number = Decimal(f"{whole}.{match[4]}")
        return Scan(shown, number, None) if match[3] == "." else Scan(shown, None, number)
    point = comma = None
    if match := ONE_MARK.fullmatch(text):
        number = Decimal(f"{match[1]}{match[2] or '0'}.{match[4]}")
        point, comma = (number, None) if match[3] == "." else (None, number)
    if match := POINT_GROUPS.fullmatch(text):
        comma = Decimal(match[1] + match[2].replace(".", "") + (f".{match[3]}" if match[3] else ""))
    if match := COMMA_GROUPS.fullmatch(text):
        point = Decimal(match[1] + match[2].replace(",", "") + (f".{match[3]}" if match[3] else ""))
    return None if point is None and comma is None else Scan(shown, point, comma)


def _why_not(text: str) -> str:
    if NOT_FINITE.fullmatch(text):
        return "number_failed"
    if EXPONENT.fullmatch(text):
        return "number_exponent"
    if LOGICAL.fullmatch(text):
        return "number_logical"
    if any(sign.isdigit() and sign not in "0123456789" for sign in text):
        return "number_digits"
    if PERCENT.fullmatch(text):
        return "number_percent"
    if BOUND.fullmatch(text) or BETWEEN.fullmatch(text):
        return "number_bound"
    if WITH_WORD.fullmatch(text):
        return "number_with_unit"
    return "not_a_number"


@dataclass(frozen=True, slots=True)
class Style:
    """How the numbers of a column are written.

    `decimal` is `.` or `,`; empty where only the person can say. `is_asked` says so; `odd` are the texts that
    contradict the rest of the column: they are refused.
    """

    decimal: str
    is_asked: bool = False
    odd: frozenset[str] = frozenset()


#: A column's style is settled against its odd cells when it has this many times as many of the other kind.
MAJORITY = 3


def style_of(scans: Sequence[Scan], elsewhere: Iterable[str] = (), chosen: str | None = None) -> Style:
    """The style of one column, from its own cells, else from the other columns', else what was chosen."""
    proofs = [one.settles for one in scans]
    points, commas = proofs.count("."), proofs.count(",")
    unclear = {one.text for one in scans if one.is_ambiguous}
    if points and commas:
        winner = "." if points >= MAJORITY * commas else "," if commas >= MAJORITY * points else ""
        odd = {one.text for one in scans if one.settles and one.settles != winner}
        return Style(winner or ".", odd=frozenset(odd | unclear))
    if points or commas:
        return Style("." if points else ",")
    if not unclear:
        return Style(".")
    others = set(elsewhere)
    if len(others) == 1:
        return Style(others.pop())
    return Style(chosen, False) if chosen in (".", ",") else Style("", is_asked=True)


def plain(number: Decimal) -> str:
    """A number as the figures are kept: a point before the decimals, no exponent, no trailing zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def plain_float(number: float) -> str:
    """The same of a float, with the 15 digits it is sure of."""
    return plain(Decimal(f"{number:.15g}"))


def plain_about(number: float) -> str:
    """The same to about three figures, for sentences that tell an order of magnitude."""
    return plain(Decimal(f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"))
