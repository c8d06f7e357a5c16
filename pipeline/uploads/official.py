"""Publishers' own files brought by staff: recognised by their shape, read with the readers `fetch` uses, and
accounted for row by row.

    recognise(path, name) -> str | None        the shape's id, whatever the file is called; None: another file
    read_official(settings, path, shape_id, name=..., cities=...) -> Checked

Each row of the file is accepted, missing (it holds no figure) or refused for a reason with words in
catalogue/faults.yml, so that read = accepted + missing + refused. Most rows of a publisher's file are of
places we do not follow: that is no fault, they are counted under `place_unknown` or `country_outside`. A row
that cannot be read is left out and named, and reading goes on.

The accepted figures lie as CSV files beside the received file; the build lays them over the figures we hold
of the publisher by `pipeline/sources/update.py`, so that what was judged by hand stays.

    python -m pipeline uploads report FILE     the account of one file
"""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.catalogue import load_catalogue
from pipeline.harmonise import Finder, Name
from pipeline.schema import FIGURES
from pipeline.settings import Settings
from pipeline.sources import countries
from pipeline.sources.account import plain_name
from pipeline.uploads.child import Outcome, run_child
from pipeline.uploads.explain import explain
from pipeline.uploads.limits import Caps, Limits
from pipeline.uploads.model import MUNICIPAL, SHOWN_FAULTS, Checked, Choices, Fault, Record, Tally
from pipeline.uploads.official_shapes import ECRF, SHAPES, source_of, title_of
from pipeline.uploads.receive import safe_name
from pipeline.uploads.store import write_bytes
from pipeline.uploads.wire import fault_from_json

#: A publisher's file holds the whole of Europe, so it may cost more than a city's own table. The largest we
#: know, the Covenant's workbook of 2019 (3.8 MB, 28 MB unpacked, 61,000 rows), took 9 to 13 s and 210 MB: the
#: limits leave room for a later edition twice as large on a machine half as fast.
OFFICIAL_BYTES = 25_000_000
LIMITS = Limits(
    memory_bytes=1 << 30,
    cpu_seconds=60,
    wall_seconds=180.0,
    result_bytes=256 << 20,
    caps=Caps(text_rows=300_000, sheet_rows=300_000, columns=400, expanded_bytes=120_000_000),
)

#: Faults that the report of a file on the command line repeats.
REPORTED = 20

#: Sheets are only looked at, not read: a file that needs longer than this is none we know.
LOOKING = Limits(cpu_seconds=20, wall_seconds=40.0, caps=LIMITS.caps)

#: The registered indicator that stands for each table in what a person may publish; see `drafts.py`.
INDICATORS = {"emissions": "ghg_total_t", "energy": "energy_total_mwh", "targets": "ghg_total_t"}


def recognise(path: Path, name: str = "") -> str | None:
    """Which publisher's layout the file has, found in a child process; None when it is another file."""
    if path.stat().st_size > OFFICIAL_BYTES:
        return None
    outcome = run_child("pipeline.uploads.official_read:recognise", _arguments(path, name), LOOKING)
    shape = outcome.value.get("shape") if isinstance(outcome.value, dict) else None
    return shape if shape == ECRF or shape in SHAPES else None


def read_official(
    settings: Settings,
    path: Path,
    shape_id: str,
    *,
    name: str = "",
    cities: Collection[str] | None = None,
    city_id: str | None = None,
) -> Checked:
    """Read a recognised file in a child process.

    `cities` are the person's own, None for all; `city_id` is the city of an eCRF if the person has named it.
    """
    return read_with_cost(settings, path, shape_id, name=name, cities=cities, city_id=city_id)[0]


def read_with_cost(
    settings: Settings,
    path: Path,
    shape_id: str,
    *,
    name: str = "",
    cities: Collection[str] | None = None,
    city_id: str | None = None,
    into: Path | None = None,
) -> tuple[Checked, Outcome]:
    """As `read_official`, and what the child process took; `into` is the folder of the figures."""
    source_id = source_of(shape_id)
    aliases = _aliases(settings, source_id)
    wanted = {key for key, city in aliases.items() if cities is None or city in cities}
    asked = {
        "shape_id": shape_id,
        "places": sorted(wanted),
        "others": sorted(set(aliases) - wanted),
        "by_name": _by_name(settings, source_id),
    }
    outcome = run_child("pipeline.uploads.official_read:read", _arguments(path, name) | asked, LIMITS)
    if outcome.fault is not None:
        return _stopped(shape_id, outcome.fault), outcome
    try:
        if shape_id == ECRF:
            return _own_workbook(settings, outcome.value, cities, city_id), outcome
        return _published(shape_id, aliases, outcome.value, into or path.parent / "figures"), outcome
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return _stopped(shape_id, Fault("file_unreadable")), outcome


def _arguments(path: Path, name: str) -> dict[str, object]:
    return {"path": str(path.absolute()), "label": safe_name(name or path.name), "caps": asdict(LIMITS.caps)}


def _published(shape_id: str, aliases: Mapping[str, str], answer: Mapping[str, Any], folder: Path) -> Checked:
    """The outcome of a publisher's file, with its figures written beside it under the hash of each table.

    Two people may bring the same file and have a say about different cities, so the name tells the content.
    """
    tables: dict[str, str] = {}
    for table, text in answer["tables"].items():
        if table not in FIGURES or not text.startswith(",".join(FIGURES[table]) + "\n"):
            raise ValueError(f"{table} has other columns than ours")
        contents = text.encode()
        file = folder / f"{hashlib.sha256(contents).hexdigest()}.csv"
        write_bytes(file, contents)
        tables[table] = str(file)
    return Checked(
        source_id=source_of(shape_id),
        records=(),
        faults=_faults(answer),
        counts=_counts(answer["counts"]),
        tally=_tally(answer["tally"]),
        choices=Choices(table="emissions"),
        title=title_of(shape_id),
        tables=tables,
        cities=tuple(sorted({aliases[key] for key in answer["places"]})),
        indicators=tuple(sorted({INDICATORS[table] for table in tables if table in INDICATORS})),
    )


def _own_workbook(
    settings: Settings, answer: Mapping[str, Any], cities: Collection[str] | None, city_id: str | None
) -> Checked:
    """The outcome of an eCRF: figures of one city, which its first sheet names."""
    about = {str(key): str(value) for key, value in answer["about"].items()}
    faults, counts = list(_faults(answer)), _counts(answer["counts"])
    found, fault = (city_id, None) if city_id else _city(settings, about)
    if fault is None and cities is not None and found not in cities:
        fault = Fault("official_ecrf_not_yours", value=about.get("city", ""))
    if fault is not None:
        faults.insert(0, fault)
        counts[fault.code] = counts.get(fault.code, 0) + 1
    register = _register(settings).get(found or "", {})
    records = tuple(
        Record(
            "emissions",
            {
                **dict.fromkeys(FIGURES["emissions"], ""),
                **{str(key): str(value) for key, value in cells.items()},
                "source_id": MUNICIPAL,
                "source_city_key": found or "",
                "city_name": register.get("name_en", ""),
                "country_iso2": register.get("country_iso2", ""),
                "licence_id": "cc_by_4_0",
            },
            found or "",
            int(row),
        )
        for row, cells in answer["records"]
        if found and fault is None
    )
    return Checked(
        source_id=MUNICIPAL,
        records=records,
        faults=tuple(faults[:SHOWN_FAULTS]),
        counts=counts,
        tally=_tally(answer["tally"]),
        choices=Choices(table="emissions", constants={"city": found} if found else {}),
        title=title_of(ECRF),
        cities=(found,) if found else (),
        indicators=(INDICATORS["emissions"],),
    )


def _city(settings: Settings, about: Mapping[str, str]) -> tuple[str | None, Fault | None]:
    """The register's city of that name in that country, or the fault that says it is not there."""
    country = countries.from_name(about.get("country", ""))
    names = [
        Name(city["city_id"], spelling, city["country_iso2"])
        for city in _register(settings).values()
        for spelling in dict.fromkeys((city["name_en"], city["name_local"]))
        if spelling
    ]
    match = Finder(names).find(about.get("city", ""), country, 3)
    if match.city_id is not None:
        return match.city_id, None
    near = ", ".join(f"{name.name} ({name.country_iso2})" for name in match.suggestions) or "–"
    return None, Fault("official_ecrf_city", value=about.get("city", ""), params={"near": near})


def _register(settings: Settings) -> dict[str, dict[str, str]]:
    with (settings.reference_dir / "city.csv").open(encoding="utf-8", newline="") as file:
        return {row["city_id"]: row for row in csv.DictReader(file)}


def _aliases(settings: Settings, source_id: str) -> dict[str, str]:
    """The publisher's id of each place we follow -> our city."""
    return {row["source_city_key"]: row["city_id"] for row in _alias_rows(settings, source_id)}


def _by_name(settings: Settings, source_id: str) -> dict[str, str]:
    """Plain name -> the publisher's id, where one place alone has that name."""
    keys: dict[str, set[str]] = {}
    for row in _alias_rows(settings, source_id):
        keys.setdefault(plain_name(row["place_name"]), set()).add(row["source_city_key"])
    return {name: next(iter(found)) for name, found in keys.items() if name and len(found) == 1}


def _alias_rows(settings: Settings, source_id: str) -> list[dict[str, str]]:
    with (settings.reference_dir / "city_alias.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["source_id"] == source_id]


def _stopped(shape_id: str, fault: Fault) -> Checked:
    return Checked(source_of(shape_id), (), (fault,), {fault.code: 1}, Tally(), Choices(), title_of(shape_id))


def _faults(answer: Mapping[str, Any]) -> tuple[Fault, ...]:
    return tuple(fault_from_json(fault) for fault in answer["faults"][:SHOWN_FAULTS])


def _counts(values: Mapping[str, Any]) -> dict[str, int]:
    return {str(code): int(count) for code, count in values.items()}


def _tally(values: list[Any]) -> Tally:
    read, accepted, missing, refused = values
    tally = Tally(int(read), int(accepted), int(missing), _counts(refused))
    if tally.read != tally.accepted + tally.missing + sum(tally.refused.values()):
        raise ValueError("the rows do not add up")
    return tally


def report(settings: Settings, path: Path) -> str:
    """The account of one file in words, and what reading it took. Nothing is kept."""
    shape_id = recognise(path, path.name) if path.is_file() else None
    if shape_id is None:
        return f"{path.name}: not there, or not a publisher's layout that is known here."
    catalogue = load_catalogue(settings)
    with tempfile.TemporaryDirectory(prefix="mission-report-") as folder:
        checked, outcome = read_with_cost(settings, path, shape_id, name=path.name, into=Path(folder))
    tally = checked.tally
    lines = [
        f"{path.name}: {checked.title}",
        f"  {tally.read} rows read = {tally.accepted} accepted + {tally.missing} without a figure "
        f"+ {sum(tally.refused.values())} refused",
        *(f"    {count} {catalogue.faults[code].title} ({code})" for code, count in tally.refused.items()),
        f"  cities: {len(checked.cities)}; {outcome.seconds:.1f} s, {outcome.peak_bytes / 1e6:.0f} MB",
    ]
    for fault in checked.faults[:REPORTED]:
        told = explain(fault, catalogue)
        lines.append(f"  {told.severity}: {told.text}")
    more = sum(checked.counts.values()) - REPORTED
    return "\n".join(lines + ([f"  and {more} more"] if more > 0 else []))
