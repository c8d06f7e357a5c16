"""Moving about as a visitor does: by links, by keyboard, on a phone, in three languages."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import TITLE, Opener, page_paths, wait_idle

LINKS = '[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]'


def links(page: Page) -> dict[str, str]:
    """Path of each navigation link -> its words."""
    found = {}
    expect(page.locator(LINKS)).to_have_count(len(page_paths()))
    for link in page.locator(LINKS).all():
        found[urlsplit(str(link.get_attribute("href"))).path.strip("/")] = link.inner_text().strip()
    return found


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def follow(page: Page, path: str) -> None:
    """Click the navigation link to a page and wait until it stands."""
    page.locator(LINKS).and_(page.locator(f'[href$="/{path}"], [href*="/{path}?"]')).first.click()
    page.wait_for_url(lambda url: urlsplit(url).path.strip("/") == path)
    wait_idle(page)


def test_navigation_leads_to_every_page(open_page: Opener) -> None:
    page = open_page("")
    shown = links(page)
    assert len(shown) == len(page_paths())
    titles = []
    for path in [path for path in page_paths() if path in shown]:
        follow(page, path)
        titles.append(page.locator(TITLE).first.inner_text())
    assert len(set(titles)) == len(titles) >= len(page_paths()) - 1


def test_chosen_city_stays_in_the_address_from_page_to_page(open_page: Opener) -> None:
    page = open_page("progress", city="vilnius")
    for path in ("city", "map"):
        follow(page, path)
        assert parameters(page).get("city") == ["vilnius"]


def test_wrong_link_is_answered_in_words_and_not_by_an_error(open_page: Opener) -> None:
    wrong = {"city": "atlantis", "yard": "wish", "from": "x", "lang": "xx"}
    page = open_page("progress", **wrong)
    assert page.locator('[data-testid="stException"]').count() == 0
    assert page.locator(TITLE).first.inner_text().strip()
    main = page.locator('[data-testid="stMain"]')
    for word in ("atlantis", "wish"):
        expect(main).to_contain_text(word)


def test_keyboard_alone_opens_another_page(open_page: Opener) -> None:
    page = open_page("data")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.matches('[data-testid$=NavLink]')"):
            break
    else:
        pytest.fail("40 times Tab reached no navigation link")
    before = page.url
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
    wait_idle(page)
