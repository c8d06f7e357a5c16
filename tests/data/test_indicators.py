"""The indicator figures in the repository, held against the registry. Needs nothing but the repository."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "data" / "figures"
CATALOGUE = ROOT / "pipeline" / "catalogue"
COLUMNS = [
    "source_id", "source_place_key", "place_name", "country_iso2", "geo_level", "geo_code", "indicator_id",
    "year", "value", "unit", "quality_id", "flags", "flag_reason", "source_ref", "licence_id",
]  # fmt: skip

# source: (rows as received, rows carried over). The difference is told in covers_not of sources.yml.
COUNTS = {
    "who_aap_2022": (40609, 40607),
    "eurostat_nama_10r_3gdp": (56138, 56138),
    "eurostat_demo_r_pjanaggr3": (15992, 15992),
    "eurostat_urb_cenv": (11095, 11095),
    "undata_city_population": (7933, 7383),
    "sdsn_eu_cities_2019": (2291, 316),
    "edgar_v50_fua": (960, 160),
    "tuik_adnks_2022": (243, 161),
    "smhi_municipal_indicators": (1449, 1159),
}
# Values outside the registry's range that are carried over as published, each marked suspect_value.
KNOWN_OUTLIERS = {
    ("pm25_ug_m3", "CY|Agia Marina", "2016"),
    *(("temperature_warmest_month_deg_c", f"BG00{n}C", "2004") for n in range(1, 9)),
}
GEO_LEVELS = {"city", "urban_agglomeration", "functional_urban_area", "nuts3", "province"}
FIELDS = {
    "id", "title", "short_title", "definition", "unit", "decimals", "direction", "kind", "per",
    "additive_over", "formula", "origin", "boundary", "geo_level", "valid_range", "expected_years",
    "source_rank", "topics", "map_scale", "missing_means", "method_note", "wide",
}  # fmt: skip

Row = dict[str, str]


def _yaml(name: str) -> Any:
    return yaml.safe_load((CATALOGUE / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def registry() -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in _yaml("indicators.yml")}


@pytest.fixture(scope="module")
def rows() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for path in sorted(FIGURES.glob("*/indicators.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            assert reader.fieldnames == COLUMNS, path
            found[path.parent.name] = list(reader)
    return found


def test_every_source_has_the_reconciled_number_of_rows(rows: dict[str, list[Row]]) -> None:
    assert {source: len(found) for source, found in rows.items()} == {
        s: kept for s, (_, kept) in COUNTS.items()
    }


@pytest.mark.parametrize("source", [s for s, (received, kept) in COUNTS.items() if received != kept])
def test_a_source_with_rows_left_out_says_which(source: str) -> None:
    sources = yaml.safe_load((FIGURES / "sources.yml").read_text(encoding="utf-8"))
    assert "left out" in sources[source]["covers_not"]


def test_rows_belong_to_their_folder_and_have_a_key_of_their_own(rows: dict[str, list[Row]]) -> None:
    for source, found in rows.items():
        assert {row["source_id"] for row in found} == {source}
        keys = Counter((r["source_place_key"], r["geo_level"], r["indicator_id"], r["year"]) for r in found)
        assert [key for key, count in keys.items() if count > 1] == []
        blank = [
            c
            for c in COLUMNS
            if c not in ("geo_code", "flags", "flag_reason") and any(not r[c] for r in found)
        ]
        assert blank == [], source


def test_place_keys_are_codes_or_country_and_name(rows: dict[str, list[Row]]) -> None:
    coded = {"eurostat_nama_10r_3gdp", "eurostat_demo_r_pjanaggr3", "eurostat_urb_cenv"}
    for source, found in rows.items():
        for row in found:
            expected = row["geo_code"] if source in coded else f"{row['country_iso2']}|{row['place_name']}"
            assert row["source_place_key"] == expected


def test_units_are_known_and_those_of_the_registry(
    rows: dict[str, list[Row]], registry: dict[str, dict[str, Any]]
) -> None:
    units = {unit["id"] for unit in _yaml("units.yml")}
    assert {entry["unit"] for entry in registry.values()} <= units
    pairs = {(row["indicator_id"], row["unit"]) for found in rows.values() for row in found}
    assert {(i, u) for i, u in pairs if registry[i]["unit"] != u} == set()


def test_indicators_in_the_data_and_in_the_registry_are_the_same(
    rows: dict[str, list[Row]], registry: dict[str, dict[str, Any]]
) -> None:
    in_data = {row["indicator_id"] for found in rows.values() for row in found}
    published = {i for i, entry in registry.items() if entry["origin"] == "published"}
    assert in_data == published
    for entry in registry.values():
        if entry["origin"] == "derived":
            assert len(entry["formula"]) > 20, entry["id"]
        else:
            assert entry["formula"] == "As published."


def test_each_indicator_is_of_one_geographic_level(
    rows: dict[str, list[Row]], registry: dict[str, dict[str, Any]]
) -> None:
    levels = {(row["indicator_id"], row["geo_level"]) for found in rows.values() for row in found}
    assert {level for _, level in levels} <= GEO_LEVELS
    assert {(i, level) for i, level in levels if registry[i]["geo_level"] != level} == set()


def test_values_stay_in_the_valid_range_except_known_outliers(
    rows: dict[str, list[Row]], registry: dict[str, dict[str, Any]]
) -> None:
    outside = set()
    for found in rows.values():
        for row in found:
            low, high = registry[row["indicator_id"]]["valid_range"]
            if not low <= float(row["value"]) <= high:
                outside.add((row["indicator_id"], row["source_place_key"], row["year"]))
                assert "suspect_value" in row["flags"].split(";"), row
    assert outside == KNOWN_OUTLIERS


def test_years_are_those_the_registry_expects(
    rows: dict[str, list[Row]], registry: dict[str, dict[str, Any]]
) -> None:
    years: dict[str, set[int]] = {}
    for found in rows.values():
        for row in found:
            years.setdefault(row["indicator_id"], set()).add(int(row["year"]))
    assert {i: [min(y), max(y)] for i, y in years.items()} == {
        i: registry[i]["expected_years"] for i in years
    }


def test_registry_entries_are_complete_and_use_known_words(registry: dict[str, dict[str, Any]]) -> None:
    topics = {topic["id"] for topic in _yaml("topics.yml")}
    assert len(registry) == len(_yaml("indicators.yml"))
    for entry in registry.values():
        assert set(entry) == FIELDS, entry["id"]
        assert entry["direction"] in {"lower_is_better", "higher_is_better", "neutral"}
        assert entry["kind"] in {"flow", "stock", "share", "index"}
        assert entry["per"] in {"none", "person", "km2"}
        assert entry["map_scale"] in {"linear", "log", "diverging", "classes"}
        assert set(entry["topics"]) <= topics
        assert entry["topics"]
        assert entry["title"]
        assert entry["definition"].endswith(".")
        assert entry["missing_means"]
        assert len(entry["short_title"]) <= 32, entry["id"]
    assert {t for entry in registry.values() for t in entry["topics"]} == topics


def test_titles_are_told_apart(registry: dict[str, dict[str, Any]]) -> None:
    for field in ("title", "short_title"):
        names = Counter(entry[field] for entry in registry.values())
        assert [name for name, count in names.items() if count > 1] == []


def test_source_ranks_name_sources_that_exist(registry: dict[str, dict[str, Any]]) -> None:
    sources = yaml.safe_load((FIGURES / "sources.yml").read_text(encoding="utf-8"))
    ranked = {source for entry in registry.values() for source in entry["source_rank"]}
    assert ranked <= set(sources)


def test_indicator_rows_rank_their_own_source(
    rows: dict[str, list[Row]], registry: dict[str, dict[str, Any]]
) -> None:
    for source, found in rows.items():
        for indicator in {row["indicator_id"] for row in found}:
            assert source in registry[indicator]["source_rank"]


def test_warnings_sit_on_the_rows_they_are_about(rows: dict[str, list[Row]]) -> None:
    def flags(row: Row) -> set[str]:
        return set(row["flags"].split(";"))

    assert all("pandemic_year" in flags(r) for r in rows["who_aap_2022"] if r["year"] == "2020")
    assert sum("low_temporal_coverage" in flags(r) for r in rows["who_aap_2022"]) == 10
    lira = [r for r in rows["eurostat_nama_10r_3gdp"] if r["country_iso2"] == "TR" and "EUR" in r["unit"]]
    assert lira
    assert all("exchange_rate" in flags(r) for r in lira)
    audit = rows["eurostat_urb_cenv"]
    assert {r["year"] for r in audit if r["country_iso2"] == "TR"} == {"2004"}
    assert all("single_old_year" in flags(r) for r in audit if r["country_iso2"] == "TR")
    assert sum("name_not_resolved" in flags(r) for r in audit) == 825
    for source in ("sdsn_eu_cities_2019", "smhi_municipal_indicators"):
        assert all("year_uncertain" in flags(r) for r in rows[source])


def _mission_cities() -> dict[str, str]:
    """The region code (NUTS 3) of each Mission City; blank where there is none."""
    with (ROOT / "data" / "reference" / "city.csv").open(encoding="utf-8", newline="") as handle:
        return {
            r["city_id"]: r["nuts3_code"] for r in csv.DictReader(handle) if r["is_mission_city"] == "true"
        }


def test_mission_cities_with_figures_of_their_region(rows: dict[str, list[Row]]) -> None:
    regions = _mission_cities()
    assert len(regions) == 112
    for source, expected in (("eurostat_nama_10r_3gdp", 97), ("eurostat_demo_r_pjanaggr3", 98)):
        known = {row["geo_code"] for row in rows[source]}
        assert sum(region in known for region in regions.values()) == expected


def test_mission_cities_with_measured_air(rows: dict[str, list[Row]]) -> None:
    with (ROOT / "data" / "reference" / "city_alias.csv").open(encoding="utf-8", newline="") as handle:
        alias = {
            r["source_city_key"]: r["city_id"]
            for r in csv.DictReader(handle)
            if r["source_id"] == "who_aap_2022"
        }
    measured = {alias.get(row["source_place_key"]) for row in rows["who_aap_2022"]}
    assert len(measured & set(_mission_cities())) >= 98


def test_second_spellings_never_hide_a_year(rows: dict[str, list[Row]]) -> None:
    for row in rows["who_aap_2022"]:
        if "spelling_double" in row["flags"].split(";"):
            other = row["flag_reason"].rsplit("spelling ", 1)[1]
            assert any(
                r["place_name"] == other
                and (r["country_iso2"], r["indicator_id"], r["year"])
                == (row["country_iso2"], row["indicator_id"], row["year"])
                for r in rows["who_aap_2022"]
            ), row


def test_shares_printed_as_parts_of_one_are_in_percent(rows: dict[str, list[Row]]) -> None:
    read = [r for r in rows["eurostat_urb_cenv"] if "share_read_as_percent" in r["flags"].split(";")]
    assert len(read) == 28
    assert {(r["indicator_id"], r["year"]) for r in read} == {("water_connected_pct", "2011")}
    assert all(90 <= float(r["value"]) <= 100 for r in read)


def test_no_zero_stands_for_a_missing_value(rows: dict[str, list[Row]]) -> None:
    zero = {
        (r["indicator_id"], r["source_place_key"])
        for found in rows.values()
        for r in found
        if float(r["value"]) == 0 and r["unit"] == "persons"
    }
    uninhabited_islands = {"NO0B1", "NO0B2"}
    assert zero == {("population_nuts3_count", code) for code in uninhabited_islands}


def test_units_of_one_quantity_share_one_base() -> None:
    units = {unit["id"]: unit for unit in _yaml("units.yml")}
    for unit in units.values():
        base = units[unit["base"]]
        assert base["quantity"] == unit["quantity"]
        assert base["factor"] == 1
    assert units["TJ"]["factor"] * units["kWh"]["factor"] / units["GJ"]["factor"] == pytest.approx(1)
    assert units["ktoe"]["factor"] == pytest.approx(41_868 / 3.6)
