"""An upload among the real figures becomes the city's default series, with source, credit and licence."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from pipeline.engine import open_reader
from pipeline.publish import POINTER, Build, current_build
from pipeline.query import catalogue as catalogue_query
from pipeline.query import city as query
from pipeline.settings import Settings
from pipeline.uploads import drafts, preview, release
from pipeline.uploads.model import MUNICIPAL, Checked, Choices, Record, Tally
from tests.uploads.store.project import sign_in

CITY = "vilnius"
REF = "Climate report of the city 2025, table 4"


def figure(table: str, **cells: str) -> Record:
    common = {"country_iso2": "LT", "source_ref": REF, "licence_id": "cc_by_4_0"}
    place = (
        {"source_place_key": CITY, "place_name": "Vilnius", "geo_level": "city"}
        if table == "indicators"
        else {"source_city_key": CITY, "city_name": "Vilnius"}
    )
    return Record(table, {**common, **place, **cells}, CITY, row=2)


def emission(year: int, sector_id: str, level: str, value: int) -> Record:
    return figure(
        "emissions",
        year=str(year),
        inventory_kind="monitoring",
        sector_id=sector_id,
        sector_level=level,
        source_sector=sector_id,
        scope="BASIC",
        gas_basis="CO2e",
        series_key="main",
        value=str(value),
        unit="t",
        boundary_id="administrative",
        quality_id="self_reported",
        population_count="600000",
    )


def records() -> list[Record]:
    """A made-up inventory of eleven years in three sectors, energy, air and a target."""
    found = []
    for year in range(2013, 2024):
        total = 3_000_000 - 60_000 * (year - 2013)
        parts = {"buildings": total // 2, "transport": total * 3 // 10}
        parts["waste"] = total - sum(parts.values())
        found.append(emission(year, "total", "total", total))
        found += [emission(year, sector, "sector", value) for sector, value in parts.items()]
    found.append(
        figure(
            "energy", year="2023", inventory_kind="monitoring", sector_id="total", source_sector="Total",
            value="7000000", unit="MWh", series_key="main", population_count="600000",
        )
    )  # fmt: skip
    found.append(
        figure(
            "indicators", indicator_id="population_count", year="2023", value="601234", unit="persons",
            quality_id="self_reported",
        )
    )  # fmt: skip
    found.append(
        figure(
            "targets", target_kind="base_year", base_year="2013", base_value="3000000", target_year="2030",
            reduction_pct="70", unit="t", scope="BASIC", gas_basis="CO2e", is_per_capita="false",
        )
    )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def store(settings: Settings, built: Build, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The session's build as the one readers see, with builds, uploads and people of its own."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "builds").mkdir()
    for path in (built.path, built.path.with_suffix(".json"), settings.builds_dir / POINTER):
        shutil.copy2(path, folder / "builds" / path.name)
    return replace(
        settings, builds_dir=folder / "builds", uploads_dir=folder / "uploads", staff_dir=folder / "staff"
    )


def test_uploaded_inventory_becomes_what_the_city_page_shows_and_goes_again(
    store: Settings, built: Build
) -> None:
    editor = sign_in(store, "editor", "editor", frozenset({CITY}))
    draft = drafts.open_draft(store, editor, sha256="0" * 64, name="vilnius.xlsx", byte_count=9)
    brought = records()
    tally = Tally(read=len(brought), accepted=len(brought))
    checked = Checked(MUNICIPAL, tuple(brought), (), {}, tally, Choices(table="emissions"))
    drafts.save_checked(store, editor, draft, checked)
    seen = preview.make_preview(store, draft.upload_id)

    (change,) = seen.difference.cities
    assert (change.city_id, change.after.source_id) == (CITY, MUNICIPAL)
    assert (change.after.year, change.after.total_t, change.after.source_ref) == (2023, 2_400_000, REF)
    assert change.before.source_id != MUNICIPAL
    assert change.after.per_person_t == pytest.approx(4.0)
    assert change.after.rank is not None
    assert {figure.city_id for figure in seen.difference.figures} == {CITY}
    assert seen.difference.verdicts_elsewhere == 0

    made = release.publish(store, editor, draft.upload_id, seen.questions, "First upload")
    with open_reader(made.path) as reader:
        headline = query.headline(reader, CITY).iloc[0]
        assert (headline["source_id"], headline["source_ref"]) == (MUNICIPAL, REF)
        assert (headline["inventory_count"], headline["is_usable"]) == (11, True)
        shown = {
            indicator_id: (value, source_id, ref)
            for indicator_id, value, source_id, ref in reader.rows(
                "select indicator_id, value, source_id, source_ref from mart.city_indicator "
                "where city_id = $city and year = 2023 and source_id = $source",
                {"city": CITY, "source": MUNICIPAL},
            )
        }
        assert shown["ghg_total_t"] == (2_400_000, MUNICIPAL, REF)
        assert shown["ghg_transport_t"] == (720_000, MUNICIPAL, REF)
        assert shown["energy_total_mwh"] == (7_000_000, MUNICIPAL, REF)
        assert shown["population_count"] == (601_234, MUNICIPAL, REF)
        assert reader.rows(
            "select source_id, target_year, target_reduction_pct from mart.emission_progress "
            "where city_id = $city and yardstick_id = 'own_target'",
            {"city": CITY},
        ) == [(MUNICIPAL, 2030, 70.0)]
        assert reader.rows(
            "select distinct licence_id from core.emission where source_id = $source", {"source": MUNICIPAL}
        ) == [("cc_by_4_0",)]
        sources = catalogue_query.sources(reader).set_index("source_id")
        assert sources.loc[MUNICIPAL, "row_count"] == len(brought)
        assert sources.loc[MUNICIPAL, "city_count"] == 1
        assert sources.loc[MUNICIPAL, "credit_line"] == "The city itself, by upload of its staff"
        failed = reader.rows(
            "select check_name, verdict from meta.check_result where verdict <> 'passed' and sample like "
            "'%municipal_upload%'"
        )
        assert failed == []

    release.undo(store, editor, "It was a test")
    current = current_build(store)
    assert current is not None
    assert current.build_id == built.build_id
    assert current.content_sha256 == built.content_sha256
