"""Who counts as better, as comparable and as already working together."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.engine import Reader
from pipeline.query import meeting, partners
from pipeline.query.filters import Filters
from pipeline.query.partners import Weights


def found(reader: Reader, city_id: str, measure_id: str, chosen: Filters | None = None) -> pd.DataFrame:
    return partners.candidates(reader, city_id, measure_id, Weights(), chosen or Filters())


@pytest.mark.parametrize(
    ("measure_id", "sign"),
    [("ghg_transport_per_person_t", -1), ("urban_green_assessment_pct", 1), ("ghg_change_per_year_pct", -1)],
)
def test_better_follows_the_direction_of_the_registry(reader: Reader, measure_id: str, sign: int) -> None:
    rows = found(reader, "vilnius", measure_id)
    better = rows[rows["is_better"]]
    step = 0.5 if measure_id == "ghg_change_per_year_pct" else 0.05 * abs(rows["own_value"].iloc[0])
    wanted = sign * (rows["other_value"] - rows["own_value"]) >= step
    doubtful = rows["is_doubtful"].fillna(False).astype(bool)
    assert len(better) > 0
    assert set(better["city_id"]) == set(rows[wanted & ~doubtful]["city_id"])


def test_a_city_without_the_figure_is_set_against_the_middle_of_the_others(reader: Reader) -> None:
    rows = found(reader, "taurage", "no2_ug_m3")
    values = rows["other_value"].dropna()
    assert rows["own_value"].isna().all()
    assert rows["pool_median"].iloc[0] == pytest.approx(float(values.median()))
    assert set(rows[rows["is_better"]]["city_id"]) == set(
        rows[rows["other_value"] < values.median()]["city_id"]
    )


def test_partners_are_never_better_strangers(reader: Reader) -> None:
    rows = found(reader, "vilnius", "ghg_transport_per_person_t")
    known = set(partners.partners(reader, "vilnius").query("not is_unconfirmed")["city_id"].dropna())
    assert known
    assert set(rows[rows["is_partner"]]["city_id"]) == known & set(rows["city_id"])


def test_being_partners_is_the_same_both_ways(reader: Reader) -> None:
    one_way = reader.rows(
        """
        select mine.city_id, mine.partner_city_id
        from mart.peer_partner as mine
        left join mart.peer_partner as theirs
            on theirs.city_id = mine.partner_city_id and theirs.partner_city_id = mine.city_id
        where mine.partner_city_id is not null
            and (theirs.city_id is null or theirs.is_working <> mine.is_working)
        """
    )
    assert one_way == []


def test_an_unconfirmed_twinning_is_told_but_does_not_count(reader: Reader) -> None:
    rows = found(reader, "vilnius", "ghg_transport_per_person_t").set_index("city_id")
    assert bool(rows.loc["istanbul", "is_unconfirmed_partner"])
    assert not bool(rows.loc["istanbul", "is_partner"])


def test_comparable_means_same_scope_gases_and_years(reader: Reader) -> None:
    rows = found(reader, "vilnius", "ghg_per_person_t")
    rows = rows[rows["other_value"].notna()]
    alike = (
        (rows["other_scope"] == rows["own_scope"])
        & (rows["other_gas_basis"] == rows["own_gas_basis"])
        & (rows["other_is_net_of_removals"] == rows["own_is_net_of_removals"])
        & ((rows["other_last_year"] - rows["own_last_year"]).abs() <= 3)
    )
    assert alike.any()
    assert not alike.all()
    assert list(rows["is_comparable"].astype(bool)) == list(alike.astype(bool))


def test_implausibly_low_figures_are_marked_and_not_used(reader: Reader) -> None:
    rows = found(reader, "taurage", "ghg_transport_per_person_t")
    middle = reader.rows(
        "select median(value) from mart.peer_measure where measure_id = 'ghg_transport_per_person_t'"
    )[0][0]
    low = rows[rows["other_value"] < 0.125 * middle]
    assert set(low["city_id"]) == set(rows[rows["is_doubtful"].fillna(False).astype(bool)]["city_id"])
    assert len(low) > 0
    assert not low["is_better"].any()


def test_groups_countries_and_years_limit_the_pool(reader: Reader) -> None:
    everyone = found(reader, "taurage", "ghg_transport_per_person_t")
    turkish = found(reader, "taurage", "ghg_transport_per_person_t", Filters(groups=("tr",)))
    assert set(turkish["country_iso2"]) == {"TR"}
    assert set(turkish["city_id"]) < set(everyone["city_id"])
    recent = found(reader, "taurage", "ghg_transport_per_person_t", Filters(year_from=2015))
    assert int(recent["other_last_year"].dropna().min()) >= 2015
    assert "taurage" not in set(everyone["city_id"])


def test_second_degree_ties_are_ties_of_both(reader: Reader) -> None:
    rows = partners.common_partners(reader, "vilnius")
    places = rows[rows["member_kind"] != "organisation"]
    assert len(places) > 0
    for city_id, member_id in zip(places["city_id"], places["member_id"], strict=True):
        both = reader.rows(
            "select count(*) from mart.peer_partner "
            "where member_id = $member and city_id in ($city, 'vilnius') and is_working",
            {"member": member_id, "city": city_id},
        )
        assert both == [(2,)]


def test_differences_come_largest_first_and_have_two_values_each(reader: Reader) -> None:
    rows = meeting.differences(reader, ["vilnius", "taurage", "istanbul", "izmir"])
    first = rows.drop_duplicates("measure_id")
    assert list(first["spread"]) == sorted(first["spread"], reverse=True)
    assert (rows.groupby("measure_id")["city_id"].nunique() >= 2).all()
    for _measure, values in rows.groupby("measure_id"):
        reach = float(values["place_pct"].max() - values["place_pct"].min())
        assert reach == pytest.approx(float(values["spread"].iloc[0]))


def test_one_scope_one_basis_and_near_years_make_a_row_comparable(reader: Reader) -> None:
    rows = meeting.differences(reader, ["vilnius", "taurage", "istanbul", "izmir", "helsinki", "milan"])
    for _measure, values in rows.groupby("measure_id"):
        emission = bool(values["is_emission"].iloc[0])
        near = values["last_year"].max() - values["last_year"].min() <= 3
        bases = values["first_year"].dropna()
        near = near and (bases.empty or bases.max() - bases.min() <= 3)
        one = values["scope"].nunique() <= 1 and values["gas_basis"].nunique() <= 1
        if not (near and (one or not emission)):
            assert not values["is_comparable"].any()
    assert rows["is_comparable"].any()
    assert not rows["is_comparable"].all()


def test_ties_in_the_room_join_two_cities_of_the_room(reader: Reader) -> None:
    room = ["vilnius", "tallinn", "kaunas", "gdansk", "helsinki"]
    rows = meeting.ties(reader, room)
    assert set(rows["city_a_id"]) | set(rows["city_b_id"]) <= set(room)
    assert (rows["city_a_id"] != rows["city_b_id"]).all()
    assert rows["source_url"].str.startswith("http").all()


def test_leads_name_the_better_side(reader: Reader) -> None:
    rows = meeting.leads(reader, ["vilnius", "taurage", "istanbul", "izmir"])
    directions = dict(reader.rows("select distinct measure_id, direction from mart.peer_measure"))
    assert len(rows) > 0
    for row in rows.to_dict("records"):
        sign = 1 if directions[row["measure_id"]] == "higher_is_better" else -1
        assert sign * (row["ahead_value"] - row["behind_value"]) > 0


def test_events_with_two_known_cities_are_offered_host_first(reader: Reader) -> None:
    rows = meeting.events(reader)
    sizes = rows.groupby("event_key")["city_id"].nunique()
    assert (sizes >= 2).all()
    visit = rows[rows["event_key"] == "2024-03-12-exchange"]
    assert list(visit["city_id"]) == ["budapest", "eskisehir"]
