"""The committed figures build to the same contents every time, with and without the amber sources."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.build import build, read_inputs
from pipeline.catalogue import load_catalogue
from pipeline.engine import Reader, open_reader
from pipeline.publish import Build
from pipeline.settings import PACKAGE, Settings

#: Processor seconds a build that has nothing to do may take, start of Python included.
NOTHING_TO_DO_SECONDS = 2.0

#: Lists of source ids by preference, taken from the registry; they hold no figure.
ORDERS_OF_TRUST = {"core.indicator_source", "core.yardstick_source"}


def test_no_check_failed(reader: Reader) -> None:
    assert reader.rows("select check_name from meta.check_result where verdict = 'failed'") == []


def test_every_source_with_figures_is_in_the_build(settings: Settings, reader: Reader) -> None:
    files = {source for (source,) in reader.rows("select distinct source_id from meta.source_file")}
    folders = {path.name for path in settings.figures_dir.iterdir() if path.is_dir()}
    assert folders <= files


def test_every_indicator_has_figures(reader: Reader) -> None:
    missing = reader.rows(
        "select indicator_id from raw.catalogue_indicator "
        "except select indicator_id from mart.city_indicator order by 1"
    )
    assert missing == []


def test_contents_are_the_same_every_time(settings: Settings, built: Build, tmp_path: Path) -> None:
    again = build(replace(settings, builds_dir=tmp_path))
    assert again.path != built.path
    assert again.input_sha256 == built.input_sha256
    assert again.content_sha256 == built.content_sha256


def test_without_amber_sources_nothing_of_theirs_is_left(settings: Settings, tmp_path: Path) -> None:
    cautious = replace(settings, builds_dir=tmp_path, leave_out=frozenset({"amber"}))
    amber = {
        key for key, source in load_catalogue(settings).sources.items() if source.licence_verdict == "amber"
    }
    assert amber
    made = build(cautious)
    assert set(made.left_out) == amber
    with open_reader(made.path) as cautious_reader:
        for table in sorted(set(cautious_reader.tables()) - ORDERS_OF_TRUST):
            for column, kind in cautious_reader.columns(table):
                if kind == "VARCHAR" and column.endswith("source_id"):
                    found = cautious_reader.rows(
                        f'select count(*) from {table} where "{column}" = any($amber)',
                        {"amber": sorted(amber)},
                    )
                    assert found == [(0,)], f"{table}.{column}"


@pytest.mark.alone
def test_nothing_to_do_is_quick(settings: Settings, built: Build) -> None:
    """Processor time, not wall time: the machine may be busy with other tests."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "build"],
        cwd=PACKAGE.parent,
        env={"MISSION_BUILDS_DIR": str(settings.builds_dir), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert f"Nothing changed since {built.build_id}" in done.stdout
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < NOTHING_TO_DO_SECONDS


def test_same_inputs_elsewhere_have_the_same_hash(settings: Settings, built: Build, tmp_path: Path) -> None:
    for folder in (settings.figures_dir, settings.reference_dir, settings.fetched_dir):
        if folder.exists():
            shutil.copytree(folder, tmp_path / "data" / folder.relative_to(settings.data_dir))
    moved = replace(settings, data_dir=tmp_path / "data")
    assert read_inputs(moved).sha256 == built.input_sha256
