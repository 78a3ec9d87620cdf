"""The short form of ``make attack`` in the browser: some hostile strings on every page, and in what is uploaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.attack import chrome, corpus

pytestmark = pytest.mark.browser


@pytest.mark.timeout(400)
def test_hostile_strings_are_letters_on_every_page(browser: Browser, assets: Path, tmp_path: Path) -> None:
    found = dict(chrome.run(browser, tmp_path, corpus.sample(len(corpus.SENTINELS) + 2), 3))
    assert {name: tally.faults for name, tally in found.items()} == {name: [] for name in found}
    assert all(tally.checked for tally in found.values())
