"""A project in miniature with uploads: people with roles, checked files, and marts the preview compares."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline import staff_roles
from pipeline.build import build
from pipeline.engine import open_reader
from pipeline.publish import Build, current_build
from pipeline.settings import Settings
from pipeline.staff import Claim, Person, Refused, resolve
from pipeline.uploads import drafts, preview, release
from pipeline.uploads.model import MUNICIPAL, Checked, Choices, Record, Tally
from tests.tiny import SOURCES, Tiny, emission

UPLOADS = """
municipal_upload:
  title: Figures uploaded by municipal staff
  publisher: The city
  address:
  obtained_from: Uploads
  licence_id: CC-BY-4.0
  licence_verdict: green
  citation: The city
  credit_line: The city
  covers: What staff upload
  covers_not: Nothing else
  update_rhythm: at any time
  published_date:
  accessed_date:
  kind: upload
  rank: 0
  fetchable: false
"""

FAULTS = """
empty: {severity: error, title: Empty, text: The file is empty., remedy: Choose another.}
jump: {severity: warning, title: Jump, text: 'Jump of {value}.', remedy: Confirm it.}
unsure: {severity: question, title: Unsure, text: 'Unsure about {value}.', remedy: Say which.}
"""

FIGURE = """-- Emissions by city and year, as the preview compares them.
-- grain: city_id, indicator_id, year
-- reads: core.emission
select city_id, 'ghg_total_t' as indicator_id, year, sum(value_t) as value, min(source_id) as source_id
from core.emission
group by city_id, year
"""


def record(city_id: str, year: int, value: float, **more: str) -> Record:
    """One checked figure of a city."""
    cells = {
        "source_city_key": city_id,
        "city_name": city_id,
        "country_iso2": "LT",
        "year": str(year),
        "inventory_kind": "inventory",
        "sector_id": "total",
        "sector_level": "total",
        "scope": "BASIC",
        "gas_basis": "CO2e",
        "series_key": "main",
        "value": f"{value:g}",
        "unit": "t",
        "boundary_id": "administrative",
        "quality_id": "reviewed",
        "source_ref": "Inventory report, page 3",
        "licence_id": "CC-BY-4.0",
        **more,
    }
    return Record("emissions", cells, city_id, row=year - 2000)


def checked(
    records: Sequence[Record], counts: Mapping[str, int] | None = None, source_id: str = MUNICIPAL
) -> Checked:
    """What checking a file gives."""
    return Checked(
        source_id,
        tuple(records),
        (),
        dict(counts or {}),
        Tally(read=len(records), accepted=len(records)),
        Choices(table="emissions"),
    )


class Project(Tiny):
    """The miniature project with a first build and people who may upload."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.write(self.settings.sources_file, SOURCES + UPLOADS)
        self.catalogue("faults", FAULTS)
        self.sql("mart/city_indicator", FIGURE)
        self.settings = replace(self.settings, uploads_dir=folder / "uploads", staff_dir=folder / "staff")
        self.editor = self.person("editor")
        self.reviewer = self.person("reviewer")
        self.admin = self.person("admin")

    def person(self, role: str, cities: frozenset[str] | None = None, name: str = "") -> Person:
        """Somebody signed in with a role."""
        return sign_in(self.settings, name or role, role, cities)

    def check(
        self, records: Sequence[Record], person: Person | None = None, counts: Mapping[str, int] | None = None
    ) -> drafts.Draft:
        """A file brought and checked."""
        who = person or self.editor
        sha256 = hashlib.sha256(repr(records).encode()).hexdigest()
        draft = drafts.open_draft(self.settings, who, sha256=sha256, name="figures.csv", byte_count=9)
        return drafts.save_checked(self.settings, who, draft, checked(records, counts))

    def upload(
        self,
        records: Sequence[Record],
        person: Person | None = None,
        confirmed: Sequence[str] = (),
        reason: str = "",
    ) -> str:
        """A file brought, checked, previewed and published; gives the upload's id."""
        who = person or self.editor
        draft = self.check(records, who)
        self.preview(draft.upload_id)
        release.publish(self.settings, who, draft.upload_id, confirmed, reason)
        return draft.upload_id

    def preview(self, upload_id: str, keep_earlier: bool = False) -> preview.Preview:
        """The preview made in this process: children are for the tests that are about them."""
        return preview.make_preview(self.settings, upload_id, keep_earlier=keep_earlier)

    def build(self) -> Build:
        return build(self.settings)

    def shown(self) -> Build:
        current = current_build(self.settings)
        assert current is not None
        return current

    def emissions_with_note(self) -> None:
        """A shipped figure that somebody judged by hand."""
        rows = [emission("official", "v", 2015, 900), emission("official", "v", 2020, 700.5)]
        rows[1] |= {"note": "Read twice", "flags": "rounded", "flag_reason": "Printed without decimals"}
        self.emissions("official", rows)
        self.build()

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of the build readers see."""
        with open_reader(self.shown().path) as reader:
            return reader.rows(sql)

    def totals(self, city_id: str = "vilnius", source_id: str = MUNICIPAL) -> dict[int, float]:
        """Year -> emissions of a source in the build readers see."""
        with open_reader(self.shown().path) as reader:
            rows = reader.rows(
                "select year, value_t from core.emission where city_id = $city and source_id = $source",
                {"city": city_id, "source": source_id},
            )
        return dict(rows)


def sign_in(settings: Settings, subject: str, role: str, cities: frozenset[str] | None = None) -> Person:
    """Give somebody a role and sign them in."""
    claim = Claim("https://id.example", subject, f"{subject}@example.org", True, subject, time.time(), "s1")
    staff_roles.grant(settings, claim.person_id, staff_roles.Entry(role=role, cities=cities))
    person = resolve(settings, claim)
    assert not isinstance(person, Refused), person
    return person
