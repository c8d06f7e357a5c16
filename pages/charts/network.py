"""The partnership network as a graph, as arcs on the map, as a matrix and as bars. No streamlit; nothing
fetched.

Three families of ties are told apart everywhere by line and colour: twinnings and agreements (solid),
programmes, projects and pilots (dashed), networks, events and the rest (dotted). Ties with Russia or Belarus
are grey: many were suspended, and no list says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pydeck as pdk

from pages.charts import map as map_chart
from pages.charts.map import BaseMap
from pages.charts.palettes import ThemeName, classes, contrast, palette, rgba
from pages.charts.text import shortened
from pipeline.network_graph import Link, Picture

Family = Literal["agreement", "programme", "loose", "suspended"]
FAMILIES: tuple[Family, ...] = ("agreement", "programme", "loose", "suspended")
LINE: dict[Family, str] = {
    "agreement": "solid",
    "programme": "dashed",
    "loose": "dotted",
    "suspended": "dashed",
}
WIDTH: dict[Family, float] = {"agreement": 1.8, "programme": 1.6, "loose": 1.4, "suspended": 1.2}

REGION_SHAPES: dict[str, str] = {
    "LT": "circle",
    "TR": "rect",
    "EU": "circle",
    "other": "triangle",
    "none": "diamond",
}
"""Signs of the regions in the graph; organisations are diamonds wherever they sit."""
LABELLED_RING = 70
"""Up to so many places on the first ring have their name written beside them."""
SPREAD = 1000
"""ECharts straightens lines whose ends differ by less than half a unit, so points lie far apart in it."""
NARROW_PX = 520
"""Below so many pixels the graph gives the room of its outer names to the signs."""
MATRIX_SIDE = 14
"""Countries in the matrix picture; the table has them all."""


@dataclass(frozen=True, slots=True)
class Arc:
    """One line on the map. `title` and `tip` are plain text; a line break starts a line."""

    from_longitude: float
    from_latitude: float
    to_longitude: float
    to_latitude: float
    family: Family
    tie_count: int
    title: str
    tip: str


def family(strength: int, *, is_suspended: bool) -> Family:
    """Which family a kind of this strength belongs to (``strength`` of the registry, 1 is closest)."""
    if is_suspended:
        return "suspended"
    return "agreement" if strength <= 1 else "programme" if strength <= 3 else "loose"


def family_colour(name: Family, theme: ThemeName) -> str:
    """The line colour of a family."""
    colours = palette(theme)
    return {
        "agreement": colours.categorical[0],
        "programme": colours.categorical[1],
        "loose": colours.categorical[2],
        "suspended": colours.muted,
    }[name]


def region_colour(region_id: str, theme: ThemeName) -> str:
    """The fill of a place by region."""
    colours = palette(theme).categorical
    places = {"LT": 3, "TR": 4, "EU": 0, "other": 6, "none": 7}
    return colours[places[region_id]]


def graph(
    picture: Picture,
    names: Mapping[str, str],
    tips: Mapping[str, str],
    link_tips: Mapping[tuple[str, str], str],
    theme: ThemeName,
) -> dict[str, Any]:
    """The places at their fixed points, as an ECharts graph. `names`, `tips`: by member id, plain text."""
    colours = palette(theme)
    first_ring = sum(node.hop == 1 for node in picture.nodes)
    has_middle = any(node.hop == 0 for node in picture.nodes) and first_ring > 0
    top = sorted((node.tie_count for node in picture.nodes), reverse=True)[:40][-1:] or [0]
    crowd = min(1.0, (60 / max(1, len(picture.nodes))) ** 0.5)
    data = []
    for node in picture.nodes:
        is_middle = has_middle and node.hop == 0
        named = is_middle or (
            (node.hop == 1 and first_ring <= LABELLED_RING)
            if has_middle
            else len(picture.nodes) <= LABELLED_RING or node.tie_count >= top[0]
        )
        side = "top" if is_middle else "right" if node.x > 0.12 else "left" if node.x < -0.12 else "bottom"
        if side == "bottom" and node.y < 0:
            side = "top"
        size = 28 if is_middle else min(22, 8 + 2 * node.tie_count**0.5) * crowd
        data.append(
            {
                "id": node.member_id,
                "name": names[node.member_id],
                "value": tips[node.member_id],
                "x": node.x * SPREAD,
                "y": node.y * SPREAD,
                "symbol": "diamond" if node.member_kind == "organisation" else REGION_SHAPES[node.region_id],
                "symbolSize": round(size if node.member_kind != "organisation" else size * 1.15, 1),
                "itemStyle": {
                    "color": region_colour(
                        "none" if node.member_kind == "organisation" else node.region_id, theme
                    ),
                    "borderColor": colours.text if node.is_mission else colours.background,
                    "borderWidth": 2 if node.is_mission else 1,
                },
                "label": {
                    "show": named,
                    "position": side,
                    "formatter": shortened(_plain(names[node.member_id]), 26 if is_middle else 22),
                    "fontWeight": "bold" if is_middle else "normal",
                    "fontSize": 15 if is_middle else 12,
                },
            }
        )
    opacity = 0.75 if len(picture.links) <= 200 else 0.3
    links = [_link(link, link_tips, opacity, theme) for link in picture.links]
    whole: dict[str, Any] = {
        "animation": False,
        "tooltip": {
            "confine": True,
            "formatter": "{c}",
            "extraCssText": "max-width:300px;white-space:normal",
        },
        "series": [
            {
                "type": "graph",
                "layout": "none",
                "roam": "scale",
                "scaleLimit": {"min": 0.7, "max": 6},
                "selectedMode": "single",
                "cursor": "pointer",
                "preserveAspect": "contain",
                "left": "17%",
                "right": "17%",
                "top": 30,
                "bottom": 30,
                "data": data,
                "links": links,
                "label": {"color": colours.text, "textBorderColor": colours.background, "textBorderWidth": 2},
                "labelLayout": {"hideOverlap": True},
                "emphasis": {"focus": "adjacency", "label": {"show": True}, "lineStyle": {"width": 3}},
                "select": {"itemStyle": {"borderColor": colours.primary, "borderWidth": 4}},
            }
        ],
    }
    short = {"width": 62, "overflow": "truncate"}
    phone = {"series": [{"left": 66, "right": 66, "top": 12, "bottom": 12, "label": short}]}
    return {"baseOption": whole, "media": [{"query": {"maxWidth": NARROW_PX}, "option": phone}]}


def _link(
    link: Link, tips: Mapping[tuple[str, str], str], opacity: float, theme: ThemeName
) -> dict[str, Any]:
    name = family(link.strength, is_suspended=link.is_suspended)
    return {
        "source": link.one,
        "target": link.other,
        "value": tips[(link.one, link.other)],
        "lineStyle": {
            "color": family_colour(name, theme),
            "type": LINE[name],
            "width": WIDTH[name] + 0.8 * (len(link.kinds) - 1),
            "opacity": opacity,
        },
    }


def _plain(text: str) -> str:
    """Without braces: ECharts would read them as places to fill in."""
    return text.replace("{", "(").replace("}", ")")


def matrix(
    labels: Sequence[str], cells: Sequence[tuple[int, int, int]], tip: str, theme: ThemeName
) -> dict[str, Any]:
    """Ties between every two of `labels`, as a heat map; cells are (column, row, ties), both halves given."""
    colours = palette(theme)
    scale = list(classes(theme, 5))
    most = max((count for _column, _row, count in cells), default=1)
    limits = _limits([count for _column, _row, count in cells])
    pieces: list[dict[str, Any]] = [
        {"gte": low, "lte": high, "color": scale[round(number * 4 / max(1, len(limits) - 1))]}
        for number, (low, high) in enumerate(limits)
    ]
    data = []
    for column, row, count in cells:
        fill = next(piece["color"] for piece in pieces if piece["gte"] <= count <= piece["lte"])
        ink = max((colours.text, colours.background), key=lambda one: contrast(one, fill))
        data.append({"value": [column, row, count], "label": {"color": ink}})
    axis: dict[str, Any] = {
        "type": "category",
        "data": list(labels),
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "splitArea": {"show": False},
        "axisLabel": {
            "color": colours.text,
            "fontSize": 12,
            "interval": 0,
            "width": 110,
            "overflow": "truncate",
        },
    }
    return {
        "animation": False,
        "tooltip": {"confine": True, "formatter": tip},
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {**axis, "axisLabel": {**axis["axisLabel"], "rotate": 60}, "position": "top"},
        "yAxis": {**axis, "inverse": True},
        "visualMap": {
            "show": False,
            "type": "piecewise",
            "dimension": 2,
            "min": 1,
            "max": most,
            "pieces": pieces,
        },
        "series": [
            {
                "type": "heatmap",
                "data": data,
                "label": {"show": True, "fontSize": 12},
                "itemStyle": {"borderColor": colours.background, "borderWidth": 2},
            }
        ],
    }


def _limits(counts: Sequence[int]) -> list[tuple[int, int]]:
    """At most five classes with about equally many different counts each."""
    values = sorted(set(counts))
    if not values:
        return [(1, 1)]
    number = min(5, len(values))
    starts = [values[len(values) * step // number] for step in range(number)]
    ends = [start - 1 for start in starts[1:]] + [values[-1]]
    return list(zip(starts, ends, strict=True))


def bars(
    labels: Sequence[str], values: Sequence[float], words: Sequence[str], theme: ThemeName
) -> dict[str, Any]:
    """The first places of a measure as bars, the highest on top; `words` stand at the bars' ends."""
    colours = palette(theme)
    return {
        "animation": False,
        "grid": {"left": 8, "right": 64, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [shortened(label, 30) for label in labels],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": {"color": colours.text, "fontSize": 13, "interval": 0},
        },
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 18,
                "itemStyle": {"color": colours.categorical[0]},
                "data": [
                    {
                        "value": value,
                        "label": {
                            "show": True,
                            "position": "right",
                            "formatter": _plain(word),
                            "color": colours.text,
                        },
                    }
                    for value, word in zip(values, words, strict=True)
                ],
            }
        ],
    }


def arcs(
    lines: Sequence[Arc],
    points: Sequence[map_chart.Point],
    base: BaseMap,
    theme: ThemeName,
    view: str = "eu",
) -> pdk.Deck:
    """Ties as arcs over our own map; the places at their ends can be clicked. `look` of a point is its
    region."""
    colours = palette(theme)
    arc_records = [
        {
            "from": [round(line.from_longitude, 4), round(line.from_latitude, 4)],
            "to": [round(line.to_longitude, 4), round(line.to_latitude, 4)],
            "ink": rgba(family_colour(line.family, theme), 130 if line.family == "suspended" else 190),
            "px": WIDTH[line.family] + 0.8 * (line.tie_count - 1),
            "title": line.title,
            "tip": line.tip,
        }
        for line in sorted(lines, key=lambda line: -FAMILIES.index(line.family))
    ]
    arc_layer = pdk.Layer(
        "ArcLayer",
        arc_records,
        id="ties",
        pickable=True,
        get_source_position="from",
        get_target_position="to",
        get_source_color="ink",
        get_target_color="ink",
        get_width="px",
        width_min_pixels=1.2,
        get_height=0.35,
        get_tilt=20,
        auto_highlight=True,
    )
    point_records = [
        {
            "id": point.city_id,
            "at": [round(point.longitude, 4), round(point.latitude, 4)],
            "fill": rgba(region_colour(str(point.look), theme), 235),
            "edge": rgba(colours.text) if point.is_chosen else rgba(colours.outline, 200),
            "px": 9.0 if point.is_chosen else 5.0,
            "title": point.title,
            "tip": point.tip,
        }
        for point in sorted(points, key=lambda point: (point.is_chosen, point.city_id))
    ]
    point_layer = pdk.Layer(
        "ScatterplotLayer",
        point_records,
        id=map_chart.LAYER,
        pickable=True,
        stroked=True,
        get_position="at",
        get_fill_color="fill",
        get_line_color="edge",
        get_radius="px",
        radius_units=pdk.types.String("pixels"),
        get_line_width=1.4,
        line_width_units=pdk.types.String("pixels"),
    )
    return map_chart.deck([arc_layer, point_layer], base, theme, view)


def line_sign(name: Family, theme: ThemeName, *, is_plain: bool = False) -> str:
    """A short line as it is drawn for a family, for the legend; on the map all lines are plain."""
    dashes = {"solid": "", "dashed": ' stroke-dasharray="7 4"', "dotted": ' stroke-dasharray="2 4"'}
    dash = "" if is_plain else dashes[LINE[name]]
    drawing = f'<path d="M1 10H33" stroke="{family_colour(name, theme)}" stroke-width="3"{dash}/>'
    return map_chart.picture(drawing, 20, 16, width=34)


def region_sign(region_id: str, theme: ThemeName) -> str:
    """The sign of a region in the graph, as a picture for the legend."""
    shape = {
        "circle": '<circle cx="10" cy="10" r="7.5"',
        "rect": '<rect x="3" y="3" width="14" height="14"',
        "triangle": '<polygon points="10,2 18,17 2,17"',
        "diamond": '<polygon points="10,1 18,10 10,19 2,10"',
    }[REGION_SHAPES[region_id]]
    return map_chart.picture(f'{shape} fill="{region_colour(region_id, theme)}"/>', 20, 16)
