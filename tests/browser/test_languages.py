"""Pages say what language they are in; a third one is a catalogue and its code in the pack: nothing else changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from playwright.sync_api import Browser, Page, expect

from tests.browser.support import rest
from tests.conftest import ROOT, serving, until

pytestmark = pytest.mark.browser
WORDS = {"Map": "Carte", "nationwide": "dans tout le pays", "Filters": "Filtres"}


def test_a_third_language_needs_a_catalogue_alone(browser: Browser, assets: Path, tmp_path: Path) -> None:
    pack = tmp_path / "data"
    shutil.copytree(ROOT / "data", pack)
    settings = pack / "pack.toml"
    text = settings.read_text(encoding="utf-8")
    assert 'languages = ["en", "lo"]' in text
    settings.write_text(text.replace('languages = ["en", "lo"]', 'languages = ["en", "lo", "fr"]'), encoding="utf-8")
    catalogue = Catalog(locale="fr")
    for english, french in WORDS.items():
        catalogue.add(english, french)
    target = pack / "i18n" / "fr" / "LC_MESSAGES" / "messages.po"
    target.parent.mkdir(parents=True)
    with target.open("wb") as handle:
        write_po(handle, catalogue)
    with serving(tmp_path / "log.txt", LAO_SDG_PACK=str(pack)) as url:
        context = browser.new_context(locale="fr-FR")
        page = context.new_page()
        page.goto(url)
        expect(page.locator(".lao-nav a[aria-current]")).to_have_text("Carte")
        expect(page.locator(".st-key-part_nationwide")).to_contain_text("dans tout le pays")
        expect(page.get_by_role("radio", name="Français")).to_be_checked()
        until(page, "document.documentElement.lang === 'fr'")
        # What the catalogue lacks stays English.
        expect(page.get_by_text("Provinces").first).to_be_visible()
        context.close()


def language(page: Page, wanted: str) -> None:
    until(page, "wanted => document.documentElement.lang === wanted", wanted)


def test_a_page_and_what_is_not_in_its_language_say_what_language_they_are_in(page: Page, app_server: str) -> None:
    page.goto(f"{app_server}/?lang=lo")
    language(page, "lo")
    titles = page.locator(".st-key-list_list .lao-list a")
    expect(titles.first).to_be_visible()
    assert page.locator(".st-key-list_list .lao-list a > span[lang=en]").count() == titles.count()
    rest(page)
    page.get_by_role("radio", name="English").click()
    language(page, "en")
    expect(page.locator(".st-key-list_list .lao-list a > span[lang]")).to_have_count(0)
    page.goto(f"{app_server}/stories?lang=lo")
    language(page, "lo")
    expect(page.locator(".lao-news span[lang=en]").first).to_be_attached()
    page.goto(f"{app_server}/sdg-goals?goal=6")
    language(page, "en")
    expect(page.locator(".lao-goal .lao-sub span[lang=lo]")).to_be_visible()
    page.goto(f"{app_server}/?embed=true&lang=lo")
    language(page, "lo")
