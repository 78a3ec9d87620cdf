"""What those who run the dashboard see: figures that are those of the store, and no place or password too many."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo import cli, i18n, library, operations, store_database, store_report
from geo.access import Member
from geo.repairs import Repair
from geo.store import Store, open_store
from geo.store_database import Database
from pages._ui import access
from tests import support_store
from tests.support_store import report

BOTH = pytest.mark.skipif(support_store.binaries() is None, reason="no PostgreSQL server on this machine")
KINDS = ["sqlite", pytest.param("postgresql", marks=BOTH)]
FILES = ("ກ,b\n1,2\n".encode(), bytes(range(256)) * 40)
REPAIRS = (Repair(2, "sdgs", "19", "9"), Repair(2, "title", "", "A title"))
MB = 10**6


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """Make a store of a kind that nobody has written."""
    made: list[Store] = []

    def one(kind: str) -> Store:
        made.append(open_store(support_store.new_database() if kind == "postgresql" else f"sqlite:///{tmp_path}/s.db"))
        return made[-1]

    yield one
    for found in made:
        found.close()


def filled(kept: Store) -> Store:
    """Write three decisions, one undone, two versions, the second mended, and a person who was removed."""
    ids = [one.activity_id for one in library.embedded().activities[:2]]
    first = kept.decide_scope(ids[0], "nationwide", (), "r", "Ann")
    kept.undo(first.id, "no", "Bob")
    second = kept.decide_scope(ids[0], "subnational", ("LA17",), "r", "Ann")
    kept.decide_scope(ids[0], "nationwide", (), "r", "Bob", seen=second.id)
    kept.add_version(FILES[0], report(FILES[0], ["n0"]), "Cho")
    kept.add_version(FILES[1], report(FILES[1], ["n1"], repairs=REPAIRS), "Cho")
    kept.add_person("vic@example.org", "viewer", "Bob")
    kept.remove_person("vic@example.org", "Bob")
    return kept


@pytest.mark.parametrize("kind", KINDS)
def test_the_figures_are_those_of_the_store(place: Callable[[str], Store], kind: str, tmp_path: Path) -> None:
    kept = place(kind)
    empty = kept.report()
    assert (empty.shape, set(empty.rows.values()), empty.files, empty.since) == ("", {0}, 0, 0)
    found = filled(kept).report()
    assert found.rows == {
        "versions": 2, "decisions": 3, "in_force": 1, "boundary_versions": 0, "corrections": len(REPAIRS), "people": 0,
        "audit": len(kept.audit(1_000)),
    }  # fmt: skip
    assert (found.files, found.unpacked) == (2, sum(map(len, FILES)))
    assert found.packed == sum(len(zlib.compress(data)) for data in FILES)
    assert found.size is not None
    assert found.size > found.packed
    assert (found.backed_up, found.since) == (None, len(kept.audit(1_000)))
    if kind == "sqlite":
        path = tmp_path / "s.db"
        assert (found.kind, found.name, found.place) == ("SQLite", "s.db", str(path))
        assert found.size == sum(one.stat().st_size for one in tmp_path.glob("s.db*"))
        assert found.free is not None
        assert found.free > 0
    else:
        assert (found.kind, found.free) == ("PostgreSQL", None)
        assert found.name.startswith("store")
        assert found.place.endswith(f"/{found.name}")
        assert int(found.server.split(".")[0]) >= 13


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_backup_is_known_and_no_write_of_its_own(
    place: Callable[[str], Store], kind: str, tmp_path: Path
) -> None:
    kept = filled(place(kind))
    made = kept.backup(tmp_path / "b.zip")
    kept.note_backup(made, "Op")
    found = kept.report()
    assert (found.backed_up, found.backed_up_by, found.since) == (kept.audit(1)[0].at, "Op", 0)
    kept.restore(tmp_path / "b.zip", "Op")  # the note alone is nothing that a restore would take away
    assert kept.report().backed_up is None  # the backup was made before it was noted
    kept.note_backup(kept.backup(tmp_path / "c.zip"), "Op")
    kept.add_person("ann@example.org", "viewer", "Bob")
    assert kept.report().since == 1


def test_no_password_is_told() -> None:
    url = store_database.parse("postgresql://map:secret@db.example.org:5433/name")
    found = store_report._server(Database(url, read_only=True), None)
    assert (found["name"], found["place"]) == ("name", "db.example.org:5433/name")


@pytest.mark.parametrize("language", ["en", "lo"])
def test_the_place_is_for_those_who_run_it(place: Callable[[str], Store], tmp_path: Path, language: str) -> None:
    found = operations.look(library.embedded(), filled(place("sqlite")))
    told = {full: str(operations.facts(found, language, full=full)) for full in (True, False)}
    assert str(tmp_path) in told[True]
    assert str(tmp_path) not in told[False]
    assert "s.db" in told[False]
    assert library.embedded().digest[:8] in told[False]


def test_a_disk_that_is_nearly_full_is_said(place: Callable[[str], Store]) -> None:
    found = operations.look(library.embedded(), place("sqlite"))
    for free, said in ((operations.LOW - 1, 1), (operations.LOW, 0), (None, 0)):
        assert len(operations.warnings(replace(found, store=replace(found.store, free=free)), "en")) == said


def test_sizes_are_said_as_the_language_writes_them() -> None:
    sizes = (0, 51, 1_000, 1_234, 99_949, 123_456, 12_345_678, 80_900_000_000, 2 * 10**12)
    wanted = ["0 kB", "0.1 kB", "1 kB", "1.2 kB", "99.9 kB", "123 kB", "12.3 MB", "80.9 GB", "2 TB"]
    assert [i18n.size(one, "en").replace(i18n.NO_BREAK, " ") for one in sizes] == wanted
    assert i18n.size(1_234, "lo") == f"1,2{i18n.NO_BREAK}kB"


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LAO_SDG_STORE", str(tmp_path / "s.sqlite3"))
    assert cli.main(["store"]) == 0
    assert "nobody has written it yet" in capsys.readouterr().out
    assert cli.main(["people", "add", "ann@example.org"]) == 0
    assert cli.main(["backup", "-o", str(tmp_path / "b.zip")]) == 0
    capsys.readouterr()
    assert cli.main(["store"]) == 0
    out = capsys.readouterr().out
    assert str(tmp_path / "s.sqlite3") in out
    assert "0 writes since" in out
    assert cli.main(["store", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["store"]["rows"]["people"], found["store"]["since"]) == (1, 0)
    assert found["memory"] > MB  # of this machine, which tells it
    # A reader may take a backup, and cannot write that it did.
    monkeypatch.setenv("APP_ROLE", "public")
    assert cli.main(["backup", "-o", str(tmp_path / "c.zip")]) == 0
    assert "The trail does not say" in capsys.readouterr().out


def page() -> None:
    """Draw the page as app.py does."""
    import runpy

    from pages._ui import cache, state

    state.load(cache.dataset())
    runpy.run_path("pages/versions.py")


def test_the_page_tells_an_admin_the_path_and_a_viewer_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setenv("LAO_SDG_STORE", str(tmp_path / "s.sqlite3"))
    for role, path in (("admin", True), ("viewer", False)):
        monkeypatch.setattr(access, "member", lambda role=role: Member(role))
        app = AppTest.from_function(page, default_timeout=60).run()
        assert not app.exception
        drawn = "".join(one.proto.body for one in app.get("html"))
        assert "s.sqlite3" in drawn
        assert (str(tmp_path) in drawn) == path
