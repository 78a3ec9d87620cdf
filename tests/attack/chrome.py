"""Hostile strings on every page of the running dashboard in Chromium, with the page's own policy switched off.

The policy would stop a script that got into a page; here it must not get in.  One page each is opened for many
strings at once: what ran, what was asked of outside and what stands in the page as an element tells on all of them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import xlsxwriter
from playwright.sync_api import Browser, Dialog, FilePayload, Page, Route, sync_playwright
from playwright.sync_api import Error as BrowserError

from geo import intake, pack
from geo.export import html
from geo.filters import Filters
from geo.store import open_store
from tests.attack import corpus
from tests.attack.injection import batches, dataset, letters
from tests.attack.tally import Tally
from tests.conftest import CHROMIUM_ARGUMENTS, serving

LISTED = 12  # activities of one page of the list
MANY = 400  # activities of a data set that the other pages show
COLUMNS, SHEETS = 40, 8  # hostile headings and sheets of one workbook
PAGES = (
    "?focus=LA17", "sdg-goals", "sdg-goals?goal=6", "years", "places?focus=LA17", "who", "stories", "studio", "how",
    "quality", "queue", "data-versions", "borders", "upload",
)  # fmt: skip
# What stands in a page and was not put there by us: an element that runs, or an address that does.
# In the map's own document, scripts are ours.
ALIEN = """main => [...document.querySelectorAll('*')].flatMap(one => [
  ...[...one.attributes].filter(a => /^on/i.test(a.name) || /^\\s*(javascript|vbscript):/i.test(a.value))
    .map(a => `${one.tagName} ${a.name}=${a.value.slice(0, 60)}`),
  ...(main && one.tagName === 'SCRIPT' && one.type !== 'application/json' && one.closest('body')
    && /(alert|prompt|confirm)/.test(one.text)
    ? ['SCRIPT ' + one.text.slice(0, 60)] : []),
  ...(['MARQUEE', 'EMBED', 'OBJECT', 'APPLET', 'FRAMESET', 'BLINK', 'XSS', 'VIDEO', 'AUDIO'].includes(one.tagName)
    ? [one.tagName] : []),
  ...(one.tagName === 'IMG' && !/^(data:image|blob:|http:..127\\.0\\.0\\.1)/.test(one.src) ? ['IMG ' + one.src] : []),
])"""


@dataclass
class Guard:
    """A page that notes what ran in it and what it asked of outside."""

    page: Page
    said: list[str]

    @classmethod
    def of(cls, browser: Browser, own: str) -> Guard:
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="en-GB", bypass_csp=True, accept_downloads=True
        )
        context.set_default_timeout(60_000)
        page = context.new_page()
        said: list[str] = []
        guard = cls(page, said)

        def route(one: Route) -> None:
            if one.request.url.startswith((own, "data:", "blob:", "file:")):
                one.continue_()
            else:
                said.append(f"asked for {one.request.url[:100]}")
                one.abort()

        context.route("**/*", route)
        page.on("dialog", guard._dialog)
        page.on("pageerror", lambda error: said.append(f"error {str(error)[:200]}"))
        return guard

    def _dialog(self, dialog: Dialog) -> None:
        self.said.append(f"dialog {dialog.message[:100]}")
        dialog.dismiss()

    def settled(self) -> None:
        """Wait until the run of the page is over."""
        self.page.locator("[data-testid=stMainBlockContainer] hr").last.wait_for()
        self.page.locator("[data-testid=stStatusWidget]").wait_for(state="detached")
        self.page.locator("[data-stale=true]").first.wait_for(state="detached")

    def judge(self, tally: Tally, what: str, tries: int = 3) -> str:
        """Count what this page shows; return its visible text."""
        try:
            frames = [frame for frame in self.page.frames if not frame.is_detached()]
            alien = [one for frame in frames for one in frame.evaluate(ALIEN, frame is self.page.main_frame)]
            seen = "\n".join(frame.evaluate("document.body ? document.body.innerText : ''") for frame in frames)
        except BrowserError as error:
            if tries:  # the page went on while it was looked at
                self.page.wait_for_timeout(500)
                return self.judge(tally, what, tries - 1)
            alien, seen = [str(error)[:100]], ""
        seen += self.page.title()
        tally.see(not self.said, what, "ran, failed or asked outside", self.said)
        tally.see(not alien, what, "elements", alien[:5])
        tally.see(corpus.PRODUCT not in seen.replace(",", ""), what, corpus.PRODUCT, "evaluated")
        tally.see(
            self.page.locator("[data-testid=stException]").count() == 0, what, "no fault of the page", "stException"
        )
        self.said.clear()
        return seen


def hostile_pack(folder: Path, texts: Sequence[str]) -> Path:
    """Return a copy of the country pack whose news are the texts."""
    made = folder / "pack"
    shutil.copytree(pack.DEFAULT_FOLDER, made)
    with (made / "news" / "lao_un_news.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["kind", "date", "title", "provinces", "agencies", "sdgs", "source_url"])
        for text in dict.fromkeys(map(letters, texts)):
            if text:
                writer.writerow(["publication", "2025-03-27", text, "national", "UNCT", "6", "https://example.org/en"])
    return made


def fill(address: str, texts: Sequence[str], size: int) -> dict[int, dict[str, str]]:
    """Keep the texts as published versions of ``size`` activities with notes; return each's titles by id."""
    kept, found = open_store(address), {}
    for part in batches(texts, size):
        data = corpus.table(part)
        read = intake.read(data, f"{letters(part[0])[:40] or 'x'}.csv")
        note = letters(part[-1])[:300]
        version = kept.add_version(data, read, "Ann <img src=x onerror=alert(1)>", note)
        kept.publish(version.id, "Ann")
        found[version.id] = {one.activity_id: one.title for one in read.activities}
    kept.close()
    return found


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """Give Chromium."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGUMENTS))


def lists(guard: Guard, url: str, versions: dict[int, dict[str, str]]) -> Tally:
    """The list of a version has its titles letter for letter."""
    tally = Tally()
    for number, titles in versions.items():
        guard.page.goto(f"{url}/?version={number}&lang=en")
        rows = guard.page.locator(".st-key-list_list a")
        rows.first.wait_for()
        guard.settled()
        got = rows.evaluate_all("all => all.map(one => one.textContent)")
        tally.see(len(got) == min(len(titles), LISTED), "list", str(number), len(got))
        for title, seen in zip(titles.values(), got, strict=False):
            tally.see(letters(seen) == letters(title), "list", title, seen)
        guard.judge(tally, f"list {number}")
    return tally


def pages(guard: Guard, url: str, version: int) -> Tally:
    """Every page over a version: nothing runs."""
    tally = Tally()
    for path in PAGES:
        guard.page.goto(f"{url}/{path}{'&' if '?' in path else '?'}version={version}&lang=en")
        guard.settled()
        guard.page.wait_for_timeout(300)
        guard.judge(tally, path)
    return tally


def cards(guard: Guard, url: str, version: int, titles: dict[str, str]) -> Tally:
    """The card of an activity has its title letter for letter, and opens from its link."""
    tally, page = Tally(), guard.page
    for key, title in titles.items():
        page.goto(f"{url}/?version={version}&activity={key}&lang=en")
        card = page.get_by_role("dialog")
        card.get_by_text("Why it stands where it stands").wait_for()
        head = card.get_by_role("heading").nth(1).evaluate("one => one.textContent")
        tally.see(letters(head) == letters(title), "card", title, head)
        guard.judge(tally, f"card {key}")
    return tally


def words(guard: Guard, url: str, texts: Sequence[str]) -> Tally:
    """A text as search words, page title and unknown filter of a link."""
    tally = Tally()
    for text in texts:
        asked = quote(text[:200], safe="")
        for query in (f"q={asked}", f"agency={asked}&area={asked}&version={asked}&activity={asked}&focus={asked}"):
            guard.page.goto(f"{url}/?{query}&lang=en")
            guard.settled()
            guard.judge(tally, query.split("=")[0])
    return tally


def standalone(guard: Guard, folder: Path, texts: Sequence[str]) -> Tally:
    """The page in one file shows every title that its list draws, and nothing runs."""
    tally = Tally()
    for at, part in enumerate(batches(texts, MANY)):
        file = folder / f"page{at}.html"
        data = dataset(part)
        file.write_bytes(html.render(data, Filters(), title=letters(part[0])[:200]))
        guard.page.goto(file.as_uri())
        guard.page.locator("body[data-painted]").wait_for()
        seen = letters(guard.judge(tally, f"standalone {at}"))
        shown = sum(letters(one.title) in seen for one in data.activities)
        tally.see(shown > 0, "standalone", "titles", shown)
    return tally


def workbook(texts: Sequence[str]) -> bytes:
    """Return a workbook whose headings and sheets bear the texts: put into its XML, where no writer forbids them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for number in range(SHEETS):
            sheet = book.add_worksheet(f"name{number}")
            sheet.write_row(0, 0, ["activity_id", "title", *map(letters, texts[:COLUMNS])])
            sheet.write_row(1, 0, ["h0", "A title", *map(letters, texts[:COLUMNS])])
    made = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "xl/workbook.xml":
                body = re.sub(rb'name="name(\d+)"', lambda hit: _named(texts[int(hit[1]) % len(texts)]), body)
            new.writestr(name, body)
    return made.getvalue()


def _named(text: str) -> bytes:
    safe = letters(text).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return f'name="{safe}"'.encode()


def uploads(guard: Guard, url: str, texts: Sequence[str]) -> Tally:
    """Headings and sheets of a workbook and of a CSV file; names of areas of a file of boundaries."""
    tally, page = Tally(), guard.page
    head = ["activity_id", "title", *map(letters, texts[:COLUMNS])]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([head, ["h0", "A title", *head[2:]]])
    name = letters(texts[0])[:60].replace("/", "") + ".csv"
    for file in (FilePayload(name=name, mimeType="text/csv", buffer=out.getvalue().encode()),
                 FilePayload(name="book.xlsx", mimeType="text/csv", buffer=workbook(texts))):  # fmt: skip
        page.goto(f"{url}/upload?lang=en")
        guard.settled()
        page.locator(".st-key-w_intake_file input[type=file]").set_input_files(file)
        page.get_by_text("rows read", exact=False).first.wait_for()
        guard.settled()
        guard.judge(tally, f"upload {file['name'][-5:]}")
    features = ",".join(
        f'{{"type":"Feature","properties":{{"name":{_json(text)},{_json(text)}:1}},"geometry":{{"type":"Polygon",'
        f'"coordinates":[[[102,18],[103,18],[103,19],[102,18]]]}}}}'
        for text in texts
    )
    areas = f'{{"type":"FeatureCollection","name":{_json(texts[0])},"features":[{features}]}}'
    page.goto(f"{url}/borders?lang=en")
    guard.settled()
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(
        FilePayload(name="areas.geojson", mimeType="application/json", buffer=areas.encode())
    )
    page.locator("[data-testid=stMain]").get_by_role("alert").first.wait_for()
    guard.settled()
    guard.judge(tally, "boundaries")
    return tally


def _json(text: str) -> str:
    return json.dumps(text)


def run(browser: Browser, folder: Path, texts: Sequence[str], few: int) -> Iterator[tuple[str, Tally]]:
    """Attack the running dashboard with ``texts``, and with ``few`` of them what takes a page for each."""
    address = f"sqlite:///{folder / 'store.sqlite3'}"
    small = fill(address, texts, LISTED)
    large = fill(address, texts, MANY)
    chosen = [*corpus.SENTINELS, *texts[len(corpus.SENTINELS) :: max(1, len(texts) // max(1, few))]][:few]
    settings = {"LAO_SDG_STORE": str(folder / "store.sqlite3"), "LAO_SDG_PACK": str(hostile_pack(folder, texts[:MANY]))}
    with serving(folder / "log.txt", 0, **settings) as url:
        guard = Guard.of(browser, f"http://{urlsplit(url).netloc}")
        yield "list of activities", lists(guard, url, small)
        every = Tally()
        for number in large:
            every.add(pages(guard, url, number))
        yield f"{len(PAGES)} pages", every
        first = next(iter(large))
        known = list(large[first].items())
        some = dict(known[:: max(1, len(known) // few)][:few])
        yield "cards", cards(guard, url, first, some)
        yield "links and search words", words(guard, url, chosen)
        yield "uploads: headings, sheets, areas", uploads(guard, url, [text for text in chosen if letters(text)])
        yield "standalone page", standalone(guard, folder, texts)
    log = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
    done = Tally()
    done.see("Traceback" not in log, "server's log", "no traceback", log[-800:] if "Traceback" in log else "")
    yield "server's log", done
