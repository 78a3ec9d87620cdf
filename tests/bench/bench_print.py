"""How fast the studio is, beside the two ways that people know: matplotlib, and a headless browser that prints.

Each job runs in a process of its own, so that what it takes cold, warm and in memory is its own.
Run: python tests/bench/bench_print.py
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from geo import boundaries, library, mapspec, print_map, printmap, studio, tables  # noqa: E402
from geo.filters import Filters  # noqa: E402
from geo.studio_spec import StudioSpec  # noqa: E402
from tests.bench import report  # noqa: E402

# seconds, and bytes where a file has a limit
# Wall time: on a machine that does nothing else.
LIMITS = {
    "A4 PNG 300 dpi, warm": 0.4,
    "A4 PNG 300 dpi, a new view": 0.4,
    "A4 PDF, warm": 0.1,
    "A4 PDF, a new view": 0.1,
    "A4 SVG, warm": 0.4,
    "atlas of 38 pages, cold": 4.0,
    "PPTX": 1.0,
    "DOCX": 1.0,
    "HTML": 1.0,
}
ATLAS_BYTES, MEMORY = 4_000_000, 300  # bytes; MB above the app's
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
Found = dict[str, float]


def seconds(job: Callable[[], object], times: int = 5) -> float:
    """Return the median seconds of a job."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def memory() -> int:
    """Return the most memory that the process has held, in MB (ru_maxrss would count that of the one it came from)."""
    return int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) // 1024  # type: ignore[index]


def app() -> Any:
    """Return the data with what any page of the dashboard has in memory."""
    data = library.embedded()
    tables.summarise(data, Filters())
    mapspec.build(data, Filters(level="adm2"))
    boundaries.load()
    return data


def ours() -> Found:
    """Measure the studio's files."""
    from geo.export import pages

    data, found = app(), Found()
    spec = StudioSpec(Filters())
    leaf, press = studio.leaves(data, spec)[0], studio.press(spec)
    start = time.perf_counter()
    printmap.picture(leaf, press)
    found["the first page of a process"] = time.perf_counter() - start
    views = iter([studio.leaves(data, StudioSpec(Filters(sdg=(str(goal),))))[0] for goal in range(1, 18)])
    found["A4 PNG 300 dpi, warm"] = seconds(lambda: printmap.picture(leaf, press))
    found["A4 PNG 300 dpi, a new view"] = seconds(lambda: printmap.picture(next(views), press))
    found["A4 PDF, warm"] = seconds(lambda: printmap.pdf((leaf,), press))
    found["A4 PDF, a new view"] = seconds(lambda: printmap.pdf((next(views),), press))
    found["A4 SVG, warm"] = seconds(lambda: printmap.picture(leaf, press, "svg"))
    for kind in ("pptx", "docx", "html"):
        found[kind.upper()] = seconds(lambda kind=kind: pages.make(data, leaf, press, kind), 3)  # type: ignore[misc]
    return found


def atlas() -> Found:
    """Measure an atlas of all provinces in both languages in a process that has printed nothing, and its memory."""
    data = app()
    before, worked = memory(), time.process_time()
    start = time.perf_counter()
    spec = StudioSpec(Filters(), kind="atlas", languages=("en", "lo"))
    made, failures = studio.pdf(studio.leaves(data, spec), studio.press(spec))
    taken, worked = time.perf_counter() - start, time.process_time() - worked
    assert not failures
    return {
        "atlas of 38 pages, cold": taken,
        "atlas, of the processors": worked,
        "atlas, bytes": len(made),
        "atlas, MB above the app's": memory() - before,
    }


def matplotlib() -> Found:
    """Measure the same map as matplotlib draws it: areas, names, values, bars, title; without tags and Lao shaping."""
    import io

    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    spec = mapspec.build(app(), Filters())
    land = boundaries.load().adm1.to_crs("EPSG:32648")
    fills = print_map.fills(spec)
    colours = [fills[code] or "#FFFFFF" for code in land.index]
    values = {area.pcode: float(area.value or 0) for area in spec.areas}

    def draw(format: str) -> bytes:
        figure, (left, right) = plt.subplots(1, 2, figsize=(11.69, 8.27), width_ratios=(6, 5))
        land.plot(ax=left, color=colours, edgecolor="#6b6b66", linewidth=0.5)
        for code, point in zip(land.index, land.representative_point(), strict=True):
            left.annotate(f"{land.name_en[code]}\n{values[code]:g}", (point.x, point.y), ha="center", fontsize=7)
        left.set_axis_off()
        order = sorted(values, key=lambda code: values[code])
        right.barh([land.name_en[code] for code in order], [values[code] for code in order])
        figure.suptitle(spec.title)
        out = io.BytesIO()
        figure.savefig(out, format=format, dpi=300)
        plt.close(figure)
        return out.getvalue()

    start = time.perf_counter()
    draw("png")
    first = time.perf_counter() - start
    png, pdf = seconds(lambda: draw("png"), 3), seconds(lambda: draw("pdf"), 3)
    return {"first page": first, "PNG 300 dpi, warm": png, "PDF, warm": pdf, "38 pages as PDF": 38 * pdf}


def chromium() -> Found:
    """Measure the same page as a headless browser prints it: our SVG in an HTML page, the browser kept open."""
    from playwright.sync_api import sync_playwright

    data = app()
    spec = StudioSpec(Filters())
    drawing = printmap.picture(studio.leaves(data, spec)[0], studio.press(spec), "svg").decode()
    page_of = f"<style>@page{{size:A4 landscape;margin:0}}body{{margin:0}}svg{{width:297mm}}</style>{drawing}"
    path = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    with sync_playwright() as play:
        start = time.perf_counter()
        browser = play.chromium.launch(executable_path=path)
        # 1123 x 794 CSS pixels at this factor are an A4 page at 300 dpi
        page = browser.new_page(viewport={"width": 1123, "height": 794}, device_scale_factor=3.125)
        launch = time.perf_counter() - start

        def png() -> None:
            page.set_content(page_of)
            page.screenshot()

        def pdf() -> None:
            page.set_content(page_of)
            page.pdf(prefer_css_page_size=True)

        png()
        found = {"start of the browser": launch, "PNG 300 dpi, warm": seconds(png, 3), "PDF, warm": seconds(pdf, 3)}
        browser.close()
    return {**found, "38 pages as PDF": 38 * found["PDF, warm"]}


JOBS: dict[str, Callable[[], Found]] = {"ours": ours, "atlas": atlas, "matplotlib": matplotlib, "chromium": chromium}


def measured(name: str) -> Found:
    """Return what one job says that runs in a process of its own; nothing where its tool is not here."""
    with tempfile.TemporaryFile() as told:
        done = subprocess.run([sys.executable, __file__, name], check=False, stdout=subprocess.PIPE, stderr=told)
        if done.returncode == 0:
            found: Found = json.loads(done.stdout)
            return found
        told.seek(0)
        last = told.read().decode("utf-8", "replace").strip().splitlines()[-1:]
    if name in ("ours", "atlas"):
        raise RuntimeError(f"{name} failed: {last}")
    print(f"{name}: not measured: {' '.join(last)[:120]}")
    return {}


def main() -> int:
    """Print the seconds of each job; returns 1 when one is over its limit."""
    own = {**measured("ours"), **measured("atlas")}
    made, held = own.pop("atlas, bytes"), own.pop("atlas, MB above the app's")
    for job, taken in own.items():
        print(f"{job:<30} {taken:7.3f} s" + (f"   limit {LIMITS[job]} s" if job in LIMITS else ""))
    print(f"{'atlas of 38 pages, its size':<30} {made / 1e6:7.2f} MB  limit {ATLAS_BYTES / 1e6:g} MB")
    print(f"{'memory above the app´s':<30} {held:7.0f} MB  limit {MEMORY} MB")
    rows = [report.Row(job, 1, "the studio (ours)", own[job], f"{limit:g} s") for job, limit in LIMITS.items()]
    for name in ("matplotlib", "chromium"):
        for job, taken in measured(name).items():
            print(f"{f'{name}: {job}':<30} {taken:7.3f} s")
            rows.append(report.Row(job, 1, name, taken))
    rows.append(report.Row("atlas, memory above the app's", 38, "the studio (ours)", held, f"{MEMORY} MB", unit="MB"))
    report.add("Printed maps", rows)
    over = [job for job, limit in LIMITS.items() if own[job] > limit]
    return int(bool(over) or made > ATLAS_BYTES or held > MEMORY)


def test_the_studio_is_fast_enough() -> None:
    assert main() == 0


if __name__ == "__main__":
    if len(sys.argv) == 2:
        sys.stdout.write(json.dumps(JOBS[sys.argv[1]]()))
    else:
        sys.exit(main())
