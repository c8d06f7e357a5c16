"""A file a visitor takes away: made on the click, in the page's language, citable row by row."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from pipeline.engine import Reader
from tests.e2e.conftest import Opener


@pytest.mark.parametrize("code", ["en", "lt"])
def test_downloaded_table_has_every_city_with_source_and_citation(
    code: str, open_page: Opener, reader: Reader
) -> None:
    page = open_page("", ov="download", lang=code)
    with page.expect_download() as waiting:
        page.locator('[data-testid="stDownloadButton"] button').first.click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    header, *rows = list(csv.reader(io.StringIO(text)))
    assert header[0] == "city_id"
    assert any("t CO2e" in name for name in header)
    assert ("Citation" in header) == (code == "en")
    mission = reader.rows("select city_id from mart.city where is_mission_city")
    assert {row[0] for row in rows} == {str(city_id) for (city_id,) in mission}
    assert all(len(row) == len(header) for row in rows)
    link = [row[-1] for row in rows]
    assert len(set(link)) == 1
    assert "ov=download" in link[0]
