"""The ties of a choice as files: two tables for spreadsheets, two formats for graph programs.

Every writer has the same arguments; `when` is the date of the figures, so that a file never changes with the
clock.
"""

from __future__ import annotations

import pandas as pd

from pipeline import network_graph
from pipeline.engine import Reader
from pipeline.query import network
from pipeline.query.network import TieChoice

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A cell of text that starts so would be run as a formula by a spreadsheet."""


def edge_file(reader: Reader, choice: TieChoice, when: str) -> bytes:
    """One row a tie with the ids of its ends, its kind, evidence, years, source, licence and citation."""
    ties = network.ties(reader, choice)
    sources = reader.frame(
        "select source_id, licence_id as licence, citation from core.source where kind = 'partnership' "
        "order by source_id"
    )
    rows = ties[list(network_graph.EDGE_COLUMNS)].merge(sources, on="source_id", how="left")
    return _csv(rows.assign(figures_date=when))


def member_file(reader: Reader, choice: TieChoice, when: str) -> bytes:
    """One row a place or network with a tie of the choice, with position, counts and measures."""
    ties = network.ties(reader, choice)
    members = network.members(reader)
    used = {*ties["member_a_id"], *ties["member_b_id"]}
    rows = members[members["member_id"].isin(used)][list(network_graph.NODE_COLUMNS)]
    return _csv(rows.assign(figures_date=when))


def graphml_file(reader: Reader, choice: TieChoice, when: str) -> bytes:
    """Both as GraphML."""
    graph = network_graph.network(network.members(reader), network.ties(reader, choice))
    graph.graph["figures_date"] = when
    return network_graph.graphml(graph)


def gexf_file(reader: Reader, choice: TieChoice, when: str) -> bytes:
    """Both as GEXF."""
    graph = network_graph.network(network.members(reader), network.ties(reader, choice))
    return network_graph.gexf(graph, when)


def _csv(rows: pd.DataFrame) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read the letters right; blank is not known; no cell is a
    formula."""
    safe = rows.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]) and not pd.api.types.is_bool_dtype(safe[column]):
            safe[column] = safe[column].map(
                lambda cell: "'" + cell if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell
            )
    return bytes(safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig"))
