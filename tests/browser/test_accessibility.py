"""axe finds no serious or critical fault on any page in either language."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.support import rest, settled
from tests.conftest import until

pytestmark = pytest.mark.browser
GRAVE = ("serious", "critical")
TRIES = 6
PAGES = (
    "",
    "?focus=LA17",
    "?activity=unhabitat-vangxay-water",
    "sdg-goals",
    "sdg-goals?goal=6",
    "years",
    "places",
    "places?focus=LA17",
    "who",
    "who?who=agency:WFP",
    "stories",
    "studio",
    "how",
    "quality",
    "queue",
    "data-versions",
    "borders",
    "upload",
)


# What looks like a page above in one language is looked at in the other alone.
MORE = (("?view=difference", "en"), ("who?who=flows", "en"), ("who?who=overlaps", "lo"), ("places?focus=LA0903", "lo"))


@pytest.mark.parametrize("path", PAGES)
def test_no_grave_fault_in_either_language(page, app_server, path):
    page.goto(f"{app_server}/{path}{'&' if '?' in path else '?'}lang=en")
    lasting(page)
    if page.locator("[role=dialog]").count():  # it lies over the choice of languages
        page.goto(f"{app_server}/{path}&lang=lo")
    else:
        page.locator(".st-key-w_lang button", has_text="ລາວ").click()
    until(page, "document.documentElement.lang === 'lo'")
    rest(page)
    lasting(page)


@pytest.mark.parametrize(("path", "language"), MORE)
def test_no_grave_fault(page, app_server, path, language):
    page.goto(f"{app_server}/{path}&lang={language}")
    lasting(page)


def lasting(page: Page) -> None:
    """Fail for a grave fault that stays: what is drawn anew fades in, and a faded text has less contrast."""
    settled(page)
    for attempt in range(TRIES):
        page.wait_for_timeout(1_000 if attempt else 300)
        if not (told := grave(page)):
            break
    assert told == []


def grave(page: Page) -> list[tuple[str, str, str]]:
    """Return (rule, target, HTML) of the grave faults that axe finds now."""
    failed = page.locator("[data-testid=stErrorElementStack]")
    assert failed.count() == 0, failed.first.inner_text()
    return [
        (one["id"], str(node["target"]), node["html"][:160])
        for one in Axe().run(page).response["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"][:3]
    ]
