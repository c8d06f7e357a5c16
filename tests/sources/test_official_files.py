"""Readers on the publishers' own files: what they read is what data/figures ships."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest

from pipeline.sources import cdp_citywide, rows, update
from pipeline.sources.registry import OFFICIAL
from tests.sources.official import FIGURES, FILES, official_file

pytestmark = pytest.mark.official


@lru_cache(maxsize=2)
def whole(source_id: str) -> list[rows.Row]:
    return [
        row for row in OFFICIAL[source_id].read(official_file(source_id)) if row["source_id"] == source_id
    ]


def read(source_id: str, table: str) -> list[rows.Row]:
    return [row for row in whole(source_id) if row.table == table]


# Source, table, rows in the official file, and how many may differ from what is shipped. A difference is a
# choice made by hand where the publisher prints two figures for the same thing.
CASES = [
    ("c40_gpc_2023", "emissions", 341, 0),
    ("cdp_citywide_2016_2021", "emissions", 335, 0),
    ("cdp_targets_2021", "targets", 191, 10),
    ("dk_klimaregnskabet", "emissions", 3528, 0),
    ("edgar_fua_1970_2015", "emissions", 134, 0),
    ("edgar_v50_fua", "indicators", 134, 0),
    ("eurostat_demo_r_pjanaggr3", "indicators", 18875, 0),
    ("eurostat_nama_10r_3gdp", "indicators", 58440, 0),
    ("eurostat_urb_cenv", "indicators", 11033, 0),
    ("gcom_mycovenant_2019", "emissions", 120533, 2),
    ("gcom_mycovenant_2019", "energy", 60106, 2),
    ("openghgmap_r2021a", "emissions", 5376, 44),
    ("smhi_klimatkollen", "emissions", 37700, 0),
    ("uk_local_authority", "emissions", 50432, 0),
    ("undata_city_population", "indicators", 7384, 230),
    ("who_aap_2022", "indicators", 40607, 2),
]


@pytest.mark.parametrize(("source_id", "table", "count", "may_differ"), CASES, ids=lambda case: str(case))
def test_official_file_gives_the_shipped_figures(
    source_id: str, table: str, count: int, may_differ: int
) -> None:
    found = read(source_id, table)
    assert len(found) == count
    shipped = update.shipped_rows(FIGURES / source_id / f"{table}.csv")
    assert shipped, f"data/figures/{source_id}/{table}.csv holds rows"
    _, outcome = update.merge(table, found, shipped)
    assert outcome.changed <= may_differ, outcome.line()
    assert outcome.same >= 0.8 * count, outcome.line()


@pytest.mark.parametrize(
    ("source_id", "keys", "figures"),
    [
        ("uk_local_authority", ("BST", "GLG"), 2 * 16 * 8),
        (
            "smhi_klimatkollen",
            ("SE|Göteborg", "SE|Gävle", "SE|Helsingborg", "SE|Lund", "SE|Malmö", "SE|Stockholm", "SE|Umeå"),
            7 * 13 * 10,
        ),
        ("c40_gpc_2023", ("TR|Istanbul",), 4 * 5),
    ],
)
def test_whole_series_of_mission_cities_equal_what_is_shipped(
    source_id: str, keys: tuple[str, ...], figures: int
) -> None:
    """Every year and sector, number for number (tonnes; nine rounded sectors add up to 0.05)."""
    official = _series(read(source_id, "emissions"), keys, lambda row, column: row[column])
    shipped = _series(
        update.shipped_rows(FIGURES / source_id / "emissions.csv"), keys, lambda row, column: row[column]
    )
    assert len(official) == figures
    assert official.keys() == shipped.keys()
    for key, value in official.items():
        assert value == pytest.approx(shipped[key], abs=0.05), key


def _series(found: Any, keys: tuple[str, ...], cell: Callable[[Any, str], object]) -> dict[object, float]:
    columns = ("source_city_key", "year", "sector_id", "scope")
    return {
        tuple(str(cell(row, column)) for column in columns): float(str(cell(row, "value")))
        for row in found
        if cell(row, "source_city_key") in keys
    }


def test_both_layouts_of_cdp_are_read() -> None:
    old = official_file("cdp_citywide_2016_2021", "cdp_citywide_2016_2021/2019_City-wide_Emissions.csv.gz")
    found = list(cdp_citywide.read(old))
    assert len(found) == 173
    helsinki = {(row["scope"], row["value"]) for row in found if row["source_city_key"] == "CDP:8242"}
    assert helsinki == {("1", 811733.0), ("2", 1747554.0), ("1+2", 2559287.0)}


def test_every_reader_of_a_source_has_a_case() -> None:
    assert {source_id for source_id, *_ in CASES} == set(OFFICIAL) == set(FILES)
