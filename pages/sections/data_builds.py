"""Checks, names without a city, corrections, published versions, and every table as a file."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.charts.text import markdown_safe
from pages.parts import address, frame, session, tables
from pages.parts.tables import Column, Table
from pages.sections.words import records
from pipeline import publish
from pipeline.query import builds as builds_query
from pipeline.query import export


def checks() -> None:
    """What was checked and found, which names found no city, and what was corrected."""
    lang = session.language()
    _ = lang.gettext
    rows = session.data(builds_query.checks)
    found = rows[rows["failing_count"] > 0]
    st.markdown(
        _(
            "{count} checks ran on this version; {found} found something, all of it listed here.",
            count=lang.number(len(rows)),
            found=lang.number(len(found)),
        )
    )
    for row in records(found):
        with st.expander(
            f":material/warning: {markdown_safe(_(row['description']))} ({lang.number(row['failing_count'])})"
        ):
            st.caption(row["check_name"])
            st.code(row["sample"] or "", language=None, wrap_lines=True)
    severities = {"error": _("stops publishing"), "warning": _("warning")}
    tables.draw(
        Table(
            rows,
            [
                Column("description", _("Check")),
                Column("severity", _("Severity"), kind="words", words=severities),
                Column("failing_count", _("Rows found"), kind="number"),
                Column("excepted_count", _("Known exceptions"), kind="number"),
            ],
        ),
        key="d_checks",
    )
    st.subheader(_("Names that found no city"), anchor=False)
    _unmatched()
    st.subheader(_("Corrections"), anchor=False)
    _corrections()


def source_titles() -> dict[str, str]:
    """Source id -> title."""
    return {key: record.title for key, record in session.catalogue().sources.items()}


def _unmatched() -> None:
    lang = session.language()
    _ = lang.gettext
    counts = session.data(builds_query.unmatched_counts)
    if counts.empty:
        st.markdown(_("Every name found its city."))
        return
    st.markdown(
        _(
            "Places that a source names and the register does not have. Nothing is dropped unseen: here "
            "are their numbers, "
            "and all names in the download."
        )
    )
    columns = [
        Column("source_id", _("Source"), kind="words", words=source_titles()),
        Column("table_name", _("Table")),
        Column("name_count", _("Names"), kind="number"),
        Column("row_count", _("Rows"), kind="number"),
    ]
    tables.draw(Table(counts, columns), key="d_unmatched")
    rows = session.data(builds_query.unmatched)
    with st.expander(_("All names: {count}", count=lang.number(len(rows))), icon=":material/download:"):
        names = [
            Column("place_name", _("Name in the source")),
            Column("country_iso2", _("Country"), kind="country"),
            *columns[:2],
            columns[3],
        ]
        frame.download("unmatched", Table(rows, names), [])


def _corrections() -> None:
    _ = session.language().gettext
    rows = session.data(builds_query.corrections)
    if rows.empty:
        st.markdown(_("No value is used other than as published."))
        return
    st.markdown(
        _(
            "These values are used other than as published, each for the reason given; the published one "
            "is kept."
        )
    )
    tables.draw(
        Table(
            rows,
            [
                Column("source_city_key", _("City in the source")),
                Column("source_id", _("Source"), kind="words", words=source_titles()),
                Column("year", _("Year")),
                Column("field", _("Field")),
                Column("old_value", _("Published")),
                Column("new_value", _("Used")),
                Column("reason", _("Reason")),
                Column("decided_date", _("Decided")),
            ],
        ),
        key="d_corrections",
    )


def history() -> None:
    """Published versions, the one shown, its steps and files."""
    lang = session.language()
    _ = lang.gettext
    shown = session.build()
    states = {publish.DRAFT: _("draft"), publish.PUBLISHED: _("published"), publish.WITHDRAWN: _("withdrawn")}
    kept = [build for build in publish.builds(session.settings()) if build.state != publish.DRAFT]
    rows = pd.DataFrame(
        {
            "moment": [lang.moment(frame.moment(build.built_at)) for build in kept],
            "build_id": [build.build_id for build in kept],
            "state": [build.state for build in kept],
            "shown": [str(build.build_id == shown.build_id) for build in kept],
            "content": [build.content_sha256 for build in kept],
            "uploads": [len(build.uploads) for build in kept],
            "left_out": [", ".join(build.left_out) or None for build in kept],
        }
    )
    st.markdown(
        lang.ngettext("{count} published version is kept.", "{count} published versions are kept.", len(rows))
    )
    tables.draw(
        Table(
            rows,
            [
                Column("moment", _("Made")),
                Column("build_id", _("Version")),
                Column("state", _("State"), kind="words", words=states),
                Column("shown", _("Shown now"), kind="words", words={"True": _("yes"), "False": _("no")}),
                Column("uploads", _("Uploads of municipal staff"), unit=_("number"), kind="number"),
                Column("left_out", _("Sources left out")),
                Column("content", _("Fingerprint of the contents")),
            ],
        ),
        key="d_builds",
    )
    st.subheader(_("How this version was made"), anchor=False)
    tables.draw(
        Table(
            session.data(builds_query.steps),
            [
                Column("table_name", _("Table")),
                Column("description", _("What it holds")),
                Column("row_count", _("Rows"), kind="number"),
                Column("seconds", _("Time"), unit="s", kind="number", decimals=2),
            ],
        ),
        key="d_steps",
    )
    st.subheader(_("Files read"), anchor=False)
    tables.draw(
        Table(
            session.data(builds_query.files),
            [
                Column("file_name", _("File")),
                Column("source_id", _("Source"), kind="words", words=source_titles()),
                Column("row_count", _("Rows"), kind="number"),
                Column("sha256", _("Fingerprint (SHA-256)")),
            ],
        ),
        key="d_files",
    )


def downloads() -> None:
    """Each table of the build as a CSV of its own."""
    lang = session.language()
    _ = lang.gettext
    titles = {
        "mart.emission_progress": _("Progress against every yardstick"),
        "mart.city": _("Cities"),
        "mart.series": _("Series of inventories"),
        "mart.series_point": _("All inventory figures"),
        "mart.city_target": _("Targets"),
        "mart.city_indicator_latest": _("Newest value of each indicator"),
        "mart.city_indicator": _("All values of all indicators"),
        "mart.conflict": _("Conflicting totals"),
        "mart.coverage": _("Coverage"),
        "mart.network_edge": _("Partnerships"),
    }
    chosen = address.pick("d_t", _("Table"), list(titles), titles)
    rows = session.data(export.table, chosen)
    st.markdown(
        _(
            "{rows} rows, {columns} columns. Raw numbers with the unit in the name of the column.",
            rows=lang.number(len(rows)),
            columns=lang.number(len(rows.columns)),
        )
    )
    shown = Table(rows, [Column(name, name) for name in rows.columns if name != "city_id"])
    tables.draw(Table(rows.head(100), shown.columns), key="d_table")
    st.caption(_("The first 100 rows; the file has all."))
    used = list(rows["source_id"].dropna().unique()) if "source_id" in rows else []
    frame.download(f"table-{chosen.split('.')[-1]}", shown, used)
