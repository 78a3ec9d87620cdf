"""``make fuzz``: bytes that a fuzzer makes of good files, at every reader; MINUTES=10 for each, READER=name for one.

A finding is an error that is none of ours, a row that is neither accepted nor rejected, or too much time or memory.  It
is kept in tests/fixtures/fuzz, where tests/test_fuzz.py reads it from then on.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from geo.errors import GeoError

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "fuzz"
LONGEST = 16_384  # bytes of an input
SLOW, MOST_MIB = 20, 2_048  # seconds and memory of one input
DONE = re.compile(r"Done (\d+) runs")
COVERED = re.compile(r"#\d+\s+\w+\s+cov: (\d+)")


def intake_of(kind: str) -> Callable[[bytes], None]:
    """Return what reads bytes as a kind of activities and counts the rows."""
    import importlib

    from geo import intake

    for late in ("geojson", "hxl", "iati"):  # else they come with the first file, unseen by the fuzzer
        importlib.import_module(f"geo.readers.{late}")

    def read(data: bytes) -> None:
        found = intake.read(data, "fuzz", kind)
        assert len(found.activities) + found.rejected == found.rows_read, "a row is lost"

    return read


def child_of(module: str, function: str, *arguments: str) -> Callable[[bytes], None]:
    """Return what reads bytes as the child process of a reader does, here without its limits."""
    import importlib

    work = getattr(importlib.import_module(f"geo.readers.{module}"), function)

    def read(data: bytes) -> None:
        for _item in work(data, *arguments):
            pass

    return read


def boundaries_of() -> Callable[[bytes], None]:
    """Return what reads bytes as boundaries."""
    from geo import boundary_file

    return lambda data: void(boundary_file.read_user_file(data, "fuzz"))


def view_of() -> Callable[[bytes], None]:
    """Return what looks for a view in a file of the studio."""
    from geo import provenance

    return lambda data: void(provenance.read(data))


def logo_of() -> Callable[[bytes], None]:
    """Return what reads a logo."""
    from geo import print_logo

    return lambda data: void(print_logo.read(data))


def void(_value: object) -> None:
    """Drop a value."""


# A reader of a child process may end with an error of its library: the parent tells it in words.
READERS: dict[str, tuple[Callable[[], Callable[[bytes], None]], bool]] = {
    "csv": (lambda: intake_of("csv"), False),
    "hxl": (lambda: intake_of("hxl"), False),
    "uninfo": (lambda: intake_of("uninfo"), False),
    "geojson": (lambda: intake_of("geojson"), False),
    "iati": (lambda: intake_of("iati"), False),
    "boundaries": (boundaries_of, False),
    "studio": (view_of, False),
    "logo": (logo_of, False),
    "xlsx": (lambda: child_of("workbook_child", "cells", "fuzz"), True),
    "vector": (lambda: child_of("vector_child", "read", "fuzz", "points"), True),
}


def seeds(reader: str) -> list[bytes]:
    """Return good files of a kind, as our exports write them."""
    from geo import library
    from geo.export import formats
    from geo.filters import Filters
    from tests.attack import bombs

    def made(key: str) -> bytes:
        return formats.render(library.embedded(), Filters(sdg=("14",)), key)

    keys = {"csv": "csv", "hxl": "hxl", "uninfo": "csv", "geojson": "geojson", "iati": "iati", "xlsx": "xlsx"}
    if reader in keys:
        return [made(keys[reader])]
    if reader == "vector":
        return [made("gpkg"), made("parquet")]
    return {
        "boundaries": [bombs.polygon(20)],
        "studio": [bombs.png(2, 2), b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html></html>"],
        "logo": [
            bombs.png(2, 2),
            b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0L9 9'/></svg>",
        ],
    }[reader]


def attempt(reader: str, data: bytes) -> None:
    """Read bytes once; raise what is a finding.  What a child process reads is read by one, as the app does."""
    from geo.readers import vector, workbook

    doors: dict[str, Callable[[bytes], None]] = {
        "xlsx": lambda data: void(workbook.sheets(data, "fuzz")),
        "vector": lambda data: void(vector.layer(data, "fuzz", "points")),
    }
    _once(doors.get(reader) or READERS[reader][0](), False, data)


def _once(read: Callable[[bytes], None], own: bool, data: bytes) -> None:
    try:
        read(data)
    except GeoError:
        pass
    except Exception:
        if not own:
            raise


def work(reader: str, arguments: list[str]) -> None:
    """Fuzz one reader in this process; never returns."""
    import atheris  # type: ignore[import-untyped]

    with atheris.instrument_imports(include=["geo"]):
        make, own = READERS[reader]
        read = make()
    atheris.Setup([reader, *arguments], lambda data: _once(read, own, data))
    atheris.Fuzz()


def fuzz(reader: str, seconds: int, folder: Path) -> tuple[str, bool]:
    """Fuzz a reader in a process of its own; return its figures, and whether anything was found."""
    corpus = folder / reader
    corpus.mkdir()
    for at, seed in enumerate(seeds(reader)):
        (corpus / f"seed{at}").write_bytes(seed)
    found = folder / f"{reader}-found-"
    longest = max(LONGEST, *(path.stat().st_size for path in corpus.iterdir()))
    limits = [f"-max_total_time={seconds}", f"-max_len={longest}", f"-timeout={SLOW}", f"-rss_limit_mb={MOST_MIB}"]
    command = [sys.executable, "-m", "tests.attack.fuzz", reader, *limits, f"-artifact_prefix={found}", str(corpus)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, errors="replace")
    kept = sorted(folder.glob(f"{reader}-found-*"))
    for path in kept:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        FIXTURES.mkdir(exist_ok=True)
        shutil.copy(path, FIXTURES / f"{reader}-{digest}.bin")
    runs, covered = DONE.findall(done.stderr), COVERED.findall(done.stderr)
    told = f"{int(runs[-1]):,} runs" if runs else "ended early"
    line = f"{reader}: {told}, {covered[-1] if covered else 0} branches seen, {len(kept)} findings"
    good = done.returncode == 0 and bool(runs) and not kept
    return line if good else f"{line}\n{done.stderr[-2500:]}", good


def main() -> int:
    """Fuzz every reader, or the one that is named; 1 where anything was found."""
    if len(sys.argv) > 1:
        work(sys.argv[1], sys.argv[2:])
    try:
        import atheris  # noqa: F401
    except ImportError:
        print("fuzz: NOTHING WAS FUZZED: atheris is not installed for this Python or machine. Use Linux, x86-64.")
        return 1
    wanted = os.environ.get("READER") or ""
    names = [name for name in READERS if wanted in ("", name)]
    seconds = int(float(os.environ.get("MINUTES") or 10) * 60)
    lines = []
    with tempfile.TemporaryDirectory(prefix="lao_sdg_fuzz_") as name:
        for reader in names:
            lines.append(fuzz(reader, seconds, Path(name)))
            print(lines[-1][0], flush=True)
    faults = sum(not good for _line, good in lines)
    print("\n" + "\n".join(line.splitlines()[0] for line, _good in lines))
    print(f"fuzz: {len(lines)} readers, {seconds} s each, {faults} with findings")
    return 1 if faults or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
