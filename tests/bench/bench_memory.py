"""Start and memory: the imports of the server, what it holds with one visitor, and what a thousand changes leave.

(That the heap of the browser stays flat over sixty changes is a test: ``tests/browser/test_livemap.py``.)

``make bench``, or ``python -m pytest -s -o python_files='bench_*.py' tests/bench/bench_memory.py``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from geo import library
from tests.attack import load
from tests.bench import report
from tests.conftest import ROOT, serving

EMBEDDED = 242
WARM, CHANGES = 300, 1_000  # of the server: the first fill its caches
OURS = "the dashboard (ours)"
IMPORTS = "import time; start = time.process_time(); import pages._ui.server; print(time.process_time() - start)"


def imports() -> float:
    """Return the processor seconds that the imports of the server take in a fresh process."""
    run = [sys.executable, "-c", IMPORTS]
    return statistics.median(
        float(subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout) for _ in range(5)
    )


@pytest.mark.timeout(900)
def test_start_and_memory(assets: Path, tmp_path: Path) -> None:
    known = load.views(library.embedded())
    with serving(tmp_path / "log.txt") as url:
        server = load.server_process()
        assert load.apart(url, known, 1, 1, 0).faults == []
        one = load.memory(server)
        assert load.apart(url, known, 1, WARM, 0).faults == []
        warm = load.memory(server)
        assert load.apart(url, known, 1, CHANGES, 0).faults == []
        end = load.memory(server)
    mega, kind = "MB", "memory"
    rows = [
        report.Row("imports of the server, of the processor", EMBEDDED, OURS, imports(), "1.5 s"),
        report.Row(f"{kind} of the server with one visitor", EMBEDDED, OURS, one, "350 MB", unit=mega),
        report.Row(f"{kind} of the server after {WARM} changes", EMBEDDED, OURS, warm, "", unit=mega),
        report.Row(f"{kind} of the server after {CHANGES:,} more", EMBEDDED, OURS, end, "no growth", unit=mega),
    ]
    report.add("Start and memory", rows)
    print("", *(f"{row.what}: {report.told(row.value, row.unit)}" for row in rows), sep="\n")
