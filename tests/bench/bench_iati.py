"""IATI in: megabytes a second on one core, and the memory of a file of 300 MB, in a process of its own.

``make bench``, or ``python -m pytest -s -o python_files='bench_*.py' tests/bench/bench_iati.py``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import report
from tests.support_iati import FOOT, HEAD, typical

ROOT = Path(__file__).resolve().parent.parent.parent
SPEED = 30  # MB a second of one core: issue 6's budget
WANTED = 40  # issue 7's
MEMORY = 250  # MB in all, most of which is Python and its libraries
SIZE = 300_000_000  # bytes

# Prints bytes, seconds of this process' CPU, the most memory in kB, rows and problems.
READ = r"""
import pathlib, re, sys, time
from geo.readers import RawRow, iati
start = time.process_time()
rows = problems = 0
for found in iati.stream(sys.argv[1]):
    if isinstance(found, RawRow):
        rows += 1
    else:
        problems += 1
most = re.search(r"VmHWM:\s*(\d+)", pathlib.Path("/proc/self/status").read_text())[1]
print(time.process_time() - start, most, rows, problems)
"""


def write(path: Path, size: int, share: int) -> tuple[int, int]:
    """Write a file of activities, one in ``share`` of them of this country; return its size and how many are."""
    done = ours = 0
    with path.open("w", encoding="utf-8") as file:
        done += file.write(HEAD.format(version="2.03"))
        number = 0
        while done < size:
            mine = number % share == 0
            done += file.write(typical(number, "LA" if mine else "KE"))
            ours += mine
            number += 1
        done += file.write(FOOT)
    return done, ours


def read(path: Path) -> list[float]:
    """Read a file in a process of its own; other work on the machine slows one run more than two."""
    command = [sys.executable, "-c", READ, str(path)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return list(map(float, done.stdout.split()))


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("share", "size"), [(1, SIZE // 3), (10, SIZE)], ids=["all of the country", "one in ten"])
def test_speed_and_memory(tmp_path: Path, share: int, size: int) -> None:
    path = tmp_path / "big.xml"
    bytes_, ours = write(path, size, share)
    seconds, memory, rows, problems = min(read(path) for _ in range(2))
    speed = bytes_ / 1e6 / seconds
    told = f"{speed:.0f} MB/s, {memory / 1024:,.0f} MB of memory, {problems:,.0f} problems"
    print(f"\n{bytes_ / 1e6:,.0f} MB, {rows:,.0f} rows: {told}")
    kind = "all of the country" if share == 1 else f"one in {share} of the country"
    found = [
        report.Row("IATI XML, a core", ours, "our reader", speed, f"{WANTED} MB/s", unit="MB/s"),
        report.Row("IATI XML, memory in all", ours, "our reader", memory / 1024, "200 MB", unit="MB"),
    ]
    report.add(f"IATI in: {bytes_ / 1e6:,.0f} MB, {kind}", found)
    assert rows == ours
    assert speed >= SPEED
    assert memory / 1024 <= MEMORY
