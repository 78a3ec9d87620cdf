"""News and search in Chromium, on the real data: every figure from geo, every result leads where it says."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from geo import gazetteer, library, news, news_map, search, webmap
from geo.filters import Filters

pytestmark = pytest.mark.browser
SLOW = 60_000  # the first visitor of a server waits for all of its caches


def stories(page: Page, server: str, query: str = "") -> None:
    """Open the page of news and wait for its line that adds up."""
    page.goto(f"{server}/stories?{query}")
    expect(page.get_by_text(re.compile(r"^\d+ news items = "))).to_be_visible(timeout=SLOW)


def look_for(page: Page, text: str) -> Locator:
    """Search and return the list of what was found."""
    box = page.get_by_role("textbox", name="Search", exact=True)
    box.fill(text)
    box.press("Enter")
    found = page.locator("#found")
    expect(found.get_by_role("status")).to_contain_text(text.strip()[:20], timeout=SLOW)
    return found


def kept(**view: object) -> tuple[news.NewsItem, ...]:
    return news.apply(news.embedded().items, Filters(**view))  # type: ignore[arg-type]


@pytest.mark.parametrize(("query", "view"), [("", {}), ("sdg=5&kind=story", {"sdg": ("5",), "kind": ("story",)})])
def test_the_page_shows_each_item_once_and_the_line_adds_up(
    page: Page, app_server: str, query: str, view: dict
) -> None:
    stories(page, app_server, query)
    items = kept(**view)
    expect(page.get_by_text(news_map.adds_up(items, "en"), exact=True)).to_be_visible()
    titles = page.locator("ul.lao-news > li")
    expect(titles).to_have_count(len(items))
    frame = page.frame_locator("iframe")
    frame.locator("body[data-painted]").wait_for(timeout=SLOW)
    spec = news_map.build(news.embedded(), items, Filters(**view))
    colours = {one.index: one.colour for one in spec.classes}
    fills = frame.locator("path[data-pcode]").evaluate_all(
        "paths => Object.fromEntries(paths.map(p => [p.dataset.pcode, p.getAttribute('fill')]))"
    )
    assert fills == {area.pcode: colours[area.class_index] for area in spec.areas}
    expect(frame.locator("#legend")).to_contain_text("News items per province")
    expect(frame.locator("#legend")).not_to_contain_text(webmap.texts("en")["corrected"])


def test_a_link_of_a_list_opens_the_source_beside_the_page_and_shows_its_host(page: Page, app_server: str) -> None:
    stories(page, app_server)
    wanted = {item.url: item.host for item in kept() if item.url}
    expect(page.locator("ul.lao-news > li")).to_have_count(len(kept()), timeout=SLOW)
    links = page.locator("ul.lao-news a").evaluate_all("all => all.map(a => [a.href, a.target, a.rel])")
    assert {(target, rel) for _, target, rel in links} == {("_blank", "noopener noreferrer")}
    assert len(links) == sum(bool(item.url) for item in kept())
    first = next(item for item in kept() if item.scope == "subnational")
    entry = page.locator("ul.lao-news > li", has_text=first.title)
    expect(entry.locator(".lao-host")).to_contain_text(wanted[first.url])
    expect(page.get_by_text("no link published").first).to_be_attached()


def test_a_venue_is_no_place_and_its_words_stay(page: Page, app_server: str) -> None:
    stories(page, app_server, "focus=LA01")
    here = page.locator(".st-key-news_here > * li, .st-key-news_here li")
    expect(here).to_have_count(len(news.for_area(kept(), "LA01")))
    named = page.locator(".st-key-news_named li")
    expect(named).to_have_count(len(news.beside_area(kept(), "LA01")))
    expect(named.first).to_contain_text("published as “Vientiane Capital (event)")


def test_an_area_of_the_map_opens_its_news_and_back_closes_it(page: Page, app_server: str) -> None:
    stories(page, app_server)
    frame = page.frame_locator("iframe")
    frame.locator("body[data-painted]").wait_for(timeout=SLOW)
    frame.locator('path[data-pcode="LA13"]').press("Enter")
    name = page.get_by_role("heading", name=gazetteer.names("LA13").name_en)
    expect(name).to_be_visible(timeout=SLOW)
    assert parse_qs(urlsplit(page.url).query)["focus"] == ["LA13"]
    expect(page.locator(".st-key-news_here li")).to_have_count(len(news.for_area(kept(), "LA13")))
    page.go_back()
    expect(name).to_be_hidden(timeout=SLOW)
    page.go_forward()
    expect(name).to_be_visible(timeout=SLOW)


def test_no_news_says_which_filter_to_loosen(page: Page, app_server: str) -> None:
    stories(page, app_server, "sdg=14&kind=speech")
    assert not kept(sdg=("14",), kind=("speech",))
    speeches = kept(kind=("speech",))
    expect(page.get_by_text("No news fits all of these filters.")).to_be_visible()
    button = page.get_by_role("button", name=re.compile(rf"Life below water”: {len(speeches)} news items"))
    button.click()
    expect(page.get_by_text(news_map.adds_up(speeches, "en"), exact=True)).to_be_visible(timeout=SLOW)


def test_a_filter_that_says_nothing_about_news_is_named(page: Page, app_server: str) -> None:
    stories(page, app_server, "donor=Japan")
    expect(page.get_by_text("News states nothing about “funded by Japan”")).to_be_visible()
    expect(page.get_by_text(news_map.adds_up(kept(), "en"), exact=True)).to_be_visible()


@pytest.mark.parametrize("text", ["Xieng Khouang", "Xiangkhoang", "ຊຽງຂວາງ"])
def test_every_spelling_leads_to_the_area(page: Page, app_server: str, text: str) -> None:
    page.goto(f"{app_server}/how?sdg=6")
    found = look_for(page, text)
    area = found.get_by_role("list", name="Areas").get_by_role("link")
    expect(area).to_have_count(1)
    expect(found).to_contain_text(gazetteer.names("LA09").name_lo)
    area.click()
    expect(page).to_have_url(re.compile(r"/places\?"), timeout=SLOW)
    query = parse_qs(urlsplit(page.url).query)
    assert (query["focus"], query["sdg"]) == (["LA09"], ["6"])
    # The list has done its work.
    expect(page.locator("#found")).to_have_count(0, timeout=SLOW)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/how\?"), timeout=SLOW)


def test_results_are_those_of_the_index_with_where_they_lead(page: Page, app_server: str) -> None:
    page.goto(app_server)
    for text in ("WFP", "coffee", "clean water", "nutriton attapeu"):
        found = look_for(page, text)
        wanted = search.index(library.embedded()).find(text)
        expect(found.locator("ul")).to_have_count(len(wanted.groups))
        expect(found.get_by_role("status")).to_contain_text(f"{wanted.total} found")
        for typed, read in wanted.corrected:
            expect(found.get_by_role("status")).to_contain_text(f"“{typed}” is read as “{read}”")
    addresses = (
        look_for(page, "clean water").get_by_role("link").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    )
    assert any(address.startswith("sdg-goals?") and "goal=6" in address for address in addresses)
    addresses = look_for(page, "WFP").get_by_role("link").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert any("who=agency%3AWFP" in address for address in addresses)
    assert any("who=donor%3AWFP" in address for address in addresses)


def test_an_activity_opens_as_its_card_by_keyboard_alone(page: Page, app_server: str) -> None:
    page.goto(app_server)
    title = "Vanmai coffee"
    found = look_for(page, title)
    group = found.get_by_role("list", name=re.compile("Activities"))
    name = group.get_by_role("link").first.inner_text()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == name:
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("heading", name=name)).to_be_visible(timeout=SLOW)
    assert "activity=" in page.url


@pytest.mark.parametrize("text", ['{{7*7}} <b>x</b> "* OR NEAR(', "qzqzqzqzqz", "' ; -- %"])
def test_no_text_is_markup_or_syntax_and_nothing_found_is_said(page: Page, app_server: str, text: str) -> None:
    page.goto(app_server)
    found = look_for(page, text)
    assert found.locator("b").count() == 0
    total = search.index(library.embedded()).find(text).total
    expect(found.get_by_role("status")).to_contain_text(
        f"{total} found" if total else f"Nothing was found for “{text}”"
    )
    page.get_by_role("button", name="Close the results").click()
    expect(found).to_have_count(0)


@pytest.mark.parametrize("width", [390, 768])
def test_news_and_results_fit_a_narrow_screen(page: Page, app_server: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    stories(page, app_server)
    look_for(page, "Attapeu")
    wider = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth")
    assert wider <= 0
