"""Templates filled from the real build come back with the same figures, and real names are found."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal

import pytest

from pages.language import language
from pipeline.catalogue import load_catalogue
from pipeline.engine import Reader
from pipeline.settings import Settings
from pipeline.uploads.check import check
from pipeline.uploads.context import TABLES, Context, load_context
from pipeline.uploads.model import Choices, Content, Grid
from pipeline.uploads.template import rows_of, template_csv

CITIES = ("vilnius", "taurage", "kaunas-district", "izmir", "istanbul", "kadikoy")


@dataclass(frozen=True)
class Reach:
    cities: frozenset[str] | None = None
    indicators: frozenset[str] | None = None


@pytest.fixture(scope="module")
def context(settings: Settings, reader: Reader) -> Context:
    return load_context(settings, reader, Reach(frozenset(CITIES)))


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("table", TABLES)
def test_a_template_of_real_figures_comes_back_whole(context: Context, city: str, table: str) -> None:
    code = ("en", "lt", "tr")[CITIES.index(city) % 3]
    data = template_csv(context, language(code).gettext, table, (city,)).decode("utf-8-sig")
    rows = csv.reader(io.StringIO(data, newline=""), delimiter=";")
    content = Content("csv", (Grid("", tuple(tuple(row) for row in rows)),), delimiter=";")
    outcome = check(content, Choices(), context)
    severities = {one: load_catalogue().faults[one].severity for one in outcome.counts}
    given = [cells for cells in rows_of(context, table, (city,)) if _has_figure(cells, table)]
    if not given:
        assert set(outcome.counts) == {"empty"}
        return
    assert set(severities.values()) <= {"warning"}, outcome.faults
    assert outcome.tally.accepted == len(given)
    if table != "targets":
        expected = sorted(round(Decimal(cells["value"]), 9) for cells in given)
        assert sorted(round(Decimal(one.cells["value"]), 9) for one in outcome.records) == expected


def _has_figure(cells: dict[str, str], table: str) -> bool:
    return bool(cells.get("value")) or table == "targets"


def test_every_city_is_found_by_its_own_names(context: Context) -> None:
    ours = [place for place in context.places.by_id.values() if place.country_iso2 in ("LT", "TR")]
    lost = [
        (name, place.city_id)
        for place in ours
        for name in (place.name, place.name_local)
        if name and context.places.find(name, place.country_iso2).city_id != place.city_id
    ]
    assert lost == []
    assert len(ours) > 120
