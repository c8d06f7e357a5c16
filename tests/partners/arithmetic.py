"""The similarity of two cities, computed a second time from the printed values alone and without SQL."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

PARTS = ("buildings", "transport", "industry", "waste", "afolu")

Values = Mapping[str, float | None]


def by_ratio(one: float | None, two: float | None, unlike: float) -> float | None:
    """100 for equal values, 0 from `unlike` times on, even in the logarithm."""
    if not one or not two:
        return None
    ratio = max(one, two) / min(one, two)
    return max(0.0, 100 * (1 - math.log10(ratio) / math.log10(unlike)))


def climate(own: Values, other: Values) -> float | None:
    """Ten points a degree Celsius, or five a degree of latitude where a temperature is missing."""
    cold, warm = (own["coldest"], other["coldest"]), (own["warmest"], other["warmest"])
    if None not in cold and None not in warm:
        mean = (abs(cold[0] - cold[1]) + abs(warm[0] - warm[1])) / 2  # type: ignore[operator]
        return max(0.0, 100 - 10 * mean)
    one, two = own["latitude"], other["latitude"]
    return None if one is None or two is None else max(0.0, 100 - 5 * abs(one - two))


def sectors(own: Values, other: Values) -> float | None:
    """100 less half the sum of the distances of the shares, over the parts both have."""
    both = [part for part in PARTS if own[part] is not None and other[part] is not None]
    if "buildings" not in both or "transport" not in both:
        return None
    sums = [sum(float(side[part] or 0) for part in both) for side in (own, other)]
    distance = sum(abs(float(own[part] or 0) / sums[0] - float(other[part] or 0) / sums[1]) for part in both)
    return 100 * (1 - distance / 2)


def components(own: Values, other: Values) -> list[float | None]:
    """Size, climate, income, emissions, sectors."""
    return [
        by_ratio(own["people"], other["people"], 10),
        climate(own, other),
        by_ratio(own["income"], other["income"], 4),
        by_ratio(own["emissions"], other["emissions"], 4),
        sectors(own, other),
    ]


def score(similarities: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """The weighted mean of what is known."""
    known = [
        (value, weight) for value, weight in zip(similarities, weights, strict=True) if value is not None
    ]
    total = sum(weight for _value, weight in known)
    return None if total == 0 else sum(value * weight for value, weight in known) / total
