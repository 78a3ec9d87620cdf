"""Floor 7.6: many files of activities -> one folder of GeoParquet and one table of problems, on any number of machines.

Each file is a partition, a large one several; the same readers, checks, names, resolver and rule run on each, wherever
its worker is.  One worker reads a file from its beginning to its end, so that an id is known again in all of it.  All
machines must see the same paths.  A run that was stopped goes on where it stopped: what a file gave is written once and
put in place whole.  The same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from geo import cluster, intake, parquet, partitions, scope
from geo.bulk_part import Done, Job, digest, work, write
from geo.errors import InputError, Problem
from geo.fields import Fields
from geo.partition_rows import ROW
from geo.partitions import MANIFEST, PARTS, PROBLEMS, VERSION, Part

STAGE = ".stage"  # what each file gave, until the folder is finished
RUN = "run.json"  # the inputs that a stage belongs to
LOCAL = "local"
QUIET = "127.0.0.1:0"  # of the scheduler's own pages: a port that is free, on this machine alone
Tell = Callable[[int, int, int], None]  # partitions done, of how many, activities so far


def inputs(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files to read: those named, and those of folders named, in the order of their names.

    Raises:
        InputError: when one of them is missing, or there is none.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
        elif path.is_file():
            found.append(path)
        else:
            raise InputError(f"{path} is not there; expected a file of activities or a folder of them.")
    if not found:
        raise InputError("No file to read; expected IATI XML, CSV or another kind that the dashboard reads.")
    return tuple(dict.fromkeys(one.resolve() for one in found))


def run(
    paths: Sequence[Path],
    out: Path,
    client: Any,
    tell: Tell = lambda done, of, rows: None,
    most: int = intake.PART_ROWS,
) -> tuple[Part, ...]:
    """Read the files on the workers of ``client`` (a ``distributed.Client``) and write the folder ``out``.

    A partition has ``most`` rows at the most.

    Raises:
        InputError: when there is nothing to read, ``out`` holds something else, or the scheduler or workers are lost.
    """
    sources = inputs(paths)
    names = _names(sources)
    told = {
        "rule": scope.RULE_VERSION,
        "most": most,
        "inputs": [[name, digest(path)] for name, path in zip(names, sources, strict=True)],
    }
    _claim(out, told)
    jobs = [
        Job(str(path), name, str(out.resolve() / STAGE / f"{number:06}"), most)
        for number, (path, name) in enumerate(zip(sources, names, strict=True))
    ]
    done = _spread(jobs, client, tell)
    parts = _settle(out, jobs, done)
    shutil.rmtree(out / STAGE)
    return parts


def _names(sources: Sequence[Path]) -> tuple[str, ...]:
    """Return the shortest names that tell the files apart."""
    plain = [path.name for path in sources]
    if len(set(plain)) == len(plain):
        return tuple(plain)
    base = Path(os.path.commonpath([path.parent for path in sources]))
    return tuple(path.relative_to(base).as_posix() for path in sources)


def _claim(out: Path, told: dict[str, Any]) -> None:
    """Take the folder for this run, or go on with the one that was stopped there."""
    note = out / STAGE / RUN
    if note.exists():
        if json.loads(note.read_bytes()) != told:
            raise InputError(
                f"{out} holds a run over other files, or in parts of another size, that was stopped. "
                "Remove it, or choose another folder."
            )
        return
    others = [one for one in out.iterdir() if one.name != STAGE] if out.exists() else []
    if others and not (out / MANIFEST).exists():
        raise InputError(f"{out} is not empty and holds no finished run; choose another folder.")
    if others:
        raise InputError(f"{out} holds a finished run. Remove it, or choose another folder.")
    write(note, json.dumps(told).encode())


def _spread(jobs: Sequence[Job], client: Any, tell: Tell) -> list[Done]:
    """Run the jobs on the workers; results come in the order of the jobs.

    Raises:
        InputError: when the scheduler or its workers are lost.
    """
    finished, rows = 0, 0
    advice = "Run the same command again when they do: files that were finished are not read again."
    with cluster.answering(f"The scheduler {client.scheduler.address}", advice):
        futures = [client.submit(work, job, key=f"geo-bulk-{job.target}", pure=False) for job in jobs]
        for _future, result in cluster.distributed().as_completed(futures, with_results=True, loop=client.loop):
            if isinstance(result, BaseException):  # how a future that was lost ends
                raise result
            finished, rows = finished + 1, rows + result.rows
            tell(finished, len(jobs), rows)
        results: list[Done] = client.gather(futures)
    return results


def _settle(out: Path, jobs: Sequence[Job], done: Sequence[Done]) -> tuple[Part, ...]:
    """Put the partitions in place without ids that an earlier file has, then the problems, and last the manifest."""
    first: dict[str, str] = {}
    parts, problems = [], []
    given = [(job, at, *counted) for job, one in zip(jobs, done, strict=True) for at, counted in enumerate(one.parts)]
    for number, (job, at, rows, rows_read) in enumerate(given):
        staged, found = job.part(at)
        again, kept = _again(staged, job.name, first)
        target = Path(PARTS) / f"part-{number:06}.parquet"
        write(out / target, parquet.to_bytes(kept) if kept is not None else staged.read_bytes())
        problems.append(_with(parquet.read(found), again))
        parts.append(Part(target.as_posix(), rows - len(again), digest(out / target), job.name, rows_read))
    write(out / PROBLEMS, parquet.to_bytes(pa.concat_tables(problems)))
    whole = hashlib.sha256(repr((scope.RULE_VERSION, [part.digest for part in parts])).encode()).hexdigest()
    told = {"version": VERSION, "rule": scope.RULE_VERSION, "digest": whole, "parts": [asdict(part) for part in parts]}
    write(out / MANIFEST, json.dumps(told, ensure_ascii=False, indent=1).encode())
    return tuple(parts)


def _again(staged: Path, name: str, first: dict[str, str]) -> tuple[list[Problem], pa.Table | None]:
    """Return a problem for each id that an earlier file has, and the table without those rows (None: as it is)."""
    head = parquet.read(staged, [Fields.ACTIVITY_ID, ROW])
    ids, rows = (head.column(at).to_pylist() for at in (0, 1))
    found = []
    for key, row in zip(ids, rows, strict=True):
        if key in first:
            expected, fix = f"an id of its own ({first[key]} has the same)", "The first was kept; remove this one."
            found.append(Problem("duplicate_id", row, Fields.ACTIVITY_ID, key, expected, fix, "error", file=name))
    own = {key: f"{name}, row {row}" for key, row in zip(ids, rows, strict=True)}
    lost = pa.array([key in first for key in ids], pa.bool_())
    first.update({key: place for key, place in own.items() if key not in first})
    return found, parquet.read(staged).filter(pc.invert(lost)) if found else None


def _with(table: pa.Table, more: Sequence[Problem]) -> pa.Table:
    """Return problems with more of the same rows before them; the order within a row stays as intake made it."""
    if not more:
        return table
    return pa.concat_tables([partitions.problem_table(more), table]).sort_by("row")  # a stable sort


@contextmanager
def connected(scheduler: str, workers: int) -> Iterator[Any]:
    """Give a client of the scheduler at an address, or of ``workers`` processes of this machine (``local``).

    Raises:
        InputError: when dask is not installed, or nothing answers at the address.
    """
    if scheduler == LOCAL:
        dask = cluster.distributed()
        with (
            dask.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=QUIET) as own,
            dask.Client(own, set_as_default=False) as client,
        ):
            yield client
        return
    with cluster.connect(scheduler, "--scheduler") as client:
        yield client
