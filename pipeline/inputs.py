"""Reads the CSV files into the `raw` schema: text as it stands, with file hash and row number.

The files are the committed figures, what `fetch` prepared of official ones, and published uploads.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.accepted import AcceptedFile, add_aliases, replace_groups, write_merged
from pipeline.engine import Builder, qualified, quote
from pipeline.errors import EngineError, InputError, nearest
from pipeline.hashing import file_sha256
from pipeline.schema import FIGURES, REFERENCE
from pipeline.settings import Settings

#: Kinds of source without a folder of figures: their facts are in `data/reference/` or in the store.
WITHOUT_FOLDER = frozenset({"reference", "base_map", "upload"})

#: Reference tables with one row per source and place; rows of left-out sources go too.
PER_SOURCE_REFERENCE = ("city_alias", "correction")

#: Columns of city.csv that name where other columns are from; these go when that source is left out.
CREDITED = {
    "population_source": ("population_count", "population_year"),
    "coordinate_source": ("latitude_deg", "longitude_deg"),
}


@dataclass(frozen=True, slots=True)
class InputFile:
    """One CSV file that goes into a build. `source_id` is None for reference files.

    `upload` is set for a municipal upload. `layers` are uploaded files of the same publisher, laid over the
    file oldest first.
    """

    source_id: str | None
    table: str
    path: Path
    name: str
    upload: AcceptedFile | None = None
    layers: tuple[AcceptedFile, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return REFERENCE[self.table] if self.source_id is None else FIGURES[self.table]


def find_inputs(
    settings: Settings,
    source_kinds: Mapping[str, str],
    left_out: Collection[str],
    accepted: Sequence[AcceptedFile] = (),
) -> list[InputFile]:
    """Every CSV file of a build, sorted; uploads last, oldest first.

    `source_kinds` holds the kind of each source in sources.yml, `accepted` the files of uploads.
    """
    faults = _folder_faults(settings.figures_dir, source_kinds, left_out)
    found = []
    for source_id in sorted(set(source_kinds) - set(left_out)):
        for path in preferred(settings, source_id):
            if path.stem not in FIGURES:
                faults.append(f"{_name(settings, path)} is no known table{nearest(path.stem, FIGURES)}.")
                continue
            layers = tuple(
                file for file in accepted if (file.source_id, file.table) == (source_id, path.stem)
            )
            found.append(InputFile(source_id, path.stem, path, _name(settings, path), layers=layers))
    for table in REFERENCE:
        path = settings.reference_dir / f"{table}.csv"
        if path.is_file():
            found.append(InputFile(None, table, path, _name(settings, path)))
        else:
            faults.append(f"{_name(settings, path)} is missing. Restore it; a build needs it.")
    if faults:
        raise InputError("\n".join(faults))
    layered = {(layer.source_id, layer.table) for file in found for layer in file.layers}
    for upload in accepted:
        if upload.source_id not in source_kinds:
            raise InputError(
                f"The upload {upload.upload_id} is of the source '{upload.source_id}', which sources.yml "
                "does not have. Withdraw the upload or restore the entry."
            )
        if (upload.source_id, upload.table) not in layered:
            found.append(InputFile(upload.source_id, upload.table, upload.path, upload.name, upload))
    return found


def preferred(settings: Settings, source_id: str) -> list[Path]:
    """The CSV files a build takes for a source: those `fetch` prepared where there are some, else ours."""
    shipped = {path.name: path for path in (settings.figures_dir / source_id).glob("*.csv")}
    fetched = {path.name: path for path in (settings.fetched_dir / source_id).glob("*.csv")}
    return [path for _, path in sorted((shipped | fetched).items())]


def load_inputs(builder: Builder, files: Sequence[InputFile], left_out: Collection[str]) -> None:
    """Fill the raw tables and `raw.source_file` from the files."""
    faults = [fault for file in files for fault in header_faults(file)]
    if faults:
        raise InputError("\n".join(faults))
    for table, columns in {**FIGURES, **REFERENCE}.items():
        kinds = dict.fromkeys(columns, "varchar")
        builder.create_table(f"raw.{table}", {**kinds, "source_file_id": "varchar", "source_row": "bigint"})
    records = [_load(builder, file) for file in files]
    uploads = [file.upload for file in files if file.upload is not None]
    builder.create_table(
        "raw.source_file",
        {
            "source_file_id": "varchar",
            "source_id": "varchar",
            "table_name": "varchar",
            "file_name": "varchar",
            "byte_count": "bigint",
            "row_count": "bigint",
        },
    )
    builder.insert("raw.source_file", records)
    replace_groups(builder, uploads)
    add_aliases(builder, uploads)
    _forget(builder, left_out)


def _forget(builder: Builder, left_out: Collection[str]) -> None:
    """Take what left-out sources contributed out of the reference tables too."""
    for source_id in sorted(left_out):
        for table in PER_SOURCE_REFERENCE:
            builder.execute(
                f"delete from {qualified(f'raw.{table}')} where source_id = $source", {"source": source_id}
            )
        for mark, columns in CREDITED.items():
            blanks = ", ".join(f"{quote(column)} = null" for column in (*columns, mark))
            # A source id may carry how the figure was had from it, as in `..._derived`.
            builder.execute(
                f"update raw.city set {blanks} where {quote(mark)} = $source "
                f"or starts_with({quote(mark)}, $source || '_')",
                {"source": source_id},
            )


def header_faults(file: InputFile) -> list[str]:
    """What is wrong with a file's first line, one sentence each; an empty list when nothing is."""
    try:
        with file.path.open(encoding="utf-8", newline="") as lines:
            header = next(csv.reader(lines), [])
    except UnicodeDecodeError:
        return [f"{file.name} is not UTF-8. Save it as UTF-8 without a byte order mark."]
    if header and header[0].startswith("\ufeff"):
        return [f"{file.name} starts with a byte order mark. Save it as UTF-8 without one."]
    missing = [column for column in file.columns if column not in header]
    faults = [
        f"{file.name}: column '{column}' is not known{nearest(column, missing)}."
        for column in header
        if column not in file.columns
    ]
    faults += [f"{file.name}: column '{column}' is missing." for column in missing]
    if not faults and tuple(header) != file.columns:
        faults = [f"{file.name}: the columns must be, in this order: {', '.join(file.columns)}."]
    return faults


def _load(builder: Builder, file: InputFile) -> tuple[object, ...]:
    """Add one file to its raw table; gives the file's row of `raw.source_file`."""
    fault = _first_bad_line(file)
    if fault is not None:
        raise InputError(fault)
    path, name = file.path, file.name
    if file.layers:
        path = builder.path.with_suffix(".layers")
        write_merged(file.table, file.path, [layer.path for layer in file.layers], path)
        name = " + ".join([name, *(layer.name for layer in file.layers)])
    sha256, byte_count = file_sha256(path), path.stat().st_size
    table = f"raw.{file.table}"
    try:
        row_count = builder.insert_csv(table, file.columns, path, sha256)
    except EngineError as error:
        raise InputError(f"{name}: {error}") from error
    if file.layers:
        path.unlink()
    if file.source_id is not None:
        strangers = builder.rows(
            f"select source_row, source_id from {qualified(table)} "
            "where source_file_id = $file and source_id is distinct from $source order by source_row limit 1",
            {"file": sha256, "source": file.source_id},
        )
        if strangers:
            row, found = strangers[0]
            raise InputError(
                f"{file.name} row {row}: source_id is '{found or ''}', but the folder is '{file.source_id}'. "
                "Rows of another source belong in that source's folder."
            )
    return (sha256, file.source_id, file.table, name, byte_count, row_count)


def _first_bad_line(file: InputFile) -> str | None:
    """The first line whose number of cells differs from the header's, as a sentence.

    Counted here because DuckDB lets one empty cell too many pass, which hides a shifted row.
    """
    with file.path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        try:
            for cells in reader:
                if len(cells) != len(file.columns):
                    return (
                        f"{file.name} line {reader.line_num} has {len(cells)} cells, "
                        f"but {len(file.columns)} are expected. Look for a missing or an unquoted comma."
                    )
        except (csv.Error, UnicodeDecodeError) as error:
            return f"{file.name} cannot be read after line {reader.line_num}: {error}."
    return None


def _folder_faults(
    figures_dir: Path, source_kinds: Mapping[str, str], left_out: Collection[str]
) -> list[str]:
    folders = (
        {path.name for path in figures_dir.iterdir() if path.is_dir()} if figures_dir.is_dir() else set()
    )
    faults = [
        f"data/figures/{source_id} is missing, but sources.yml lists it. Restore the folder, or leave the "
        f"source out by name: MISSION_LEAVE_OUT={source_id}."
        for source_id, kind in sorted(source_kinds.items())
        if source_id not in folders and source_id not in left_out and kind not in WITHOUT_FOLDER
    ]
    faults += [
        f"data/figures/{folder} has no entry in sources.yml{nearest(folder, source_kinds)}. "
        "Add one or remove the folder."
        for folder in sorted(folders - set(source_kinds))
    ]
    return faults


def _name(settings: Settings, path: Path) -> str:
    return f"data/{path.relative_to(settings.data_dir).as_posix()}"
