"""One table of all benches: each bench adds its rows, and the page ``docs/benchmarks.md`` is written anew.

Rows are kept in ``docs/benchmarks.json`` from one bench to the next; a section is replaced by its newest run.
"""

from __future__ import annotations

import importlib.metadata
import json
import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "benchmarks.json"
PAGE = ROOT / "docs" / "benchmarks.md"
CHART = ROOT / "docs" / "benchmarks.svg"
PACKAGES = ("numpy", "pandas", "pyarrow", "shapely", "geopandas", "duckdb", "dask", "streamlit")
RUNS = 5
# Where a budget is missed: why, said below the table.
WHY = {
    "The map page in Chromium": (
        "The budget of 1.5 times an empty run is missed. The rows *to the server's first word* and *last word* are the "
        "profile: the server begins to answer within some 20 to 30 ms (a whole run takes it about 25 ms of the "
        "processor); nearly all the rest is the browser's: Streamlit draws the 40 parts of the page anew in one task "
        "of 60 to 110 ms before the map's delta is handed on, then come the map and two frames. The two peers draw a "
        "button and a line of text beside their map, no filters with counts, list, table and files. Against the older "
        "wish of 300 ms it is well within. With 100,000 activities the page Data quality lists what each agency could "
        "mend, row by row in Python, and misses its second; all other pages keep to it."
    ),
    "Names to P-codes": (
        "A million rows with 20,000 spellings keep to the second. Spellings that must be looked at for misprints are "
        "apart: they are what the second row measures, and nothing is guessed there either."
    ),
}
HUES = {
    "numpy bits (ours)": "#0072BC",
    "resolver (ours)": "#0072BC",
    "pandas exploded": "#B45F06",
    "geopandas.sjoin": "#B45F06",
    "DuckDB lists": "#5A6B2F",
}
LEFT, TOP, WIDE, HIGH, LINE = 60.0, 30.0, 420.0, 260.0, 14.0


@dataclass(frozen=True, slots=True)
class Row:
    """One measured way: ``size`` is how many rows or points, ``value`` the median of ``RUNS`` interleaved runs."""

    what: str
    size: int
    way: str
    value: float
    budget: str = ""
    processor: float | None = None  # seconds of all cores
    unit: str = "s"  # of ``value``; seconds are told in the unit that fits


def medians(
    ways: Mapping[str, Callable[[], object]], runs: int = RUNS, *, warm: bool = True
) -> dict[str, tuple[float, float]]:
    """Return each way's median seconds, by the clock and of the processors.

    The ways take turns, so that a busy machine is busy for all of them; ``warm`` runs each once before it is measured.
    """
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for work in ways.values() if warm else ():
        work()  # what is read or built once is not measured
    for _ in range(runs):
        for name, work in ways.items():
            start, used = time.perf_counter(), time.process_time()
            work()
            took[name].append((time.perf_counter() - start, time.process_time() - used))
    return {
        name: (statistics.median(clock for clock, _ in found), statistics.median(used for _, used in found))
        for name, found in took.items()
    }


def add(section: str, rows: Sequence[Row]) -> None:
    """Replace a section's rows, and write the page and the chart."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    kept[section] = {"rows": [asdict(row) for row in rows], "load": round(os.getloadavg()[0], 1)}
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(kept), encoding="utf-8")
    CHART.write_text(chart([row for part in kept.values() for row in part["rows"]]), encoding="utf-8")


def page(kept: Mapping[str, Mapping[str, object]]) -> str:
    """Return the page: the machine, the versions, and a table a section."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench`. Each figure is the median of at least {RUNS} runs in which the ways take turns.",
        "",
        f"Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}.",
        f"Versions: {', '.join(found)}.",
        "Where the load stands above the number of cores, other work ran beside: compare the ways, not the clock.",
        "",
        "![Cost of one interaction against size](benchmarks.svg)",
    ]
    for section, part in sorted(kept.items()):
        lines += ["", f"## {section}", "", f"Load of the machine at the end: {part['load']}.", ""]
        lines += ["| what | size | way | measured | of the processors | budget |", "|---|--:|---|--:|--:|---|"]
        rows = part["rows"]
        assert isinstance(rows, list)
        for row in rows:
            times = f"{told(row['value'], row['unit'])} | {told(row['processor'])}"
            lines.append(f"| {row['what']} | {row['size']:,} | {row['way']} | {times} | {row['budget']} |")
        lines += ["", WHY[section]] if section in WHY else []
    return "\n".join(lines) + "\n"


def told(value: float | None, unit: str = "s") -> str:
    """Return a figure with its unit, "" for none; seconds below one as milliseconds."""
    if value is None:
        return ""
    if unit != "s":
        return f"{value:,.1f} {unit}" if value < 100 else f"{value:,.0f} {unit}"
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart: what is drawn, the sizes named below it, and the powers of ten of both its axes."""

    what: str
    title: str
    sizes: tuple[int, ...]
    wide: tuple[float, float]
    high: tuple[float, float]


PANELS = (
    Panel(
        "one interaction, all rows",
        "One interaction, all rows: seconds against activities",
        (5_000, 200_000, 1_200_000),
        (3.5, 6.2),
        (-3.5, 1),
    ),
    Panel(
        "points to districts",
        "Points to districts: seconds against points",
        (100_000, 1_000_000, 10_000_000),
        (4.8, 7.1),
        (-3.5, 1.5),
    ),
)


def chart(rows: Sequence[Mapping[str, object]]) -> str:
    """Return cost against size, all scales logarithmic, a panel below the other."""
    whole = HIGH + TOP + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 180:.0f} {whole * len(PANELS):.0f}" '
        'font-family="Noto Sans, sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>'
    ]
    for place, panel in enumerate(PANELS):
        drawn = _panel(panel, [row for row in rows if row["what"] == panel.what])
        parts += [f'<g transform="translate(0 {place * whole:.0f})">', *drawn, "</g>"]
    return "\n".join(parts) + "\n</svg>\n"


def _panel(panel: Panel, rows: Sequence[Mapping[str, object]]) -> list[str]:
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        at = (_log(row["size"], *panel.wide), _log(row["value"], *panel.high))
        lines.setdefault(str(row["way"]), []).append(at)
    parts = [f'<text x="{LEFT}" y="18" font-weight="600">{panel.title}</text>']
    for power in range(-3, int(panel.high[1]) + 1):
        y = TOP + HIGH * (1 - _log(10.0**power, *panel.high))
        parts.append(
            f'<path d="M{LEFT} {y:.1f}h{WIDE}" stroke="#ddd"/><text x="8" y="{y + 4:.1f}">{10.0**power:g} s</text>'
        )
    for size in panel.sizes:
        x = LEFT + WIDE * _log(size, *panel.wide)
        parts.append(f'<text x="{x:.1f}" y="{TOP + HIGH + 20:.0f}" text-anchor="middle">{size:,}</text>')
    named: list[float] = []
    for way, points in sorted(lines.items(), key=lambda line: -max(line[1])[1]):
        hue = HUES.get(way, "#666")
        path = " ".join(f"{LEFT + WIDE * x:.1f},{TOP + HIGH * (1 - y):.1f}" for x, y in sorted(points))
        end = max(points)
        x, y = LEFT + WIDE * end[0] + 8, TOP + HIGH * (1 - end[1]) + 4
        while any(abs(y - other) < LINE for other in named):
            y += LINE / 2
        named.append(y)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{hue}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{LEFT + WIDE * x:.1f}" cy="{TOP + HIGH * (1 - y):.1f}" r="3" fill="{hue}"/>'
            for x, y in points
        ]
        parts.append(f'<text x="{x:.1f}" y="{y:.1f}" fill="{hue}">{way}</text>')
    return parts


def _log(value: object, low: float, high: float) -> float:
    return (math.log10(float(str(value))) - low) / (high - low)
