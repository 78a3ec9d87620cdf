"""Fixtures for all tests: the shared folder, Chromium, the running dashboard, and a page that reaches nothing else."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize, expect, sync_playwright

# A loaded machine is no fault of the code: time is measured in tests/bench, never asserted.
# CI draws the same examples each time, so that a change is judged and not the draw; a developer's runs search on.
settings.register_profile("house", deadline=None, max_examples=50, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")
expect.set_options(timeout=60_000)

ROOT = Path(__file__).resolve().parent.parent
# The shell draws the same pages and has no window: a visit costs it a quarter less.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--no-first-run",
    # One process draws all pages and keeps Streamlit's compiled scripts: the next visit costs a quarter less.
    "--renderer-process-limit=1",
)
SERVER_SECONDS = 180
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}


def pytest_configure(config: pytest.Config) -> None:
    """Keep a pack or data of the developer's own out of the tests."""
    ours = ("LAO_SDG_PACK", "DATABASE_URL", "APP_ROLE", "DATA", "HOST", "STAFF_ADMINS", "PUBLIC_URL", "COOKIE_SECRET")
    for name in (*ours, *(one for one in os.environ if one.startswith("OIDC_"))):
        os.environ.pop(name, None)
    os.environ["LAO_SDG_STORE"] = str(Path(tempfile.gettempdir()) / f"lao-sdg-tests-{os.getpid()}.sqlite3")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser tests last: Playwright keeps a running event loop in its thread, where no other can start.

    Among them the files with most tests come first, so that both workers end at much the same time.
    """
    size = Counter(item.path for item in items)
    items.sort(key=lambda item: (0, 0) if item.get_closest_marker("browser") is None else (1, -size[item.path]))


@pytest.fixture(autouse=True)
def same_main() -> Iterator[None]:
    """Give the process its main module back: AppTest leaves a script there that no child process can start from."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the repository; the test is skipped where there is none."""
    for folder in (ROOT.parent / "shared", Path(os.environ.get("LAO_SDG_SHARED", "") or ROOT.parent / "shared")):
        if (folder / "data" / "README.md").is_file():
            return folder
    pytest.skip("the folder ../shared is not here")


def missing(what: str) -> NoReturn:
    """Fail under `make test`, where everything is installed; skip where a developer runs one test by hand."""
    if os.environ.get("LAO_SDG_CHECK") or os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium: ``$CHROMIUM`` or the first of the usual names on the PATH."""
    for name in (os.environ.get("CHROMIUM", ""), *CHROMIUM_NAMES):
        found = shutil.which(name) if name else None
        if found:
            return found
    missing("No Chromium; expected one on the PATH or in $CHROMIUM. Run: make tools")


@pytest.fixture(scope="session")
def assets() -> Path:
    """The folder static/vendor with Leaflet and the fonts."""
    folder = ROOT / "static" / "vendor"
    if not (folder / "stamp.json").is_file():
        missing("static/vendor is not there; expected Leaflet and the fonts in it. Run: make assets")
    return folder


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def healthy(url: str) -> bool:
    """Tell whether the server answers that it is well."""
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def serving(log: Path, port: int = 0, **environment: str) -> Iterator[str]:
    """Start the dashboard as `make run` starts it, on ``port`` or a free one, and give its address."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "pages._ui.server"],
            cwd=ROOT,
            env={**os.environ, "LAO_SDG_STORE": str(log.with_name("store.sqlite3")), **environment, "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + SERVER_SECONDS
        while not healthy(url):
            if process.poll() is not None or time.monotonic() > end:
                tail = log.read_text(encoding="utf-8", errors="replace")[-3000:]
                pytest.fail(f"The dashboard did not come up within {SERVER_SECONDS} s:\n{tail}", pytrace=False)
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Servers:
    """The staff's and the public's process on one store."""

    staff: str
    public: str
    store: str


@contextmanager
def both_processes(folder: Path) -> Iterator[Servers]:
    """Start the staff's and the public's process on a store that nobody has written."""
    file = str(folder / "store.sqlite3")
    with (
        serving(folder / "staff.txt", APP_ROLE="staff", LAO_SDG_STORE=file) as staff,
        serving(folder / "public.txt", APP_ROLE="public", LAO_SDG_STORE=file) as public,
    ):
        yield Servers(staff, public, f"sqlite:///{file}")


@pytest.fixture(scope="session")
def app_server(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the dashboard on the embedded data, with a store of its own."""
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as url:
        yield url


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium, started once."""
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
        yield one
        one.close()


@pytest.fixture
def outside() -> list[str]:
    """The addresses outside the dashboard that a page of the test asked for; empty at the end or the test fails."""
    return []


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """The session that the tests of a process share, one after the other, for what it keeps of Streamlit's scripts.

    Its first page stays open, so that the process that draws the pages of 127.0.0.1 does.
    """
    one = browser.new_context(viewport=VIEWPORT, accept_downloads=True, locale="en-GB")
    one.set_default_timeout(60_000)
    first = one.new_page()
    first.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
    first.goto("http://127.0.0.1/")
    yield one
    one.close()


@pytest.fixture
def context(visitor: BrowserContext, outside: list[str]) -> Iterator[BrowserContext]:
    """A browser session that remembers nobody; Chromium finds this machine alone, and what it asks for is looked at.

    Requests are not routed through the test: one that Chromium would ask anew, when the server closes an idle
    connection, would fail there, and with it a part of the page.
    """
    origins = set()

    def look(request: Request) -> None:
        address = urlsplit(request.url)
        if address.hostname == "127.0.0.1":
            origins.add(f"{address.scheme}://{address.netloc}")
        elif not request.url.startswith(("data:", "blob:", "file:", "about:")):
            outside.append(request.url)

    visitor.on("request", look)
    yield visitor
    first, *others = visitor.pages
    for other in others:
        other.close()
    visitor.remove_listener("request", look)
    visitor.clear_cookies()
    visitor.clear_permissions()
    session = visitor.new_cdp_session(first)
    for origin in origins:
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage,indexeddb"})
    session.detach()
    assert outside == [], f"the page asked for {len(outside)} address(es) outside the dashboard"


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of the guarded session, at 1440 by 900 CSS pixels."""
    return context.new_page()


def until(page: Page, expression: str, arg: object = None, seconds: float = 30) -> None:
    """Wait until an expression is true in the page; asked anew from outside, since the page's policy forbids eval."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, f"still not true after {seconds} s: {expression}"
        page.wait_for_timeout(50)
