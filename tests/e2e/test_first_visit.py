"""The first seconds of a visit: the language the page says it is in, and how a deep link finds its server."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, Response, expect

from tests.e2e.conftest import Opener, wait_idle


def test_page_says_the_language_it_is_in_also_after_a_switch(open_page: Opener) -> None:
    page = open_page("data", lang="lt")
    root = page.locator("html")
    expect(root).to_have_attribute("lang", "lt")
    page.get_by_role("radio", name="TR", exact=True).click()
    wait_idle(page)
    expect(root).to_have_attribute("lang", "tr")


def test_deep_link_shows_the_city_and_asks_for_nothing_in_vain(page: Page, open_page: Opener) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    open_page("city", city="taurage")
    expect(page.locator("h1")).to_contain_text("Tauragė")
    assert [answer.url for answer in answers if answer.status >= 400] == []
    scripts = [answer for answer in answers if urlsplit(answer.url).path.endswith(".js")]
    assert len(scripts) > 10
    assert {answer.headers.get("content-encoding") for answer in scripts} == {"gzip"}


def test_first_visit_and_the_runs_after_it_show_the_same_page(open_page: Opener) -> None:
    """The first run draws the page before the filter bar: every element must stay where it was."""
    page = open_page("progress", city="vilnius", yard="own_target")
    main = page.locator('[data-testid="stMain"]')
    first = main.inner_text()
    page.evaluate("document.querySelector('[data-testid=\"stMain\"] h1').dataset.kept = 'yes'")
    for view in ("Table", "Chart"):
        main.get_by_role("radio", name=view).first.click()
        wait_idle(page)
    assert main.inner_text() == first
    assert page.locator('[data-testid="stMain"] h1').get_attribute("data-kept") == "yes"
