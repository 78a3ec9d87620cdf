"""Rows into activities: seconds of CPU and on the clock, and the most memory, for CSV and XLSX, beside pandas.

python tests/bench/bench_intake.py --csv 100000 --xlsx 0    prints figures of other sizes
"""

from __future__ import annotations

import argparse
import csv
import gc
import io
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import xlsxwriter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo import codes, gazetteer, intake
from geo.fields import Fields
from tests.bench import report
from tests.bench.report import Row

SEED = 18


def rows(count: int) -> Iterator[dict[str, str]]:
    """Yield rows such as agencies send: every id, title and summary of its own, the rest of few values."""
    dice = random.Random(SEED)
    places = [gazetteer.names(pcode).name_en for pcode in (*gazetteer.all_areas("adm1"), *gazetteer.all_areas("adm2"))]
    agencies = [agency.code for agency in codes.agencies()]
    targets = list(codes.targets())
    donors = [f"Donor {number}" for number in range(200)]
    for number in range(count):
        year = dice.randrange(2010, 2026)
        goals = sorted(dice.sample(range(1, 19), dice.randrange(1, 4)))
        yield {
            Fields.ACTIVITY_ID: f"LA-{number:07}",
            Fields.TITLE: f"Support to service {number} in the villages",
            Fields.SUMMARY: f"What is done under number {number}, in a sentence of usual length.",
            Fields.SDGS: ";".join(map(str, goals)),
            Fields.SDG_BASIS: "stated",
            Fields.SDG_TARGETS: dice.choice(targets),
            Fields.AGENCIES: ";".join(dice.sample(agencies, dice.randrange(1, 3))),
            Fields.IMPLEMENTING_PARTNERS: f"Partner {dice.randrange(500)}",
            Fields.DONORS: ";".join(dice.sample(donors, dice.randrange(1, 3))),
            Fields.LOCATIONS: ";".join(dice.sample(places, dice.randrange(1, 4))),
            Fields.SCOPE_AS_PUBLISHED: "subnational",
            Fields.STATUS: dice.choice(("Implementation", "Closed", "ongoing", "1")),
            Fields.START_DATE: f"{year}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}",
            Fields.END_DATE: f"{year + dice.randrange(1, 5)}-{dice.randrange(1, 13):02}",
            Fields.BUDGET_USD: str(dice.randrange(1_000, 5_000_000)),
            Fields.BUDGET_BASIS: "stated total",
            Fields.PEOPLE_REACHED: str(dice.randrange(100_000)),
            Fields.SOURCE_TITLE: "A page",
            Fields.SOURCE_URL: "https://example.org/a",
            Fields.SOURCE_DATE: "2026-02-02",
        }


def as_csv(count: int) -> bytes:
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    writer = csv.DictWriter(out, list(map(str, Fields)), restval="")
    writer.writeheader()
    writer.writerows(rows(count))
    out.flush()
    return out.buffer.getvalue()


def as_xlsx(count: int) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Activities")
        for at, name in enumerate(Fields):
            sheet.write_string(0, at, name)
        for below, row in enumerate(rows(count), start=1):
            for at, name in enumerate(Fields):
                if name in row:
                    sheet.write_string(below, at, row[name])
    return out.getvalue()


def measure(path: Path, count: int) -> dict[str, float]:
    """Read one file in this process; return seconds of CPU and on the clock, and the most MB of it and of its child."""
    intake.read(as_csv(10), "warm.csv")
    gc.collect()
    start, clock = time.process_time(), time.perf_counter()
    found = intake.read_file(path)
    seconds, clock = time.process_time() - start, time.perf_counter() - clock
    assert found.rows_read == len(found.activities) + found.rejected == count
    most, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"processor": seconds, "clock": clock, "MB": most, "child MB": child}


def apart(path: Path, count: int) -> dict[str, float]:
    """Return what ``measure`` gives in a process of its own, so that the memory is that of reading."""
    command = [sys.executable, __file__, "--one", str(path), f"--{path.suffix[1:]}", str(count)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def both(csv_rows: int, xlsx_rows: int) -> Iterator[tuple[str, int, dict[str, float], float]]:
    """Yield the kind, the rows, our figures and the seconds of pandas, which reads the cells as text and no more."""
    with tempfile.TemporaryDirectory() as folder:
        for kind, make, count in (("csv", as_csv, csv_rows), ("xlsx", as_xlsx, xlsx_rows)):
            if not count:
                continue
            path = Path(folder) / f"bench.{kind}"
            path.write_bytes(make(count))
            start = time.perf_counter()
            read = pd.read_csv(path, dtype=str) if kind == "csv" else pd.read_excel(path, dtype=str, engine="openpyxl")
            peer = time.perf_counter() - start
            assert len(read) == count
            del read
            yield kind.upper(), count, apart(path, count), peer


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--csv", type=int, default=100_000)
    parser.add_argument("--xlsx", type=int, default=20_000)
    parser.add_argument("--one", type=Path, help="read this file in this process alone")
    chosen = parser.parse_args(arguments)
    if chosen.one:
        print(json.dumps(measure(chosen.one, getattr(chosen, chosen.one.suffix.removeprefix(".")))))
        return
    for found in both(chosen.csv, chosen.xlsx):
        print(*found)


def test_rows_into_activities() -> None:
    rows = []
    for kind, count, ours, peer in both(1_000_000, 20_000):
        seconds, most = ("60 s", "1,024 MB") if kind == "CSV" else ("", "")
        what, way = f"rows into activities, {kind}", "intake (ours), once"
        rows += [
            Row(what, count, way, ours["clock"], seconds, ours["processor"]),
            Row(what, count, "pandas, the cells as text, once", peer),
            Row(f"{what}, memory in all", count, way, ours["MB"], most, unit="MB"),
        ]
        if ours["child MB"] > ours["MB"] / 2:
            rows.append(Row(f"{what}, its child", count, way, ours["child MB"], unit="MB"))
    report.add("Rows into activities", rows)


if __name__ == "__main__":
    main()
