"""Input files are taken exactly as declared, or refused with file, column or line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.build import build
from pipeline.engine import open_reader
from pipeline.errors import CatalogueError, InputError
from pipeline.publish import current_build
from pipeline.schema import FIGURES
from tests.tiny import Tiny, emission, write_csv


def emissions_file(tiny: Tiny) -> Path:
    return tiny.settings.figures_dir / "official" / "emissions.csv"


def refused(tiny: Tiny) -> str:
    with pytest.raises(InputError) as caught:
        build(tiny.settings)
    return str(caught.value)


def test_every_cell_arrives_as_text_with_file_and_row(tiny: Tiny) -> None:
    tiny.emissions(
        "official", [emission("official", "v", 2015, 0.10, note='a "b", c'), emission("official", "w", 1, 2)]
    )
    made = build(tiny.settings)
    with open_reader(made.path) as reader:
        rows = reader.rows(
            "select value, note, population_count, source_row from raw.emissions "
            "where source_id = 'official' order by source_row"
        )
        files = reader.rows("select file_name, row_count, source_id from meta.source_file order by file_name")
        kinds = {kind for name, kind in reader.columns("raw.emissions") if name != "source_row"}
    assert rows == [("0.1", 'a "b", c', None, 2), ("2", None, None, 3)]
    assert ("data/figures/official/emissions.csv", 2, "official") in files
    assert ("data/reference/city.csv", 2, None) in files
    assert kinds == {"VARCHAR"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("gas_basis", "gas_bases", "column 'gas_bases' is not known (did you mean 'gas_basis'?)"),
        ("gas_basis", "gas_bases", "column 'gas_basis' is missing"),
        ("scope,gas_basis", "gas_basis,scope", "the columns must be, in this order: source_id, "),
        ("source_id,", "\ufeffsource_id,", "byte order mark"),
        ("\n", ",\n", "column '' is not known"),
    ],
)
def test_header_fault_names_file_and_column(tiny: Tiny, old: str, new: str, expected: str) -> None:
    path = emissions_file(tiny)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    found = refused(tiny)
    assert "data/figures/official/emissions.csv" in found
    assert expected in found


def test_latin1_file_is_refused(tiny: Tiny) -> None:
    emissions_file(tiny).write_bytes("source_id,Tauragė".encode("iso-8859-13"))
    assert "data/figures/official/emissions.csv is not UTF-8" in refused(tiny)


@pytest.mark.parametrize(
    ("tail", "cells"), [("official,v\n", 2), ("," * len(FIGURES["emissions"]) + "\n", 23)]
)
def test_wrong_number_of_cells_names_file_and_line(tiny: Tiny, tail: str, cells: int) -> None:
    path = emissions_file(tiny)
    path.write_text(path.read_text(encoding="utf-8") + tail, encoding="utf-8")
    assert f"data/figures/official/emissions.csv line 4 has {cells} cells, but 22 are expected" in refused(
        tiny
    )


def test_unclosed_quote_is_refused_with_the_file(tiny: Tiny) -> None:
    path = emissions_file(tiny)
    path.write_text(path.read_text(encoding="utf-8") + 'official,"v', encoding="utf-8")
    assert "data/figures/official/emissions.csv" in refused(tiny)


def test_row_of_another_source_is_refused(tiny: Tiny) -> None:
    tiny.emissions("official", [emission("official", "v", 2015, 1), emission("borrowed", "v", 2016, 1)])
    assert "emissions.csv row 3: source_id is 'borrowed', but the folder is 'official'" in refused(tiny)


@pytest.mark.parametrize(
    ("column", "word", "expected"),
    [
        ("sector_id", "transprot", "did you mean 'transport'?"),
        ("unit", "tonnes", "unit 'tonnes' is not in units (1 such row(s))"),
        (
            "flags",
            "doubtful;roundd",
            "flags 'roundd' is not in flags (1 such row(s)) (did you mean 'rounded'?)",
        ),
        ("inventory_kind", "guess", "inventory_kind 'guess'"),
        ("licence_id", "mine", "licence_id 'mine' is not in licences"),
    ],
)
def test_word_nothing_explains_names_file_and_row(tiny: Tiny, column: str, word: str, expected: str) -> None:
    row = emission("official", "v", 2016, 1, **{column: word})
    tiny.emissions("official", [emission("official", "v", 2015, 1), row])
    found = refused(tiny)
    assert f"data/figures/official/emissions.csv row 3: {column}" in found
    assert expected in found


def test_missing_folder_says_what_to_do_and_the_last_build_stays(tiny: Tiny) -> None:
    good = build(tiny.settings)
    tiny.remove_source("borrowed")
    found = refused(tiny)
    assert "data/figures/borrowed is missing, but sources.yml lists it" in found
    assert "MISSION_LEAVE_OUT=borrowed" in found
    current = current_build(tiny.settings)
    assert current is not None
    assert (current.build_id, current.warning) == (good.build_id, "")


def test_folder_without_an_entry_is_refused(tiny: Tiny) -> None:
    tiny.emissions("official2", [])
    assert "data/figures/official2 has no entry in sources.yml (did you mean 'official'?)" in refused(tiny)


def test_unknown_table_and_missing_reference_are_refused_together(tiny: Tiny) -> None:
    emissions_file(tiny).rename(emissions_file(tiny).with_name("emission.csv"))
    (tiny.settings.reference_dir / "city.csv").unlink()
    found = refused(tiny)
    assert "emission.csv is no known table (did you mean 'emissions'?)" in found
    assert "data/reference/city.csv is missing" in found


@pytest.mark.parametrize("asked", ["amber", "borrowed"])
def test_left_out_source_leaves_nothing_behind(tiny: Tiny, asked: str) -> None:
    tiny.leave_out(asked)
    made = build(tiny.settings)
    assert made.left_out == ("borrowed",)
    with open_reader(made.path) as reader:
        for table in reader.tables():
            for column, kind in reader.columns(table):
                if kind == "VARCHAR" and column == "source_id":
                    assert ("borrowed",) not in reader.rows(f"select source_id from {table}"), table
        assert reader.rows("select city_id, sum_t from mart.city order by city_id") == [
            ("siauliai", None),
            ("vilnius", 1600.5),
        ]
        assert reader.rows("select left_out from meta.build") == [(["borrowed"],)]


def test_register_forgets_what_a_left_out_source_contributed(tiny: Tiny) -> None:
    cities = [
        {"city_id": city_id, "population_count": 10, "population_year": 2020, "population_source": source}
        for city_id, source in (
            ("a", "borrowed"),
            ("b", "borrowed_derived"),
            ("c", "official"),
            ("d", "borrow"),
        )
    ]
    tiny.reference("city", cities)
    tiny.leave_out("amber")
    with open_reader(build(tiny.settings).path) as reader:
        rows = reader.rows(
            "select city_id, population_count, population_source from raw.city order by city_id"
        )
    assert rows == [("a", None, None), ("b", None, None), ("c", "10", "official"), ("d", "10", "borrow")]


def test_left_out_source_needs_no_folder(tiny: Tiny) -> None:
    tiny.remove_source("borrowed")
    tiny.leave_out("amber")
    assert build(tiny.settings).left_out == ("borrowed",)


def test_fetched_figures_take_the_place_of_ours_table_by_table(tiny: Tiny) -> None:
    fetched = tiny.settings.fetched_dir / "official" / "emissions.csv"
    write_csv(fetched, FIGURES["emissions"], [emission("official", "v", 2024, 500)])
    write_csv(tiny.settings.figures_dir / "official" / "events.csv", FIGURES["events"], [])
    with open_reader(build(tiny.settings).path) as reader:
        rows = reader.rows("select year, value from raw.emissions where source_id = 'official'")
        files = {name for (name,) in reader.rows("select file_name from meta.source_file")}
    assert rows == [("2024", "500")]
    assert "data/cache/figures/official/emissions.csv" in files
    assert "data/figures/official/emissions.csv" not in files
    assert "data/figures/official/events.csv" in files


def test_misspelt_leave_out_builds_nothing(tiny: Tiny) -> None:
    tiny.leave_out("borowed")
    with pytest.raises(CatalogueError, match="did you mean 'borrowed'"):
        build(tiny.settings)
    assert current_build(tiny.settings) is None
