"""The blank map behind the points: country outlines of Europe and its neighbours, made once.

Source: Natural Earth (public domain), taken from the npm package world-atlas 2.0.2, which packs it as
TopoJSON. Two files come out of it, both GeoJSON in degrees of longitude and latitude (WGS 84), exterior
rings clockwise:

* ``basemap.json``: all of the frame, from the 1:50m outlines, for a view of Europe;
* ``basemap_detail.json``: Lithuania and Türkiye with what surrounds them, from the 1:10m outlines.

Borders are drawn as the European Union recognises them. Natural Earth draws who holds the ground, so
Crimea moves from Russia to Ukraine and the north of Cyprus and the buffer zone join Cyprus. Kosovo stays
a feature of its own and carries the footnote in use in the Union.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

PACKAGE = "world-atlas@2.0.2"
FRAME = (-25.0, 27.0, 63.0, 72.5)
"""West, south, east, north in degrees: Iceland to the Urals, the Canaries to northern Norway."""

DETAIL_FRAMES: Mapping[str, tuple[float, float, float, float]] = {
    "lt": (17.0, 51.5, 31.0, 59.5),
    "tr": (23.0, 34.0, 47.0, 44.0),
}

# ISO 3166-1 numeric code, as in the package -> (alpha-2 code, name). Only what lies in the frame.
COUNTRIES: Mapping[str, tuple[str, str]] = {
    "008": ("AL", "Albania"),
    "012": ("DZ", "Algeria"),
    "020": ("AD", "Andorra"),
    "031": ("AZ", "Azerbaijan"),
    "040": ("AT", "Austria"),
    "051": ("AM", "Armenia"),
    "056": ("BE", "Belgium"),
    "070": ("BA", "Bosnia and Herzegovina"),
    "100": ("BG", "Bulgaria"),
    "112": ("BY", "Belarus"),
    "191": ("HR", "Croatia"),
    "196": ("CY", "Cyprus"),
    "203": ("CZ", "Czechia"),
    "208": ("DK", "Denmark"),
    "233": ("EE", "Estonia"),
    "234": ("FO", "Faroe Islands"),
    "246": ("FI", "Finland"),
    "248": ("FI", "Finland"),  # Åland is part of Finland
    "250": ("FR", "France"),
    "268": ("GE", "Georgia"),
    "275": ("PS", "Palestine"),
    "276": ("DE", "Germany"),
    "292": ("GI", "Gibraltar"),
    "300": ("GR", "Greece"),
    "304": ("GL", "Greenland"),
    "336": ("VA", "Vatican City"),
    "348": ("HU", "Hungary"),
    "352": ("IS", "Iceland"),
    "364": ("IR", "Iran"),
    "368": ("IQ", "Iraq"),
    "372": ("IE", "Ireland"),
    "376": ("IL", "Israel"),
    "380": ("IT", "Italy"),
    "398": ("KZ", "Kazakhstan"),
    "400": ("JO", "Jordan"),
    "414": ("KW", "Kuwait"),
    "422": ("LB", "Lebanon"),
    "428": ("LV", "Latvia"),
    "434": ("LY", "Libya"),
    "438": ("LI", "Liechtenstein"),
    "440": ("LT", "Lithuania"),
    "442": ("LU", "Luxembourg"),
    "470": ("MT", "Malta"),
    "492": ("MC", "Monaco"),
    "498": ("MD", "Moldova"),
    "499": ("ME", "Montenegro"),
    "504": ("MA", "Morocco"),
    "528": ("NL", "Netherlands"),
    "578": ("NO", "Norway"),
    "616": ("PL", "Poland"),
    "620": ("PT", "Portugal"),
    "642": ("RO", "Romania"),
    "643": ("RU", "Russia"),
    "674": ("SM", "San Marino"),
    "682": ("SA", "Saudi Arabia"),
    "688": ("RS", "Serbia"),
    "703": ("SK", "Slovakia"),
    "705": ("SI", "Slovenia"),
    "724": ("ES", "Spain"),
    "732": ("EH", "Western Sahara"),
    "752": ("SE", "Sweden"),
    "756": ("CH", "Switzerland"),
    "760": ("SY", "Syria"),
    "788": ("TN", "Tunisia"),
    "792": ("TR", "Türkiye"),
    "795": ("TM", "Turkmenistan"),
    "804": ("UA", "Ukraine"),
    "807": ("MK", "North Macedonia"),
    "818": ("EG", "Egypt"),
    "826": ("GB", "United Kingdom"),
    "831": ("GG", "Guernsey"),
    "832": ("JE", "Jersey"),
    "833": ("IM", "Isle of Man"),
    "860": ("UZ", "Uzbekistan"),
}

# Places without an ISO number in the package, by the package's own name.
WITHOUT_NUMBER: Mapping[str, tuple[str, str]] = {
    "Kosovo": ("XK", "Kosovo*"),
    "N. Cyprus": ("CY", "Cyprus"),
    "Cyprus U.N. Buffer Zone": ("CY", "Cyprus"),
    "Akrotiri": ("GB", "United Kingdom"),  # sovereign base areas
    "Dhekelia": ("GB", "United Kingdom"),
    "Baikonur": ("KZ", "Kazakhstan"),
}

FOOTNOTES: Mapping[str, str] = {
    "XK": (
        "* This designation is without prejudice to positions on status, and is in line with UNSCR 1244/1999 "
        "and the ICJ Opinion on the Kosovo declaration of independence."
    ),
    "CY": "Shown as one state; the north is outside the effective control of its government.",
    "UA": "Shown within its internationally recognised borders, Crimea included.",
    "IL": "Outline as in Natural Earth; it is no statement on the status of occupied territory.",
    "PS": "Outline as in Natural Earth; this designation is no recognition of a State of Palestine.",
    "SY": "Outline as in Natural Earth; it is no statement on the status of the Golan Heights.",
}

CRIMEA_PARTS_NEAR = shapely.box(32.4, 44.3, 36.66, 46.25)
"""Every part of Russia that lies wholly inside this box belongs to Crimea: the strait of Kerch parts it
from the mainland in the source, so parts are moved whole and no line is cut."""


class BasemapError(ValueError):
    """The package's file is not what this module was written for."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How far one output file is simplified."""

    tolerance_deg: float
    smallest_island_deg2: float
    decimals: int


EUROPE = Recipe(tolerance_deg=0.073, smallest_island_deg2=0.004, decimals=2)
DETAIL = Recipe(tolerance_deg=0.012, smallest_island_deg2=0.0008, decimals=3)
KEEP_ALL_ISLANDS = frozenset({"MT", "CY", "FO", "IM", "JE", "GG"})


def decode(topology: Mapping[str, Any]) -> dict[str, list[BaseGeometry]]:
    """Alpha-2 code -> geometries of a world-atlas TopoJSON, for the countries this module knows."""
    arcs = _arcs(topology)
    found: dict[str, list[BaseGeometry]] = {}
    for item in topology["objects"]["countries"]["geometries"]:
        known = _identity(item)
        if known is None:
            continue
        found.setdefault(known[0], []).append(_geometry(item, arcs))
    return found


def _identity(item: Mapping[str, Any]) -> tuple[str, str] | None:
    number = item.get("id")
    name = str(item.get("properties", {}).get("name", ""))
    return COUNTRIES.get(str(number)) if number is not None else WITHOUT_NUMBER.get(name)


def _arcs(topology: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    """TopoJSON arcs are steps from point to point in whole numbers; add them up and scale them."""
    try:
        scale_x, scale_y = topology["transform"]["scale"]
        move_x, move_y = topology["transform"]["translate"]
        packed = topology["arcs"]
    except (KeyError, TypeError, ValueError) as error:
        raise BasemapError(f"no quantised TopoJSON: {error!r} is missing") from error
    arcs: list[list[tuple[float, float]]] = []
    for steps in packed:
        x = y = 0
        line: list[tuple[float, float]] = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            line.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(line)
    return arcs


def _ring(numbers: Iterable[int], arcs: Sequence[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """One closed ring from arc numbers; a negative number means the arc (~n) run backwards."""
    points: list[tuple[float, float]] = []
    for number in numbers:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(line[1:] if points else line)
    return _unwrapped(points)


def _unwrapped(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A ring over the 180th meridian (Russia's east) made continuous: degrees run on past 180."""
    if all(abs(b[0] - a[0]) <= 180 for a, b in itertools.pairwise(ring)):
        return ring
    return [(x + 360 if x < 0 else x, y) for x, y in ring]


def _geometry(item: Mapping[str, Any], arcs: Sequence[list[tuple[float, float]]]) -> BaseGeometry:
    parts = item["arcs"] if item["type"] == "MultiPolygon" else [item["arcs"]]
    polygons = []
    for part in parts:
        rings = [ring for ring in (_ring(numbers, arcs) for numbers in part) if len(ring) >= 4]
        if rings:
            polygons.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.make_valid(shapely.MultiPolygon(polygons))


def as_recognised(countries: Mapping[str, list[BaseGeometry]]) -> dict[str, BaseGeometry]:
    """One geometry a country, with Crimea in Ukraine and Cyprus as one island state."""
    joined = {code: shapely.union_all(parts) for code, parts in countries.items()}
    if "RU" not in joined or "UA" not in joined:
        raise BasemapError("Russia or Ukraine is missing, so the border in Crimea cannot be set right")
    russia = _polygons(joined["RU"])
    crimea = [part for part in russia if CRIMEA_PARTS_NEAR.contains(part)]
    if not any(part.contains(shapely.Point(34.1, 44.95)) for part in [*crimea, joined["UA"]]):
        raise BasemapError("Simferopol (34.1, 44.95) lies in no part of Russia that can move to Ukraine")
    joined["RU"] = shapely.MultiPolygon([part for part in russia if not CRIMEA_PARTS_NEAR.contains(part)])
    joined["UA"] = shapely.union_all([joined["UA"], *crimea])
    return joined


def _polygons(geometry: BaseGeometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and part.area > 0]


def clip(
    countries: Mapping[str, BaseGeometry], frame: tuple[float, float, float, float], recipe: Recipe
) -> dict[str, BaseGeometry]:
    """What lies in the frame, simplified so that neighbours still share their border."""
    window = shapely.box(*frame)
    inside: dict[str, BaseGeometry] = {}
    for code, geometry in sorted(countries.items()):
        parts = _polygons(shapely.intersection(geometry, window))
        if not parts:
            continue
        largest = max(parts, key=lambda part: part.area)
        kept = [
            part
            for part in parts
            if part is largest or code in KEEP_ALL_ISLANDS or part.area >= recipe.smallest_island_deg2
        ]
        inside[code] = shapely.MultiPolygon(kept)
    simple = shapely.coverage_simplify(list(inside.values()), tolerance=recipe.tolerance_deg)
    rounded = [shapely.set_precision(shape, 10.0**-recipe.decimals) for shape in simple]
    return {
        code: shapely.MultiPolygon(_polygons(shape) or _polygons(original))
        for (code, original), shape in zip(inside.items(), rounded, strict=True)
    }


def features(
    countries: Mapping[str, BaseGeometry], recipe: Recipe, extra: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """GeoJSON features, sorted by code."""
    names = dict(COUNTRIES.values()) | dict(WITHOUT_NUMBER.values())
    made = []
    for code, geometry in sorted(countries.items()):
        properties: dict[str, str] = {"iso2": code, "name": names[code], **(extra or {})}
        if code in FOOTNOTES:
            properties["footnote"] = FOOTNOTES[code]
        made.append(
            {
                "type": "Feature",
                "id": "-".join([code, *(extra or {}).values()]),
                "properties": properties,
                "geometry": {"type": "MultiPolygon", "coordinates": _coordinates(geometry, recipe.decimals)},
            }
        )
    return made


def _coordinates(geometry: BaseGeometry, decimals: int) -> list[list[list[list[float]]]]:
    """Rings with the outer one clockwise, numbers rounded."""
    return [
        [
            [[round(x, decimals), round(y, decimals)] for x, y in ring.coords]
            for ring in (polygon.exterior, *polygon.interiors)
        ]
        for polygon in (shapely.orient_polygons(part, exterior_cw=True) for part in _polygons(geometry))
    ]


def europe(topology_50m: Mapping[str, Any]) -> dict[str, Any]:
    """The whole frame as a GeoJSON feature collection."""
    countries = clip(as_recognised(decode(topology_50m)), FRAME, EUROPE)
    return _collection("Natural Earth 1:50m", features(countries, EUROPE))


def detail(topology_10m: Mapping[str, Any]) -> dict[str, Any]:
    """Lithuania and Türkiye closer up: features carry the property ``frame`` (lt or tr)."""
    whole = as_recognised(decode(topology_10m))
    made: list[dict[str, Any]] = []
    for frame, bounds in DETAIL_FRAMES.items():
        made += features(clip(whole, bounds, DETAIL), DETAIL, {"frame": frame})
    return _collection("Natural Earth 1:10m", made)


def _collection(source: str, made: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "source": f"{source}, public domain, as packed in {PACKAGE}; borders as the EU recognises them",
        "features": made,
    }


def write(document: Mapping[str, Any], path: Path) -> int:
    """Write one line a feature, so that a change shows as a change of that country; returns bytes."""
    head = {key: value for key, value in document.items() if key != "features"}
    lines = [json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in document["features"]]
    text = json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n' + ",\n".join(lines) + "\n]}\n"
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return len(text.encode())


def prepare(package: Path, into: Path) -> dict[str, int]:
    """Both files from an unpacked world-atlas package; returns file name -> bytes."""
    sizes: dict[str, int] = {}
    for source, make, name in (
        ("countries-50m.json", europe, "basemap.json"),
        ("countries-10m.json", detail, "basemap_detail.json"),
    ):
        topology = json.loads((package / source).read_text(encoding="utf-8"))
        sizes[name] = write(make(topology), into / name)
    return sizes
