"""The dashboard of the made-up country in the browser: its map, its names, its figures, and none of another's."""

from __future__ import annotations

import pytest

from tests import made_up_country
from tests.conftest import serving, until
from tests.made_up_country import ACTIVITIES, PROVINCES
from tests.test_second_country import FIRST

pytestmark = pytest.mark.browser
PAGES = ("", "areas", "goals", "method")


@pytest.fixture(scope="module")
def verdania(assets, tmp_path_factory):
    """The address of the dashboard on the made-up country's pack."""
    pack = made_up_country.write(tmp_path_factory.mktemp("verdania"))
    with serving(tmp_path_factory.mktemp("server") / "log.txt", LAO_SDG_PACK=str(pack)) as url:
        yield url


def open_page(page, url: str) -> str:
    """Open a page, wait until it is drawn, and return all its text."""
    page.goto(url)
    page.locator(".st-key-adds_up, [data-testid=stMain] h1, [data-testid=stMain] h2").first.wait_for(timeout=30_000)
    return page.locator("body").inner_text()


def test_the_map_is_the_countrys_in_both_languages(page, verdania):
    english = open_page(page, verdania)
    frame = page.frame_locator("iframe[title='Map of activities']")
    frame.locator("body[data-painted]").wait_for(timeout=30_000)
    assert f"{len(ACTIVITIES)} activities" in english.replace("\n", " ")
    assert page.title() == made_up_country.TITLE
    drawn = frame.locator("body").inner_text()
    for name, _local in PROVINCES.values():
        assert name in drawn
    assert FIRST.findall(english + drawn + page.title()) == []
    french = open_page(page, f"{verdania}/?lang=fr")
    until(page, "document.title.startsWith('Carte')")
    frame.locator("body[data-painted]").wait_for(timeout=30_000)
    frame.get_by_text("Landenord").first.wait_for(timeout=30_000)
    assert FIRST.findall(french + frame.locator("body").inner_text() + page.title()) == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_names_another_country(page, verdania, name):
    text = open_page(page, f"{verdania}/{name}")
    assert FIRST.findall(text) == []
    assert "Traceback" not in text
