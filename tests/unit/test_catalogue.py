"""A fault in the registry is reported with file, entry, field, value and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.catalogue import load_catalogue
from pipeline.errors import CatalogueError
from pipeline.records import Topic
from pipeline.registry import columns, read_section, read_yaml, row
from tests.tiny import CATALOGUE, INDICATORS, SOURCES, Tiny


def message(tiny: Tiny) -> str:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tiny.settings)
    return str(caught.value)


def test_sound_registry_loads_with_types(tiny: Tiny) -> None:
    catalogue = load_catalogue(tiny.settings)
    indicator = catalogue.indicators["ghg_total_t"]
    assert indicator.valid_range == (0.0, 1_000_000.0)
    assert indicator.additive_over == frozenset({"sector"})
    assert catalogue.sources["official"].published_date == "2024-01-31"
    assert catalogue.sources["borrowed"].address is None
    assert catalogue.sectors["transport"].parent == "total"
    assert catalogue.thresholds["on_pace"].value == 0.95
    assert catalogue.as_of_year == 2026


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("indicators", "unit: t\n", "unit: kg\n", "entry 'ghg_total_t', field 'unit' is 'kg'"),
        ("indicators", "topics: [climate]", "topics: [climat]", "did you mean 'climate'?"),
        ("indicators", "[official, borrowed]", "[officiel]", "did you mean 'official'?"),
        ("indicators", "direction: lower", "direction: down", "field 'direction' is 'down_is_better'"),
        ("indicators", "[1990, 2023]", "[2023, 1990]", "two numbers, the smaller first"),
        ("indicators", "decimals: 0", "decimals: '0'", "field 'decimals' is '0', but must be a whole number"),
        ("indicators", "decimals: 0", "decimal: 0", "unknown field 'decimal' (did you mean 'decimals'?)"),
        ("indicators", "  unit: t\n", "", "entry 'ghg_total_t' has no 'unit'"),
        ("indicators", "- id: ghg", "- name: ghg", "entry 1 has no 'id'"),
        ("sectors", "parent: total", "parent: totl", "did you mean 'total'?"),
        ("flags", "excludes: both", "excludes: all", "entry 'doubtful', field 'excludes' is 'all'"),
        ("units", "factor: 1000", "factor: 0", "field 'factor' is 0.0; it must be more than 0"),
        ("units", "base: t, factor: 1000", "base: kt, factor: 1000", "a base has factor 1"),
        ("topics", "title: Climate", "title: NO", "field 'title' is False, but must be text"),
        ("topics", "- {id: climate", "- {id: climate, id: climate", "line 1: 'id' stands there twice"),
        ("topics", "- {id", "- {{id", "topics.yml"),
        ("verdicts", "as_of_year: 2026", "as_of_year: soon", "'as_of_year' must be a year"),
        ("verdicts", "reasons: {}\n", "", "section 'reasons' is missing"),
    ],
)
def test_fault_is_named(tiny: Tiny, name: str, old: str, new: str, expected: str) -> None:
    assert old in CATALOGUE[name]
    tiny.catalogue(name, CATALOGUE[name].replace(old, new, 1))
    found = message(tiny)
    assert f"{name}.yml" in found
    assert expected in found


def test_source_without_a_known_licence_is_refused(tiny: Tiny) -> None:
    tiny.write(tiny.settings.sources_file, SOURCES.replace("licence_id: CC-BY-4.0", "licence_id: none", 1))
    assert "sources.yml: entry 'official', field 'licence_id' is 'none'" in message(tiny)


def test_all_contradictions_come_at_once(tiny: Tiny) -> None:
    tiny.catalogue("indicators", INDICATORS.replace("unit: t\n", "unit: x\n").replace("[climate]", "[y]"))
    assert len(message(tiny).splitlines()) == 2


def test_missing_file_says_so(tiny: Tiny) -> None:
    (tiny.settings.catalogue_dir / "topics.yml").unlink()
    assert message(tiny) == "topics.yml is missing. Restore it; the registry needs it."


def test_same_entry_twice_in_a_list_is_refused(tiny: Tiny) -> None:
    tiny.catalogue("topics", CATALOGUE["topics"] * 2)
    assert "entry 'climate' stands there twice" in message(tiny)


def test_leaving_out_an_unknown_source_is_refused(tiny: Tiny) -> None:
    catalogue = load_catalogue(tiny.settings)
    assert catalogue.left_out({"amber"}) == {"borrowed"}
    assert catalogue.left_out({"official"}) == {"official"}
    with pytest.raises(CatalogueError, match=r"'borowed'.*did you mean 'borrowed'"):
        catalogue.left_out({"borowed"})


def test_record_becomes_a_row_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "topics.yml"
    path.write_text("climate: {title: Climate, question: How much?}\n", encoding="utf-8")
    topic = read_section(path, read_yaml(path), None, Topic)["climate"]
    assert columns(Topic) == {"topic_id": "varchar", "title": "varchar", "question": "varchar"}
    assert row(topic) == ["climate", "Climate", "How much?"]
