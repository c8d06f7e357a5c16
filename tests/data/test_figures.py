"""The emission figures themselves: complete, unique, additive, licensed, and not a copy of anybody's file."""

from __future__ import annotations

import csv
import hashlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from pipeline.schema import FIGURES, REFERENCE

REPO = Path(__file__).parents[2]
FIGURES_DIR = REPO / "data" / "figures"
CATALOGUE = REPO / "pipeline" / "catalogue"

Row = dict[str, str]

#: Rows carried over per source and table. A change here is a change of the data and says so in its commit.
ROW_COUNTS = {
    ("c40_gpc_2023", "emissions"): 336,
    ("carbon_monitor_cities", "emissions"): 648,
    ("ccc_mission", "emissions"): 1574,
    ("ccc_mission", "targets"): 103,
    ("ccc_timeseries", "emissions"): 1082,
    ("cdp_citywide_2016_2021", "emissions"): 1054,
    ("cdp_targets_2021", "targets"): 310,
    ("ddl_netzero_2022", "targets"): 279,
    ("de_heidelberg_bisko", "emissions"): 7,
    ("de_klimawatch", "emissions"): 217,
    ("dk_klimaregnskabet", "emissions"): 3528,
    ("edgar_fua_1970_2015", "emissions"): 116,
    ("eucom_nci_2022", "emissions"): 1421,
    ("eucom_nci_2022", "targets"): 1354,
    ("gcom_mycovenant_2019", "emissions"): 117602,
    ("gcom_mycovenant_2019", "energy"): 58856,
    ("lt_tr_municipal", "emissions"): 24,
    ("lt_tr_municipal", "energy"): 32,
    ("lt_tr_municipal", "targets"): 108,
    ("nangini_2019", "emissions"): 135,
    ("openghgmap_r2021a", "emissions"): 5318,
    ("smhi_klimatkollen", "emissions"): 37700,
    ("uk_local_authority", "emissions"): 50432,
}

EMISSION_KEY = (
    "source_city_key", "year", "inventory_kind", "scope", "gas_basis", "series_key", "sector_id",
    "source_sector",
)  # fmt: skip
ENERGY_KEY = (
    "source_city_key",
    "year",
    "inventory_kind",
    "scope",
    "series_key",
    "sector_id",
    "source_sector",
)
TARGET_KEY = ("source_city_key", "target_kind", "base_year", "target_year", "source_ref")
KEYS = {"emissions": EMISSION_KEY, "energy": ENERGY_KEY, "targets": TARGET_KEY}

#: Largest difference between a printed total and its parts, as a share of the total and in tonnes (the larger
#: counts). One-decimal figures in thousand tonnes explain the tonnes; contracts print rounded parts.
ADDITIVE = {
    "smhi_klimatkollen": (0.0001, 1.0),
    "uk_local_authority": (0.0001, 1.0),
    "c40_gpc_2023": (0.0001, 1.0),
    "dk_klimaregnskabet": (0.0001, 1.0),
    "gcom_mycovenant_2019": (0.0001, 1.0),
    "ccc_mission": (0.0101, 2.0),
    "ccc_timeseries": (0.0101, 2.0),
    "de_klimawatch": (0.0101, 2.0),
}


@cache
def rows(source_id: str, table: str) -> list[Row]:
    with (FIGURES_DIR / source_id / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def ids(name: str) -> frozenset[str]:
    entries = yaml.safe_load((CATALOGUE / f"{name}.yml").read_text(encoding="utf-8"))
    return frozenset(str(entry["id"]) for entry in entries)


def totals(source_id: str) -> Iterator[Row]:
    return (row for row in rows(source_id, "emissions") if row["sector_level"] == "total")


@pytest.mark.parametrize(("source_id", "table"), sorted(ROW_COUNTS))
def test_every_row_of_a_source_is_there(source_id: str, table: str) -> None:
    assert len(rows(source_id, table)) == ROW_COUNTS[source_id, table]


@pytest.mark.parametrize(("source_id", "table"), sorted(ROW_COUNTS))
def test_columns_are_those_of_the_schema(source_id: str, table: str) -> None:
    assert tuple(rows(source_id, table)[0]) == FIGURES[table]


@pytest.mark.parametrize(("source_id", "table"), sorted(ROW_COUNTS))
def test_no_two_rows_share_a_key(source_id: str, table: str) -> None:
    found = Counter(tuple(row[column] for column in KEYS[table]) for row in rows(source_id, table))
    assert [key for key, count in found.items() if count > 1] == []


@pytest.mark.parametrize(("source_id", "table"), sorted(ROW_COUNTS))
def test_every_row_states_unit_licence_place_and_reference(source_id: str, table: str) -> None:
    needed = ["unit", "licence_id", "source_city_key", "city_name", "country_iso2", "source_ref"]
    if table != "targets":
        needed += ["year", "value"]
    for number, row in enumerate(rows(source_id, table), start=2):
        assert [column for column in needed if not row[column]] == [], f"row {number}"
        assert row["source_id"] == source_id
        assert re.fullmatch("[A-Z]{2}", row["country_iso2"]), f"row {number}: {row['country_iso2']}"


@pytest.mark.parametrize(("source_id", "table"), sorted(ROW_COUNTS))
def test_numbers_are_numbers_and_years_are_years(source_id: str, table: str) -> None:
    for number, row in enumerate(rows(source_id, table), start=2):
        if table == "targets":
            assert all(re.fullmatch("(19|20)[0-9]{2}|", row[c]) for c in ("base_year", "target_year")), number
        else:
            float(row["value"])
            assert 1970 <= int(row["year"]) <= 2024, number
            assert row["unit"] == ("t" if table == "emissions" else "MWh")


@pytest.mark.parametrize(("source_id", "table"), sorted(ROW_COUNTS))
def test_every_flag_is_known_and_has_its_reason(source_id: str, table: str) -> None:
    for number, row in enumerate(rows(source_id, table), start=2):
        flags = [flag for flag in row["flags"].split(";") if flag]
        assert set(flags) <= ids("flags"), f"row {number}"
        assert len(flags) == len(set(flags)), f"row {number}"
        assert bool(flags) <= bool(row["flag_reason"]), f"row {number}: a flag without a reason"


@pytest.mark.parametrize("source_id", sorted(ADDITIVE))
def test_top_level_parts_add_up_to_the_total(source_id: str) -> None:
    share, tonnes = ADDITIVE[source_id]
    parts: dict[tuple[str, ...], float] = defaultdict(float)
    whole: dict[tuple[str, ...], float] = {}
    for row in rows(source_id, "emissions"):
        key = tuple(row[c] for c in ("source_city_key", "year", "scope", "gas_basis", "series_key"))
        if source_id == "gcom_mycovenant_2019":
            key += (row["inventory_kind"],)
        if row["sector_level"] == "total":
            if row["sector_id"] != "total_partial" and row["source_sector"] != "total_carbon_footprint":
                whole[key] = float(row["value"])
        elif row["sector_level"] == "sector":
            parts[key] += float(row["value"])
    wrong = {
        key: (parts[key], whole.get(key))
        for key in parts
        if key not in whole or abs(parts[key] - whole[key]) > max(tonnes, share * abs(whole[key]))
    }
    assert parts
    assert wrong == {}


def test_the_four_totals_of_istanbul_2019_are_kept_apart() -> None:
    def value(source_id: str, key: str, scope: str) -> float:
        found = [
            float(row["value"])
            for row in totals(source_id)
            if (row["source_city_key"], row["year"], row["scope"]) == (key, "2019", scope)
        ]
        assert len(found) == 1
        return found[0]

    assert round(value("c40_gpc_2023", "TR|Istanbul", "BASIC")) == 50_888_653
    assert value("ccc_mission", "CCC:istanbul", "BASIC") == 50_888_653
    assert value("cdp_citywide_2016_2021", "CDP:31163", "1+2+3") == 55_655_119
    assert round(value("c40_gpc_2023", "TR|Istanbul", "territorial")) == 33_939_506
    modelled = [
        r for r in totals("carbon_monitor_cities") if r["city_name"] == "Istanbul" and r["year"] == "2019"
    ]
    assert [float(row["value"]) for row in modelled] == [31_202_798]


def test_trondheim_is_two_series_because_the_scopes_differ() -> None:
    found = {
        (row["year"], row["value"]): (row["scope"], row["series_key"])
        for row in totals("ccc_mission")
        if row["source_city_key"] == "CCC:trondheim"
    }
    assert found["2009", "607130"][0] == "1"
    assert found["2022", "538318"][0] == "1+2+3"
    assert found["2009", "607130"][1] != found["2022", "538318"][1]


@pytest.mark.parametrize(
    ("city", "last_before", "first_after"), [("leipzig", 2008, 2011), ("munich", 2013, 2014)]
)
def test_a_change_of_method_ends_the_series(city: str, last_before: int, first_after: int) -> None:
    years: dict[str, set[int]] = defaultdict(set)
    for row in totals("de_klimawatch"):
        if row["source_city_key"] == f"CCC:{city}":
            years[row["series_key"]].add(int(row["year"]))
    assert len(years) == 2
    early, late = sorted(years.values(), key=min)
    assert max(early) == last_before
    assert min(late) == first_after


def test_covenant_series_name_their_sectors() -> None:
    keys = {
        row["year"]: row["series_key"]
        for row in totals("gcom_mycovenant_2019")
        if row["source_city_key"] == "LT0001" and row["scope"] == "direct+indirect"
    }
    assert len(keys["2003"].split("+")) == 4
    assert len(keys["2017"].split("+")) == 5


@pytest.mark.parametrize(
    ("source_id", "key", "year", "scope", "flag"),
    [
        ("cdp_citywide_2016_2021", "CDP:14088", "2015", "reported_total", "suspected_kt"),
        ("cdp_citywide_2016_2021", "CDP:31110", "2015", "BASIC", "scope_added_twice"),
        ("nangini_2019", "TR|Izmir", "2015", "1", "not_credible"),
        ("nangini_2019", "FI|Helsinki", "2014", "1+2", "scope_added_twice"),
        ("ccc_mission", "CCC:taurage", "2018", "1+2+3", "net_of_removals"),
        ("ccc_mission", "CCC:warsaw", "2018", "1+2+3", "partial_boundary"),
        ("gcom_mycovenant_2019", "AT0002", "2011", "direct+indirect", "lca_factors"),
    ],
)
def test_known_traps_are_marked(source_id: str, key: str, year: str, scope: str, flag: str) -> None:
    found = [
        row
        for row in totals(source_id)
        if (row["source_city_key"], row["year"], row["scope"]) == (key, year, scope)
    ]
    assert found
    assert all(flag in row["flags"].split(";") for row in found)


def test_whole_city_of_warsaw_is_not_its_two_districts() -> None:
    boundaries = {
        row["value"]: row["boundary_id"]
        for row in totals("ccc_mission")
        if row["source_city_key"] == "CCC:warsaw"
    }
    assert boundaries == {"1883243": "partial", "12477873": "administrative"}


def test_targets_against_a_forecast_are_never_base_year_targets() -> None:
    for source_id, table in ROW_COUNTS:
        if table == "targets":
            for row in rows(source_id, table):
                assert ("bau_target" in row["flags"].split(";")) == (
                    row["target_kind"] == "baseline_scenario"
                )


def test_every_contract_city_has_a_target_row() -> None:
    cities = {row["source_city_key"] for row in rows("ccc_mission", "targets")}
    assert len(cities) == 102
    ceilings = {
        r["source_city_key"] for r in rows("ccc_mission", "targets") if r["residual_meaning"] == "ceiling"
    }
    assert ceilings == {"CCC:paris", "CCC:rotterdam", "CCC:the-hague"}


def test_wording_of_a_source_is_read_one_way() -> None:
    maps = yaml.safe_load((CATALOGUE / "sector_map.yml").read_text(encoding="utf-8"))
    assert {sector for words in maps.values() for sector in words.values()} <= ids("sectors")
    for source_id, table in ROW_COUNTS:
        if table in ("emissions", "energy"):
            for row in rows(source_id, table):
                words = re.sub(r", scope \S+$| \(\d+\)$", "", row["source_sector"])
                if words.startswith("sum of "):
                    words = "sum of the sectors reported"
                assert maps[source_id].get(words) == row["sector_id"], f"{source_id}: {words}"


def test_corrections_change_what_is_published_now() -> None:
    with (REPO / "data" / "reference" / "correction.csv").open(encoding="utf-8", newline="") as file:
        corrections = list(csv.DictReader(file))
    assert tuple(corrections[0]) == REFERENCE["correction"]
    for correction in corrections:
        hits = [
            row
            for row in rows(correction["source_id"], correction["table_name"])
            if all(row[c] == correction[c] for c in ("source_city_key", "year", "sector_id", "scope"))
        ]
        assert correction["reason"]
        assert hits, correction
        assert correction["old_value"] in {row[correction["field"]] for row in hits}


def test_share_alike_figures_stand_in_a_folder_of_their_own() -> None:
    folders = {
        source_id
        for source_id, table in ROW_COUNTS
        if any(row["licence_id"] == "odbl_1_0" for row in rows(source_id, table))
    }
    assert folders == {"openghgmap_r2021a"}


@pytest.mark.official
def test_no_figure_file_is_a_copy_of_a_publishers_file() -> None:
    """The publishers' files are not part of the repository; without them this is skipped, loudly."""
    named = os.environ.get("MISSION_OFFICIAL_FILES")
    folder = Path(named) if named else REPO.parent / "shared" / "data" / "raw"
    if not folder.is_dir():
        pytest.skip("the publishers' files are not here; name their folder by MISSION_OFFICIAL_FILES")
    theirs = {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
    assert theirs
    for path in FIGURES_DIR.rglob("*.csv"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() not in theirs, path
