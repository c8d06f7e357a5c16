"""Reads and checks a whole file at once, and gives its figures in the columns of `pipeline/schema.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.harmonise import ascii_key
from pipeline.schema import FIGURES
from pipeline.uploads import check_groups
from pipeline.uploads.check_lines import SEVERAL_LINES, added_up, lines_used
from pipeline.uploads.check_rows import Figure, RowReader
from pipeline.uploads.check_sums import Outcome, sums
from pipeline.uploads.columns import IGNORE
from pipeline.uploads.context import UNIT_OF, Context
from pipeline.uploads.mapping import Proposal, grid_of, propose
from pipeline.uploads.model import (
    MUNICIPAL,
    SHOWN_FAULTS,
    Checked,
    Choices,
    Content,
    Fault,
    Grid,
    Record,
    Tally,
)
from pipeline.uploads.number import plain
from pipeline.uploads.sheet_facts import sheet_faults
from pipeline.uploads.text import cut

#: The licence of figures whose bringer names no other.
LICENCE = "cc_by_4_0"

#: Choices.answers: what to do about an inventory without a total; "add" adds its sectors.
NO_TOTAL = "no_total"

#: Choices.constants: the licence of the form.
LICENCE_FIELD = "licence"


def check(content: Content, choices: Choices, context: Context) -> Checked:
    """Every fault of the file at once, and the figures that are in order. No content makes it raise."""
    proposal = propose(content, choices, context)
    grid = grid_of(content, proposal.choices)
    faults = [*content.faults, *proposal.questions]
    if grid is None or proposal.header_row is None:
        if not any(fault.code != "hidden_sheets" for fault in faults):
            faults.append(Fault("empty"))
        return _checked(faults, (), Tally(), proposal.choices, context)
    used = [one.index for one in proposal.columns if one.field_id and one.field_id != IGNORE]
    faults += [*sheet_faults(grid, proposal.header_row, used), *_columns(grid, proposal, context)]
    reader = RowReader(grid, proposal, context)
    found = list(reader.figures())
    if reader.counts.read == len(reader.counts.missing):
        faults.append(Fault("empty", grid.sheet))
    complete = _complete(found, reader, proposal, context)
    check_groups.mixed_units(proposal.table, complete, reader)
    single = added_up(proposal.table, complete, reader, proposal.choices.answers.get(SEVERAL_LINES, ""))
    kept = check_groups.duplicates(proposal.table, single, reader)
    check_groups.places(kept, reader)
    check_groups.ranges(proposal.table, kept, reader)
    check_groups.shares(kept, reader)
    check_groups.jumps(proposal.table, kept, reader)
    outcome = sums(proposal.table, kept, reader, proposal.choices.answers.get(NO_TOTAL) == "add")
    records = [_record(figure, reader, proposal, context, outcome) for figure in (*kept, *outcome.totals)]
    counts = reader.counts
    tally = Tally(
        read=counts.read,
        accepted=lines_used(kept),
        missing=len(counts.missing),
        refused={code: count for code, count in sorted(counts.refused.items()) if count},
    )
    faults += reader.faults
    checked = _checked(faults, records, tally, proposal.choices, context, grid)
    return replace(checked, missing=tuple(reader.counts.missing))


def _checked(
    faults: Sequence[Fault],
    records: Sequence[Record],
    tally: Tally,
    choices: Choices,
    context: Context,
    grid: Grid | None = None,
) -> Checked:
    """The outcome with faults in the order of the file, those of the whole file first."""
    ordered = sorted(faults, key=lambda fault: (fault.row is not None, fault.row or 0))
    cities = sorted({record.city_id for record in records})
    names = ", ".join(context.places.by_id[city].name for city in cities[:3])
    return Checked(
        source_id=MUNICIPAL,
        records=tuple(records),
        faults=tuple(ordered[:SHOWN_FAULTS]),
        counts=dict(Counter(fault.code for fault in ordered)),
        tally=tally,
        choices=choices,
        title=names + (" …" if len(cities) > 3 else "") if names else (cut(grid.sheet) if grid else ""),
        every_fault=tuple(ordered) if len(ordered) > SHOWN_FAULTS else (),
        cities=tuple(cities),
        indicators=tuple(sorted(indicators_of(choices.table or "", records))),
    )


def indicators_of(table: str, records: Iterable[Record]) -> frozenset[str]:
    """Ids of the indicators that records are about, for the person's reach."""
    if table == "indicators":
        return frozenset(record.cells["indicator_id"] for record in records)
    about = {"emissions": "ghg_total_t", "targets": "ghg_total_t", "energy": "energy_total_mwh"}.get(table)
    return frozenset({about}) if about and list(records) else frozenset()


def _columns(grid: Grid, proposal: Proposal, context: Context) -> list[Fault]:
    """Two columns of one meaning, and no column of figures at all."""
    faults = []
    fields = context.catalogue.upload_fields
    seen: dict[tuple[object, ...], str] = {}
    for one in proposal.columns:
        if not one.field_id or one.field_id == IGNORE:
            continue
        parts = (one.fixed.get(name) for name in ("sector", "source_sector", "indicator", "scope"))
        key = (one.field_id, one.year, *parts)
        name = cut(one.header, 60) or one.letter
        if key in seen:
            params = {
                "other": seen[key],
                "field": fields[one.field_id].title if one.field_id in fields else "",
            }
            faults.append(Fault("duplicate_column", grid.sheet, None, name, params=params))
        seen.setdefault(key, name)
    meanings = {one.field_id for one in proposal.columns}
    needed = {"value"} if proposal.table != "targets" else {"target_year", "net_zero_year", "reduction_pct"}
    if not needed & meanings:
        first = "value" if proposal.table != "targets" else "target_year"
        faults.append(Fault("missing_column", grid.sheet, params={"field": fields[first].title}))
    return faults


def _complete(
    found: Iterable[Figure], reader: RowReader, proposal: Proposal, context: Context
) -> list[Figure]:
    """Figures that say all they must; the others wait for an answer that was asked for."""
    fields = context.catalogue.upload_fields
    needed = [
        field_id
        for field_id, record in fields.items()
        if proposal.table in record.required and field_id not in ("value", "unit")
    ]
    kept = []
    for figure in found:
        lacking = [field_id for field_id in needed if field_id not in figure.cells]
        if lacking:
            reader.counts.refused["constant_needed"] += 1
            if not proposal.asks:
                reader.fault("cell_blank", figure.row, figure.column, field=fields[lacking[0]].title)
            continue
        kept.append(figure)
    return kept


def _record(
    figure: Figure, reader: RowReader, proposal: Proposal, context: Context, outcome: Outcome
) -> Record:
    """A figure in the columns of its table."""
    table, cells = proposal.table, figure.cells
    place = context.places.by_id[cells["city"]]
    licence = proposal.choices.constants.get(LICENCE_FIELD, LICENCE)
    flag, why = outcome.flags.get(id(figure), ("", ""))
    every = {
        "source_id": MUNICIPAL,
        "source_city_key": place.city_id,
        "source_place_key": place.city_id,
        "city_name": place.name,
        "place_name": place.name,
        "country_iso2": place.country_iso2,
        "year": cells.get("year", ""),
        "inventory_kind": cells.get("inventory_kind", "inventory"),
        "sector_id": cells.get("sector", ""),
        "sector_level": outcome.levels.get(id(figure), ""),
        "source_sector": cells.get("source_sector", ""),
        "scope": cells.get("scope", ""),
        "gas_basis": cells.get("gas_basis", ""),
        "series_key": ascii_key(cells.get("method", "")).replace(" ", "_") or "main",
        "unit": UNIT_OF.get(table, ""),
        "boundary_id": cells.get("boundary", "administrative"),
        "quality_id": "self_reported",
        "flags": flag,
        "flag_reason": why,
        "note": cells.get("note", ""),
        "source_ref": cells.get("source_ref", ""),
        "licence_id": licence if licence in context.catalogue.licences else LICENCE,
        "geo_level": "city",
        "indicator_id": cells.get("indicator", ""),
        "target_kind": cells.get("target_kind", ""),
        "base_year": cells.get("base_year", ""),
        "target_year": cells.get("target_year", ""),
        "net_zero_year": cells.get("net_zero_year", ""),
        "is_per_capita": {"yes": "true", "no": "false"}.get(cells.get("is_per_capita", ""), ""),
    }
    if table == "indicators":
        every["unit"] = context.catalogue.indicators[cells["indicator"]].unit
    if table == "targets":
        every["gas_basis"] = cells.get("gas_basis", "unknown")
        every["scope"] = cells.get("scope", "target_boundary")
    numbers = {
        "population_count" if key == "population" else key: plain(value)
        for key, value in figure.values.items()
    }
    every |= numbers
    row = {name: every.get(name, "") for name in FIGURES[table]}
    return Record(table, row, place.city_id, reader.line(figure.row), figure.column)
