"""What became of each row of an official file: used, without a figure, or refused, and why.

A reader tells an account of every row as it goes. By default the first cell that cannot be read ends the
reading, which suits a program that fetches a publisher's file. The account of an upload goes on instead and
keeps what was wrong, so that a person hears everything at once; such a row is then left out as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pipeline.harmonise import ascii_key
from pipeline.sources.rows import Row
from pipeline.sources.tables import Bad, Line, ReadError

T = TypeVar("T")

#: Words by which councils differ between editions.
RANKS = frozenset(
    {"council", "city", "district", "borough", "county", "metropolitan", "royal", "london", "of", "the"}
)

#: Outcomes of a row that are no refusal.
ACCEPTED, MISSING = "accepted", "missing"

#: Why a row is refused; the words for a person stand in catalogue/faults.yml. The first four are nobody's
#: mistake: such rows are counted and not listed.
COUNTRY_OUTSIDE = "country_outside"
PLACE_UNKNOWN = "place_unknown"
NOT_YOURS = "official_not_your_city"
NO_PLACE = "official_no_place"
NOT_WHOLE_CITY = "official_not_whole_city"
RAGGED = "official_row_ragged"
INCOMPLETE = "official_inventory_incomplete"
DUPLICATE = "official_duplicate"


@dataclass(slots=True)
class Account:
    """Notes one outcome a row, by the row's number in the file.

    `places` are the source's own ids of the places that are wanted, None means all; `not_yours` those we
    follow but the person who brings the file has no say about. `goes_on` says whether a row that cannot be
    read is noted and left out, or ends the reading; `takes_parts` whether inventories of a part of the city
    are taken. `by_name` gives the id of a place by its plain name, for editions that use other ids.
    """

    places: Collection[str] | None = None
    goes_on: bool = False
    takes_parts: bool = True
    not_yours: Collection[str] = ()
    by_name: Mapping[str, str] = field(default_factory=dict)
    outcomes: dict[int, str] = field(default_factory=dict)
    faults: list[Bad] = field(default_factory=list)
    _groups: dict[str, list[int]] = field(default_factory=dict)
    _spoilt: set[str] = field(default_factory=set)

    def row(self, line: Line, found: Iterable[T], group: str = "") -> Iterator[T]:
        """The figures found in one row of the file. Rows of one `group` stand or fall together."""
        try:
            if line.surplus and self.goes_on:
                raise line.fail("", f"{line.surplus:+d}", code=RAGGED)
            figures = list(found)
        except ReadError as error:
            if not self.goes_on:
                raise
            figures = []
            if line.row not in self.outcomes:
                self.outcomes[line.row] = error.bad.code
                self.faults.append(error.bad)
                self._spoilt.add(group)
        if line.row in self.outcomes:
            return
        self.outcomes[line.row] = ACCEPTED if figures else MISSING
        if group:
            self._groups.setdefault(group, []).append(line.row)
        for figure in figures:
            yield _placed(figure, line.row)

    def refuse(self, line: Line, code: str, column: str = "") -> None:
        """The row is left out for this reason; with a column it is a fault a person should look at."""
        self.outcomes.setdefault(line.row, code)
        if column:
            self.faults.append(Bad(code, line.sheet, line.row, column, line.text(column)))

    def key_of(self, code: str, name: str) -> str:
        """The id under which the place is known: the file's own, else the one that goes with its name."""
        known = self.places is None or code in self.places or code in self.not_yours
        return code if known else self.by_name.get(plain_name(name), code)

    def follows(self, line: Line, key: str) -> bool:
        """Whether figures of this place are wanted; `key` is the source's own id of the place."""
        if self.places is None or key in self.places:
            return True
        self.refuse(line, NOT_YOURS if key in self.not_yours else PLACE_UNKNOWN)
        return False

    def is_whole_city(self, line: Line, column: str, partly: bool) -> bool:
        """Whether the row may be used, given whether the file says that it covers part of the city only."""
        if partly and not self.takes_parts:
            self.refuse(line, NOT_WHOLE_CITY, column)
            return False
        return True

    def once(self, line: Line, column: str, is_first: bool) -> None:
        """Whether the figure is the first of its kind in its inventory; a second one spoils the sums."""
        if self.goes_on and not is_first:
            raise line.fail(column, "an earlier row of the inventory gives this figure", code=DUPLICATE)

    def stands(self, group: str) -> bool:
        """Whether every row of the group could be read; if not, its other rows are refused too."""
        if group not in self._spoilt:
            return True
        for row in self._groups.pop(group, []):
            if self.outcomes[row] == ACCEPTED:
                self.outcomes[row] = INCOMPLETE
        return False

    def counts(self) -> Mapping[str, int]:
        """Outcome -> number of rows; their sum is the number of rows read."""
        return Counter(self.outcomes.values())


def plain_name(name: str) -> str:
    """The name of a British council without the words for its rank: `Bristol, City of` is `bristol`."""
    return " ".join(sorted(word for word in ascii_key(name).split() if word not in RANKS))


def _placed(figure: T, row: int) -> T:
    """A figure that knows which row of the file it is from."""
    if isinstance(figure, Row) and not figure.at:
        return replace(figure, at=row)
    return figure
