"""Floor 7.6: one file of a bulk run: read, checked, placed, decided and written as GeoParquet, in any process."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from geo import dataset, intake, parquet, tables
from geo.dataset import Dataset
from geo.errors import InputError, Problem
from geo.export import records
from geo.fields import Fields
from geo.partition_rows import BEFORE, DROPPED, EVIDENCE, EXACT, REASON, ROW
from geo.partitions import WORDS, problem_table
from geo.readers.features import clean

UNREADABLE = "unreadable_file"
TYPES = {
    Fields.SDGS: pa.list_(pa.int64()),
    Fields.BUDGET_USD: pa.float64(),
    Fields.PEOPLE_REACHED: pa.int64(),
    ROW: pa.int64(),
    "geometry": pa.binary(),
}
OWN_LISTS = (DROPPED,)
GEO = {
    "version": "1.1.0",
    "primary_column": "geometry",
    "columns": {
        "geometry": {"encoding": "WKB", "geometry_types": ["MultiPoint"]}
    },  # without "crs": WGS 84, as OGC:CRS84
}


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read (``source``, its name in messages ``name``) into the files that begin with ``target``.

    ``most`` is how many rows a partition has at the most.
    """

    source: str
    name: str
    target: str
    most: int = intake.PART_ROWS

    def part(self, at: int) -> tuple[Path, Path]:
        """Return where the activities and the problems of a partition are written."""
        return Path(f"{self.target}-{at:04}.parquet"), Path(f"{self.target}-{at:04}.problems.parquet")

    @property
    def counted(self) -> Path:
        """What is written last: what the partitions hold.  Its presence says that the file is done."""
        return Path(f"{self.target}.json")


@dataclass(frozen=True, slots=True)
class Done:
    """What a file gave: kept and read rows of each partition."""

    parts: tuple[tuple[int, int], ...]

    @property
    def rows(self) -> int:
        """Rows kept."""
        return sum(kept for kept, _read in self.parts)


def work(job: Job) -> Done:
    """Read one file, unless that was done before; every file is written beside its place and then put there.

    No more than a partition's activities are in memory at a time; of the rest the ids alone.
    """
    if job.counted.exists():
        return Done(tuple((kept, read) for kept, read in json.loads(job.counted.read_bytes())))
    done: list[tuple[int, int]] = []
    for at, data, found, rows in _decided(job):
        activities, problems = job.part(at)
        write(activities, parquet.to_bytes(table(data)))
        write(problems, parquet.to_bytes(problem_table([_clean(one) for one in found])))
        done[at:] = [(len(data), rows)]
    write(job.counted, json.dumps(done).encode())
    return Done(tuple(done))


def _decided(job: Job) -> Iterator[tuple[int, Dataset, Sequence[Problem], int]]:
    """Yield for each partition its number, activities, problems and rows; a file that is none costs no other."""
    try:
        for at, found in enumerate(intake.parts(Path(job.source), job.most)):
            problems = [replace(one, file=job.name) for one in found.problems]
            yield at, dataset.build(found.activities, digest=found.digest), problems, found.rows_read
    except (InputError, OSError) as error:
        fix = "Correct the file, or leave it out."
        bad = Problem(UNREADABLE, 0, "", str(error), "a file of activities", fix, "error", file=job.name)
        yield 0, dataset.build((), digest=""), (bad,), 0


def _clean(found: Problem) -> Problem:
    names = ("column", "value", "expected", "fix", "file", "sheet")
    texts: dict[str, Any] = {name: clean(getattr(found, name)) for name in names}
    return replace(found, candidates=tuple(map(clean, found.candidates)), **texts)


def write(path: Path, data: bytes) -> None:
    """Write a file so that it is either there and whole, or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    with beside.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    beside.replace(path)


def schema() -> pa.Schema:
    """Return the columns of a partition: those of an export, then what a decision needs besides, then the geometry."""
    names = (*records.COLUMNS, EXACT, ROW, DROPPED, REASON, EVIDENCE, BEFORE, "geometry")
    lists = {*records.LISTED, *OWN_LISTS}
    fields_ = [(name, TYPES.get(name) or (WORDS if name in lists else pa.string())) for name in map(str, names)]
    return pa.schema(fields_, {b"geo": json.dumps(GEO).encode()})


def table(data: Dataset) -> pa.Table:
    """Return decided activities as the table of a partition."""
    rows = [_row(data, row) for row in range(len(data))]
    return pa.Table.from_pylist(rows, schema=schema())


def _row(data: Dataset, row: int) -> dict[str, Any]:
    now, before = data.corrected.decisions[row], data.registered.decisions[row]
    found = records.record(data, row, "corrected")
    return {
        **{str(name): value for name, value in found.values.items()},
        EXACT: tables.plain(data.activities[row])["budget"],
        ROW: data.activities[row].row,
        DROPPED: list(now.dropped),
        REASON: clean(now.reason),
        EVIDENCE: clean(json.dumps([astuple(one) for one in now.evidence], ensure_ascii=False, separators=(",", ":"))),
        BEFORE: before.reason,
        "geometry": _geometry(found.points),
    }


def _geometry(points: Iterable[tuple[float, float]]) -> bytes | None:
    found = np.array(list(points), dtype=np.float64).reshape(-1, 2)
    return bytes(shapely.to_wkb(shapely.multipoints(found))) if len(found) else None


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
