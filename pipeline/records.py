"""The records of the registry: what is known about an indicator, a source, a unit and so on.

The first field of each is its id. A field without a default must be in every entry of the file.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Indicator:
    """One number a page may show, and all that is printed about it."""

    indicator_id: str
    title: str
    short_title: str
    definition: str
    unit: str
    decimals: int
    direction: str
    kind: str
    per: str
    additive_over: frozenset[str]
    formula: str
    origin: str
    boundary: str
    geo_level: str
    valid_range: tuple[float, ...]
    expected_years: tuple[int, ...]
    source_rank: tuple[str, ...]
    topics: tuple[str, ...]
    map_scale: str
    missing_means: str
    method_note: str
    wide: bool


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher's figures: who made them, what they cover and what may be done with them."""

    source_id: str
    title: str
    publisher: str
    address: str | None
    obtained_from: str
    licence_id: str
    licence_verdict: str
    citation: str
    credit_line: str
    covers: str
    covers_not: str
    update_rhythm: str
    published_date: str | None
    accessed_date: str | None
    kind: str
    rank: int
    fetchable: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """value in this unit x factor = value in the base unit of the same quantity."""

    unit_id: str
    title: str
    symbol: str
    quantity: str
    base: str
    factor: float


@dataclass(frozen=True, slots=True)
class Sector:
    """Where emissions come from; `parent` is the wider sector it is part of."""

    sector_id: str
    title: str
    definition: str = ""
    short_title: str = ""
    parent: str | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """What a scope label covers; `whole_city` says whether it may stand for the city."""

    scope_id: str
    title: str
    whole_city: str
    preference: int
    covers: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark on a row; `excludes` is none, series, choice or both."""

    flag_id: str
    title: str
    excludes: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What a city's emissions are measured against; a blank means the city's own."""

    yardstick_id: str
    title: str
    short_title: str
    order: int
    definition: str
    path: str
    base_rule: str
    target_sources: tuple[str, ...]
    base_year: int | None
    base_year_from: int | None
    base_year_to: int | None
    target_year: int | None
    reduction_pct: float | None
    yearly_cut_pct: float | None
    is_default_target: bool
    method: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One outcome of measuring a city against a yardstick."""

    verdict_id: str
    title: str
    order: int
    definition: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a city has no verdict."""

    reason_id: str
    title: str
    order: int
    text: str


@dataclass(frozen=True, slots=True)
class SeriesReason:
    """Why a series is not used for verdicts or city totals."""

    series_reason_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit used by the formulas."""

    threshold_id: str
    value: float
    meaning: str


@dataclass(frozen=True, slots=True)
class Licence:
    """The terms under which figures may be passed on."""

    licence_id: str
    title: str
    address: str | None = None
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """How indicators are grouped in menus."""

    topic_id: str
    title: str
    question: str


@dataclass(frozen=True, slots=True)
class Term:
    """A plain entry of a vocabulary: an id, what it is called and what it means."""

    term_id: str
    title: str
    definition: str = ""
    order: int = 0


@dataclass(frozen=True, slots=True)
class PartnershipKind:
    """A kind of tie between places; strength 1 is the closest."""

    kind_id: str
    title: str
    ends: str
    strength: int
    definition: str


@dataclass(frozen=True, slots=True)
class EvidenceLevel:
    """How sure a tie is; rank 1 is surest."""

    evidence_level_id: str
    title: str
    rank: int
    shown_by_default: bool
    definition: str


@dataclass(frozen=True, slots=True)
class FaultWords:
    """What a person is told about a fault of an uploaded file; severity is error, warning or question."""

    code: str
    severity: str
    title: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class UploadField:
    """A column an uploaded file may have; `required` lists the tables that cannot do without it."""

    field_id: str
    title: str
    text: str
    tables: tuple[str, ...]
    required: tuple[str, ...]
    kind: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueWords:
    """Other ways people write an entry of a vocabulary; the id is `vocabulary:entry`."""

    value_id: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingReason:
    """Why a cell holds no figure, and what people write then."""

    reason_id: str
    title: str
    words: tuple[str, ...]
