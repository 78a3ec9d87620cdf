"""The standalone page from a disk with the network off: its figures are those of `geo summary`, its texts are text."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page

from geo import codes, filters, library, mapspec, tables, webmap
from geo.dataset import Dataset
from geo.export import html
from geo.export.html_data import STATE
from geo.filters import Filters
from geo.fold import fold
from tests.conftest import until
from tests.support_export import HOSTILE, hostile

pytestmark = pytest.mark.browser
DATA = library.embedded()
WORDS = ("water", "school meals", "ນ້ຳ", "WFP", "Thaïlande", "١٢", "no such word")
FOLDED = (
    "Savannakhét & Champasack",
    "ແຂວງ ຄຳມ່ວນ",
    "ເເຂວງ",
    "ໝູ່ ຫມູ່",
    "ນໍ້າ ນ້ຳ",
    "İstanbul ﬁ Ⅳ ½",
    "ß ς Σ ſ",
    "12 ໑໒ ٣٤ १२",
    "a\u200bb\u200cc\u00ad d",
    "«x»—y/z",
    "Đà Nẵng",
    "x²",
    "",
    "  ",
    "ກຼາວ",
)


class Opened:
    """A page of the file system, and what it asked for and said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Dialog) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def open(self, path: Path) -> Page:
        """Open the file and wait for its map."""
        self.page.goto(path.as_uri())
        self.page.locator("body[data-painted]").wait_for()
        return self.page


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desk", "phone"])
def opened(request: pytest.FixtureRequest, browser: Browser, assets: Path) -> Iterator[Opened]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    one = Opened(context.new_page())
    yield one
    # The file itself is all that was ever asked for.
    assert [url for url in one.asked if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in one.asked if url.startswith("file:")]) == 1
    assert one.said == []
    context.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, assets: Path) -> Path:
    folder = tmp_path_factory.mktemp("standalone")
    (folder / "all.html").write_bytes(html.render(DATA, Filters()))
    (folder / "six.html").write_bytes(
        html.render(DATA, Filters(sdg=("6",), lang="lo", years="2018-2022", level="adm2"))
    )
    (folder / "hostile.html").write_bytes(html.render(hostile(), Filters(), title=HOSTILE))
    return folder


def state(found: Filters) -> dict[str, object]:
    values = {name: getattr(found, name) for name in STATE}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def some(data: Dataset, count: int) -> Iterator[Filters]:
    """Return random views, the same each time."""
    chance = random.Random(20261123)
    areas = [area for level in webmap.LEVELS for area in webmap.areas(level)]

    def few(choices: list[str], most: int = 2) -> tuple[str, ...]:
        return tuple(sorted(chance.sample(choices, chance.choice((0, 0, 0, 0, 0, 0, 1, most)))))

    for _at in range(count):
        years = chance.choice(("", "", "", "", "2020", "2015-2019"))
        yield Filters(
            sdg=tuple(sorted(few([str(goal.number) for goal in codes.goals()]), key=int)),
            agency=few(list(data.agencies.names), 3),
            donor=few(list(data.donors.names)),
            area=few(areas, 4),
            status=few([*data.status.names, "none"]),
            scope=few(["subnational", "nationwide", "unlocated"]),
            years=years,
            undated=chance.choice(("", "1")) if years else "",
            q=chance.choice(("",) * 14 + WORDS),
            lang=chance.choice(("en", "lo")),
            view=chance.choice(filters.VIEWS),
            level=chance.choice(filters.LEVELS),
            metric=chance.choice(filters.METRICS),
        )


def test_the_page_counts_as_the_summary_does(opened: Opened, files: Path) -> None:
    page = opened.open(files / "all.html")
    kept = 0
    for found in (Filters(), Filters(view="difference", metric="budget"), *some(DATA, 60)):
        spec = mapspec.build(DATA, found)
        delta, subtitle, sums = page.evaluate(
            "state => { Page.go(state); return [Page.view.delta(''), Page.view.subtitle(), Page.view.addsUp()]; }",
            state(found),
        )
        expected = json.loads(json.dumps(webmap.delta(spec)))
        assert {**delta, "mask": ""} == expected, found
        assert subtitle == spec.subtitle, found
        assert [int(text) for text in sums.split() if text.isdigit()] == [
            spec.total,
            spec.located,
            spec.nationwide,
            spec.unlocated,
        ]
        kept += spec.total > 0
    assert kept > 15


def test_the_points_are_those_of_the_activities_kept(opened: Opened, files: Path) -> None:
    page = opened.open(files / "all.html")
    for found in (Filters(), Filters(view="registered"), Filters(sdg=("6",))):
        page.evaluate("state => Page.go(state)", state(found))
        on = page.evaluate(
            "[...atob(Page.view.points())].flatMap(x => [...x.charCodeAt(0).toString(2)]).filter(x => x === '1').length"
        )
        assert on == int(filters.apply(DATA, found)[DATA.places(found.view).adm2.rows].sum())


def test_texts_are_folded_as_in_python(opened: Opened, files: Path) -> None:
    page = opened.open(files / "all.html")
    assert page.evaluate("texts => texts.map(Page.fold)", list(FOLDED)) == [fold(text) for text in FOLDED]


def test_a_visitor_filters_searches_and_reads(opened: Opened, files: Path) -> None:
    page = opened.open(files / "all.html")
    panel = page.locator("#filters .panel")
    if not panel.evaluate("one => one.open"):
        panel.locator("> summary").click()
    page.get_by_role("button", name="6 Clean water").first.click()
    figures = tables.summarise(DATA, Filters(sdg=("6",)))[0]
    assert page.locator("#sum").inner_text().startswith(f"{figures.total} activities")
    search = page.get_by_role("searchbox")
    search.press_sequentially("school")
    both = tables.summarise(DATA, Filters(sdg=("6",), q="school"))[0]
    until(page, "count => document.querySelectorAll('#list ol > li').length === count", both.total)
    assert search.evaluate("one => one === document.activeElement")
    first = page.locator("#list ol > li details").first
    first.locator("summary").click()
    first.get_by_text("Why it stands where it stands").wait_for()
    assert first.locator("dd").count() > 8
    page.get_by_role("button", name="All activities").click()
    assert page.locator("#sum").inner_text().startswith(f"{len(DATA)} activities")
    page.locator("[data-key='row-LA17']").click()
    here = int(DATA.corrected.adm1.any_of(["LA17"]).sum())
    assert page.locator("#list h2").inner_text() == f"Activities in Attapeu {here}"
    page.locator("path[data-pcode='LA13']").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Activities in Savannakhet").wait_for()


def test_both_languages_and_the_layers(opened: Opened, files: Path) -> None:
    page = opened.open(files / "six.html")
    assert page.evaluate("document.documentElement.lang") == "lo"
    spec = mapspec.build(DATA, Filters(sdg=("6",), lang="lo", years="2018-2022", level="adm2"))
    assert page.locator("h1").inner_text() == spec.title
    assert page.evaluate("document.fonts.check('12px \"Map Script\"', 'ລາວ')")
    page.get_by_role("button", name="English").click()
    english = mapspec.build(DATA, Filters(sdg=("6",), years="2018-2022", level="adm2"))
    assert page.locator("h1").inner_text() == english.title
    assert english.disclaimer in page.locator("#foot").inner_text()
    page.get_by_role("button", name="Layers").click()
    page.get_by_role("checkbox", name="Activity points").check()
    until(page, "LiveMap.app.points.clusters.length > 0")


def test_nothing_stands_beyond_the_edge(opened: Opened, files: Path) -> None:
    page = opened.open(files / "all.html")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_hostile_texts_are_shown_as_their_letters(opened: Opened, files: Path) -> None:
    page = opened.open(files / "hostile.html")
    assert page.locator("h1").inner_text() == HOSTILE
    assert page.title() == HOSTILE
    assert page.locator("#list .headline").first.text_content() == HOSTILE
    for summary in page.locator("#list summary").all():
        summary.click()
    assert HOSTILE in page.locator("#list .card").first.inner_text()
    assert page.locator("img").count() == 0
    links = page.locator(".card a")
    assert {links.nth(at).get_attribute("href") for at in range(links.count())} == {"https://example.org/a?b=1&c=2"}
