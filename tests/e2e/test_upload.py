"""A clerk's whole journey in a browser: sign in, a file with faults, the mended file, what changes, publish,
what the public sees, undo. And nothing a file says is ever run or fetched."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipeline.publish import Build, current_build
from pipeline.settings import Settings
from pipeline.uploads import ledger
from tests.access.serving import Staffed, dashboard, identity_provider
from tests.e2e.conftest import ContextMaker, wait_idle, wait_quiet
from tests.e2e.recorder import Recorder

HEAD = "City;Year;Sector;Scope;Amount;Unit;Gases;Source;Note\n"
SOURCE = "https://klaipeda.test/inventory"
ROW = "Klaipėda;{year};Total;BASIC;{value};kt;CO2e;" + SOURCE + ";\n"
GOOD = HEAD + "".join(
    ROW.format(year=year, value=value) for year, value in ((2021, "912,5"), (2022, "890,1"), (2023, "871,6"))
)
FAULTY = (
    GOOD
    + ROW.format(year=22, value="5 kt")
    + ROW.format(year=2024, value="NaN").replace(";\n", ";<script>window.ran = 1</script>\n")
)
NASTY = '<script>window.ran=1</script><img src=http://evil.example/a onerror="window.ran=1">'
MARKDOWN = "![x](http://evil.example/b.png) [link](http://evil.example/c) {city} :red[x]"
SQL = '"; DROP TABLE mart.city; --'
MAIN = '[data-testid="stMain"]'


@pytest.fixture(scope="module")
def own_builds(settings: Settings, built: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The session's builds once more, without building: the large files are linked, never written."""
    folder = tmp_path_factory.mktemp("builds")
    assert built.path.is_file()
    for path in settings.builds_dir.glob("*"):
        if path.suffix == ".duckdb":
            os.link(path, folder / path.name)
        elif path.is_file():
            shutil.copy2(path, folder / path.name)
    return folder


@pytest.fixture(scope="module")
def staffed(
    settings: Settings, own_builds: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Staffed]:
    """A dashboard with an identity provider, where Ona is editor of Klaipėda."""
    own = replace(settings, builds_dir=own_builds)
    with (
        identity_provider() as provider,
        dashboard(own, tmp_path_factory.mktemp("clerk"), provider) as running,
    ):
        yield running


@contextmanager
def ona(staffed: Staffed, new_context: ContextMaker, recorder: Recorder) -> Iterator[Page]:
    """Ona at her desk, signed in."""
    context = new_context()
    recorder.watch(context)
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 1400})
    page.goto(f"{staffed.url}/staff")
    wait_idle(page)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{staffed.provider}/**")
    page.fill("input[name=sub]", "ona")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{staffed.url}/staff**")
    expect(page.get_by_role("heading", name=re.compile("Signed in as Ona"))).to_be_visible()
    recorder.urls.clear()
    recorder.complaints.clear()
    yield page
    context.close()


def hand_in(page: Page, name: str, text: str) -> None:
    """Choose a file, as from the disk."""
    page.locator('input[type="file"]').first.set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )


def step(page: Page, name: str) -> None:
    """Wait for a step by its heading."""
    expect(page.get_by_role("heading", name=re.compile(f"^Step . of .: {name}$"))).to_be_visible()
    wait_idle(page)


def public(staffed: Staffed, new_context: ContextMaker) -> str:
    """What an anonymous visitor reads on the city's page now."""
    context = new_context()
    page = context.new_page()
    page.goto(f"{staffed.url}/city?city=klaipeda")
    wait_idle(page)
    text = page.locator(MAIN).inner_text().replace("\u00a0", " ")
    context.close()
    return text


def test_from_a_file_with_faults_to_the_public_page_and_back(
    staffed: Staffed, new_context: ContextMaker, recorder: Recorder
) -> None:
    before = public(staffed, new_context)
    first = current_build(staffed.settings)
    assert first is not None
    assert "872 kt" not in before
    with ona(staffed, new_context, recorder) as page:
        page.goto(f"{staffed.url}/upload")
        wait_idle(page)
        hand_in(page, "klaipeda.csv", FAULTY)
        step(page, "Columns")
        page.get_by_role("button", name="Check the file").click()
        step(page, "Check")
        main = page.locator(MAIN)
        expect(main).to_contain_text("have to be mended before the figures can be published")
        expect(page.get_by_role("button", name="Show what changes")).to_have_count(0)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="List of all faults (CSV)").click()
        listed = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
        for cell in ("22", "5 kt", "NaN", "<script>"):
            assert cell in listed
        with page.expect_download() as waiting:
            page.get_by_role("button", name="My file with the faults marked (Excel)").click()
        assert Path(waiting.value.path()).read_bytes()[:2] == b"PK"

        hand_in(page, "klaipeda-mended.csv", GOOD)
        expect(page.get_by_role("button", name="Show what changes")).to_be_visible()
        step(page, "Check")
        page.get_by_role("button", name="Show what changes").click()
        expect(page.get_by_role("button", name="Continue to publishing")).to_be_visible()
        step(page, "What changes")
        table = page.locator('[data-testid="stTable"]').first
        expect(table).to_contain_text("872 kt CO2e (2023)")
        expect(table).to_contain_text("Place by emissions per inhabitant")
        assert current_build(staffed.settings) == first, "a preview must not change what readers see"

        # Closing the browser here loses nothing: the same place opens by its address, and from the list.
        page.reload()
        step(page, "What changes")
        page.get_by_role("button", name="Continue to publishing").click()
        step(page, "Publish")
        for box in page.get_by_role("checkbox").all():
            box.check(force=True)
            wait_idle(page)
        reason = page.locator("textarea")
        reason.fill("The city's new inventory")
        reason.press("Control+Enter")
        wait_idle(page)
        page.get_by_role("button", name="Publish now").click()
        expect(main).to_contain_text("Published. Readers see the new figures now")
        second = current_build(staffed.settings)
        assert second is not None
        assert second.build_id != first.build_id
        after = public(staffed, new_context)
        assert "872 kt" in after
        assert "2023" in after
        page.get_by_role("link", name="See the page of Klaipėda").click()
        page.wait_for_url("**/city?**")
        wait_idle(page)
        expect(page.locator(MAIN)).to_contain_text("872")

        page.go_back()
        step(page, "Publish")
        page.get_by_role("button", name="Undo this publication").click()
        page.get_by_role("button", name="Undo now").click()
        expect(page.locator(MAIN)).to_contain_text("This upload is withdrawn")
        back = current_build(staffed.settings)
        assert back is not None
        assert back.build_id == first.build_id
        assert public(staffed, new_context) == before

        page.goto(f"{staffed.url}/history")
        wait_idle(page)
        expect(page.locator(MAIN)).to_contain_text("Last change undone")
        expect(page.locator(MAIN)).to_contain_text("Upload published: klaipeda-mended.csv")
        expect(page.locator(MAIN)).to_contain_text("Ona Šukytė")
        wait_quiet(page, recorder)
    acts = [entry.act for entry in ledger.entries(staffed.settings)]
    for act in ("received", "checked", "previewed", "published", "undone"):
        assert act in acts
    assert ledger.verify(staffed.settings) == []
    assert recorder.outside() == []
    assert recorder.complaints == []


@pytest.mark.matrix(47)
def test_markup_in_a_file_is_shown_as_text_and_asks_nobody_for_anything(
    staffed: Staffed, new_context: ContextMaker, recorder: Recorder
) -> None:
    """In the file's name, a header, the city, the source and the note; on every step it reaches."""
    nasty = NASTY.replace('"', "'")
    rows = (
        f"{nasty};2021;Total;BASIC;1,5;kt;CO2e;{MARKDOWN};{nasty};a\n"
        f"{MARKDOWN};2022;Total;BASIC;1,5;kt;CO2e;{nasty};{MARKDOWN};b\n"
    )
    text = HEAD.rstrip("\n") + f";{nasty}\n" + rows
    with ona(staffed, new_context, recorder) as page:
        page.goto(f"{staffed.url}/upload")
        wait_idle(page)
        hand_in(page, "<img src=x onerror=window.ran=1> ![x](http:evil.example).csv", text)
        step(page, "Columns")
        _harmless(page, recorder)
        page.get_by_role("combobox", name=re.compile("Meaning of the column .*script")).first.click()
        page.get_by_role("option", name="Leave this column out").click()
        wait_idle(page)
        page.get_by_role("button", name="Check the file").click()
        step(page, "Check")
        expect(page.locator(MAIN)).to_contain_text("have to be mended")
        page.locator('[data-testid="stDataFrame"]').first.hover()
        _harmless(page, recorder)
        for path in ("upload", "history?h_k=files"):
            page.goto(f"{staffed.url}/{path}")
            wait_idle(page)
            expect(page.locator(MAIN)).to_contain_text("<img src=x onerror=window.ran=1>")
            _harmless(page, recorder)


@pytest.mark.matrix(47, 48)
@pytest.mark.parametrize("path", ["", "map", "progress", "city", "network", "partners", "meeting", "data"])
def test_markup_and_sql_in_the_address_are_text_and_find_nothing_on_every_page(
    staffed: Staffed, new_context: ContextMaker, recorder: Recorder, path: str
) -> None:
    context = new_context()
    recorder.watch(context)
    page = context.new_page()
    markup = f"{NASTY}{MARKDOWN}".replace("#", "")
    asked = [f"{key}={markup}" for key in ("city", "country", "ind", "mt_c")]
    asked += [
        f"{key}={SQL}" for key in ("city", "group", "country", "size", "yard", "ind", "from", "d_s", "d_t")
    ]
    page.goto(f"{staffed.url}/{path}?" + "&".join(asked))
    wait_idle(page)
    assert page.locator('[data-testid="stException"]').count() == 0
    expect(page.locator(MAIN)).not_to_contain_text("This page could not be drawn")
    _harmless(page, recorder)
    assert recorder.outside() == []
    context.close()


def _harmless(page: Page, recorder: Recorder) -> None:
    """Nothing was run, and nobody else was asked for anything."""
    wait_quiet(page, recorder)
    assert page.evaluate("window.ran") is None
    assert (
        page.locator(
            f"{MAIN} script, {MAIN} img[src*='evil.example'], {MAIN} a[href*='evil.example']"
        ).count()
        == 0
    )
    assert [url for url in recorder.outside() if "evil.example" in url] == []
