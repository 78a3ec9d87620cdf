"""One interaction (filter; count, money, agencies by province, goal x province, top 20) beside pandas and DuckDB.

``make bench``, or ``python -m pytest -s -o python_files='bench_*.py' tests/bench/bench_kernel.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from geo import filters, summary
from geo.code_columns import Codes
from geo.dataset import Dataset
from geo.filters import Filters
from tests.bench import made_rows, report

SIZES = {5_000: ("2 ms", "3 ms"), 200_000: ("6 ms", "45 ms"), 1_200_000: ("20 ms", "250 ms")}
GOAL, AGENCIES = "6", ("Agency 03", "Agency 04")
OURS, PANDAS, DUCKDB = "numpy bits (ours)", "pandas exploded", "DuckDB lists"


def lists(column: Codes) -> pa.Array:
    """Return a column of codes as lists of positions."""
    return pa.ListArray.from_arrays(pa.array(column.starts, pa.int32()), pa.array(column.items, pa.int16()))


def frame(data: Dataset) -> pa.Table:
    """Return the data as one table with list columns."""
    columns = {"goals": data.goals, "areas": data.corrected.adm1, "agencies": data.agencies}
    return pa.table({"cents": data.cents} | {name: lists(column) for name, column in columns.items()})


def by_pandas(table: pd.DataFrame, goal: int | None, agencies: list[int]) -> tuple[Any, ...]:
    """Return the figures by exploding the lists each time."""
    if goal is not None:
        has_goal = (table["goals"].explode() == goal).groupby(level=0).any()
        has_agency = table["agencies"].explode().isin(agencies).groupby(level=0).any()
        table = table[has_goal & has_agency]
    money = table["cents"].where(table["cents"] >= 0, 0)
    areas = table.assign(money=money).explode("areas").dropna(subset="areas")
    by_area = areas.groupby("areas")["money"].agg(["size", "sum"])
    agencies_ = areas[["areas", "agencies"]].explode("agencies").groupby("areas")["agencies"].nunique()
    matrix = areas[["areas", "goals"]].explode("goals").groupby(["areas", "goals"]).size()
    return len(table), int(money.sum()), by_area["size"], by_area["sum"], agencies_, matrix, money.nlargest(20)


def by_duckdb(base: duckdb.DuckDBPyConnection, goal: int | None, agencies: list[int]) -> tuple[Any, ...]:
    """Return the figures by unnesting the lists in the engine."""
    where = f"WHERE list_contains(goals, {goal}) AND list_has_any(agencies, {agencies})" if goal is not None else ""
    base.execute(f"CREATE OR REPLACE TEMP VIEW kept AS SELECT *, greatest(cents, 0) AS money FROM rows {where}")
    ask = "SELECT {} FROM (SELECT unnest(areas) AS area, * FROM kept) GROUP BY ALL ORDER BY ALL"
    return (
        base.sql("SELECT count(*), sum(money)::BIGINT FROM kept").fetchall()[0],
        base.sql(ask.format("area, count(*), sum(money)::BIGINT")).fetchall(),
        base.sql(
            "SELECT area, count(DISTINCT agency) FROM (SELECT unnest(areas) AS area, agencies FROM kept), "
            "unnest(agencies) AS t(agency) GROUP BY area ORDER BY area"
        ).fetchall(),
        base.sql(
            "SELECT area, goal, count(*) FROM (SELECT unnest(areas) AS area, goals FROM kept), "
            "unnest(goals) AS t(goal) GROUP BY ALL ORDER BY ALL"
        ).fetchall(),
        base.sql("SELECT money FROM kept ORDER BY money DESC LIMIT 20").fetchall(),
    )


@pytest.mark.timeout(900)
def test_one_interaction_beside_pandas_and_duckdb() -> None:
    rows = []
    for size, budgets in SIZES.items():
        data = made_rows.dataset(size)
        arrow = frame(data)
        base = duckdb.connect()
        base.execute("CREATE TABLE rows AS SELECT * FROM arrow")
        for budget, found in zip(budgets, (Filters(sdg=(GOAL,), agency=AGENCIES), Filters()), strict=True):
            rows += measured(data, arrow.to_pandas(), base, found, budget)
    report.add("One interaction of the kernel", rows)


def measured(
    data: Dataset, table: pd.DataFrame, base: duckdb.DuckDBPyConnection, found: Filters, budget: str
) -> list[report.Row]:
    """Return what the three ways took for one choice of filters."""
    goal = data.goals.names.index(GOAL) if found.sdg else None
    agencies = [data.agencies.names.index(name) for name in AGENCIES]
    ways: dict[str, Callable[[], Any]] = {
        OURS: lambda: summary.partial(data, filters.apply(data, found)),
        PANDAS: lambda: by_pandas(table, goal, agencies),
        DUCKDB: lambda: by_duckdb(base, goal, agencies),
    }
    same_figures(*(work() for work in ways.values()))
    took = report.medians(ways)
    what = "one interaction, filtered" if found.sdg else "one interaction, all rows"
    print(f"\n{what}, {len(data):,}: " + ", ".join(f"{way} {report.told(took[way][0])}" for way in ways))
    return [report.Row(what, len(data), way, took[way][0], budget if way == OURS else "", took[way][1]) for way in ways]


def same_figures(ours: Any, pandas: Any, base: Any) -> None:
    """Assert that the three say the same."""
    assert ours.total == pandas[0] == base[0][0]
    assert int(ours.cents.sum()) == pandas[1] == base[0][1]
    size = len(ours.area.pcodes)
    for column, theirs, at in ((ours.area.activities, pandas[2], 1), (ours.area.high, pandas[3], 2)):
        assert column.tolist() == theirs.reindex(range(size), fill_value=0).tolist()
        assert column[[one[0] for one in base[1]]].tolist() == [one[at] for one in base[1]]
    distinct = summary.distinct(ours.area.agencies)
    assert distinct.tolist() == pandas[4].reindex(range(size), fill_value=0).tolist()
    assert distinct[[one[0] for one in base[2]]].tolist() == [one[1] for one in base[2]]
    matrix = np.zeros_like(ours.area.goals)
    for area, goal, count in base[3]:
        matrix[area, goal] = count
    assert (ours.area.goals == matrix).all()
    assert pandas[5].sum() == matrix.sum()
    assert [cents for cents, _id in ours.largest] == pandas[6].tolist() == [one[0] for one in base[4]]
