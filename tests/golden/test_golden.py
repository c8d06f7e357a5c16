"""The kept extracts are what the figures give; a change is made with `--write` and reviewed as a diff."""

from __future__ import annotations

import pytest

from pipeline.engine import Reader
from tests.golden.golden import EXTRACTS, extract, path

#: Figures the specification of the conflict between sources names, in tonnes.
ISTANBUL_2019 = (50888653, 55655119, 33939506, 31202798)


@pytest.mark.parametrize("name", sorted(EXTRACTS))
def test_extract_is_unchanged(reader: Reader, name: str) -> None:
    kept = path(name).read_text(encoding="utf-8").splitlines()
    now = extract(reader, name).splitlines()
    gone = [line for line in kept if line not in now]
    new = [line for line in now if line not in kept]
    assert (gone, new) == ([], []), "review, then python -m tests.golden.golden --write"
    assert kept == now


def test_istanbul_2019_lists_every_published_figure(reader: Reader) -> None:
    found = reader.rows("select value, chosen from mart.conflict where city_id = 'istanbul' and year = 2019")
    for value in ISTANBUL_2019:
        assert any(abs(row[0] - value) < 1 for row in found), value
    assert [round(row[0]) for row in found if row[1]] == [50888653]


def test_expected_coverage_of_mission_cities(reader: Reader) -> None:
    ((with_figure,),) = reader.rows("select count(*) from mart.city where is_mission_city and has_emission")
    assert with_figure >= 108
    ((with_gdp,),) = reader.rows(
        "select count(distinct city_indicator.city_id) from mart.city_indicator "
        "inner join mart.city on city.city_id = city_indicator.city_id "
        "where city.is_mission_city and city_indicator.indicator_id = 'gdp_per_person_pps'"
    )
    assert with_gdp == 97


def test_every_mission_city_has_five_rows(reader: Reader) -> None:
    ((rows, cities),) = reader.rows(
        "select count(*), count(distinct emission_progress.city_id) from mart.emission_progress "
        "inner join mart.city on city.city_id = emission_progress.city_id where city.is_mission_city"
    )
    assert (rows, cities) == (560, 112)
