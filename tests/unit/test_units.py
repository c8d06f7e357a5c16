"""Units convert there and back, and refuse what they do not know."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.records import Unit
from pipeline.registry import read_section, read_yaml
from pipeline.settings import PACKAGE
from pipeline.units import convert

PATH = PACKAGE / "catalogue" / "units.yml"
UNITS = read_section(PATH, read_yaml(PATH), None, Unit)
PAIRS = sorted((one, other) for one in UNITS for other in UNITS if UNITS[one].base == UNITS[other].base)


@given(st.sampled_from(PAIRS), st.floats(min_value=-1e15, max_value=1e15, allow_subnormal=False))
def test_there_and_back_gives_the_same_value(pair: tuple[str, str], value: float) -> None:
    one, other = pair
    back = convert(convert(value, one, other, UNITS), other, one, UNITS)
    assert math.isclose(back, value, rel_tol=1e-12, abs_tol=1e-300)


@pytest.mark.parametrize(
    ("value", "one", "other", "expected"),
    [
        (1.5, "kt", "t", 1500),
        (2.5, "Mt", "kt", 2500),
        (3.6, "TJ", "MWh", 1000),
        (1, "toe", "MWh", 11.63),
        (250, "ha", "km2", 2.5),
        (5, "per 100,000 persons", "per 10,000 persons", 0.5),
    ],
)
def test_known_conversions(value: float, one: str, other: str, expected: float) -> None:
    assert convert(value, one, other, UNITS) == pytest.approx(expected, rel=1e-9)


def test_same_unit_leaves_every_digit() -> None:
    assert convert(0.1 + 0.2, "GJ", "GJ", UNITS) == 0.1 + 0.2


def test_unknown_unit_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"'tonnes CO2' is not known"):
        convert(1, "tonnes CO2", "t", UNITS)
    with pytest.raises(InputError, match="did you mean 'GWh'"):
        convert(1, "GWhh", "MWh", UNITS)


def test_another_quantity_is_refused() -> None:
    with pytest.raises(InputError, match=r"tonnes \(mass\) cannot be turned into megawatt hours \(energy\)"):
        convert(1, "t", "MWh", UNITS)
