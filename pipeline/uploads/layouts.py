"""Remembers how a town hall's own spreadsheet was read, so that next year's file needs no questions.

A layout is known by its header, with years put aside: a table with one more year is the same layout. What may
differ from file to file (the city, the year, the source) is never remembered.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline import staff
from pipeline.settings import Settings
from pipeline.uploads.model import Choices, Content
from pipeline.uploads.text import word_key

#: What is asked anew for each file.
ASKED_EACH_TIME = frozenset({"city", "year", "source_ref"})

YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def header_key(header: str) -> str:
    """A header cell without its year and spelling."""
    return word_key(YEAR.sub(" yyyy ", header))


def signature(header: Sequence[str]) -> str:
    """What a layout is known by: its header cells in order, runs of years counted as one."""
    keys = [header_key(cell) for cell in header]
    kept = [
        key for place, key in enumerate(keys) if "yyyy" not in key or place == 0 or keys[place - 1] != key
    ]
    while kept and not kept[-1]:
        kept.pop()
    return hashlib.sha256("\x1f".join(kept).encode()).hexdigest()


def remember(settings: Settings, person: staff.Person, content: Content, choices: Choices) -> None:
    """Keep how this layout is read; written whole or not at all."""
    staff.require(settings, person, "upload")
    grid = next((one for one in content.grids if one.sheet == choices.sheet), None)
    if grid is None or choices.header_row is None or choices.header_row > len(grid.rows):
        return
    header = grid.rows[choices.header_row - 1]
    names = {place: header_key(cell) for place, cell in enumerate(header)}
    layout = {
        "table": choices.table,
        "decimal": choices.decimal,
        "columns": [
            [int(place), names.get(int(place), ""), field_id] for place, field_id in choices.columns.items()
        ],
        "fixed": [
            [names.get(int(place), ""), dict(values)] for place, values in choices.fixed.items() if values
        ],
        "constants": {key: value for key, value in choices.constants.items() if key not in ASKED_EACH_TIME},
        "answers": dict(choices.answers),
    }
    folder = settings.store_dir / "layouts"
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".layout-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(layout, file, ensure_ascii=False, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(folder / f"{signature(header)}.json")


def remembered(folder: Path | None, header: Sequence[str]) -> Choices | None:
    """How a file with this header was read last time, in the columns of this file; None if never."""
    if folder is None:
        return None
    try:
        layout = json.loads((folder / f"{signature(header)}.json").read_text(encoding="utf-8"))
        return _choices(layout, header)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _choices(layout: Mapping[str, object], header: Sequence[str]) -> Choices:
    columns = layout["columns"]
    fixed = layout["fixed"]
    constants = layout["constants"]
    answers = layout["answers"]
    if not isinstance(columns, list) or not isinstance(fixed, list):
        raise ValueError("A remembered layout is damaged.")
    if not isinstance(constants, dict) or not isinstance(answers, dict):
        raise ValueError("A remembered layout is damaged.")
    keys = [header_key(cell) for cell in header]
    by_key = {str(name): str(field_id) for _place, name, field_id in columns if name}
    unnamed = {int(place): str(field_id) for place, name, field_id in columns if not name}
    found = {str(place): by_key.get(key) or unnamed.get(place) for place, key in enumerate(keys)}
    kept = {str(name): values for name, values in fixed if name}
    return Choices(
        table=str(layout["table"]) if layout["table"] else None,
        decimal=str(layout["decimal"]) if layout["decimal"] else None,
        columns={place: field_id for place, field_id in found.items() if field_id},
        fixed={
            str(place): {str(name): str(value) for name, value in kept[key].items()}
            for place, key in enumerate(keys)
            if key in kept
        },
        constants={str(key): str(value) for key, value in constants.items()},
        answers={str(key): str(value) for key, value in answers.items()},
    )


def merged(choices: Choices, memory: Choices) -> Choices:
    """The person's choices, completed with what was remembered."""
    return replace(
        choices,
        table=choices.table or memory.table,
        decimal=choices.decimal or memory.decimal,
        columns={**memory.columns, **choices.columns},
        fixed={**memory.fixed, **choices.fixed},
        constants={**memory.constants, **choices.constants},
        answers={**memory.answers, **choices.answers},
    )
