"""What both maps share: points made from rows, the legend, the chosen city and the way to its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pydeck as pdk
import streamlit as st

from pages.charts import basemap
from pages.charts import map as chart
from pages.charts.map import BaseMap, Point
from pages.charts.palettes import VERDICTS, palette
from pages.charts.text import html_safe, markdown_safe
from pages.language import N_, Language
from pages.parts import address, session

PRESETS: dict[str, str] = {"eu": N_("Europe"), "lt": N_("Lithuania"), "tr": N_("Türkiye")}


def base_map() -> BaseMap:
    """Where the browser finds the outlines."""
    folder = session.settings().reference_dir
    prefix = str(st.get_option("server.baseUrlPath") or "")
    return BaseMap(basemap.address(folder, "europe", prefix), basemap.address(folder, "detail", prefix))


def preset(key: str) -> None:
    """Buttons that move the map to Europe, Lithuania or Türkiye."""
    _ = session.language().gettext
    address.pick(
        key,
        _("Part of the map"),
        list(PRESETS),
        lambda name: _(PRESETS[name]),
        kind="segments",
        label_visibility="collapsed",
        width="content",
    )


def shown_preset(key: str) -> str:
    """The part of the map the buttons of `key` show."""
    part = address.peek(key, "eu")
    return part if part in PRESETS else "eu"


def verdict_points(rows: pd.DataFrame) -> list[Point]:
    """One point a row of ``overview.verdicts``; rows without a place are left out."""
    lang = session.language()
    return [
        Point(
            str(row["city_id"]),
            float(row["longitude_deg"]),
            float(row["latitude_deg"]),
            _number(row["population_count"]),
            place_name(row, lang),
            "\n".join(verdict_lines(row, lang)),
            str(row["verdict_id"]),
            bool(row["is_chosen"]),
        )
        for row in rows.to_dict("records")
        if not pd.isna(row["longitude_deg"]) and not pd.isna(row["latitude_deg"])
    ]


def place_name(row: Mapping[Any, Any], lang: Language) -> str:
    """City and country, the first line of a tooltip."""
    return f"{row['name']}, {lang.country(row['country_iso2'])}"


def verdict_lines(row: Mapping[Any, Any], lang: Language) -> list[str]:
    """The tooltip of a city: verdict, reason, change, and how old the figure is. Plain text."""
    _ = lang.gettext
    registry = session.catalogue()
    verdict = str(row["verdict_id"])
    lines = [f"{VERDICTS[verdict].glyph} {_(registry.verdicts[verdict].title)}"]
    reason = registry.reasons.get(str(row["reason_id"]))
    if verdict == "not_assessed" and reason is not None:
        lines.append(_(reason.title))
    change = change_words(row, lang)
    return [*lines, change] if change else lines


def change_words(row: Mapping[Any, Any], lang: Language) -> str:
    """ "−12 % from 2010 to 2019; that inventory is 7 years old": a change never without its age."""
    _ = lang.gettext
    if pd.isna(row["change_pct"]) or pd.isna(row["latest_year"]) or pd.isna(row["base_year"]):
        return ""
    words = _(
        "{change} from {base} to {latest}",
        change=lang.percent(float(row["change_pct"]), sign=True),
        base=int(row["base_year"]),
        latest=int(row["latest_year"]),
    )
    if pd.isna(row["latest_age_years"]):
        return words
    age = int(row["latest_age_years"])
    return (
        words
        + "; "
        + lang.ngettext("that inventory is {count} year old", "that inventory is {count} years old", age)
    )


def draw(deck: pdk.Deck, *, key: str, alt: str, height: int, names: Mapping[str, str]) -> None:
    """The map; a click names the city and offers its page. The table is the same list for the keyboard."""
    state: Any = st.pydeck_chart(
        deck, height=height, key=key, on_select="rerun", selection_mode="single-object", alt=alt
    )
    picked = (state.selection.get("objects") or {}).get(chart.LAYER) or []
    if picked and str(picked[0].get("id")) in names:
        city_link(str(picked[0]["id"]), names[str(picked[0]["id"])])


def city_link(city_id: str, name: str) -> None:
    """A link to the city's own page that keeps language and filters."""
    _ = session.language().gettext
    st.page_link(
        session.page("city"),
        label=_("Open the page of {city}", city=f"**{markdown_safe(name)}**"),
        icon=":material/arrow_forward:",
        query_params=session.link(city=city_id),
    )


def legend(items: Sequence[tuple[str, str]], title: str = "") -> None:
    """Signs (SVG made by ``charts/map.py``) with their words in one row that wraps."""
    parts = [f'<span style="opacity:.8">{html_safe(title)}</span>'] if title else []
    parts += [
        '<span style="display:inline-flex;align-items:center;gap:.35rem;white-space:nowrap">'
        f"{picture}<span>{html_safe(words)}</span></span>"
        for picture, words in items
    ]
    st.html(
        '<div style="display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;font-size:.9rem;align-items:center">'
        + "".join(parts)
        + "</div>"
    )


def verdict_tiles(counts: Mapping[str, int]) -> None:
    """One big figure a verdict with the sign it has on the map: the counts and the legend in one."""
    lang = session.language()
    registry = session.catalogue().verdicts
    theme = session.theme()
    line = palette(theme).line
    tiles = [
        f'<div role="listitem" style="flex:1 1 100px;border:1px solid {line};border-radius:.4rem;'
        'padding:.55rem .8rem .5rem">'
        '<div style="display:flex;align-items:center;gap:.45rem;font-size:2rem;font-weight:600;'
        'line-height:1.15">'
        f"{chart.legend_sign(key, theme, 22)}<span>{lang.number(counts.get(key, 0))}</span></div>"
        '<div style="font-size:.95rem;line-height:1.25">'
        f"{html_safe(lang.gettext(registry[key].title))}</div></div>"
        for key in VERDICTS
    ]
    st.html(f'<div role="list" style="display:flex;flex-wrap:wrap;gap:.6rem">{"".join(tiles)}</div>')


def verdict_note() -> None:
    """What the size of a sign says, and that it can be clicked."""
    _ = session.language().gettext
    st.caption(_("The bigger the sign, the more people live there. Click a sign for the city's page."))


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
