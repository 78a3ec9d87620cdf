"""``make mutate``: change the rules in one place at a time and see whether a test notices; the last lines are figures.

mutmut makes the changes (mutants) and runs the tests.  There are thousands, so this draws their order: the small
modules whole, of the others the same share of each function, the same mutants each time.  It stops after MINUTES and
says how many were tried; the next run goes on from there, and with AGAIN=1 tries those that lived once more.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatch
from functools import cache
from hashlib import sha256
from math import ceil
from pathlib import Path

import mutmut.__main__ as mutmut
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.file_mutation import MutatedFile, mutate_file_contents
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths, walk_mutatable_files
from mutmut.utils.format_utils import mangled_name_from_mutant_name
from mutmut.workers.isolation import MutantRunner, get_mutant_runner

ROOT = Path(__file__).resolve().parent.parent.parent
WHOLE = ("geo.money", "geo.access")  # tried before all others
# What only slower tests would see counts as missed.
SECONDS = 4.0  # of tests for one mutant, the quickest of those that reach it
MOST = 250  # tests for one mutant
STATES = ("killed", "timed out", "survived", "not tried")
KILLED, SURVIVED = (1, 2, 3, -11), (0, 5, 33)  # exit codes: a test failed or broke; all passed, or none reaches it
TIMED_OUT = (24, -24, 152, 36, -9)
CACHED = re.compile(r"^@(cache|lru_cache\(.*\))\n(?=def (\w+)\()", re.MULTILINE)


def main() -> int:
    """Try mutants until the time is over and print the figures; 1 where none was tried."""
    os.chdir(ROOT)
    minutes, children = float(os.environ.get("MINUTES") or 60), int(os.environ.get("CHILDREN") or 2)
    pattern = os.environ.get("MODULE") or "*"
    runner = prepare(children)
    found = {str(path): _data(path) for path in walk_mutatable_files()}
    owner = {name: one for one in found.values() for name in one.exit_code_by_key}
    verdicts = {name: one.exit_code_by_key[name] for name, one in owner.items()}
    order = [name for name in drawn(verdicts) if fnmatch(name, pattern)]
    started = time.monotonic()
    for at, (name, code) in enumerate(tried(runner, order, started + 60 * minutes), 1):
        owner[name].exit_code_by_key[name] = verdicts[name] = code
        owner[name].save()
        if at % 50 == 0:
            print(f"{at} of {len(order)} in {(time.monotonic() - started) / 60:.0f} minutes", flush=True)
    print(*figures(verdicts), sep="\n")
    return 0 if any(code is not None for code in verdicts.values()) else 1


def _data(path: Path) -> SourceFileMutationData:
    found = SourceFileMutationData(path=path)
    found.load()
    return found


# ---- making them


def prepare(children: int) -> MutantRunner:
    """Write the changed modules to mutants/ and learn which tests reach which function.

    Raises:
        SystemExit: when a test fails on the unchanged rules, or none fails where every rule does.
    """
    set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    mutmut.mutate_file_contents = uncached
    mutmut.create_mutants(children)
    Path("mutants/mutmut-stats.json").unlink(missing_ok=True)  # the tests may have changed
    runner = get_mutant_runner(children)
    mutmut.collect_or_load_stats(runner)
    mutmut.run_forced_fail_test(runner)
    set_mutant_under_test("")
    return runner


def uncached(
    filename: str, code: str, covered_lines: set[int] | None = None, coverage_excluded_lines: set[int] | None = None
) -> MutatedFile:
    """Change cached functions too: mutmut leaves decorated ones alone, so the caches are put around them at the end."""
    made = mutate_file_contents(filename, CACHED.sub("", code), covered_lines, coverage_excluded_lines)
    again = "".join(f"\n{name} = {wrapper}({name})" for wrapper, name in CACHED.findall(code))
    return replace(made, code=f"{made.code}{again}\n")


# ---- trying them


def drawn(verdicts: Mapping[str, int | None]) -> list[str]:
    """Return the mutants to try: with AGAIN those that lived, the small modules, then evenly over all functions."""
    by_function: dict[str, list[str]] = defaultdict(list)
    for name in verdicts:
        by_function[mangled_name_from_mutant_name(name)].append(name)
    share: dict[str, float] = {}
    for names in by_function.values():
        names.sort(key=_luck)
        share |= {name: (at + 0.5) / len(names) for at, name in enumerate(names)}
    again = SURVIVED if os.environ.get("AGAIN") else ()
    left = [name for name, code in verdicts.items() if judged(code) == "not tried" or code in again]
    return sorted(left, key=lambda name: (verdicts[name] is None, _module(name) not in WHOLE, share[name], _luck(name)))


@cache
def _luck(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def _module(name: str) -> str:
    return name.rpartition(".")[0]


def tried(runner: MutantRunner, order: Iterable[str], until: float) -> Iterator[tuple[str, int]]:
    """Yield each mutant that was tried, with the exit code of its tests."""
    waiting = iter(order)
    runner.startup()
    try:
        while True:
            while runner.has_capacity() and time.monotonic() < until and (name := next(waiting, "")):
                _submit(runner, name)
            if not runner.pending_count():
                runner.signal_work_complete()
                return
            result = runner.wait_for_result()
            yield result.mutant_name, result.exit_code
    finally:
        runner.shutdown()


def _submit(runner: MutantRunner, name: str) -> None:
    seconds = state().duration_by_test
    tests: list[str] = []
    total = 0.0
    for test in sorted(
        state().tests_by_mangled_function_name.get(mangled_name_from_mutant_name(name), ()), key=seconds.__getitem__
    )[:MOST]:
        if tests and total + seconds[test] > SECONDS:
            break
        tests.append(test)
        total += seconds[test]
    limit = ceil((total + config().timeout_constant) * config().timeout_multiplier * 2)
    runner.submit(name, tests, limit, total)


# ---- telling


def figures(verdicts: Mapping[str, int | None]) -> Iterator[str]:
    """Yield those that lived, a line for each module, and the score."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, code in sorted(verdicts.items()):
        counts[_module(name)][judged(code)] += 1
        if judged(code) == "survived":
            yield f"survived: {name}"
    yield f"{'module':<24}{'mutants':>9}" + "".join(f"{one:>11}" for one in STATES) + f"{'score':>8}"
    for module, one in [*sorted(counts.items()), ("all", sum(counts.values(), Counter[str]()))]:
        known = one["killed"] + one["timed out"]
        score = f"{known / (known + one['survived']):.1%}" if known + one["survived"] else "-"
        yield f"{module:<24}{one.total():>9}" + "".join(f"{one[state]:>11}" for state in STATES) + f"{score:>8}"
    done = one.total() - one["not tried"]
    yield f"mutate: score {score} of the {done:,} mutants tried, {one.total():,} in all; {one['survived']} survived"


def judged(code: int | None) -> str:
    """Return what an exit code says of a mutant; one that the tests did not get to judge was not tried."""
    if code in KILLED:
        return "killed"
    return "timed out" if code in TIMED_OUT else "survived" if code in SURVIVED else "not tried"


if __name__ == "__main__":
    sys.exit(main())
