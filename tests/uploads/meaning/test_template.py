"""Templates are understood again in every language; files given back run nothing and name every fault."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from pages.language import language
from pipeline.schema import FIGURES
from pipeline.uploads import layouts
from pipeline.uploads.child import read_file
from pipeline.uploads.context import TABLES, Context, Known
from pipeline.uploads.header import find_header
from pipeline.uploads.markup import faults_csv, marked_xlsx
from pipeline.uploads.model import Checked, Choices, Content, Grid
from pipeline.uploads.template import columns_of, header_of, template_csv, template_xlsx, word_of
from pipeline.uploads.vocabulary import VOCABULARY_OF
from tests.uploads.meaning.made import (
    LONG,
    catalogue,
    checked,
    codes,
    context,
    long_table,
    row,
    sheet,
    values,
)

LANGUAGES = ("en", "lt", "tr")
DANGEROUS = ("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "=HYPERLINK(1)", " =1+1")


def words(code: str) -> Callable[[str], str]:
    return language(code).gettext


def from_csv(data: bytes) -> Content:
    text = data.decode("utf-8-sig")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    return Content("csv", (Grid("", tuple(tuple(one) for one in rows)),), delimiter=";")


def from_xlsx(data: bytes) -> Content:
    grids = []
    for one in load_workbook(io.BytesIO(data)).worksheets:
        cells = [list(line) for line in one.iter_rows(values_only=True)]
        stored = {
            (number, place)
            for number, line in enumerate(cells)
            for place, cell in enumerate(line)
            if isinstance(cell, int | float)
        }
        rows = tuple(tuple("" if cell is None else _text(cell) for cell in line) for line in cells)
        grids.append(Grid(one.title, rows, numeric=frozenset(stored)))
    return Content("xlsx", tuple(grids))


def _text(cell: object) -> str:
    return f"{Decimal(repr(cell)):f}" if isinstance(cell, int | float) else str(cell)


FORMATS = {"csv": (template_csv, from_csv), "xlsx": (template_xlsx, from_xlsx)}

figures = st.decimals(min_value=20, max_value=5 * 10**7, allow_nan=False, places=3)


@st.composite
def inventories(draw: st.DrawFn) -> list[Known]:
    """Figures of one city as the build has them: a few sectors and years with any numbers."""
    sectors = draw(
        st.lists(st.sampled_from(sorted(catalogue().sectors)), min_size=1, max_size=5, unique=True)
    )
    years = draw(st.lists(st.integers(1990, 2024), min_size=1, max_size=3, unique=True))
    scope = draw(st.sampled_from(sorted(catalogue().scopes)))
    note = draw(st.text("abcž ı;\"'=-", max_size=12))
    return [
        Known(
            "emissions",
            "vilnius",
            {
                **{"year": str(year), "sector": sector, "scope": scope, "gas_basis": "CO2e", "unit": "t"},
                **{"value": str(draw(figures)), "inventory_kind": "monitoring", "boundary": "administrative"},
                **{"source_ref": "https://example.org/a;b", "note": " ".join(note.split())},
            },
        )
        for year in years
        for sector in sectors
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(inventories(), st.sampled_from(LANGUAGES), st.sampled_from(sorted(FORMATS)))
def test_a_filled_template_gives_the_same_figures_and_no_fault(
    known: list[Known], code: str, kind: str
) -> None:
    make, read = FORMATS[kind]
    used = context("vilnius", known=known)
    content = read(make(used, words(code), "emissions", ("vilnius",)))
    outcome = checked(content, "vilnius", known=known)
    errors = {one for one in codes(outcome) if catalogue().faults[one].severity != "warning"}
    assert errors == set()
    expected = {
        (one.cells["year"], one.cells["sector"], Decimal(one.cells["value"]), one.cells["note"])
        for one in known
    }
    found = {
        (one.cells["year"], one.cells["sector_id"], Decimal(one.cells["value"]), one.cells["note"])
        for one in outcome.records
    }
    assert found == expected
    assert all(set(one.cells) == set(FIGURES["emissions"]) for one in outcome.records)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_every_header_and_word_of_a_template_is_understood(code: str, table: str) -> None:
    used = context("vilnius")
    for record in columns_of(used, table):
        header = header_of(used, record, table, words(code))
        assert used.vocabulary.header(header, table) == record.field_id
        vocabulary = VOCABULARY_OF.get(record.field_id)
        for value in used.vocabulary.entries(vocabulary) if vocabulary else ():
            word = word_of(used, record.field_id, value, words(code))
            assert used.vocabulary.find(str(vocabulary), word) == value
    headers = tuple(header_of(used, record, table, words(code)) for record in columns_of(used, table))
    names = [record.field_id for record in columns_of(used, table)]
    first = tuple("MWh" if name == "unit" and table == "energy" else "1" for name in names)
    found = find_header(Grid("", (headers, first)), used, None, None)
    assert found is not None
    assert found.table == table


@pytest.mark.parametrize("code", ["lt", "tr"])
def test_translated_sectors_are_understood_without_the_translations(code: str) -> None:
    used = context()
    for sector_id, record in catalogue().sectors.items():
        assert used.vocabulary.find("sectors", words(code)(record.title)) == sector_id


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_an_empty_template_for_a_new_city_is_no_upload_and_filled_in_it_is(kind: str) -> None:
    make, read = FORMATS[kind]
    content = read(make(context("taurage"), words("lt"), "emissions", ("taurage",)))
    assert codes(checked(content, "taurage")) == ["empty"]
    grid = content.grids[0]
    names = [record.field_id for record in columns_of(context(), "emissions")]
    filled = [list(line) for line in grid.rows]
    for number, line in enumerate(filled[1:], start=1):
        more = {"scope": "BASIC", "value": str(5000 * (7 - number)) if number > 1 else "100000"}
        for name, text in {**more, "source_ref": "Tauragės inventorius"}.items():
            line[names.index(name)] = text
    outcome = checked(sheet(*filled), "taurage")
    assert outcome.tally.accepted == len(filled) - 1
    assert outcome.tally.refused == {}


def test_files_are_read_through_the_child_process_as_well(tmp_path: Path) -> None:
    known = [Known("indicators", "izmir", {"indicator": "pm10_ug_m3", "year": "2019", "value": "31.125",
                                           "unit": "ug/m3", "source_ref": "WHO"})]  # fmt: skip
    used = context("izmir", known=known)
    for kind, (make, _read) in FORMATS.items():
        path = tmp_path / f"raw-{kind}"
        path.write_bytes(make(used, words("tr"), "indicators", ("izmir",)))
        content = read_file(path, f"şablon.{kind}", Choices())
        outcome = checked(content, "izmir", known=known)
        assert codes(outcome) == []
        assert values(outcome) == ["31.125"]
        assert (outcome.tally.read, outcome.tally.missing) == (2, 1)


def bad_file(text: str = "=cmd|' /C calc'!A0") -> tuple[Content, Checked]:
    header = (*LONG, "Note")
    content = sheet(
        header, (*row("5 kt"), text), (*row(city=text), text), (*row("-5", sector="Land use"), "ok")
    )
    return content, checked(content)


@pytest.mark.matrix(46)
@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_could_run_is_text_in_every_file_of_ours(text: str) -> None:
    content, outcome = bad_file(text)
    assert any(fault.value for fault in outcome.faults)
    book = load_workbook(io.BytesIO(marked_xlsx(content, outcome, words("lt"))))
    cells = [cell for one in book.worksheets for line in one.iter_rows() for cell in line]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value.lstrip()[:1] in "=+-@"]
    assert all(cell.quotePrefix for cell in risky if cell.value.strip())
    assert [cell.value for cell in book.worksheets[0]["F"][3:4]] == ["-5"]
    listed = list(
        csv.reader(io.StringIO(faults_csv(outcome, words("tr")).decode("utf-8-sig")), delimiter=";")
    )
    assert len(listed) == len(outcome.faults) + 1
    assert not [cell for line in listed for cell in line if cell.lstrip()[:1] in ("=", "+", "-", "@")]


@pytest.mark.matrix(46)
def test_templates_run_nothing_and_negative_numbers_stay_numbers() -> None:
    more = {"scope": "BASIC", "gas_basis": "CO2e", "unit": "t", "source_ref": "=1+1", "note": "@SUM(A1)"}
    cells = {"year": "2020", "sector": "land_use", "value": "-12000.5", **more}
    known = [Known("emissions", "vilnius", cells)]
    used = context("vilnius", known=known)
    book = load_workbook(io.BytesIO(template_xlsx(used, words("en"), "emissions", ("vilnius",))))
    every = [cell for one in book.worksheets for line in one.iter_rows() for cell in line]
    assert [cell for cell in every if cell.data_type == "f"] == []
    assert -12000.5 in [cell.value for cell in every]
    text = template_csv(used, words("lt"), "emissions", ("vilnius",)).decode("utf-8-sig")
    assert ";-12000,5;" in text
    assert ";'=1+1" in text
    assert ";'@SUM(A1);" in text
    outcome = checked(from_csv(text.encode("utf-8-sig")), "vilnius", known=known)
    assert [(one.cells["value"], one.cells["note"]) for one in outcome.records] == [("-12000.5", "@SUM(A1)")]


def test_the_marked_file_shows_each_fault_where_it_is() -> None:
    content, outcome = bad_file()
    book = load_workbook(io.BytesIO(marked_xlsx(content, outcome, words("en"))))
    first, listed = book.worksheets
    assert first["F2"].value == "5 kt"
    assert first["F2"].fill.fgColor.rgb == "FFFECACA"
    assert "Write the number alone" in first["F2"].comment.text
    assert first["F4"].fill.fgColor.rgb == "FFFDE68A"
    assert "“5 kt” holds more than a number." in first["J2"].value
    assert listed.max_row == len(outcome.faults) + 1
    assert [cell.value for cell in listed["B"]][1:] == [fault.row for fault in outcome.faults]


@pytest.mark.parametrize(("code", "total"), [("en", "2,600,000"), ("lt", "2 600 000"), ("tr", "2.600.000")])
def test_files_to_take_away_write_numbers_in_the_readers_way(code: str, total: str) -> None:
    rows = [row("1000000", sector="Transport"), row("1000000", sector="Industry"), row("2600000")]
    content = long_table(*rows)
    outcome, lang = checked(content), language(code)
    book = load_workbook(io.BytesIO(marked_xlsx(content, outcome, lang.gettext, lang.plain_number)))
    first, listed = book.worksheets
    assert first["F4"].value == "2600000", "the person's own cells stay as they are"
    told = [first["F4"].comment.text, first["I4"].value, listed["D2"].value, listed["F2"].value]
    told.append(faults_csv(outcome, lang.gettext, lang.plain_number).decode("utf-8-sig").splitlines()[1])
    assert [text for text in told if total.replace(" ", "\u00a0") not in text] == []


def test_the_list_of_faults_has_all_of_them() -> None:
    rows = [row("x", sector="Waste", year=str(1990 + number % 30)) for number in range(250)]
    outcome = checked(long_table(*rows))
    listed = faults_csv(outcome, words("en")).decode("utf-8-sig").splitlines()
    assert len(listed) == 251


class Everybody:
    """A person whose rights are not the point here."""


def remembering(folder: Path, monkeypatch: pytest.MonkeyPatch, content: Content, choices: Choices) -> Context:
    from pipeline.settings import Settings

    monkeypatch.setattr(layouts.staff, "require", lambda *_given, **_named: None)
    place = Settings(data_dir=folder, builds_dir=folder / "builds")
    layouts.remember(place, Everybody(), content, choices)  # type: ignore[arg-type]
    return context("vilnius", layouts_dir=place.store_dir / "layouts")


def test_a_layout_read_once_asks_nothing_the_next_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sheet(("Veikla", "2019", "2020", "Kas pildė"), ("Pramonė", "1.234", "1.300", "Jonas"))
    said = Choices(
        columns={"3": "ignore"},
        decimal=",",
        constants={"unit": "t", "scope": "BASIC", "gas_basis": "CO2e", "source_ref": "2020 m. ataskaita"},
    )
    outcome = checked(first, "vilnius", choices=said)
    assert codes(outcome) == []
    used = remembering(tmp_path, monkeypatch, first, outcome.choices)
    longer = sheet(
        ("Veikla", "2019", "2020", "2021", "Kas pildė"), ("Pramonė", "1.234", "1.300", "1.350", "Ona")
    )
    from pipeline.uploads.check import check
    from pipeline.uploads.mapping import propose

    proposal = propose(longer, Choices(), used)
    assert proposal.is_remembered
    assert [ask.field_id for ask in proposal.asks] == ["source_ref"]
    again = check(longer, Choices(constants={"source_ref": "2021 m. ataskaita"}), used)
    assert codes(again) == []
    assert values(again) == ["1234", "1300", "1350"]
    assert [one.cells["year"] for one in again.records] == ["2019", "2020", "2021"]


def test_a_damaged_memory_is_no_memory(tmp_path: Path) -> None:
    header = ("Veikla", "2019")
    for text in (
        "",
        "{",
        "[]",
        '{"columns": 3}',
        '{"columns": [[1]], "fixed": [], "constants": {}, "answers": {}}',
    ):
        (tmp_path / f"{layouts.signature(header)}.json").write_text(text, encoding="utf-8")
        assert layouts.remembered(tmp_path, header) is None
