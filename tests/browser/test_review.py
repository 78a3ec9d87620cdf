"""The review queue in the real browser: a low case is read, overruled with a reason, seen on the map, and undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from geo import library
from geo.dataset import SCOPES
from geo.store import open_store
from tests.conftest import Servers, both_processes

pytestmark = pytest.mark.browser
DATA = library.embedded()
LOW = [row for row, found in enumerate(DATA.corrected.decisions) if found.confidence == "low"]
ELSEWHERE = [row for row in LOW if DATA.corrected.decisions[row].scope != "nationwide"]
REASON = "The source's page names {{7*7}} all provinces <b>ທົ່ວປະເທດ</b>"


@pytest.fixture(scope="module")
def servers(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with both_processes(tmp_path_factory.mktemp("review")) as both:
        yield both


@pytest.fixture(autouse=True)
def _clean(servers: Servers) -> Iterator[None]:
    """Leave no decision in force behind, however a test ended."""
    yield
    kept = open_store(servers.store)
    while left := kept.decisions():
        for decision in left.values():
            kept.undo(decision.id, "the test is over", "test")
    kept.close()


def counts() -> dict[str, int]:
    return {name: sum(found.scope == name for found in DATA.corrected.decisions) for name in SCOPES}


def adds_up(page: Page, server: str, figures: dict[str, int]) -> None:
    """Open the map and wait for its line to say these figures."""
    page.goto(f"{server}/")
    expect(page.locator(".st-key-adds_up")).to_have_text(line(**figures), use_inner_text=True, timeout=30_000)


def line(subnational: int, nationwide: int, unlocated: int) -> str:
    total = subnational + nationwide + unlocated
    parts = f"{subnational} in provinces + {nationwide} nationwide + {unlocated} unlocated"
    return f"{total} activities = {parts}"


def opened(page: Page, server: str, row: int) -> None:
    """Open the queue at one case."""
    page.goto(f"{server}/queue")
    page.locator(".st-key-case").wait_for()
    title = DATA.activities[row].title
    page.locator(".st-key-w_review_case input").click()
    page.get_by_role("option", name=title, exact=True).click()
    page.locator(".st-key-case").get_by_role("heading", name=title, exact=True).wait_for()


def choose(page: Page, choice: str) -> None:
    page.locator(".st-key-case").get_by_text(choice, exact=True).click()


def decide(page: Page, reason: str) -> None:
    case = page.locator(".st-key-case")
    case.locator("textarea").fill(reason)
    case.get_by_role("button", name="Decide").click()


def name(page: Page, text: str) -> None:
    page.get_by_label("Your name").fill(text)
    page.get_by_label("Your name").press("Enter")


def test_a_low_case_is_read_overruled_seen_and_undone(page: Page, servers: Servers) -> None:
    row = ELSEWHERE[0]
    activity, by_rule, before = DATA.activities[row], DATA.corrected.decisions[row], counts()
    after = {**before, by_rule.scope: before[by_rule.scope] - 1, "nationwide": before["nationwide"] + 1}
    for server in (servers.public, servers.staff):
        adds_up(page, server, before)

    opened(page, servers.staff, row)
    page.get_by_text(f"0 of {len(LOW)} decided").wait_for()
    case = page.locator(".st-key-case")
    shown = case.inner_text()
    for text in (activity.summary, *activity.places, by_rule.reason, *(found.words for found in by_rule.evidence)):
        assert " ".join(text.split()) in " ".join(shown.split())
    if activity.source_url:
        assert case.get_by_role("link", name="Open the source").get_attribute("href") == activity.source_url

    choose(page, "Nationwide")
    case.get_by_text(f"nationwide {before['nationwide']} → {after['nationwide']}").wait_for()
    decide(page, REASON)
    page.get_by_text("Write your name first").wait_for()
    name(page, "Ann Editor")
    decide(page, " ")
    page.get_by_text("Got no reason").wait_for()
    decide(page, REASON)
    page.get_by_text(f"1 of {len(LOW)} decided").wait_for()
    done = page.locator("[class*=st-key-decided_]")
    expect(done).to_have_count(1)
    for text in (activity.title, "nationwide", f"Ann Editor: {REASON}", "UTC"):
        assert text in done.inner_text()

    for server in (servers.staff, servers.public):
        adds_up(page, server, after)
    page.goto(f"{servers.public}/?activity={activity.activity_id}")
    card = page.get_by_role("dialog")
    card.get_by_text(REASON).first.wait_for()
    card.get_by_text("Ann Editor decided this on").wait_for()

    page.goto(f"{servers.staff}/queue")
    page.get_by_text("Undo", exact=True).first.click()
    form = done.locator("[data-testid=stForm]")
    form.locator("input").fill("It was a trial")
    name(page, "Bob Editor")
    form.get_by_role("button", name="Undo").click()
    page.get_by_text(f"0 of {len(LOW)} decided").wait_for()
    page.get_by_text("Nobody has decided a case yet.").wait_for()
    for server in (servers.staff, servers.public):
        adds_up(page, server, before)

    opened(page, servers.staff, row)
    earlier = page.locator(".st-key-case").get_by_text("undone by Bob Editor")
    assert "It was a trial" in earlier.inner_text()


def test_districts_are_chosen_within_their_province(page: Page, servers: Servers) -> None:
    row = ELSEWHERE[1]
    opened(page, servers.staff, row)
    name(page, "Ann Editor")
    case = page.locator(".st-key-case")
    case.get_by_text("Choose provinces or districts", exact=True).click()
    case.get_by_text("Choose at least one area.").wait_for()
    case.get_by_role("combobox", name="Provinces").fill("Attapeu")
    page.get_by_role("option", name="Attapeu", exact=True).click()
    case.get_by_text(re.compile(r"Attapeu \d+ → \d+")).wait_for()
    page.keyboard.press("Escape")
    case.get_by_role("combobox", name="Districts").fill("Sanamxay")
    page.get_by_role("option", name="Sanamxay", exact=True).click()
    page.keyboard.press("Escape")
    page.locator("[class*=st-key-w_in2_]").get_by_text("Sanamxay").wait_for()
    case.locator("textarea").fill("The district is named in the report.")
    case.get_by_role("button", name="Decide").click()
    page.get_by_text("Kept: Sanamxay").wait_for()
    kept = open_store(servers.store)
    (decision,) = kept.decisions().values()
    kept.close()
    assert (decision.activity_id, decision.scope) == (DATA.activities[row].activity_id, "subnational")
    assert [code[:4] for code in decision.areas] == ["LA17"]
    assert len(decision.areas[0]) == 6


def test_two_editors_on_one_case_see_both_decisions(page: Page, context: BrowserContext, servers: Servers) -> None:
    row, other = ELSEWHERE[0], context.new_page()
    key, title = DATA.activities[row].activity_id, DATA.activities[row].title
    for one, who, choice in ((page, "Ann", "Nationwide"), (other, "Bob", "Unlocated: the source does not say where")):
        opened(one, servers.staff, row)
        name(one, who)
        choose(one, choice)
        expect(one.get_by_role("radio", name=choice)).to_be_checked()
    decide(page, "Ann's reason")
    page.get_by_text(f"1 of {len(LOW)} decided").wait_for()
    decide(other, "Bob's reason")
    conflict = other.locator(".st-key-conflict")
    conflict.wait_for()
    for text in ("Yours was not kept", "Ann: Ann's reason", "Bob: Bob's reason"):
        assert text in conflict.inner_text()
    # The case stays open, with Ann's decision beside it: no word of Bob's meets another case.
    other.locator(".st-key-case").get_by_role("heading", name=title, exact=True).wait_for()
    other.locator(".st-key-case").get_by_text("Decided meanwhile").wait_for()
    conflict.get_by_role("button", name="Decide mine instead").click()
    other.get_by_text("Kept: unlocated").wait_for()
    kept = open_store(servers.store)
    history, in_force = kept.history(key), kept.decisions()[key]
    kept.close()
    assert [(one.author, one.scope) for one in history[-2:]] == [("Ann", "nationwide"), ("Bob", "unlocated")]
    assert in_force == history[-1]
    other.close()


def test_the_public_process_has_no_queue(page: Page, servers: Servers) -> None:
    page.goto(f"{servers.public}/queue")
    page.locator("[data-testid=stMain]").get_by_text("Lao SDG activity map").first.wait_for()
    page.wait_for_timeout(1000)
    assert page.get_by_role("button", name="Decide").count() == 0
    assert page.get_by_label("Your name").count() == 0
    assert page.locator(".st-key-nav").get_by_text("Review").count() == 0
