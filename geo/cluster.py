"""Floor 4.2: the summary of a folder, counted by the workers of a Dask scheduler and added up here.

Each worker keeps the partitions that it was asked for; a change of filters sends a bit a row and gets figures back.
"""

from __future__ import annotations

import asyncio
import atexit
import importlib.util
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import partitions, summary
from geo.code_columns import Mask
from geo.dataset import Dataset
from geo.errors import InputError, shorten
from geo.figures import Summary
from geo.partitions import Part

SCHEDULER = "DASK_SCHEDULER"  # the environment variable that names the scheduler's address
PATIENCE = "10s"  # to get an answer at an address
PROGRAM = __name__.partition(".")[0]
HOME = Path(__file__).resolve().parent.parent
KEPT = 64  # partitions that a worker keeps
_clients: dict[str, Any] = {}
_connecting = threading.Lock()
MISSING = (
    "This needs the package dask[distributed], which one machine's dashboard does without. "
    "Install it: .venv/bin/python -m pip install 'dask[distributed]'"
)


@dataclass(frozen=True)
class Cluster:
    """The partitions of a folder, counted at the scheduler of an address."""

    address: str
    folder: Path
    parts: tuple[Part, ...]

    def partial(self, mask: Mask, view: str, level: str, basis: str, method: str) -> Summary:
        """Return the figures of the masked rows of the whole folder, as ``summary.partial`` does.

        Raises:
            InputError: when the scheduler does not answer.
        """
        client = _client(self.address)
        ends = np.cumsum([part.rows for part in self.parts])
        asked = {"view": view, "level": level, "basis": basis, "method": method}
        found = summary.empty(level)
        try:
            with answering(f"{SCHEDULER} {self.address}", "Start it again, or unset the variable to count here."):
                futures = [
                    client.submit(
                        count, str(self.folder), part, np.packbits(mask[end - part.rows : end]), asked, pure=True
                    )
                    for part, end in zip(self.parts, ends.tolist(), strict=True)
                ]
                for one in client.gather(futures):
                    found = summary.merge(found, one)
        except InputError:
            _forget(self.address)
            raise
        return found


def count(folder: str, part: Part, bits: NDArray[np.uint8], asked: dict[str, str]) -> Summary:
    """Return the figures of one partition's rows; runs on a worker.

    Raises:
        InputError: when the partition cannot be read there.
    """
    mask = np.unpackbits(bits, count=part.rows).astype(np.bool_)
    return summary.partial(_open(folder, part), mask, **asked)


@lru_cache(maxsize=KEPT)
def _open(folder: str, part: Part) -> Dataset:
    return partitions.open_part(Path(folder), part)


def distributed() -> Any:
    """Return the module ``distributed``.

    Raises:
        InputError: when it is not installed.
    """
    try:
        return importlib.import_module("distributed")
    except ImportError as error:
        raise InputError(MISSING) from error


def connect(address: str, told_by: str) -> Any:
    """Return a client of the scheduler at an address; ``told_by`` says in messages where the address stands.

    Raises:
        InputError: when nothing answers there, the scheduler or a worker lacks this program, or dask is not installed.
    """
    try:
        client = distributed().Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"{told_by} {address}: nothing answers there ({error}). Check the address.") from error
    if lacking := _lacking(client):
        client.close()
        raise InputError(
            f"{told_by} {address}: {lacking} cannot import {PROGRAM}; "
            f"start the scheduler and its workers in {HOME} or with PYTHONPATH={HOME} (on each machine its own copy)."
        )
    return client


def _lacking(client: Any) -> str:
    """Return who of a scheduler and its workers does not find this program, "" where all do."""
    # A function of Python's own: one of ours could not even be sent to a process that lacks the program.
    asked = (importlib.util.find_spec, PROGRAM)
    if client.run_on_scheduler(*asked) is None:
        return "the scheduler"
    found = client.run(*asked).values()
    lost = sum(one is None for one in found)
    return f"{lost} of {len(found)} workers" if lost else ""


@contextmanager
def answering(who: str, advice: str) -> Iterator[None]:
    """Say in words for people that a scheduler or its workers are gone.

    Raises:
        InputError: when they are.
    """
    dask = distributed()
    gone = (OSError, asyncio.CancelledError, CancelledError, dask.KilledWorker, dask.client.ClosedClientError)
    try:
        yield
    except gone as error:
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # which tells the same in tracebacks
        raise InputError(
            f"{who} does not answer any more ({shorten(' '.join(str(error).split()), 160)}). "
            f"Expected the scheduler and its workers to answer to the end. {advice}"
        ) from error


def _forget(address: str) -> None:
    """Part from a scheduler that is gone, so that the next count connects anew."""
    with _connecting:
        lost = _clients.pop(address, None)
    if lost is not None:
        with suppress(OSError):  # a timeout is one
            lost.close(timeout=1)


def _client(address: str) -> Any:
    with _connecting:
        if address not in _clients:
            _clients[address] = connect(address, SCHEDULER)
        return _clients[address]


@atexit.register
def leave() -> None:
    """Part from every scheduler that counted for this process; a later count connects anew."""
    with _connecting:
        while _clients:
            _clients.popitem()[1].close()


def counted_at(data: Dataset, folder: Path, address: str) -> Dataset:
    """Return the data set of a folder, its figures counted at the scheduler; with no address as it is.

    Raises:
        InputError: when the folder's manifest cannot be read.
    """
    if not address:
        return data
    parts = partitions.manifest(folder).parts
    return replace(data, elsewhere=Cluster(address, folder.resolve(), parts))
