"""What only a server can do: go away and come back, refuse a role, stand behind a password."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text

from geo import library, store, store_database
from geo.store import Store, StoreError, open_store
from tests import support_store

pytestmark = pytest.mark.skipif(support_store.binaries() is None, reason="no PostgreSQL server on this machine")


@pytest.fixture
def address() -> str:
    """The address of an empty database."""
    return support_store.new_database()


@pytest.fixture
def kept(address: str) -> Iterator[Store]:
    """A store in it."""
    one = open_store(address)
    yield one
    one.close()


@pytest.fixture(scope="module")
def ids() -> list[str]:
    """The ids of the embedded activities."""
    return [activity.activity_id for activity in library.embedded().activities]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_scheme_is_read_by_psycopg(scheme: str) -> None:
    url = store_database.parse(f"{scheme}://user:secret@host:5433/name?sslmode=require")
    assert url.drivername == "postgresql+psycopg"
    assert (url.host, url.port, url.database, url.query["sslmode"]) == ("host", 5433, "name", "require")


def test_another_driver_is_refused() -> None:
    with pytest.raises(StoreError, match="Got a store of kind 'postgresql\\+psycopg2'"):
        store_database.parse("postgresql+psycopg2://user:secret@host/name")


def test_database_url_names_the_store(address: str, monkeypatch: pytest.MonkeyPatch, ids: list[str]) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    one, other = open_store(), open_store(address)
    made = one.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    assert other.decisions() == {ids[0]: made}
    one.close()
    other.close()


def test_a_server_that_is_not_there_is_said_without_the_password(tmp_path: object) -> None:
    with pytest.raises(StoreError, match="could not be read") as caught:
        open_store(f"postgresql://user:secret@/name?host={tmp_path}")
    assert "secret" not in str(caught.value)
    assert "***" in str(caught.value)


def test_a_broken_connection_is_replaced(address: str, kept: Store, ids: list[str]) -> None:
    kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    with psycopg.connect(address, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert list(kept.decisions()) == [ids[0]]
    kept.decide_scope(ids[1], "nationwide", (), "r", "Ann")
    assert len(kept.audit()) == 2


def _deletes_and_dies(kept: Store) -> None:
    with kept._database.write() as connection:
        connection.execute(text("DELETE FROM decisions"))
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def test_a_connection_that_breaks_within_a_write_leaves_nothing(address: str, kept: Store, ids: list[str]) -> None:
    kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    before = (kept.stamp(), kept.decisions(), kept.audit())
    with pytest.raises(StoreError, match="look whether the last change was kept"):
        _deletes_and_dies(kept)
    assert (kept.stamp(), kept.decisions(), kept.audit()) == before


def test_a_role_that_may_only_read(address: str, kept: Store, ids: list[str]) -> None:
    made = kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("DROP ROLE IF EXISTS visitor")
        other.execute("CREATE ROLE visitor LOGIN")
        other.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO visitor")
    visitor = open_store(address.replace("map@", "visitor@"), read_only=True)
    assert visitor.decisions() == {ids[0]: made}
    assert visitor.stamp() == kept.stamp()
    visitor.close()
    # The same role in a process that thinks it may write: the server says no, and it is told as an error of ours.
    bold = open_store(address.replace("map@", "visitor@"), read_only=False)
    with pytest.raises(StoreError, match="permission denied"):
        bold.decide_scope(ids[1], "nationwide", (), "r", "Eve")
    bold.close()
    assert len(kept.audit()) == 1
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("DROP OWNED BY visitor")
        other.execute("DROP ROLE visitor")


def test_many_first_writers_make_one_store(address: str, ids: list[str]) -> None:
    stores = [open_store(address) for _ in range(4)]
    faults: list[BaseException] = []

    def work(one: Store, key: str) -> None:
        try:
            one.decide_scope(key, "nationwide", (), "r", "Ann")
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(stores, ids[:4], strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(stores[0].decisions()) == sorted(ids[:4])
    for one in stores:
        one.close()


def test_a_write_that_waits_too_long_for_another_says_so(
    kept: Store, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    monkeypatch.setattr(store_database, "WAIT", 1.0)
    with kept._database.write(), pytest.raises(StoreError, match="lock timeout"):
        kept.decide_scope(ids[1], "nationwide", (), "r", "Bob")
    kept.decide_scope(ids[1], "nationwide", (), "r", "Bob")
    assert sorted(kept.decisions()) == sorted(ids[:2])


def test_reading_does_not_wait_for_a_write(kept: Store, ids: list[str]) -> None:
    made = kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    stamp = kept.stamp()
    with kept._database.write():
        assert kept.decisions() == {ids[0]: made}
        assert kept.stamp() == stamp != store.EMPTY
    assert kept.stamp() != stamp
