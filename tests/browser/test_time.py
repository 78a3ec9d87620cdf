"""Time in the browser: a year, a day, the player and the lines show what ``python -m geo summary`` counts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.support import summary

pytestmark = pytest.mark.browser


def bars(page) -> dict[str, str]:
    page.locator(".lao-upright li").first.wait_for()
    names = page.locator(".lao-upright .c-name").all_inner_texts()
    return dict(zip(names, page.locator(".lao-upright .c-figure").all_inner_texts(), strict=True))


def test_the_bars_of_the_years_equal_the_summary_under_the_filters(page, app_server):
    page.goto(f"{app_server}/years?sdg=2&years=2016-2016")
    want = {str(one["year"]): str(one["activities"]) for one in summary("--sdg", "2", "--by", "year")["by_year"]}
    assert bars(page) == want
    assert page.locator(".lao-upright .on .c-name").inner_text() == "2016"


def test_a_bar_opens_its_year_and_closes_it_again(page, app_server):
    page.goto(f"{app_server}/years")
    assert bars(page)["2020"] == str(summary("--years", "2020")["total"])
    page.locator(".lao-upright a[aria-label^='2020']").click()
    page.wait_for_url("**years=2020-2020**")
    want = summary("--years", "2020")["total"]
    page.get_by_text(f"{want} activities are active in 2020.").wait_for()
    page.get_by_text(f"{want} activities of 242").wait_for()
    page.locator(".lao-upright .on a").click()
    page.get_by_text("activities state a date.").wait_for()
    assert "years=20" not in page.url


def test_undated_activities_are_counted_apart_and_never_hidden_unsaid(page, app_server):
    everything, year = summary(), summary("--years", "2020")
    undated = summary("--years", "2020", "--undated", "1")["total"] - year["total"]
    page.goto(f"{app_server}/years?years=2020-2020")
    page.get_by_text(f"{undated} of {everything['total']} activities state no date").wait_for()
    page.get_by_text(f"{undated} without any date are left out.").wait_for()
    page.get_by_text(f"Activities without any date ({undated})").wait_for()
    page.locator(".st-key-keep_undated button").click()
    page.wait_for_url("**undated=1**")
    page.get_by_text(f"{undated} without any date are shown too.").wait_for()
    page.get_by_text(f"{year['total'] + undated} activities of 242").wait_for()


def test_active_on_a_date_selects_by_the_link_and_says_how_surely(page, app_server):
    want = summary("--on", "2020-06-30")["total"]
    page.goto(f"{app_server}/years?on=2020-06-30")
    page.get_by_text(f"{want} activities are active on 30 June 2020").wait_for()
    page.get_by_text(f"{want} activities of 242").wait_for()
    assert 0 < want < summary("--years", "2020")["total"]
    box = page.get_by_role("group", name="Active on a date").or_(page.locator(".st-key-w_on input")).first
    box.wait_for()


def test_the_player_steps_the_years_and_the_link_follows(page, app_server):
    page.goto(f"{app_server}/years?years=2024-2024")
    bars(page)
    player = page.locator(".st-key-play button")
    player.click()
    page.wait_for_url("**years=2025-2025**")
    page.wait_for_url("**years=2027-2027**")
    page.get_by_text(f"{summary('--years', '2027')['total']} activities are active in 2027.").wait_for()
    page.locator(".st-key-play button", has_text="Play").wait_for()
    player.click()
    page.wait_for_url("**years=2008-2008**")
    player.click()
    page.locator(".st-key-play button", has_text="Play").wait_for()


def test_who_wants_less_motion_steps_by_hand(browser, app_server):
    context = browser.new_context(reduced_motion="reduce", locale="en-GB")
    page = context.new_page()
    page.goto(f"{app_server}/years?years=2024-2024")
    page.locator(".st-key-play button", has_text="Next year").click()
    page.wait_for_url("**years=2025-2025**")
    page.get_by_text("activities are active in 2025.").wait_for()
    page.wait_for_timeout(2500)
    assert "2025-2025" in page.url
    context.close()


def test_the_slider_moves_by_keyboard(page, app_server):
    page.goto(f"{app_server}/years?years=2016-2016")
    bars(page)
    page.locator(".st-key-w_year input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**years=2017-2017**")
    page.get_by_text(f"{summary('--years', '2017')['total']} activities are active in 2017.").wait_for()


def test_every_dated_activity_has_a_line_that_opens_it(page, app_server):
    page.goto(f"{app_server}/years?years=2016-2016")
    lines = page.locator(".lao-strips li:not(.c-axis)")
    lines.first.wait_for()
    assert lines.count() == summary("--years", "2016")["total"]
    assert lines.locator(".c-bar").count() >= lines.count()
    title = lines.first.locator(".c-name").inner_text().split(" ", 1)[1][:20]
    lines.first.locator("a").click()
    page.wait_for_url("**activity=**")
    expect(page.get_by_role("dialog")).to_contain_text(title)


def test_more_lines_than_a_page_holds_are_paged(page, app_server):
    page.goto(f"{app_server}/years")
    lines = page.locator(".lao-strips li:not(.c-axis)")
    lines.first.wait_for()
    undated = summary("--years", "2020", "--undated", "1")["total"] - summary("--years", "2020")["total"]
    dated = summary()["total"] - undated
    assert lines.count() == min(150, dated)
    page.get_by_text(f"150 of {dated} dated activities").wait_for()


def test_a_selection_without_any_activity_is_said(page, app_server):
    page.goto(f"{app_server}/years?sdg=14")
    page.get_by_text("No activity fits all of these filters").wait_for()
    page.get_by_text("No activity of this selection states a date.").first.wait_for()


def test_the_page_fits_a_phone(page, app_server):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_server}/years?years=2016-2016&lang=lo")
    bars(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert page.locator(".lao-upright").bounding_box()["width"] <= 390
