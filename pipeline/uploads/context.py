"""What an upload is checked against: the register, the registry, and the figures published so far."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pipeline.catalogue import Catalogue, load_catalogue
from pipeline.engine import Reader
from pipeline.harmonise import Name
from pipeline.settings import Settings
from pipeline.uploads.model import MUNICIPAL
from pipeline.uploads.places import Place, Places
from pipeline.uploads.vocabulary import Vocabulary

#: What a figure is of, without its year: table, city, sector or indicator, scope, gas basis.
SeriesKey = tuple[str, str, str, str, str]

#: Year -> value, in the unit the figures are kept in.
Years = Mapping[int, float]

#: Tables an upload may hold, in the order they are offered.
TABLES = ("emissions", "energy", "indicators", "targets")

#: The unit figures of a table are kept in; indicators have their own, see indicators.yml.
UNIT_OF = {"emissions": "t", "energy": "MWh", "targets": "t"}


class HasReach(Protocol):
    """The part of a signed-in person that matters here: which cities and indicators they answer for."""

    @property
    def cities(self) -> frozenset[str] | None: ...
    @property
    def indicators(self) -> frozenset[str] | None: ...


@dataclass(frozen=True, slots=True)
class Known:
    """One published figure as our template shows it: field -> text, in the unit figures are kept in."""

    table: str
    city_id: str
    cells: Mapping[str, str]


#: Gives the published figures of some cities.
History = Callable[[frozenset[str]], Mapping[SeriesKey, Years]]
Figures = Callable[[str, frozenset[str]], tuple[Known, ...]]


def nothing_published(_cities: frozenset[str]) -> Mapping[SeriesKey, Years]:
    """The history of cities without figures."""
    return {}


def no_figures(_table: str, _cities: frozenset[str]) -> tuple[Known, ...]:
    """The figures of cities that have none."""
    return ()


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a check needs. `cities` and `indicators` are what the person answers for; None means all."""

    catalogue: Catalogue
    vocabulary: Vocabulary
    places: Places
    cities: frozenset[str] | None = None
    indicators: frozenset[str] | None = None
    history: History = nothing_published
    figures: Figures = no_figures
    layouts_dir: Path | None = None

    @property
    def as_of_year(self) -> int:
        return self.catalogue.as_of_year

    @property
    def register_names(self) -> tuple[str, ...]:
        """Names of all cities, by which the encoding of a file is recognised."""
        return self.places.names

    @property
    def own_city(self) -> str | None:
        """The person's city, if they answer for just one."""
        return next(iter(self.cities)) if self.cities is not None and len(self.cities) == 1 else None

    def limit(self, threshold_id: str, otherwise: float) -> float:
        """A limit of verdicts.yml."""
        found = self.catalogue.thresholds.get(threshold_id)
        return otherwise if found is None else found.value


@dataclass(slots=True)
class _Store:
    """Figures read from a build once a city."""

    reader: Reader
    history: dict[str, dict[SeriesKey, dict[int, float]]] = field(default_factory=dict)

    def years(self, cities: frozenset[str]) -> Mapping[SeriesKey, Years]:
        wanted = sorted(cities - set(self.history))
        if wanted:
            self.history.update({city: {} for city in wanted})
            for table, city, what, scope, gas, year, value in self.reader.rows(
                HISTORY, {"cities": wanted, "own": MUNICIPAL}
            ):
                key = (str(table), str(city), str(what), str(scope), str(gas))
                self.history[city].setdefault(key, {}).setdefault(int(year), float(value))
        return {key: years for city in cities for key, years in self.history.get(city, {}).items()}

    def figures(self, table: str, cities: frozenset[str]) -> tuple[Known, ...]:
        found = self.reader.fetch(FIGURES_OF[table], {"cities": sorted(cities)})
        return tuple(
            Known(
                table,
                str(row[0]),
                {
                    name: text(value)
                    for name, value in zip(found.columns[1:], row[1:], strict=True)
                    if value is not None
                },
            )
            for row in found.rows
        )


def text(value: object) -> str:
    """A value of the database as a cell: whole numbers without a point, truth as yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def load_context(
    settings: Settings,
    reader: Reader,
    person: HasReach,
    languages: Iterable[Callable[[str], str]] = (),
    catalogue: Catalogue | None = None,
) -> Context:
    """The context for one person. `languages` are translators whose words the upload shall understand too."""
    registry = catalogue or load_catalogue(settings)
    headings = {word for words in registry.headings.values() for word in words.words}
    return Context(
        catalogue=registry,
        vocabulary=Vocabulary(registry, languages),
        places=load_places(reader, headings),
        cities=person.cities,
        indicators=person.indicators,
        history=(store := _Store(reader)).years,
        figures=store.figures,
        layouts_dir=settings.store_dir / "layouts",
    )


def load_places(reader: Reader, headings: Collection[str]) -> Places:
    """The register with every name the sources use for a city."""
    places = [
        Place(str(row[0]), str(row[1]), str(row[2] or ""), str(row[3]), *row[4:])
        for row in reader.rows(
            "select city_id, name_en, name_local, country_iso2, population_count, latitude_deg, "
            "longitude_deg, area_km2 from mart.city order by city_id"
        )
    ]
    aliases = [
        Name(str(city_id), str(name), str(country))
        for city_id, name, country in reader.rows(
            "select distinct city_alias.city_id, city_alias.place_name, city.country_iso2 "
            "from core.city_alias inner join mart.city on city.city_id = city_alias.city_id "
            "where city_alias.place_name is not null and city_alias.matched_by <> 'code' order by all"
        )
    ]
    return Places(places, aliases, headings)


#: Published figures of some cities, their own uploads first, then the series that would be shown first.
HISTORY = """
with emission as (
    select 'emissions' as figure_table, point.city_id, point.sector_id as what, series.scope,
        series.gas_basis,
        case when series.source_id = $own then 0 else series.series_rank end as choice,
        series.series_id as origin,
        point.year, point.value_t as value
    from mart.series_point as point
    inner join mart.series on series.series_id = point.series_id
    where contains($cities, series.city_id)
        and not series.is_modelled
        and not point.is_out_of_series
        and point.value_t is not null
), energy_use as (
    select 'energy' as figure_table, city_id, sector_id as what, coalesce(scope, '') as scope,
        '' as gas_basis,
        case when source_id = $own then 0 else 1 end as choice, source_id as origin, year,
        sum(value_mwh) as value
    from core.energy
    where contains($cities, city_id) and value_mwh is not null and not is_out_of_choice
    group by all
), other as (
    select 'indicators' as figure_table, city_id, indicator_id as what, '' as scope, '' as gas_basis,
        1 as choice, 'chosen' as origin, year, value
    from mart.city_indicator
    where contains($cities, city_id) and value is not null and geo_level = 'city'
), every as (
    select * from emission union all select * from energy_use union all select * from other
)
select figure_table, city_id, what, scope, gas_basis, year, value
from every
qualify dense_rank() over (
    partition by figure_table, city_id, what, scope, gas_basis order by choice, origin
) = 1
order by all
"""

#: What our template is filled with, by table: the city's default series, its energy use, indicators, targets.
FIGURES_OF = {
    "emissions": """
select point.city_id, point.year, point.sector_id as sector, point.scope, point.gas_basis,
    point.value_t as value, 't' as unit, point.inventory_kind, point.boundary_id as boundary,
    point.population_count as population, point.source_ref
from mart.series_point as point
inner join mart.series on series.series_id = point.series_id
where contains($cities, point.city_id)
    and series.series_rank = 1
    and not point.is_out_of_series
    and point.value_t is not null
order by point.city_id, point.year desc, point.sector_level desc, point.sector_id
""",
    "energy": """
with best as (
    select city_id, source_id from core.energy
    where contains($cities, city_id) and value_mwh is not null and not is_out_of_choice
    group by city_id, source_id
    qualify row_number() over (partition by city_id order by max(year) desc, count(*) desc, source_id) = 1
)
select energy.city_id, energy.year, energy.sector_id as sector, energy.source_sector, energy.scope,
    energy.value_mwh as value, 'MWh' as unit, energy.inventory_kind, energy.series_key as method,
    energy.population_count as population, energy.source_ref
from core.energy
inner join best on best.city_id = energy.city_id and best.source_id = energy.source_id
where energy.value_mwh is not null and not energy.is_out_of_choice
order by energy.city_id, energy.year desc, energy.sector_id, energy.scope, energy.source_sector
""",
    "indicators": """
select city_indicator.city_id, city_indicator.indicator_id as indicator, city_indicator.year,
    city_indicator.value, city_indicator.unit_id as unit, city_indicator.source_ref
from mart.city_indicator
where contains($cities, city_indicator.city_id) and city_indicator.value is not null
    and contains((select list(indicator_id) from core.indicator where origin = 'published'), indicator_id)
    and city_indicator.geo_level = 'city'
order by city_indicator.city_id, city_indicator.indicator_id, city_indicator.year desc
""",
    "targets": """
select city_id, target_kind, base_year, stated_base_t as base_value, target_year, reduction_pct,
    stated_target_t as target_value, residual_t as residual_value, net_zero_year, 't' as unit, scope,
    gas_basis, is_per_capita, note, source_ref
from core.target
where contains($cities, city_id)
qualify source_rank = min(source_rank) over (partition by city_id)
order by city_id, target_year, target_kind, target_id
""",
}
