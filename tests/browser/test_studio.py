"""The studio in the real browser: one click from any view, a file that is dropped brings its view back."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pptx
import pytest
from playwright.sync_api import Page, expect

from geo import library, printmap, provenance, studio
from geo.dataset import build
from geo.filters import Filters
from geo.studio_spec import StudioSpec
from tests.browser.support import rest

pytestmark = pytest.mark.browser
PREVIEW = ".st-key-studio_preview img"


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_from_a_view_to_the_file_and_back(page: Page, app_server: str, tmp_path: Path) -> None:
    page.goto(f"{app_server}/?sdg=6&agency=UNICEF")
    page.get_by_role("link", name="Studio").click()
    expect(page.locator(PREVIEW)).to_be_visible(timeout=60_000)
    assert query(page)["sdg"] == ["6"]
    rest(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PNG file").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name.startswith("LAO_sdg06_A4_")
    view = provenance.read(file.read_bytes())
    assert parse_qs(view.query) == {"lang": ["en"], "sdg": ["6"], "agency": ["UNICEF"]}
    rest(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PPTX file").click()
    slide = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(slide)
    assert slide.name == file.name.replace(".png", ".pptx")
    assert "SDG 6" in " ".join(
        s.text_frame.text for s in pptx.Presentation(str(slide)).slides[0].shapes if s.has_text_frame
    )
    page.goto(f"{app_server}/studio")
    expect(page.locator(PREVIEW)).to_be_visible(timeout=60_000)
    whole = page.locator(PREVIEW).get_attribute("src")
    page.get_by_text("Drop it here to bring its view back").click()
    page.locator(".st-key-w_studio_drop input[type=file]").set_input_files(file)
    expect(page.get_by_text("The view of the file is back")).to_be_visible()
    # the page shows the view of the file, not that which it showed before
    expect(page.locator(PREVIEW)).to_have_attribute("alt", re.compile("SDG 6.*UNICEF"))
    assert page.locator(PREVIEW).get_attribute("src") != whole
    expect(page.get_by_text("Nothing has changed since the file was made")).to_be_visible()
    assert query(page)["sdg"] == ["6"]
    assert query(page)["agency"] == ["UNICEF"]


def test_a_file_of_older_data_says_what_has_changed(page: Page, app_server: str, tmp_path: Path) -> None:
    now = library.embedded()
    older = build(now.activities[:-30], digest="older", published="2025-01-31")
    spec = StudioSpec(Filters(sdg=("1",)), kind="map", paper="square")
    file = tmp_path / "older.pdf"
    file.write_bytes(printmap.pdf(studio.leaves(older, spec), studio.press(spec)))
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.7 not ours")
    page.goto(f"{app_server}/studio")
    expect(page.locator(PREVIEW)).to_be_visible(timeout=60_000)
    page.get_by_text("Drop it here to bring its view back").click()
    page.locator(".st-key-w_studio_drop input[type=file]").set_input_files(file)
    expect(page.get_by_text("of 31 January 2025 then")).to_be_visible()
    assert query(page)["studio"] == ["kind=map&paper=square"]
    page.locator(".st-key-w_studio_drop input[type=file]").set_input_files(other)
    expect(page.get_by_text("carries no view of this map")).to_be_visible()


def test_choices_are_in_the_link_and_an_atlas_shows_its_progress(page: Page, app_server: str, tmp_path: Path) -> None:
    page.goto(f"{app_server}/studio?studio=kind%3Datlas%26items%3DLA17%26items%3DLA01")
    expect(page.locator(PREVIEW)).to_be_visible(timeout=60_000)
    page.get_by_role("radio", name="Portrait").or_(page.get_by_role("button", name="Portrait")).click()
    page.wait_for_url("**orientation%3Dportrait**")
    page.get_by_role("button", name="Make: PDF of all pages").click()
    got = page.get_by_role("button", name="PDF of all pages, ")
    expect(got).to_be_visible(timeout=60_000)
    rest(page)
    with page.expect_download() as waiting:
        got.click()
    waiting.value.save_as(tmp_path / "atlas.pdf")
    assert provenance.read((tmp_path / "atlas.pdf").read_bytes()).studio.startswith("kind=atlas&orientation=portrait")


@pytest.mark.parametrize(
    ("where", "carried", "printed"),
    [
        ("places?focus=LA17&years=2015-2020", {"studio": ["kind=province&items=LA17"]}, "Attapeu"),
        ("places?focus=LA1701", {"studio": ["kind=province&items=LA17"]}, "Attapeu"),
        (
            "?focus=LA13&studio=paper%3Da3%26kind%3Dsheet",
            {"studio": ["kind=province&paper=a3&items=LA13"]},
            "Savannakhet",
        ),
        ("who?who=flows&sdg=4", {"studio": ["kind=flow"], "sdg": ["4"]}, "SDG 4"),
        ("who?who=agency%3AUNDP", {"agency": ["UNDP"]}, "UNDP"),
        ("sdg-goals?goal=6&studio=kind%3Dsheet", {"sdg": ["6"]}, "SDG 6"),
        ("sdg-goals?agency=WFP", {"studio": ["kind=sheet"], "agency": ["WFP"]}, "WFP"),
        ("how?studio=kind%3Dprovince%26items%3DLA17", {"studio": ["kind=province&items=LA17"]}, "Attapeu"),
    ],
)
def test_the_studio_prints_what_stands_open(
    page: Page, app_server: str, where: str, carried: dict[str, list[str]], printed: str
) -> None:
    page.goto(f"{app_server}/{where}")
    page.get_by_role("link", name="Studio", exact=True).click()
    page.wait_for_url("**/studio?**")
    expect(page.locator(PREVIEW)).to_have_attribute("alt", re.compile(printed), timeout=60_000)
    rest(page)
    found = query(page)
    assert {name: found.get(name) for name in carried} == carried
    if "years=" in where:
        assert found["years"] == ["2015-2020"]
    # from a page on which nothing stands open, the choices are still there
    page.get_by_role("link", name="Method", exact=True).click()
    page.wait_for_url("**/how?**")
    page.get_by_role("link", name="Studio", exact=True).click()
    expect(page.locator(PREVIEW)).to_have_attribute("alt", re.compile(printed), timeout=60_000)
    assert query(page).get("studio") == found.get("studio")
