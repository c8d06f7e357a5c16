"""Checks that every coded word in the figures is one the registry explains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.catalogue import Catalogue
from pipeline.engine import Builder, quote
from pipeline.errors import InputError, nearest

#: Unknown words shown per column; the rest are counted.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Coded:
    """A column whose words must be known. `is_list` columns hold several, with `;` between them."""

    table: str
    column: str
    vocabulary: str
    is_list: bool = False


CODED = (
    Coded("emissions", "sector_id", "sectors"),
    Coded("emissions", "scope", "scopes"),
    Coded("emissions", "gas_basis", "gases"),
    Coded("emissions", "boundary_id", "boundaries"),
    Coded("emissions", "quality_id", "qualities"),
    Coded("emissions", "unit", "units"),
    Coded("emissions", "flags", "flags", is_list=True),
    Coded("emissions", "licence_id", "licences"),
    Coded("emissions", "inventory_kind", "inventory_kind"),
    Coded("emissions", "sector_level", "sector_level"),
    Coded("targets", "target_kind", "target_kind"),
    Coded("targets", "residual_meaning", "residual_meaning"),
    Coded("targets", "gas_basis", "gases"),
    Coded("targets", "unit", "units"),
    Coded("targets", "flags", "flags", is_list=True),
    Coded("targets", "licence_id", "licences"),
    Coded("energy", "sector_id", "sectors"),
    Coded("energy", "unit", "units"),
    Coded("energy", "flags", "flags", is_list=True),
    Coded("energy", "licence_id", "licences"),
    Coded("energy", "inventory_kind", "inventory_kind"),
    Coded("indicators", "indicator_id", "indicators"),
    Coded("indicators", "unit", "units"),
    Coded("indicators", "quality_id", "qualities"),
    Coded("indicators", "geo_level", "geo_level"),
    Coded("indicators", "flags", "flags", is_list=True),
    Coded("indicators", "licence_id", "licences"),
    Coded("partnerships", "kind_id", "kinds"),
    Coded("partnerships", "evidence_level_id", "evidence_levels"),
    Coded("partnerships", "status_id", "statuses"),
    Coded("partnerships", "flags", "partnership_flags", is_list=True),
    Coded("partnerships", "licence_id", "licences"),
    Coded("events", "kind_id", "event_kinds"),
    Coded("events", "date_precision", "date_precision"),
    Coded("events", "licence_id", "licences"),
    Coded("city", "group_id", "group_id"),
    Coded("city_alias", "source_id", "sources"),
    Coded("city_alias", "matched_by", "matched_by"),
    Coded("city_alias", "reviewed", "yes_no"),
    Coded("correction", "source_id", "sources"),
    Coded("partner_place", "place_kind", "partner_kind"),
)

#: Vocabularies fixed by what the SQL does with each word.
FIXED: dict[str, tuple[str, ...]] = {
    "inventory_kind": ("baseline", "monitoring", "inventory", "modelled", "restated"),
    "sector_level": ("total", "sector", "sub_sector"),
    "target_kind": (
        "base_year", "base_year_intensity", "fixed_level", "baseline_scenario", "net_zero", "no_target",
        "unclear",
    ),
    "residual_meaning": ("offset_amount", "ceiling", "remaining", "offset_with_further_gap", "unclear"),
    "geo_level": ("city", "urban_agglomeration", "functional_urban_area", "nuts3", "province"),
    "date_precision": ("day", "month", "year"),
    "group_id": ("mission", "lt", "tr", "other"),
    "matched_by": ("id", "name", "manual", "code"),
    "yes_no": ("yes", "no"),
    "partner_kind": ("place", "organisation"),
}  # fmt: skip


def check_vocabulary(builder: Builder, catalogue: Catalogue) -> None:
    """Refuse figures with a word nothing explains; every such word is named with its file and row."""
    faults = [
        fault for coded in CODED for fault in _unknown(builder, coded, _known(catalogue, coded.vocabulary))
    ]
    if faults:
        raise InputError("\n".join(faults))


def _known(catalogue: Catalogue, vocabulary: str) -> list[str]:
    if vocabulary in FIXED:
        return list(FIXED[vocabulary])
    section: Mapping[str, object] = getattr(catalogue, vocabulary)
    return list(section)


def _unknown(builder: Builder, coded: Coded, known: list[str]) -> Iterable[str]:
    column = quote(coded.column)
    word = f"unnest(string_split({column}, ';'))" if coded.is_list else column
    found = builder.rows(
        f"""
        with words as (
            select source_file_id, source_row, trim({word}) as word from raw.{quote(coded.table)}
            where {column} is not null
        ),
        unknown as (
            select
                word,
                arg_min(source_file_id, source_row) as source_file_id,
                min(source_row) as source_row,
                count(*) as row_count
            from words
            where word <> '' and not contains($known, word)
            group by word
        )
        select unknown.word, source_file.file_name, unknown.source_row, unknown.row_count
        from unknown
        inner join raw.source_file on source_file.source_file_id = unknown.source_file_id
        order by unknown.row_count desc, unknown.word
        """,
        {"known": known},
    )
    for value, file_name, row, count in found[:SHOWN]:
        yield (
            f"{file_name} row {row}: {coded.column} '{value}' is not in {coded.vocabulary} "
            f"({count} such row(s)){nearest(value, known)}."
        )
    if len(found) > SHOWN:
        yield f"{coded.table}.{coded.column}: {len(found) - SHOWN} more unknown words."
