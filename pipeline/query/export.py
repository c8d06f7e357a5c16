"""Whole tables for download."""

from __future__ import annotations

import pandas as pd

from pipeline.engine import Reader, qualified

TABLES: tuple[str, ...] = (
    "mart.emission_progress",
    "mart.city",
    "mart.series",
    "mart.series_point",
    "mart.city_target",
    "mart.city_indicator_latest",
    "mart.city_indicator",
    "mart.conflict",
    "mart.coverage",
    "mart.network_edge",
)
"""Tables a reader may take away; others hold the same figures in other shapes."""


def table(reader: Reader, name: str) -> pd.DataFrame:
    """All rows of one of :data:`TABLES`, in the order of the build."""
    if name not in TABLES:
        raise ValueError(f"'{name}' is not offered for download.")
    return reader.frame(f"select * from {qualified(name)}")
