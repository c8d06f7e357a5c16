"""The registry: what every id in the figures means, typed, frozen and checked against itself.

Everything a page prints about a number comes from here. The YAML files are in `pipeline/catalogue/` and
`data/figures/sources.yml`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import CatalogueError, nearest
from pipeline.records import (
    EvidenceLevel,
    FaultWords,
    Flag,
    Indicator,
    Licence,
    MissingReason,
    PartnershipKind,
    Reason,
    Scope,
    Sector,
    SeriesReason,
    Source,
    Term,
    Threshold,
    Topic,
    Unit,
    UploadField,
    ValueWords,
    Verdict,
    Yardstick,
)
from pipeline.registry import IsRecord, columns, read_section, read_yaml, row
from pipeline.settings import AMBER, Settings, load_settings

if TYPE_CHECKING:
    from pipeline.engine import Builder

__all__ = [
    "Catalogue",
    "EvidenceLevel",
    "FaultWords",
    "Flag",
    "Indicator",
    "Licence",
    "MissingReason",
    "PartnershipKind",
    "Reason",
    "Scope",
    "Sector",
    "SeriesReason",
    "Source",
    "Term",
    "Threshold",
    "Topic",
    "Unit",
    "UploadField",
    "ValueWords",
    "Verdict",
    "Yardstick",
    "contradictions",
    "load_catalogue",
    "load_tables",
]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every section of the registry, each a mapping from id to record in the file's order."""

    indicators: Mapping[str, Indicator]
    sources: Mapping[str, Source]
    units: Mapping[str, Unit]
    sectors: Mapping[str, Sector]
    scopes: Mapping[str, Scope]
    gases: Mapping[str, Term]
    boundaries: Mapping[str, Term]
    qualities: Mapping[str, Term]
    flags: Mapping[str, Flag]
    yardsticks: Mapping[str, Yardstick]
    verdicts: Mapping[str, Verdict]
    reasons: Mapping[str, Reason]
    series_reasons: Mapping[str, SeriesReason]
    thresholds: Mapping[str, Threshold]
    licences: Mapping[str, Licence]
    topics: Mapping[str, Topic]
    kinds: Mapping[str, PartnershipKind]
    evidence_levels: Mapping[str, EvidenceLevel]
    statuses: Mapping[str, Term]
    partnership_flags: Mapping[str, Term]
    event_kinds: Mapping[str, Term]
    faults: Mapping[str, FaultWords]
    upload_fields: Mapping[str, UploadField]
    upload_words: Mapping[str, ValueWords]
    missing_reasons: Mapping[str, MissingReason]
    headings: Mapping[str, ValueWords]
    upload_labels: Mapping[str, Term]
    as_of_year: int

    def left_out(self, asked: Collection[str]) -> frozenset[str]:
        """The sources a build leaves out: those named, and every amber one when `amber` is named."""
        named = set(asked) - {AMBER}
        for source_id in sorted(named - set(self.sources)):
            raise CatalogueError(
                f"MISSION_LEAVE_OUT names '{source_id}', which sources.yml does not have"
                f"{nearest(source_id, self.sources)}. Correct it, so that nothing is shown by mistake."
            )
        if AMBER in asked:
            named |= {key for key, source in self.sources.items() if source.licence_verdict == "amber"}
        return frozenset(named)


@dataclass(frozen=True, slots=True)
class Section:
    """Where a part of the registry is read from.

    SQL finds it in `raw.catalogue_<singular>`, unless only the upload uses it (`in_database` is false).
    """

    attribute: str
    singular: str
    record: type[IsRecord]
    file: str
    section: str | None = None
    in_database: bool = True


SECTIONS = (
    Section("indicators", "indicator", Indicator, "indicators"),
    Section("sources", "source", Source, "sources"),
    Section("units", "unit", Unit, "units"),
    Section("sectors", "sector", Sector, "sectors"),
    Section("scopes", "scope", Scope, "scopes"),
    Section("gases", "gas", Term, "gases"),
    Section("boundaries", "boundary", Term, "boundaries"),
    Section("qualities", "quality", Term, "qualities"),
    Section("flags", "flag", Flag, "flags"),
    Section("yardsticks", "yardstick", Yardstick, "yardsticks"),
    Section("verdicts", "verdict", Verdict, "verdicts", "verdicts"),
    Section("reasons", "reason", Reason, "verdicts", "reasons"),
    Section("series_reasons", "series_reason", SeriesReason, "verdicts", "series_reasons"),
    Section("thresholds", "threshold", Threshold, "verdicts", "thresholds"),
    Section("licences", "licence", Licence, "licences"),
    Section("topics", "topic", Topic, "topics"),
    Section("kinds", "kind", PartnershipKind, "partnerships", "kinds"),
    Section("evidence_levels", "evidence_level", EvidenceLevel, "partnerships", "evidence_levels"),
    Section("statuses", "status", Term, "partnerships", "statuses"),
    Section("partnership_flags", "partnership_flag", Term, "partnerships", "flags"),
    Section("event_kinds", "event_kind", Term, "partnerships", "event_kinds"),
    Section("faults", "fault", FaultWords, "faults", in_database=False),
    Section("upload_fields", "upload_field", UploadField, "upload_fields", "fields", in_database=False),
    Section("upload_words", "upload_word", ValueWords, "upload_fields", "words", in_database=False),
    Section(
        "missing_reasons", "missing_reason", MissingReason, "upload_fields", "missing", in_database=False
    ),
    Section("headings", "heading", ValueWords, "upload_fields", "headings", in_database=False),
    Section("upload_labels", "upload_label", Term, "upload_fields", "labels", in_database=False),
)


def load_catalogue(settings: Settings | None = None) -> Catalogue:
    """Read and cross-check the whole registry; all contradictions are reported at once."""
    used = settings or load_settings()
    paths = {name: used.catalogue_dir / f"{name}.yml" for name in {section.file for section in SECTIONS}}
    paths["sources"] = used.sources_file
    contents = {name: read_yaml(path) for name, path in sorted(paths.items())}
    sections: dict[str, Any] = {
        part.attribute: read_section(paths[part.file], contents[part.file], part.section, part.record)
        for part in SECTIONS
    }
    catalogue = Catalogue(**sections, as_of_year=_year(paths["verdicts"], contents["verdicts"]))
    faults = list(contradictions(catalogue))
    if faults:
        raise CatalogueError("\n".join(faults))
    return catalogue


def load_tables(builder: Builder, catalogue: Catalogue, left_out: Collection[str]) -> None:
    """Fill `raw.catalogue_<singular>` for every section; sources left out are left out here too."""
    for part in SECTIONS:
        if not part.in_database:
            continue
        records: Mapping[str, IsRecord] = getattr(catalogue, part.attribute)
        (_, *kinds), names = columns(part.record).values(), list(columns(part.record))
        table = f"raw.catalogue_{part.singular}"
        builder.create_table(
            table, {f"{part.singular}_id": "varchar", **dict(zip(names[1:], kinds, strict=True))}
        )
        left = left_out if part.attribute == "sources" else ()
        builder.insert(table, [row(record) for key, record in records.items() if key not in left])
    as_of = Threshold("as_of_year", float(catalogue.as_of_year), "The year up to which ages are counted.")
    builder.insert("raw.catalogue_threshold", [row(as_of)])


def contradictions(catalogue: Catalogue) -> Iterator[str]:
    """Every id an entry uses that nothing defines and every value outside its list, as sentences."""
    for key, indicator in catalogue.indicators.items():
        where = f"indicators.yml: entry '{key}'"
        yield from _unknown(where, "unit", [indicator.unit], catalogue.units, "units.yml")
        yield from _unknown(where, "topics", indicator.topics, catalogue.topics, "topics.yml")
        yield from _unknown(where, "source_rank", indicator.source_rank, catalogue.sources, "sources.yml")
        yield from _unknown(where, "boundary", [indicator.boundary], catalogue.boundaries, "boundaries.yml")
        for field, allowed in INDICATOR_WORDS.items():
            yield from _unknown(where, field, [getattr(indicator, field)], allowed, "its list")
        for field, pair in (
            ("valid_range", indicator.valid_range),
            ("expected_years", indicator.expected_years),
        ):
            if len(pair) != 2 or pair[0] > pair[1]:
                yield f"{where}, field '{field}' is {list(pair)}; it must be two numbers, the smaller first."
    for key, source in catalogue.sources.items():
        where = f"sources.yml: entry '{key}'"
        yield from _unknown(where, "licence_id", [source.licence_id], catalogue.licences, "licences.yml")
        yield from _unknown(where, "licence_verdict", [source.licence_verdict], LICENCE_VERDICTS, "its list")
        yield from _unknown(where, "kind", [source.kind], SOURCE_KINDS, "its list")
    for key, unit in catalogue.units.items():
        where = f"units.yml: entry '{key}'"
        yield from _unknown(where, "base", [unit.base], catalogue.units, "units.yml")
        base = catalogue.units.get(unit.base)
        if base is not None and (
            base.base != base.unit_id or base.factor != 1 or base.quantity != unit.quantity
        ):
            yield (
                f"{where}, field 'base' is '{unit.base}'; a base has factor 1, itself as base "
                "and the same quantity."
            )
        if not unit.factor > 0:
            yield f"{where}, field 'factor' is {unit.factor}; it must be more than 0."
    for key, sector in catalogue.sectors.items():
        parents = [sector.parent] if sector.parent is not None else []
        yield from _unknown(
            f"sectors.yml: entry '{key}'", "parent", parents, catalogue.sectors, "sectors.yml"
        )
    for key, flag in catalogue.flags.items():
        yield from _unknown(
            f"flags.yml: entry '{key}'", "excludes", [flag.excludes], FLAG_EXCLUDES, "its list"
        )
    for key, fault in catalogue.faults.items():
        yield from _unknown(
            f"faults.yml: entry '{key}'", "severity", [fault.severity], FAULT_SEVERITIES, "its list"
        )


#: Allowed words of an indicator's fields, as explained at the top of indicators.yml.
INDICATOR_WORDS: dict[str, tuple[str, ...]] = {
    "direction": ("lower_is_better", "higher_is_better", "neutral"),
    "kind": ("flow", "stock", "share", "index"),
    "per": ("none", "person", "km2"),
    "origin": ("published", "derived"),
    "geo_level": ("city", "urban_agglomeration", "functional_urban_area", "nuts3", "province"),
    "map_scale": ("linear", "log", "diverging", "classes"),
}
LICENCE_VERDICTS = ("green", "amber")
SOURCE_KINDS = (
    "inventory", "modelled", "target", "indicator", "partnership", "event", "reference", "base_map",
    "upload",
)  # fmt: skip
FLAG_EXCLUDES = ("none", "series", "choice", "both")
FAULT_SEVERITIES = ("error", "warning", "question")


def _unknown(
    where: str, field: str, used: Iterable[str], known: Collection[str], defined_in: str
) -> Iterator[str]:
    for value in used:
        if value not in known:
            yield (
                f"{where}, field '{field}' is '{value}', which {defined_in} does not have"
                f"{nearest(value, known)}. Correct it or add it there."
            )


def _year(path: Path, contents: Any) -> int:
    year = contents.get("as_of_year") if isinstance(contents, Mapping) else None
    if not isinstance(year, int):
        raise CatalogueError(f"{path.name}: 'as_of_year' must be a year, such as 2026.")
    return year
