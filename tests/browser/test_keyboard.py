"""Every page by keyboard alone: each control is reached by Tab, shows its focus, and none holds the reader."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.support import settled
from tests.conftest import until

pytestmark = pytest.mark.browser
PAGES = ("", "sdg-goals", "years", "places?focus=LA17", "who?who=agency:WFP", "stories", "studio", "how", "quality")
RING = 50  # looks for the ring of a control that has the focus
MOST = 400  # presses of Tab; the longest page has fewer stops
# Widgets whose members share one stop: arrow keys move inside (WAI-ARIA Authoring Practices).
GROUPS = (
    "[role=toolbar], [role=radiogroup], [role=grid], [role=tablist], [role=slider], [data-testid=stDataFrame], table"
)
# Marks what a reader must be able to reach: shown, enabled, and no member of a group that was reached.
MARK = """(groups) => {
  const shown = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const all = document.querySelectorAll(
    "a[href], button, input, textarea, select, summary, iframe, [role=slider], [tabindex='0']");
  let number = 0;
  for (const one of all) {
    if (one.disabled || !shown(one) || one.tabIndex < 0 && !one.closest(groups)) continue;
    one.dataset.stop = number++;
  }
  return number;
}"""
LOOK = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const inner = at.shadowRoot?.activeElement ?? at;
  const one = inner.closest("canvas") ?? inner;  // a grid's cell, which only a screen reader finds, is drawn on it
  // Inside the map's frame its own test looks (test_livemap).
  if (one.tagName === "IFRAME") return ["", "the map", true];
  let seen = false;
  // A widget may draw its ring on a box around the control, or on a mark inside it.
  for (let box = one, up = 0; box && up < 9; box = box.parentElement, up++) {
    for (const part of up ? [box] : [box, ...box.querySelectorAll("*")]) {
      const style = getComputedStyle(part);
      seen ||= style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
    }
  }
  const name = one.getAttribute("aria-label") || one.innerText || one.outerHTML;
  const stop = (one === inner ? at : one).dataset.stop ?? "";
  return [stop, one.tagName + " " + name.slice(0, 60), seen];
}"""
MISSED = """([groups, reached]) => {
  const got = new Set(reached);
  return [...document.querySelectorAll("[data-stop]")].filter((one) => {
    if (got.has(one.dataset.stop) || !one.isConnected) return false;
    const group = one.closest(groups);
    return !(group && [...group.querySelectorAll("[data-stop]"), group].some((other) => got.has(other.dataset.stop)));
  }).map((one) => one.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize("path", PAGES)
def test_tab_reaches_every_control_and_shows_where_it_is(page: Page, app_server: str, path: str) -> None:
    page.goto(f"{app_server}/{path}")
    settled(page)
    if not urlsplit(path).path:
        page.frame_locator("iframe[title='Map of activities']").locator("body[data-painted]").wait_for()
    until(page, f"groups => ({MARK})(groups) > 10", GROUPS)
    reached: list[str] = []
    blind: set[str] = set()
    outside = 0  # presses after which the browser's own controls would have the focus: once round
    for _press in range(MOST):
        page.keyboard.press("Tab")
        at = page.evaluate(LOOK)
        if at is None:
            outside += 1
            if outside > 1:
                break
            continue
        if reached and at[0] == reached[0] and at[0] and len(reached) > 10:
            break
        reached.append(at[0])
        for _look in range(RING):  # a ring may fade in, on a busy machine slowly
            if at[2]:
                break
            page.wait_for_timeout(100)
            at = page.evaluate(LOOK) or at
        if not at[2]:
            blind.add(at[1])
    else:
        pytest.fail(f"still inside after {MOST} presses; last: {reached[-3:]}")
    assert page.evaluate(MISSED, [GROUPS, reached]) == []
    assert blind == set()


def test_the_pages_are_walked_and_a_filter_is_set_without_a_mouse(page: Page, app_server: str) -> None:
    page.goto(app_server)
    settled(page)
    page.locator(".st-key-w_sdg [role=toolbar] button").nth(5).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**sdg=6**")
    settled(page)
    page.locator(".lao-nav a", has_text="Goals").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sdg-goals?sdg=6")
    settled(page)
    page.locator(".lao-nav a[aria-current]", has_text="Goals").wait_for()
