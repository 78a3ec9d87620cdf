"""The live map in Chromium: a small app with figures from a generator stands in for the dashboard."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Dialog, FrameLocator, Page, expect

from geo import webmap
from tests.browser import fixture_app as fixture
from tests.conftest import ROOT, free_port, healthy

pytestmark = pytest.mark.browser
HOSTILE = "{{7*7}}{% raw %}</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def app_server(assets: Path) -> Iterator[str]:
    """The address of the fixture app behind the dashboard's own server."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    script = ROOT / "tests" / "browser" / "fixture_app.py"
    code = f"import sys, runpy; sys.argv = ['x', '{port}']; runpy.run_path({str(script)!r}, run_name='__main__')"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 60
        while not healthy(url):
            assert process.poll() is None, "the fixture app ended before it served"
            assert time.monotonic() < end, "the fixture app did not come up"
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(15)


def show(page: Page, server: str, query: str = "") -> FrameLocator:
    """Open the app and wait for the first picture."""
    page.goto(f"{server}/?{query}")
    frame = page.frame_locator("iframe")
    frame.locator("body[data-painted]").wait_for(timeout=30_000)
    return frame


def change(page: Page, frame: FrameLocator, seed: int) -> None:
    """Press the button and wait until the map bears the delta of ``seed``."""
    before = int(frame.locator("body").get_attribute("data-painted") or "0")
    page.get_by_role("button", name="Change").click()
    frame.locator(f"body:not([data-painted='{before}'])").wait_for()
    expect(page.get_by_text(f"seed: {seed}", exact=True)).to_be_visible()


def fills(frame: FrameLocator) -> dict[str, str]:
    """The fill of each area by its P-code."""
    script = "paths => Object.fromEntries(paths.map(p => [p.dataset.pcode, p.getAttribute('fill')]))"
    found: dict[str, str] = frame.locator("path[data-pcode]").evaluate_all(script)
    return found


def wanted(level: Any, seed: int) -> dict[str, str]:
    spec = fixture.spec(level, seed)
    colours = {each.index: each.colour for each in spec.classes}
    return {a.pcode: colours[a.class_index] if a.class_index >= 0 else "url(#no-data)" for a in spec.areas}


def cut(frame: FrameLocator) -> list[str]:
    """The labels, goal tiles among them, that are seen in part alone."""
    labels = frame.locator("svg.labels :is(text, rect)")
    expect(labels.first).to_be_attached()
    script = """all => {
      const view = document.querySelector(".leaflet-container").getBoundingClientRect();
      const sides = all.map(one => [one.textContent, one.getBoundingClientRect()]);
      return sides.filter(([, box]) => box.right > view.left && box.left < view.right && box.bottom > view.top &&
          box.top < view.bottom && (box.left < view.left || box.right > view.right || box.top < view.top ||
          box.bottom > view.bottom)).map(([text]) => text);
    }"""
    found: list[str] = labels.evaluate_all(script)
    return found


@pytest.mark.parametrize("level", webmap.LEVELS)
def test_every_area_has_the_colour_of_its_class(page: Page, app_server: str, level: str) -> None:
    frame = show(page, app_server, f"level={level}")
    assert fills(frame) == wanted(level, 1)
    change(page, frame, 2)
    assert fills(frame) == wanted(level, 2)


def test_the_frame_lives_over_changes(page: Page, app_server: str) -> None:
    frame = show(page, app_server)
    frame.locator("body").evaluate("body => { body.ownerDocument.defaultView.mark = 'first' }")
    for seed in (2, 3, 4):
        change(page, frame, seed)
    assert frame.locator("body").evaluate("body => body.ownerDocument.defaultView.mark") == "first"


def test_a_click_tells_python_the_area(page: Page, app_server: str) -> None:
    frame = show(page, app_server)
    frame.locator('path[data-pcode="LA13"]').click()
    expect(page.get_by_text("event: area LA13")).to_be_visible()
    expect(frame.locator('path[data-pcode="LA13"]')).to_have_attribute("aria-pressed", "true")
    frame.locator('path[data-pcode="LA13"]').click()
    expect(page.get_by_text("event: clear")).to_be_visible()


def test_the_keyboard_reaches_and_chooses_an_area(page: Page, app_server: str) -> None:
    frame = show(page, app_server)
    first = frame.locator('path[data-pcode="LA01"]')
    for _ in range(30):
        page.keyboard.press("Tab")
        if first.evaluate("path => path === path.ownerDocument.activeElement"):
            break
    else:
        pytest.fail("30 presses of Tab did not reach the first area")
    expect(frame.locator("#tooltip")).to_be_visible()
    expect(first).to_have_attribute("role", "button")
    expect(first).to_have_attribute("aria-label", re.compile(r"Vientiane Capital.*Activities: \d+"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("event: area LA01")).to_be_visible()
    # The page's text may stand there before the map has taken its delta.
    expect(first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_text("event: clear")).to_be_visible()


def test_the_tooltip_tells_both_names_and_the_figures(page: Page, app_server: str) -> None:
    frame = show(page, app_server)
    area = next(one for one in fixture.spec("adm1", 1).areas if one.pcode == "LA13")
    frame.locator('path[data-pcode="LA13"]').hover()
    tooltip = frame.locator("#tooltip")
    expect(tooltip).to_contain_text(area.name_en)
    expect(tooltip).to_contain_text(area.name_lo)
    expect(tooltip).to_contain_text(area.budget_text)


def test_the_legend_counts_areas_and_keeps_zero_and_no_data_apart(page: Page, app_server: str) -> None:
    frame = show(page, app_server)
    spec = fixture.spec("adm1", 1)
    for each in spec.classes:
        row = frame.locator(f'#legend li[data-index="{each.index}"]')
        expect(row.locator(".label")).to_have_text(each.label)
        expect(row.locator(".areas")).to_have_text(str(each.areas))
    expect(frame.locator("#legend li.apart")).to_have_count(1)
    expect(frame.locator("#legend")).to_contain_text(spec.nationwide_text)


def test_goals_are_switched_as_a_group_and_one_by_one(page: Page, app_server: str) -> None:
    frame = show(page, app_server)
    frame.get_by_role("button", name="Layers").click()
    expect(frame.locator("rect.tile")).to_have_count(0)
    frame.get_by_label("All goals").check()
    assert frame.locator("rect.tile").count() > 20
    frame.get_by_label("All goals").uncheck()
    frame.locator('button[data-layer="goal-6"]').click()
    with_goal = sum(any(goal == 6 for goal, _ in area.goals) for area in fixture.spec("adm1", 1).areas)
    expect(frame.locator('rect.tile[data-goal="6"]')).to_have_count(with_goal)


def test_the_clusters_count_every_point_that_is_on(page: Page, app_server: str) -> None:
    size = 5000
    frame = show(page, app_server, f"points={size}&layers=%7B%22points%22:true%7D")
    total = frame.locator("body").evaluate("() => LiveMap.app.points.clusters.reduce((sum, one) => sum + one.count, 0)")
    on = int.from_bytes(fixture.mask(size, 1), "little").bit_count()
    assert total == on
    expect(frame.locator(".leaflet-marker-icon")).to_have_count(0)


def test_hostile_texts_are_shown_letter_by_letter(page: Page, app_server: str) -> None:
    alerts: list[str] = []

    def note(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    frame = show(page, app_server, "hostile=1")
    expect(frame.locator("#legend .name")).to_have_text(HOSTILE)
    frame.locator('path[data-pcode="LA13"]').hover()
    expect(frame.locator("#tooltip dd").last).to_have_text(HOSTILE)
    expect(frame.locator("img[src='x']")).to_have_count(0)
    assert alerts == []


def test_the_policy_stops_nothing_of_ours(page: Page, app_server: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    frame = show(page, app_server, "lang=lo&points=242")
    change(page, frame, 2)
    assert said == []


def test_a_province_is_brought_into_view(page: Page, app_server: str) -> None:
    frame = show(page, app_server, "level=adm2&within=LA17")
    zoom = frame.locator("body").evaluate("() => LiveMap.app.map.getZoom()")
    assert zoom > 8
    expect(frame.locator("path[data-pcode][tabindex='0']")).to_have_count(
        len(fixture.spec("adm2", 1, within="LA17").areas)
    )


def test_a_phone_gets_a_button_for_the_legend_and_a_sheet(context: BrowserContext, app_server: str) -> None:
    browser = context.browser
    assert browser
    phone = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = phone.new_page()
    frame = show(page, app_server, "height=520")
    assert frame.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth")
    assert cut(frame) == []
    expect(frame.locator("#legend .body")).to_be_hidden()
    frame.get_by_role("button", name="Legend").tap()
    expect(frame.locator("#legend .body")).to_be_visible()
    frame.get_by_role("button", name="Legend").tap()
    frame.locator('path[data-pcode="LA13"]').tap()
    expect(frame.locator("#tooltip")).to_be_visible()
    expect(page.get_by_text("event: area")).to_have_count(0)
    frame.get_by_role("button", name="Show the activities").tap()
    expect(page.get_by_text("event: area LA13")).to_be_visible()
    phone.close()


def test_no_label_leaves_the_frame_of_a_phone(page: Page, app_server: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    moves = ("panBy([90, 60], {animate: false})", "zoomIn(1, {animate: false})")
    for query in ("height=546", "height=546&lang=lo", "height=546&layers=%7B%22goals%22:[1,2,3,4,5,6]%7D"):
        frame = show(page, app_server, query)
        assert cut(frame) == []
        # Wherever people drag or zoom it to: four places, each with other labels at its edges.
        for move in moves * 2:
            frame.locator("body").evaluate(f"() => void LiveMap.app.map.{move}")
            assert cut(frame) == []


def test_a_file_that_fails_is_said_in_the_frame(page: Page, app_server: str) -> None:
    page.route("**/map.js", lambda route: route.abort())
    page.goto(app_server)
    expect(page.frame_locator("iframe").locator("#fault")).to_contain_text("could not be drawn")


def test_a_server_without_our_routes_is_said_on_the_page(page: Page, app_server: str) -> None:
    page.route("**/map.html", lambda route: route.fulfill(body="<html>Streamlit</html>", content_type="text/html"))
    page.goto(app_server)
    expect(page.get_by_text("the map's files are not served")).to_be_visible()


def test_the_heap_stays_flat_over_sixty_changes(page: Page, app_server: str) -> None:
    session = page.context.new_cdp_session(page)
    frame = show(page, app_server, "level=adm2&points=1000&layers=%7B%22points%22:true,%22goals%22:[1,6]%7D")

    def heap() -> float:
        session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    for seed in range(2, 12):
        change(page, frame, seed)
    start = heap()
    for seed in range(12, 72):
        change(page, frame, seed)
    assert heap() - start < 8
