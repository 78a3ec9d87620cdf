"""A third language is a catalogue and its code in the pack: nothing else changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from playwright.sync_api import Browser, expect

from tests.conftest import ROOT, serving

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
        # What the catalogue lacks stays English.
        expect(page.get_by_text("Provinces").first).to_be_visible()
        context.close()
