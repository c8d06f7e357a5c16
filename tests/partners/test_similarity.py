"""The similarity: the same both ways, the same for proportional weights, untouched by what has no weight."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from pipeline.engine import Reader
from pipeline.query import meeting, partners
from pipeline.query.filters import Filters
from pipeline.query.partners import COMPONENTS, Weights
from tests.partners import arithmetic

MEASURE = "ghg_transport_per_person_t"
SIMILARITIES = [f"{component}_similarity" for component in COMPONENTS]
SLOW = rules(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

whole = st.integers(0, 4)
weights = st.builds(Weights, whole, whole, whole, whole, whole).filter(
    lambda found: found.size + found.climate + found.income + found.emissions + found.sectors > 0
)
places = st.sampled_from(["taurage", "vilnius", "istanbul", "tartu", "helsinki", "utena", "kadikoy"])


def found(reader: Reader, city_id: str, chosen: Weights) -> pd.DataFrame:
    return partners.candidates(reader, city_id, MEASURE, chosen, Filters()).set_index("city_id")


def values(row: pd.Series, side: str) -> dict[str, float | None]:
    names = {
        "people": "population_count",
        "coldest": "coldest_deg_c",
        "warmest": "warmest_deg_c",
        "latitude": "latitude_deg",
        "income": "income_pps",
        "emissions": "per_person_t",
        **{part: f"{part}_t" for part in arithmetic.PARTS},
    }
    picked = {name: row[f"{side}{column}"] for name, column in names.items()}
    return {name: None if pd.isna(value) else float(value) for name, value in picked.items()}


@SLOW
@given(city_id=places, chosen=weights)
def test_components_and_score_agree_with_a_second_computation(
    reader: Reader, city_id: str, chosen: Weights
) -> None:
    rows = found(reader, city_id, chosen)
    assert len(rows) > 200
    for _other, row in rows.iterrows():
        wanted = arithmetic.components(values(row, "own_"), values(row, ""))
        for name, value in zip(SIMILARITIES, wanted, strict=True):
            if value is None:
                assert pd.isna(row[name])
            else:
                assert row[name] == pytest.approx(value, abs=1e-6)
        total = arithmetic.score(wanted, [getattr(chosen, component) for component in COMPONENTS])
        assert pd.isna(row["score"]) if total is None else row["score"] == pytest.approx(total, abs=1e-6)


@SLOW
@given(city_id=places, chosen=weights, factor=st.sampled_from([0.5, 2.0, 10.0]))
def test_scaling_all_weights_changes_nothing(
    reader: Reader, city_id: str, chosen: Weights, factor: float
) -> None:
    scaled = Weights(*(factor * getattr(chosen, component) for component in COMPONENTS))
    before, after = found(reader, city_id, chosen), found(reader, city_id, scaled)
    pd.testing.assert_series_equal(before["score"], after["score"].loc[before.index])
    pd.testing.assert_series_equal(before["known_weight_pct"], after["known_weight_pct"].loc[before.index])


@pytest.mark.parametrize("component", COMPONENTS)
def test_without_weight_a_component_has_no_influence(reader: Reader, component: str) -> None:
    chosen = Weights(**{component: 0})
    for _other, row in found(reader, "vilnius", chosen).iterrows():
        rest = [row[name] for name in SIMILARITIES if name != f"{component}_similarity"]
        known = [float(value) for value in rest if not pd.isna(value)]
        if known:
            assert row["score"] == pytest.approx(sum(known) / len(known))
        else:
            assert pd.isna(row["score"])


@pytest.mark.parametrize("component", COMPONENTS)
def test_weight_on_one_component_alone_gives_that_component(reader: Reader, component: str) -> None:
    nothing = dict.fromkeys(COMPONENTS, 0.0)
    rows = found(reader, "vilnius", Weights(**{**nothing, component: 3.0}))
    pd.testing.assert_series_equal(rows["score"], rows[f"{component}_similarity"], check_names=False)


@SLOW
@given(one=places, two=places, chosen=weights)
def test_similarity_is_the_same_both_ways(reader: Reader, one: str, two: str, chosen: Weights) -> None:
    if one == two:
        return
    there = found(reader, one, chosen).loc[two, [*SIMILARITIES, "score"]]
    back = found(reader, two, chosen).loc[one, [*SIMILARITIES, "score"]]
    assert there.astype(float).to_list() == pytest.approx(back.astype(float).to_list(), nan_ok=True)


@SLOW
@given(chosen=weights)
def test_every_similarity_lies_between_0_and_100(reader: Reader, chosen: Weights) -> None:
    rows = found(reader, "taurage", chosen)
    for name in [*SIMILARITIES, "score", "known_weight_pct"]:
        assert rows[name].dropna().between(0, 100.0000001).all()


def test_the_meeting_uses_the_same_similarity(reader: Reader) -> None:
    room = ["vilnius", "taurage", "helsinki"]
    pairs = meeting.pairs(reader, room, Weights()).set_index(["own_id", "other_id"])
    alone = found(reader, "vilnius", Weights())
    for other in ("taurage", "helsinki"):
        assert pairs.loc[("vilnius", other), "score"] == pytest.approx(alone.loc[other, "score"])
    assert len(pairs) == 3


def test_weights_of_zero_give_no_score(reader: Reader) -> None:
    assert found(reader, "taurage", Weights(0, 0, 0, 0, 0))["score"].isna().all()
