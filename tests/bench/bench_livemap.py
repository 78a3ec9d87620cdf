"""Measure the live map in Chromium: first load, filter to repaint and bytes on the wire, by number of points.

Run from the repository: ``python tests/bench/bench_livemap.py [--changes 20]``.  Bytes of answers are what Chromium
received, compressed; messages of the websocket are deflated here as the server deflates them.  Times are from the press
of a button in the page to the second animation frame after the new delta was drawn.
"""

from __future__ import annotations

import argparse
import base64
import json
import shutil
import statistics
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.conftest import CHROMIUM_ARGUMENTS, CHROMIUM_NAMES, free_port, healthy  # noqa: E402

# Notes the moment of the press in the page, and in the frame the moment at which the next picture was on the screen.
WATCH = """() => new Promise((done) => {
  const frame = document.querySelector("iframe") || [...document.querySelectorAll("*")]
    .map((one) => one.shadowRoot && one.shadowRoot.querySelector("iframe")).find(Boolean);
  const body = frame.contentDocument.body;
  const start = performance.now();
  const seen = new frame.contentWindow.MutationObserver(() => { seen.disconnect(); done(performance.now() - start); });
  seen.observe(body, { attributes: true, attributeFilter: ["data-painted"] });
  [...document.querySelectorAll("button")].find((one) => one.textContent.includes("Change")).click();
})"""

# The first run warms the server's compressed bundles and is itself the cold start.
EMBEDDED = 242
RUNS = (("adm1", 242), ("adm1", 242), ("adm2", 242), ("adm2", 10_000), ("adm2", 100_000))


class Wire:
    """Bytes that a page received: answers as they were encoded, websocket messages deflated again."""

    def __init__(self, page: Page) -> None:
        self.answers: dict[str, float] = {}
        self.messages = 0
        self.names: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on(
            "Network.responseReceived", lambda event: self.names.update({event["requestId"]: event["response"]["url"]})
        )
        session.on("Network.loadingFinished", self._answer)
        session.on("Network.webSocketFrameReceived", self._message)
        # One context for the whole connection, as permessage-deflate keeps it.
        self.deflate = zlib.compressobj(6, zlib.DEFLATED, -15)

    def _answer(self, event: dict[str, Any]) -> None:
        url = self.names.get(event["requestId"], "?")
        self.answers[url] = self.answers.get(url, 0) + event["encodedDataLength"]

    def _message(self, event: dict[str, Any]) -> None:
        response = event["response"]
        body = (
            base64.b64decode(response["payloadData"]) if response["opcode"] == 2 else response["payloadData"].encode()
        )
        self.messages += len(self.deflate.compress(body)) + len(self.deflate.flush(zlib.Z_SYNC_FLUSH))

    def total(self) -> float:
        return (sum(self.answers.values()) + self.messages) / 1000


def measure(page: Page, url: str, query: str, changes: int) -> dict[str, float]:
    wire = Wire(page)
    start = time.perf_counter()
    page.goto(f"{url}/?{query}")
    frame = page.frame_locator("iframe")
    frame.locator("body[data-painted]").wait_for(timeout=60_000)
    first = time.perf_counter() - start
    page.wait_for_timeout(1500)
    loaded, times, sent = wire.total(), [], []
    for _ in range(changes):
        before = wire.messages
        times.append(page.evaluate(WATCH))
        page.wait_for_timeout(250)
        sent.append((wire.messages - before) / 1000)
    ranked = sorted(times)
    return {
        "first_map_s": round(first, 2),
        "first_load_kB": round(loaded),
        "map_files_kB": round(sum(size for name, size in wire.answers.items() if "/map-data/" in name) / 1000),
        "repaint_median_ms": round(statistics.median(times)),
        "repaint_p95_ms": round(ranked[int(0.95 * (len(ranked) - 1))]),
        "change_kB_median": round(statistics.median(sent), 1),
        "change_kB_max": round(max(sent), 1),
    }


def within_budget(size: int, result: dict[str, float]) -> bool:
    """Whether a run keeps to the page's budgets; those of the first load are for the size of the embedded data."""
    first = size > EMBEDDED or (result["first_map_s"] <= 3 and result["first_load_kB"] <= 1500)
    return first and result["repaint_median_ms"] <= 300 and result["change_kB_max"] <= 10 + size / 8000


def run(changes: int) -> bool:
    """Print a line of JSON for each run and tell whether all keep to their budgets."""
    chromium = next(found for name in CHROMIUM_NAMES if (found := shutil.which(name)))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    script = ROOT / "tests" / "browser" / "fixture_app.py"
    code = f"import sys, runpy; sys.argv = ['x', '{port}']; runpy.run_path({str(script)!r}, run_name='__main__')"
    kept = True
    server = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        while not healthy(url):
            time.sleep(0.1)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
            for level, size in RUNS:
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                query = f"level={level}&points={size}&layers=" + json.dumps({"points": True})
                result = measure(context.new_page(), url, query, changes)
                kept &= within_budget(size, result)
                print(json.dumps({"level": level, "points": size, **result}), flush=True)
                context.close()
            browser.close()
    finally:
        server.terminate()
        server.wait(15)
    return kept


def main() -> int:
    """Run; returns 1 when a run is over its budget."""
    parser = argparse.ArgumentParser(description="Measure the live map in Chromium.")
    parser.add_argument("--changes", type=int, default=20)
    return int(not run(parser.parse_args().changes))


def test_the_live_map_keeps_to_its_budgets() -> None:
    assert run(10)


if __name__ == "__main__":
    sys.exit(main())
