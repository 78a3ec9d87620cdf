"""The areas' page in the real browser: its figures are those of the command line, and all of them open."""

from __future__ import annotations

import pytest

from tests.browser.support import summary
from tests.conftest import until

pytestmark = pytest.mark.browser


def figures(page) -> dict[str, str]:
    page.locator(".lao-figures").first.wait_for()
    cells = page.locator(".lao-figures > div").all()
    return {cell.locator("span").first.inner_text(): cell.locator("b").inner_text() for cell in cells}


def cells(page, name: str) -> list[list[str]]:
    table = page.get_by_role("region", name=name, exact=True).locator("table")
    table.wait_for()
    return table.evaluate("t => [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.innerText.trim()))")


def counts(page) -> dict[str, int]:
    """Return the activities by goal of the tiles."""
    texts = page.locator(".lao-goals li").evaluate_all(
        "l => l.map(x => [...x.querySelectorAll('b')].map(b => b.innerText))"
    )
    return {number: int(count) for number, count in texts}


def number(text: str) -> int:
    return int(text.replace(",", "").replace(".", ""))


def test_the_index_has_every_province_with_the_figures_of_the_command_line(page, app_server):
    page.goto(f"{app_server}/places")
    rows = cells(page, "The provinces, ordered by: Activities")
    want = summary()
    assert sorted(number(row[1]) for row in rows) == sorted(row["activities"] for row in want["areas"])
    for area in want["areas"]:
        row = next(row for row in rows if area["pcode"] in row[0])
        assert area["name_en"] in row[0]
        assert area["name_lo"] in row[0]
        assert (number(row[1]), number(row[2])) == (area["activities"], area["agencies"])
        assert row[3] == ("–" if area["people_reached"] is None else f"{area['people_reached']:,}")
    assert [number(row[1]) for row in rows] == sorted((number(row[1]) for row in rows), reverse=True)
    page.get_by_text(f"{want['total']} activities = {want['located']} in provinces").wait_for()


def test_the_index_is_ordered_by_the_figure_of_the_link(page, app_server):
    page.goto(f"{app_server}/places?metric=people")
    rows = cells(page, "The provinces, ordered by: People reached, where stated")
    shown = [number(row[3]) for row in rows if row[3] != "–"]
    assert shown == sorted(shown, reverse=True)
    page.locator(".st-key-w_order").get_by_role("radio", name="Agencies").click()
    page.wait_for_url("**metric=agencies**")
    rows = cells(page, "The provinces, ordered by: Agencies")
    assert [number(row[2]) for row in rows] == sorted((number(row[2]) for row in rows), reverse=True)


@pytest.mark.parametrize("pcode", ["LA17", "LA1703"])
@pytest.mark.parametrize("extra", [(), ("--sdg", "2"), ("--view", "registered")])
def test_a_page_has_the_figures_of_the_command_line(page, app_server, pcode, extra):
    query = "".join(f"&{extra[at].removeprefix('--')}={extra[at + 1]}" for at in range(0, len(extra), 2))
    page.goto(f"{app_server}/places?focus={pcode}{query}")
    shown = figures(page)
    level = "district" if len(pcode) > 4 else "province"
    want = next(row for row in summary("--by", level, *extra)["areas"] if row["pcode"] == pcode)
    assert number(shown["Activities"]) == want["activities"]
    assert number(shown["Agencies"]) == want["agencies"]
    assert shown["People reached, where stated"] == (
        "–" if want["people_reached"] is None else f"{want['people_reached']:,}"
    )
    page.get_by_role("heading", name=f"Activities ({want['activities']})").wait_for()

    here = (*extra, "--area", pcode)
    goals = {str(row["sdg"]): row["activities"] for row in summary("--by", "goal", *here)["by_goal"]}
    assert counts(page) == goals
    agencies = {row["agency"]: row["activities"] for row in summary("--by", "agency", *here)["by_agency"]}
    rows = {row[0].split(" – ")[0]: int(row[1]) for row in cells(page, "Agencies")}
    assert rows == agencies
    years = {row["year"]: row["activities"] for row in summary("--by", "year", *here)["by_year"] if row["activities"]}
    titles = page.locator(".lao-years a").evaluate_all("l => l.map(x => x.title)")
    assert {int(title[:4]): int(title.split()[1]) for title in titles} == years


def test_nationwide_work_is_said_apart_and_opens(page, app_server):
    page.goto(f"{app_server}/places?focus=LA05")
    want = summary()["nationwide"]
    page.get_by_text(f"{want} nationwide activities serve the whole country, Bokeo among it").wait_for()
    page.get_by_text(f"The nationwide activities ({want})").click()
    page.locator(".st-key-list_nation a").first.wait_for()


def test_figures_open_without_a_page_load_and_back_returns(page, app_server):
    page.goto(f"{app_server}/places")
    link = page.get_by_role("link", name="Attapeu", exact=True)
    link.wait_for()
    until(page, "!!window.laoLinks")
    page.evaluate("window.kept = true")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**focus=LA17**")
    page.get_by_role("heading", name="Beside its neighbours").wait_for()
    before = figures(page)["Activities"]
    goal = page.locator(".lao-goals a").first
    count = counts(page)["1"]
    goal.click()
    page.wait_for_url("**sdg=1**")
    page.get_by_role("heading", name=f"Activities ({count})").wait_for()
    assert count == summary("--area", "LA17", "--sdg", "1")["total"]
    page.evaluate("history.back()")
    page.get_by_role("heading", name=f"Activities ({before})").wait_for()
    assert page.evaluate("window.kept")


def test_a_card_opens_from_the_list(page, app_server):
    page.goto(f"{app_server}/places?focus=LA17")
    first = page.locator(".st-key-list_list a").first
    title = first.inner_text()
    first.click()
    card = page.get_by_role("dialog")
    card.get_by_text("Why it stands where it stands").wait_for()
    assert title in card.inner_text()


def test_old_borders_are_said_with_their_source(page, app_server):
    page.goto(f"{app_server}/places?focus=LA18")
    box = page.locator(".st-key-history")
    box.get_by_text("13 December 2013: Xaisomboun established as a province").wait_for()
    assert "Wikipedia" in box.inner_text()
    page.goto(f"{app_server}/places?focus=LA09")
    box.get_by_text("Activities here that began before 13 December 2013").first.wait_for()
    box.get_by_text("Activities that began before 13 December 2013").click()
    box.locator("a").nth(0).wait_for()
    page.goto(f"{app_server}/places?focus=LA17")
    page.get_by_role("heading", name="Beside its neighbours").wait_for()
    assert box.count() == 0


def test_an_empty_area_says_so_and_offers_a_way_out(page, app_server):
    page.goto(f"{app_server}/places?focus=LA17&q=nothing-is-called-this")
    page.get_by_text("No recorded activity here under these filters").wait_for()
    page.get_by_role("button", name="Remove all filters").click()
    total = summary("--area", "LA17")["total"]
    page.get_by_role("heading", name=f"Activities ({total})").wait_for()


def test_going_to_another_area_by_name(page, app_server):
    page.goto(f"{app_server}/places?focus=LA17")
    box = page.get_by_role("combobox", name="Go to a province or district")
    box.click()
    box.fill("Nonghed")
    page.get_by_role("option", name="Nonghed").first.click()
    page.wait_for_url("**focus=LA0903**")
    page.get_by_role("heading", name="Nonghed").wait_for()


def test_lao_names_come_first_in_lao(page, app_server):
    page.goto(f"{app_server}/places?focus=LA17&lang=lo")
    page.get_by_role("heading", name="ອັດຕະປື · Attapeu").wait_for()
