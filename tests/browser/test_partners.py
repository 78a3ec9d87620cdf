"""The partners' page in the real browser: lists, pages, flows and overlaps with the figures of the command line."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from playwright.sync_api import expect

from geo import flows, library
from geo.filters import Filters
from tests.browser.support import save, summary
from tests.conftest import until

pytestmark = pytest.mark.browser


def cells(page, name: str) -> list[list[str]]:
    table = page.get_by_role("region", name=name, exact=True).locator("table").first
    table.wait_for()
    return table.evaluate("t => [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.innerText.trim()))")


def figures(page) -> dict[str, str]:
    page.locator(".lao-figures").first.wait_for()
    found = page.locator(".lao-figures > div").all()
    return {cell.locator("span").first.inner_text(): cell.locator("b").inner_text() for cell in found}


@pytest.mark.parametrize(("who", "kind", "title"), [("", "agency", "Agencies"), ("donors", "donor", "Donors")])
@pytest.mark.parametrize("extra", [(), ("--sdg", "6")])
def test_the_lists_are_those_of_the_command_line(page, app_server, who, kind, title, extra):
    query = "&".join(["who=" + who] * bool(who) + ["sdg=6"] * bool(extra))
    page.goto(f"{app_server}/who?{query}")
    want = {row[kind]: row["activities"] for row in summary("--by", kind, *extra)[f"by_{kind}"]}
    shown = {row[0].split("\n")[0]: int(row[1]) for row in cells(page, title)}
    assert shown == want
    page.get_by_role("heading", name=f"{title} ({len(want)})").wait_for()


def test_implementing_partners_are_all_there(page, app_server):
    page.goto(f"{app_server}/who?who=partners")
    rows = cells(page, "Implementing partners")
    data = library.embedded()
    assert {row[0] for row in rows} == set(data.implementers.names)
    first = rows[0]
    assert int(first[1]) == summary("--partner", first[0])["total"]


@pytest.mark.parametrize(("kind", "name"), [("agency", "WFP"), ("donor", "Japan"), ("partner", "Ministry of Health")])
def test_a_page_has_the_figures_of_the_command_line(page, app_server, kind, name):
    page.goto(f"{app_server}/who?who={kind}:{name.replace(' ', '+')}")
    shown = figures(page)
    want = summary(f"--{kind}", name)
    assert int(shown["Activities"]) == want["total"]
    parts = {"In provinces": "located", "Nationwide": "nationwide", "Unlocated": "unlocated"}
    assert {label: int(shown[label]) for label in parts} == {label: want[key] for label, key in parts.items()}
    page.get_by_role("heading", name=f"Activities ({want['total']})").wait_for()
    rows = {row[0].split()[-1]: int(row[1]) for row in cells(page, "Its activities by province")}
    assert rows == {row["pcode"]: row["activities"] for row in want["areas"] if row["activities"]}
    tiles = page.locator(".lao-goals li").evaluate_all(
        "l => l.map(x => [...x.querySelectorAll('b')].map(b => b.innerText))"
    )
    goals = summary("--by", "goal", f"--{kind}", name)["by_goal"]
    assert {number: int(count) for number, count in tiles} == {str(row["sdg"]): row["activities"] for row in goals}


def test_a_partner_opens_from_the_list_and_its_province_from_there(page, app_server):
    page.goto(f"{app_server}/who")
    page.get_by_role("link", name="WFP", exact=True).first.wait_for()
    until(page, "!!window.laoLinks")
    page.evaluate("window.kept = true")
    page.get_by_role("link", name="WFP", exact=True).first.click()
    page.get_by_role("heading", name="WFP – World Food Programme").wait_for()
    page.get_by_role("link", name="Phongsaly", exact=True).click()
    page.wait_for_url("**/places?**")
    page.get_by_role("heading", name="Phongsaly").wait_for()
    want = next(row for row in summary("--agency", "WFP")["areas"] if row["pcode"] == "LA02")
    assert int(figures(page)["Activities"]) == want["activities"]
    assert page.evaluate("window.kept")


def test_flows_are_a_diagram_and_a_table_of_the_same_figures(page, app_server):
    page.goto(f"{app_server}/who?who=flows")
    diagram = page.locator(".lao-flow")
    diagram.wait_for()
    data = library.embedded()
    everything = np.ones(len(data), dtype=bool)
    want = flows.diagram(data, everything)
    goals = {row["sdg"]: row["activities"] for row in summary("--by", "goal")["by_goal"]}
    texts = diagram.locator("span.lao-node").all_inner_texts()
    assert len(texts) == len(want.nodes)
    for node in want.nodes:
        if node.stage == 2 and node.name:
            assert goals[int(node.name)] == node.activities
            assert any(text.startswith(f"{node.name} ") and text.split()[-1] == str(node.activities) for text in texts)
    rows = cells(page, "Every donor with the agencies that it funds, and their goals")
    paths = flows.paths(data, everything)
    assert [(row[0], row[1], int(row[2])) for row in rows] == [
        (path.donor, path.agency, path.activities) for path in paths[: len(rows)]
    ]
    assert int(rows[0][2]) == summary("--donor", rows[0][0], "--agency", rows[0][1])["total"]
    table = list(csv.DictReader(io.StringIO(save(page, "flow.csv").decode("utf-8-sig"))))
    assert len(table) == len(paths)
    assert save(page, "flow.svg").decode().startswith("<svg")


def test_on_a_phone_the_table_stands_for_the_diagram(page, app_server):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_server}/who?who=flows")
    page.get_by_role("region", name="Every donor with the agencies that it funds, and their goals").first.wait_for()
    expect(page.locator(".lao-flow")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_overlaps_are_listed_opened_and_saved(page, app_server):
    page.goto(f"{app_server}/who?who=overlaps")
    rows = cells(page, "By district")
    data = library.embedded()
    everything = np.ones(len(data), dtype=bool)
    want = flows.overlaps(data, everything, Filters())
    assert [(int(row[2]), row[3]) for row in rows] == [(len(one.agencies), ", ".join(one.agencies)) for one in want]
    first = want[0]
    link = page.get_by_role("region", name="By district").first.locator("tbody tr").first.locator("td.n a")
    link.click()
    page.wait_for_url(f"**focus={first.pcode}**")
    box = page.locator(".st-key-overlap_open")
    box.wait_for()
    expect(box.locator(".st-key-list_overlap a")).to_have_count(len(first.rows))
    # Every activity of the row's agencies at this goal in this district, by the command line.
    assert summary("--area", first.pcode, "--sdg", str(first.goal))["total"] == len(first.rows)
    table = list(csv.DictReader(io.StringIO(save(page, "overlaps.csv").decode("utf-8-sig"))))
    apart = flows.overlaps(data, everything, Filters(), "adm1")
    assert len(table) == len(want) + len(apart)
    assert [row["pcode"] for row in table] == [one.pcode for one in (*want, *apart)]


def test_overlaps_follow_the_goal_filter(page, app_server):
    page.goto(f"{app_server}/who?who=overlaps&sdg=2")
    rows = cells(page, "By district")
    assert rows
    assert {row[1].split()[0] for row in rows} == {"2"}


def test_no_overlap_is_said_and_only_this_year_is_offered(page, app_server):
    page.goto(f"{app_server}/who?who=overlaps&q=nothing-is-called-this")
    page.get_by_text("No two agencies have recorded activities for the same goal").wait_for()
    page.goto(f"{app_server}/who?who=overlaps")
    page.locator(".st-key-overlaps_now button").click()
    page.wait_for_url("**years=**")
    page.get_by_text("without any date are left out by the year filter").wait_for()


def test_an_empty_page_offers_a_way_out(page, app_server):
    page.goto(f"{app_server}/who?who=agency:WFP&q=nothing-is-called-this")
    page.get_by_role("button", name="Remove all filters").click()
    total = summary("--agency", "WFP")["total"]
    page.get_by_role("heading", name=f"Activities ({total})").wait_for()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("who?who=flows", "Every donor with the agencies that it funds, and their goals"),
        ("who", "Agencies"),
        ("places?focus=LA17", "The area (marked) and those that share a border with it"),
        ("places?focus=LA17", "The districts of Attapeu"),
    ],
)
def test_a_phone_shows_each_row_whole_with_its_headings_and_it_stays_a_table(page, app_server, path, name):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_server}/{path}{'&' if '?' in path else '?'}lang=en")
    region = page.get_by_role("region", name=name, exact=True).first
    table = region.get_by_role("table")
    table.wait_for()
    assert region.evaluate("r => r.scrollWidth <= r.clientWidth")
    cut = "t => [...t.querySelectorAll('td')].filter(c => { const b = c.getBoundingClientRect();"
    assert (
        table.evaluate(
            f"{cut} return b.left < 0 || b.right > innerWidth || c.scrollWidth > c.clientWidth + 1; }}).length"
        )
        == 0
    )
    row = table.get_by_role("row").nth(1)
    heads = [head.strip() for head in table.get_by_role("columnheader").all_inner_texts()]
    cells = row.get_by_role("cell").all()
    assert [cell.get_attribute("data-head") for cell in cells] == heads[1:]
    above = "c => getComputedStyle(c, '::before').content.startsWith(JSON.stringify(c.dataset.head))"
    assert all(cell.evaluate(above) for cell in cells)
    assert row.get_by_role("rowheader").bounding_box()["y"] < min(cell.bounding_box()["y"] for cell in cells)
