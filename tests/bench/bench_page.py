"""The map page in Chromium: start to first map, and filter change to repaint, with 242, 10,000 and 100,000 activities.

Beside it, by turns: a run of Streamlit that does nothing, and st_folium as it is advised to be tuned.  Asserts nothing
of time.  Larger files repeat the embedded activities under new ids.  A change is timed in the browser, from the click
to the second frame after what it changed (of our map: ``data-painted``).
"""

from __future__ import annotations

import base64
import csv
import os
import random
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from geo import pack
from tests.bench import report
from tests.conftest import ROOT, free_port, healthy, serving

pytestmark = pytest.mark.browser
SIZES = (242, 10_000, 100_000)
CHANGES = 9
OURS, EMPTY, FOLIUM = "the map page (ours)", "an empty Streamlit run", "st_folium, tuned"
GOALS = (6, 7, 2, 13, 4, 1, 16, 5, 3)


def data(folder: Path, size: int) -> Path:
    """Write a file of ``size`` activities drawn from the embedded ones."""
    with pack.path(pack.settings().data["activities"]).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    drawn = rows if size == len(rows) else random.Random(1).choices(rows, k=size)
    target = folder / f"{size}.csv"
    with target.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "activity_id": f"{row['activity_id']}-{number}"} for number, row in enumerate(drawn))
    return target


class Wire:
    """Bytes that reach the browser as they are sent; websocket frames are deflated anew, as the server does."""

    def __init__(self, page) -> None:
        self.bytes = 0
        self.deflate = zlib.compressobj(wbits=-15)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: self.add(event["encodedDataLength"]))
        session.on("Network.webSocketFrameReceived", lambda event: self.add(self.frame(event)))

    def add(self, count: float) -> None:
        """Count bytes."""
        self.bytes += int(count)

    def frame(self, event) -> int:
        """Return the size of a frame on the wire; the browser tells it inflated, a binary one as base64."""
        response = event["response"]
        raw = response["payloadData"]
        data = base64.b64decode(raw) if response["opcode"] == 2 else raw.encode()
        return len(self.deflate.compress(data)) + len(self.deflate.flush(zlib.Z_SYNC_FLUSH))


NOTE_CLICK = "() => addEventListener('click', () => { window.clicked = Date.now(); window.came = []; }, true)"
# Each message of the websocket with its moment.
NOTE_MESSAGES = """window.came = [];
window.WebSocket = class extends WebSocket {
  constructor(...all) { super(...all); this.addEventListener("message", () => window.came.push(Date.now())); }
};"""
NOTE_PAINT = """() => new MutationObserver(() => { window.painted = Date.now(); }).observe(
    document.body, {attributes: true, attributeFilter: ["data-painted"]})"""


def first_map(page, url: str) -> None:
    page.goto(url)
    page.frame_locator("iframe[title='Map of activities']").locator("body[data-painted]").wait_for(timeout=180_000)


def change(page, frame, button) -> float:
    """Press a button and return the seconds from the click to what is painted anew in the frame."""
    frame.evaluate("() => { window.painted = 0; }")
    button.click()
    while not (painted := frame.evaluate("window.painted")):
        time.sleep(0.02)
    return (painted - page.evaluate("window.clicked")) / 1000


# st_folium asks for Leaflet by its address; the usual one is of another host.
SERVE = """
import sys
import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
leaflet = Mount("/leaflet", StaticFiles(directory="static/vendor/leaflet"))
st.App("tests/bench/peers_app.py", routes=[leaflet]).run(config={"server.port": int(sys.argv[1])})
"""


@contextmanager
def peers(data: Path) -> Iterator[str]:
    """Serve the app of the peers; gives its address."""
    port = free_port()
    command = [sys.executable, "-c", SERVE, str(port)]
    environment = {"DATA": str(data), "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        while not healthy(f"http://127.0.0.1:{port}"):
            assert server.poll() is None
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(15)


# The second frame after the first change of what the selector finds.
NOTE_CHANGE = """(selector) => new MutationObserver((found) => {
    if (window.painted || !found.some((one) => (one.target.parentElement ?? one.target).closest(selector))) return;
    requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = Date.now(); }));
  }).observe(document.body, {subtree: true, childList: true, characterData: true})"""


class Peer:
    """A page of the peers' app in a session of its own."""

    def __init__(self, browser, url: str, way: str) -> None:
        self.page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        self.wire = Wire(self.page)
        self.page.goto(f"{url}/?way={way}")
        self.frame, selector = self.page.main_frame, "[data-testid=stMarkdown]"
        if way == "folium":
            self.page.frame_locator("iframe").locator(".leaflet-overlay-pane path").first.wait_for(timeout=60_000)
            self.frame, selector = self.page.frames[-1], ".leaflet-overlay-pane"
        self.page.get_by_text("Turn 0").wait_for(timeout=60_000)
        self.page.wait_for_timeout(1_000)
        self.page.evaluate(NOTE_CLICK)
        self.frame.evaluate(NOTE_CHANGE, selector)

    def change(self) -> tuple[float, int]:
        """Press the button; returns the seconds to the picture and the bytes that came."""
        at = self.wire.bytes
        took = change(self.page, self.frame, self.page.get_by_role("button", name="Change"))
        self.page.wait_for_timeout(500)
        return took, self.wire.bytes - at


# Click to the mark of the new page in the list of pages, with nothing stale and the run at its end.
ARRIVED = """(name) => document.querySelector(".lao-nav a[aria-current]")?.textContent === name
    && !document.querySelector("[data-stale=true]")
    && document.querySelector("[data-test-script-state=notRunning]") !== null"""


def walk(page) -> dict[str, float]:
    """Go to each page and return the seconds that it took."""
    found = {}
    for name in page.locator(".lao-nav a").all_inner_texts()[1:9]:
        page.locator(".lao-nav a", has_text=name).first.click()
        while not page.evaluate(ARRIVED, name):
            time.sleep(0.01)
        found[name] = (time.time() * 1000 - page.evaluate("window.clicked")) / 1000
        page.wait_for_timeout(500)
    return found


def our_page(browser, url: str):
    """Open the map page after somebody else has; return it, its wire, and the first map's seconds and bytes."""
    warm = browser.new_page()
    first_map(warm, url)
    warm.close()
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(NOTE_MESSAGES)
    wire = Wire(page)
    start = time.perf_counter()
    first_map(page, url)
    first, sent = time.perf_counter() - start, wire.bytes
    page.wait_for_timeout(1500)
    return page, wire, first, sent


def stages(page, seconds: float) -> tuple[float, float]:
    """Return the seconds from the click to the server's first word, and to its last before the map was painted."""
    clicked, came = page.evaluate("[window.clicked, window.came]")
    moments = [(one - clicked) / 1000 for one in came]
    return moments[0], max(one for one in moments if one <= seconds)


Turns = dict[str, list[tuple[float, int]]]


def taking_turns(page, wire: Wire, others: dict[str, Peer]) -> tuple[Turns, list[tuple[float, float]]]:
    """Change the goal on our map and press the peers' buttons by turns.

    Returns seconds and bytes of each way, and the stages of our own.
    """
    frame = next(one for one in page.frames if one != page.main_frame)
    page.evaluate(NOTE_CLICK)
    frame.evaluate(NOTE_PAINT)
    found: Turns = {name: [] for name in (OURS, *others)}
    steps = []
    for goal in GOALS[:CHANGES]:
        at = wire.bytes
        took = change(page, frame, page.locator(".st-key-w_sdg [role=toolbar] button").nth(goal - 1))
        steps.append(stages(page, took))
        page.wait_for_timeout(700)
        found[OURS].append((took, wire.bytes - at))
        for name, other in others.items():
            found[name].append(other.change())
    return found, steps


def rows_of(size: int, found: Turns, steps: list[tuple[float, float]]) -> list[report.Row]:
    """Return the rows of the benchmark's table for one size."""
    first, last = (statistics.median(one) for one in zip(*steps, strict=True))
    rows = [
        report.Row("filter to repaint, to the server's first word", size, OURS, first),
        report.Row("filter to repaint, to the server's last word", size, OURS, last),
    ]
    for name, taken in found.items():
        ours = name == OURS
        seconds, sent = statistics.median(one for one, _ in taken), statistics.median(one for _, one in taken) / 1000
        rows.append(report.Row("filter to repaint", size, name, seconds, "1.5 times the empty run" if ours else ""))
        budget = f"{10 + size / 8000:.1f} kB" if ours else ""
        rows.append(report.Row("bytes of a change", size, name, sent, budget, unit="kB"))
    return rows


@pytest.mark.timeout(900)
def test_bench_page(browser, assets, tmp_path, capsys):
    rows = []
    for size in SIZES:
        file = data(tmp_path, size)
        with serving(tmp_path / "log.txt", DATA=str(file)) as url, peers(file) as beside:
            page, wire, first, sent = our_page(browser, url)
            others = {EMPTY: Peer(browser, beside, "empty"), FOLIUM: Peer(browser, beside, "folium")}
            found, steps = taking_turns(page, wire, others)
            pages = walk(page)
            for one in browser.contexts:
                one.close()
        slowest = max(pages, key=pages.__getitem__)
        rows += [
            report.Row("start to first map", size, OURS, first, "3 s"),
            report.Row("start to first map, bytes", size, OURS, sent / 1e6, "1.5 MB", unit="MB"),
            *rows_of(size, found, steps),
            report.Row(f"slowest page ({slowest})", size, OURS, pages[slowest], "1 s"),
        ]
    report.add("The map page in Chromium", rows)
    with capsys.disabled():
        print(
            "",
            *(f"{row.size:>7,} {row.what:<28}{row.way:<24}{report.told(row.value, row.unit)}" for row in rows),
            sep="\n",
        )
