"""The publishers' own files go through, recognised, and the account of their rows adds up."""

from __future__ import annotations

import csv
import gzip
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from pipeline.accepted import laid_over
from pipeline.settings import load_settings
from pipeline.sources import c40_gpc, update
from pipeline.uploads import official
from pipeline.uploads.child import Outcome
from pipeline.uploads.limits import MAX_BYTES
from pipeline.uploads.model import Checked
from tests.sources.official import FIGURES, official_file

pytestmark = pytest.mark.official

#: File -> source, shape, and rows: read, accepted, without a figure.
FILES = {
    "cdp_citywide_2016_2021/2019_City-wide_Emissions.csv.gz": (
        "cdp_citywide_2016_2021", "cdp_citywide_2019", (814, 69, 41),
    ),
    "cdp_citywide_2016_2021/2021_City-wide_Emissions.csv.gz": (
        "cdp_citywide_2016_2021", "cdp_citywide_2021", (989, 109, 15),
    ),
    "c40_gpc_2023/C40_GPC_Database.xlsx": ("c40_gpc_2023", "c40_gpc", (329, 66, 0)),
    "gcom_mycovenant_2019/CoM_dataset2019_allinitial.xlsx": (
        "gcom_mycovenant_2019", "jrc_mycovenant_2019", (61207, 58685, 0),
    ),
    "uk_local_authority/local_authority_emissions.csv.gz": (
        "uk_local_authority", "uk_table", (6304, 5792, 0),
    ),
    "smhi/municipality-sector-emissions.json.gz": ("smhi_klimatkollen", "smhi_sectors", (3770, 3770, 0)),
}  # fmt: skip

#: Files of publishers that are no emissions table we read here.
OTHERS = (
    "gcom_signatories_2024/df1_Signatories_2024.xlsx",
    "who_aap_2022/who_aap_2021_v9_11august2022.xlsx",
    "uk_local_authority/datapackage.yaml",
    "smhi/municipality_codes.csv",
    "cdp_targets_2021/2021_Cities_Emissions_Reduction_Targets_clean_names.csv.gz",
    "dk_klimaregnskabet/by_kommune.json.gz",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("official")


@cache
def brought(name: str, folder: Path) -> tuple[str | None, Checked, Outcome]:
    """The file as it lies in quarantine: under a name that says nothing."""
    source_id, shape_id, _ = FILES[name]
    contents = official_file(source_id, name).read_bytes()
    path = folder / shape_id / "raw"
    path.parent.mkdir()
    path.write_bytes(contents)
    settings = replace(load_settings({}), uploads_dir=folder)
    shape = official.recognise(path, Path(name).name)
    checked, outcome = official.read_with_cost(settings, path, shape_id, name=Path(name).name)
    return shape, checked, outcome


@pytest.mark.parametrize("name", FILES, ids=lambda name: name.rpartition("/")[2])
def test_file_is_recognised_and_its_account_adds_up(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source_id, shape_id, (read, accepted, missing) = FILES[name]
    shape, checked, outcome = brought(name, folder)
    tally = checked.tally
    with capsys.disabled():
        refused = ", ".join(f"{code} {count}" for code, count in tally.refused.items()) or "none"
        print(
            f"\n  {Path(name).name}: read {tally.read} = accepted {tally.accepted} + without a figure "
            f"{tally.missing} + refused {sum(tally.refused.values())} ({refused}); "
            f"{outcome.seconds:.1f} s, {outcome.peak_bytes / 1e6:.0f} MB"
        )
    assert shape == shape_id
    assert checked.source_id == source_id
    assert tally.read == tally.accepted + tally.missing + sum(tally.refused.values())
    assert (tally.read, tally.accepted, tally.missing) == (read, accepted, missing)
    assert checked.cities
    assert official_file(source_id, name).stat().st_size <= MAX_BYTES
    assert outcome.peak_bytes < official.LIMITS.memory_bytes / 2


@pytest.mark.parametrize("name", FILES, ids=lambda name: name.rpartition("/")[2])
def test_rows_read_are_the_rows_of_the_file(name: str) -> None:
    """Counted here by other means than the readers'."""
    source_id, _, (read, _, _) = FILES[name]
    assert sum(1 for _ in rows_of(official_file(source_id, name))) == read


def rows_of(path: Path) -> Iterator[object]:
    if "CoM_dataset" in path.name:
        with zipfile.ZipFile(path) as book:
            yield from range(book.read("xl/worksheets/sheet1.xml").count(b"<row ") - 1)
    elif path.suffix == ".xlsx":
        sheet = pd.read_excel(path, sheet_name=c40_gpc.SHEET, dtype=str)
        yield from sheet.dropna(how="all").index
    elif ".json" in path.name:
        for place in json.loads(gzip.decompress(path.read_bytes())):
            yield from place["sectors"]
    else:
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


@pytest.mark.parametrize("name", FILES, ids=lambda name: name.rpartition("/")[2])
def test_accepted_figures_are_those_we_ship(name: str, folder: Path) -> None:
    """The publisher's file laid over what we hold of it changes next to nothing, and loses no row."""
    _, checked, _ = brought(name, folder)
    for table, file in checked.tables.items():
        shipped = update.shipped_rows(FIGURES / checked.source_id / f"{table}.csv")
        layer = update.shipped_rows(Path(file))
        after = laid_over(table, shipped, layer)
        identity = update.IDENTITY[table]
        before = {tuple(row[column] for column in identity): row for row in shipped}
        found = {tuple(row[column] for column in identity): row for row in after}
        assert before.keys() <= found.keys()
        changed = sum(found[key] != row for key, row in before.items())
        assert changed <= 2
        assert len(found) - len(before) <= 0.02 * len(layer)


@pytest.mark.parametrize("name", OTHERS, ids=lambda name: name.rpartition("/")[2])
def test_other_files_are_not_taken_for_ours(name: str) -> None:
    assert official.recognise(official_file(name.partition("/")[0], name), Path(name).name) is None
