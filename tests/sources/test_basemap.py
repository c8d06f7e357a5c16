"""The shipped base map: right borders, sound shapes, small files."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

from pipeline import basemap

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"


def shapes(name: str) -> dict[str, Any]:
    document = json.loads((REFERENCE / name).read_text(encoding="utf-8"))
    return {item["id"]: shape(item["geometry"]) for item in document["features"]}


@pytest.fixture(scope="module")
def europe() -> dict[str, Any]:
    return shapes("basemap.json")


@pytest.fixture(scope="module")
def detail() -> dict[str, Any]:
    return shapes("basemap_detail.json")


def holders(countries: dict[str, Any], lon: float, lat: float) -> list[str]:
    return [code for code, geometry in countries.items() if geometry.contains(shapely.Point(lon, lat))]


@pytest.mark.parametrize(
    ("place", "lon", "lat", "country"),
    [
        ("Sevastopol", 33.5, 44.6, "UA"),
        ("Kerch", 36.4, 45.35, "UA"),
        ("Simferopol", 34.1, 44.95, "UA"),
        ("Yalta hinterland", 34.1, 44.55, "UA"),
        ("Dzhankoy", 34.4, 45.7, "UA"),
        ("Donetsk", 37.8, 48.0, "UA"),
        ("Luhansk", 39.3, 48.57, "UA"),
        ("Krasnodar", 38.98, 45.04, "RU"),
        ("Kaliningrad", 20.5, 54.7, "RU"),
        ("North Nicosia", 33.36, 35.25, "CY"),
        ("Famagusta hinterland", 33.8, 35.2, "CY"),
        ("Limassol hinterland", 33.0, 34.8, "CY"),
        ("Pristina", 21.16, 42.66, "XK"),
        ("Belgrade", 20.46, 44.8, "RS"),
        ("Sukhumi hinterland", 41.2, 43.1, "GE"),
        ("Tskhinvali", 43.97, 42.22, "GE"),
        ("Tiraspol", 29.6, 46.84, "MD"),
        ("Stepanakert", 46.75, 39.82, "AZ"),
        ("Skopje", 21.43, 42.0, "MK"),
        ("Vilnius", 25.28, 54.69, "LT"),
        ("Tauragė", 22.29, 55.25, "LT"),
        ("Ankara", 32.85, 39.93, "TR"),
        ("Edirne", 26.6, 41.7, "TR"),
        ("Mariehamn hinterland", 19.95, 60.2, "FI"),
        ("Malta", 14.45, 35.88, "MT"),
        ("Gozo", 14.25, 36.05, "MT"),
        ("Luxembourg", 6.13, 49.75, "LU"),
        ("Reykjavik hinterland", -21.0, 64.3, "IS"),
    ],
)
def test_place_lies_in_one_country_as_the_union_sees_it(
    europe: dict[str, Any], place: str, lon: float, lat: float, country: str
) -> None:
    assert holders(europe, lon, lat) == [country], place


@pytest.mark.parametrize(("place", "lon", "lat"), [("Baltic", 19.0, 56.0), ("Black Sea", 34.0, 43.3)])
def test_the_sea_belongs_to_nobody(europe: dict[str, Any], place: str, lon: float, lat: float) -> None:
    assert holders(europe, lon, lat) == [], place


@pytest.mark.parametrize(
    ("place", "lon", "lat", "feature"),
    [
        ("Nida spit", 21.0, 55.33, "LT-lt"),
        ("Kaunas", 23.9, 54.9, "LT-lt"),
        ("Kaliningrad", 20.5, 54.7, "RU-lt"),
        ("İzmir hinterland", 27.3, 38.4, "TR-tr"),
        ("Kyrenia hinterland", 33.35, 35.28, "CY-tr"),
        ("Batumi hinterland", 41.75, 41.65, "GE-tr"),
        ("Rhodes", 28.0, 36.25, "GR-tr"),
    ],
)
def test_detail_places(detail: dict[str, Any], place: str, lon: float, lat: float, feature: str) -> None:
    assert holders(detail, lon, lat) == [feature], place


@pytest.mark.parametrize(("name", "most"), [("basemap.json", 120_000), ("basemap_detail.json", 150_000)])
def test_files_are_small_and_sound(name: str, most: int) -> None:
    assert (REFERENCE / name).stat().st_size <= most
    countries = shapes(name)
    assert all(geometry.is_valid and not geometry.is_empty for geometry in countries.values())


def test_neighbours_do_not_overlap(europe: dict[str, Any]) -> None:
    """Simplified together: what two countries share is at most a sliver (degrees squared)."""
    codes = sorted(europe)
    shared = sum(europe[a].intersection(europe[b]).area for i, a in enumerate(codes) for b in codes[i + 1 :])
    assert shared < 0.05


def test_no_country_stretches_around_the_globe(europe: dict[str, Any]) -> None:
    west, south, east, north = basemap.FRAME
    for code, geometry in europe.items():
        assert shapely.box(west - 0.01, south - 0.01, east + 0.01, north + 0.01).contains(geometry), code
    assert europe["RU"].bounds[0] > 19


def test_kosovo_is_its_own_feature_with_the_footnote() -> None:
    document = json.loads((REFERENCE / "basemap.json").read_text(encoding="utf-8"))
    kosovo = next(item for item in document["features"] if item["id"] == "XK")
    assert "1244" in kosovo["properties"]["footnote"]
    assert kosovo["properties"]["name"].endswith("*")


def topology(*countries: tuple[str | None, str, list[tuple[int, int]]]) -> dict[str, Any]:
    """A TopoJSON of squares: (numeric code, name, corners in whole degrees)."""
    arcs, geometries = [], []
    for number, name, corners in countries:
        points = [*corners, corners[0]]
        steps = [points[0], *((b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(points))]
        item: dict[str, Any] = {"type": "Polygon", "arcs": [[len(arcs)]], "properties": {"name": name}}
        geometries.append(item | ({"id": number} if number else {}))
        arcs.append([list(step) for step in steps])
    return {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
    }


UKRAINE = ("804", "Ukraine", [(25, 47), (40, 47), (40, 51), (25, 51)])
RUSSIA = ("643", "Russia", [(41, 46), (60, 46), (60, 60), (41, 60)])


def test_part_of_russia_in_crimea_moves_to_ukraine() -> None:
    crimea = ("643", "Russia", [(33, 45), (36, 45), (36, 46), (33, 46)])
    lower = topology(UKRAINE, RUSSIA, crimea)
    lower["transform"]["translate"] = [0, -0.3]
    made = basemap.as_recognised(basemap.decode(lower))
    assert made["UA"].contains(shapely.Point(34.1, 44.95))
    assert not made["RU"].intersects(shapely.Point(34.1, 44.95))


def test_package_without_crimea_is_refused_rather_than_drawn_wrong() -> None:
    with pytest.raises(basemap.BasemapError, match="Simferopol"):
        basemap.as_recognised(basemap.decode(topology(UKRAINE, RUSSIA)))


def test_parts_of_cyprus_become_one_country() -> None:
    south = ("196", "Cyprus", [(32, 34), (34, 34), (34, 35), (32, 35)])
    north = (None, "N. Cyprus", [(32, 35), (34, 35), (34, 36), (32, 36)])
    made = basemap.as_recognised(basemap.decode(topology(UKRAINE, RUSSIA, CRIMEA_LOW, south, north)))
    assert made["CY"].geom_type == "Polygon"
    assert made["CY"].area == pytest.approx(4)


CRIMEA_LOW = ("804", "Ukraine", [(33, 44), (35, 44), (35, 46), (33, 46)])


def test_file_of_another_kind_is_named_as_such() -> None:
    with pytest.raises(basemap.BasemapError, match="TopoJSON"):
        basemap.decode({"type": "FeatureCollection", "features": []})
