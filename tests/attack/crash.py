"""``make crash``: processes that are killed while they write, a disk that is full, a database that goes away.

KILLS=n processes die, half of them on SQLite, half on PostgreSQL where it is installed; the last lines are figures.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from geo import store_backup
from geo.store import ConflictError, Store, StoreError, open_store
from tests import support_store
from tests.attack.tally import Tally
from tests.support_store import Worker, report, saves

ROUNDS = 100  # kills on one store; then a new one, so that it stays small
IDS = 6
SEED = 20261124
MIB = 1024 * 1024


def activity_ids(count: int) -> list[str]:
    """Return the ids of the first embedded activities."""
    from geo import library  # not in the processes that are killed: they have to start at once

    return [one.activity_id for one in library.embedded().activities[:count]]


def payload(author: str, turn: int) -> bytes:
    """Return bytes of an upload, other ones each time: from a few to some 200,000."""
    chance = random.Random(f"{author} {turn}")
    return chance.randbytes(chance.choice((10, 3_000, 200_000)))


def writes(pipe: Connection, address: str, author: str, folder: str, *ids: str) -> None:
    """Write in turn whatever can be written, and say each thing once it was acknowledged; ends by being killed."""
    store, chance = open_store(address), random.Random(author)
    pipe.send(("ready", 0, ""))
    turn = 0
    while True:
        turn += 1
        kind = chance.choice(("upload", "upload", "decide", "decide", "undo", "publish", "backup"))
        with contextlib.suppress(ConflictError):
            if told := _write(store, kind, author, turn, folder, chance.choice(ids)):
                pipe.send((kind, *told))


def _write(store: Store, kind: str, author: str, turn: int, folder: str, key: str) -> tuple[int, str] | None:
    """Write one thing; return its number and what it has to be found with, None where there was nothing to write on."""
    if kind == "upload":
        data = payload(author, turn)
        made = store.add_version(data, report(data, [f"{author} {turn}", "b"], rejected=1), author, f"turn {turn}")
        return made.id, hashlib.sha256(data).hexdigest()
    if kind == "publish":
        versions = store.versions()
        if not versions:
            return None
        store.publish(versions[0].id, author)
        return versions[0].id, ""
    if kind == "backup":
        if store.stamp() == "empty":
            return None
        path = Path(folder) / f"{author} {turn}.zip"
        return store.backup(path).serial, str(path)
    found = store.decisions().get(key)
    if kind == "undo":
        return (store.undo(found.id, f"undo {turn}", author).id, key) if found else None
    reason = f"{author} {turn}"
    return store.decide_scope(key, "nationwide", (), reason, author, seen=found.id if found else None).id, reason


@dataclass
class Heard:
    """What processes said that they were told is kept."""

    uploads: dict[int, str] = field(default_factory=dict)
    decisions: dict[int, str] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)
    published: set[int] = field(default_factory=set)
    backups: list[str] = field(default_factory=list)
    count: int = 0

    def take(self, messages: list[tuple[str, int, str]]) -> None:
        """Sort what was heard."""
        for kind, number, what in messages:
            self.count += kind != "ready"
            if kind == "upload":
                self.uploads[number] = what
            elif kind == "decide":
                self.decisions[number] = what
            elif kind == "undo":
                self.undone.add(number)
            elif kind == "publish":
                self.published.add(number)
            elif kind == "backup":
                self.backups.append(what)


def judge(address: str, heard: Heard, folder: Path, ids: list[str], tally: Tally) -> None:
    """All that was acknowledged is there, whole; nothing is there in part; every file of a backup is a whole one."""
    store = open_store(address)
    versions = {one.id: one for one in store.versions()}
    for number, digest in heard.uploads.items():
        good = number in versions and hashlib.sha256(store.version_bytes(number)).hexdigest() == digest
        tally.see(good, "upload", str(number), "lost or changed")
    for number, one in versions.items():  # those too whose acknowledgement the kill cut off
        whole = len(store.version_bytes(number)) == one.size and one.accepted + one.rejected == one.rows_read
        tally.see(whole, "partial upload", str(number), one)
    history = {one.id: one for key in ids for one in store.history(key)}
    for number, reason in heard.decisions.items():
        tally.see(number in history and history[number].reason == reason, "decision", str(number), "lost")
    for number in heard.undone:
        tally.see(number in history and history[number].undone_at is not None, "undo", str(number), "lost")
    for number in heard.published:
        tally.see(versions[number].published_at is not None, "publication", str(number), "lost")
    tally.see(sum(one.published for one in versions.values()) <= 1, "published", "one at most", versions)
    trail = store.audit(10_000_000)
    serial = int(store.stamp().partition("-")[0]) if trail else 0
    tally.see(len(trail) == serial, "audit", f"{serial} writes", len(trail))
    tally.see(len(trail) >= heard.count - len(heard.backups), "audit", "every write", (len(trail), heard.count))
    for path in folder.glob("[!.]*.zip"):  # a killed backup leaves its hidden half behind, never one under the name
        try:
            store_backup.check(path)
            tally.see(True, "backup", path.name)
        except StoreError as error:
            tally.see(False, "backup", path.name, error)
    tally.see(all(Path(path).is_file() for path in heard.backups), "backup", "those acknowledged", heard.backups)
    store.close()
    if address.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as raw:
            tally.see(raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "sqlite", "integrity")
            tally.see(raw.execute("PRAGMA foreign_key_check").fetchall() == [], "sqlite", "foreign keys")


def kills(place: Callable[[], str], folder: Path, count: int, seed: int = SEED) -> tuple[Tally, str]:
    """Kill ``count`` processes at random moments of their writes; judge after each tenth and at the end of a store."""
    ids, tally, chance = activity_ids(IDS), Tally(), random.Random(seed)
    acknowledged = early = 0
    for start in range(0, count, ROUNDS):
        address, heard = place(), Heard()
        inner = folder / f"backups {start}"
        inner.mkdir(parents=True)
        for turn in range(start, min(start + ROUNDS, count)):
            worker = Worker(writes, address, f"writer {seed} {turn}", str(inner), *ids)
            if turn % 10:  # each tenth dies while it opens or makes the store
                worker.pipe.recv()
            if turn % 2:  # and every other one after its first write is acknowledged, however slow the machine
                worker.pipe.poll(60)
            time.sleep(chance.uniform(0, 0.15))
            worker.process.kill()
            messages = worker.heard()
            early += not messages
            heard.take(messages)  # type: ignore[arg-type]
            tally.see(worker.process.exitcode == -signal.SIGKILL, "killed", str(turn), worker.process.exitcode)
            if turn % 10 == 9 or turn == count - 1:
                judge(address, heard, inner, ids, tally)
        acknowledged += heard.count
    return tally, f"{count} kills, {acknowledged:,} writes acknowledged before them, {early} died before their first"


# A disk that is full


def _fill(pipe: Connection, address: str, most: int) -> None:
    """Upload until the disk, or what this process may write to a file, is full; then make room and upload again."""
    if most:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store, turn = open_store(address), 0
    while True:
        data = payload("full", turn := turn + 1) + bytes(f"{turn}", "ascii")
        try:
            made = store.add_version(data, report(data, [f"f{turn}"]), "Ann")
            pipe.send(("upload", made.id, hashlib.sha256(data).hexdigest()))
        except StoreError as error:
            pipe.send(("told", 0, str(error)))
            break
    if most:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        (Path(address.removeprefix("sqlite:///")).parent / "ballast").unlink()
    data = b"there is room again"
    made = store.add_version(data, report(data, ["again"]), "Ann")
    pipe.send(("upload", made.id, hashlib.sha256(data).hexdigest()))
    store.close()


@contextlib.contextmanager
def small_disk(folder: Path, size: int) -> Iterator[bool]:
    """Give a disk of so many bytes at ``folder``; False where this account may mount none."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    done = shutil.which("mount") and subprocess.run(command, check=False, capture_output=True).returncode == 0
    try:
        if done:
            (folder / "ballast").write_bytes(bytes(size // 3))
        yield bool(done)
    finally:
        if done:
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def full_disk(folder: Path) -> tuple[Tally, str]:
    """A store on a full disk says so, keeps what it has, and takes writes again when there is room."""
    tally = Tally()
    with small_disk(folder / "disk", 4 * MIB) as mounted:
        address = f"sqlite:///{folder / 'disk' / 'store.sqlite3'}"
        worker = Worker(_fill, address, 0 if mounted else 2 * MIB)
        messages: list[tuple[str, int, str]] = worker.heard()  # type: ignore[assignment]
        told = [what for kind, _number, what in messages if kind == "told"]
        tally.see(worker.process.exitcode == 0, "full disk", "the process lives", worker.process.exitcode)
        tally.see(len(told) == 1 and "could not be written" in told[0], "full disk", "it is said", told)
        heard = Heard()
        heard.take([one for one in messages if one[0] != "told"])
        tally.see(len(heard.uploads) > 2, "full disk", "uploads before and after", len(heard.uploads))
        judge_uploads(address, heard, tally)
    way = "a disk of 4 MiB" if mounted else "files of at most 2 MiB (RLIMIT_FSIZE)"
    return tally, f"{way}; {len(heard.uploads)} uploads kept; said: {told[0] if told else '-'}"


def judge_uploads(address: str, heard: Heard, tally: Tally) -> None:
    """Judge a store that only took uploads."""
    store = open_store(address)
    found = {one.id: store.version_bytes(one.id) for one in store.versions()}
    tally.see(sorted(found) == sorted(heard.uploads), "uploads", "those acknowledged", sorted(found))
    for number, digest in heard.uploads.items():
        tally.see(hashlib.sha256(found.get(number, b"")).hexdigest() == digest, "upload", str(number), "changed")
    store.close()


# A database that goes away


def _patient(pipe: Connection, address: str, count: int, stops: int) -> None:
    """Save ``count`` times or until the server was away so often; say what a failed save was told, and try it again."""
    store, turn, away, failed = open_store(address), 0, 0, False
    pipe.send(("ready", 0, ""))
    while turn < count or away < stops:
        data = payload("patient", turn) + bytes(f"{turn}", "ascii")
        try:
            made = store.add_version(data, report(data, [f"p{turn}"]), "Ann")
            pipe.send(("upload", made.id, hashlib.sha256(data).hexdigest()))
            turn, away, failed = turn + 1, away + failed, False
        except StoreError as error:
            failed = True
            pipe.send(("told", 0, str(error)))
            time.sleep(0.1)
    store.close()


def stopped_database(count: int = 200, stops: int = 3) -> tuple[Tally, str]:
    """PostgreSQL is stopped at once while a process saves, and started again: the process goes on by itself."""
    tally, address = Tally(), support_store.new_database()
    worker = Worker(_patient, address, count, stops)
    worker.pipe.recv()
    for _turn in range(stops):
        time.sleep(0.3)
        control(address, "stop", "-m", "immediate")
        time.sleep(0.5)
        control(address, "start")
    messages: list[tuple[str, int, str]] = worker.heard()  # type: ignore[assignment]
    told = [what for kind, _number, what in messages if kind == "told"]
    heard = Heard()
    heard.take([one for one in messages if one[0] == "upload"])
    tally.see(worker.process.exitcode == 0, "stopped database", "the process lives", worker.process.exitcode)
    tally.see(len(heard.uploads) >= count, "stopped database", f"{count} saves", len(heard.uploads))
    tally.see(bool(told), "stopped database", "it is said", told)
    store = open_store(address)
    for number, digest in heard.uploads.items():
        found = hashlib.sha256(store.version_bytes(number)).hexdigest()
        tally.see(found == digest, "upload", str(number), "changed")
    store.close()
    return tally, f"{stops} stops, {len(told)} saves refused with a reason, {len(heard.uploads)} kept"


def control(address: str, *command: str) -> None:
    """Stop or start the server of the tests."""
    programs, folder = support_store.binaries(), Path(address.rpartition("host=")[2])
    assert programs is not None
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60 -c shared_buffers=32MB"
    extra = ["-o", options, "-l", str(folder / "log")] if command[0] == "start" else []
    subprocess.run(
        [str(programs / "pg_ctl"), "-D", str(folder / "data"), "-w", *extra, *command],
        cwd=folder,
        user=support_store._owner(),
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=60,
    )


def editors(address: str, count: int, each: int) -> tuple[Tally, str]:
    """So many processes save so often at once, all of them on one activity too: every save is kept."""
    ids, tally = activity_ids(count + 1), Tally()
    start = time.monotonic()
    workers = [Worker(saves, address, f"editor {n}", each, ids[0], ids[1 + n]) for n in range(count)]
    kept = sorted(int(number) for worker in workers for number in worker.heard()[1:])
    store = open_store(address)
    found = [one for key in ids for one in store.history(key)]
    tally.see(kept == sorted(one.id for one in found), "editors", "what was acknowledged", len(found))
    wanted = sorted(f"editor {n} {turn}" for n in range(count) for turn in range(each))
    tally.see(sorted(one.reason for one in found) == wanted, "editors", "every save once", len(found))
    tally.see(len(store.audit(1_000_000)) == count * each, "editors", "the trail", count * each)
    store.close()
    return tally, f"{len(found)} of {count * each} saves kept in {time.monotonic() - start:.0f} s"


def main() -> int:
    """Break the store in every way; 1 where anything was lost."""
    count = int(os.environ.get("KILLS") or 1000)
    postgres = support_store.binaries() is not None
    faults, checked, lines = 0, 0, []
    with tempfile.TemporaryDirectory(prefix="lao_sdg_crash_") as name:
        folder, number = Path(name), iter(range(1_000_000))

        def file() -> str:
            return f"sqlite:///{folder / f'store {next(number)}.sqlite3'}"

        half = count // 2 if postgres else count
        jobs: list[tuple[str, Callable[[], tuple[Tally, str]]]] = [
            ("kills, SQLite", lambda: kills(file, folder / "a", half)),
            ("full disk", lambda: full_disk(folder)),
            ("8 editors x 100, SQLite", lambda: editors(file(), 8, 100)),
        ]
        if postgres:
            jobs += [
                ("kills, PostgreSQL", lambda: kills(support_store.new_database, folder / "b", count - half)),
                ("PostgreSQL stopped mid-save", stopped_database),
                ("8 editors x 100, PostgreSQL", lambda: editors(support_store.new_database(), 8, 100)),
            ]
        for what, job in jobs:
            tally, told = job()
            for fault in tally.faults[:20]:
                print(f"  {what}: {fault}", flush=True)
            lines.append(f"{what}: {told}; {tally.checked:,} checks, {len(tally.faults)} faults")
            print(lines[-1], flush=True)
            faults, checked = faults + len(tally.faults), checked + tally.checked
    print("\n" + "\n".join(lines))
    missing = "" if postgres else "; NOT REACHED: PostgreSQL is not installed on this machine"
    print(f"crash: {count:,} kills, {checked:,} checks, {faults} faults{missing}")
    return 1 if faults or not checked else 0


if __name__ == "__main__":
    # Jobs of other processes are named by this module's own name, not by __main__.
    from tests.attack import crash

    sys.exit(crash.main())
