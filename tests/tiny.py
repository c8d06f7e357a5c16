"""A whole project in miniature: a registry, two cities, two sources and three models, written to a folder."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.schema import FIGURES, REFERENCE
from pipeline.settings import PACKAGE, Settings

SOURCES = """
official:
  title: Official figures
  publisher: Statistics office
  address: https://example.org/official
  obtained_from: Typed for this test
  licence_id: CC-BY-4.0
  licence_verdict: green
  citation: Statistics office (2024)
  credit_line: Statistics office
  covers: Two cities
  covers_not: All others
  update_rhythm: yearly
  published_date: 2024-01-31
  accessed_date: 2024-02-01
  kind: inventory
  rank: 1
  fetchable: false
borrowed:
  title: Borrowed figures
  publisher: Somebody
  address:
  obtained_from: Typed for this test
  licence_id: CC-BY-4.0
  licence_verdict: amber
  citation: Somebody (2023)
  credit_line: Somebody
  covers: One city
  covers_not: All others
  update_rhythm: never
  published_date:
  accessed_date:
  kind: inventory
  rank: 2
  fetchable: false
"""

INDICATORS = """
- id: ghg_total_t
  title: Emissions of the whole city
  short_title: Emissions
  definition: All greenhouse gases
  unit: t
  decimals: 0
  direction: lower_is_better
  kind: flow
  per: none
  additive_over: {sector: yes, gas: no, city: no}
  formula: As published.
  origin: derived
  boundary: administrative
  geo_level: city
  valid_range: [0, 1000000]
  expected_years: [1990, 2023]
  source_rank: [official, borrowed]
  topics: [climate]
  map_scale: log
  missing_means: Not known.
  method_note: One source, one scope.
  wide: true
"""

CATALOGUE = {
    "indicators": INDICATORS,
    "units": "- {id: t, title: tonnes, symbol: t, quantity: mass, base: t, factor: 1}\n"
    "- {id: kt, title: thousand tonnes, symbol: kt, quantity: mass, base: t, factor: 1000}\n",
    "sectors": "total: {title: Total}\ntransport: {title: Transport, parent: total}\n",
    "scopes": "BASIC: {title: BASIC, whole_city: 'yes', preference: 1, covers: City}\n",
    "gases": "CO2e: {title: All gases}\n",
    "boundaries": "administrative: {title: The city}\n",
    "qualities": "reviewed: {title: Reviewed}\n",
    "flags": "doubtful: {title: Doubtful, excludes: both}\nrounded: {title: Rounded, excludes: none}\n",
    "yardsticks": "{}\n",
    "verdicts": "as_of_year: 2026\nverdicts: {}\nreasons: {}\nseries_reasons: {}\n"
    "thresholds: {on_pace: {value: 0.95, meaning: Share}}\n",
    "licences": "CC-BY-4.0: {title: Attribution 4.0}\n",
    "topics": "- {id: climate, title: Climate, question: How much?}\n",
    "faults": "empty: {severity: error, title: Empty, text: The file is empty., remedy: Choose another.}\n",
    "upload_fields": "fields: []\nwords: {}\nmissing: {}\nheadings: {}\nlabels: {}\n",
    "partnerships": "kinds: []\nevidence_levels: []\nstatuses: []\nflags: []\nevent_kinds: []\n",
}

STAGING = """-- Emissions with numbers cast.
-- grain: source_file_id, source_row
-- reads: raw.emissions
select source_id, source_city_key, try_cast(year as integer) as year, try_cast(value as double) as value_t,
    source_file_id, source_row
from raw.emissions
"""

CORE = """-- Emissions by city.
-- grain: city_id, year, source_id
-- reads: staging.stg_emissions, raw.city_alias
select city_alias.city_id, stg_emissions.year, stg_emissions.source_id, stg_emissions.value_t
from staging.stg_emissions
inner join raw.city_alias
    on city_alias.source_id = stg_emissions.source_id
    and city_alias.source_city_key = stg_emissions.source_city_key
"""

MART = """-- Cities with the year of their latest inventory.
-- grain: city_id
-- reads: core.emission, raw.city
-- order: city_id desc
select city.city_id, max(emission.year) as latest_inventory_year, sum(emission.value_t) as sum_t
from raw.city
left join core.emission on emission.city_id = city.city_id
group by city.city_id
"""

CHECK = """-- Emissions are never negative.
-- severity: error
select city_id, year, value_t from core.emission where value_t < 0 order by city_id, year
"""


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    """A CSV file with the given columns; what a row does not say is blank."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def emission(source_id: str, key: str, year: int | str, value: float, **more: object) -> dict[str, object]:
    """One row of emissions.csv with sensible words in the coded columns."""
    return {
        "source_id": source_id,
        "source_city_key": key,
        "city_name": key,
        "country_iso2": "LT",
        "year": year,
        "inventory_kind": "inventory",
        "sector_id": "total",
        "sector_level": "total",
        "scope": "BASIC",
        "gas_basis": "CO2e",
        "series_key": "main",
        "value": value,
        "unit": "t",
        "boundary_id": "administrative",
        "quality_id": "reviewed",
        "licence_id": "CC-BY-4.0",
        **more,
    }


class Tiny:
    """The miniature project; its files may be changed before a build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings(
            data_dir=folder / "data",
            builds_dir=folder / "builds",
            sql_dir=folder / "sql",
            catalogue_dir=folder / "catalogue",
        )
        for name, text in CATALOGUE.items():
            self.write(self.settings.catalogue_dir / f"{name}.yml", text)
        self.write(self.settings.sources_file, SOURCES)
        self.emissions(
            "official", [emission("official", "v", 2015, 900), emission("official", "v", 2020, 700.5)]
        )
        self.emissions("borrowed", [emission("borrowed", "Šiauliai", 2019, 300)])
        self.reference("city", [{"city_id": "vilnius", "group_id": "mission"}, {"city_id": "siauliai"}])
        self.reference(
            "city_alias",
            [
                {"source_id": "official", "source_city_key": "v", "city_id": "vilnius"},
                {"source_id": "borrowed", "source_city_key": "Šiauliai", "city_id": "siauliai"},
            ],
        )
        self.reference("correction", [])
        self.reference("partner_place", [])
        self.sql("staging/stg_emissions", STAGING)
        self.sql("core/emission", CORE)
        self.sql("mart/city", MART)
        self.sql("checks/emission__not_negative", CHECK)

    def write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def sql(self, name: str, text: str) -> None:
        self.write(self.settings.sql_dir / f"{name}.sql", text)

    def emissions(self, source_id: str, rows: Sequence[Mapping[str, object]]) -> None:
        write_csv(self.settings.figures_dir / source_id / "emissions.csv", FIGURES["emissions"], rows)

    def reference(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        write_csv(self.settings.reference_dir / f"{table}.csv", REFERENCE[table], rows)

    def catalogue(self, name: str, text: str) -> None:
        self.write(self.settings.catalogue_dir / f"{name}.yml", text)

    def leave_out(self, *words: str) -> None:
        self.settings = replace(self.settings, leave_out=frozenset(words))

    def remove_source(self, source_id: str) -> None:
        shutil.rmtree(self.settings.figures_dir / source_id)


#: The pipeline's own folder, for tests that look at its files.
REPOSITORY = PACKAGE.parent
