"""Floor 3.8: a folder of decided activities, as ``python -m geo bulk`` writes it: GeoParquet files and a manifest.

The folder holds what was decided with its evidence, so that opening it decides nothing again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from geo import dataset, parquet, partition_rows
from geo.cycles import without_cycles
from geo.dataset import Dataset
from geo.errors import InputError, Problem
from geo.fields import Activity
from geo.partition_rows import Decisions, Pool

MANIFEST = "manifest.json"
PROBLEMS = "problems.parquet"
PARTS = "activities"  # the folder of the partitions
VERSION = 1
NEXT = "Write the folder anew with python -m geo bulk."


@dataclass(frozen=True, slots=True)
class Part:
    """One partition: its file (relative to the folder), rows, SHA-256, and what intake counted."""

    file: str
    rows: int
    digest: str
    source: str
    rows_read: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder holds; ``digest`` is the SHA-256 over its partitions and the rule's version."""

    parts: tuple[Part, ...]
    digest: str

    @property
    def rows_read(self) -> int:
        """Rows of all files read, good or not."""
        return sum(part.rows_read for part in self.parts)


def manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder.

    Raises:
        InputError: when the folder has none, or one that cannot be read.
    """
    try:
        told = json.loads((folder / MANIFEST).read_bytes())
        if told["version"] != VERSION:
            raise InputError(f"{folder} is of version {told['version']}; expected {VERSION}. {NEXT}")
        return Manifest(tuple(Part(**part) for part in told["parts"]), told["digest"])
    except FileNotFoundError:
        raise InputError(f"{folder} has no {MANIFEST}; it is no finished folder of activities. {NEXT}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder / MANIFEST} cannot be read: {error}. {NEXT}") from error


def open_folder(folder: Path) -> Dataset:
    """Return the data set of a folder, with the problems of all its files.

    Raises:
        InputError: when the folder is not finished, or a file of it was changed or cannot be read.
    """
    found, pool = manifest(folder), Pool()
    activities: list[Activity] = []
    decided: Decisions = ([], [])
    came_from: list[tuple[str, str]] = []
    with without_cycles(sum(part.rows for part in found.parts)):
        for part in found.parts:
            more, (registered, corrected) = read_part(folder / part.file, part.digest, pool)
            activities += more
            came_from += [(part.source, "")] * len(more)
            decided[0].extend(registered)
            decided[1].extend(corrected)
    data = dataset.build(
        activities,
        digest=found.digest,
        name=folder.resolve().name,
        published=written(folder / MANIFEST),
        problems=read_problems(folder / PROBLEMS),
        rows_read=found.rows_read,
        decided=decided,
        came_from=came_from,
    )
    return replace(data, origin=dataset.FOLDER)


def written(path: Path) -> str:
    """Return the day on which a file was written as YYYY-MM-DD, in UTC; a folder's manifest is written last.

    Raises:
        InputError: when it cannot be found.
    """
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {error.strerror}. Check the path.") from error


def open_part(folder: Path, part: Part) -> Dataset:
    """Return the data set of one partition alone.

    Raises:
        InputError: as ``open_folder``.
    """
    with without_cycles(part.rows):
        activities, decided = read_part(folder / part.file, part.digest)
    return dataset.build(activities, digest=part.digest, rows_read=part.rows_read, decided=decided)


def read_part(path: Path, digest: str = "", pool: Pool | None = None) -> tuple[list[Activity], Decisions]:
    """Return the activities of a partition and their decisions, as registered and as corrected.

    Raises:
        InputError: when the file is missing, damaged or another than the manifest's.
    """
    try:
        data = path.read_bytes()
        if digest and hashlib.sha256(data).hexdigest() != digest:
            raise InputError(f"{path} is not the file that the manifest names. {NEXT}")
        table = parquet.read(data)
        return partition_rows.read(table, pool or Pool())
    except (OSError, KeyError, ValueError, TypeError, pa.ArrowException) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} cannot be read: {error}. {NEXT}") from error


WORDS = pa.list_(pa.string())
PROBLEM_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("sheet", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("kind", pa.string()),
        ("severity", pa.string()),
        ("value", pa.string()),
        ("expected", pa.string()),
        ("fix", pa.string()),
        ("candidates", WORDS),
    ]
)


def problem_table(problems: Sequence[Problem]) -> pa.Table:
    """Return problems as a table, a row each, in their order."""
    names = PROBLEM_SCHEMA.names
    rows = [{name: getattr(one, name) for name in names} | {"candidates": list(one.candidates)} for one in problems]
    return pa.Table.from_pylist(rows, schema=PROBLEM_SCHEMA)


def read_problems(path: Path) -> tuple[Problem, ...]:
    """Return the problems of a table.

    Raises:
        InputError: when the table is missing or cannot be read.
    """
    try:
        rows = parquet.read(path.read_bytes()).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read: {error}. {NEXT}") from error
    return tuple(Problem(**row | {"candidates": tuple(row["candidates"])}) for row in rows)
