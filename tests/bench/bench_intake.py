"""Rows into activities: seconds of CPU and on the clock, and the most memory, for CSV and XLSX.

python tests/bench/bench_intake.py                    100,000 rows of CSV and 20,000 of XLSX
python tests/bench/bench_intake.py --csv 1000000      the budget: at most 60 s and 1 GB
"""

from __future__ import annotations

import argparse
import csv
import gc
import io
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo import codes, gazetteer, intake
from geo.fields import Fields

SEED = 18
SECONDS, MEGABYTES, AT = 60, 1024, 1_000_000


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


def measure(path: Path, count: int) -> str:
    """Read one file in this process; return a line of figures."""
    intake.read(as_csv(10), "warm.csv")
    kind = path.suffix.removeprefix(".")
    gc.collect()
    start, clock = time.process_time(), time.perf_counter()
    found = intake.read_file(path)
    seconds, clock = time.process_time() - start, time.perf_counter() - clock
    assert found.rows_read == len(found.activities) + found.rejected == count
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    line = f"{kind} {count:>9,} rows {path.stat().st_size / 2**20:6.0f} MB: {seconds:6.1f} s of CPU, {clock:6.1f} s, "
    line += f"{most:,} MB" + (f", child {child:,} MB" if kind == "xlsx" else "")
    if kind == "csv" and count == AT:
        line += " (within the budget)" if seconds <= SECONDS and most <= MEGABYTES else " (OVER the budget)"
    return line


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--csv", type=int, default=100_000)
    parser.add_argument("--xlsx", type=int, default=20_000)
    parser.add_argument("--one", type=Path, help="read this file in this process alone")
    chosen = parser.parse_args(arguments)
    if chosen.one:
        print(measure(chosen.one, getattr(chosen, chosen.one.suffix.removeprefix("."))))
        return
    with tempfile.TemporaryDirectory() as folder:
        for kind, make in (("csv", as_csv), ("xlsx", as_xlsx)):  # read apart, so that the memory is that of reading
            if count := getattr(chosen, kind):
                path = Path(folder) / f"bench.{kind}"
                path.write_bytes(make(count))
                subprocess.run([sys.executable, __file__, "--one", str(path), f"--{kind}", str(count)], check=True)


def test_rows_into_activities() -> None:
    main([])


if __name__ == "__main__":
    main()
