"""Checks stop publishing, exceptions are dated and may not outlive their reason."""

from __future__ import annotations

import json

import pytest

from pipeline.build import build, check
from pipeline.engine import open_reader
from pipeline.errors import CheckFailure, ModelError
from pipeline.publish import builds, current_build
from pipeline.runner import CheckResult
from tests.tiny import CHECK, Tiny, emission

HEAD = "-- Emissions are never negative.\n-- severity: error\n"
EXCEPTION = "-- except: (vilnius, 2016) the source prints a refund, 2026-02-03\n"


def with_negative(tiny: Tiny) -> None:
    tiny.emissions("official", [emission("official", "v", 2015, 900), emission("official", "v", 2016, -1)])


def results(tiny: Tiny) -> dict[str, CheckResult]:
    return {one.name: one for one in check(tiny.settings)}


def test_failing_check_stops_publishing_and_shows_the_row(tiny: Tiny) -> None:
    good = build(tiny.settings)
    with_negative(tiny)
    with pytest.raises(CheckFailure) as caught:
        build(tiny.settings)
    assert "emission__not_negative: Emissions are never negative. 1 row(s), such as" in str(caught.value)
    assert '"city_id": "vilnius"' in str(caught.value)
    current = current_build(tiny.settings)
    assert current is not None
    assert current.build_id == good.build_id
    assert [one.build_id for one in builds(tiny.settings)] == [good.build_id]
    assert not list(tiny.settings.builds_dir.glob(".draft-*"))


def test_warning_is_recorded_and_published(tiny: Tiny) -> None:
    with_negative(tiny)
    tiny.sql("checks/emission__not_negative", CHECK.replace("severity: error", "severity: warning"))
    with open_reader(build(tiny.settings).path) as reader:
        (verdict, count, sample), = reader.rows(
            "select verdict, failing_count, sample from meta.check_result where severity = 'warning'"
        )  # fmt: skip
    assert (verdict, count) == ("warning", 1)
    assert json.loads(sample) == [{"city_id": "vilnius", "year": 2016, "value_t": -1.0}]


def test_known_exception_is_forgiven_and_counted(tiny: Tiny) -> None:
    with_negative(tiny)
    tiny.sql("checks/emission__not_negative", CHECK.replace(HEAD, HEAD + EXCEPTION))
    found = results(tiny)["emission__not_negative"]
    assert (found.verdict, found.failing_count, found.excepted_count) == ("passed", 0, 1)


def test_exception_forgives_only_its_row(tiny: Tiny) -> None:
    with_negative(tiny)
    other = EXCEPTION.replace("2016", "2015")
    tiny.sql("checks/emission__not_negative", CHECK.replace(HEAD, HEAD + EXCEPTION + other))
    tiny.emissions(
        "official",
        [emission("official", "v", 2015, 9), *(emission("official", "v", y, -1) for y in (2016, 2017))],
    )
    found = results(tiny)["emission__not_negative"]
    assert (found.verdict, found.failing_count, found.excepted_count) == ("failed", 1, 1)
    assert found.stale_exceptions == ("(vilnius, 2015)",)


def test_stale_exception_fails(tiny: Tiny) -> None:
    tiny.sql("checks/emission__not_negative", CHECK.replace(HEAD, HEAD + EXCEPTION))
    with pytest.raises(CheckFailure, match=r"the exception for \(vilnius, 2016\) no longer occurs"):
        build(tiny.settings)


def test_stale_exception_is_no_fault_when_sources_are_left_out(tiny: Tiny) -> None:
    tiny.sql("checks/emission__not_negative", CHECK.replace(HEAD, HEAD + EXCEPTION))
    tiny.leave_out("amber")
    assert results(tiny)["emission__not_negative"].verdict == "passed"


def test_exception_without_a_date_is_refused(tiny: Tiny) -> None:
    tiny.sql("checks/emission__not_negative", CHECK.replace(HEAD, HEAD + "-- except: (vilnius) because\n"))
    with pytest.raises(ModelError, match="must read"):
        build(tiny.settings)


def test_check_without_severity_is_refused(tiny: Tiny) -> None:
    tiny.sql("checks/emission__not_negative", CHECK.replace("severity: error", "severity: bad"))
    with pytest.raises(ModelError, match="severity: error"):
        build(tiny.settings)


def test_duplicate_key_is_caught_without_a_written_check(tiny: Tiny) -> None:
    tiny.emissions("official", [emission("official", "v", 2015, 1), emission("official", "v", 2015, 2)])
    found = results(tiny)["grain__core.emission"]
    assert found.verdict == "failed"
    assert json.loads(found.sample) == [
        {"city_id": "vilnius", "year": 2015, "source_id": "official", "row_count": 2}
    ]


def test_empty_key_is_caught(tiny: Tiny) -> None:
    tiny.emissions("official", [emission("official", "v", "about 2015", 1)])
    assert results(tiny)["grain__core.emission"].failing_count == 1


def test_check_leaves_no_build_behind(tiny: Tiny) -> None:
    assert {one.verdict for one in check(tiny.settings)} == {"passed"}
    assert builds(tiny.settings) == []
    assert sorted(path.name for path in tiny.settings.builds_dir.iterdir()) == [".lock"]
