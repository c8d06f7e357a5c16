"""A context without a database: six cities of the register, the real registry, figures given by the test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from pipeline.catalogue import Catalogue, load_catalogue
from pipeline.uploads.check import check
from pipeline.uploads.context import Context, Known, SeriesKey, Years
from pipeline.uploads.explain import explain
from pipeline.uploads.model import Checked, Choices, Content, Fault, Grid
from pipeline.uploads.places import Place, Places
from pipeline.uploads.vocabulary import Vocabulary
from tests.uploads.marks import not_plain

#: As in data/reference/city.csv, rounded.
PLACES = (
    Place("vilnius", "Vilnius", "Vilniaus miesto savivaldybė", "LT", 547_484, 54.69, 25.28, 401),
    Place("vilnius-district", "Vilnius District", "Vilniaus rajono savivaldybė", "LT", 96_575, 54.69, 25.28),
    Place("panevezys", "Panevėžys", "Panevėžio miesto savivaldybė", "LT", 88_678, 55.73, 24.36, 50),
    Place("taurage", "Tauragė", "Tauragės rajono savivaldybė", "LT", 38_921, 55.25, 22.29, 1179),
    Place("izmir", "İzmir", "İzmir Büyükşehir Belediyesi", "TR", 4_504_185, 38.41, 27.14, 11_891),
    Place("izmit", "İzmit", "İzmit Belediyesi", "TR", 380_000, 40.77, 29.92, 480),
)

LONG = ("City", "Year", "Sector", "Scope", "Gases", "Amount", "Unit", "Source")


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


@cache
def _shared() -> tuple[Vocabulary, Places]:
    headings = {word for words in catalogue().headings.values() for word in words.words}
    return Vocabulary(catalogue()), Places(PLACES, (), headings)


def context(
    *cities: str,
    published: Mapping[SeriesKey, Years] | None = None,
    known: Sequence[Known] = (),
    indicators: frozenset[str] | None = None,
    layouts_dir: Path | None = None,
    languages: Iterable[Callable[[str], str]] = (),
) -> Context:
    """For a person who answers for these cities, or for all."""
    words, places = _shared()
    own = tuple(languages)
    return Context(
        catalogue=catalogue(),
        vocabulary=Vocabulary(catalogue(), own) if own else words,
        places=places,
        cities=frozenset(cities) if cities else None,
        indicators=indicators,
        history=lambda _cities: published or {},
        figures=lambda table, wanted: tuple(
            one for one in known if one.table == table and one.city_id in wanted
        ),
        layouts_dir=layouts_dir,
    )


def sheet(*rows: Sequence[str], **more: object) -> Content:
    """A file of one sheet, as the child process gives it."""
    grid = Grid("", tuple(tuple(row) for row in rows), **more)  # type: ignore[arg-type]
    return Content("xlsx" if grid.numeric or grid.notes else "csv", (grid,), delimiter=";")


def row(
    value: str = "2600000",
    *,
    city: str = "Vilnius",
    year: str = "2021",
    sector: str = "total",
    scope: str = "BASIC",
    gas: str = "CO2e",
    unit: str = "t",
    source: str = "https://example.org/sesd",
) -> tuple[str, ...]:
    """One row under LONG."""
    return (city, year, sector, scope, gas, value, unit, source)


def long_table(*rows: Sequence[str]) -> Content:
    return sheet(LONG, *rows)


def checked(content: Content, *cities: str, choices: Choices | None = None, **more: object) -> Checked:
    return check(content, choices or Choices(), context(*cities, **more))  # type: ignore[arg-type]


def codes(outcome: Checked) -> list[str]:
    return [fault.code for fault in outcome.faults]


def only(outcome: Checked, code: str) -> Fault:
    """The one fault of a code; the words for it can be made, with every place filled."""
    found = [fault for fault in outcome.faults if fault.code == code]
    assert len(found) == 1, outcome.faults
    told = explain(found[0], catalogue())
    assert "  " not in told.text
    assert "{" not in told.text
    assert not_plain(found[0], catalogue()) == set()
    return found[0]


def stops(outcome: Checked) -> bool:
    """Whether the file cannot be published as it is."""
    return any(catalogue().faults[code].severity != "warning" for code in outcome.counts)


def values(outcome: Checked) -> list[str]:
    return [record.cells["value"] for record in outcome.records]
