"""Goals in the browser: the matrix, its gaps and the page of one goal show what ``python -m geo summary`` counts."""

from __future__ import annotations

import pytest

from tests.browser.support import summary
from tests.conftest import until

pytestmark = pytest.mark.browser


def matrix(page) -> list[list[str]]:
    """Return the texts of the matrix, row by row."""
    page.locator("table.lao-matrix tbody tr").first.wait_for()
    return page.locator("table.lao-matrix").evaluate(
        "table => [...table.rows].map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )


def ready(page) -> None:
    """Wait until links are followed in the page and arrow keys walk the table."""
    until(page, "!!window.laoLinks && (!!window.laoGrid || !document.querySelector('.lao-matrix'))")


def row(table: list[list[str]], number: int) -> list[str]:
    return next(cells for cells in table[1:] if cells[0].split() and cells[0].split()[0] == str(number))


def test_the_matrix_equals_the_summary_row_by_row(page, app_server):
    page.goto(f"{app_server}/sdg-goals")
    table = matrix(page)
    everything = summary()
    margins = ("total", "located", "nationwide", "unlocated")
    assert table[1][1:5] == [str(everything[name]) for name in margins]
    assert table[1][5:] == [str(area["activities"]) for area in everything["areas"]]
    assert len(table) == 20
    for number in (1, 6, 7, 13, 18):
        want = summary("--sdg", str(number))
        assert row(table, number)[1:5] == [str(want[name]) for name in margins]
        assert row(table, number)[5:] == [str(area["activities"]) for area in want["areas"]]


def test_the_matrix_of_agencies_follows_the_link_and_the_filters(page, app_server):
    page.goto(f"{app_server}/sdg-goals?metric=agencies&years=2015-2020&lang=en")
    table = matrix(page)
    want = summary("--sdg", "6", "--years", "2015-2020")
    assert row(table, 6)[5:] == [str(area["agencies"]) for area in want["areas"]]


def test_a_cell_opens_its_activities_without_a_page_load(page, app_server):
    page.goto(f"{app_server}/sdg-goals")
    want = str(next(area["activities"] for area in summary("--sdg", "6")["areas"] if area["pcode"] == "LA17"))
    assert row(matrix(page), 6)[-2] == want
    ready(page)
    page.evaluate("window.stillHere = true")
    page.locator("table.lao-matrix a[title*='SDG 6 '][title*='Attapeu']").click()
    page.wait_for_url("**area=LA17**")
    assert "sdg=6" in page.url
    page.get_by_text(f"{want} activities of 242").wait_for()
    assert page.evaluate("window.stillHere")
    page.go_back()
    page.locator("table.lao-matrix").wait_for()


def test_the_matrix_is_one_stop_of_the_tab_key_and_arrows_walk_it(page, app_server):
    page.goto(f"{app_server}/sdg-goals")
    matrix(page)
    ready(page)
    assert page.locator("table.lao-matrix a[tabindex='0']").count() == 1
    page.locator("table.lao-matrix a[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    title = page.evaluate("document.activeElement.title")
    assert title.startswith("SDG 1 ")
    assert "In provinces" in title
    assert page.locator("table.lao-matrix a[tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**scope=subnational**")


def test_gaps_are_told_in_words_the_most_severe_first_and_open_their_provinces(page, app_server):
    page.goto(f"{app_server}/sdg-goals")
    first = page.locator(".lao-gaps summary").first
    first.wait_for()
    assert "No recorded activity for goal 14 in any of 18 provinces" in first.inner_text()
    empty = [area["name_en"] for area in summary("--sdg", "9")["areas"] if not area["activities"]]
    nine = page.locator(".lao-gaps li", has_text=f"goal 9 in {len(empty)} provinces")
    nine.locator("summary").click()
    assert nine.locator("p a").all_inner_texts() == empty
    nine.locator("p a").first.click()
    page.wait_for_url("**focus=**")
    page.get_by_text("No recorded activity here under these filters.").wait_for()


def test_every_goal_has_a_small_map_that_opens_its_page(page, app_server):
    page.goto(f"{app_server}/sdg-goals")
    maps = page.locator(".lao-multiples li")
    maps.first.wait_for()
    assert maps.count() == 18
    assert str(summary("--sdg", "13")["total"]) in maps.nth(12).inner_text().split()
    assert maps.locator("img").evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)")
    maps.nth(12).locator("a").click()
    page.wait_for_url("**goal=13**")
    page.get_by_role("heading", name="SDG 13").wait_for()


def test_the_page_of_a_goal_equals_the_summary(page, app_server):
    page.goto(f"{app_server}/sdg-goals?goal=6")
    page.locator(".lao-figures").wait_for()
    want = summary("--sdg", "6")
    figures = dict(
        page.locator(".lao-figures > div").evaluate_all(
            "all => all.map(one => [one.children[0].innerText, one.children[1].innerText])"
        )
    )
    assert figures["Activities"] == str(want["total"])
    reached = sum(area["activities"] > 0 for area in want["areas"])
    assert figures["Provinces reached"] == f"{reached} of {len(want['areas'])}"
    assert figures["Agencies"] == str(len(summary("--sdg", "6", "--by", "agency")["by_agency"]))
    assert figures["Donors"] == str(len(summary("--sdg", "6", "--by", "donor")["by_donor"]))
    years = {str(one["year"]): str(one["activities"]) for one in summary("--sdg", "6", "--by", "year")["by_year"]}
    names = page.locator(".lao-upright .c-name").all_inner_texts()
    counts = page.locator(".lao-upright .c-figure").all_inner_texts()
    assert dict(zip(names, counts, strict=True)) == years
    ranked = page.locator(".lao-across .c-name").all_inner_texts()
    lengths = page.locator(".lao-across .c-figure").all_inner_texts()
    places = {area["name_en"]: str(area["activities"]) for area in want["areas"] if area["activities"]}
    assert dict(zip(ranked, lengths, strict=True)) == places
    page.get_by_role("heading", name=f"Activities ({want['total']})").wait_for()


def test_a_year_of_a_goal_opens_its_activities_on_the_page(page, app_server):
    page.goto(f"{app_server}/sdg-goals?goal=6")
    page.locator(".lao-upright a[aria-label^='2020']").click()
    page.wait_for_url("**years=2020-2020**")
    want = summary("--sdg", "6", "--years", "2020")["total"]
    page.get_by_role("heading", name=f"Activities ({want})").wait_for()


def test_goals_follow_one_another_in_lao_with_both_names(page, app_server):
    page.goto(f"{app_server}/sdg-goals?goal=6&lang=lo")
    page.locator(".lao-goal").wait_for()
    text = page.locator(".lao-goal").inner_text()
    assert "Clean water and sanitation" in text
    assert any("\u0e80" <= letter <= "\u0eff" for letter in text)
    page.locator(".lao-crumbs a[href*='goal=7']").click()
    page.wait_for_url("**goal=7**")
    assert "lang=lo" in page.url
    page.get_by_text("Affordable and clean energy").first.wait_for()


def test_a_goal_without_any_activity_says_so(page, app_server):
    page.goto(f"{app_server}/sdg-goals?goal=14")
    page.get_by_text("No recorded activity here under these filters").wait_for()
    page.get_by_text("No activity fits all of these filters").wait_for()


def test_the_matrix_scrolls_beside_its_held_first_column_on_a_phone(page, app_server):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_server}/sdg-goals")
    matrix(page)
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 390
    moved = page.locator(".lao-scroll").first.evaluate(
        """box => { box.scrollLeft = 400; const head = box.querySelector('tbody th').getBoundingClientRect();
        return [box.scrollLeft, head.left - box.getBoundingClientRect().left] }"""
    )
    assert moved == [400, 0]
