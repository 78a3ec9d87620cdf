"""The view of differences: each number of what the rule changed opens a page that shows that very number."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support import rest, summary

pytestmark = pytest.mark.browser


def numbers(page: Page) -> list[tuple[str, str]]:
    """The numbers of the sentence with their addresses."""
    expect(page.locator(".lao-moves a").first).to_be_visible()
    script = "all => all.map(a => [a.textContent, a.href])"
    return [(text, link) for text, link in page.locator(".lao-moves a").evaluate_all(script) if text.isdigit()]


@pytest.mark.parametrize("where", ["/?view=difference", "/?view=difference&area=LA01", "/how"])
def test_each_number_opens_its_activities(page: Page, app_server: str, where: str) -> None:
    page.goto(f"{app_server}{where}")
    found = numbers(page)
    assert len(found) > 8
    for count, link in [*found[:4], found[-1]]:
        page.goto(link)
        expect(page.locator(".st-key-adds_up p").first).to_contain_text(f"{count} activities")


def test_the_activities_that_moved_say_from_where_and_the_filter_is_taken_away(page: Page, app_server: str) -> None:
    page.goto(f"{app_server}/?view=difference&sdg=4")
    page.get_by_role("link", name="that the rule moved").click()
    page.wait_for_url("**was=elsewhere**")
    rest(page)
    assert parse_qs(urlsplit(page.url).query)["sdg"] == ["4"]
    shown = summary("--sdg", "4", "--was", "elsewhere")["total"]
    expect(page.locator(".st-key-adds_up p").first).to_contain_text(f"{shown} activities")
    facts = page.locator(".st-key-list_list .lao-facts").all_text_contents()
    assert facts
    assert all(" → " in text for text in facts)
    page.get_by_role("button", name="as registered: elsewhere than now").click()
    page.wait_for_url(lambda url: "was=" not in url)
