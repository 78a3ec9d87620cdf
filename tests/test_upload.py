"""The command that keeps a file as a version: what the page does, and refuses what the page refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from geo import cli, cli_upload, intake, library, store
from geo.store import Store, open_store
from tests.support_versions import NEW_ID, changed, second

FAULTS = Path(__file__).parent / "fixtures" / "intake" / "ten_faults.csv"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the command writes."""
    one = open_store(f"sqlite:///{tmp_path / 's.sqlite3'}")
    monkeypatch.setattr(store, "shared_store", lambda: one)
    yield one
    one.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The second version of the embedded data as a file."""
    path = tmp_path / "second.csv"
    path.write_bytes(changed(second)[0])
    return path


def test_a_file_is_kept_and_shown_only_when_asked(kept: Store, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["upload", str(file), "--note", "from the office", "--author", "Ann", "--whole"]) == 0
    said = capsys.readouterr().out
    found = intake.read(file.read_bytes(), file.name)
    counted = f"{found.rows_read} rows read = {len(found.activities)} accepted + {found.rejected} rejected (csv"
    assert counted in said
    assert "Version 1 is kept. Everybody still sees the data as before" in said
    (version,) = kept.versions()
    assert (version.author, version.note, version.published) == ("Ann", "from the office", False)
    assert kept.version_mending(1).base is None
    assert kept.version_bytes(1) == file.read_bytes()
    assert cli.main(["upload", str(file), "--publish"]) == 0
    assert "Version 2 is shown to everybody now." in capsys.readouterr().out
    assert kept.version_mending(2).base == 0
    assert NEW_ID in library.current(kept).index
    assert kept.versions()[0].author.startswith("command line")


def test_problems_are_told_by_kind_and_a_version_adds_to_what_is_shown(
    kept: Store, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["upload", str(file), "--publish"]) == 0
    capsys.readouterr()
    assert cli.main(["upload", str(FAULTS)]) == 0
    said = capsys.readouterr().out
    found = intake.read(FAULTS.read_bytes(), FAULTS.name)
    assert "12 rows read = 9 accepted + 3 rejected" in said
    assert sum(int(line.split()[0]) for line in said.splitlines() if line.startswith("  ")) == len(found.problems)
    assert kept.version_mending(2).base == 1
    assert cli.main(["upload", str(FAULTS), "--onto", "embedded"]) == 0
    assert kept.version_mending(3).base == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv"], "nowhere.csv"),
        (["FILE", "--onto", "7"], "7"),
        (["FILE", "--onto", "the last"], "expected the number of a version, or 'embedded'"),
        (["FILE", "--note", "x" * 5_000], "note"),
        (["EMPTY"], "empty.csv"),
    ],
)
def test_what_the_page_refuses_is_refused_and_nothing_is_kept(
    kept: Store, file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    empty = file.with_name("empty.csv")
    empty.write_bytes(b"name,what\n1,2\n")
    paths = {"FILE": str(file), "EMPTY": str(empty)}
    assert cli.main(["upload", *(paths.get(one, one) for one in arguments)]) == 2
    assert said in capsys.readouterr().err
    assert kept.versions() == ()


def test_what_somebody_published_meanwhile_is_not_undone(
    kept: Store, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = intake.read_file

    def meanwhile(path: Path) -> intake.Intake:
        data, found = changed(second)
        kept.publish(kept.add_version(data, found, "Bo").id, "Bo")
        return read(path)

    monkeypatch.setattr(intake, "read_file", meanwhile)
    assert cli.main(["upload", str(file), "--publish"]) == 2
    said = capsys.readouterr().err
    assert "Version 2 is kept and not shown: " in said
    assert "version 1" in said
    current = kept.current_version()
    assert current is not None
    assert (current.id, len(kept.versions())) == (1, 2)


def test_a_large_file_tells_its_steps(
    kept: Store, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_upload, "LARGE", 1_000)
    assert cli.main(["upload", str(file)]) == 0
    steps = capsys.readouterr().err.splitlines()
    assert [step.rsplit(maxsplit=2)[1] for step in steps] == ["reading", "saving"]
