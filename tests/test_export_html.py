"""The standalone page as a file: its size, what it embeds, and that nothing in it can be run or asked for."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from geo import filters, library, provenance
from geo.export import html, html_data, html_words
from geo.export.html import SCRIPTS
from geo.filters import Filters
from geo.webmap import ASSETS
from tests.support_export import HOSTILE, LONG, ODD, VIEWS, hostile

DATA = library.embedded()
MOST = 1_500_000  # bytes, for the embedded data


class Seen(HTMLParser):
    """Elements with their attributes, and the text of each script by its id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.scripts: dict[str, str] = {}
        self.inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        self.inside = found.get("id", "") if tag == "script" else self.inside

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag == "script" else self.inside

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.scripts[self.inside] = self.scripts.get(self.inside, "") + data


@pytest.fixture(scope="module")
def page(assets: object) -> str:
    """The page of all activities."""
    return html.render(DATA, Filters()).decode()


@pytest.mark.parametrize("found", VIEWS, ids=str)
def test_the_file_is_small_and_carries_its_view(assets: object, found: Filters) -> None:
    data = html.render(DATA, found)
    assert len(data) <= MOST
    view = provenance.read(data)
    assert provenance.filters_of(view, DATA)[0] == found
    assert (view.digest, view.total) == (DATA.digest, int(filters.apply(DATA, found).sum()))


def test_nothing_in_it_is_asked_for(page: str) -> None:
    seen = Seen(page)
    policy = next(attrs["content"] for tag, attrs in seen.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "connect-src" not in policy
    assert page.index("Content-Security-Policy") < page.index("<script")
    assert [attrs for tag, attrs in seen.tags if {"src", "href"} & set(attrs) and attrs.get("href") != "#list"] == []
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    addresses = [url for style in styles for url in re.findall(r"url\(\"?([^)]*)", style)]
    assert len(addresses) >= 2
    assert [url for url in addresses if not url.startswith(("data:", "#"))] == []
    assert not [style for style in styles if "@import" in style]


def test_the_data_is_the_whole_selection(page: str) -> None:
    data = json.loads(Seen(page).scripts["standalone"])
    assert [row[0] for row in data["activities"]] == [activity.activity_id for activity in DATA.activities]
    assert set(data["words"]) == {"en", "lo"}
    assert data["words"]["en"].keys() == data["words"]["lo"].keys()


def test_filters_that_the_page_cannot_change_bound_what_it_holds(assets: object) -> None:
    found = Filters(target=("6.1",), sdg=("4",), on="2024-01-01")
    kept = filters.apply(DATA, Filters(target=("6.1",), on="2024-01-01"))
    assert html_data.kept(DATA, found) == list(kept.nonzero()[0])
    data = json.loads(Seen(html.render(DATA, found).decode()).scripts["standalone"])
    assert len(data["activities"]) == kept.sum()
    assert "6.1" in data["words"]["en"]["fixed"]["target"]
    assert data["start"]["sdg"] == ["4"]


def test_hostile_texts_stay_inside_their_json(assets: object) -> None:
    data = html.render(hostile(), Filters(), title=HOSTILE).decode()
    seen = Seen(data)
    assert not [tag for tag, _attrs in seen.tags if tag == "img"]
    titles = [row[1] for row in json.loads(seen.scripts["standalone"])["activities"]]
    assert titles[0] == HOSTILE
    assert "7*7" in data
    assert "<img" not in re.sub(r"<script.*?</script>", "", data, flags=re.DOTALL)
    sources = [row[17][1] for row in json.loads(seen.scripts["standalone"])["activities"]]
    assert set(sources) == {"", "https://example.org/a?b=1&c=2"}


@pytest.mark.parametrize("title", [ODD, LONG, "half a letter: \ud800"])
def test_odd_titles(assets: object, title: str) -> None:
    text = html.render(DATA, Filters(q="a word that no activity has"), title=title).decode()
    shown = re.search(r"<title>(.*?)</title>", text)
    assert shown is not None
    assert 0 < len(shown[1]) < 3000


def test_every_word_that_the_script_asks_for_is_there() -> None:
    script = "".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    asked = set(re.findall(r'say\("(\w+)"\)', script)) | set(re.findall(r"words\.(\w+)", script))
    known = set(html_words.texts("en", "stated total")) | {
        "title",
        "source",
        "attribution",
        "disclaimer",
        "fixed",
        "created",
    }
    assert asked - known == {"append", "every", "length", "py"}  # of other things that are called words
    assert {"people", "addsUp", "several"} <= asked


def test_the_script_sets_text_as_text() -> None:
    for name in SCRIPTS:
        script = (ASSETS / name).read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function", script)
