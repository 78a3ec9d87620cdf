"""Activities into decisions and columns (``dataset.build``), beside the rule row by row.

``make bench``, or ``python -m pytest -s -o python_files='bench_*.py' tests/bench/bench_build.py``.
"""

from __future__ import annotations

import gc
import time

import pytest

from geo import dataset, scope
from tests.bench import bench_scope, report
from tests.test_scope_properties import plainly

SAMPLE, SIZE, LARGE = 5_000, 100_000, 1_200_000
OURS, KNOWN, PLAIN = "shared evidence once (ours)", "decided before (ours)", "every finder for every row"


@pytest.mark.timeout(900)
def test_activities_into_columns_beside_the_rule_row_by_row() -> None:
    activities = bench_scope.made(SIZE)
    few = activities[:SAMPLE]
    built = dataset.build(activities, digest="")
    decided = (built.registered.decisions, built.corrected.decisions)
    assert list(map(repr, decided[1][:SAMPLE])) == [repr(plainly(one)) for one in few]
    gc.collect()
    gc.freeze()  # as the app does with its warm data
    took = report.medians(
        {
            PLAIN: lambda: list(map(plainly, few)),
            f"{OURS}, few": lambda: list(map(scope.decide, few)),
            OURS: lambda: dataset.build(activities, digest=""),
            KNOWN: lambda: dataset.build(activities, digest="", decided=decided),
        }
    )
    rows = [
        report.Row("scope rule", SAMPLE, PLAIN, took[PLAIN][0]),
        report.Row("scope rule", SAMPLE, OURS, took[f"{OURS}, few"][0]),
        report.Row("activities into columns", SIZE, OURS, took[OURS][0]),
        report.Row("activities into columns", SIZE, KNOWN, took[KNOWN][0]),
    ]
    # The rows of a large data set are the same objects again: what is measured is the columns, not their memory.
    many = LARGE // SIZE
    start = time.perf_counter()
    large = dataset.build(
        activities * many,
        digest="",
        decided=tuple(tuple(found) * many for found in decided),  # type: ignore[arg-type]
    )
    rows.append(report.Row("activities into columns", LARGE, f"{KNOWN}, once", time.perf_counter() - start))
    assert len(large) == LARGE
    assert int(large.goals.counts(large.cents >= 0).sum()) == many * int(built.goals.counts(built.cents >= 0).sum())
    print("\n" + "\n".join(f"{row.what}, {row.size:,}, {row.way}: {report.told(row.value)}" for row in rows))
    report.add("Activities into columns", rows)
