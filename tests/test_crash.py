"""The short form of ``make crash``: kills at random moments, a full disk, a database that goes away."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.store import open_store
from tests import support_store
from tests.attack import crash
from tests.attack.crash import Heard
from tests.attack.tally import Tally
from tests.support_store import report

POSTGRES = pytest.mark.skipif(support_store.binaries() is None, reason="no PostgreSQL server on this machine")
KILLS = 10  # on each kind of store


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=POSTGRES)])
def test_what_was_acknowledged_outlives_a_kill_and_nothing_is_there_in_part(tmp_path: Path, kind: str) -> None:
    def place() -> str:
        return support_store.new_database() if kind == "postgresql" else f"sqlite:///{tmp_path / 'store.sqlite3'}"

    tally, told = crash.kills(place, tmp_path / "work", KILLS)
    assert tally.faults == [], told
    assert tally.checked > 3 * KILLS, told


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    tally, told = crash.full_disk(tmp_path)
    assert tally.faults == [], told


@POSTGRES
def test_a_database_that_is_stopped_mid_save_is_waited_for(tmp_path: Path) -> None:
    tally, told = crash.stopped_database(60, 1)
    assert tally.faults == [], told


def test_the_judge_sees_what_is_lost(tmp_path: Path) -> None:
    address, tally = f"sqlite:///{tmp_path / 'store.sqlite3'}", Tally()
    store = open_store(address)
    store.add_version(b"x", report(b"x", ["n"]), "Ann")
    store.close()
    heard = Heard()
    heard.take([("upload", 1, "another digest"), ("decide", 7, "never kept")])
    (tmp_path / "half.zip").write_bytes(b"PK")
    crash.judge(address, heard, tmp_path, ["an id"], tally)
    assert len(tally.faults) == 4  # the upload, the decision, a write too few, and half a backup
