"""Makes a build: one new database file from the committed figures, checked, verified and published.

Nothing a reader sees changes until the very last step: a build that fails or is killed leaves the last one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import catalogue as registry
from pipeline import network
from pipeline.accepted import find_accepted
from pipeline.engine import Builder, engine_version, open_reader
from pipeline.errors import CheckFailure, PublishError
from pipeline.hashing import code_files, file_sha256, input_sha256
from pipeline.inputs import InputFile, find_inputs, load_inputs
from pipeline.models import Model, read_checks, read_models
from pipeline.publish import (
    LEFTOVER,
    Build,
    builder_lock,
    builds,
    clean_leftovers,
    current_build,
    flip,
    keep,
    settle,
    sync_file,
)
from pipeline.runner import CheckResult, ModelRun, explain, run_checks, run_models
from pipeline.settings import PACKAGE, Settings
from pipeline.uploads import ledger
from pipeline.vocabulary import check_vocabulary

#: Describes the making of a build rather than the figures, so it does not count towards the content hash.
META_SCHEMA = "meta"

#: Steps of a build besides the models.
OTHER_STEPS = ("Reading the registry", "Reading the figures", "Checking", "Verifying", "Publishing")


@dataclass(frozen=True, slots=True)
class Step:
    """Where a build is: the name of the step it begins, its number from 1, and how many there are."""

    name: str
    index: int
    total: int


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that decides what a build will hold."""

    catalogue: registry.Catalogue
    left_out: frozenset[str]
    files: tuple[InputFile, ...]
    sha256: str
    uploads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What filling a draft gave."""

    content_sha256: str
    runs: tuple[ModelRun, ...]
    checks: tuple[CheckResult, ...]


Progress = Callable[[Step], None]


def build(
    settings: Settings,
    progress: Progress | None = None,
    *,
    force: bool = False,
    publish: bool = True,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    uploads: Sequence[str] | None = None,
) -> Build:
    """The build of today's inputs, made if there is none yet, and published unless `publish` is False.

    `force` makes a new file even when one of the same inputs exists. `uploads` are the ids of the uploads
    that count, oldest first; those of the ledger unless given, and only those can be published here.
    """
    if publish and uploads is not None:
        raise PublishError("A build of other uploads than the ledger's is published by pipeline.uploads.")
    inputs = read_inputs(settings, uploads)
    if not force and _is_current(settings, inputs):
        return _current(settings)
    report = _Reporter(progress)
    with builder_lock(settings, waiting=lambda: report("Waiting for another build to end")):
        clean_leftovers(settings)
        settle(settings)
        inputs = read_inputs(settings, uploads)
        if not force and _is_current(settings, inputs):
            return _current(settings)
        made = None if force else _made_before(settings, inputs.sha256)
        finished = made or _make(settings, inputs, report, _later_than_all(settings, now()))
        if not publish:
            return finished
        report(OTHER_STEPS[-1])
        return flip(settings, finished)


def check(settings: Settings, progress: Progress | None = None) -> list[CheckResult]:
    """Every check's result on today's inputs, in a draft that is thrown away."""
    inputs = read_inputs(settings)
    with builder_lock(settings):
        clean_leftovers(settings)
        draft = _draft_path(settings)
        try:
            return list(_fill(draft, settings, inputs, _Reporter(progress)).checks)
        finally:
            clean_leftovers(settings)


def _is_current(settings: Settings, inputs: Inputs) -> bool:
    """Whether readers see a build of these very inputs."""
    current = current_build(settings)
    return current is not None and current.input_sha256 == inputs.sha256 and not current.warning


def _current(settings: Settings) -> Build:
    current = current_build(settings)
    if current is None:
        raise PublishError("Nothing is published.")
    return current


def read_inputs(settings: Settings, uploads: Sequence[str] | None = None) -> Inputs:
    """Find and hash all that a build of today would be made from; the ledger's uploads unless given."""
    lines = ledger.entries(settings)
    counted = ledger.active_of(lines) if uploads is None else tuple(uploads)
    catalogue = registry.load_catalogue(settings)
    left_out = catalogue.left_out(settings.leave_out)
    kinds = {source_id: source.kind for source_id, source in catalogue.sources.items()}
    accepted = find_accepted(settings, counted, left_out, ledger.accepted_files(lines))
    files = find_inputs(settings, kinds, left_out, accepted)
    words_only = {part.file for part in registry.SECTIONS if not part.in_database}
    hashed = [
        *(file.path for file in files if file.upload is None),
        settings.sources_file,
        *sorted(path for path in settings.catalogue_dir.glob("*.yml") if path.stem not in words_only),
        *sorted(settings.sql_dir.rglob("*.sql")),
        *code_files(PACKAGE),
    ]
    words = [f"left out: {', '.join(sorted(left_out))}"]
    words += [f"upload: {file.upload_id} {file.source_id} {file.table} {file.sha256}" for file in accepted]
    roots = (settings.data_dir, settings.catalogue_dir, settings.sql_dir, PACKAGE)
    return Inputs(catalogue, left_out, tuple(files), input_sha256(hashed, roots, words), counted)


def _made_before(settings: Settings, sha256: str) -> Build | None:
    """A verified build of the same inputs whose file is still sound."""
    for made in builds(settings):
        if made.input_sha256 == sha256 and file_sha256(made.path) == made.file_sha256:
            return made
    return None


def _make(settings: Settings, inputs: Inputs, report: _Reporter, at: datetime) -> Build:
    """Fill a draft, refuse it when a check fails, verify it from the disk and give it its name."""
    draft = _draft_path(settings)
    current = current_build(settings)
    build_id = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{inputs.sha256[:12]}"
    try:
        outcome = _fill(draft, settings, inputs, report, build_id=build_id, at=at, previous=current)
        failed = [result for result in outcome.checks if result.verdict == "failed"]
        if failed:
            lines = "\n".join(f"- {explain(result)}" for result in failed)
            raise CheckFailure(f"{len(failed)} check(s) failed, so nothing was published:\n{lines}")
        report("Verifying")
        sync_file(draft)
        _verify(draft, settings, outcome)
        return keep(
            draft,
            Build(
                build_id=build_id,
                path=settings.builds_dir / f"build-{build_id}.duckdb",
                built_at=_moment(at),
                input_sha256=inputs.sha256,
                content_sha256=outcome.content_sha256,
                previous_build_id=current.build_id if current is not None else None,
                file_sha256=file_sha256(draft),
                byte_count=draft.stat().st_size,
                left_out=tuple(sorted(inputs.left_out)),
                uploads=inputs.uploads,
            ),
        )
    finally:
        clean_leftovers(settings)


def _fill(
    draft: Path,
    settings: Settings,
    inputs: Inputs,
    report: _Reporter,
    *,
    build_id: str = "draft",
    at: datetime | None = None,
    previous: Build | None = None,
) -> Outcome:
    """Write everything into a new file: raw tables, models, checks and the record of how it was made."""
    models, checks = read_models(settings.sql_dir), read_checks(settings.sql_dir)
    report.total = len(models) + len(OTHER_STEPS)
    builder = Builder(draft, settings.memory_limit)
    try:
        report("Reading the registry")
        builder.execute("create schema raw")
        registry.load_tables(builder, inputs.catalogue, inputs.left_out)
        report("Reading the figures")
        load_inputs(builder, inputs.files, inputs.left_out)
        check_vocabulary(builder, inputs.catalogue)
        builder.lock()
        runs = run_models(builder, models, report)
        network.write(builder)
        report("Checking")
        # A row that an exception forgives may be away because its source is.
        results = run_checks(builder, models, checks, stale_matters=not inputs.left_out)
        content = content_sha256([builder.fingerprint(table) for table in builder.tables()])
        outcome = Outcome(content, tuple(runs), tuple(results))
        _record(builder, inputs, outcome, models, build_id, at, previous)
        return outcome
    finally:
        builder.close()


def content_sha256(fingerprints: Sequence[str]) -> str:
    """One hash over the contents of all tables but those on the making of the build."""
    lines = sorted(line for line in fingerprints if not line.startswith(f"{META_SCHEMA}."))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _record(
    builder: Builder,
    inputs: Inputs,
    outcome: Outcome,
    models: Sequence[Model],
    build_id: str,
    at: datetime | None,
    previous: Build | None,
) -> None:
    """Fill the meta schema."""
    builder.execute(f"create schema {META_SCHEMA}")
    builder.create_table(
        "meta.build",
        {
            "build_id": "varchar",
            "built_at": "varchar",
            "input_sha256": "varchar",
            "content_sha256": "varchar",
            "engine_version": "varchar",
            "previous_build_id": "varchar",
            "left_out": "varchar[]",
        },
    )
    builder.insert(
        "meta.build",
        [
            (
                build_id,
                _moment(at) if at is not None else None,
                inputs.sha256,
                outcome.content_sha256,
                engine_version(),
                previous.build_id if previous is not None else None,
                sorted(inputs.left_out),
            )
        ],
    )
    builder.create_table(
        "meta.model_run",
        {
            "step": "bigint",
            "table_name": "varchar",
            "description": "varchar",
            "grain": "varchar[]",
            "reads": "varchar[]",
            "sql_sha256": "varchar",
            "row_count": "bigint",
            "seconds": "double",
        },
    )
    builder.insert(
        "meta.model_run",
        [
            (
                step,
                run.table,
                run.description,
                list(model.grain),
                list(model.reads),
                run.sql_sha256,
                run.row_count,
                run.seconds,
            )
            for step, (model, run) in enumerate(zip(models, outcome.runs, strict=True), start=1)
        ],
    )
    builder.create_table(
        "meta.check_result",
        {
            "check_name": "varchar",
            "description": "varchar",
            "severity": "varchar",
            "verdict": "varchar",
            "failing_count": "bigint",
            "excepted_count": "bigint",
            "sample": "varchar",
            "stale_exceptions": "varchar[]",
            "seconds": "double",
        },
    )
    builder.insert(
        "meta.check_result",
        [
            (
                result.name,
                result.description,
                result.severity,
                result.verdict,
                result.failing_count,
                result.excepted_count,
                result.sample,
                list(result.stale_exceptions),
                result.seconds,
            )
            for result in outcome.checks
        ],
    )
    builder.execute("create table meta.source_file as select * from raw.source_file order by file_name")


def _verify(draft: Path, settings: Settings, outcome: Outcome) -> None:
    """Open the draft as a reader would, read every cell, and compare with what was written."""
    with open_reader(draft, settings.memory_limit) as reader:
        found = content_sha256([reader.fingerprint(table) for table in reader.tables()])
    if found != outcome.content_sha256:
        raise PublishError(
            "The finished file does not hold what was written to it. Check the disk and build again."
        )


def _draft_path(settings: Settings) -> Path:
    return settings.builds_dir / f"{LEFTOVER}{os.getpid()}.duckdb"


def _later_than_all(settings: Settings, now: datetime) -> datetime:
    """`now`, or a second after the newest build: ids sort by age even when clocks are set back."""
    made = builds(settings)
    if not made:
        return now
    return max(now, datetime.fromisoformat(made[0].built_at) + timedelta(seconds=1))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


class _Reporter:
    """Counts the steps of a build and passes them on."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._index = 0
        self.total = len(OTHER_STEPS)

    def __call__(self, name: str) -> None:
        self._index += 1
        if self._progress is not None:
            self._progress(Step(name, self._index, max(self.total, self._index)))
