"""The errands of issue two, in the real browser on the real server: look, filter, read the evidence, share, save."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect

from geo import intake, library
from tests.browser.support import rest, save, summary

pytestmark = pytest.mark.browser


def ready(page) -> None:
    page.locator(".st-key-adds_up").wait_for(timeout=30_000)
    page.frame_locator("iframe[title='Map of activities']").locator("body[data-painted]").wait_for(timeout=30_000)


def says(page, want: dict) -> None:
    """Wait until the line that adds up says these figures."""
    of = "" if want["total"] == len(library.embedded()) else rf"of {len(library.embedded())}\s*"
    parts = (rf"{want['located']} in provinces", rf"{want['nationwide']} nationwide", rf"{want['unlocated']} unlocated")
    whole = re.compile(rf"{want['total']} activities\s*{of}=\s*" + r"\s*\+\s*".join(parts))
    expect(page.locator(".st-key-adds_up")).to_have_text(whole, use_inner_text=True)


def tile(page, goal: int):
    return page.locator(".st-key-w_sdg [role=toolbar] button").nth(goal - 1)


def test_a_donor_filters_reads_shares_and_saves(page, app_server, tmp_path):
    page.goto(app_server)
    ready(page)
    everything = summary()
    says(page, everything)

    tile(page, 6).click()
    page.wait_for_url("**sdg=6**")
    says(page, summary("--sdg", "6"))
    rest(page)
    page.locator(".st-key-w_adm1 input").fill("Attapeu")
    page.get_by_role("option", name="Phongsaly").wait_for(state="detached")  # the list has narrowed and stands still
    page.get_by_role("option", name="Attapeu").click()
    page.wait_for_url("**area=LA17**")
    page.keyboard.press("Escape")

    want = summary("--sdg", "6", "--area", "LA17")
    says(page, want)

    first = page.locator(".st-key-list_list a").first
    title = first.inner_text()
    first.click()
    card = page.get_by_role("dialog")
    card.get_by_text("Why it stands where it stands").wait_for()
    assert title in card.inner_text()
    assert "Confidence" in card.inner_text()

    link = page.url
    assert parse_qs(urlsplit(link).query)["area"] == ["LA17"]
    other = page.context.new_page()
    other.goto(link)
    ready(other)
    other.get_by_role("dialog").get_by_text("Why it stands where it stands").wait_for()
    assert title in other.get_by_role("dialog").inner_text()
    says(other, want)
    other.close()

    card.get_by_role("button", name="Close").click()
    card.wait_for(state="detached")
    picture, table = save(page, "png"), save(page, "csv")
    assert Image.open(io.BytesIO(picture)).width > 3000
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert len(rows) == want["total"]
    assert title in [row["title"] for row in rows]
    page.get_by_text("Data for other tools").click()
    for kind in ("iati", "hxl"):
        found = intake.read(save(page, kind), kind)
        assert (found.kind, len(found.activities)) == (kind, want["total"])
        assert title in [row.title for row in found.activities]


def test_back_and_forward_walk_through_the_views(page, app_server):
    page.goto(app_server)
    ready(page)
    whole = summary()
    says(page, whole)
    tile(page, 7).click()
    page.wait_for_url("**sdg=7**")
    narrow = summary("--sdg", "7")
    assert narrow["total"] < whole["total"]
    says(page, narrow)
    page.evaluate("history.back()")
    says(page, whole)
    page.evaluate("history.forward()")
    says(page, narrow)


def test_an_area_opens_on_the_map_with_its_activities(page, app_server):
    page.goto(app_server)
    ready(page)
    frame = page.frame_locator("iframe[title='Map of activities']")
    frame.locator("[id='LA17'], [data-pcode='LA17']").first.dispatch_event("click")
    page.wait_for_url("**focus=LA17**")
    page.get_by_role("heading", name="Attapeu").wait_for()
    want = next(row for row in summary()["areas"] if row["pcode"] == "LA17")
    shown = page.locator("[data-testid=stMetric]").first.inner_text().split()
    assert str(want["activities"]) in shown


def test_each_part_of_the_sum_shows_its_activities(page, app_server):
    page.goto(app_server)
    ready(page)
    page.locator(".st-key-part_nationwide button").first.click()
    page.wait_for_url("**scope=nationwide**")
    says(page, summary("--scope", "nationwide"))


def test_an_empty_view_says_which_filter_to_loosen(page, app_server):
    page.goto(f"{app_server}/?sdg=14&area=LA18&q=nothing-is-called-this")
    ready(page)
    page.get_by_text("No activity fits all of these filters").wait_for()
    page.locator(".st-key-loosen_q button").wait_for()


def test_a_wrong_link_is_said_and_the_rest_holds(page, app_server):
    page.goto(f"{app_server}/?sdg=6&sdg=99")
    ready(page)
    page.get_by_text("99").first.wait_for()
    says(page, summary("--sdg", "6"))


def test_the_page_has_as_many_activities_as_the_library():
    assert summary()["total"] == len(library.embedded())


def test_a_press_on_a_label_whose_count_has_changed_is_understood(page, app_server):
    page.goto(app_server)
    ready(page)
    rest(page)
    # Both presses come before the first answer: the second bears a count of before.
    page.locator(".st-key-w_adm1 input").click()
    page.get_by_role("option", name="Phongsaly").wait_for()
    press = (
        "[...document.querySelectorAll('[role=option]')].find((one) => one.textContent.startsWith('Phongsaly')).click()"
    )
    tile(page, 6).evaluate(f"tile => {{ tile.click(); {press}; }}")
    page.wait_for_url("**area=LA02**")
    says(page, summary("--sdg", "6", "--area", "LA02"))
