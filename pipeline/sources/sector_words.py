"""How a publisher's own word for a sector is read: one list for all sources, in the registry."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).resolve().parent.parent / "catalogue" / "sector_map.yml"
TOTALS = frozenset({"total", "total_covenant_sectors"})


@cache
def sectors(source_id: str) -> Mapping[str, str]:
    """The publisher's word -> our sector, without its words for the total."""
    words: dict[str, str] = yaml.safe_load(FILE.read_text(encoding="utf-8"))[source_id]
    return {word: sector_id for word, sector_id in words.items() if sector_id not in TOTALS}
