"""Every check fires on a planted fault and is silent on the figures as they are.

`faults.yml` holds, for each check, one or more faults: the table that is spoilt and the SQL that spoils it.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import yaml

from pipeline.models import Check, Model, read_checks, read_models
from pipeline.publish import Build
from pipeline.runner import grain_check
from pipeline.settings import PACKAGE

CHECKS = {check.name: check for check in read_checks(PACKAGE / "sql")}
MODELS = read_models(PACKAGE / "sql")
FAULTS_FILE = Path(__file__).with_name("faults.yml")


@dataclass(frozen=True, slots=True)
class Fault:
    """A change to one table that the check must notice."""

    check: str
    table: str
    sql: str


def read_faults() -> list[Fault]:
    contents = yaml.safe_load(FAULTS_FILE.read_text(encoding="utf-8")) if FAULTS_FILE.exists() else {}
    return [
        Fault(check, fault["table"], fault["sql"])
        for check, entries in contents.items()
        for fault in (entries if isinstance(entries, list) else [entries])
    ]


FAULTS = read_faults()


class Spoilt:
    """A writable copy of the build whose changes are taken back after each test."""

    def __init__(self, path: Path) -> None:
        self._connection = duckdb.connect(str(path), config={"threads": "1"})
        self._connection.execute("begin transaction")

    def change(self, sql: str) -> int:
        """Run a change; gives the number of rows it touched."""
        rows = self._connection.execute(sql).fetchall()
        return int(rows[0][0]) if rows and isinstance(rows[0][0], int) else 0

    def found(self, check: Check) -> Counter[str]:
        """The offending rows that no exception forgives, with how often each occurs."""
        rows = self._connection.execute(check.sql).fetchall()
        return Counter(repr(row) for row in rows if not any(known.covers(row) for known in check.exceptions))

    def row_count(self, table: str) -> int:
        (count,) = self._connection.execute(f"select count(*) from {table}").fetchall()[0]
        return int(count)

    def restore(self) -> None:
        self._connection.execute("rollback")
        self._connection.execute("begin transaction")

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="session")
def copy(built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoilt]:
    path = tmp_path_factory.mktemp("spoilt") / "copy.duckdb"
    shutil.copyfile(built.path, path)
    opened = Spoilt(path)
    yield opened
    opened.close()


@pytest.fixture
def spoilt(copy: Spoilt) -> Iterator[Spoilt]:
    yield copy
    copy.restore()


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_check_has_a_planted_fault(name: str) -> None:
    assert name in {fault.check for fault in FAULTS}


def test_every_fault_belongs_to_a_check() -> None:
    assert {fault.check for fault in FAULTS} <= set(CHECKS)


@pytest.mark.parametrize("name", sorted(name for name, check in CHECKS.items() if check.severity == "error"))
def test_check_is_silent_on_the_figures_as_they_are(spoilt: Spoilt, name: str) -> None:
    assert spoilt.found(CHECKS[name]) == Counter()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.check)
def test_check_fires_on_its_fault(spoilt: Spoilt, fault: Fault) -> None:
    check = CHECKS[fault.check]
    before = spoilt.found(check)
    assert fault.table in fault.sql
    assert spoilt.change(fault.sql) > 0, "the fault changes no row"
    assert spoilt.found(check) - before, "the check did not notice"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.table)
def test_grain_check_fires_on_a_doubled_or_empty_row(spoilt: Spoilt, model: Model) -> None:
    check = grain_check(model)
    assert spoilt.found(check) == Counter()
    if spoilt.row_count(model.table):
        spoilt.change(f"insert into {model.table} select * from {model.table} limit 1")
    else:
        spoilt.change(f"insert into {model.table} ({model.grain[0]}) values (null)")
    assert len(spoilt.found(check)) == 1
