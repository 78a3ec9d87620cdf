"""Versions, decisions and the trail: the same tests on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from geo import library, store, store_database, store_rows, store_tables
from geo.dataset import Dataset
from geo.errors import GeoError, Problem, UnknownCodeError
from geo.store import ConflictError, DecisionError, ReadOnlyError, Store, StoreError, open_store
from tests import support_store
from tests.support_data import AREAS, datasets
from tests.support_store import Worker, race, report, saves

KINDS = [
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(support_store.binaries() is None, reason="no PostgreSQL server on this machine"),
    ),
]
FILE = "ກ,b\n1,2\n".encode()


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that nobody has written."""
    if request.param == "postgresql":
        return support_store.new_database()
    return f"sqlite:///{tmp_path / 'new folder' / 'a #1 100%.sqlite3'}"


@pytest.fixture
def kept(address: str) -> Iterator[Store]:
    """A store that nobody has written."""
    one = open_store(address)
    yield one
    one.close()


@pytest.fixture(scope="module")
def ids() -> list[str]:
    """The ids of the embedded activities."""
    return [activity.activity_id for activity in library.embedded().activities]


def rows(one: Store, table: str) -> list[Any]:
    with one._database.read() as connection:
        assert connection is not None
        return list(connection.execute(text(f"SELECT * FROM {table}")))


# Empty


def test_a_store_that_nobody_wrote_is_empty_and_reading_makes_nothing(address: str, kept: Store) -> None:
    assert kept.stamp() == store.EMPTY
    assert kept.decisions() == {}
    assert (kept.history("a"), kept.versions(), kept.current_version(), kept.audit()) == ((), (), None, ())
    assert kept.version_problems(1) == ()
    with pytest.raises(UnknownCodeError, match="Got version 1"):
        kept.version_bytes(1)
    if address.startswith("sqlite"):
        assert not Path(address.removeprefix("sqlite:///")).parent.exists()


def test_another_process_sees_what_the_first_write_made(address: str, kept: Store, ids: list[str]) -> None:
    other = open_store(address)
    assert other.stamp() == store.EMPTY
    decision = kept.decide_scope(ids[0], "nationwide", (), "All provinces are named.", "Ann")
    assert other.decisions() == {ids[0]: decision}
    assert other.stamp() == kept.stamp() != store.EMPTY
    other.close()


# Decisions


def test_a_decision_is_kept_with_who_when_and_why(kept: Store, ids: list[str]) -> None:
    before = datetime.now(UTC)
    made = kept.decide_scope(ids[0], "subnational", ["LA17", "LA0101", "LA17"], "  Two\r\nsites ຈຳປາ ", " Ann ")
    assert (made.activity_id, made.kind, made.scope, made.areas) == (ids[0], "scope", "subnational", ("LA0101", "LA17"))
    assert (made.reason, made.author) == ("Two\nsites ຈຳປາ", "Ann")
    assert before <= made.created <= datetime.now(UTC)
    assert made.created.utcoffset() == timedelta(0)
    assert kept.decisions() == {ids[0]: made}
    assert kept.history(ids[0]) == (made,)


def test_undo_restores_what_was_before(kept: Store, ids: list[str]) -> None:
    first = kept.decide_scope(ids[0], "nationwide", (), "first", "Ann")
    second = kept.decide_scope(ids[0], "unlocated", (), "second", "Bob", seen=first.id)
    undone = kept.undo(second.id, "a mistake", "Cho")
    assert (undone.undone_by, undone.undone_reason) == ("Cho", "a mistake")
    assert undone.undone_at is not None
    assert undone.undone_at >= second.created
    assert kept.decisions() == {ids[0]: first}
    kept.undo(first.id, "this too", "Cho")
    assert kept.decisions() == {}
    assert [(one.id, one.undone_by) for one in kept.history(ids[0])] == [(first.id, "Cho"), (second.id, "Cho")]


def test_a_decision_on_what_somebody_else_decided_shows_both(kept: Store, ids: list[str]) -> None:
    theirs = kept.decide_scope(ids[0], "nationwide", (), "theirs", "Ann")
    stamp = kept.stamp()
    with pytest.raises(
        ConflictError, match=r"Ann decided .* nationwide, because: theirs .* unlocated, was not kept"
    ) as caught:
        kept.decide_scope(ids[0], "unlocated", (), "mine", "Bob")
    assert caught.value.theirs == theirs
    assert caught.value.mine is not None
    assert (caught.value.mine.scope, caught.value.mine.reason, caught.value.mine.author) == ("unlocated", "mine", "Bob")
    assert kept.stamp() == stamp
    assert kept.decisions() == {ids[0]: theirs}
    kept.undo(theirs.id, "wrong", "Ann")
    with pytest.raises(ConflictError, match="was undone meanwhile") as caught:
        kept.decide_scope(ids[0], "unlocated", (), "mine", "Bob", seen=theirs.id)
    assert caught.value.theirs is None


def test_undoing_twice_is_a_conflict(kept: Store, ids: list[str]) -> None:
    made = kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    kept.undo(made.id, "one is enough", "Bob")
    with pytest.raises(ConflictError, match=r"undone already by Bob .* because: one is enough"):
        kept.undo(made.id, "again", "Cho")
    assert len(kept.audit()) == 2


BAD = {
    "scope": (("a", "world", (), "r", "n"), DecisionError, r"'world'; expected nationwide, subnational, unlocated"),
    "area": (("a", "subnational", ("XX99",), "r", "n"), UnknownCodeError, "XX99"),
    "country": (("a", "subnational", ("LA",), "r", "n"), DecisionError, "Choose nationwide"),
    "no area": (
        ("a", "subnational", (), "r", "n"),
        DecisionError,
        "Got no area for subnational; expected at least",
    ),
    "areas": (("a", "unlocated", ("LA17",), "r", "n"), DecisionError, "LA17 for unlocated"),
    "no reason": (("a", "nationwide", (), " \n ", "n"), DecisionError, "Got no reason"),
    "long reason": (
        ("a", "nationwide", (), "x" * 2001, "n"),
        DecisionError,
        "2,001 characters; expected at most 2,000",
    ),
    "control": (("a", "nationwide", (), "a\0b", "n"), DecisionError, r"with U\+0000"),
    "surrogate": (("a", "nationwide", (), "a\ud800b", "n"), DecisionError, r"with U\+D800"),
    "no name": (("a", "nationwide", (), "r", ""), DecisionError, "Got no name"),
    "long name": (("a", "nationwide", (), "r", "n" * 201), DecisionError, "201 characters"),
    "activity": (
        ("no such one", "nationwide", (), "r", "n"),
        UnknownCodeError,
        "'no such one'; expected",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_decision_is_refused_and_leaves_no_trace(kept: Store, ids: list[str], case: str) -> None:
    (key, scope, areas, reason, author), kind, message = BAD[case]
    key = ids[0] if key == "a" else key
    with pytest.raises(kind, match=message) as caught:
        kept.decide_scope(key, scope, areas, reason, author)
    assert isinstance(caught.value, GeoError)
    assert (kept.decisions(), kept.audit()) == ({}, ())


def test_the_longest_words_are_taken(kept: Store, ids: list[str]) -> None:
    made = kept.decide_scope(ids[0], "nationwide", (), "ລ" * store.MAX_REASON, "ນ" * store.MAX_NAME)
    assert kept.history(ids[0]) == (made,)


def test_undoing_what_is_not_there_is_refused(kept: Store, ids: list[str]) -> None:
    kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    with pytest.raises(UnknownCodeError, match="Got decision 77"):
        kept.undo(77, "why", "Ann")
    with pytest.raises(DecisionError, match="Got no reason"):
        kept.undo(1, "", "Ann")
    assert len(kept.audit()) == 1


# Versions


def test_a_version_keeps_its_bytes_problems_and_counts(kept: Store) -> None:
    problem = Problem("unknown_goal", 3, "sdgs", "19", "a goal", "Correct it.", "error", ("18", "1"), "f.csv", "s")
    found = report(FILE, ["n1", "n2"], problems=(problem, problem), rejected=3, name="ກ.csv")
    made = kept.add_version(FILE, found, "Ann", "from the agency")
    assert (made.rows_read, made.accepted, made.rejected, made.size) == (5, 2, 3, len(FILE))
    assert (made.sha256, made.file_name, made.kind) == (hashlib.sha256(FILE).hexdigest(), "ກ.csv", "csv")
    assert (made.author, made.note, made.published, made.published_at) == ("Ann", "from the agency", False, None)
    assert kept.versions() == (made,)
    assert kept.version_bytes(made.id) == FILE
    assert kept.version_problems(made.id) == (problem, problem)
    assert kept.current_version() is None


def test_the_same_bytes_are_kept_once_and_are_two_versions(kept: Store) -> None:
    first = kept.add_version(FILE, report(FILE, ["n1"]), "Ann")
    second = kept.add_version(FILE, report(FILE, ["n1"]), "Bob")
    assert [one.id for one in kept.versions()] == [second.id, first.id]
    assert len(rows(kept, "contents")) == 1
    assert kept.version_bytes(first.id) == kept.version_bytes(second.id) == FILE


def test_a_report_on_other_bytes_is_refused(kept: Store) -> None:
    with pytest.raises(DecisionError, match="Read the file again"):
        kept.add_version(FILE + b" ", report(FILE, ["n1"]), "Ann")
    assert kept.versions() == ()


def test_publishing_changes_what_is_shown_and_can_go_back(kept: Store) -> None:
    one, two = (kept.add_version(data, report(data, ["n1"]), "Ann") for data in (b"1", b"2"))
    kept.publish(one.id, "Ann")
    shown = kept.publish(two.id, "Ann")
    assert shown == kept.current_version()
    assert shown is not None
    assert (shown.id, shown.published) == (two.id, True)
    assert [version.published for version in kept.versions()] == [True, False]
    assert kept.versions()[1].published_at is not None
    with pytest.raises(UnknownCodeError, match="Got version 9"):
        kept.publish(9, "Ann")
    assert kept.current_version() == shown
    assert kept.publish(None, "Bob") is None
    assert kept.current_version() is None
    kept.publish(one.id, "Ann")
    assert [version.published for version in kept.versions()] == [False, True]
    details = [(entry.subject, entry.detail["instead_of"]) for entry in kept.audit() if entry.action == "publish"]
    back = [("version 1", None), ("embedded data", 2), ("version 2", 1), ("version 1", None)]
    assert details == back


def test_only_one_version_can_be_published(kept: Store) -> None:
    for data in (b"1", b"2"):
        kept.add_version(data, report(data, ["n1"]), "Ann")
    with pytest.raises(StoreError, match="could not be written") as caught, kept._database.write() as connection:
        connection.execute(text("UPDATE versions SET published = true"))
    assert isinstance(caught.value.__cause__, IntegrityError)


def test_damaged_bytes_are_not_given_out(kept: Store) -> None:
    made = kept.add_version(FILE, report(FILE, ["n1"]), "Ann")
    for bad in (b"", b"no zlib", bytes(9)):
        with kept._database.write() as connection:
            connection.execute(text("UPDATE contents SET packed = :bad"), {"bad": bad})
        with pytest.raises(StoreError, match="damaged"):
            kept.version_bytes(made.id)


def test_a_decision_survives_the_next_import(kept: Store) -> None:
    with pytest.raises(UnknownCodeError):
        kept.decide_scope("n1", "nationwide", (), "r", "Ann")
    first = kept.add_version(b"1", report(b"1", ["n1", "n2"]), "Ann")
    kept.publish(first.id, "Ann")
    made = kept.decide_scope("n1", "nationwide", (), "r", "Ann")
    second = kept.add_version(b"2", report(b"2", ["n2", "n3"]), "Ann")
    kept.publish(second.id, "Ann")
    assert kept.decisions() == {"n1": made}
    third = kept.add_version(b"3", report(b"3", ["n1"]), "Ann")
    kept.publish(third.id, "Ann")
    assert kept.decisions() == {"n1": made}
    assert [row.first_version for row in rows(kept, "known_activities")] == [1, 1, 2]


# The trail and the stamp


def test_every_write_leaves_its_entry_and_changes_the_stamp(kept: Store, ids: list[str]) -> None:
    stamps = [kept.stamp()]

    def did(action: Callable[[], object]) -> None:
        action()
        stamps.append(kept.stamp())

    did(lambda: kept.decide_scope(ids[0], "subnational", ("LA17",), "why", "Ann"))
    did(lambda: kept.undo(1, "no", "Bob"))
    did(lambda: kept.add_version(FILE, report(FILE, ["n1"]), "Cho", "note"))
    did(lambda: kept.publish(1, "Dee"))
    assert len(set(stamps)) == 5
    trail = [(entry.who, entry.action, entry.subject) for entry in kept.audit()]
    assert trail == [
        ("Dee", "publish", "version 1"),
        ("Cho", "add version", "version 1"),
        ("Bob", "undo", f"activity {ids[0]}"),
        ("Ann", "decide", f"activity {ids[0]}"),
    ]
    wanted = {"decision": 1, "scope": "subnational", "areas": ["LA17"], "reason": "why", "instead_of": None}
    assert kept.audit()[-1].detail == wanted
    assert [entry.who for entry in kept.audit(2)] == ["Dee", "Cho"]


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 'Eve'", "DELETE FROM audit"])
def test_the_trail_cannot_be_changed(kept: Store, ids: list[str], change: str) -> None:
    kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    before = (kept.audit(), kept.stamp())
    with pytest.raises(StoreError, match="only added to") as caught, kept._database.write() as connection:
        connection.execute(text(change))
    assert isinstance(caught.value.__cause__, DBAPIError)
    assert (kept.audit(), kept.stamp()) == before


def test_a_write_that_fails_leaves_nothing(kept: Store, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    before = (kept.stamp(), kept.decisions(), kept.audit(), kept.versions())

    def broken(*_: object) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr(store_rows, "log", broken)
    for action in (
        lambda: kept.decide_scope(ids[1], "nationwide", (), "r", "Ann"),
        lambda: kept.undo(1, "r", "Ann"),
        lambda: kept.add_version(FILE, report(FILE, ["n1"]), "Ann"),
        lambda: kept.publish(None, "Ann"),
    ):
        with pytest.raises(RuntimeError, match="the trail"):
            action()
        assert (kept.stamp(), kept.decisions(), kept.audit(), kept.versions()) == before
    assert rows(kept, "known_activities") == rows(kept, "contents") == []


def test_the_stamp_is_cheap(kept: Store, ids: list[str]) -> None:
    kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    took = []
    for _ in range(200):
        start = time.perf_counter()
        kept.stamp()
        took.append(time.perf_counter() - start)
    assert sorted(took)[100] < 0.002  # the median; a tenth to a half of this on an idle machine


# The shape


def test_the_migrations_make_the_tables_that_the_code_expects(kept: Store, ids: list[str]) -> None:
    kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    with kept._database.read() as connection:
        assert connection is not None
        options = {"compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), store_tables.metadata) == []


def test_the_program_knows_its_newest_step() -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(str(store_database.MIGRATIONS)).get_heads() == [store_database.HEAD]
    assert store_database.HEAD in store_database.known_revisions()


def test_a_store_of_a_newer_program_is_refused(address: str, kept: Store, ids: list[str]) -> None:
    kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    with kept._database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=f"shape 9999, made by a newer app; expected {store_database.HEAD}"):
        open_store(address)


def test_an_older_store_is_brought_up_to_date_once(
    address: str, kept: Store, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    with kept._database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    monkeypatch.setattr(store_database, "known_revisions", lambda: frozenset({"0000", store_database.HEAD}))
    done: list[str] = []
    monkeypatch.setattr(store_database, "upgrade", lambda engine: done.append(engine.dialect.name))
    with pytest.raises(StoreError, match="Start the staff process once"):
        open_store(address, read_only=True)
    assert done == []
    newest = open_store(address)
    assert len(newest.decisions()) == 1
    newest.close()
    assert done == [address.split(":")[0]]


# Who may write


def _delete(connection: Connection | None) -> None:
    assert connection is not None
    connection.execute(text("DELETE FROM decisions"))


def test_a_reader_reads_and_cannot_write(address: str, kept: Store, ids: list[str]) -> None:
    reader = open_store(address, read_only=True)
    with pytest.raises(ReadOnlyError, match="cannot be made here"):
        reader.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    made = kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    assert reader.decisions() == {ids[0]: made}
    for action in (
        lambda: reader.decide_scope(ids[1], "nationwide", (), "r", "Ann"),
        lambda: reader.undo(made.id, "r", "Ann"),
        lambda: reader.add_version(FILE, report(FILE, ["n1"]), "Ann"),
        lambda: reader.publish(None, "Ann"),
    ):
        with pytest.raises(ReadOnlyError, match="can only be read here"):
            action()
    with pytest.raises(StoreError, match=r"read.?only"), reader._database.read() as connection:
        _delete(connection)
    assert len(kept.audit()) == 1
    reader.close()


@pytest.mark.parametrize(("role", "may"), [("", True), ("staff", True), ("public", False), ("Public ", False)])
def test_the_role_of_the_process_decides(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ids: list[str], role: str, may: bool
) -> None:
    monkeypatch.setenv("APP_ROLE", role)
    monkeypatch.setenv("LAO_SDG_STORE", str(tmp_path / "s.sqlite3"))
    one = store.shared_store()
    assert store.shared_store() is one
    if may:
        one.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    else:
        with pytest.raises(ReadOnlyError):
            one.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    assert (tmp_path / "s.sqlite3").exists() is may


AS_NOBODY = """
import os, sys
from geo import library
from geo.store import ReadOnlyError, open_store
library.embedded()
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
store = open_store(sys.argv[1])
print(sorted(store.decisions()), store.stamp() == sys.argv[2])
try:
    store.decide_scope(sys.argv[3], "nationwide", (), "r", "Eve")
except ReadOnlyError:
    print("refused")
"""


def test_a_file_that_cannot_be_written_is_read_all_the_same(
    tmp_path_factory: pytest.TempPathFactory, ids: list[str]
) -> None:

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        address = f"sqlite:///{folder / 'a.sqlite3'}"

        def look(stamp: str) -> list[str]:
            (folder / "a.sqlite3").chmod(0o444) if (folder / "a.sqlite3").exists() else None
            folder.chmod(0o555)
            command = [sys.executable, "-W", "error", "-c", AS_NOBODY, address, stamp, ids[1]]
            done = subprocess.run(command, cwd=support_store.ROOT, capture_output=True, text=True, check=False)
            folder.chmod(0o755)
            assert done.stderr == ""
            return done.stdout.splitlines()

        assert look(store.EMPTY) == ["[] True", "refused"]
        one = open_store(address)
        one.decide_scope(ids[0], "nationwide", (), "r", "Ann")
        stamp = one.stamp()
        assert (folder / "a.sqlite3-wal").exists()
        assert look(stamp) == [f"['{ids[0]}'] True", "refused"]  # while the writer is there
        one.close()
        assert not (folder / "a.sqlite3-wal").exists()
        assert look(stamp) == [f"['{ids[0]}'] True", "refused"]  # and after it has gone


# Places


@pytest.mark.parametrize(
    "bad", ["", "mysql://a:secret@b/c", "sqlite://", "sqlite:///:memory:", "nonsense secret", "http://x"]
)
def test_an_address_that_is_none_is_refused_without_its_password(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match="DATABASE_URL") as caught:
        store_database.parse(bad)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_store_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite3").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{tmp_path / 'a.sqlite3'}")


def test_a_file_in_the_way_of_the_folder_is_said(tmp_path: Path, ids: list[str]) -> None:
    (tmp_path / "var").write_text("a file")
    with pytest.raises(StoreError, match="could not be"):
        open_store(f"sqlite:///{tmp_path / 'var' / 'a.sqlite3'}").decide_scope(ids[0], "nationwide", (), "r", "Ann")


def test_a_file_that_is_replaced_or_removed_is_noticed(tmp_path: Path, ids: list[str]) -> None:
    here, other = tmp_path / "a.sqlite3", tmp_path / "b.sqlite3"
    one, two = open_store(f"sqlite:///{here}"), open_store(f"sqlite:///{other}")
    one.decide_scope(ids[0], "nationwide", (), "here", "Ann")
    made = two.decide_scope(ids[1], "nationwide", (), "there", "Ann")
    two.close()
    before = one.stamp()
    one.close()  # a file that is swapped while somebody has it open would meet the other one's log
    other.replace(here)
    assert one.decisions() == {ids[1]: made}
    assert one.stamp() != before
    for path in tmp_path.iterdir():
        path.unlink()
    assert (one.decisions(), one.stamp()) == ({}, store.EMPTY)
    one.decide_scope(ids[2], "nationwide", (), "anew", "Ann")
    assert list(one.decisions()) == [ids[2]]
    one.close()


def test_an_empty_file_is_an_empty_store(tmp_path: Path, ids: list[str]) -> None:
    (tmp_path / "a.sqlite3").touch()
    one = open_store(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    assert one.stamp() == store.EMPTY
    one.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    assert len(one.decisions()) == 1
    one.close()


def test_the_default_place(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.delenv("LAO_SDG_STORE", raising=False)
    assert store.default_address() == f"sqlite:///{root / 'var' / 'lao_sdg_map.sqlite3'}"
    monkeypatch.setenv("LAO_SDG_STORE", "elsewhere.sqlite3")
    assert store.default_address() == "sqlite:///elsewhere.sqlite3"
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@b/c")
    assert store.default_address() == "postgresql://a@b/c"


# Many at once, and sudden ends


def test_eight_processes_save_at_once_and_all_is_kept(address: str, ids: list[str]) -> None:
    workers = [Worker(saves, address, f"worker {n}", 25, ids[0], ids[1 + n]) for n in range(8)]
    heard = [worker.heard() for worker in workers]
    assert [worker.process.exitcode for worker in workers] == [0] * 8
    acknowledged = [int(number) for said in heard for number in said[1:]]
    one = open_store(address)
    found = [decision for key in ids[:9] for decision in one.history(key)]
    assert sorted(acknowledged) == sorted(decision.id for decision in found) == list(range(1, 201))
    wanted = sorted(f"worker {n} {turn}" for n in range(8) for turn in range(25))
    assert sorted(decision.reason for decision in found) == wanted
    assert len(one.audit(1000)) == 200
    assert one.stamp().startswith("200-")
    one.close()


def test_of_many_who_saw_nothing_one_decides(address: str, ids: list[str]) -> None:
    start = support_store.FORKS.Event()
    workers = [Worker(race, address, f"worker {n}", ids[0], start) for n in range(4)]
    assert [worker.pipe.recv() for worker in workers] == ["ready"] * 4
    start.set()
    said = [worker.heard() for worker in workers]
    won = [n for n, messages in enumerate(said) if messages == [1]]
    assert len(won) == 1
    assert said.count([f"conflict worker {won[0]}"]) == 3


def test_threads_share_a_store(kept: Store, ids: list[str]) -> None:
    def work(key: str) -> None:
        for _ in range(5):
            found = kept.decisions().get(key)
            kept.decide_scope(key, "nationwide", (), "r", key, seen=found.id if found else None)
            kept.stamp()

    threads = [threading.Thread(target=work, args=(key,)) for key in ids[:6]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(kept.history(key)) for key in ids[:6]] == [5] * 6


def test_killed_at_any_moment_it_loses_nothing_acknowledged(address: str, ids: list[str]) -> None:
    generator = random.Random(20)
    acknowledged: list[int] = []
    for turn in range(20):
        worker = Worker(saves, address, f"worker {turn}", 100_000, *ids[:5])
        assert worker.pipe.recv() == "ready"
        if turn >= 5:  # the rounds before die while the store is being made, or at their first saves
            acknowledged.append(worker.pipe.recv())
        time.sleep(generator.uniform(0, 0.1))
        worker.process.kill()
        acknowledged += [int(number) for number in worker.heard()]
        assert worker.process.exitcode == -signal.SIGKILL
    one = open_store(address)
    found = {decision.id for key in ids[:5] for decision in one.history(key)}
    assert len(acknowledged) > 20
    assert set(acknowledged) <= found
    trail = {entry.detail["decision"] for entry in one.audit(1_000_000)}
    assert trail == found
    assert one.stamp().startswith(f"{len(found)}-")
    one.close()
    if address.startswith("sqlite"):
        raw = sqlite3.connect(address.removeprefix("sqlite:///"))
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        raw.close()


# What the map makes of it


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that knows the ids of random data sets."""
    one = open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'a.sqlite3'}")
    one.add_version(b"ids", report(b"ids", [f"a{number}" for number in range(12)]), "Ann")
    yield one
    one.close()


def totals(data: Dataset) -> tuple[int, int, int]:
    """Return activities by scope added up, activities, and money in hundredths, all scopes together."""
    places = data.corrected
    return (
        sum(int((places.scope == code).sum()) for code in range(3)),
        len(data),
        sum(int(data.cents[(places.scope == code) & (data.cents >= 0)].sum()) for code in range(3)),
    )


STEP = st.tuples(
    st.integers(0, 11),
    st.sampled_from(["nationwide", "unlocated", "subnational", "undo"]),
    st.sets(st.sampled_from(AREAS), min_size=1, max_size=4),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=datasets(), steps=st.lists(STEP, max_size=8))
def test_deciding_and_undoing_conserve_activities_and_money(
    scratch: Store, data: Dataset, steps: list[tuple[int, str, set[str]]]
) -> None:
    everything = totals(data)
    before = [(found.scope, found.areas) for found in data.corrected.decisions]
    try:
        for number, scope, areas in steps:
            key = f"a{number}"
            found = scratch.decisions().get(key)
            if scope == "undo":
                if found:
                    scratch.undo(found.id, "back", "Ann")
            else:
                where = areas if scope == "subnational" else ()
                scratch.decide_scope(key, scope, where, "r", "Ann", seen=found.id if found else None)
            now = library.decided(data, scratch.decisions())
            assert totals(now) == everything
            for key, decision in scratch.decisions().items():
                if key in now.index:
                    place = now.corrected.decisions[now.index[key]]
                    assert (place.scope, place.areas) == (decision.scope, decision.areas)
    finally:
        while left := scratch.decisions():
            for decision in left.values():
                scratch.undo(decision.id, "the end", "Ann")
    after = library.decided(data, scratch.decisions())
    assert [(found.scope, found.areas) for found in after.corrected.decisions] == before
    assert after.digest == data.digest


def test_the_data_follow_the_store_at_once(kept: Store, ids: list[str]) -> None:
    plain = library.current(kept)
    assert plain is library.embedded()
    row = next(row for row, found in enumerate(plain.registered.decisions) if found.areas)
    key, was = ids[row], plain.registered.decisions[row].areas
    made = kept.decide_scope(key, "nationwide", (), "The source says: all provinces.", "Ann")
    now = library.current(kept)
    assert now is library.current(kept)
    assert now.digest != plain.digest
    found = now.corrected.decisions[row]
    assert (found.scope, found.areas, found.dropped, found.confidence) == ("nationwide", (), was, "high")
    assert found.reason == "The source says: all provinces."
    (evidence,) = found.evidence
    assert evidence.signal == library.PERSON
    assert "Ann" in evidence.reason
    assert f"{made.created:%Y-%m-%d}" in evidence.reason
    assert now.registered is plain.registered
    assert library.by_rule(kept) is plain
    kept.undo(made.id, "r", "Ann")
    assert library.current(kept) is plain


def test_a_published_version_is_what_is_shown_with_its_decisions(kept: Store) -> None:
    from geo import intake

    data = b"activity_id,title,locations_as_published\nn1,Wells,Attapeu\nn2,Schools,Salavan\n"
    made = kept.add_version(data, intake.read(data, "new.csv"), "Ann")
    assert library.current(kept) is library.embedded()
    kept.publish(made.id, "Ann")
    now = library.current(kept)
    assert [activity.activity_id for activity in now.activities] == ["n1", "n2"]
    assert (now.name, now.published) == ("new.csv", made.created.date().isoformat())
    kept.decide_scope("n2", "subnational", ("LA1401",), "The district is named.", "Ann")
    decided = library.current(kept).corrected.decisions[1]
    assert decided.areas == ("LA1401",)
    assert decided.dropped == ()  # the district lies in the province where it was registered
    kept.publish(None, "Ann")
    assert library.current(kept) is library.embedded()
