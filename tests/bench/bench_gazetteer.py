"""How fast places are matched: 100,000 strings with 200 distinct, and 20,000 distinct ones with misspellings.

Run: python tests/bench/bench_gazetteer.py
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo import gazetteer

REPEATED, DISTINCT, KNOWN = 100_000, 20_000, 200
LIMITS = {"repeated": 1.0, "distinct": 10.0, "prose": 10.0}  # seconds on two cores


def places(seed: int) -> Iterator[str]:
    """Yield places without end: addresses, lists, misspellings and nonsense."""
    rng = random.Random(seed)
    names = [gazetteer.names(code).name_en for code in (*gazetteer.all_areas("adm1"), *gazetteer.all_areas("adm2"))]
    while True:
        one, two = rng.choice(names), rng.choice(names)
        number = rng.randrange(10**6)
        yield rng.choice(
            [
                f"{one} district, {two} province {number}",
                f"{one[:-1]}{rng.choice('abcdefgh')} {number}",
                "".join(rng.choice("abcdefghijklmnop ,") for _ in range(30)),
                f"{number % 30} villages of {one}, {two} and {rng.choice(names)} districts {number}",
            ]
        )


def main() -> int:
    """Print the seconds of each job; returns 1 when one is over its limit."""
    source = places(1)
    gazetteer.match("")
    distinct = list(dict.fromkeys(next(source) for _ in range(DISTINCT)))
    rng = random.Random(2)
    repeated = [rng.choice(distinct[:KNOWN]) for _ in range(REPEATED)]
    prose = [" ".join(distinct[at : at + 5]) for at in range(0, 5_000, 5)]
    jobs = {"distinct": (gazetteer.match, distinct), "repeated": (gazetteer.match, repeated)}
    took = {}
    for name, (job, texts) in jobs.items():
        start = time.perf_counter()
        for text in texts:
            job(text)
        took[name] = time.perf_counter() - start
    start = time.perf_counter()
    for text in prose:
        gazetteer.mentions(text)
    took["prose"] = time.perf_counter() - start
    for name, seconds in took.items():
        print(f"{name:10} {seconds:7.3f} s (limit {LIMITS[name]:g})")
    return int(any(seconds > LIMITS[name] for name, seconds in took.items()))


if __name__ == "__main__":
    raise SystemExit(main())
