"""Floor 1: run a reader of untrusted bytes in a child process that cannot use up the machine, nor reach out of itself.

The child gets the bytes on its standard input and answers with lines of JSON, never with pickles: what a hostile file
makes of the child stays in the child.  It inherits no environment (no passwords), may take so much memory and time,
write no file, and, unless ``files`` says otherwise, open none, nor a socket.  Where the system has no such limits
(Windows) the time alone bounds it.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from geo.errors import InputError

resource: Any
try:
    import resource
except ImportError:  # Windows
    resource = None

ROOT = Path(__file__).resolve().parent.parent.parent
INHERITED = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "LAO_SDG_PACK")
ITEM, END = b"+", b"="  # what a line of the answer begins with
DONE, REFUSED, SHORT, FAILED = "done", "refused", "memory", "failed"
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: seconds of CPU, seconds on the clock, MiB of memory and MiB of answer.

    ``files`` lets it open files (a library that has to find its own tables, such as PROJ's).
    """

    seconds: int = 10
    wall: int = 60
    memory: int = 512
    answer: int = 256
    files: bool = False


def run(
    target: str,
    data: bytes,
    *arguments: str,
    name: str = "The file",
    limits: Limits = Limits(),
    environment: Mapping[str, str] | None = None,
) -> list[Any]:
    """Run ``module:function`` on ``data`` and ``arguments`` in a child; return what it yields, values that JSON holds.

    Raises:
        InputError: when the function raises one, or the file asks for more than the limits allow.
    """
    command = [sys.executable, "-X", "utf8", "-m", __name__, target, json.dumps([*map(str, _numbers(limits))])]
    with subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={key: os.environ[key] for key in INHERITED if key in os.environ} | dict(environment or {}),
    ) as process:
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(limits.wall, end)
        writer = threading.Thread(target=_feed, args=(process, data), daemon=True)
        timer.start()
        writer.start()
        try:
            assert process.stdout is not None
            answer = process.stdout.read(limits.answer * MIB + 1)
            large = len(answer) > limits.answer * MIB
            if large:
                process.kill()
            code = process.wait()
        finally:
            timer.cancel()
            process.kill()
            writer.join()
    if large:
        raise InputError(f"{name} unpacks to more than {limits.answer} MB of text. Split it, or save it as CSV.")
    return _verdict(answer, code, late.is_set(), name, limits)


def _feed(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError), process.stdin:  # a child that has died reads nothing
        process.stdin.write(data)


def _verdict(answer: bytes, code: int, late: bool, name: str, limits: Limits) -> list[Any]:
    """Return the lines of a child that came to its end.

    Raises:
        InputError: when it did not.
    """
    lines = answer.splitlines()
    ended = bool(lines) and lines[-1].startswith(END)
    outcome, told = json.loads(lines.pop()[1:]) if ended else ("", "")
    if outcome == DONE and not code:
        return [json.loads(line[1:]) for line in lines]
    if outcome == REFUSED:
        raise InputError(str(told))
    if late or code == -getattr(signal, "SIGXCPU", 0):
        raise InputError(
            f"{name} takes longer to read than a file may ({limits.seconds} s). Split it, or save it as CSV."
        )
    if outcome == SHORT or -code in (signal.SIGABRT, getattr(signal, "SIGKILL", 0)):
        raise InputError(
            f"{name} needs more memory than a file may take ({limits.memory} MB). "
            "Delete what stands outside the table, split the file, or save it as CSV."
        )
    raise InputError(f"{name} cannot be read ({told or f'the reader ended with {code}'}). Save it again, or as CSV.")


def _numbers(limits: Limits) -> tuple[int, ...]:
    return limits.seconds, limits.memory, int(limits.files)


# ---- in the child


def main(arguments: list[str]) -> int:
    """Run a function on the standard input under limits; write what it yields, a line each, and how it ended."""
    target, numbers, *rest = arguments
    seconds, memory, files = map(int, json.loads(numbers))
    module, _, function = target.partition(":")
    work: Callable[..., Iterable[Any]] = getattr(importlib.import_module(module), function)
    data = sys.stdin.buffer.read()
    _limit(seconds, memory, bool(files))
    with open(1, "w", encoding="utf-8", errors="replace", newline="\n", closefd=False) as out:
        end = _answer(out, lambda: work(data, *rest))
        out.write(f"{END.decode()}{json.dumps(end)}\n")
    return 0 if end[0] == DONE else 1


def _answer(out: TextIO, work: Callable[[], Iterable[Any]]) -> tuple[str, str]:
    """Write a line for each item; return how it ended and what there is to say about it."""
    try:
        for item in work():
            out.write(f"{ITEM.decode()}{json.dumps(item, ensure_ascii=False)}\n")
    except InputError as error:
        return REFUSED, str(error)
    except MemoryError:
        return SHORT, ""
    except Exception as error:  # a library's own error about the bytes: the parent tells it in its words
        told = "" if isinstance(error, OSError) else f": {error}"  # a system's error names paths of this machine
        return FAILED, f"{type(error).__name__}{told}"[:500]
    return DONE, ""


def _limit(seconds: int, memory: int, files: bool) -> None:
    """Bound this process from here on; what it has loaded already may stay."""
    if resource is None:
        return
    for what, most in (
        (resource.RLIMIT_AS, max(memory * MIB, _size() + memory * MIB // 2)),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        *(((resource.RLIMIT_NOFILE, 3),) if not files else ()),
    ):
        hard = resource.getrlimit(what)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # a system that does not know this limit keeps the others
            resource.setrlimit(what, (bound, bound if what != resource.RLIMIT_CPU else hard))


def _size() -> int:
    """Return the address space in use, in bytes, 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
