"""Bombs and corpora through every door that takes a file, each in a process whose time and memory are told."""

from __future__ import annotations

import os
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from geo.errors import GeoError
from tests.attack import bombs, corpus
from tests.attack.tally import Tally
from tests.support_store import FORKS

SECONDS, WALL = 90, 200  # of processor time of one file, and on the clock of a loaded machine
MOST_MIB = 1_300  # of one process, in memory: the server's own and what a reader takes beside it
MIB = 1024
KINDS = ("", "csv", "xlsx", "iati", "hxl", "uninfo", "geojson", "geopackage", "geoparquet")
LOADED = ("geo.intake", "geo.boundary_file", "geo.provenance", "geo.print_logo", "tests.attack.files")
FORKS.set_forkserver_preload(["tests.support_store", "alembic.command", "alembic.config", *LOADED])


def doors() -> dict[str, Callable[[bytes], object]]:
    """Return every door that takes bytes of a person."""
    from geo import boundary_file, intake, news_reader, print_logo, provenance

    def read(kind: str) -> Callable[[bytes], object]:
        return lambda data: intake.read(data, "attack.bin", kind)

    return {
        **{f"intake {kind}".strip(): read(kind) for kind in KINDS},
        "boundaries": lambda data: boundary_file.read_user_file(data, "attack.bin"),
        "studio file": provenance.read,
        "logo": print_logo.read,
        "news": lambda data: news_reader.read(data, "attack.bin"),
    }


def attempt(pipe: Connection, door: str, data: bytes, folder: str) -> None:
    """Read a file in this process and say how it ended."""
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    signal.alarm(WALL)
    try:
        verdict = f"read: {type(doors()[door](data)).__name__}"
    except GeoError as error:
        verdict = f"refused: {error}"
    except BaseException as error:
        verdict = f"TRACEBACK {type(error).__name__}: {error} {traceback.format_exc()[-700:]}"
    mine, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    spent = mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime
    pipe.send((verdict, spent, mine.ru_maxrss // MIB, theirs.ru_maxrss // MIB))


def one(door: str, data: bytes, folder: Path) -> tuple[str, float, int, int]:
    """Return the verdict of a door on a file, the seconds of processor time, and the memory (self, child) in MiB."""
    pipe, theirs = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=attempt, args=(theirs, door, data, str(folder)), daemon=False)
    process.start()
    theirs.close()
    try:
        found: tuple[str, float, int, int] = pipe.recv()
    except EOFError:
        process.join()
        found = (f"DIED with {process.exitcode}", SECONDS, 0, 0)
    process.join()
    pipe.close()
    return found


def throw(files: dict[str, bombs.Bomb], wanted: tuple[str, ...], folder: Path) -> tuple[Tally, str]:
    """Throw files at doors; return what came of it and the most that any took."""
    tally, slowest, largest = Tally(), (0.0, ""), (0, "")
    inner = folder / "a" / "b" / "c"
    inner.mkdir(parents=True, exist_ok=True)
    for name, make in files.items():
        data = make()
        for door in wanted:
            verdict, seconds, mine, theirs = one(door, data, inner)
            what = f"{name} -> {door}"
            tally.see(verdict.startswith(("read", "refused")), what, "a verdict in words", verdict)
            tally.see("root:" not in verdict, what, "nothing outside is read", verdict)
            tally.see(mine + theirs <= MOST_MIB, what, f"at most {MOST_MIB} MiB", f"{mine} + {theirs}")
            slowest, largest = max(slowest, (seconds, what)), max(largest, (mine + theirs, what))
            if os.environ.get("VERBOSE"):
                print(f"    {what}: {seconds:.1f} s, {mine} + {theirs} MiB, {verdict[:110]}", flush=True)
    left = [str(path) for path in folder.rglob("*evil*")] + [str(path) for path in inner.iterdir()]
    tally.see(not left, "zip slip", "no file is written", left)
    return tally, f"most time {slowest[0]:.1f} s ({slowest[1]}), most memory {largest[0]} MiB ({largest[1]})"


def corpora() -> dict[str, bombs.Bomb]:
    """Return every file of the corpora that is not a list of strings."""
    where = corpus.folder()
    if where is None:
        return {}
    skip = ("README", "LICENSE", "blns", "payload")
    paths = [path for path in sorted(where.rglob("*")) if path.is_file() and not any(one in path.name for one in skip)]
    wanted = [path for path in paths if not path.name.endswith(("-json", "-pretty", ".result", "-object"))]
    return {f"{path.parent.name}/{path.name}": path.read_bytes for path in wanted}


def run(folder: Path) -> Iterator[tuple[str, Tally]]:
    """Throw every bomb at every door and every file of the corpora at those that take its like."""
    every, few = tuple(doors()), ("intake", "boundaries", "studio file")
    for what, files, wanted in (
        ("small bombs", bombs.QUICK, every),
        ("heavy bombs", bombs.HEAVY, ("intake", "intake csv", "intake xlsx", "intake geojson", "boundaries", "logo")),
        ("files of the corpora", corpora(), few),
    ):
        start = time.monotonic()
        tally, told = throw(files, wanted, folder / what.replace(" ", "_"))
        yield f"{what}: {len(files)} files x {len(wanted)} doors", tally
        print(f"  {told}; {time.monotonic() - start:.0f} s", flush=True)


def quick(folder: Path) -> tuple[Tally, str]:
    """Throw the small bombs at the three doors that take them most."""
    return throw(bombs.QUICK, ("intake", "boundaries", "studio file"), folder)
