"""The command line for roles: python -m pipeline staff list | grant | remove | revoke-sessions."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from pipeline import staff_admin, staff_roles
from pipeline.settings import Settings
from pipeline.staff_roles import ROLES, Entry
from pipeline.uploads.commands import console


def add_to(commands: Any) -> None:
    """Add ``staff`` and its own commands to the parser of ``python -m pipeline``."""
    staff = commands.add_parser("staff", help="who may upload, publish and restore")
    own = staff.add_subparsers(required=True, metavar="COMMAND")
    command = own.add_parser("list", help="everybody with a role or an invitation")
    command.set_defaults(run=_list)
    command = own.add_parser(
        "grant", help="give a role; an e-mail address is invited until its first sign-in"
    )
    command.add_argument(
        "who", metavar="WHO", help="an e-mail address, or issuer|subject as 'staff list' shows"
    )
    command.add_argument("role", metavar="ROLE", choices=ROLES, help=", ".join(ROLES))
    command.add_argument("--city", action="append", metavar="ID", help="only this city; may be repeated")
    command.add_argument("--indicator", action="append", metavar="ID", help="only this indicator; likewise")
    command.set_defaults(run=_grant)
    command = own.add_parser("remove", help="take a role or an invitation away")
    command.add_argument("who", metavar="WHO")
    command.set_defaults(run=_remove)
    command = own.add_parser("revoke-sessions", help="end every sign-in of a person; the role stays")
    command.add_argument("who", metavar="WHO")
    command.set_defaults(run=_revoke)


def _list(settings: Settings, asked: argparse.Namespace) -> int:
    del asked
    known = staff_roles.table(settings)
    for key, entry in sorted(known.people.items()):
        _say(f"{entry.role:9} {key}  {entry.email or entry.name}{_scope(entry)}")
    for key, entry in sorted(known.invitations.items()):
        _say(f"{entry.role:9} {key}  invited {entry.given_at}{_scope(entry)}")
    _say(f"{len(known.people)} people, {len(known.invitations)} invitations")
    return 0


def _grant(settings: Settings, asked: argparse.Namespace) -> int:
    with console(settings) as person:
        staff_admin.grant(settings, person, asked.who, asked.role, asked.city, asked.indicator)
    _say(f"{asked.who} is {asked.role}.")
    return 0


def _remove(settings: Settings, asked: argparse.Namespace) -> int:
    with console(settings) as person:
        found = staff_admin.remove(settings, person, asked.who)
    _say(f"{asked.who} has no role any longer." if found else f"{asked.who} had no role.")
    return 0 if found else 1


def _revoke(settings: Settings, asked: argparse.Namespace) -> int:
    with console(settings) as person:
        staff_admin.end_sessions(settings, person, asked.who)
    _say(f"Every sign-in of {asked.who} has ended.")
    return 0


def _scope(entry: Entry) -> str:
    cities = "" if entry.cities is None else f"  cities: {' '.join(sorted(entry.cities))}"
    return cities + (
        "" if entry.indicators is None else f"  indicators: {' '.join(sorted(entry.indicators))}"
    )


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
