"""A workbook as a town hall makes it, through the child process: joined titles, formulas, percent, notes."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from pipeline.uploads.child import read_file
from pipeline.uploads.model import Choices, Content
from tests.uploads.meaning.made import checked, codes, only, values

SAID = Choices(constants={"scope": "BASIC", "source_ref": "2021 m. inventorius"})


def read(book: Workbook, folder: Path) -> Content:
    path = folder / "raw"
    book.save(path)
    return read_file(path, "SESD 2021 galutinis.xlsx", Choices())


def inventory() -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = "Inventorius"
    sheet["A1"] = "Tauragės rajono savivaldybės ŠESD inventorius"
    sheet.merge_cells("A1:D1")
    sheet["A2"] = "tūkst. t CO2e"
    sheet.append([])
    sheet.append(["Sektorius", "2020 m.", "2021 m.", "Pastaba"])
    sheet.append(["Pramonė", 20.5, 21.25, None])
    sheet.append(["Transportas", 90, "91,5", "kelių"])
    sheet.append(["Atliekos", 10.125, "NE", None])
    sheet.append(["Iš viso", 120.625, 112.75, None])
    sheet.append([])
    sheet.append(["Pastaba: 2021 m. duomenys patikslinti."])
    return book


def test_a_clerks_workbook_is_read_whole(tmp_path: Path) -> None:
    outcome = checked(read(inventory(), tmp_path), "taurage", "vilnius", choices=SAID)
    assert codes(outcome) == []
    assert values(outcome) == ["20500", "21250", "90000", "91500", "10125", "120625", "112750"]
    assert {one.city_id for one in outcome.records} == {"taurage"}
    assert [one.reason_id for one in outcome.missing] == ["not_estimated"]


def test_its_formulas_dates_and_joined_cells_are_named(tmp_path: Path) -> None:
    book = inventory()
    sheet = book.active
    sheet["C5"] = "=B5*1.04"
    sheet["B6"] = 44562
    sheet["B6"].number_format = "yyyy-mm-dd"
    sheet.merge_cells("B7:C7")
    outcome = checked(read(book, tmp_path), "taurage", choices=SAID)
    assert only(outcome, "formula_without_value").row == 5
    assert (only(outcome, "cell_date").row, only(outcome, "cell_date").column) == (6, "2020 m.")
    assert "B7:C7" in only(outcome, "merged_cells").params["ranges"]
    assert outcome.tally.refused == {"cell_date": 1, "formula_without_value": 1}


def test_cells_shown_as_percent_are_percent(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Metai", "Rodiklis", "Reikšmė", "Vienetas"])
    sheet.append([2021, "land_natural_pct", 0.45, "%"])
    sheet["C2"].number_format = "0%"
    outcome = checked(read(book, tmp_path), "taurage", choices=Choices(constants={"source_ref": "GIS"}))
    assert codes(outcome) == []
    assert values(outcome) == ["45"]
