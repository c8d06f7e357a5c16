"""Sixty-four bad inputs and faults, and what became of each: ``python -m tests.uploads.matrix``.

Runs every test marked ``@pytest.mark.matrix(N)`` and prints one table. Ends with an error when a row has no
test, or one that failed or was left out. ``--list`` only says which tests stand for which row.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pytest

ROWS: dict[int, tuple[str, str]] = {
    1: ("empty file", "refused as empty"),
    2: ("header and nothing below", "refused as empty; no published figure goes"),
    3: ("file over the limit, with and without a stated length", "413 or a message that names the limit"),
    4: ("program named .csv, workbook named .csv, text named .xlsx", "refused by content, said what it is"),
    5: ("names with .., device names, 300 signs, NUL", "own id for the file; name cut and shown as text"),
    6: ("UTF-8, with mark, UTF-16 both ways", "the same rows"),
    7: ("Windows-1257 with Lithuanian letters", "asked with samples, then right letters"),
    8: ("Windows-1254 with Turkish letters", "asked with samples, then right letters"),
    9: ("one byte that fits no encoding", "its line is named"),
    10: ("semicolon, comma, tab, bar", "the same rows"),
    11: ("decimal comma", "right values"),
    12: ("1.234 alone", "asked which of the two it means"),
    13: ("thousands by space, hard space, thin space", "1234.5"),
    14: ("1.234,5 and 1,234.5 in one column", "refused cell by cell"),
    15: ("NaN, inf, 1e400", "refused cell by cell"),
    16: ("notation keys, n/a, dash, blank", "missing with the reason kept, never 0"),
    17: ("negative emissions; negative population", "warned; refused"),
    18: ("5 kt, 45%, <5, TRUE as values", "refused cell by cell"),
    19: ("unit unknown, missing, mixed", "refused; converted only when stated"),
    20: ("a thousand times the year before", "warned, confirmed by name"),
    21: ("years 22, 1899, in the future, as words; 2022.0", "refused; the last accepted"),
    22: ("shares 0-1 where 0-100 is meant", "warned"),
    23: ("city that nobody knows", "refused with up to three suggestions"),
    24: ("four ways to write İzmir", "one city"),
    25: ("Panevėžys in two Unicode forms", "one city"),
    26: ("Cyrillic letter in Vilnius", "refused, the letter is named"),
    27: ("invisible and direction signs", "cleaned with a warning or refused"),
    28: ("city in the wrong country", "refused"),
    29: ("one figure twice, same value", "refused, rows named"),
    30: ("one figure twice, other value", "refused, rows named"),
    31: ("two columns of one name", "refused"),
    32: ("column missing; column unknown", "refused; nearest name suggested"),
    33: ("merged header or cells", "refused, cells named"),
    34: ("title lines above the header", "header found and confirmed"),
    35: ("two sheets, hidden sheet, hidden rows", "asked; the hidden ones are named"),
    36: ("formula with and without value, error cell", "warned; refused; refused"),
    37: ("a date for a year or a value", "refused cell by cell"),
    38: ("password or old .xls", "refused in plain words"),
    39: ("workbook with macros", "refused"),
    40: ("zip bombs", "refused in 3 s and 300 MB"),
    41: ("one cell at the far end", "server lives on"),
    42: ("entities that grow or read files", "refused; nothing read"),
    43: ("workbook cut short", "refused"),
    44: ("ragged rows, open quote", "lines named"),
    45: ("100,000 wrong rows", "200 shown, the number told, all in the download"),
    46: ("cells that start as formulas do", "text on screen, neutral in every file given out"),
    47: ("script, markup, image links in names and notes", "text everywhere; no script, no foreign request"),
    48: ("SQL in headers, indicators, filters, addresses", "refused or not found"),
    49: ("GeoJSON: broken, deep, NaN, double keys", "refused"),
    50: ("GeoJSON: swapped axes, other grid, outside the country", "refused, the swap suggested"),
    51: ("GeoJSON: crossing, open, empty, a million points", "refused feature by feature"),
    52: ("the same file twice", "said so; no new version"),
    53: ("replacement that loses more than 5 %", "asked; cities that lose are shown"),
    54: ("visitor opens staff pages, forges a click, sends a file", "refused, 403"),
    55: ("role taken away; old cookie; login past 8 h", "refused at the next action"),
    56: ("double click; two editors at once", "one version; the second sees the change anew"),
    57: ("kill -9 at 100 moments", "nothing broken, readers never notice, the next start cleans"),
    58: ("disk full at stage, build, publish, ledger", "refused, old figures served, works again after"),
    59: ("published file damaged or gone, pointer empty", "last good version served and said so"),
    60: ("publishing under ten readers", "no error, no mixed version"),
    61: ("back three versions, then undo that", "the same bytes; both are new entries"),
    62: ("identity provider down", "public pages as before; staff are told"),
    63: ("eight sockets flooding", "a visitor's page in 5 s, recovery in 5 s"),
    64: ("secrets missing or short", "no staff area; the public pages run"),
}
"""Number -> what comes in, what must come of it."""

COULD_NOT_RUN = ("skipped", "not run")


@dataclass(eq=False)
class Watcher:
    """A pytest plugin that notes which row each test stands for and how it ended."""

    rows_of: dict[str, tuple[int, ...]] = field(default_factory=dict)
    outcome: dict[str, str] = field(default_factory=dict)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            rows = tuple(int(row) for mark in item.iter_markers("matrix") for row in mark.args)
            self.rows_of[item.nodeid] = rows
            self.outcome[item.nodeid] = "not run"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            worst = self.outcome.get(report.nodeid)
            if worst != "failed":
                self.outcome[report.nodeid] = report.outcome


def result(outcomes: Counter[str]) -> tuple[bool, str]:
    """Whether a row is green, and the word for it."""
    if not outcomes:
        return False, "NO TEST"
    bad = {name: count for name, count in outcomes.items() if name != "passed"}
    if not bad:
        return True, "as expected"
    return False, ", ".join(f"{count} {name.upper()}" for name, count in sorted(bad.items()))


def table(watcher: Watcher) -> tuple[list[str], list[int]]:
    """The lines of the table and the numbers of the rows that are not green."""
    by_row: dict[int, Counter[str]] = defaultdict(Counter)
    for test, rows in watcher.rows_of.items():
        for row in rows:
            by_row[row][watcher.outcome[test]] += 1
    unknown = sorted(set(by_row) - set(ROWS))
    lines = [f"{'row':>3}  {'input':58}  {'expected':62}  {'tests':>5}  result"]
    lines.append("-" * len(lines[0]))
    red = list(unknown)
    for number, (given, expected) in ROWS.items():
        green, word = result(by_row[number])
        lines.append(f"{number:>3}  {given:58}  {expected:62}  {sum(by_row[number].values()):>5}  {word}")
        red += [] if green else [number]
    lines += [f"{number:>3}  a row nobody knows" for number in unknown]
    return lines, red


def main(arguments: list[str]) -> int:
    watcher = Watcher()
    only_list = "--list" in arguments
    options = ["-m", "matrix", "-q", "--no-header", "-p", "no:cacheprovider"]
    options += ["--collect-only", "-qq"] if only_list else []
    pytest.main([*options, *(word for word in arguments if word != "--list")], plugins=[watcher])
    lines, red = table(watcher)
    print("\n" + "\n".join(lines))
    if only_list:
        for number in ROWS:
            for test, rows in watcher.rows_of.items():
                if number in rows:
                    print(f"{number:>3}  {test}")
        return 0
    print(f"\n{len(ROWS) - len(set(red) & set(ROWS))} of {len(ROWS)} rows behave as expected.")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
