"""Each command does what it says, and a failure is plain words and an exit code other than 0."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline import __main__ as command_line
from pipeline.publish import builds, current_build
from tests.tiny import CHECK, Tiny, emission


@pytest.fixture
def run(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """The miniature project, found by every command."""
    monkeypatch.setattr(command_line, "load_settings", lambda: tiny.settings)
    return tiny


def main(*arguments: str) -> int:
    return command_line.main(arguments)


def test_build_publishes_and_the_next_does_nothing(run: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    assert main("build") == 0
    assert "is published" in capsys.readouterr().out
    assert main("build") == 0
    assert "nothing to do" in capsys.readouterr().out
    assert main("build", "--force") == 0
    assert len(builds(run.settings)) == 2


def test_no_publish_then_publish_then_undo(run: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    main("build")
    run.emissions("official", [emission("official", "v", 2015, 1)])
    assert main("build", "--no-publish") == 0
    assert "is not published" in capsys.readouterr().out
    new, old = builds(run.settings)
    assert main("publish", new.build_id) == 0
    assert main("undo") == 0
    current = current_build(run.settings)
    assert current is not None
    assert current.build_id == old.build_id


def test_check_lists_what_failed(run: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.settings.sql_dir.exists()
    assert main("check") == 0
    assert capsys.readouterr().out == "4 passed, 0 with a warning, 0 failed\n"
    run.sql("checks/emission__not_negative", CHECK.replace("< 0", "> 800"))
    assert main("check") == 1
    out = capsys.readouterr().out
    assert out.startswith("failed   emission__not_negative: Emissions are never negative. 1 row(s)")
    assert current_build(run.settings) is None


def test_list_marks_the_current_build(run: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    assert main("list") == 0
    assert "Nothing is published yet" in capsys.readouterr().out
    assert builds(run.settings) == []
    main("build")
    main("build", "--force")
    capsys.readouterr()
    assert main("list", "--prune") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[0] for line in lines] == ["*", " "]


def test_export_keeps_the_order_of_the_grain(run: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    run.reference("city", [{"city_id": "vilnius"}, {"city_id": "=cmd()"}])
    main("build")
    capsys.readouterr()
    assert main("export", "mart.city") == 0
    assert capsys.readouterr().out == (
        "city_id,latest_inventory_year,sum_t\n'=cmd(),,\nvilnius,2020,1600.5\n"
    )


@pytest.mark.parametrize("file_format", ["csv", "json", "parquet"])
def test_export_writes_a_file(run: Tiny, tmp_path: Path, file_format: str) -> None:
    main("build")
    path = tmp_path / f"city.{file_format}"
    assert main("export", "mart.city", "--format", file_format, "--output", str(path)) == 0
    rows: list[dict[str, object]]
    if file_format == "json":
        rows = json.loads(path.read_text(encoding="utf-8"))
    else:
        frame = pd.read_csv(path) if file_format == "csv" else pd.read_parquet(path)
        rows = [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]
    assert [row["city_id"] for row in rows] == ["siauliai", "vilnius"]
    assert rows[1]["sum_t"] == 1600.5
    assert run.settings.builds_dir.exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["undo"], "Nothing can be undone: current.json is missing"),
        (["publish", "x"], "No verified build is called 'x'. `python -m pipeline list` shows them."),
        (["export", "mart.city"], "Nothing is published yet. `python -m pipeline build` makes a build."),
    ],
)
def test_failure_is_one_plain_sentence(
    run: Tiny, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    assert run.settings.engine == "file"
    assert main(*arguments) == 1
    err = capsys.readouterr().err
    assert err.startswith(expected)
    assert "Traceback" not in err


def test_unknown_table_is_named_with_the_nearest(run: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.settings.leave_out == frozenset()
    main("build")
    assert main("export", "mart.citi") == 1
    assert "There is no table 'mart.citi' (did you mean 'mart.city'?)." in capsys.readouterr().err


def test_missing_folder_fails_in_words(run: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    run.remove_source("borrowed")
    assert main("build") == 1
    assert "MISSION_LEAVE_OUT=borrowed" in capsys.readouterr().err
