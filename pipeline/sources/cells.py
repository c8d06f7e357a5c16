"""Numbers and years out of the cells of official files, where text and numbers are mixed."""

from __future__ import annotations

import math
import re
from collections.abc import Collection

MISSING = frozenset({"", "-", "null", "na", "n/a", "nan", "none", ":", "[x]"})
"""Words that official files use for "no figure", lower case. Each reader states which it accepts."""

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)", re.ASCII)


def text(cell: object) -> str:
    """The cell as text without blanks, zero-width signs or byte order marks at its ends; None is blank."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip(" \t\r\n\u00a0\u200b\u200c\u200d\ufeff")


def number(cell: object, missing: Collection[str] = MISSING) -> float | None:
    """The cell's number; None where it holds one of the words for missing.

    Raises ValueError for anything else, with advice. ``1,234,567`` is read as thousands; ``1.234,5`` and
    ``12,5`` are refused, because a decimal comma cannot be told from thousands for certain.
    """
    if isinstance(cell, bool):
        raise ValueError("it is a yes/no value; a number is needed")
    if isinstance(cell, int | float):
        return _finite(float(cell))
    words = text(cell)
    if words.lower() in missing:
        return None
    if _GROUPED.fullmatch(words):
        words = words.replace(",", "")
    if not _PLAIN.fullmatch(words):
        raise ValueError("it is no number; write it with a decimal point, or leave it blank")
    return _finite(float(words))


def _finite(value: float) -> float | None:
    """Spreadsheets hand over NaN for an empty cell; infinity is a fault."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        raise ValueError("it is too large for a number")
    return value


def year(cell: object) -> int:
    """A calendar year between 1950 and 2099; of a period, such as a financial year, the year it ends in."""
    found = _YEAR.findall(text(cell))
    if not found:
        raise ValueError("it holds no year between 1950 and 2099")
    return int(found[-1])


def show(value: float | int | str | None) -> str:
    """A figure as our CSV files hold it: two decimals for large ones, no trailing zeros, blank for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if value == 0:
        return "0"
    shown = f"{value:.2f}" if abs(value) >= 1000 else f"{value:.6f}"
    return shown.rstrip("0").rstrip(".") if float(shown) != 0 else repr(value)
