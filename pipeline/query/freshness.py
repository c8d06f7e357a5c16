"""How new the figures are."""

from __future__ import annotations

from pipeline.engine import Reader


def newest_inventory_year(reader: Reader) -> int | None:
    """The latest year any city's own inventory reaches."""
    row = reader.rows("select max(latest_inventory_year) from mart.city")[0]
    return None if row[0] is None else int(row[0])
