"""Fifty visitors on 2,000 activities, each over a websocket of its own, who change their filters every three seconds.

``make bench``, or ``python -m pytest -s -o python_files='bench_*.py' tests/bench/bench_visitors.py``; ``make load``
asks more: wrong answers, how many are too many, an hour of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import library
from tests.attack import load
from tests.bench import report
from tests.conftest import serving

VISITORS, ACTIVITIES, CHANGES, THINK = 50, 2_000, 20, 3.0


@pytest.mark.timeout(600)
def test_fifty_visitors(assets: Path, tmp_path: Path) -> None:
    file = load.data(tmp_path, ACTIVITIES)
    known = load.views(library.from_file(file))
    with serving(tmp_path / "log.txt", 0, DATA=str(file), APP_ROLE="public") as url:
        server = load.server_process()
        assert load.apart(url, known, VISITORS, 3, THINK).faults == []  # the views' figures are made once
        before = load.processor(server)
        told = load.apart(url, known, VISITORS, CHANGES, THINK)
        spent = (load.processor(server) - before) / (len(told.seconds) + len(told.first))
    assert told.faults == []
    way = "the dashboard (ours)"
    what = f"a filter change, {VISITORS} visitors"
    rows = [
        report.Row(f"{what}, median", ACTIVITIES, way, load.share(told.seconds, 50), "", spent),
        report.Row(f"{what}, 95 of 100", ACTIVITIES, way, load.share(told.seconds, 95), "150 ms"),
    ]
    report.add("Many visitors", rows)
    print(
        "", *(f"{row.what}: {report.told(row.value)}" for row in rows), f"{spent * 1000:.0f} ms of processor", sep="\n"
    )
