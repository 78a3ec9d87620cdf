"""A file with ten kinds of fault in the real browser: mended, asked, previewed, saved, published, seen, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from geo import intake, library, versions
from geo.dataset import Dataset
from geo.repairs import Repair
from geo.store import Store, open_store
from tests.browser.test_accessibility import grave
from tests.conftest import Servers, both_processes

pytestmark = pytest.mark.browser
FAULTS = Path(__file__).parent.parent / "fixtures" / "intake" / "ten_faults.csv"
HEADING = "Who {{7*7}} pays <b>"
HOSTILE = "Activity <img src=x onerror=alert(1)> {{7*7}}"
# Row, column, what stands there, and the answer that the person gives: chosen from the list, or written.
ANSWERS = (
    (3, "sdgs", "19", "13"),
    (4, "sdgs", "6.13", "6;13"),
    (5, "start_date", "next spring", "2026-03"),
    (6, "budget_usd", "two million", "2000000"),
    (7, "locations_as_published", "Atapeuu", "Attapeu (LA17)"),
    (8, "activity_id", "good-1", "good-1-row8"),
    (10, "activity_id", "", "found"),
    (12, "status", "soon", ""),
)


@pytest.fixture(scope="module")
def servers(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with both_processes(tmp_path_factory.mktemp("intake")) as both:
        yield both


@pytest.fixture
def kept(servers: Servers) -> Iterator[Store]:
    """The store of both processes, read from here."""
    one = open_store(servers.store)
    yield one
    one.close()


def file_bytes() -> bytes:
    """Return the file with a heading of the agency's own, and a title that no page may take for markup."""
    text = FAULTS.read_text(encoding="utf-8")
    head, rest = text.split("\n", 1)
    assert "donors" in head
    return f"{head.replace('donors', HEADING)}\n{rest.replace('Activity good-2', HOSTILE)}".encode()


def words(data: Dataset) -> str:
    """Return the line that adds up."""
    located, nationwide, unlocated = (
        sum(found.scope == name for found in data.corrected.decisions)
        for name in ("subnational", "nationwide", "unlocated")
    )
    parts = f"{located} in provinces + {nationwide} nationwide + {unlocated} unlocated"
    return f"{len(data)} activities = {parts}"


def drop(page: Page, name: str, data: bytes) -> None:
    """Drop a file in the place of the one before."""
    page.locator(".st-key-w_intake_file input[type=file]").set_input_files(
        FilePayload(name=name, mimeType="text/csv", buffer=data)
    )


def answer(page: Page, row: int, column: str, text: str) -> None:
    """Choose an answer of the list, or write one that is not in it."""
    name = re.compile(rf"Answer for row {row}, {column}\b")
    plain = page.get_by_role("textbox", name=name)
    if plain.count():
        plain.fill(text)
        return
    box = page.get_by_role("combobox", name=name)
    box.click()
    box.press_sequentially(text or "leave this value out")
    page.get_by_role("option").first.click()
    expect(page.get_by_role("option")).to_have_count(0)


def shows(page: Page, server: str, data: Dataset) -> None:
    """Open the map and wait for its line to say these figures."""
    page.goto(f"{server}/")
    expect(page.locator(".st-key-adds_up")).to_have_text(words(data), use_inner_text=True)


def test_a_faulty_file_is_mended_previewed_published_and_taken_back(page: Page, servers: Servers, kept: Store) -> None:
    data = file_bytes()
    mapping = {HEADING: "donors"}
    mended = (Repair(11, "agencies", "World Fod Programme", "WFP"), *(Repair(*one) for one in ANSWERS))
    found = intake.read(data, "faults.csv", mapping=mapping, mended=mended)
    present, after = library.embedded(), library.stacked((*library.layers(kept, 0), found))
    change = versions.compare(present, after)
    assert found.unused == ()
    assert {problem.kind for problem in found.problems if problem.row > 1} == {"row_too_long"}
    shows(page, servers.staff, present)

    page.goto(f"{servers.staff}/upload")
    page.get_by_label("Your name").fill("Ann Editor")
    page.get_by_label("Your name").press("Enter")
    page.locator(".st-key-w_intake_agency input").click()
    page.get_by_role("option", name=re.compile("^WFP")).click()

    drop(page, "picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    fault = page.get_by_role("alert").filter(has_text="is not text")
    expect(fault).to_have_count(1)
    expect(fault).to_contain_text("The old data stay as they are.")
    page.get_by_role("button", name=re.compile("Remove")).first.click()
    expect(fault).to_have_count(0)

    drop(page, "faults.csv", data)
    page.get_by_text("9 accepted + 3 rejected").wait_for()
    page.get_by_text("Columns: 19 understood, 1 not").wait_for()
    page.locator("[data-preview=lines]").wait_for()
    page.locator("[data-stale=true]").first.wait_for(state="detached")
    page.wait_for_timeout(1_000)
    assert grave(page) == []
    page.locator("[class*=st-key-w_intake_column_] input").click()
    page.get_by_role("option", name="donors", exact=True).click()
    page.get_by_role("button", name="Use these columns").click()
    page.get_by_text("Columns: 20 understood, 0 not").wait_for()

    page.get_by_role("button", name="Accept all 1").click()
    page.get_by_text("Mended here: 1.").wait_for()
    for row, column, _before, text in ANSWERS:
        answer(page, row, column, text)
    page.get_by_role("button", name="Apply these answers").click()
    page.get_by_text(f"{len(ANSWERS)} answers were applied.").wait_for()
    page.get_by_text("11 accepted + 1 rejected").wait_for()
    assert page.get_by_role("button", name="Apply these answers").count() == 0

    preview = page.locator("[data-preview=lines]")
    expect(preview).to_contain_text(f"Shown now: {words(present)}")
    expect(preview).to_contain_text(f"With this file: {words(after)}")
    expect(page.get_by_role("tab", name=f"New ({len(change.added)})")).to_have_count(1)
    moved = {one.name: one for one in change.areas}
    picture = page.locator("figure.lao-map img").get_attribute("alt")
    assert picture == f"Attapeu {moved['LA17'].new - moved['LA17'].old:+d}"
    assert list(moved) == ["LA17"]
    listed = page.get_by_role("region", name="New", exact=True).inner_text()
    assert HOSTILE in listed
    assert "49" not in listed

    page.get_by_label("Note").fill("First file of the agency")
    page.get_by_role("button", name="Save as a version").click()
    page.get_by_text("Kept as version 1: 11 of 12 rows.").wait_for()
    assert kept.current_version() is None
    assert kept.version_bytes(1) == data
    said = kept.version_mending(1)
    assert (said.base, said.columns, set(said.repairs)) == (0, mapping, set(mended))
    assert kept.columns_of("WFP") == mapping
    publish = page.get_by_role("button", name="Publish version 1")
    expect(publish).to_be_disabled()
    page.get_by_text("I have looked at what would change").click()
    publish.click()
    page.get_by_text("Version 1 is shown to everybody now.").wait_for()
    for server in (servers.public, servers.staff):
        shows(page, server, after)

    page.goto(f"{servers.staff}/upload")
    # A new session knows nothing of the file; the version is still there for everybody to see.
    page.locator(".st-key-w_intake_file").wait_for()
    current = kept.current_version()
    assert current is not None
    assert (current.author, current.note) == ("Ann Editor", "First file of the agency")


def test_what_was_published_is_taken_back_from_the_same_page(page: Page, servers: Servers, kept: Store) -> None:
    alone = b"activity_id,title,locations_as_published\nonly,Wells,Attapeu\n"
    before = kept.current_version()
    shown = library.current(kept)
    page.goto(f"{servers.staff}/upload")
    page.get_by_label("Your name").fill("Bob Editor")
    page.get_by_label("Your name").press("Enter")
    drop(page, "one.csv", alone)
    page.get_by_text("It is all there is; activities that it lacks are gone").click()
    page.get_by_text("More than half of the activities would be gone.").wait_for()
    only = library.from_intake(intake.read(alone, "one.csv"))
    expect(page.locator("[data-preview=lines]")).to_contain_text(f"With this file: {words(only)}")
    expect(page.get_by_role("tab", name=f"Gone ({len(shown)})")).to_have_count(1)
    page.get_by_role("button", name="Save as a version").click()
    page.get_by_text("I have looked at what would change").click()
    page.get_by_role("button", name="Publish version").click()
    page.get_by_text("is shown to everybody now.").wait_for()
    back = "version 1" if before else "the embedded data"
    page.get_by_role("button", name=f"Go back to {back}").click()
    page.get_by_text("Everybody sees the data as before.").wait_for()
    shows(page, servers.public, shown)
    current = kept.current_version()
    assert (current.id if current else 0) == (before.id if before else 0)


def test_the_public_process_takes_no_file(page: Page, servers: Servers) -> None:
    page.goto(f"{servers.public}/upload")
    page.locator("[data-testid=stMain]").get_by_text("Lao SDG activity map").first.wait_for()
    page.wait_for_timeout(1000)
    assert page.locator("input[type=file]").count() == 0
    assert page.locator(".st-key-nav").get_by_text("Data in").count() == 0
