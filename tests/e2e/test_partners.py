"""From a city to its candidates and back, the same ten in every browser, a meeting on one sheet of paper."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ContextMaker, Opener, wait_idle
from tests.e2e.test_navigation import follow

HEAD = re.compile(r"^(\d+)\. (.+?), ")
MAIN = '[data-testid="stMain"]'
CARD_HEADS = f'{MAIN} [data-testid="stMarkdown"] p:has(strong)'


def ten(page: Page) -> list[str]:
    """Names on the cards, in order."""
    expect(page.get_by_text(re.compile(r"^1\. ")).first).to_be_visible()
    found = [HEAD.match(text) for text in page.locator(CARD_HEADS).all_inner_texts()]
    return [head.group(2) for head in found if head]


def test_link_shows_the_same_ten_in_a_fresh_browser(open_page: Opener, new_context: ContextMaker) -> None:
    page = open_page("partners", city="vilnius", f_m="ghg_per_person_t", fw_size="4", fw_sect="0", f_a="1")
    mine = ten(page)
    assert len(mine) == 10
    fresh = new_context().new_page()
    fresh.goto(page.url)
    wait_idle(fresh)
    assert ten(fresh) == mine


def test_a_weight_changed_by_hand_goes_into_the_address(open_page: Opener) -> None:
    page = open_page("partners", city="taurage")
    before = ten(page)
    page.get_by_text("What counts as alike, and other limits").click()
    group = page.locator('[data-testid="stButtonGroup"]').filter(has_text=re.compile(r"^Size"))
    group.get_by_role("radio", name="0", exact=True).or_(
        group.get_by_role("button", name="0", exact=True)
    ).first.click()
    page.wait_for_url(re.compile("fw_size=0"))
    wait_idle(page)
    assert parse_qs(urlsplit(page.url).query)["fw_size"] == ["0"]
    assert ten(page) != before


def test_city_to_candidates_to_city(open_page: Opener) -> None:
    page = open_page("city", city="taurage")
    follow(page, "partners")
    expect(page.locator(f"{MAIN} h1").first).to_have_text("Whom should Tauragė talk to?")
    first = ten(page)[0]
    page.get_by_role("link", name="City page").first.click()
    page.wait_for_url(re.compile(r"/city\?"))
    wait_idle(page)
    assert parse_qs(urlsplit(page.url).query)["city"] != ["taurage"]
    expect(page.locator(f"{MAIN} h1").first).to_contain_text(first.split(" ")[0])


def test_candidate_to_meeting(open_page: Opener) -> None:
    page = open_page("partners", city="taurage")
    first = ten(page)[0]
    page.get_by_role("link", name="Prepare a meeting").first.click()
    page.wait_for_url(re.compile(r"/meeting\?"))
    wait_idle(page)
    title = page.locator(f"{MAIN} h1").first
    expect(title).to_contain_text("Tauragė")
    expect(title).to_contain_text(first.split(" ")[0])


@pytest.mark.parametrize("lang", ["en", "lt", "tr"])
def test_meeting_of_four_fits_one_printed_page(lang: str, open_page: Opener) -> None:
    page = open_page("meeting", m=["vilnius", "helsinki", "istanbul", "milan"], lang=lang)
    expect(page.locator(f"{MAIN} table")).to_have_count(2)
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
    page.emulate_media(media="print")
    assert page.locator('[data-testid="stMultiSelect"]').first.is_hidden()
    sheet = page.locator('[data-testid="stMainBlockContainer"]').bounding_box()
    last = page.locator(f"{MAIN} li:visible").last.bounding_box()
    assert sheet is not None
    assert last is not None
    assert last["y"] + last["height"] <= sheet["y"] + sheet["height"] + 1


def test_meeting_of_ten_fits_one_printed_page_too(open_page: Opener) -> None:
    page = open_page("meeting", me="2025-05-07-label", lang="lt")
    expect(page.locator(f"{MAIN} table").first.locator("tbody tr")).to_have_count(10)
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
