"""Floor 7.7: the command that reads many files at once on the workers of a cluster."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from geo import bulk, intake, partitions

WIDE = 30  # characters of the bar


def options(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("inputs", type=Path, nargs="+", metavar="IN", help="files of activities, or folders of them")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help="a folder of its own")
    where = "ADDRESS of a Dask scheduler, such as tcp://10.0.0.1:8786, or local (default)"
    parser.add_argument("--scheduler", default=bulk.LOCAL, metavar="ADDRESS", help=where)
    cores = max(1, os.cpu_count() or 1)
    rows = f"rows of a partition at the most, which is what a worker holds (default {intake.PART_ROWS:,})"
    parser.add_argument("--rows", type=_positive, default=intake.PART_ROWS, metavar="N", help=rows)
    parser.add_argument("--workers", type=_positive, default=cores, metavar="N", help="processes of a local run")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("expected 1 or more")
    return number


def command(arguments: argparse.Namespace) -> str:
    """Read the files into the folder and return what was read.

    Raises:
        InputError: when dask is not installed, nothing answers at the address, or the folder cannot be used.
    """
    bulk.inputs(arguments.inputs)  # before a cluster is started
    with bulk.connected(arguments.scheduler, arguments.workers) as client:
        parts = bulk.run(arguments.inputs, arguments.output, client, _bar, arguments.rows)
    problems = len(partitions.read_problems(arguments.output / partitions.PROBLEMS))
    kept, read = sum(part.rows for part in parts), sum(part.rows_read for part in parts)
    return (
        f"{arguments.output}: {read} rows read = {kept} accepted + {read - kept} rejected, "
        f"{len({part.source for part in parts})} files, {problems} problems"
    )


def _bar(done: int, of: int, rows: int) -> None:
    """Draw how far it is, on one line of a terminal or a line each tenth of the way elsewhere."""
    full = WIDE * done // of
    line = f"[{'#' * full}{'.' * (WIDE - full)}] {done} of {of} files, {rows:,} activities"
    if sys.stderr.isatty():
        print(f"\r{line}", end="\n" if done == of else "", file=sys.stderr, flush=True)
    elif done == of or done * 10 // of > (done - 1) * 10 // of:
        print(line, file=sys.stderr, flush=True)
