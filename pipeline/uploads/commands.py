"""Uploads from the command line: python -m pipeline uploads ... and backup, restore-backup."""

from __future__ import annotations

import argparse
import getpass
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline import staff, staff_roles
from pipeline.build import Step
from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.staff import Claim, Person, Refused
from pipeline.uploads import backup, drafts, jobs, ledger, official, preview, recover, release, retention
from pipeline.uploads.store import StoreError


def add(commands: Any) -> None:
    """Add the commands to the parser of `python -m pipeline`."""
    uploads = commands.add_parser("uploads", help="list, preview, publish, withdraw and check uploads")
    kinds = uploads.add_subparsers(required=True, metavar="WHAT")
    command = kinds.add_parser("list", help="every upload, newest first; * marks those that count")
    command.set_defaults(run=_list)
    command = kinds.add_parser("preview", help="build a candidate and say what it would change")
    command.add_argument("upload", metavar="UPLOAD")
    command.add_argument("--keep-earlier", action="store_true", help="keep earlier years the file lacks")
    command.set_defaults(run=_preview)
    command = kinds.add_parser("publish", help="show readers a previewed upload")
    command.add_argument("upload", metavar="UPLOAD")
    command.add_argument("--confirm", action="append", default=[], metavar="CODE", help="a point by its name")
    command.add_argument("--reason", default="", help="why, kept in the history")
    command.set_defaults(run=_publish)
    command = kinds.add_parser("report", help="how the rows of a publisher's file would be used")
    command.add_argument("file", type=Path, metavar="FILE")
    command.set_defaults(run=_report)
    command = kinds.add_parser("withdraw", help="rebuild without an upload")
    command.add_argument("upload", metavar="UPLOAD")
    command.add_argument("--reason", required=True, help="why, kept in the history")
    command.set_defaults(run=_withdraw)
    command = kinds.add_parser("restore", help="show readers a build they saw before, and its uploads")
    command.add_argument("build", metavar="BUILD")
    command.add_argument("--reason", required=True, help="why, kept in the history")
    command.set_defaults(run=_restore)
    command = kinds.add_parser("verify", help="check the ledger, the kept builds and the accepted figures")
    command.set_defaults(run=_verify)
    command = kinds.add_parser("clean", help="put right what was interrupted; remove what is past its time")
    command.set_defaults(run=_clean)
    command = commands.add_parser("backup", help="copy builds, uploads, ledger and roles to a folder")
    command.add_argument("folder", type=Path, metavar="FOLDER")
    command.set_defaults(run=_backup)
    command = commands.add_parser("restore-backup", help="put a backup in place of what is here")
    command.add_argument("folder", type=Path, metavar="FOLDER")
    command.add_argument("--replace", action="store_true", help="move aside what is there")
    command.set_defaults(run=_restore_backup)


@contextmanager
def console(settings: Settings) -> Iterator[Person]:
    """The person at the keyboard of this machine: whoever may change its files is its administrator."""
    session = f"console-{uuid.uuid4().hex}"
    name = getpass.getuser()
    claim = Claim(staff_roles.LOCAL_ISSUER, f"console:{name}", "", False, name, time.time(), session)
    staff_roles.open_local_session(settings, session)
    try:
        person = staff.resolve(settings, claim)
        if isinstance(person, Refused):
            raise staff.AccessRefused(person.code)
        yield person
    finally:
        staff_roles.close_local_session(settings, session)


def _list(settings: Settings, asked: argparse.Namespace) -> int:
    del asked
    found = drafts.all_drafts(settings)
    for draft in found:
        mark = "*" if draft.state == drafts.PUBLISHED else " "
        cities = ", ".join(draft.cities[:3]) + (" ..." if len(draft.cities) > 3 else "")
        _say(f"{mark} {draft.upload_id}  {draft.opened_at}  {draft.state:9}  {draft.source_id} {cities}")
    if not found:
        _say("Nothing was uploaded yet.")
    return 0


def _preview(settings: Settings, asked: argparse.Namespace) -> int:
    with console(settings) as person:
        upload_id = _find(settings, asked.upload)
        seen = preview.preview(settings, person, upload_id, _show, keep_earlier=asked.keep_earlier)
    counts = seen.difference.counts
    _say(f"Figures: {counts['added']} added, {counts['changed']} changed, {counts['lost']} lost.")
    for city in seen.difference.cities:
        before, after = city.before, city.after
        _say(
            f"- {city.city_id}: {_total(before.total_t, before.year)} -> {_total(after.total_t, after.year)}"
        )
        for verdict in city.verdicts:
            _say(f"  {verdict.yardstick_id}: {verdict.before} -> {verdict.after}")
    if seen.questions:
        _say("To confirm by name: " + " ".join(f"--confirm {code}" for code in seen.questions))
    return 0


def _report(settings: Settings, asked: argparse.Namespace) -> int:
    _say(official.report(settings, asked.file))
    return 0


def _publish(settings: Settings, asked: argparse.Namespace) -> int:
    with console(settings) as person:
        upload_id = _find(settings, asked.upload)
        made = release.publish(settings, person, upload_id, asked.confirm, asked.reason)
    _say(f"{made.build_id} is published.")
    return 0


def _withdraw(settings: Settings, asked: argparse.Namespace) -> int:
    with console(settings) as person:
        made = release.withdraw(settings, person, _find(settings, asked.upload), asked.reason, _show)
    _say(f"{made.build_id} is published, without the upload.")
    return 0


def _restore(settings: Settings, asked: argparse.Namespace) -> int:
    with console(settings) as person:
        made = release.restore(settings, person, asked.build, asked.reason)
    _say(f"{made.build_id} is published again.")
    return 0


def _verify(settings: Settings, asked: argparse.Namespace) -> int:
    del asked
    faults = recover.verify(settings)
    for fault in faults:
        _say(fault)
    if not faults:
        _say(f"All is sound: {len(ledger.entries(settings))} entries of the ledger, its builds and figures.")
    return 1 if faults else 0


def _clean(settings: Settings, asked: argparse.Namespace) -> int:
    del asked
    found = recover.recover(settings)
    for text in (found.torn_line, f"Closed an open step: {found.settled}" if found.settled else ""):
        if text:
            _say(text)
    with console(settings) as person:
        removed = (*found.removed, *retention.clean(settings, person))
    for name in removed:
        _say(f"removed  {name}")
    if not removed and found.is_clean:
        _say("Nothing to clean.")
    return 0


def _backup(settings: Settings, asked: argparse.Namespace) -> int:
    made = backup.backup(settings, asked.folder)
    _say(f"{made}: {len(backup.check(made)['files'])} file(s), each compared with its original.")
    return 0


def _restore_backup(settings: Settings, asked: argparse.Namespace) -> int:
    for line in backup.restore_backup(settings, asked.folder, replace=asked.replace):
        _say(line)
    return 0


def _find(settings: Settings, start: str) -> str:
    """An upload id by its start."""
    found = [
        draft.upload_id
        for draft in drafts.all_drafts(settings)
        if start and draft.upload_id.startswith(start)
    ]
    if len(found) != 1:
        what = "No upload begins" if not found else f"{len(found)} uploads begin"
        raise PipelineError(f"{what} with '{start}'. `python -m pipeline uploads list` shows them.")
    return found[0]


def _show(progress: jobs.Progress) -> None:
    """One line that renews itself on a terminal, nothing in a log."""
    if sys.stderr.isatty() and progress.state == jobs.RUNNING:
        step = Step(progress.step, progress.index, progress.total)
        sys.stderr.write(f"\r\033[K{step.index}/{step.total} {step.name}")
        sys.stderr.flush()
    elif sys.stderr.isatty():
        sys.stderr.write("\r\033[K")


def _total(total_t: float | None, year: int | None) -> str:
    return "no total" if total_t is None else f"{total_t:,.0f} t in {year}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


__all__ = ["StoreError", "add", "console"]
