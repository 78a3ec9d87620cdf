"""Points to districts: our resolver beside geopandas.sjoin, interleaved; medians are printed.

``make bench``, or ``python -m pytest -s -o python_files='bench_*.py' tests/bench/bench_resolver.py``.
"""

from __future__ import annotations

import time
from functools import partial

import geopandas as gpd
import numpy as np
import pytest

from geo import boundaries
from geo.crs import projected
from geo.resolver import Resolver, Where
from tests.bench import report

SIZES = {100_000: 5, 1_000_000: 5, 10_000_000: 1}  # points, and the peer's runs: with the most it takes half a minute
TIMES_FASTER = 20  # issue 7's budget
OURS, PEER = "resolver (ours)", "geopandas.sjoin"


@pytest.mark.timeout(900)
def test_points_to_districts_beside_sjoin() -> None:
    districts = boundaries.load().adm2
    west, south, east, north = districts.total_bounds
    random = np.random.default_rng(20261123)
    resolver = boundaries.resolver()
    start = time.perf_counter()
    built = Resolver.build(list(districts.index), list(districts.geometry), projected())
    print(f"\nraster of {built.raster.shape} cells built in {time.perf_counter() - start:.2f} s")
    rows = []
    for size, runs in SIZES.items():
        x, y = random.uniform(west, east, 4 * size), random.uniform(south, north, 4 * size)
        inside = np.flatnonzero(resolver.resolve(x, y).where == Where.INSIDE)[:size]  # the peer knows no nearest
        x, y = x[inside], y[inside]
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=districts.crs)
        joined = gpd.sjoin(points, districts[["geometry"]], predicate="intersects")
        first = joined.groupby(level=0)["pcode"].min().reindex(points.index)  # on a shared border the first P-code
        found = resolver.resolve(x, y)
        assert (np.asarray(found.codes)[found.index] == first.to_numpy()).all()
        took = report.medians(
            {
                OURS: partial(resolver.resolve, x, y),
                PEER: partial(gpd.sjoin, points, districts[["geometry"]], predicate="intersects"),
            },
            runs,
            warm=runs > 1,
        )
        budget = f"{TIMES_FASTER} times faster" if size == 1_000_000 else ""
        for way, (clock, used) in took.items():
            rows.append(report.Row("points to districts", len(x), way, clock, budget if way == OURS else "", used))
        print(f"{len(x):,} points: " + ", ".join(f"{way} {report.told(took[way][0])}" for way in took))
        assert size != 1_000_000 or took[PEER][0] >= TIMES_FASTER * took[OURS][0]
    report.add("Points to districts", rows)
