"""How the bytes of a file become a table: only what cannot be known is asked, with the file's own lines."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.charts.text import shortened, unlinked_safe
from pages.language import N_
from pages.parts import session
from pages.sections import upload_flow, upload_steps
from pages.sections.upload_flow import Journey
from pipeline.uploads.model import Decoding, Grid

ENCODINGS = {
    "utf-8": N_("UTF-8 (usual today)"),
    "utf-8-sig": N_("UTF-8 (usual today)"),
    "cp1257": N_("Windows-1257 (Lithuanian, Latvian, Estonian)"),
    "cp1254": N_("Windows-1254 (Turkish)"),
    "cp1250": N_("Windows-1250 (Polish, Czech, Hungarian)"),
    "cp1252": N_("Windows-1252 (Western Europe)"),
    "utf-16": N_("UTF-16 (Excel's “Unicode text”)"),
}
DELIMITERS = {
    ";": N_("semicolon ;"),
    ",": N_("comma ,"),
    "\t": N_("tab"),
    "|": N_("bar |"),
}
LINES_SEEN = 12
"""Rows of the file shown while its header row is chosen."""
COLUMNS_SEEN = 30
CELL_SIGNS = 60


def is_needed(journey: Journey) -> bool:
    """Whether anything about reading the file has to be asked at all."""
    content = journey.content
    if len(content.decodings) > 1 and journey.choices.encoding is None:
        return True
    if journey.proposal is None or journey.proposal.header_row is None:
        return True
    return any(fault.code == "sheet_question" for fault in journey.proposal.questions)


def draw(journey: Journey) -> None:
    """Encoding, sheet, separator and header row, each with a proposal and the first lines it gives."""
    _ = session.language().gettext
    content = journey.content
    if len(content.decodings) > 1:
        _encoding(journey, content.decodings)
    if len(content.grids) > 1:
        _sheet(journey)
    if content.kind == "csv":
        _delimiter(journey)
    grid = journey.grid
    if grid is not None:
        _header(journey, grid)
        first_lines(grid, journey.header_row, key="u_lines")
    foot(journey)


def _encoding(journey: Journey, decodings: tuple[Decoding, ...]) -> None:
    _ = session.language().gettext
    st.subheader(_("Which of these shows the letters rightly?"), anchor=False)
    st.markdown(
        _(
            "The file does not say how its letters are written. Below are lines of your file, read in each "
            "possible way."
        )
    )
    names = [decoding.encoding for decoding in decodings]
    chosen = journey.choices.encoding or names[0]
    st.radio(
        _("Letters"),
        names,
        index=names.index(chosen) if chosen in names else 0,
        format_func=lambda name: _(ENCODINGS[name]) if name in ENCODINGS else str(name),
        captions=[unlinked_safe(shortened(" ⏎ ".join(one.sample), 240)) for one in decodings],
        key=f"u_encoding_{journey.upload_id}",
        on_change=journey.take,
        args=("encoding", f"u_encoding_{journey.upload_id}"),
        label_visibility="collapsed",
    )


def _sheet(journey: Journey) -> None:
    lang = session.language()
    _ = lang.gettext
    st.subheader(_("Which sheet holds the figures?"), anchor=False)
    grids = sorted(journey.content.grids, key=lambda grid: grid.is_hidden)
    names = [grid.sheet for grid in grids]
    rows = {grid.sheet: len(grid.rows) for grid in grids}
    hidden = {grid.sheet for grid in grids if grid.is_hidden}
    chosen = journey.grid.sheet if journey.grid is not None else ""
    if len(names) > 1:
        key = f"u_sheet_{journey.upload_id}"
        st.radio(
            _("Sheet"),
            names,
            index=names.index(chosen) if chosen in names else 0,
            format_func=lambda name: unlinked_safe(shortened(name)),
            captions=[
                lang.ngettext("{count} row", "{count} rows", rows[name])
                + (" · " + _("hidden in the file") if name in hidden else "")
                for name in names
            ],
            key=key,
            on_change=journey.take,
            args=("sheet", key),
            label_visibility="collapsed",
        )


def _delimiter(journey: Journey) -> None:
    _ = session.language().gettext
    found = journey.content.delimiter
    signs = list(DELIMITERS)
    key = f"u_delimiter_{journey.upload_id}"
    st.selectbox(
        _("What separates the columns"),
        signs,
        index=signs.index(found) if found in signs else 0,
        format_func=lambda sign: _(DELIMITERS[sign]),
        key=key,
        on_change=journey.take,
        args=("delimiter", key),
        width=320,
    )


def _header(journey: Journey, grid: Grid) -> None:
    _ = session.language().gettext
    last = max(1, min(len(grid.rows), 200))
    key = f"u_header_{journey.upload_id}_{grid.sheet}"
    st.number_input(
        _("The names of the columns stand in row"),
        min_value=1,
        max_value=last,
        value=min(max(1, journey.header_row), last),
        step=1,
        key=key,
        on_change=journey.take,
        args=("header_row", key),
        width=320,
        help=_("Title lines above this row are left out. The row is marked in the table below."),
    )


def first_lines(grid: Grid, header_row: int, *, key: str) -> None:
    """The first rows as they stand in the file, the header marked."""
    _ = session.language().gettext
    width = min(COLUMNS_SEEN, max((len(row) for row in grid.rows[:LINES_SEEN]), default=0))
    table = pd.DataFrame(
        [
            [
                str(grid.line_numbers[number] if number < len(grid.line_numbers) else number + 1),
                _("header") if number + 1 == header_row else "",
                *(shortened(cell, CELL_SIGNS) for cell in row[:width]),
                *[""] * (width - len(row[:width])),
            ]
            for number, row in enumerate(grid.rows[:LINES_SEEN])
        ],
        columns=[_("Row"), "·", *(letter(column) for column in range(width))],
    )
    st.dataframe(
        table,
        hide_index=True,
        key=key,
        column_config={name: st.column_config.TextColumn() for name in table.columns},
        alt=_("The first rows of the file"),
    )


def letter(column: int) -> str:
    """The letters a spreadsheet gives a column counted from 0: A, B ... Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def foot(journey: Journey) -> None:
    """On to the columns."""
    _ = session.language().gettext
    with st.container(horizontal=True):
        st.button(
            _("Continue to the columns"),
            type="primary",
            on_click=_on,
            args=(journey,),
            icon=":material/arrow_forward:",
            key="u_to_columns",
        )
        upload_steps.back(upload_steps.FILE, _("Another file"))


def _on(journey: Journey) -> None:
    """What is shown is what the person agreed to, also where they changed nothing."""
    values: dict[str, object] = {}
    if len(journey.content.decodings) > 1 and journey.choices.encoding is None:
        values["encoding"] = journey.content.decodings[0].encoding
    if journey.grid is not None and len(journey.content.grids) > 1 and journey.choices.sheet is None:
        values["sheet"] = journey.grid.sheet
    if values:
        upload_flow.change(journey.upload_id, **values)
    upload_steps.go(upload_steps.COLUMNS)
