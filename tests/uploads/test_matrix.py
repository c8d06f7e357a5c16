"""The table of bad inputs is red for rows without a test, with a failing one or with one left out."""

from __future__ import annotations

import pytest

from tests.uploads import matrix
from tests.uploads.matrix import ROWS, Watcher


def all_green() -> Watcher:
    rows_of = {f"test_{number}": (number,) for number in ROWS}
    return Watcher(rows_of, dict.fromkeys(rows_of, "passed"))


def test_sixty_four_rows_are_green_when_each_has_a_passing_test() -> None:
    lines, red = matrix.table(all_green())
    assert list(ROWS) == list(range(1, 65))
    assert red == []
    assert len(lines) == 2 + 64


@pytest.mark.parametrize("outcome", ["failed", "skipped", "not run"])
def test_row_is_red_when_one_of_its_tests_did_not_pass(outcome: str) -> None:
    watcher = all_green()
    watcher.rows_of["other"] = (7, 8)
    watcher.outcome["other"] = outcome
    lines, red = matrix.table(watcher)
    assert red == [7, 8]
    assert f"1 {outcome.upper()}" in lines[2 + 6]


def test_row_without_a_test_is_red() -> None:
    watcher = all_green()
    del watcher.rows_of["test_20"]
    lines, red = matrix.table(watcher)
    assert red == [20]
    assert "NO TEST" in lines[2 + 19]


def test_test_of_a_row_nobody_knows_is_red() -> None:
    watcher = all_green()
    watcher.rows_of["odd"] = (65,)
    watcher.outcome["odd"] = "passed"
    assert matrix.table(watcher)[1] == [65]


def test_watcher_can_be_a_plugin() -> None:
    assert len({Watcher(), Watcher()}) == 2
