"""Repairs laid over a file: the file stays, the repaired data comes back with its version, and no row is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import intake, library, proposals, repairs
from geo.errors import InputError, Problem, UnknownCodeError
from geo.readers import RawRow, RawTable
from geo.repairs import Repair
from geo.store import Mending, Store, open_store

FAULTS = (Path(__file__).parent / "fixtures" / "intake" / "ten_faults.csv").read_bytes()
MENDED = (
    Repair(3, "sdgs", "19", "13"),
    Repair(4, "sdgs", "6.13", "6;13"),
    Repair(5, "start_date", "next spring", "2026-03"),
    Repair(6, "budget_usd", "two million", "2000000"),
    Repair(7, "locations_as_published", "Atapeuu", "Attapeu (LA17)"),
    Repair(8, "activity_id", "good-1", "good-1-row8"),
    Repair(10, "activity_id", "", "found"),
    Repair(11, "agencies", "World Fod Programme", "WFP"),
    Repair(12, "status", "soon", ""),
)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    one = open_store(f"sqlite:///{tmp_path / 's.sqlite3'}")
    yield one
    one.close()


def test_every_fault_that_a_cell_holds_is_mended() -> None:
    before = intake.read(FAULTS, "f.csv")
    after = intake.read(FAULTS, "f.csv", mended=MENDED)
    assert (before.rows_read, before.rejected, after.rows_read, after.rejected) == (12, 3, 12, 1)
    assert [problem.kind for problem in after.problems if problem.row > 1] == ["row_too_long"]
    assert after.unused == ()
    assert after.digest == before.digest
    assert after.state != before.state == before.digest
    goals = {one.activity_id: one.goals for one in after.activities}
    assert (goals["goal-19"], goals["goal-6.13"]) == ((6, 13), (6, 13))


def test_the_proposals_alone_mend_what_is_certain() -> None:
    before = intake.read(FAULTS, "f.csv")
    cells = {row.row: row.cells for row in intake.raw(FAULTS, "f.csv").rows}
    sure = [
        proposal
        for one in before.problems
        if (proposal := proposals.certain(proposals.of(one, cells.get(one.row, {}))))
    ]
    assert [proposal.text for proposal in sure] == ["WFP"]


@pytest.mark.parametrize(
    ("cell", "repair", "after"),
    [
        ("6;19", Repair(2, "sdgs", "19", "13"), "6;13"),
        ("6;19", Repair(2, "sdgs", "19", ""), "6"),
        ("6\n19", Repair(2, "sdgs", "19", "1;3"), "6;1;3"),
        ("6", Repair(2, "sdgs", "", "13"), "6;13"),
        ("", Repair(2, "title", "", "Wells"), "Wells"),
        ("Huay, Atapeuu", Repair(2, "locations_as_published", "Atapeuu", "Attapeu"), "Huay, Attapeu"),
        ("Wells", Repair(2, "title", "", "More"), None),
        ("Wells", Repair(2, "title", "Roads", "More"), None),
    ],
)
def test_a_repair_changes_its_own_value_alone(cell: str, repair: Repair, after: str | None) -> None:
    assert repairs.mend(cell, repair) == after


def test_a_repair_that_finds_nothing_is_told() -> None:
    lost = Repair(2, "title", "not there", "x")
    elsewhere = Repair(99, "title", "Activity good-1", "x")
    found = intake.read(FAULTS, "f.csv", mended=(lost, elsewhere))
    assert found.unused == (lost, elsewhere)
    assert [one.title for one in found.activities] == [one.title for one in intake.read(FAULTS, "f.csv").activities]


def test_columns_are_understood_as_a_person_says() -> None:
    data = b"Number,Called,title 2,sdgs\na,Wells,x,6\n"
    with pytest.raises(InputError, match="no column 'activity_id' and no column 'title'"):
        intake.read(data, "f.csv")
    mapping = {"Number": "activity_id", "Called": "title", "title 2": "", "gone": "summary"}
    found = intake.read(data, "f.csv", mapping=mapping)
    assert [(one.activity_id, one.title, one.goals) for one in found.activities] == [("a", "Wells", (6,))]
    assert (found.columns, found.headings) == (("activity_id", "title", "sdgs"), ("Number", "Called", "sdgs"))


def test_a_version_comes_back_with_its_columns_and_repairs(kept: Store) -> None:
    data = b"Code,title,sdgs,locations_as_published\na,Wells,19,Atapeuu\n"
    mended = (Repair(2, "sdgs", "19", "13"), Repair(2, "locations_as_published", "Atapeuu", "Attapeu (LA17)"))
    found = intake.read(data, "f.csv", "csv", {"Code": "activity_id"}, mended)
    version = kept.add_version(data, found, "Ann", "first")
    assert kept.version_bytes(version.id) == data
    assert kept.version_mending(version.id) == Mending(None, "", {"Code": "activity_id"}, mended)
    kept.publish(version.id, "Ann")
    shown = library.current(kept)
    assert [(one.activity_id, one.goals) for one in shown.activities] == [("a", (13,))]
    assert shown.corrected.decisions[0].areas == ("LA17",)
    assert kept.audit(2)[1].detail["repairs"] == 2


def test_the_same_file_with_other_repairs_is_other_data(kept: Store) -> None:
    data = b"activity_id,title,sdgs\na,Wells,19\n"
    shown = []
    for after in ("13", "6"):
        found = intake.read(data, "f.csv", mended=(Repair(2, "sdgs", "19", after),))
        kept.publish(kept.add_version(data, found, "Ann").id, "Ann")
        shown.append(library.current(kept))
    assert [one.activities[0].goals for one in shown] == [(13,), (6,)]
    assert shown[0].digest != shown[1].digest


def test_a_version_without_repairs_has_none(kept: Store) -> None:
    data = b"activity_id,title\na,Wells\n"
    version = kept.add_version(data, intake.read(data, "f.csv"), "Ann")
    assert kept.version_mending(version.id) == Mending()


def test_a_file_is_added_to_the_embedded_data_and_to_another_version(kept: Store) -> None:
    old = library.embedded()
    first, second = old.activities[0].activity_id, "new-2"
    for number, ids in enumerate([(first, "new-1"), ("new-1", second)]):
        data = b"activity_id,title,sdgs\n" + b"".join(f"{one},File {number},19\n".encode() for one in ids)
        before = kept.current_version()
        version = kept.add_version(data, intake.read(data, "f.csv"), "Ann", base=before.id if before else 0)
        kept.publish(version.id, "Ann")
    shown = library.current(kept)
    titles = {one.activity_id: one.title for one in shown.activities}
    assert len(shown) == len(old) + 2
    assert (titles[first], titles["new-1"], titles[second]) == ("File 0", "File 1", "File 1")
    assert shown.rows_read == len(shown) + shown.rejected
    assert sum(one.kind == "unknown_goal" and one.value == "19" for one in shown.problems) == 3
    kept.publish(None, "Ann")
    assert library.current(kept) is old


def test_a_version_adds_to_one_that_is_there(kept: Store) -> None:
    data = b"activity_id,title\na,Wells\n"
    with pytest.raises(UnknownCodeError, match="Got version 7 to add to"):
        kept.add_version(data, intake.read(data, "f.csv"), "Ann", base=7)
    assert kept.versions() == ()


def test_the_columns_of_an_agency_are_remembered(kept: Store) -> None:
    assert kept.columns_of("WFP") == {}
    kept.remember_columns("WFP", {"Code": "activity_id", "Note": ""}, "Ann")
    kept.remember_columns("WFP", {"Note": "summary"}, "Ann")
    kept.remember_columns("UNDP", {"Code": "title"}, "Bob")
    assert kept.columns_of("WFP") == {"Code": "activity_id", "Note": "summary"}
    assert [(one.who, one.subject) for one in kept.audit(1)] == [("Bob", "agency UNDP")]


text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
column = st.sampled_from(["activity_id", "title", "sdgs", "agencies", "start_date", "currency"])
mendings = st.lists(st.builds(Repair, st.integers(1, 6), column, text, text), max_size=6).map(tuple)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(text, text, text), max_size=5), mendings)
def test_no_row_is_lost_or_made_by_a_repair(cells: list[tuple[str, str, str]], mended: tuple[Repair, ...]) -> None:
    columns = ("activity_id", "title", "sdgs")
    rows = tuple(RawRow(at, dict(zip(columns, row, strict=True))) for at, row in enumerate(cells, 2))
    table = RawTable(columns, rows, "csv", "utf-8", "", len(rows))
    found = intake.examine(table, "0" * 64, "f", None, mended)
    assert len(found.activities) + found.rejected == found.rows_read == len(rows)
    assert set(found.unused) <= set(mended)
    assert repairs.from_json(repairs.to_json(mended)) == mended
    assert all(isinstance(problem, Problem) for problem in found.problems)


@pytest.mark.parametrize("value", [None, 3, [[1, 2]], [["x", "a", "b", "c"]], [[1, "a", "b", "x" * 20_001]]])
def test_what_is_no_list_of_repairs_is_refused(value: object) -> None:
    with pytest.raises(InputError, match="Got"):
        repairs.from_json(value)
