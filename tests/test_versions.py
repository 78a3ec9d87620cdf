"""Versions: what two of them differ in, which one a link is pinned to, and what is kept from the public."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import api_contents, cite, cli, dataset, filters, intake, library, store_decisions, versions, words
from geo.dataset import EMBEDDED, Dataset
from geo.export import csvfile, quality, records
from geo.fields import Activity
from geo.filters import Filters
from geo.store import ConflictError, Store, open_store, shared_store
from geo.versions import compare
from tests.support_data import datasets
from tests.support_versions import NEW_ID, changed, second

DATA = library.embedded()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    """A store that nobody has written."""
    one = open_store(f"sqlite:///{tmp_path / 's.sqlite3'}")
    yield one
    one.close()


def add(kept: Store) -> int:
    """Keep the second version and return its number."""
    data, found = changed(second)
    return kept.add_version(data, found, "Ann").id


# Two versions


@settings(max_examples=40)
@given(old=datasets(), new=datasets())
def test_what_came_and_went_adds_up(old: Dataset, new: Dataset) -> None:
    found = compare(old, new)
    total, *scopes = found.totals
    assert (total.old, total.new) == (len(old), len(new))
    assert total.old + len(found.added) - len(found.removed) == total.new
    assert sum(one.old for one in scopes) == total.old
    assert sum(one.new for one in scopes) == total.new
    back = compare(new, old)
    assert (back.added, back.removed) == (found.removed, found.added)
    assert {one.activity.activity_id for one in back.changed} == {one.activity.activity_id for one in found.changed}
    assert [(one.name, one.new, one.old) for one in back.areas] == [(one.name, one.old, one.new) for one in found.areas]
    assert [(one.name, one.new, one.old) for one in back.money] == [(one.name, one.old, one.new) for one in found.money]
    for name, data in (("old", old), ("new", new)):
        cents = sum(activity.budget.cents for activity in data.activities if activity.budget)
        assert sum(getattr(one, name) for one in found.money) == cents
    for one in found.areas:
        assert one.old != one.new


@settings(max_examples=20)
@given(data=datasets())
def test_nothing_differs_from_itself(data: Dataset) -> None:
    assert compare(data, data).same
    # Another place in the file says nothing of an activity.
    moved = replace(data, activities=tuple(replace(one, row=one.row + 1) for one in data.activities))
    assert compare(data, moved).same


def test_a_change_is_named_by_field(kept: Store) -> None:
    new = library.decided_version(add(kept), kept)
    found = compare(DATA, new)
    first, last = DATA.activities[0], DATA.activities[-1]
    assert [one.activity_id for one in found.added] == [NEW_ID]
    assert [one.activity_id for one in found.removed] == [last.activity_id]
    (one,) = found.changed
    assert one.activity.activity_id == first.activity_id
    assert [(field.name, field.old, field.new) for field in one.fields] == [("title", first.title, "Another title")]
    assert not {"row", "activity_id"} & set(versions.COMPARED)


def test_what_the_rule_makes_of_new_and_changed_activities_is_told() -> None:
    rows = [Activity(f"a{number}", f"Title {number}", places=("Attapeu Province",)) for number in range(3)]
    before = dataset.build(rows, digest="before")
    added = Activity("new", "Nationwide programme in all provinces of the country", places=("Vientiane Capital",))
    after = dataset.build([*rows[:2], replace(rows[2], places=("Sekong Province",)), added], digest="after")
    found = compare(before, after)
    assert [(one.activity.activity_id, one.old.areas, one.new.scope) for one in found.ruled] == [
        ("new", ("LA01",), "nationwide")
    ]
    assert [(one.activity.activity_id, one.old.areas, one.new.areas) for one in found.moved] == [
        ("a2", ("LA17",), ("LA15",))
    ]
    assert compare(after, after).ruled == ()


def test_a_decision_moves_what_it_moves(kept: Store) -> None:
    one = next(row for row, found in enumerate(DATA.corrected.decisions) if found.scope == "subnational")
    key = DATA.activities[one].activity_id
    kept.decide_scope(key, "nationwide", (), "r", "Ann")
    found = compare(DATA, library.current(kept))
    (moved,) = found.moved
    assert (moved.activity.activity_id, moved.old.scope, moved.new.scope) == (key, "subnational", "nationwide")
    assert not found.same
    assert {figure.name: figure.new - figure.old for figure in found.totals} == {
        "total": 0,
        "subnational": -1,
        "nationwide": 1,
        "unlocated": 0,
    }


# A link that keeps to one


def test_a_link_is_pinned_to_what_was_shown_once(kept: Store) -> None:
    number = add(kept)
    # Nobody has published it: the link shows what everybody sees.
    assert library.at(str(number), kept) is library.current(kept)
    kept.publish(number, "Ann")
    newest = library.current(kept)
    assert (newest.version, newest.pin) == (number, str(number))
    assert library.at(str(number), kept) is newest
    old = library.at(EMBEDDED, kept)
    assert (old.version, old.pin, old.digest) == (0, EMBEDDED, DATA.digest)
    assert library.at("", kept) is newest
    kept.publish(None, "Ann")
    pinned = library.at(str(number), kept)
    assert pinned.version == number
    assert NEW_ID in pinned.index
    assert library.current(kept).version == 0
    assert library.at(EMBEDDED, kept) is library.current(kept)


def test_people_decide_on_an_old_version_too(kept: Store) -> None:
    kept.publish(add(kept), "Ann")
    kept.publish(None, "Ann")
    kept.decide_scope(NEW_ID, "subnational", ("LA17",), "r", "Ann")
    pinned = library.at("1", kept)
    assert pinned.corrected.decisions[pinned.index[NEW_ID]].areas == ("LA17",)


@pytest.mark.parametrize("name", ["99", "0", "-1", "1; DROP TABLE versions", "embedded data", "", "١"])
def test_an_unknown_version_is_said_and_the_newest_shown(kept: Store, name: str) -> None:
    kept.publish(add(kept), "Ann")
    data = library.at(name, kept)
    assert data is library.current(kept)
    found, problems = filters.from_query({"version": [name]}, data)
    assert found.version == ""
    assert [(one.column, one.value) for one in problems] == ([("version", name)] if name else [])


@given(number=st.integers(1, 999_999_999).map(str) | st.just(EMBEDDED))
def test_a_pin_survives_its_link(number: str) -> None:
    view = Filters(version=number, sdg=("6",))
    assert filters.from_query(view.to_query()) == (view, ())
    data = replace(DATA, version=0 if number == EMBEDDED else int(number))
    assert filters.from_query({"version": [number]}, data) == (Filters(version=number), ())
    assert view.without_view() == Filters(sdg=("6",))


def test_a_view_names_its_version_and_date(kept: Store) -> None:
    number = add(kept)
    kept.publish(number, "Ann")
    data = library.current(kept)
    assert words.version_name(data, "en").startswith(f"version {number} of ")
    assert words.version_name(DATA, "en").startswith("embedded data of ")
    assert f"version {number}, data of" in words.source(data, Filters())
    assert f"version {number}-{data.digest[:8]}" in cite.citation(data, Filters(), "https://x")
    told = api_contents.version(data)
    assert (told["number"], told["name"]) == (number, words.version_name(data, "en"))
    assert api_contents.version(DATA)["number"] is None


def test_a_file_of_ones_own_is_named_with_its_own_day(tmp_path: Path) -> None:
    path = tmp_path / "our {plans}.csv"
    path.write_bytes(csvfile.activities(DATA, Filters(sdg=("6",))))
    written = datetime(2025, 3, 4, 12, tzinfo=UTC).timestamp()
    os.utime(path, (written, written))
    data = library.from_file(path)
    assert words.version_name(data, "en") == "file our {plans}.csv of 4 March 2025"
    assert words.version_name(data, "lo") not in (words.version_name(data, "en"), "")
    assert words.source(data, Filters()) == "Source: file our {plans}.csv; data of 4 March 2025."
    assert "file our {plans}.csv. Data of 4 March 2025" in cite.citation(data, Filters(), "https://x")
    assert (data.pin, api_contents.version(data)["published"]) == (EMBEDDED, "2025-03-04")
    assert quality.name(data, "UNICEF").endswith("_quality_UNICEF_20250304")
    assert records.about(data, Filters())["version"] == words.version_name(data, "en")


def test_the_packs_own_file_is_the_embedded_data_by_whichever_way_it_is_named() -> None:
    data = library.from_file(store_decisions.embedded_file())
    assert words.version_name(data, "en") == words.version_name(DATA, "en")
    assert words.source(data, Filters()) == words.source(DATA, Filters())


def test_what_somebody_showed_meanwhile_is_not_undone_unseen(kept: Store) -> None:
    first, second_one = add(kept), add(kept)
    kept.publish(first, "Ann", seen=None)
    stamp = kept.stamp()
    for seen in (None, second_one):
        with pytest.raises(ConflictError, match="Somebody showed version 1 meanwhile"):
            kept.publish(second_one, "Bob", seen=seen)
    assert kept.stamp() == stamp
    kept.publish(second_one, "Bob", seen=first)
    kept.publish(None, "Bob")
    with pytest.raises(ConflictError, match="the embedded data"):
        kept.publish(first, "Ann", seen=second_one)


def test_the_command_line_takes_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAO_SDG_STORE", str(tmp_path / "cli.sqlite3"))
    shared = shared_store()
    shared.publish(add(shared), "Ann")
    ids = []
    for arguments in ([], ["--version", "1"], ["--version", "embedded"], ["--link", "https://x/?version=embedded"]):
        assert cli.main(["activities", "--format", "json", *arguments]) == 0
        ids.append({one["activity_id"] for one in json.loads(capsys.readouterr().out)})
    assert [NEW_ID in found for found in ids] == [True, True, False, False]
    assert ids[2] == set(DATA.index)
    assert cli.main(["summary", "--version", "9"]) == 2
    assert "expected the number of a version that was shown" in capsys.readouterr().err


def test_a_version_of_another_file_kind_keeps_its_name(kept: Store) -> None:
    data, _found = changed(second)
    again = intake.read(data, "ຂໍ້ມູນ.csv")
    kept.add_version(data, again, "Ann", "ໝາຍເຫດ")
    assert library.decided_version(1, kept).name == "ຂໍ້ມູນ.csv"
