"""A title that is a template, a tag and a script at once is shown as its very letters, wherever a title is shown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from geo.fields import Fields
from tests.browser.support import save
from tests.conftest import serving

pytestmark = pytest.mark.browser
HOSTILE = "{{7*7}}</script><img src=x onerror=alert(1)>"
MARKUP = "*bold* [link](javascript:alert(1)) :red[x] $x^2$ `code` {% include 'x' %} #set page"


@pytest.fixture(scope="module")
def hostile_server(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    source = folder / "hostile.csv"
    with source.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(Fields))
        writer.writeheader()
        for number, title in enumerate((HOSTILE, MARKUP)):
            writer.writerow(
                {
                    **dict.fromkeys(Fields, title),
                    Fields.ACTIVITY_ID: f"h{number}",
                    Fields.SDGS: "6",
                    Fields.LOCATIONS: "Attapeu Province",
                    Fields.AGENCIES: title,
                }
            )
    with serving(folder / "log.txt", DATA=str(source)) as url:
        yield url


def test_hostile_text_is_shown_as_its_very_letters(page, hostile_server):
    dialogs: list[str] = []
    errors: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{hostile_server}/?focus=LA17")
    frame = page.frame_locator("iframe[title='Map of activities']")
    frame.locator("body[data-painted]").wait_for()
    titles = page.locator(".st-key-list_list a").all_inner_texts()
    assert titles == [HOSTILE, MARKUP]
    assert page.locator(".st-key-focus_list a").all_inner_texts() == [HOSTILE, MARKUP]
    for number, title in enumerate((HOSTILE, MARKUP)):
        page.goto(f"{hostile_server}/?activity=h{number}")
        card = page.get_by_role("dialog")
        card.get_by_text("Why it stands where it stands").wait_for()
        assert card.get_by_role("heading").nth(1).inner_text() == title
        assert title in card.inner_text().replace("\n", " ")
    assert page.locator("img[src='x']").count() == 0
    assert frame.locator("img[src='x']").count() == 0
    assert (dialogs, errors) == ([], [])


def test_hostile_filter_words_reach_the_printed_map_as_letters(page, hostile_server):
    page.goto(f"{hostile_server}/?q={'%7B%7B7*7%7D%7D%3C/script%3E%3Cimg%20src=x%20onerror=alert(1)%3E'}")
    page.frame_locator("iframe[title='Map of activities']").locator("body[data-painted]").wait_for()
    text = PdfReader(io.BytesIO(save(page, "pdf"))).pages[0].extract_text()
    assert HOSTILE in " ".join(text.split())
