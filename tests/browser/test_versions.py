"""Versions in the browser: compare, show to everybody, keep a link to the old one, take the file, go back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo import library
from geo.store import open_store
from tests.browser.support import rest
from tests.browser.test_accessibility import grave
from tests.conftest import serving
from tests.support_versions import changed, second

pytestmark = pytest.mark.browser
DATA = library.embedded()


@pytest.fixture(scope="module")
def servers(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """The staff's and the public's process and the address of their store, with one version that nobody has shown."""
    folder = tmp_path_factory.mktemp("versions")
    file = str(folder / "store.sqlite3")
    kept = open_store(f"sqlite:///{file}")
    kept.add_version(*changed(second), "Ann", "from the agencies")
    kept.close()
    with (
        serving(folder / "staff.txt", APP_ROLE="staff", LAO_SDG_STORE=file) as staff,
        serving(folder / "public.txt", APP_ROLE="public", LAO_SDG_STORE=file) as public,
    ):
        yield staff, public, f"sqlite:///{file}"


def foot(page: Page, text: str) -> None:
    expect(page.locator("[data-testid=stMain]").get_by_text(text).first).to_be_visible()


def test_a_version_is_compared_shown_pinned_and_taken_back(page: Page, servers: tuple[str, str, str]) -> None:
    staff, public, address = servers
    data, _found = changed(second)
    # Not shown yet: no business of the public's, not even by its number.
    page.goto(f"{public}/?version=1&lang=en")
    page.get_by_text("The link asks for version “1”").wait_for()
    foot(page, "embedded data of")

    page.goto(f"{staff}/data-versions?lang=en")
    page.get_by_text("From Embedded data to Version 1").wait_for()
    page.get_by_text(re.compile(r"1 added, 1 removed, 1 changed")).wait_for()
    expect(page.get_by_role("row", name=re.compile("^Store SQLite .*store.sqlite3"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^Versions 1"))).to_be_visible()
    page.wait_for_timeout(1_000)  # what is drawn anew fades in
    assert grave(page) == []
    page.get_by_role("button", name="Show Version 1 to everybody").click()
    page.get_by_role("button", name="Yes, show it").click()
    page.get_by_text("Write your name first").wait_for()
    page.get_by_label("Your name").fill("Ann Editor")
    page.get_by_label("Your name").press("Enter")
    page.get_by_role("button", name="Show Version 1 to everybody").click()
    page.get_by_text("Everybody will see Version 1 instead of Embedded data").wait_for()
    page.get_by_role("button", name="Yes, show it").click()
    page.get_by_text("Everybody sees Version 1 now.").wait_for()
    rest(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="The file as it came").click()
    assert taken.value.suggested_filename == "second.csv"
    assert Path(taken.value.path()).read_bytes() == data
    kept = open_store(address)
    last = kept.audit(1)[0]
    kept.close()
    assert (last.who, last.action, last.subject) == ("Ann Editor", "publish", "version 1")

    page.goto(f"{public}/?lang=en")
    foot(page, "version 1 of")
    assert page.get_by_text("This link keeps to").count() == 0
    page.goto(f"{public}/?version=embedded&sdg=6&lang=en")
    page.get_by_text("This link keeps to embedded data of").wait_for()
    foot(page, "embedded data of")
    page.wait_for_timeout(1_000)
    assert grave(page) == []
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_label("Cite this view")).to_have_value(re.compile(r"version=embedded"))
    page.keyboard.press("Escape")
    page.locator(".st-key-nav").get_by_text("Goals").click()
    page.wait_for_url(re.compile("sdg-goals.*version=embedded|version=embedded.*sdg-goals"))
    page.get_by_text("This link keeps to embedded data of").wait_for()
    page.get_by_role("button", name="Show the newest").click()
    foot(page, "version 1 of")
    page.wait_for_url(lambda url: "version" not in url and "sdg=6" in url)

    page.goto(f"{staff}/data-versions?lang=en")
    page.get_by_label("Your name").fill("Bob Editor")
    page.get_by_label("Your name").press("Enter")
    page.locator(".st-key-w_version input").click()
    page.get_by_role("option", name="Embedded data").click()
    page.get_by_role("button", name="Show Embedded data to everybody").click()
    page.get_by_role("button", name="Yes, show it").click()
    page.get_by_text("Everybody sees Embedded data now.").wait_for()
    page.goto(f"{public}/?version=1&lang=en")
    page.get_by_text("This link keeps to version 1 of").wait_for()


def test_the_public_process_has_no_versions_page(page: Page, servers: tuple[str, str, str]) -> None:
    page.goto(f"{servers[1]}/data-versions")
    page.locator("[data-testid=stMain]").get_by_text("Lao SDG activity map").first.wait_for()
    page.wait_for_timeout(1000)
    assert page.get_by_text("Audit trail").count() == 0
    assert page.locator(".st-key-nav").get_by_text("Versions").count() == 0
