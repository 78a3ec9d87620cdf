"""A view is a link: it is copied, cited, embedded, and gone back to."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from geo import cite, library, news, news_map, pack
from geo.filters import Filters
from tests.browser.support import rest

pytestmark = pytest.mark.browser
SLOW = 60_000


def share(page: Page) -> None:
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("button", name="Copy link")).to_be_visible(timeout=SLOW)


def copied(page: Page, button: str) -> str:
    """Press a button of the popover and return what is on the clipboard then."""
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Copied").first).to_be_visible()
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_what_is_copied_opens_the_same_view(context: BrowserContext, page: Page, app_server: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{app_server}/stories?sdg=5&kind=story&area=LA07")
    items = news.apply(news.embedded().items, Filters(sdg=("5",), kind=("story",), area=("LA07",)))
    line = news_map.adds_up(items, "en")
    expect(page.get_by_text(line, exact=True)).to_be_visible(timeout=SLOW)
    share(page)
    link = copied(page, "Copy link")
    assert link == f"{app_server}/stories?lang=en&sdg=5&area=LA07&kind=story"
    other = context.new_page()
    other.goto(link)
    expect(other.get_by_text(line, exact=True)).to_be_visible(timeout=SLOW)
    assert urlsplit(other.url).path == "/stories"


def test_a_citation_names_the_view_the_data_and_the_link(context: BrowserContext, page: Page, app_server: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{app_server}/?sdg=6")
    share(page)
    text = copied(page, "Copy citation")
    data = library.embedded()
    assert text == cite.citation(data, Filters(sdg=("6",)), f"{app_server}/?lang=en&sdg=6&version=embedded")
    assert text.startswith("Lao SDG activity map: SDG 6 Clean water and sanitation. ")
    assert pack.settings().data["source"] in text
    assert f"version {data.digest[:8]}" in text
    assert "23 November 2026" in text


def test_copying_works_without_the_clipboards_permission(page: Page, app_server: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(app_server)
    share(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text(re.compile("Copied|Press Ctrl"))).to_be_visible()


def test_the_embed_code_shows_the_map_and_its_legend_alone(
    context: BrowserContext, page: Page, app_server: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{app_server}/?sdg=6&focus=LA17")
    share(page)
    code = copied(page, "Copy embed code")
    assert code == cite.embed_code(f"{app_server}/", Filters(sdg=("6",), focus="LA17"))
    source = html.unescape(re.search(r'src="([^"]+)"', code)[1])  # type: ignore[index]
    assert parse_qs(urlsplit(source).query) == {"embed": ["true"], "lang": ["en"], "sdg": ["6"]}
    # In a page of the same server, for other sites are allowed by who runs it.
    page.goto(f"{app_server}/_stcore/health")
    page.set_content(f"<title>Another page</title><h1>Our work</h1>{code}")
    frame = page.frame_locator("iframe")
    inner = frame.frame_locator("iframe")
    inner.locator("body[data-painted]").wait_for(timeout=SLOW)
    expect(inner.locator("#legend")).to_contain_text("Activities per province")
    expect(inner.get_by_text(pack.settings().data["boundary_credit"])).to_be_visible()
    for absent in ("[data-testid=stSidebar]", ".st-key-nav", "[class*=st-key-list_]"):
        assert frame.locator(absent).count() == 0, absent
    expect(frame.locator("[data-testid=stHeader]")).to_be_hidden()
    assert frame.get_by_role("textbox").count() == 0
    full = frame.get_by_role("link", name="Open the full map")
    assert full.evaluate("link => link.href") == f"{app_server}/?lang=en&sdg=6"
    assert (full.get_attribute("target"), full.get_attribute("rel")) == ("_blank", "noopener noreferrer")


def test_a_frame_fits_what_it_is_given_and_stays_a_frame(page: Page, app_server: str) -> None:
    page.set_viewport_size({"width": 390, "height": 520})
    page.goto(f"{app_server}/?embed=true&sdg=6")
    inner = page.frame_locator("iframe")
    inner.locator("body[data-painted]").wait_for(timeout=SLOW)
    over = page.evaluate("(m => m.scrollWidth - m.clientWidth)(document.querySelector('[data-testid=stMain]'))")
    assert over <= 0
    inner.locator('path[data-pcode="LA17"]').press("Enter")
    expect(page).to_have_url(re.compile("focus=LA17"), timeout=SLOW)
    assert "embed=true" in page.url
    assert page.locator("[data-testid=stSidebar]").count() == 0


def test_back_and_forward_go_through_the_views(page: Page, app_server: str) -> None:
    page.goto(f"{app_server}/stories")
    whole = news_map.adds_up(news.embedded().items, "en")
    part = news_map.adds_up(news.apply(news.embedded().items, Filters(kind=("speech",))), "en")
    expect(page.get_by_text(whole, exact=True)).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name=re.compile(r"^speech \(")).click()
    expect(page.get_by_text(part, exact=True)).to_be_visible(timeout=SLOW)
    assert parse_qs(urlsplit(page.url).query) == {"kind": ["speech"]}
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page.get_by_role("heading", name="Activities", exact=True)).to_be_visible(timeout=SLOW)
    page.go_back()
    expect(page.get_by_text(part, exact=True)).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name=re.compile(r"^speech \("))).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(page.get_by_text(whole, exact=True)).to_be_visible(timeout=SLOW)
    page.go_forward()
    expect(page.get_by_text(part, exact=True)).to_be_visible(timeout=SLOW)


@pytest.mark.parametrize(("later", "line"), [(0, 0), (150, 400)])
def test_a_page_opened_before_the_pressed_filter_has_come_back_keeps_that_filter(
    page: Page, app_server: str, later: int, line: int
) -> None:
    """``later``: milliseconds from the filter's press to the link's; ``line``: what an answer takes on its way."""
    page.add_init_script(f"""
      window.WebSocket = class extends WebSocket {{
        addEventListener(kind, take, ...more) {{
          const late = (event) => setTimeout(() => take.call(this, event), {line});
          super.addEventListener(kind, kind === "message" ? late : take, ...more);
        }}
      }};
    """)
    page.goto(app_server)
    page.locator("[data-testid=stSidebar] .st-key-w_sdg button").first.wait_for(timeout=SLOW)
    page.locator("[data-testid=stMainBlockContainer] hr").last.wait_for(timeout=SLOW)
    page.locator("nav.lao-nav a").first.wait_for(timeout=SLOW)
    rest(page)
    page.evaluate(
        """async (later) => {
      document.querySelectorAll(".st-key-w_sdg [role=toolbar] button")[5].click();
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      await new Promise((done) => setTimeout(done, later));
      [...document.querySelectorAll("nav.lao-nav a")].find((one) => one.pathname.endsWith("/sdg-goals")).click();
    }""",
        later,
    )
    page.wait_for_url("**/sdg-goals?*")
    rest(page)
    assert parse_qs(urlsplit(page.url).query)["sdg"] == ["6"]
    page.locator(".lao-nav a[aria-current]", has_text="Goals").wait_for()
    assert page.locator("nav.lao-nav").get_attribute("data-query") == "sdg=6"
