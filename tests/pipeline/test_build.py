"""A build is repeatable, quick when nothing changed, and never seen before it is whole."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.build import Step, build
from pipeline.engine import open_reader
from pipeline.publish import LEFTOVER, builder_lock, builds, current_build, open_current
from pipeline.settings import PACKAGE
from tests.tiny import Tiny, emission

#: Builds the project in miniature whose folder is the first argument.
BUILD_IN_CHILD = """
import sys
from dataclasses import replace
from pathlib import Path
from pipeline.build import build
from pipeline.settings import Settings
folder = Path(sys.argv[1])
data, builds = folder / "data", folder / "builds"
settings = Settings(data, builds, sql_dir=folder / "sql", catalogue_dir=folder / "catalogue")
print("ready", flush=True)
build(settings, force="--force" in sys.argv)
"""


def child(tiny: Tiny, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILD_IN_CHILD, str(tiny.folder), *arguments],
        cwd=PACKAGE.parent,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_same_inputs_give_the_same_contents(tiny: Tiny) -> None:
    rows = [emission("official", f"c{number}", 2000 + number % 20, number / 7) for number in range(2000)]
    tiny.emissions("official", rows)
    tiny.sql(
        "mart/total",
        "-- Sums of fractions, which come out differently when added in another order.\n"
        "-- grain: year\n-- reads: staging.stg_emissions\n"
        "select year, sum(value_t) as sum_t from staging.stg_emissions group by year\n",
    )
    first = build(tiny.settings)
    again = build(tiny.settings, force=True)
    assert again.build_id != first.build_id
    assert again.content_sha256 == first.content_sha256
    assert again.input_sha256 == first.input_sha256


def test_other_figures_give_other_contents(tiny: Tiny) -> None:
    first = build(tiny.settings)
    tiny.emissions("official", [emission("official", "v", 2015, 900), emission("official", "v", 2020, 700.6)])
    again = build(tiny.settings)
    assert again.content_sha256 != first.content_sha256
    assert again.previous_build_id == first.build_id


def test_unchanged_inputs_build_nothing(tiny: Tiny) -> None:
    first = build(tiny.settings)
    steps: list[Step] = []
    assert build(tiny.settings, steps.append) == first
    assert steps == []


@pytest.mark.parametrize("change", ["figures", "reference", "sql", "catalogue", "sources", "leave out"])
def test_every_kind_of_input_counts(tiny: Tiny, change: str) -> None:
    first = build(tiny.settings)
    paths = {
        "figures": tiny.settings.figures_dir / "official" / "emissions.csv",
        "reference": tiny.settings.reference_dir / "correction.csv",
        "sql": tiny.settings.sql_dir / "mart" / "city.sql",
        "catalogue": tiny.settings.catalogue_dir / "topics.yml",
        "sources": tiny.settings.sources_file,
    }
    if change == "leave out":
        tiny.leave_out("amber")
    elif change in ("figures", "reference"):
        text = paths[change].read_text(encoding="utf-8")
        paths[change].write_text(
            text.replace("2015", "2014") if change == "figures" else text + "," * 10 + "\n"
        )
    else:
        with paths[change].open("a") as file:
            file.write("-- one more word\n" if change == "sql" else "# one more word\n")
    assert build(tiny.settings).input_sha256 != first.input_sha256


def test_progress_counts_to_its_total(tiny: Tiny) -> None:
    steps: list[Step] = []
    build(tiny.settings, steps.append)
    assert [step.index for step in steps] == list(range(1, len(steps) + 1))
    assert steps[-1] == Step("Publishing", 8, 8)
    assert "mart.city" in [step.name for step in steps]


def test_build_records_itself(tiny: Tiny) -> None:
    made = build(tiny.settings, now=lambda: datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC))
    assert made.path.name == f"build-20260203T040506Z-{made.input_sha256[:12]}.duckdb"
    with open_reader(made.path) as reader:
        rows = reader.rows(
            "select build_id, built_at, input_sha256, content_sha256, previous_build_id from meta.build"
        )
    assert rows == [(made.build_id, "2026-02-03T04:05:06Z", made.input_sha256, made.content_sha256, None)]


def test_ids_sort_by_age_even_when_the_clock_is_set_back(tiny: Tiny) -> None:
    first = build(tiny.settings, now=lambda: datetime(2026, 2, 3, tzinfo=UTC))
    second = build(tiny.settings, now=lambda: datetime(2025, 1, 1, tzinfo=UTC), force=True)
    assert second.build_id > first.build_id
    assert second.built_at == "2026-02-03T00:00:01Z"


def test_reader_sees_the_old_build_until_the_new_one_is_whole(tiny: Tiny) -> None:
    first = build(tiny.settings)
    seen: set[str] = set()

    def look(_: Step) -> None:
        current = current_build(tiny.settings)
        assert current is not None
        seen.add(current.build_id)

    second = build(tiny.settings, look, force=True)
    assert seen == {first.build_id}
    current = current_build(tiny.settings)
    assert current is not None
    assert current.build_id == second.build_id


def test_unpublished_build_is_not_seen_and_used_when_asked_for(tiny: Tiny) -> None:
    draft = build(tiny.settings, publish=False)
    assert current_build(tiny.settings) is None
    steps: list[Step] = []
    assert build(tiny.settings, steps.append).build_id == draft.build_id
    assert [step.name for step in steps] == ["Publishing"]


def test_killed_builder_leaves_the_last_build_and_the_next_cleans_up(tiny: Tiny) -> None:
    rows = [emission("official", f"c{number}", 2000, number) for number in range(20_000)]
    tiny.emissions("official", rows)
    good = build(tiny.settings)
    started = time.perf_counter()
    process = child(tiny, "--force")
    assert process.stdout is not None
    process.stdout.readline()
    ready = time.perf_counter() - started
    process.wait()
    whole = time.perf_counter() - started - ready
    contents = good.content_sha256
    chance = random.Random(20260203)
    left = 0
    for _ in range(6):
        process = child(tiny, "--force")
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, whole))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        left += bool(list(tiny.settings.builds_dir.glob(f"{LEFTOVER}*")))
        opened = open_current(tiny.settings)
        assert opened is not None
        made, reader = opened
        with reader:
            assert made.warning == ""
            assert made.content_sha256 == contents
            assert reader.row_count("core.emission") == 1
            assert reader.row_count("staging.stg_emissions") == 20_001
    assert left > 0, "no kill fell into the making of a draft"
    build(tiny.settings, force=True)
    assert list(tiny.settings.builds_dir.glob(f"{LEFTOVER}*")) == []
    assert all(made.path.exists() for made in builds(tiny.settings))
    cards = {path.stem for path in tiny.settings.builds_dir.glob("build-*.json")}
    assert cards == {path.stem for path in tiny.settings.builds_dir.glob("build-*.duckdb")}


def test_two_builders_take_turns_and_the_second_finds_the_work_done(tiny: Tiny) -> None:
    pair = [child(tiny), child(tiny)]
    assert [process.wait() for process in pair] == [0, 0]
    assert len(builds(tiny.settings)) == 1


def test_waiting_for_another_builder_is_said(tiny: Tiny) -> None:
    steps: list[str] = []
    waits = threading.Event()

    def note(step: Step) -> None:
        steps.append(step.name)
        waits.set()

    with builder_lock(tiny.settings):
        other = threading.Thread(target=lambda: build(tiny.settings, note))
        other.start()
        assert waits.wait(20)
        assert steps == ["Waiting for another build to end"]
        assert current_build(tiny.settings) is None
    other.join(60)
    assert current_build(tiny.settings) is not None


def test_failed_disk_leaves_nothing(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    good = build(tiny.settings)

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("pipeline.build.sync_file", full)
    with pytest.raises(OSError, match="No space left"):
        build(tiny.settings, force=True)
    assert [made.build_id for made in builds(tiny.settings)] == [good.build_id]
    assert list(tiny.settings.builds_dir.glob(f"{LEFTOVER}*")) == []


def test_quick_path_imports_no_heavy_package(tiny: Tiny) -> None:
    """An unchanged build must be over in a blink; pandas alone takes longer than that."""
    build(tiny.settings)
    code = f"{BUILD_IN_CHILD}\nimport json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tiny.folder)],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    assert not modules & {"pandas", "streamlit", "geopandas", "plotly", "pyarrow", "numpy"}
