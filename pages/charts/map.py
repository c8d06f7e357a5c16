"""Maps: cities as points on our own base map. Rows in, ``pydeck.Deck`` out; no streamlit, nothing from
outside.

Two kinds: :func:`verdict_map` draws a shape and colour per verdict, :func:`value_map` a circle coloured by
class. Points are sized by population, with a floor so that the smallest place can be seen and clicked; small
places lie on top of big ones. A city without a value is a hollow grey ring, unlike any value.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal
from urllib.parse import quote
from weakref import WeakKeyDictionary

import pydeck as pdk

from pages.charts import palettes
from pages.charts.classes import Classes
from pages.charts.palettes import VERDICTS, ThemeName, palette, rgba
from pipeline.basemap import DETAIL_FRAMES

LAYER = "cities"
"""Id of the layer that can be clicked: ``selection.objects["cities"]``."""

SMALLEST_PX, LARGEST_PX = 9.0, 26.0
POPULATION_RANGE = (10_000.0, 5_000_000.0)

Frame = Literal["lt", "tr"]


@dataclass(frozen=True, slots=True)
class View:
    """Where the map looks first. `detail`: the frame of finer outlines drawn over the coarse ones."""

    latitude: float
    longitude: float
    zoom: float
    detail: Frame | None = None


VIEWS: dict[str, View] = {
    "eu": View(52.2, 10.5, 2.6),
    "lt": View(55.25, 23.9, 5.75, "lt"),
    "tr": View(39.0, 35.2, 4.55, "tr"),
}


BEYOND = [[63.0, 27.0], [63.0, 68.3], [110.0, 68.3], [110.0, 27.0], [63.0, 27.0]]
"""Asia east of the outlines, as plain land: without it a wide screen shows a straight coast at the edge."""


@dataclass(frozen=True, slots=True)
class Point:
    """One city on a map.

    `title` and `tip` are plain text (the browser makes them safe; a line break starts a line). `look` is a
    verdict id or a class number; None means that there is no value.
    """

    city_id: str
    longitude: float
    latitude: float
    population: float | None
    title: str
    tip: str
    look: str | int | None
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class BaseMap:
    """Addresses of the outlines: for all of Europe, and the finer ones."""

    europe: str
    detail: str


def size_px(population: float | None) -> float:
    """Diameter of a point: its area grows with the logarithm of the population, between two fixed sizes."""
    if population is None or math.isnan(population) or population <= 0:
        return SMALLEST_PX
    low, high = (math.log(limit) for limit in POPULATION_RANGE)
    share = min(1.0, max(0.0, (math.log(population) - low) / (high - low)))
    return round(math.sqrt(SMALLEST_PX**2 + share * (LARGEST_PX**2 - SMALLEST_PX**2)), 1)


def verdict_map(points: Sequence[Point], base: BaseMap, theme: ThemeName, view: str = "eu") -> pdk.Deck:
    """The points with the shape and colour of their verdict."""
    records = [
        {
            "id": point.city_id,
            "at": [round(point.longitude, 4), round(point.latitude, 4)],
            "look": str(point.look),
            "px": size_px(point.population) + 5,
            "title": point.title,
            "tip": point.tip,
        }
        for point in _small_on_top(points)
    ]
    layer = pdk.Layer(
        "IconLayer",
        records,
        id=LAYER,
        pickable=True,
        icon_atlas=pdk.types.String(atlas(theme)),
        icon_mapping=ATLAS_PLACES,
        get_icon="look",
        get_position="at",
        get_size="px",
        size_units=pdk.types.String("pixels"),
        size_min_pixels=int(SMALLEST_PX),
    )
    return deck([layer, *_chosen(points, theme)], base, theme, view)


def value_map(
    points: Sequence[Point], classes: Classes | None, base: BaseMap, theme: ThemeName, view: str = "eu"
) -> pdk.Deck:
    """The points coloured by their class; those without a value as rings underneath."""
    colours = palettes.classes(theme, classes.count) if classes else ()
    ring = rgba(VERDICTS["not_assessed"].fill[theme], 200)
    edge = rgba(palette(theme).outline, 220)
    records = []
    for point in _small_on_top(points):
        filled = isinstance(point.look, int)
        records.append(
            {
                "id": point.city_id,
                "at": [round(point.longitude, 4), round(point.latitude, 4)],
                "fill": rgba(colours[point.look], 235) if isinstance(point.look, int) else [0, 0, 0, 0],
                "edge": edge if filled else ring,
                "px": size_px(point.population) / 2,
                "title": point.title,
                "tip": point.tip,
            }
        )
    layer = pdk.Layer(
        "ScatterplotLayer",
        records,
        id=LAYER,
        pickable=True,
        stroked=True,
        filled=True,
        get_position="at",
        get_fill_color="fill",
        get_line_color="edge",
        get_radius="px",
        radius_units=pdk.types.String("pixels"),
        get_line_width=1.6,
        line_width_units=pdk.types.String("pixels"),
    )
    return deck([layer, *_chosen(points, theme)], base, theme, view)


def _small_on_top(points: Sequence[Point]) -> list[Point]:
    """Drawing order: cities without an answer at the bottom, then big before small."""
    return sorted(
        points,
        key=lambda point: (
            point.look not in (None, "not_assessed"),
            -(point.population or 0),
            point.city_id,
        ),
    )


def _chosen(points: Sequence[Point], theme: ThemeName) -> list[pdk.Layer]:
    """A wide ring around the cities chosen by name."""
    records = [
        {"at": [point.longitude, point.latitude], "px": size_px(point.population) / 2 + 6}
        for point in points
        if point.is_chosen
    ]
    if not records:
        return []
    return [
        pdk.Layer(
            "ScatterplotLayer",
            records,
            id="chosen",
            stroked=True,
            filled=False,
            get_position="at",
            get_line_color=rgba(palette(theme).text),
            get_radius="px",
            radius_units=pdk.types.String("pixels"),
            get_line_width=2.5,
            line_width_units=pdk.types.String("pixels"),
        )
    ]


class FixedDeck(pdk.Deck):  # type: ignore[misc]  # pydeck has no types
    """A map that is not changed any more: written as JSON once and without spaces, however often shown."""

    def to_json(self) -> str:
        """The map's description as deck.gl reads it."""
        if self not in _WRITTEN:
            _WRITTEN[self] = json.dumps(json.loads(super().to_json()), separators=(",", ":"))
        return _WRITTEN[self]


_WRITTEN: WeakKeyDictionary[FixedDeck, str] = WeakKeyDictionary()


def deck(layers: list[pdk.Layer], base: BaseMap, theme: ThemeName, view: str) -> pdk.Deck:
    """The layers over the outlines: what every map has in common."""
    colours = palette(theme)
    look = VIEWS[view]
    return FixedDeck(
        [*_land(base, theme, look), *layers],
        initial_view_state=pdk.ViewState(
            latitude=look.latitude, longitude=look.longitude, zoom=look.zoom, min_zoom=2, max_zoom=11
        ),
        map_provider="carto",  # with a style of our own this asks nobody; None would fetch the default style
        map_style=blank_style(colours.sea),
        tooltip={
            "html": "<b>{title}</b><br>{tip}",
            "style": {
                "backgroundColor": colours.background,
                "color": colours.text,
                "border": f"1px solid {colours.line}",
                "borderRadius": "6px",
                "fontSize": "14px",
                "lineHeight": "1.45",
                "whiteSpace": "pre-line",
                "maxWidth": "300px",
                "padding": "10px 12px",
                "boxShadow": "0 2px 10px rgba(0,0,0,.18)",
            },
        },
    )


def _land(base: BaseMap, theme: ThemeName, view: View) -> list[pdk.Layer]:
    colours = palette(theme)
    shared: dict[str, Any] = {
        "stroked": False,  # coasts and borders are lines of their own, see basemap.py
        "filled": True,
        "get_fill_color": rgba(colours.land),
        "get_line_color": rgba(colours.border),
        "line_width_min_pixels": 0.8,
        "pickable": False,
    }
    layers = [pdk.Layer("GeoJsonLayer", base.europe, id="land", **shared)]
    layers.append(pdk.Layer("PolygonLayer", [{"ring": BEYOND}], id="beyond", get_polygon="ring", **shared))
    if view.detail is not None:
        west, south, east, north = DETAIL_FRAMES[view.detail]
        ring = [[west, south], [west, north], [east, north], [east, south], [west, south]]
        sea = {**shared, "get_fill_color": rgba(colours.sea)}
        layers.append(pdk.Layer("PolygonLayer", [{"ring": ring}], id="water", get_polygon="ring", **sea))
        layers.append(pdk.Layer("GeoJsonLayer", base.detail, id="land-detail", **shared))
    return layers


@cache
def blank_style(sea: str) -> str:
    """A map style of one colour, as an address that holds it: nothing is fetched."""
    style = {
        "version": 8,
        "sources": {},
        "layers": [{"id": "sea", "type": "background", "paint": {"background-color": sea}}],
    }
    return "data:application/json," + quote(json.dumps(style))


ICON = 64
"""Side of one sign in the picture that holds all five, in pixels."""
ATLAS_PLACES: dict[str, dict[str, Any]] = {
    verdict: {"x": number * ICON, "y": 0, "width": ICON, "height": ICON, "mask": False}
    for number, verdict in enumerate(VERDICTS)
}


def sign(verdict_id: str, theme: ThemeName) -> str:
    """The sign of a verdict as SVG elements on a 64 by 64 square."""
    verdict = VERDICTS[verdict_id]
    fill = verdict.fill[theme]
    edge = palette(theme).outline
    pen = f'fill="{fill}" stroke="{edge}" stroke-width="4" stroke-linejoin="round"'
    match verdict.shape:
        case "star":
            corners = []
            for step in range(10):
                reach = 29 if step % 2 == 0 else 14.5
                turn = math.pi * step / 5 - math.pi / 2
                corners.append(f"{32 + reach * math.cos(turn):.1f},{34 + reach * math.sin(turn):.1f}")
            return f'<polygon points="{" ".join(corners)}" {pen}/>'
        case "circle":
            return f'<circle cx="32" cy="32" r="24" {pen}/>'
        case "triangle":
            return f'<polygon points="32,6 60,56 4,56" {pen}/>'
        case "square":
            return f'<rect x="10" y="10" width="44" height="44" rx="3" {pen}/>'
        case "ring":
            return f'<circle cx="32" cy="32" r="17" fill="none" stroke="{fill}" stroke-width="7"/>'


@cache
def atlas(theme: ThemeName) -> str:
    """All five signs side by side, as the address of an SVG picture that holds itself."""
    parts = "".join(
        f'<g transform="translate({number * ICON},0)">{sign(verdict, theme)}</g>'
        for number, verdict in enumerate(VERDICTS)
    )
    size = f'width="{ICON * len(VERDICTS)}" height="{ICON}"'
    return "data:image/svg+xml," + quote(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{parts}</svg>')


def legend_sign(verdict_id: str, theme: ThemeName, side: int = 16) -> str:
    """The sign of a verdict as a picture for a legend or a tooltip."""
    return picture(sign(verdict_id, theme), ICON, side)


def swatch(colour: str | None, theme: ThemeName, side: int = 16) -> str:
    """A filled dot of a colour class for a legend; None gives the hollow ring of "no figure"."""
    edge = palette(theme).outline if colour else VERDICTS["not_assessed"].fill[theme]
    return picture(
        f'<circle cx="10" cy="10" r="8" fill="{colour or "none"}" stroke="{edge}" '
        f'stroke-width="{1.2 if colour else 2.4}"/>',
        20,
        side,
    )


def picture(drawing: str, size: int, side: int, width: int | None = None) -> str:
    """An HTML picture that holds itself; the words beside it say what it means, so it needs no text of its
    own.

    `size`: height of the drawing (and width unless given); `side`: height on the page.
    """
    wide = width or size
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {size}">{drawing}</svg>'
    return (
        f'<img src="data:image/svg+xml,{quote(svg)}" width="{side * wide // size}" height="{side}" alt="" '
        'style="vertical-align:-2px;flex:none">'
    )
