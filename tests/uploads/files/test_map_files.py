"""GeoJSON: properties become a table; a geometry counts only when it is sound and lies among our cities."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalogue import load_catalogue
from pipeline.uploads.explain import explain
from pipeline.uploads.limits import Caps
from pipeline.uploads.model import Content
from pipeline.uploads.reading import content_of
from tests.uploads.files.made import codes, look, look_here, look_measured, only_fault, only_grid

VILNIUS = (25.28, 54.69)
SQUARE = [[25.0, 54.6], [25.4, 54.6], [25.4, 54.8], [25.0, 54.8], [25.0, 54.6]]
PLACES = [("Vilnius", 25.28, 54.69), ("İstanbul", 28.97, 41.01), ("Zürich", 8.54, 47.37)]


def feature(geometry: object, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"city": "Vilnius", **properties}, "geometry": geometry}


def point(*position: object) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(position)}


def polygon(*rings: object) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def collection(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", **more, "features": features}).encode()


def told(data: bytes, name: str = "a.geojson") -> Content:
    return content_of(data, name, None, None, PLACES, Caps())


def faults(geometry: object) -> list[str]:
    """The codes for a sound feature followed by one with this geometry."""
    content = told(collection(feature(point(*VILNIUS), year=2020), feature(geometry, year=2021)))
    if content.faults:
        assert {fault.row for fault in content.faults} == {3}
        assert {fault.params["feature"] for fault in content.faults} == {"2"}
        assert content.grids[0].rows[1][-2:] == ("25.28", "54.69")
        assert content.grids[0].rows[2][-2:] == ("", "")
        words = explain(content.faults[0], load_catalogue())
        assert "eature 2" in words.text
    return codes(content)


def test_properties_and_a_point_within_make_a_row(tmp_path: Path) -> None:
    data = collection(
        feature(point(*VILNIUS), year=2020, value=1234.50, checked=True, note=None),
        feature(polygon(SQUARE), year=2021, source="plan"),
        crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
    )
    grid = only_grid(look(tmp_path, "a.geojson", data))
    assert grid.rows == (
        ("city", "year", "value", "checked", "_longitude_deg", "_latitude_deg", "source"),
        ("Vilnius", "2020", "1234.5", "TRUE", "25.28", "54.69", ""),
        ("Vilnius", "2021", "", "", "25.2", "54.7", "plan"),
    )
    assert grid.notes == {(1, 3): "boolean"}
    assert (1, 2) in grid.numeric
    assert (1, 0) not in grid.numeric


def test_one_feature_alone_and_all_kinds_of_places_are_read() -> None:
    assert told(json.dumps(feature(point(*VILNIUS))).encode()).faults == ()
    assert faults({"type": "MultiPoint", "coordinates": [[25.0, 54.6], [25.4, 54.8]]}) == []
    assert faults({"type": "MultiPolygon", "coordinates": [[SQUARE]]}) == []
    assert faults(point(*VILNIUS, 120.5)) == []


@pytest.mark.matrix(49)
@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('{"type": "FeatureCollection", "features": [\n{"type": "Feature",}\n]}', "json_broken", 2),
        ('{"type": "FeatureCollection",\n "features": [', "json_broken", 2),
        ('{"type": "FeatureCollection"}\n{}', "json_broken", 2),
        ('{"type": "FeatureCollection", "features": [' + "[" * 200_000, "json_too_deep", None),
        (
            '{"type": "Feature", "properties": {}, "geometry":'
            + '{"type": "GeometryCollection", "geometries": [' * 3000
            + '{"type": "Point", "coordinates": [1, 2]}'
            + "]}" * 3000
            + "}",
            "json_too_deep",
            None,
        ),
        ('{"type": "Feature", "properties": {"t": NaN}, "geometry": null}', "json_not_finite", None),
        ('{"type": "Feature", "properties": {"t": -Infinity}, "geometry": null}', "json_not_finite", None),
        ('{"type": "Feature", "properties": {"t": 1, "t": 2}, "geometry": null}', "json_double_name", None),
        ('{"type": "Feature", "properties": {"t": "\udce9"}, "geometry": null}', "bad_byte", 1),
    ],
    ids=["comma", "cut", "two", "deep lists", "nested collections", "NaN", "Infinity", "double", "not UTF-8"],
)
def test_broken_files_are_refused(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    content, seconds, peak = look_measured(tmp_path, "a.geojson", text.encode("utf-8", "surrogateescape"))
    fault = only_fault(content)
    assert (fault.code, fault.row) == (code, line)
    assert seconds < 3
    assert peak < 300_000_000


@pytest.mark.matrix(49)
def test_numbers_beyond_all_bounds_are_refused_where_they_stand() -> None:
    content = told(collection(feature(point(*VILNIUS), t=1)).replace(b'"t": 1', b'"t": 1e999'))
    assert [(fault.code, fault.row, fault.column) for fault in content.faults] == [
        ("number_not_finite", 2, "t")
    ]
    assert content.grids[0].numeric == {(1, 2), (1, 3)}
    assert faults(json.loads('{"type": "Point", "coordinates": [25.28, "54.69"]}')) == []


@pytest.mark.matrix(49)
def test_long_numbers_and_halves_of_signs_do_not_break_the_reader() -> None:
    digits = "9" * 6000
    assert told(collection(feature(point(*VILNIUS), t=1)).replace(b'"t": 1', f'"t": {digits}'.encode())).grids
    half = told(b'{"type": "Feature", "properties": {"t": "\\ud800"}, "geometry": null}')
    assert codes(half) == ["feature_misshapen", "geometry_missing"]
    assert half.grids[0].rows[1] == ("\ufffd",)
    assert told(b'{"type": "Feature", "properties": {"\\ud800": "x"}, "geometry": null}').grids[0].rows[
        0
    ] == ("\ufffd",)


@pytest.mark.matrix(49)
def test_lists_and_further_properties_in_a_property_are_refused() -> None:
    content = told(
        collection(
            feature(point(*VILNIUS), a=[1], b={"c": 1}), "nonsense", {"type": "Feature", "properties": 5}
        )
    )
    assert [(fault.code, fault.row) for fault in content.faults] == [
        ("property_nested", 2),
        ("property_nested", 2),
        ("feature_misshapen", 3),
        ("feature_misshapen", 4),
        ("geometry_missing", 4),
    ]


@pytest.mark.matrix(50)
@pytest.mark.parametrize("place", [(25.28, 54.69), (28.97, 41.01), (8.54, 47.37)])
def test_swapped_axes_are_recognised_and_the_swap_suggested(place: tuple[float, float]) -> None:
    longitude, latitude = place
    content = told(collection(feature(point(latitude, longitude))))
    assert codes(content) == ["axes_swapped"]
    assert content.faults[0].params["swapped"] == f"{longitude:.4f}, {latitude:.4f}"
    assert f"{longitude:.4f}, {latitude:.4f}" in explain(content.faults[0], load_catalogue()).text


@pytest.mark.matrix(50)
def test_swapped_axes_of_most_of_the_register_are_recognised(tmp_path: Path) -> None:
    """With the committed register: swapped, Vilnius, Istanbul and Helsinki lie where no city is."""
    for longitude, latitude in ((25.28, 54.69), (28.97, 41.01), (24.94, 60.17)):
        assert codes(look(tmp_path, "a.geojson", collection(feature(point(latitude, longitude))))) == [
            "axes_swapped"
        ]
        assert codes(look(tmp_path, "a.geojson", collection(feature(point(longitude, latitude))))) == []


@pytest.mark.matrix(50)
def test_latitude_beyond_the_pole_is_a_swap_or_another_grid() -> None:
    assert faults(point(54.69, 125.28)) == ["axes_swapped"]
    assert faults(point(582_000.0, 6_061_000.0)) == ["other_grid_feature"]
    assert faults(point(200, 100)) == ["other_grid_feature"]


@pytest.mark.matrix(50)
@pytest.mark.parametrize("name", ["EPSG:3346", "urn:ogc:def:crs:EPSG::3857", "", 5, None])
def test_other_coordinate_systems_are_refused(name: object) -> None:
    grid = {"type": "name", "properties": {"name": name}}
    assert only_fault(told(collection(feature(point(*VILNIUS)), crs=grid))).code == "other_grid"


@pytest.mark.matrix(50)
def test_place_outside_every_country_of_the_register_is_refused() -> None:
    assert faults(point(-30.0, 0.0)) == ["place_outside"]
    assert faults(point(0, 0)) == ["place_outside"]


CROSSING = [[25.0, 54.6], [25.4, 54.8], [25.4, 54.6], [25.0, 54.8], [25.0, 54.6]]


@pytest.mark.matrix(51)
@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (polygon(CROSSING), "area_crosses_itself"),
        (polygon(SQUARE, [[26.0, 54.6], [26.1, 54.6], [26.1, 54.7], [26.0, 54.6]]), "area_crosses_itself"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}, "area_crosses_itself"),
        (polygon(SQUARE[:-1]), "ring_open"),
        (polygon([[25.0, 54.6], [25.4, 54.6], [25.0, 54.6]]), "ring_open"),
        (polygon([]), "geometry_missing"),
        (polygon(), "geometry_missing"),
        (None, "geometry_missing"),
        ({"type": "LineString", "coordinates": SQUARE}, "geometry_kind"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry_kind"),
        ({"type": ["Point"], "coordinates": [1, 2]}, "geometry_kind"),
        ("POINT (25 54)", "geometry_kind"),
        (point(), "coordinates_misshapen"),
        (point(25.28), "coordinates_misshapen"),
        (point(True, False), "coordinates_misshapen"),
        (point(None, None), "coordinates_misshapen"),
        (point([25.28], [54.69]), "coordinates_misshapen"),
        (point(1, 2, 3, 4), "coordinates_misshapen"),
        (polygon(25.28, 54.69), "coordinates_misshapen"),
        ({"type": "Point"}, "coordinates_misshapen"),
    ],
)
def test_unsound_geometries_are_refused_feature_by_feature(geometry: object, code: str) -> None:
    assert faults(geometry) == [code]


@pytest.mark.matrix(51)
def test_crossing_is_shown_where_it_is() -> None:
    content = told(collection(feature(polygon(CROSSING))))
    assert content.faults[0].value == "25.2, 54.7"


@pytest.mark.matrix(51)
def test_a_million_corners_are_refused_within_the_limits(tmp_path: Path) -> None:
    corners = ",".join(["[25.3,54.7]"] * 800_000)
    data = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"city":"Vilnius"},'
        f'"geometry":{{"type":"Polygon","coordinates":[[{corners}]]}}}}]}}'
    ).encode()
    assert len(data) < 10_000_000
    content, seconds, peak = look_measured(tmp_path, "a.geojson", data)
    assert codes(content) == ["geometry_too_detailed"]
    assert seconds < 10
    assert peak < 1 << 30


def test_more_features_or_properties_than_the_limits_are_refused() -> None:
    many = collection(*[feature(point(*VILNIUS))] * 6)
    assert only_fault(look_here("a.json", many, caps=Caps(features=5))).code == "too_many_rows"
    wide = collection(feature(point(*VILNIUS), **{f"p{n}": n for n in range(10)}))
    assert only_fault(look_here("a.json", wide, caps=Caps(columns=5))).code == "too_many_columns"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-200, 200) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
kinds = st.sampled_from(["Point", "MultiPoint", "Polygon", "MultiPolygon", "LineString", ""])
geometries = st.fixed_dictionaries({"type": kinds, "coordinates": json_values}) | json_values
features = st.fixed_dictionaries(
    {"type": st.just("Feature"), "properties": json_values, "geometry": geometries}
)


@settings(deadline=None)
@given(st.lists(features | json_values, max_size=4), st.none() | json_values)
def test_any_features_are_read_or_refused(listed: list[object], crs: object) -> None:
    value: dict[str, object] = {"type": "FeatureCollection", "features": listed}
    if crs is not None:
        value["crs"] = crs
    content = told(json.dumps(value).encode())
    assert content.grids or content.faults
