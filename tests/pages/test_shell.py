"""What holds on every page: settings, the base map route, the states other than "here is the answer"."""

from __future__ import annotations

import asyncio
import os
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.requests import Request
from streamlit import config
from streamlit.testing.v1 import AppTest

from pages.charts import basemap
from pages.parts import address, frame, tables
from pipeline import publish
from pipeline.publish import Build
from pipeline.settings import Settings
from tests.pages import harness
from tests.pages.conftest import Show

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def test_every_setting_still_exists_in_streamlit() -> None:
    known = set(config._config_options_template)
    ours = {
        f"{section}.{key}"
        for section, values in CONFIG.items()
        for key in values
        if not isinstance(values[key], dict)
    }
    ours |= {f"theme.{theme}.{key}" for theme in ("light", "dark") for key in CONFIG["theme"][theme]}
    assert sorted(ours - known) == []
    assert CONFIG["runner"]["postScriptGC"] is False
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"


def test_entry_file_stays_short() -> None:
    assert len((ROOT / "dashboard.py").read_text(encoding="utf-8").splitlines()) < 80


def _ask(name: str) -> tuple[int, str, int]:
    import dashboard

    scope = {
        "type": "http",
        "method": "GET",
        "headers": [],
        "path_params": {"name": name},
        "path": "/",
        "query_string": b"",
    }
    with ThreadPoolExecutor(1) as thread:  # the browser tests leave a running loop in this one
        response = thread.submit(asyncio.run, dashboard.send_basemap(Request(scope))).result()
    return response.status_code, response.headers.get("cache-control", ""), len(response.body)


def test_base_map_may_be_kept_for_a_year_and_a_wrong_name_is_refused(show: Show) -> None:
    assert show("map").exception is not None
    folder = ROOT / "data" / "reference"
    name = basemap.address(folder, "europe").removeprefix(basemap.ROUTE)
    status, cache, size = _ask(name)
    assert (status, "immutable" in cache, size > 100_000) == (200, True, True)
    assert _ask("city.csv")[0] == 404


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    assert tables.neutral(text) == "'" + text
    assert tables.neutral(-1.5) == -1.5
    assert tables.neutral("Vilnius") == "Vilnius"


def _copied(built: Build, settings: Settings, folder: Path) -> Settings:
    """Builds folder of its own with the session's build in it (linked, not copied)."""
    folder.mkdir()
    for path in settings.builds_dir.glob("build-*"):
        if path.suffix == ".duckdb":
            os.link(path, folder / path.name)
        else:
            (folder / path.name).write_bytes(path.read_bytes())
    copied = replace(settings, builds_dir=folder)
    publish.publish(copied, built.build_id)
    return copied


def test_last_good_build_is_shown_with_a_note_when_the_named_one_is_gone(
    built: Build, settings: Settings, tmp_path: Path
) -> None:
    copied = _copied(built, settings, tmp_path / "builds")
    (copied.builds_dir / publish.POINTER).write_text('{"build_id": "gone", "before": []}', encoding="utf-8")
    with harness.reading(copied):
        at = harness.run("overview")
    assert any("last good version is shown" in warning.value for warning in at.warning)
    assert at.title[0].value == "Are the mission cities on pace for 2030?"


def _broken() -> None:
    from pages.parts import states

    states.failed(ValueError("secret detail"))


def test_a_failing_page_gives_words_and_a_number_and_no_detail() -> None:
    at = AppTest.from_function(_broken).run()
    text = harness.words(at)
    assert "This page could not be drawn." in text
    assert "secret detail" not in text
    assert "ValueError" not in text


def test_a_change_of_language_keeps_every_choice(show: Show) -> None:
    at = show("map", {"group": "lt", "size": "under_50k", "ind": "pm25_ug_m3"})
    after = at.segmented_control(key="a_lang").set_value("lt").run()
    assert not after.exception
    assert after.title[0].value.startswith("Kietosios dalelės")
    assert after.query_params == {"lang": "lt", "group": "lt", "size": "under_50k", "ind": "pm25_ug_m3"}


def test_reset_brings_back_the_first_view(show: Show) -> None:
    at = show("map", {"group": "tr", "country": "TR", "from": "2015"})
    after = at.button(key="filters_reset").click().run()
    assert not after.exception
    assert after.query_params == {}


def test_first_run_waits_once_for_its_words_and_no_later_run_does(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(address.time, "sleep", waits.append)
    monkeypatch.setattr(frame, "FIRST_WORDS_SECONDS", 0.125)
    at = show("city", {"city": "vilnius"})
    assert waits.count(0.125) == 1
    at.run()
    assert waits.count(0.125) == 1


def test_first_visit_shows_what_the_filter_bar_then_says(show: Show) -> None:
    asked: dict[str, str | list[str]] = {
        "city": ["vilnius", "kaunas"],
        "yard": "own_target",
        "from": "2015",
        "lang": "lt",
    }
    at = show("progress", asked)
    first = harness.words(at)
    chosen = at.session_state["_filters"]
    assert (chosen.cities, chosen.yardstick, chosen.year_from) == (("vilnius", "kaunas"), "own_target", 2015)
    assert dict(at.query_params) == asked
    assert harness.words(at.run()) == first


def test_page_that_fails_on_a_first_visit_leaves_the_filters_to_choose_otherwise(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise LookupError("a planted fault")

    monkeypatch.setattr("pages.parts.frame.freshness", fail)
    at = show("data")
    assert at.exception
    assert any(box.key == "a_city" for box in at.multiselect)
