"""The store in one file and back, on SQLite, on PostgreSQL and from each to the other."""

from __future__ import annotations

import hashlib
import json
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from geo import cli, library, store_backup, store_database
from geo.store import ReadOnlyError, Store, StoreError, open_store
from geo.store_tables import metadata, state
from tests import support_store
from tests.support_store import report

BOTH = pytest.mark.skipif(support_store.binaries() is None, reason="no PostgreSQL server on this machine")
KINDS = ["sqlite", pytest.param("postgresql", marks=BOTH)]
FILES = ("ກ,b\n1,2\n".encode(), bytes(range(256)) * 40)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """Make a store of a kind that nobody has written."""
    made: list[Store] = []

    def one(kind: str) -> Store:
        file = tmp_path / f"store {len(made)}.sqlite3"
        made.append(open_store(support_store.new_database() if kind == "postgresql" else f"sqlite:///{file}"))
        return made[-1]

    yield one
    for found in made:
        found.close()


def filled(kept: Store) -> Store:
    """Write something of every kind."""
    ids = [one.activity_id for one in library.embedded().activities[:3]]
    made = kept.decide_scope(ids[0], "subnational", ("LA17", "LA0101"), "ເຫດຜົນ\nsecond line", "Ann")
    kept.undo(made.id, "no", "Bob")
    kept.decide_scope(ids[1], "nationwide", (), "r", "Ann")
    for number, data in enumerate(FILES):
        kept.add_version(data, report(data, [f"n{number}"], rejected=number), "Cho", "ໝາຍເຫດ")
    kept.publish(2, "Dee")
    kept.add_person("ann@example.org", "editor", "Bob", "WFP")
    kept.add_person("vic@example.org", "viewer", "Bob")
    kept.remove_person("vic@example.org", "Bob")
    return kept


def everything(kept: Store) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table but the stamp, without the entry that a restore leaves."""
    with kept._database.read() as connection:
        assert connection is not None
        found = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
            if table.name != state.name
        }
    found["audit"] = [row for row in found["audit"] if store_backup.RESTORE not in row]
    return found


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_a_backup_brings_everything_back(
    place: Callable[[str], Store], tmp_path: Path, source: str, target: str
) -> None:
    first, second, file = filled(place(source)), place(target), tmp_path / "b.zip"
    made = first.backup(file)
    assert made.rows["versions"] == made.rows["contents"] == len(FILES)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = everything(first)
    second.restore(file, "Op")
    assert everything(second) == before
    assert [second.version_bytes(number) for number in (1, 2)] == list(FILES)
    assert second.decisions() == first.decisions()
    last = second.audit(1)[0]
    assert (last.who, last.action) == ("Op", "restore")
    # What comes after is numbered after, and the trail is still guarded.
    data = b"third"
    assert second.add_version(data, report(data, ["n9"]), "Ann").id == len(FILES) + 1
    assert second.add_person("new@example.org", "viewer", "Op").id == 3
    with pytest.raises(StoreError, match="only added to"), second._database.write() as connection:
        connection.execute(text("DELETE FROM audit"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_moment_gives_the_same_bytes_and_reading_changes_nothing(
    place: Callable[[str], Store], tmp_path: Path, kind: str
) -> None:
    kept = filled(place(kind))
    before = kept.stamp()
    kept.backup(tmp_path / "a.zip")
    kept.backup(tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert kept.stamp() == before
    with pytest.raises(StoreError, match="is there already"):
        kept.backup(tmp_path / "a.zip")
    with pytest.raises(StoreError, match="cannot be written"):
        kept.backup(tmp_path / "no such folder" / "a.zip")
    assert sorted(path.name for path in tmp_path.glob("*.zip")) == ["a.zip", "b.zip"]


def test_both_kinds_give_the_same_bytes(place: Callable[[str], Store], tmp_path: Path) -> None:
    if support_store.binaries() is None:
        pytest.skip("no PostgreSQL server on this machine")
    filled(place("sqlite")).backup(tmp_path / "a.zip")
    one, other = place("sqlite"), place("postgresql")
    one.restore(tmp_path / "a.zip", "Op")
    other.restore(tmp_path / "a.zip", "Op")
    one.backup(tmp_path / "one.zip")
    other.backup(tmp_path / "other.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as left, zipfile.ZipFile(tmp_path / "other.zip") as right:
        assert left.namelist() == right.namelist()
        differ = {name for name in left.namelist() if left.read(name) != right.read(name)}
    # The two restores were two moments, with a token each.
    assert differ == {"state.jsonl", "audit.jsonl", "manifest.json"}


@pytest.mark.parametrize("kind", KINDS)
def test_newer_writes_are_not_lost_unasked(place: Callable[[str], Store], tmp_path: Path, kind: str) -> None:
    kept, file = filled(place(kind)), tmp_path / "b.zip"
    kept.backup(file)
    before = everything(kept)
    kept.restore(file, "Op")  # nothing newer is there
    kept.restore(file, "Op")  # nor after a restore
    assert everything(kept) == before
    kept.publish(None, "Eve Newer")
    after, stamp = everything(kept), kept.stamp()
    with pytest.raises(StoreError, match=r"holds 1 writes .* the last by Eve Newer .*--replace"):
        kept.restore(file, "Op")
    assert (everything(kept), kept.stamp()) == (after, stamp)
    kept.restore(file, "Op", replace=True)
    assert everything(kept) == before
    assert kept.stamp() != stamp
    assert kept.audit(1)[0].detail["replaced"] is True


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_of_another_history_is_not_overwritten_unasked(
    place: Callable[[str], Store], tmp_path: Path, kind: str
) -> None:
    filled(place(kind)).backup(tmp_path / "b.zip")
    other = place(kind)
    other.add_person("eve@example.org", "admin", "Eve")
    with pytest.raises(StoreError, match="holds 1 writes"):
        other.restore(tmp_path / "b.zip", "Op")
    assert [one.who for one in other.people()] == ["eve@example.org"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", ["clear", "fill", "steps", "log"])
def test_a_restore_that_fails_leaves_the_store_whole(
    place: Callable[[str], Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, step: str
) -> None:
    kept, file = filled(place(kind)), tmp_path / "b.zip"
    kept.backup(file)
    kept.add_person("eve@example.org", "admin", "Eve")
    before, stamp = everything(kept), kept.stamp()
    real = getattr(store_backup, step)

    def dies(*arguments: object) -> None:
        real(*arguments)
        raise OSError("the power went")

    monkeypatch.setattr(store_backup, step, dies)
    with pytest.raises(StoreError, match="the power went"):
        kept.restore(file, "Op", replace=True)
    assert (everything(kept), kept.stamp()) == (before, stamp)
    assert [one.who for one in kept.people()] == ["ann@example.org", "eve@example.org"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_is_of_one_moment_while_others_write(
    place: Callable[[str], Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    kept = filled(place(kind))
    before, real = everything(kept), store_backup._entry
    wrote: list[bool] = []

    def entry(file: zipfile.ZipFile, name: str, parts: object) -> tuple[int, str]:
        found = real(file, name, parts)
        if not wrote:  # after the first table another thread writes, and its write is kept before the second is read
            one = threading.Thread(target=kept.add_person, args=("eve@example.org", "admin", "Eve"))
            one.start()
            one.join(60)
            wrote.append(one.is_alive())
        return found

    monkeypatch.setattr(store_backup, "_entry", entry)
    kept.backup(tmp_path / "b.zip")
    assert wrote == [False]
    assert len(kept.people()) == 2
    other = place(kind)
    other.restore(tmp_path / "b.zip", "Op")
    assert everything(other) == before


def test_a_backup_of_an_older_shape_comes_up_to_date(place: Callable[[str], Store], tmp_path: Path) -> None:
    kept, file, old = filled(place("sqlite")), tmp_path / "b.zip", tmp_path / "old.zip"
    kept.backup(file)

    def first_shape(about: dict[str, Any], parts: dict[str, bytes]) -> None:
        about["revision"] = "0001"
        first = {"state", "contents", "versions", "problems", "known_activities", "decisions", "audit"}
        for table in {*about["rows"]} - first:  # those that later steps made
            del parts[f"{table}.jsonl"], about["rows"][table], about["entries"][f"{table}.jsonl"]

    forged(file, old, first_shape)
    other = place("sqlite")
    other.restore(old, "Op")
    assert other.people() == ()
    assert other.decisions() == kept.decisions()
    other.add_person("ann@example.org", "admin", "Op")
    with other._database.read() as connection:
        assert connection is not None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    assert found == store_database.HEAD


# What is no backup

Change = Callable[[dict[str, Any], dict[str, bytes]], None]


def forged(file: Path, target: Path, change: Change, *, honest: bool = True) -> None:
    """Write a backup anew after a change; ``honest`` brings its list in line with it."""
    with zipfile.ZipFile(file) as found:
        parts = {name: found.read(name) for name in found.namelist()}
    about = json.loads(parts.pop(store_backup.LIST))
    change(about, parts)
    if honest:
        about["entries"] = {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in parts.items()}
    with zipfile.ZipFile(target, "w") as out:
        for name, data in parts.items():
            out.writestr(name, data)
        out.writestr(store_backup.LIST, json.dumps(about))


def _flip(about: dict[str, Any], parts: dict[str, bytes]) -> None:
    parts["audit.jsonl"] = parts["audit.jsonl"].replace(b"Ann", b"Eve")


def _drop(about: dict[str, Any], parts: dict[str, bytes]) -> None:
    del parts["decisions.jsonl"]


def _more(about: dict[str, Any], parts: dict[str, bytes]) -> None:
    parts["../outside"] = b"x"


def _newer(about: dict[str, Any], parts: dict[str, bytes]) -> None:
    about["revision"] = "9999"


def _format(about: dict[str, Any], parts: dict[str, bytes]) -> None:
    about["format"] = 2


def _conservation(about: dict[str, Any], parts: dict[str, bytes]) -> None:
    parts["versions.jsonl"] = parts["versions.jsonl"].replace(b'"accepted":1', b'"accepted":7')


def _nonsense(about: dict[str, Any], parts: dict[str, bytes]) -> None:
    parts["people.jsonl"] = b"{}\nnot json\n"


def _orphan(about: dict[str, Any], parts: dict[str, bytes]) -> None:
    for name in [name for name in parts if name.startswith("contents/")]:
        del parts[name]


def _list(about: dict[str, Any], parts: dict[str, bytes]) -> None:
    about.clear()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("change", "honest", "said"),
    [
        (_flip, False, "is damaged: audit.jsonl"),
        (_drop, False, "lacks or has too much: decisions.jsonl"),
        (_more, False, "lacks or has too much"),
        (_newer, True, "made by a newer app"),
        (_format, True, "format 2"),
        (_conservation, True, "conservation"),
        (_nonsense, True, "does not fit this app"),
        (_orphan, True, "does not fit this app"),
        (_list, False, "cannot be read"),
    ],
)
def test_what_is_no_whole_backup_changes_nothing(
    place: Callable[[str], Store], tmp_path: Path, kind: str, change: Change, honest: bool, said: str
) -> None:
    kept, file, bad = filled(place(kind)), tmp_path / "b.zip", tmp_path / "bad.zip"
    kept.backup(file)
    forged(file, bad, change, honest=honest)
    before = (everything(kept), kept.stamp())
    with pytest.raises(StoreError, match=said):
        kept.restore(bad, "Op", replace=True)
    assert (everything(kept), kept.stamp()) == before


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all" * 100])
def test_any_bytes_are_refused_with_words(place: Callable[[str], Store], tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(StoreError, match="cannot be read"):
        place("sqlite").restore(tmp_path / "x.zip", "Op")
    with pytest.raises(StoreError, match="cannot be read"):
        place("sqlite").restore(tmp_path / "nothing.zip", "Op")


def test_a_cut_file_is_refused(place: Callable[[str], Store], tmp_path: Path) -> None:
    kept, file = filled(place("sqlite")), tmp_path / "b.zip"
    kept.backup(file)
    whole = file.read_bytes()
    for length in range(0, len(whole) - 1, max(1, len(whole) // 25)):
        (tmp_path / "cut.zip").write_bytes(whole[:length])
        with pytest.raises(StoreError):
            store_backup.check(tmp_path / "cut.zip")


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LAO_SDG_STORE", str(tmp_path / "s.sqlite3"))
    file = str(tmp_path / "b.zip")
    assert cli.main(["backup", "-o", file]) == 2
    assert "nobody has written it yet" in capsys.readouterr().err
    assert not Path(file).exists()
    assert cli.main(["people", "add", "ann@example.org", "--role", "admin"]) == 0
    assert cli.main(["backup", "-o", file]) == 0
    assert "1 people" in capsys.readouterr().out
    assert cli.main(["people", "remove", "ann@example.org"]) == 0
    assert cli.main(["restore", file]) == 2
    assert "--replace" in capsys.readouterr().err
    assert cli.main(["restore", file, "--replace"]) == 0
    capsys.readouterr()
    assert cli.main(["people", "list"]) == 0
    assert "ann@example.org  admin" in capsys.readouterr().out


def test_the_public_process_restores_nothing(place: Callable[[str], Store], tmp_path: Path) -> None:
    kept, file = filled(place("sqlite")), tmp_path / "b.zip"
    kept.backup(file)
    reader = open_store(str(kept._database.url), read_only=True)
    reader.backup(tmp_path / "by a reader.zip")
    assert (tmp_path / "by a reader.zip").read_bytes() == file.read_bytes()
    with pytest.raises(ReadOnlyError):
        reader.restore(file, "Op")
    reader.close()


def test_a_store_that_stands_open_sees_what_was_restored(place: Callable[[str], Store], tmp_path: Path) -> None:
    kept, file = filled(place("sqlite")), tmp_path / "b.zip"
    kept.backup(file)
    other = open_store(str(kept._database.url))
    kept.add_person("eve@example.org", "admin", "Eve")
    assert len(other.people()) == 2
    kept.restore(file, "Op", replace=True)
    assert len(other.people()) == 1
    assert other.stamp() == kept.stamp()
    other.close()
