"""Sentences of the Upload page that need no page to be drawn."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from pages.language import language
from pages.sections import upload_publish
from pipeline.uploads.preview import Preview


@pytest.mark.parametrize(
    ("lang", "cities", "lost"),
    [("en", "1,234 cities", "12.3% would"), ("lt", "1 234", "12,3 %"), ("tr", "1.234", "%12,3")],
)
def test_questions_about_the_whole_upload_name_cities_and_shares(lang: str, cities: str, lost: str) -> None:
    staged = SimpleNamespace(cities=range(1234))
    found = cast(Preview, SimpleNamespace(staged=staged, lost_share_pct=12.34))
    many, gone = (
        upload_publish.asked(code, found, language(lang)).replace("\u00a0", " ")
        for code in ("many_cities", "rows_lost")
    )
    assert cities in many
    assert "12" not in many.replace(cities, "")
    assert lost in gone
