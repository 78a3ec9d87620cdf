"""What the browser tests compare a page with, and what they wait for."""

from __future__ import annotations

import contextlib
import copy
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from geo import cli

CALM, STEP = 300, 50  # milliseconds without a run, and between looks


def summary(*arguments: str) -> dict[str, Any]:
    """Return what ``python -m geo summary --format json`` prints, by its own entry point in this process."""
    return copy.deepcopy(_summary(arguments))


@cache
def _summary(arguments: tuple[str, ...]) -> dict[str, Any]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert cli.main(["summary", "--format", "json", *arguments]) == 0
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def rest(page: Page) -> None:
    """Wait until no run is under way, nor about to begin: Streamlit forgets a press on what it draws anew."""
    calm = 0
    while calm < CALM:
        page.locator("[data-test-script-state=notRunning]").wait_for()
        page.wait_for_timeout(STEP)
        calm = calm + STEP if page.locator("[data-test-script-state=notRunning]").count() else 0


def save(page: Page, kind: str) -> bytes:
    """Press the link of a file, once the page is that of the view, and return what comes."""
    rest(page)
    with page.expect_download() as waiting:
        page.locator(f"a[data-file='{kind}']").click()
    return Path(waiting.value.path()).read_bytes()


def settled(page: Page) -> None:
    """Wait until the whole page is drawn, and let nothing fade from here on."""
    page.locator("[data-testid=stMainBlockContainer] hr").last.wait_for()
    page.locator("[data-testid=stStatusWidget]").wait_for(state="detached")
    page.locator("[data-stale=true]").first.wait_for(state="detached")
    page.add_style_tag(content="*, *::before, *::after { transition: none !important; animation: none !important; }")
