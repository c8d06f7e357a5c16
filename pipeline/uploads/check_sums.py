"""Which figures of an inventory are parts of which, and whether the parts add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.records import Sector
from pipeline.uploads.check_groups import TOTALS, limit_of_sums
from pipeline.uploads.check_lines import reason
from pipeline.uploads.check_rows import Figure, RowReader
from pipeline.uploads.number import plain

#: Rounding allowed beside the relative tolerance, in t or MWh.
ROUNDING = Decimal(5)

#: What fields make one inventory.
INVENTORY = ("city", "year", "scope", "gas_basis", "method")


@dataclass(slots=True)
class Outcome:
    """Level and marks of each figure by identity, and totals made by adding where that was asked for."""

    levels: dict[int, str] = field(default_factory=dict)
    flags: dict[int, tuple[str, str]] = field(default_factory=dict)
    totals: list[Figure] = field(default_factory=list)


def sums(table: str, figures: Sequence[Figure], reader: RowReader, is_added: bool) -> Outcome:
    """Gives every figure its level and warns of sums that differ and of sectors without a total."""
    outcome = Outcome()
    if table not in ("emissions", "energy"):
        return outcome
    groups: defaultdict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[tuple(figure.cells.get(name, "") for name in INVENTORY)].append(figure)
        if figure.lines:
            outcome.flags[id(figure)] = ("computed_sum", reason(figure, reader))
    sectors = reader.context.catalogue.sectors
    for members in groups.values():
        levels = levels_of([figure.cells["sector"] for figure in members], sectors)
        for figure, level in zip(members, levels, strict=True):
            outcome.levels[id(figure)] = level
        _total(table, members, levels, reader, outcome, is_added)
        _parts(members, sectors, reader)
    return outcome


def levels_of(names: Sequence[str], sectors: Mapping[str, Sector]) -> list[str]:
    """total, sector (adds to the total) or sub_sector (part of a sector that is there too)."""
    present = set(names)
    return [
        "total" if name in TOTALS else "sub_sector" if _wider(name, sectors) & present else "sector"
        for name in names
    ]


def _wider(name: str, sectors: Mapping[str, Sector]) -> set[str]:
    found: set[str] = set()
    parent = sectors[name].parent
    while parent is not None and parent not in found:
        found.add(parent)
        parent = sectors[parent].parent
    return found


def _total(
    table: str,
    members: Sequence[Figure],
    levels: Sequence[str],
    reader: RowReader,
    outcome: Outcome,
    is_added: bool,
) -> None:
    totals = [figure for figure, level in zip(members, levels, strict=True) if level == "total"]
    parts = [figure for figure, level in zip(members, levels, strict=True) if level == "sector"]
    if not parts:
        return
    added = sum((figure.values["value"] for figure in parts), Decimal(0))
    if not totals:
        if table == "emissions" and len(parts) >= 2:
            _without_total(parts, added, reader, outcome, is_added)
        return
    if len(parts) < 2:
        return
    total = totals[0]
    printed = total.values["value"]
    if _agrees(added, printed, reader):
        if any(figure.values["value"] < 0 for figure in parts):
            outcome.flags[id(total)] = ("net_of_removals", "Parts below zero are in the sum")
        return
    params = {"sum": plain(added), "difference": plain(added - printed), "count": str(len(parts))}
    params |= {"year": total.cells["year"]}
    reader.fault("sums_differ", total.row, total.column, plain(printed), **params)
    outcome.flags[id(total)] = ("sums_differ", "The sectors of the file do not add up to its total")


def _without_total(
    parts: Sequence[Figure], added: Decimal, reader: RowReader, outcome: Outcome, is_added: bool
) -> None:
    first = parts[0]
    if not is_added:
        params = {"sum": plain(added), "count": str(len(parts)), "year": first.cells["year"]}
        reader.fault("no_total", first.row, first.column, "", **params)
        return
    total = Figure(first.row, first.column, {**first.cells, "sector": "total"}, {"value": added})
    total.cells.pop("source_sector", None)
    if "population" in first.values:
        total.values["population"] = first.values["population"]
    outcome.levels[id(total)] = "total"
    outcome.flags[id(total)] = ("computed_sum", "The file has no total; its sectors were added")
    outcome.totals.append(total)


def _parts(members: Sequence[Figure], sectors: Mapping[str, Sector], reader: RowReader) -> None:
    """Warns where parts add up to more than the sector they belong to."""
    by_sector = {figure.cells["sector"]: figure for figure in members}
    for name, whole in by_sector.items():
        parts = [figure for figure in members if sectors[figure.cells["sector"]].parent == name]
        added = sum((figure.values["value"] for figure in parts), Decimal(0))
        if name in TOTALS or not parts or any(figure.values["value"] < 0 for figure in (*parts, whole)):
            continue
        printed = whole.values["value"]
        if added > printed and not _agrees(added, printed, reader):
            params = {"sum": plain(added), "sector": sectors[name].title}
            reader.fault("parts_exceed", whole.row, whole.column, plain(printed), **params)


def _agrees(added: Decimal, printed: Decimal, reader: RowReader) -> bool:
    limit = Decimal(str(limit_of_sums(reader.context)))
    return abs(added - printed) <= limit * abs(printed) + min(ROUNDING, abs(printed) / 10)
