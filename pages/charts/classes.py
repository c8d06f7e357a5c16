"""Colour classes for a map: limits from quantiles, so that one huge city does not paint all others alike."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

MOST_CLASSES = 5


@dataclass(frozen=True, slots=True)
class Classes:
    """Limits between classes, low to high: n limits make n + 1 classes. ``low`` and ``high`` are the
    extremes."""

    low: float
    high: float
    limits: tuple[float, ...]

    @property
    def count(self) -> int:
        return len(self.limits) + 1

    def of(self, value: float) -> int:
        """The class of a value, counted from 0. A value on a limit belongs to the class above it."""
        return bisect_right(self.limits, value)

    def bounds(self, number: int) -> tuple[float, float]:
        """Lowest and highest value a class may hold."""
        edges = (self.low, *self.limits, self.high)
        return edges[number], edges[number + 1]


def classes(values: Sequence[float], most: int = MOST_CLASSES) -> Classes | None:
    """Classes with about equally many values each and readable limits; None when there is no value at all.

    Limits are rounded to two figures (three where two would merge classes), and a limit that would leave a
    class empty is dropped: fewer different values make fewer classes.
    """
    known = sorted(value for value in values if not math.isnan(value))
    if not known:
        return None
    low, high = known[0], known[-1]
    for figures in (2, 3, 4):
        limits: list[float] = []
        for step in range(1, most):
            limit = round_to(known[min(len(known) - 1, step * len(known) // most)], figures)
            if low < limit <= high and limit not in limits:
                limits.append(limit)
        if len(limits) == most - 1 or figures == 4:
            break
    kept: list[float] = []
    for limit in sorted(limits):
        below = bisect_left(known, limit) - (bisect_left(known, kept[-1]) if kept else 0)
        if below and known[-1] >= limit:
            kept.append(limit)
    return Classes(low, high, tuple(kept))


def round_to(value: float, figures: int) -> float:
    """The value rounded to so many significant figures."""
    if value == 0:
        return 0.0
    return round(value, figures - 1 - math.floor(math.log10(abs(value))))
