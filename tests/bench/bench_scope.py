"""How long the scope rule takes: ``python tests/bench/bench_scope.py [ACTIVITIES]``.

Titles, summaries and ids are all different, as in real data; lists of places come from the published ones and repeat,
as they do in real data too (100,000 activities have a few thousand spellings of places), and go with their own titles.
"""

from __future__ import annotations

import gc
import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from geo import intake, scope  # noqa: E402
from geo.fields import Activity  # noqa: E402

LIMIT_S = 10.0
PRIME = 7919  # a step that pairs every title with ever other summaries


def made(count: int) -> list[Activity]:
    """Return ``count`` activities with texts of their own, mixed from the embedded ones."""
    path = ROOT / "data" / "activities" / "lao_un_activities.csv"
    real = intake.read(path.read_bytes(), path.name).activities
    return [
        replace(
            real[number % len(real)],
            activity_id=f"made-{number}",
            title=f"{real[number % len(real)].title} {number}",
            summary=f"{real[(number * PRIME) % len(real)].summary} Lot {number}.",
        )
        for number in range(count)
    ]


def main() -> int:
    """Print the time of deciding; returns 1 when it is over the limit for 100,000."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    activities = made(count)
    scope.decide(activities[0])  # the word lists and names are read once
    gc.collect()
    gc.freeze()  # as the app does with its warm data: the activities are not looked through again and again
    start = time.process_time()
    found = [scope.decide(activity).scope for activity in activities]
    took = time.process_time() - start
    parts = ", ".join(f"{found.count(name):,} {name}" for name in ("subnational", "nationwide", "unlocated"))
    print(f"{count:,} activities decided in {took:.2f} s of one core ({took / count * 1e6:.0f} µs each): {parts}")
    return int(took > LIMIT_S * count / 100_000)


if __name__ == "__main__":
    raise SystemExit(main())
