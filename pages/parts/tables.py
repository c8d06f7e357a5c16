"""Tables with units in the headers and numbers as the reader's language writes them, and their downloads.

table = Table(rows, [
    Column("name_local", _("City")),
    Column("latest_t", _("Latest inventory"), unit="t CO2e", kind="tonnes"),
])
tables.draw(table)
tables.csv(table, ...)          # bytes: raw numbers, units in headers, source, licence, citation, link
"""

from __future__ import annotations

import csv as csv_writer
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from pages.charts.palettes import VERDICTS
from pages.language import N_, NOT_KNOWN, Language
from pages.parts import session
from pipeline.catalogue import Catalogue

Kind = Literal["text", "number", "percent", "tonnes", "year", "country", "verdict", "words", "link"]

FORMATTED_ROWS = 1500
"""Up to so many rows the numbers are written in the reader's language; above, the browser formats them."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A cell of text that starts so would be run as a formula by a spreadsheet."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the frame, its title, and how its values read."""

    name: str
    title: str
    unit: str = ""
    kind: Kind = "text"
    decimals: int = 0
    help: str | None = None
    words: Mapping[str, str] | None = None
    """For kind "words": id -> word."""

    @property
    def header(self) -> str:
        """Title with the unit: no numeric column stands without one."""
        unit = self.unit or ("%" if self.kind == "percent" else "t" if self.kind == "tonnes" else "")
        return f"{self.title} ({unit})" if unit else self.title


@dataclass(frozen=True, slots=True)
class Table:
    """Rows and how to show them."""

    rows: pd.DataFrame
    columns: Sequence[Column]


def formatter(column: Column, lang: Language) -> Callable[[Any], str]:
    """How one value of a column is written; missing is a dash, never 0."""
    _ = lang.gettext
    words = column.words or {}

    def write(value: Any) -> str:
        if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
            return "–"
        match column.kind:
            case "number" | "tonnes":
                return lang.number(float(value), column.decimals)
            case "percent":
                return lang.number(float(value), column.decimals or 1)
            case "year":
                return str(int(value))
            case "country":
                return lang.country(str(value))
            case "verdict":
                verdict = session.catalogue().verdicts.get(str(value))
                return _(verdict.title) if verdict else str(value)
            case "words":
                return words.get(str(value), str(value))
            case _:
                return str(value)

    return write


def city_links(city_ids: Sequence[str]) -> list[str]:
    """Addresses of the City page that keep language and filters."""
    return ["city?" + urlencode(session.link(city=city_id), doseq=True) for city_id in city_ids]


def draw(
    table: Table, *, key: str, height: int | Literal["auto", "content"] = "auto", city_link: bool = True
) -> None:
    """Draw a table. With a ``city_id`` in the rows, each row links to the City page."""
    lang = session.language()
    _ = lang.gettext
    rows = table.rows
    shown = pd.DataFrame(index=range(len(rows)))
    settings: dict[str, Any] = {}
    for column in table.columns:
        values = rows[column.name].reset_index(drop=True)
        write = formatter(column, lang)
        if column.kind in ("text", "country", "verdict", "words"):
            shown[column.header] = [None if pd.isna(value) else write(value) for value in values]
            settings[column.header] = st.column_config.TextColumn(help=column.help)
        elif column.kind == "link":
            shown[column.header] = list(values)
            settings[column.header] = st.column_config.LinkColumn(help=column.help, display_text=_("Open"))
        else:
            shown[column.header] = pd.to_numeric(values, errors="coerce")
            plain = "%d" if column.kind == "year" else "localized"
            settings[column.header] = st.column_config.NumberColumn(help=column.help, format=plain)
    if city_link and "city_id" in rows:
        title = _("City page")
        shown[title] = city_links([str(city_id) for city_id in rows["city_id"]])
        settings[title] = st.column_config.LinkColumn(display_text=_("Open"), width="small")
    first = table.columns[0].header
    settings[first] = st.column_config.TextColumn(help=table.columns[0].help, pinned=True)
    content: Any = shown
    if len(shown) <= FORMATTED_ROWS:
        numeric: dict[Any, Any] = {
            column.header: formatter(column, lang)
            for column in table.columns
            if column.kind in ("number", "percent", "tonnes", "year")
        }
        content = shown.style.format(numeric, na_rep="–")
        for header in numeric:
            settings[header] = st.column_config.NumberColumn(help=None)
    st.dataframe(
        content,
        hide_index=True,
        column_config=settings,
        key=key,
        height=height,
        width="stretch",
        placeholder=NOT_KNOWN,
    )


def neutral(value: object) -> object:
    """A text cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return "'" + value
    return value


def csv(
    table: Table,
    *,
    lang: Language,
    registry: Catalogue,
    source: str,
    licence: str,
    citation: str,
    link: str,
) -> bytes:
    """The table as a file: UTF-8, comma, dot decimals, units in the headers; every row says where it is from.

    The last columns are source, licence, citation and the address of the view, so that a row stays citable
    when it is copied out of the file. A frame with its own ``source_id`` column keeps the source of each row.
    Language and registry are handed in: the file is made when it is asked for, outside of the page's run.
    """
    _ = lang.gettext
    out = io.StringIO()
    writer = csv_writer.writer(out, lineterminator="\r\n")
    columns = [column for column in table.columns if column.kind != "link"]
    ids = ["city_id"] if "city_id" in table.rows else []
    writer.writerow([*ids, *(neutral(column.header) for column in columns), *map(_, SOURCE_HEADERS)])
    for row in table.rows.to_dict("records"):
        cells: list[object] = [neutral(row[name]) for name in ids]
        for column in columns:
            value = row[column.name]
            if pd.isna(value):
                cells.append("")
            elif column.kind in ("country", "verdict", "words"):
                cells.append(neutral(formatter(column, lang)(value)))
            elif column.kind == "year":
                cells.append(int(value))
            else:
                cells.append(neutral(value))
        own = registry.sources.get(str(row.get("source_id", "")))
        cells += (
            [source, licence, citation, link]
            if own is None
            else [neutral(own.title), registry.licences[own.licence_id].title, neutral(own.citation), link]
        )
        writer.writerow(cells)
    return out.getvalue().encode("utf-8-sig")


SOURCE_HEADERS = (N_("Source"), N_("Licence"), N_("Citation"), N_("Address of this view"))


def verdict_legend(lang: Language, counts: Mapping[str, int]) -> str:
    """Badges of all verdicts with their counts, in fixed order, as markdown."""
    registry = session.catalogue().verdicts
    return " ".join(
        verdict.badge(f"{lang.gettext(registry[key].title)} {lang.number(counts.get(key, 0))}")
        for key, verdict in VERDICTS.items()
    )
