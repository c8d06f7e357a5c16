"""Reads registry files (YAML) into typed records, and says which entry is wrong and how to put it right.

A file holds one section, or several under their names. A section is a list of entries with an `id`, or a
mapping from id to entry. What an entry may hold is what its record class declares.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, get_args, get_origin, get_type_hints

import yaml

from pipeline.errors import CatalogueError, nearest

if TYPE_CHECKING:
    from yaml import SafeLoader as Loader
else:
    Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class IsRecord(Protocol):
    """A frozen dataclass whose first field is the id."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


Record = TypeVar("Record", bound=IsRecord)

#: What a value of each type is called in messages.
WORDS: dict[object, str] = {
    str: "text (in quotes when YAML would read it as something else)",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


class _NoDuplicates(Loader):
    """YAML lets a later key replace an earlier one in silence; here that is a fault."""


def _mapping(loader: Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            line = key_node.start_mark.line + 1
            raise CatalogueError(f"line {line}: '{key}' stands there twice. Keep one of the two.")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_NoDuplicates.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> Any:
    """The contents of a YAML file."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_NoDuplicates)
    except FileNotFoundError as error:
        raise CatalogueError(f"{path.name} is missing. Restore it; the registry needs it.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name} cannot be read: {' '.join(str(error).split())}") from error
    except CatalogueError as error:
        raise CatalogueError(f"{path.name}, {error}") from error


def read_section(path: Path, contents: Any, section: str | None, record: type[Record]) -> dict[str, Record]:
    """The records of one section by id, in the file's order; None when the file is one section."""
    entries = contents
    if section is not None:
        if not isinstance(contents, Mapping) or section not in contents:
            raise CatalogueError(f"{path.name}: section '{section}' is missing. Add it, even if it is empty.")
        entries = contents[section]
    found: dict[str, Record] = {}
    for entry_id, entry in _entries(path, entries):
        if entry_id in found:
            raise CatalogueError(f"{path.name}: entry '{entry_id}' stands there twice. Keep one of the two.")
        found[entry_id] = _record(path, entry_id, entry, record)
    return found


def _entries(path: Path, entries: Any) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(entries, Mapping):
        return [(str(key), dict(entry or {})) for key, entry in entries.items()]
    found = []
    for number, entry in enumerate(entries or [], start=1):
        if not isinstance(entry, Mapping) or "id" not in entry:
            raise CatalogueError(f"{path.name}: entry {number} has no 'id'. Give it one.")
        values = dict(entry)
        found.append((str(values.pop("id")), values))
    return found


def _record(path: Path, entry_id: str, entry: dict[str, Any], record: type[Record]) -> Record:
    id_field, *fields = dataclasses.fields(record)
    names = [field.name for field in fields]
    for name in entry:
        if name not in names:
            raise CatalogueError(
                f"{path.name}: entry '{entry_id}' has an unknown field '{name}'{nearest(name, names)}. "
                "Rename or remove it."
            )
    kinds = _kinds(record)
    values: dict[str, Any] = {id_field.name: entry_id}
    for field in fields:
        if field.name in entry:
            values[field.name] = _value(path, entry_id, field.name, entry[field.name], kinds[field.name])
        elif field.default is dataclasses.MISSING:
            raise CatalogueError(f"{path.name}: entry '{entry_id}' has no '{field.name}'. Add it.")
    return record(**values)


@cache
def _kinds(record: type[IsRecord]) -> dict[str, Any]:
    return get_type_hints(record)


def _value(path: Path, entry_id: str, name: str, value: Any, kind: Any) -> Any:
    """A YAML value as the declared type; text that YAML reads as a date or number stays text."""
    if get_origin(kind) is UnionType:
        if value is None or value == "":
            return None
        kind = next(part for part in get_args(kind) if part is not type(None))
    if get_origin(kind) is tuple:
        items = [value] if isinstance(value, str) else list(value or [])
        return tuple(_value(path, entry_id, name, item, get_args(kind)[0]) for item in items)
    if get_origin(kind) is frozenset and isinstance(value, Mapping):
        return frozenset(str(key) for key, is_true in value.items() if is_true is True)
    if kind is str and isinstance(value, str):
        return value.strip()
    if kind is str and isinstance(value, int | float | datetime.date) and not isinstance(value, bool):
        return str(value)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if type(value) is kind:
        return value
    raise CatalogueError(
        f"{path.name}: entry '{entry_id}', field '{name}' is {value!r}, but must be {WORDS.get(kind, kind)}."
    )


#: The column type of each kind of value.
COLUMN_TYPES: dict[object, str] = {str: "varchar", int: "bigint", float: "double", bool: "boolean"}


def columns(record: type[IsRecord]) -> dict[str, str]:
    """Column names and types of the table that holds such records."""
    return {name: _column_type(kind) for name, kind in _kinds(record).items()}


def row(record: IsRecord) -> list[object]:
    """A record as a row of that table."""
    values = [getattr(record, field.name) for field in dataclasses.fields(record)]
    return [sorted(value) if isinstance(value, frozenset) else _listed(value) for value in values]


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _column_type(kind: Any) -> str:
    if get_origin(kind) is UnionType:
        return _column_type(next(part for part in get_args(kind) if part is not type(None)))
    if get_origin(kind) in (tuple, frozenset):
        return f"{COLUMN_TYPES[get_args(kind)[0]]}[]"
    return COLUMN_TYPES[kind]
