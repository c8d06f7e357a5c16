"""Fetching: from a server on this machine, whole or not at all, and a plain word when there is none."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
import yaml

from pipeline import boundaries
from pipeline import fetch as fetching
from pipeline.fetch import FetchError, download, fetch
from pipeline.inputs import preferred
from pipeline.schema import FIGURES
from pipeline.settings import Settings, load_settings
from pipeline.sources import rows, smhi, update
from tests.sources import shapes

SOURCE = "smhi_klimatkollen"


class Publisher(BaseHTTPRequestHandler):
    """Answers with the bytes set for a path."""

    answers: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        body = self.answers.get(self.path)
        self.send_response(404 if body is None else 200)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_words: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def publisher() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def official(folder: Path, years: dict[int, float], place: str = "Ort") -> Path:
    """A municipality file with the same value in each sector of a year."""
    sectors = {str(year): dict.fromkeys(smhi.SECTORS, value) for year, value in years.items()}
    return shapes.document(folder / "official.json", [{"name": place, "sectors": sectors}])


@pytest.fixture
def project(tmp_path: Path) -> Settings:
    """Figures of one Swedish town for 2020 as shipped; its total carries a reason written by hand."""
    settings = replace(load_settings({}), data_dir=tmp_path / "data")
    shipped = [
        rows.Row(row.table, {**row.cells, "licence_id": "cc", "flag_reason": "judged by hand"})
        for row in smhi.read(official(tmp_path, {2020: 10.0}))
    ]
    rows.write(shipped, settings.figures_dir / SOURCE)
    return settings


def address(settings: Settings, url: str) -> None:
    settings.sources_file.write_text(yaml.safe_dump({SOURCE: {"fetch_url": url}}), encoding="utf-8")


def fetched(settings: Settings) -> list[dict[str, str]]:
    return update.shipped_rows(settings.fetched_dir / SOURCE / "emissions.csv")


def test_new_and_changed_figures_come_in_and_judgements_stay(
    project: Settings, publisher: str, tmp_path: Path
) -> None:
    Publisher.answers = {"/m.json": official(tmp_path, {2020: 11.0, 2021: 9.0}).read_bytes()}
    address(project, f"{publisher}/m.json")
    lines = fetch(project, SOURCE)
    assert "0 figures as shipped, 10 changed, 10 new" in " ".join(lines)
    totals = {row["year"]: row for row in fetched(project) if row["sector_id"] == "total"}
    assert {year: row["value"] for year, row in totals.items()} == {"2020": "99", "2021": "81"}
    assert totals["2020"]["flag_reason"] == "judged by hand"
    assert totals["2021"]["licence_id"] == "cc"
    assert tuple(totals["2020"]) == FIGURES["emissions"]
    assert [path.parent.parent for path in preferred(project, SOURCE)] == [project.fetched_dir]


def test_file_lies_in_the_cache_with_its_sha256(project: Settings, publisher: str, tmp_path: Path) -> None:
    body = official(tmp_path, {2020: 10.0}).read_bytes()
    Publisher.answers = {"/m.json": body}
    path = download(f"{publisher}/m.json", project.cache_dir / SOURCE / "m.json")
    assert path.read_bytes() == body
    sidecar = path.with_name("m.json.sha256").read_text(encoding="utf-8")
    assert sidecar == f"{hashlib.sha256(body).hexdigest()}  m.json\n"


def test_unknown_place_is_left_out_and_counted(project: Settings, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="shipped figures stay"):
        fetch(project, "who_aap_2022", official(tmp_path, {2020: 1.0}).with_name("absent.xlsx"))
    lines = fetch(project, SOURCE, official(tmp_path, {2020: 10.0}, "Other"))
    assert "10 of unknown places left out" in " ".join(lines)
    assert {row["source_city_key"] for row in fetched(project)} == {"SE|Ort"}


@pytest.mark.parametrize(
    ("path", "told"),
    [("/absent", "answered 404"), ("/page", "a web page instead"), ("/empty", "a web page instead")],
)
def test_failed_download_leaves_nothing_behind(
    project: Settings, publisher: str, path: str, told: str
) -> None:
    Publisher.answers = {"/page": b"<!DOCTYPE html><p>moved", "/empty": b""}
    address(project, publisher + path)
    with pytest.raises(FetchError, match=told) as reason:
        fetch(project, SOURCE)
    assert "the shipped figures stay" in str(reason.value)
    assert "\n" not in str(reason.value)
    assert [found for found in project.cache_dir.rglob("*") if found.is_file()] == []


def test_without_a_connection_one_line_says_so(project: Settings) -> None:
    address(project, "http://127.0.0.1:9/m.json")
    with pytest.raises(FetchError, match=r"^No connection to 127\.0\.0\.1 .*; the shipped figures stay\.$"):
        fetch(project, SOURCE)
    assert fetched(project) == []


def test_endless_file_is_stopped(project: Settings, publisher: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST_BYTES", 10)
    Publisher.answers = {"/m.json": b"x" * 100}
    address(project, f"{publisher}/m.json")
    with pytest.raises(FetchError, match="is larger than"):
        fetch(project, SOURCE)
    assert [found for found in project.cache_dir.rglob("*") if found.is_file()] == []


def test_only_web_addresses_are_asked(project: Settings) -> None:
    address(project, "file:///etc/hostname")
    with pytest.raises(FetchError, match="no web address"):
        fetch(project, SOURCE)


def test_source_without_an_address_says_how_to_give_the_file(project: Settings) -> None:
    with pytest.raises(FetchError, match="--file"):
        fetch(project, "uk_local_authority")


def test_misspelt_source_is_told_the_nearest(project: Settings) -> None:
    with pytest.raises(FetchError, match="did you mean 'uk_local_authority'"):
        fetch(project, "uk_local_authorities")


def test_boundaries_are_not_there_until_fetched(project: Settings) -> None:
    assert boundaries.available(project) == {}
    assert boundaries.features(project, "lau", "LT") == []
    folder = project.cache_dir / boundaries.FOLDER
    folder.mkdir(parents=True)
    items = [{"properties": {"CNTR_CODE": code}} for code in ("LT", "LV")]
    shapes.document(folder / "lau.geojson", {"features": items})
    assert list(boundaries.available(project)) == ["lau"]
    assert boundaries.features(project, "lau", "LT") == items[:1]
