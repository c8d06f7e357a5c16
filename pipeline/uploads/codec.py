"""Dataclasses to plain JSON values and back, so that work on an upload survives the program."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """The value as JSON can hold it. Fields that are as their class has them by default are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            known.name: to_plain(getattr(value, known.name))
            for known in dataclasses.fields(value)
            if known.default is dataclasses.MISSING or getattr(value, known.name) != known.default
        }
    if isinstance(value, Mapping):
        return {str(key): to_plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(part) for part in value]
    if isinstance(value, set | frozenset):
        return sorted(to_plain(part) for part in value)
    return value


def from_plain(kind: type[T], value: Any) -> T:
    """The dataclass that `to_plain` wrote. What it does not know is passed over, what is gone is default."""
    found: T = _read(kind, value)
    return found


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) is UnionType:
        kind = next(part for part in get_args(kind) if part is not type(None))
    origin = get_origin(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], part) for name, part in value.items() if name in hints})
    if origin is tuple:
        parts = get_args(kind)
        if len(parts) == 2 and parts[1] is Ellipsis:
            return tuple(_read(parts[0], part) for part in value)
        return tuple(_read(each, part) for each, part in zip(parts, value, strict=True))
    if origin is frozenset:
        return frozenset(_read(get_args(kind)[0], part) for part in value)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _read(get_args(kind)[1], part) for key, part in value.items()}
    return value


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)
