"""The figures of published uploads as inputs of a build.

Municipal uploads (source `municipal_upload`) are files of their own. An upload speaks for groups of rows,
such as one city, scope, gas basis and method of emissions: where a later upload speaks for a group, it takes
the place of the earlier ones' rows as a whole. Uploaded files of a publisher are laid over the figures we
hold of that publisher, oldest first, by the same rules as `fetch` (`pipeline/sources/update.py`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.engine import Builder, qualified, quote
from pipeline.errors import InputError
from pipeline.hashing import file_sha256
from pipeline.schema import FIGURES
from pipeline.settings import Settings
from pipeline.sources.rows import Row
from pipeline.sources.update import merge, shipped_rows

#: The source of municipal uploads; the same as `pipeline.uploads.model.MUNICIPAL`.
MUNICIPAL = "municipal_upload"

#: What an upload speaks for as a whole, by table. The first column is the place.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "emissions": ("source_city_key", "scope", "gas_basis", "series_key"),
    "energy": ("source_city_key", "scope", "series_key"),
    "indicators": ("source_place_key", "indicator_id"),
    "targets": ("source_city_key",),
}

#: Says what an accepted upload holds; beside its tables.
STAGED = "staged.json"


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """One table of one upload, as it was accepted."""

    upload_id: str
    source_id: str
    table: str
    path: Path
    sha256: str

    @property
    def name(self) -> str:
        return f"uploads/accepted/{self.upload_id}/{self.path.name}"


def accepted_folder(settings: Settings) -> Path:
    return settings.store_dir / "accepted"


def find_accepted(
    settings: Settings,
    uploads: Sequence[str],
    left_out: Collection[str],
    recorded: Mapping[str, Mapping[str, str]],
) -> list[AcceptedFile]:
    """The files of the given uploads, oldest upload first.

    `recorded` holds what the ledger says of published uploads: upload id -> table -> sha256. A file that is
    not what was published is refused.
    """
    found: list[AcceptedFile] = []
    for upload_id in uploads:
        folder = accepted_folder(settings) / upload_id
        staged = _staged(folder)
        source_id, tables = str(staged["source_id"]), dict(staged["files"])
        if source_id in left_out:
            continue
        expected = recorded.get(upload_id) or tables
        for table in sorted(expected):
            path = folder / f"{table}.csv"
            if table not in FIGURES or not path.is_file() or file_sha256(path) != expected[table]:
                raise InputError(
                    f"The figures of the upload {upload_id} are not those that were published: "
                    f"{path.name} is missing or was changed. Restore it from a backup: "
                    "python -m pipeline restore-backup. Or withdraw the upload."
                )
            found.append(AcceptedFile(upload_id, source_id, table, path, expected[table]))
    last = {(file.source_id, file.table, file.sha256): file for file in found}
    return [file for file in found if last[(file.source_id, file.table, file.sha256)] is file]


def _staged(folder: Path) -> Mapping[str, Any]:
    try:
        staged: Mapping[str, Any] = json.loads((folder / STAGED).read_bytes())
        if isinstance(staged["source_id"], str) and isinstance(staged["files"], dict):
            return staged
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise InputError(
        f"The figures of the upload {folder.name} are missing or damaged. Restore them from a backup: "
        "python -m pipeline restore-backup. Or withdraw the upload."
    )


def write_merged(table: str, base: Path | None, layers: Iterable[Path], target: Path) -> None:
    """Write a publisher's table with the uploaded files laid over it, oldest first."""
    rows = shipped_rows(base) if base is not None else []
    for layer in layers:
        rows = laid_over(table, rows, shipped_rows(layer))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIGURES[table], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def laid_over(
    table: str, base: Sequence[Mapping[str, str]], layer: Sequence[Mapping[str, str]]
) -> list[dict[str, str]]:
    """The rows of `base` with those of `layer` in their place; a table we hold nothing of is the layer's."""
    if not base:
        return [dict(row) for row in layer]
    return merge(table, [Row(table, dict(row)) for row in layer], base)[0]


def replace_groups(builder: Builder, files: Sequence[AcceptedFile]) -> None:
    """Take out of the raw tables what later municipal uploads speak for, and count what stays."""
    municipal = [file for file in files if file.source_id == MUNICIPAL]
    for position, later in enumerate(municipal):
        earlier = [file.sha256 for file in municipal[:position] if file.table == later.table]
        if not earlier:
            continue
        table = qualified(f"raw.{later.table}")
        same = " and ".join(
            f"later.{quote(column)} is not distinct from earlier.{quote(column)}"
            for column in GROUPS[later.table]
        )
        builder.execute(
            f"delete from {table} as earlier where list_contains($earlier, earlier.source_file_id) "
            f"and exists (select 1 from {table} as later where later.source_file_id = $later and {same})",
            {"earlier": earlier, "later": later.sha256},
        )
    for file in municipal:
        builder.execute(
            "update raw.source_file set row_count = "
            f"(select count(*) from {qualified(f'raw.{file.table}')} as kept "
            "where kept.source_file_id = $file) where source_file_id = $file and table_name = $table",
            {"file": file.sha256, "table": file.table},
        )


def add_aliases(builder: Builder, files: Sequence[AcceptedFile]) -> None:
    """Municipal uploads name cities by the register's own ids, so every id used stands for itself."""
    tables = sorted({file.table for file in files if file.source_id == MUNICIPAL})
    if not tables:
        return
    used = " union all ".join(
        f"select {quote(GROUPS[table][0])} as city_id, source_file_id, source_row "
        f"from {qualified(f'raw.{table}')} where source_id = $source"
        for table in tables
    )
    builder.execute(
        "insert into raw.city_alias (source_id, source_city_key, city_id, place_name, matched_by, reviewed, "
        "reason, source_file_id, source_row) "
        "select $source, used.city_id, used.city_id, city.name_en, 'id', 'yes', 'Uploaded for this city', "
        "min(used.source_file_id), min(used.source_row) "
        f"from ({used}) as used inner join raw.city as city on city.city_id = used.city_id "
        "group by used.city_id, city.name_en order by used.city_id",
        {"source": MUNICIPAL},
    )
