"""The vectors V1 to V10 of the methods, run through the SQL models that pages read. No formula is here."""

from __future__ import annotations

import pytest

from tests.sql.harness import Bench, as_rows

CARBON_LAW_CUT = 11.72


def change(bench: Bench, *totals: tuple[int, float]) -> dict[str, float]:
    """mart.series_change from the first year to the last."""
    rows = [{"series_id": "s", "city_id": "c", "year": year, "total_t": value} for year, value in totals]
    with bench.given({"mart.series_total": rows}):
        found = as_rows(bench.run("mart.series_change"), ["base_year", "change_pct", "change_per_year_pct"])
    return next(row for row in found if row["base_year"] == totals[0][0])  # type: ignore[return-value]


def progress(bench: Bench, cases: list[dict[str, object]]) -> list[dict[str, float]]:
    """mart.progress_formula on the given bases, latest figures and targets."""
    rows = [
        {"city_id": f"c{number:03}", "yardstick_id": "y", "path_shape": "linear", **case}
        for number, case in enumerate(cases)
    ]
    columns = [
        "city_id", "target_t", "path_t", "gap_to_path_t", "gap_to_target_t", "needed_per_year_pct",
        "needed_per_year_from_base_pct", "needed_per_year_t", "pace_ratio", "path_share",
        "share_achieved_pct",
        "verdict_id",
    ]  # fmt: skip
    with bench.given({"mart.progress_case": rows}):
        found = as_rows(bench.run("mart.progress_formula"), columns)
    return sorted(found, key=lambda row: str(row["city_id"]))  # type: ignore[return-value]


def reduction(bench: Bench, base_year: int, yearly_cut_pct: float, target_year: int) -> float:
    """The percentage mart.progress_case makes of a constant yearly cut."""
    yardstick = {
        "yardstick_id": "y", "path_shape": "constant_rate", "base_rule": "first_since",
        "base_year_from": base_year,
        "target_year": target_year, "yearly_cut_pct": yearly_cut_pct, "is_default_target": True,
    }  # fmt: skip
    given = {
        "core.city": [{"city_id": "c"}],
        "core.yardstick": [yardstick],
        "mart.series": [
            {"series_id": "s", "city_id": "c", "is_usable": True, "inventory_count": 2, "series_rank": 1,
             "first_year": base_year}
        ],
        "mart.series_change": [
            {"series_id": "s", "city_id": "c", "base_year": base_year, "base_t": 1.0,
             "latest_year": base_year + 1,
             "latest_t": 1.0, "change_per_year_pct": 0.0}
        ],
    }  # fmt: skip
    with bench.given(given):
        (row,) = as_rows(bench.run("mart.progress_case"), ["reduction_pct", "reason_id"])
    assert row["reason_id"] is None
    return float(str(row["reduction_pct"]))


def constant_rate_path(
    bench: Bench, start: float, base_year: int, cut: float, target_year: int
) -> list[float]:
    """The path's value in every year from the base to the target year."""
    whole_cut = reduction(bench, base_year, cut, target_year)
    found = progress(
        bench,
        [
            {"path_shape": "constant_rate", "base_year": base_year, "base_t": start, "latest_year": year,
             "latest_t": start, "target_year": target_year, "reduction_pct": whole_cut}
            for year in range(base_year, target_year + 1)
        ],
    )  # fmt: skip
    return [row["path_t"] for row in found]


def budget(bench: Bench, **values: object) -> dict[str, float]:
    """mart.carbon_budget_path on one budget."""
    with bench.given({"mart.carbon_budget": [{"city_id": "c", "from_year": 2024, **values}]}):
        (row,) = as_rows(
            bench.run("mart.carbon_budget_path"),
            ["trend_years_left", "linear_years_to_zero", "linear_change_per_year_t", "constant_rate_cut_pct"],
        )
    return row  # type: ignore[return-value]


def test_v1_constant_annual_rate_of_ale(bench: Bench) -> None:
    assert change(bench, (2015, 158968.392), (2024, 147474.355))["change_per_year_pct"] == pytest.approx(
        -0.830, abs=5e-4
    )


def test_v2_carbon_law_sum_to_2050(bench: Bench) -> None:
    path = constant_rate_path(bench, 144711.317, 2026, CARBON_LAW_CUT, 2050)
    assert len(path) == 25
    assert sum(path) == pytest.approx(1180019.85, abs=0.01)


def test_v3_ten_percent_a_year(bench: Bench) -> None:
    path = constant_rate_path(bench, 5, 2025, 10, 2040)
    assert len(path) == 16
    assert sum(path) == pytest.approx(40.7349, abs=5e-5)


def test_v4_share_achieved_of_quebec(bench: Bench) -> None:
    (row,) = progress(
        bench,
        [{"base_year": 1990, "base_t": 84508702, "latest_year": 2019, "latest_t": 76241175,
          "target_year": 2020,
          "reduction_pct": 20}],
    )  # fmt: skip
    assert row["share_achieved_pct"] == pytest.approx(48.91524, abs=5e-6)
    assert row["target_t"] == pytest.approx(67606961.6)


def test_v5_share_achieved_of_75_percent(bench: Bench) -> None:
    (row,) = progress(
        bench,
        [{"base_year": 2000, "base_t": 10000000, "latest_year": 2015, "latest_t": 6000000,
          "target_year": 2030,
          "reduction_pct": 75}],
    )  # fmt: skip
    assert row["share_achieved_pct"] == pytest.approx(53.333, abs=5e-4)
    assert row["target_t"] == pytest.approx(2500000)


def test_v6_budget_gone_on_the_trend(bench: Bench) -> None:
    row = budget(bench, from_t=144501.622, trend_t_per_year=782.334, budget_t=286595.381)
    assert row["trend_years_left"] == pytest.approx(1.9728, abs=5e-5)


def test_v7_budget_paths(bench: Bench) -> None:
    row = budget(bench, from_t=1000, trend_t_per_year=0, budget_t=8000)
    assert row["linear_years_to_zero"] == pytest.approx(16)
    assert row["linear_change_per_year_t"] == pytest.approx(-62.5)
    assert row["constant_rate_cut_pct"] == pytest.approx(11.750, abs=5e-4)
    assert row["trend_years_left"] == pytest.approx(8)


def test_v8_observed_and_required_rates(bench: Bench) -> None:
    observed = change(bench, (2018, 1000.0), (2023, 800.0))["change_per_year_pct"]
    assert observed == pytest.approx(-4.365, abs=5e-4)
    (row,) = progress(
        bench,
        [{"base_year": 2018, "base_t": 1000, "latest_year": 2023, "latest_t": 800, "target_year": 2030,
          "reduction_pct": 80, "change_per_year_pct": observed}],
    )  # fmt: skip
    assert row["target_t"] == pytest.approx(200)
    assert row["needed_per_year_from_base_pct"] == pytest.approx(-12.551, abs=5e-4)
    assert row["pace_ratio"] == pytest.approx(0.348, abs=5e-4)
    assert row["needed_per_year_pct"] == pytest.approx(-17.966, abs=5e-4)
    assert row["path_t"] == pytest.approx(666.67, abs=5e-3)
    assert row["gap_to_path_t"] == pytest.approx(133.33, abs=5e-3)
    assert row["gap_to_target_t"] == pytest.approx(600)
    assert row["path_share"] == pytest.approx(0.6)
    assert row["verdict_id"] == "behind"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ({"target_kind": "base_year", "base_year": 2030, "target_year": 2030},
         "base_year_not_before_target_year"),
        ({"target_kind": "base_year", "base_year": 2035, "target_year": 2030},
         "base_year_not_before_target_year"),
        ({"target_kind": "baseline_scenario", "base_year": 2018, "target_year": 2030},
         "baseline_scenario_target"),
        ({"target_kind": "base_year", "base_year": 2018, "target_year": 2030, "flags": "bau_target"},
         "baseline_scenario_target"),
    ],
)  # fmt: skip
def test_v9_progress_is_not_applicable(bench: Bench, target: dict[str, object], reason: str) -> None:
    given = {
        "core.city": [{"city_id": "c"}],
        "core.city_alias": [{"source_id": "ccc_mission", "source_city_key": "k", "city_id": "c"}],
        "staging.stg_figures__targets": [
            {"source_id": "ccc_mission", "source_city_key": "k", "reduction_pct": 41, **target}
        ],
        "mart.series_total": [
            {"series_id": "s", "city_id": "c", "year": 2018, "total_t": 1000},
            {"series_id": "s", "city_id": "c", "year": 2023, "total_t": 800},
        ],
        "mart.series": [
            {"series_id": "s", "city_id": "c", "is_usable": True, "inventory_count": 2, "series_rank": 1,
             "first_year": 2018}
        ],
    }  # fmt: skip
    with bench.given(given):
        for table in (
            "core.target", "mart.city_target", "mart.series_change", "mart.progress_case",
            "mart.progress_formula",
        ):  # fmt: skip
            bench.refill(table)
        rows = as_rows(
            bench.run("mart.emission_progress"),
            ["yardstick_id", "verdict_id", "reason_id", "share_achieved_pct", "path_t", "change_pct"],
        )
    own = next(row for row in rows if row["yardstick_id"] == "own_target")
    assert own == {
        "yardstick_id": "own_target", "verdict_id": "not_assessed", "reason_id": reason,
        "share_achieved_pct": None,
        "path_t": None, "change_pct": pytest.approx(-20),
    }  # fmt: skip


def test_v10_carbon_law_halves_and_sums(bench: Bench) -> None:
    path = constant_rate_path(bench, 1, 2026, CARBON_LAW_CUT, 2050)
    assert sum(path) == pytest.approx(8.154, abs=5e-4)
    assert path[5] > 0.5 > path[6]
    # A constant rate falls by equal shares: where on the way from year 5 to year 6 is one half?
    yearly = change(bench, (2031, path[5]), (2032, path[6]))["change_per_year_pct"]
    assert yearly == pytest.approx(-CARBON_LAW_CUT)
    assert path[5] * (1 + yearly / 100) ** 0.56 == pytest.approx(0.5, abs=5e-4)


def test_net_zero_target_has_tonnes_but_no_ratio(bench: Bench) -> None:
    (row,) = progress(
        bench,
        [{"base_year": 2018, "base_t": 1000, "latest_year": 2023, "latest_t": 800, "target_year": 2030,
          "reduction_pct": 100, "change_per_year_pct": -4.365}],
    )  # fmt: skip
    assert row["target_t"] == 0
    assert row["path_t"] == pytest.approx(1000 - 1000 * 5 / 12)
    assert row["needed_per_year_t"] == pytest.approx(800 / 7)
    assert row["pace_ratio"] is None
    assert row["needed_per_year_from_base_pct"] is None
    assert row["verdict_id"] == "far_behind"


@pytest.mark.parametrize(
    ("latest_t", "verdict"),
    [(199.0, "reached"), (666.0, "on_pace"), (683.4, "behind"), (799.9, "behind"), (801.0, "far_behind"),
     (1100.0, "far_behind")],
)  # fmt: skip
def test_verdict_follows_the_share_of_the_cut_due(bench: Bench, latest_t: float, verdict: str) -> None:
    (row,) = progress(
        bench,
        [{"base_year": 2018, "base_t": 1000, "latest_year": 2023, "latest_t": latest_t, "target_year": 2030,
          "reduction_pct": 80}],
    )  # fmt: skip
    assert row["verdict_id"] == verdict
