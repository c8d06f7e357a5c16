"""Conversion between units, from the one table in `catalogue/units.yml`."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.errors import InputError, nearest
from pipeline.records import Unit


def convert(value: float, from_unit: str, to_unit: str, units: Mapping[str, Unit]) -> float:
    """`value` in another unit of the same quantity; anything else is refused."""
    source, target = _unit(from_unit, units), _unit(to_unit, units)
    if source.base != target.base:
        raise InputError(
            f"{source.title} ({source.quantity}) cannot be turned into {target.title} ({target.quantity})."
        )
    return value if source == target else value * source.factor / target.factor


def _unit(unit_id: str, units: Mapping[str, Unit]) -> Unit:
    if unit_id not in units:
        raise InputError(
            f"The unit '{unit_id}' is not known{nearest(unit_id, units)}. Units are listed in units.yml."
        )
    return units[unit_id]
