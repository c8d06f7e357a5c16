"""OpenGHGMap R2021A: modelled carbon dioxide per European municipality, 2018, in tonnes.

The processed edition by place code: ``actor_id`` is a UN/LOCODE (``AT GRZ``), an ISO 3166-2 region
(``AT-1``) or a country. Countries are left out. A region is a province, never a city.
Some places stand more than once with different values; each keeps a series of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipeline.sources import countries, rows, tables

SOURCE_ID = "openghgmap_r2021a"
COLUMNS = ("emissions_id", "actor_id", "year", "total_emissions")


def read(path: Path) -> Iterator[rows.Row]:
    times: Counter[str] = Counter()
    for line in tables.delimited(path, COLUMNS):
        actor = line.text("actor_id")
        country = countries.from_code(actor[:2])
        value = line.number("total_emissions")
        if country is None or len(actor) == 2 or value is None:
            continue
        times[actor] += 1
        yield rows.make(
            "emissions",
            source_id=SOURCE_ID,
            source_city_key=actor,
            country_iso2=country,
            year=line.year("year"),
            inventory_kind="modelled",
            sector_id="total",
            sector_level="total",
            source_sector="total_emissions",
            scope="1",
            series_key="main" if times[actor] == 1 else f"value_{times[actor]}",
            gas_basis="CO2",
            value=value,
            boundary_id="province" if "-" in actor else "administrative",
            quality_id="modelled",
            source_ref=line.text("emissions_id"),
        )
