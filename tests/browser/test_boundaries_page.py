"""Own boundaries in the browser: a bad file refused, a good one checked on a map, kept, drawn after a start, undone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.store import open_store
from tests.conftest import serving
from tests.test_own_boundaries import CREDIT, moved

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of the test and the store."""
    made = tmp_path_factory.mktemp("borders")
    (made / "mine.geojson").write_bytes(moved())
    document = json.loads(moved())
    document["features"][5]["geometry"] = document["features"].pop(9)["geometry"]
    (made / "other.geojson").write_text(json.dumps(document), encoding="utf-8")
    return made


def test_boundaries_are_checked_kept_drawn_and_undone(page: Page, folder: Path) -> None:
    file = str(folder / "store.sqlite3")
    with serving(folder / "first.txt", LAO_SDG_STORE=file) as staff:
        page.goto(f"{staff}/borders?lang=en")
        page.get_by_text("The maps draw: Embedded boundaries.").wait_for()
        upload = page.locator("[data-testid=stFileUploaderDropzoneInput]")
        upload.set_input_files(folder / "other.geojson")
        page.get_by_text("got 147 districts; expected 148: missing are").wait_for()
        page.get_by_text("not known, or there twice").wait_for()
        expect(page.get_by_alt_text("The file as it was read")).to_be_visible()
        upload.set_input_files(folder / "mine.geojson")
        page.get_by_text("This file can stand for the country.").wait_for()
        page.get_by_text("148 districts, recognised by the column ADM2_PCODE").wait_for()
        drawn = page.locator("[data-testid=stHtml] img[src^='data:image/svg']")
        expect(drawn).to_be_visible()
        assert drawn.evaluate("image => image.complete && image.naturalWidth > 0")
        page.get_by_role("button", name="Keep and draw from the next start on").click()
        page.get_by_text("Write your name first").wait_for()
        page.get_by_label("Your name").fill("Ann Editor")
        page.get_by_label("Your name").press("Enter")
        page.get_by_role("textbox", name="Credit").fill(CREDIT)
        page.get_by_role("textbox", name="Credit").press("Enter")
        page.get_by_role("button", name="Keep and draw from the next start on").click()
        page.get_by_text("From the next start on the maps draw: Boundaries 1.").wait_for()
        page.get_by_text("From the next start of the server on they draw: Boundaries 1").wait_for()
    with serving(folder / "second.txt", LAO_SDG_STORE=file) as staff:
        page.goto(f"{staff}/borders?lang=en")
        page.get_by_text(f"The maps draw: Boundaries 1. {CREDIT}").wait_for()
        page.get_by_label("Your name").fill("Ann Editor")
        page.get_by_label("Your name").press("Enter")
        page.get_by_role("button", name="Draw Embedded boundaries from the next start on").click()
        page.get_by_role("button", name="Yes, draw it").click()
        page.get_by_text("From the next start on the maps draw: Embedded boundaries.").wait_for()
    kept = open_store(f"sqlite:///{file}")
    assert kept.boundaries.current() is None
    assert [(one.who, one.action) for one in kept.audit()] == [
        ("Ann Editor", "publish boundaries"),
        ("Ann Editor", "publish boundaries"),
        ("Ann Editor", "add boundaries"),
    ]
    kept.close()


def test_the_public_cannot_reach_it(page: Page, folder: Path) -> None:
    with serving(folder / "public.txt", APP_ROLE="public", LAO_SDG_STORE=str(folder / "public.sqlite3")) as public:
        page.goto(f"{public}/borders?lang=en")
        page.locator("[data-testid=stMain]").get_by_text("activities", exact=False).first.wait_for()
        assert page.get_by_text("The maps draw:").count() == 0
        assert page.locator("[data-testid=stFileUploaderDropzoneInput]").count() == 0
