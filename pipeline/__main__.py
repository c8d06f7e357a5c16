"""The command line: python -m pipeline, with a command such as build, publish, undo, uploads or backup."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline import build as builder
from pipeline import publish as publisher
from pipeline import staff_commands
from pipeline.build import Step
from pipeline.errors import PipelineError, PublishError
from pipeline.runner import CheckResult, explain
from pipeline.settings import KEEP_BUILDS, Settings, load_settings
from pipeline.uploads.commands import add as add_upload_commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 1 when not, with the reason on stderr."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(load_settings(), asked))
    except PipelineError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(
            f"{error.filename or 'A file'}: {error.strerror or error}. Check path, rights and disk space.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("Stopped. Nothing was published; the last good build is unchanged.", file=sys.stderr)
    return 1


def _build(settings: Settings, asked: argparse.Namespace) -> int:
    started = time.perf_counter()
    before = publisher.current_build(settings)
    made = builder.build(settings, _show, force=asked.force, publish=not asked.no_publish)
    seconds = time.perf_counter() - started
    if before is not None and made.build_id == before.build_id:
        print(f"Nothing changed since {made.build_id}: nothing to do. {seconds:.1f} s")
    else:
        state = "not published" if asked.no_publish else "published"
        print(f"{made.build_id} is {state}. {made.byte_count / 1e6:.1f} MB, {seconds:.1f} s")
    return 0


def _check(settings: Settings, asked: argparse.Namespace) -> int:
    results = builder.check(settings, _show)
    for result in sorted(results, key=lambda one: (one.verdict, one.name)):
        if asked.all or result.verdict != "passed":
            print(_line(result))
    counts = {word: sum(one.verdict == word for one in results) for word in ("passed", "warning", "failed")}
    print(f"{counts['passed']} passed, {counts['warning']} with a warning, {counts['failed']} failed")
    return 1 if counts["failed"] else 0


def _line(result: CheckResult) -> str:
    text = result.name if result.verdict == "passed" else explain(result)
    return f"{result.verdict:8} {text}"


def _publish(settings: Settings, asked: argparse.Namespace) -> int:
    print(f"{publisher.publish(settings, asked.build).build_id} is published.")
    return 0


def _undo(settings: Settings, asked: argparse.Namespace) -> int:
    del asked
    print(f"{publisher.undo(settings).build_id} is published again.")
    return 0


def _list(settings: Settings, asked: argparse.Namespace) -> int:
    if asked.prune:
        for old in publisher.prune(settings):
            print(f"removed  {old.build_id}")
    current = publisher.current_build(settings)
    for made in publisher.builds(settings):
        mark = "*" if current is not None and made.build_id == current.build_id else " "
        print(f"{mark} {made.build_id}  {made.state:9}  {made.byte_count / 1e6:7.1f} MB")
    if current is None:
        print("Nothing is published yet. `python -m pipeline build` makes a build.")
    elif current.warning:
        print(current.warning)
    return 0


def _export(settings: Settings, asked: argparse.Namespace) -> int:
    from pipeline.export import export

    opened = publisher.open_current(settings)
    if opened is None:
        raise PublishError("Nothing is published yet. `python -m pipeline build` makes a build.")
    made, reader = opened
    with reader:
        contents = export(reader, asked.table, asked.format)
    if made.warning:
        print(made.warning, file=sys.stderr)
    if asked.output is None:
        sys.stdout.buffer.write(contents)
    else:
        asked.output.write_bytes(contents)
        print(f"{asked.output}: {asked.table} of {made.build_id}, {len(contents):,} bytes", file=sys.stderr)
    return 0


def _fetch(settings: Settings, asked: argparse.Namespace) -> int:
    from pipeline.fetch import fetch

    for line in fetch(settings, asked.source, asked.file):
        print(line)
    return 0


def _show(step: Step) -> None:
    """One line that renews itself on a terminal, nothing in a log."""
    if sys.stderr.isatty():
        print(f"\r\033[K{step.index}/{step.total} {step.name}", end="", file=sys.stderr, flush=True)
        if step.index == step.total:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipeline", description="Builds and publishes the figures."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("build", help="build and publish; does nothing when nothing changed")
    command.add_argument("--force", action="store_true", help="build even when nothing changed")
    command.add_argument("--no-publish", action="store_true", help="build and verify only")
    command.set_defaults(run=_build)
    command = commands.add_parser("check", help="run all checks on the present inputs")
    command.add_argument("--all", action="store_true", help="list the checks that passed too")
    command.set_defaults(run=_check)
    command = commands.add_parser("publish", help="show readers this build")
    command.add_argument("build", metavar="BUILD")
    command.set_defaults(run=_publish)
    command = commands.add_parser("undo", help="show readers the build they saw before")
    command.set_defaults(run=_undo)
    command = commands.add_parser("list", help="list the builds kept; * is the one readers see")
    command.add_argument(
        "--prune", action="store_true", help=f"keep the newest {KEEP_BUILDS}, remove the rest"
    )
    command.set_defaults(run=_list)
    command = commands.add_parser("export", help="write a table of the published build to a file")
    command.add_argument("table", metavar="TABLE", help="such as mart.city")
    command.add_argument("--format", choices=("csv", "json", "parquet"), default="csv")
    command.add_argument("--output", type=Path, metavar="FILE", help="standard output unless given")
    command.set_defaults(run=_export)
    command = commands.add_parser("fetch", help="get a source's official file into data/cache")
    command.add_argument("source", metavar="SOURCE", help="a source id of sources.yml")
    command.add_argument("--file", type=Path, metavar="FILE", help="an official file you downloaded yourself")
    command.set_defaults(run=_fetch)
    staff_commands.add_to(commands)
    add_upload_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
