"""The Data page: catalogue, gaps, contradictions, methods, checks, versions, files."""

from __future__ import annotations

import pytest

from pages.sections.data_methods import FORMULAS
from pipeline.catalogue import load_catalogue
from pipeline.engine import Reader
from pipeline.query import builds, catalogue, conflicts, export
from pipeline.query.filters import Filters
from tests.pages.conftest import Show
from tests.pages.harness import words

SECTIONS = ("indicators", "sources", "coverage", "conflicts", "methods", "checks", "builds", "downloads")


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("code", ["en", "lt", "tr"])
def test_every_section_opens_in_every_language(show: Show, section: str, code: str) -> None:
    at = show("data", {"d_s": section, "lang": code})
    assert not at.exception
    assert (
        at.title[0].value
        == {
            "en": "What do we know, and what is missing?",
            "lt": "Ką žinome ir ko trūksta?",
            "tr": "Ne biliyoruz, ne eksik?",
        }[code]
    )


def test_answer_counts_figures_cities_and_sources(show: Show, reader: Reader) -> None:
    counts = catalogue.totals(reader)
    header = show("data").header[0].value
    assert header.startswith(
        f"{counts['figures']:,} figures on {counts['cities']:,} cities from {counts['sources']} sources"
    )
    assert counts["sources"] == len(catalogue.sources(reader))


def test_every_indicator_of_the_registry_is_listed(show: Show, reader: Reader) -> None:
    rows = catalogue.indicators(reader)
    assert set(rows["indicator_id"]) == set(load_catalogue().indicators)
    assert f"{len(rows)} indicators" in words(show("data"))


def test_one_indicator_in_full_has_definition_formula_and_meaning_of_a_blank(show: Show) -> None:
    record = load_catalogue().indicators["pm25_ug_m3"]
    text = words(show("data", {"d_i": "pm25_ug_m3"})).replace("\\", "")
    assert record.definition.strip() in text
    assert f"Formula: {record.formula}" in text
    assert f"A blank means: {record.missing_means}" in text


def test_every_source_names_licence_and_what_it_does_not_cover(show: Show) -> None:
    at = show("data", {"d_s": "sources"})
    text = words(at).replace("\\", "")
    titles = [expander.label.replace("\\", "") for expander in at.expander]
    for source in load_catalogue().sources.values():
        assert source.title in titles
        assert f"Does not cover: {source.covers_not}" in text
        assert source.citation in [code.value for code in at.code]


def test_coverage_shows_no_row_for_what_is_missing(reader: Reader) -> None:
    rows = catalogue.groups(reader)
    missing = rows[rows["city_count"] == 0]
    assert not missing.empty
    assert missing["first_year"].isna().all()
    assert (rows["city_count"] <= rows["group_count"]).all()


def test_conflicts_do_not_widen_by_values_known_to_be_wrong(reader: Reader) -> None:
    rows = conflicts.listed(reader, Filters())
    oslo = rows[(rows["city_id"] == "oslo") & (rows["year"] == 2015)].iloc[0]
    assert oslo["value_count"] > oslo["sound_count"]
    sound = rows[rows["sound_count"] >= 2]
    assert (sound["spread_ratio"] >= 1).all()
    assert sound["spread_ratio"].iloc[0] == sound["spread_ratio"].max()


def test_methods_print_every_formula_and_every_limit(show: Show) -> None:
    text = words(show("data", {"d_s": "methods"}))
    for number, name, formula in FORMULAS:
        assert f"{number} {name}" in text
        assert formula in text
    for limit in load_catalogue().thresholds.values():
        assert limit.meaning in text
    assert "**95%**" in text
    assert "800%" not in text


def test_checks_that_found_something_are_open_to_see(show: Show, reader: Reader) -> None:
    rows = builds.checks(reader)
    found = rows[rows["failing_count"] > 0]
    text = words(show("data", {"d_s": "checks"}))
    assert f"{len(rows)} checks ran on this version; {len(found)} found something" in text
    for name in found["check_name"]:
        assert name in text


def test_names_without_a_city_are_counted(reader: Reader) -> None:
    assert builds.unmatched_counts(reader)["name_count"].sum() == len(builds.unmatched(reader)) > 0


def test_published_version_is_listed(show: Show) -> None:
    at = show("data", {"d_s": "builds"})
    shown = at.dataframe[0].value
    assert "20" in str(shown.iloc[0, 1])
    assert "1 published version is kept." in words(at)
    assert len(at.dataframe) == 3


def test_only_offered_tables_can_be_downloaded(reader: Reader) -> None:
    assert len(export.table(reader, "mart.city")) == reader.row_count("mart.city")
    with pytest.raises(ValueError, match="not offered"):
        export.table(reader, "core.city; drop table core.city")
