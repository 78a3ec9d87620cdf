"""Bytes -> activities and problems, in fixture pairs: a file beside what it must give."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo import gazetteer, intake, pack, place_problems
from geo.errors import InputError
from geo.fields import Fields
from geo.readers import RawRow, table

PAIRS = sorted((Path(__file__).parent / "fixtures" / "intake").glob("*.expected.json"))


@pytest.mark.parametrize("expected", PAIRS, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_a_file_gives_what_stands_beside_it(expected):
    source = expected.with_name(expected.name.replace(".expected.json", ".csv"))
    want = json.loads(expected.read_text(encoding="utf-8"))
    found = intake.read(source.read_bytes(), source.name)
    assert found.rows_read == want["rows_read"]
    assert [activity.activity_id for activity in found.activities] == want["accepted"]
    assert found.rejected == want["rejected"]
    assert [[p.row, p.column, p.kind, p.value] for p in found.problems] == want["problems"]
    if "titles" in want:
        assert [activity.title for activity in found.activities] == want["titles"]
    assert len(found.activities) + found.rejected == found.rows_read
    assert all(problem.file == source.name and problem.expected and problem.fix for problem in found.problems)


def test_an_unknown_place_names_its_nearest():
    source = Path(__file__).parent / "fixtures" / "intake" / "ten_faults.csv"
    problem = next(p for p in intake.read(source.read_bytes(), "x.csv").problems if p.kind == "unknown_place")
    assert any("LA17" in candidate for candidate in problem.candidates)


def test_the_embedded_activities_are_all_accepted():
    path = pack.path(pack.settings().data["activities"])
    found = intake.read(path.read_bytes(), path.name)
    assert (found.rows_read, len(found.activities), found.rejected) == (242, 242, 0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is not text"),
        (b"name,where\nwell,Attapeu\n", "no column 'activity_id'"),
        (b'activity_id,title\na,"never closed\n', "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_clear_error(data, words):
    with pytest.raises(InputError, match=words):
        intake.read(data, "x.csv")


names = [gazetteer.names(pcode).name_en for level in ("adm1", "adm2") for pcode in gazetteer.all_areas(level)]
place = st.sampled_from(names) | st.sampled_from(
    ["Vientiane", "Xaysetha", "Ban Na", "Atapeuu", "nationwide", "3 provinces"]
)


@settings(max_examples=200)
@given(st.lists(place, max_size=4))
def test_a_place_that_is_clear_alone_stays_clear_beside_others(places):
    # ``place_problems`` looks at places in each other's light only where one of them is not clear.
    clear = all(map(place_problems._clear, map(gazetteer.match, places)))
    found = gazetteer.match_all(places)
    if clear:
        assert not any(match.kind in ("unknown", "ambiguous") or match.unread for match in found)


def test_a_large_file_is_read_as_a_small_one_is():
    few, many = 300, table.FEW_ROWS + 300
    head = "activity_id,title,sdgs,start_date"
    rows = [f"a{at},t,{at % 20},{'03/04/2024' if at % 7 == 0 else '2024'}" for at in range(many)]
    rows[10] = "a10,t,1,2024,too long"
    small, large = (intake.read("\n".join([head, *rows[:count]]).encode(), "x.csv") for count in (few, many))
    assert (small.rows_read, large.rows_read) == (few, many)
    assert small.rejected == large.rejected == 1
    assert large.activities[: len(small.activities)] == small.activities
    assert tuple(problem for problem in large.problems if problem.row <= few + 1) == small.problems


def test_a_file_of_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(table, "MAX_ROWS", 3)
    with pytest.raises(InputError, match="more than 3 rows"):
        intake.read(b"id,title\n" + b"a,t\n" * 4, "x.csv")


def test_rows_that_are_made_anew_are_a_sequence():
    rows = table.Rows(lambda: iter([RawRow(at, {}) for at in range(5)]), 5)
    assert [row.row for row in rows] == [row.row for row in rows] == [0, 1, 2, 3, 4]
    assert (rows[1].row, rows[-1].row, len(rows), [row.row for row in rows[3:]]) == (1, 4, 5, [3, 4])
    with pytest.raises(IndexError):
        rows[5]


cell = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


@example([("", "", "\t\n\t", "\n\t")])  # a tab that is no delimiter
@given(st.lists(st.tuples(cell, cell, cell, cell), max_size=12))
def test_accepted_and_rejected_add_up_to_the_rows_read(rows):
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([Fields.ACTIVITY_ID, Fields.TITLE, Fields.SDGS, Fields.LOCATIONS])
    writer.writerows(rows)
    data = out.getvalue().encode()
    found = intake.read(data, "x.csv")
    assert len(found.activities) + found.rejected == found.rows_read
    assert found.rows_read == sum(any(part.strip() for part in row) for row in rows)
    ids = [activity.activity_id for activity in found.activities]
    assert len(ids) == len(set(ids))
    assert intake.read(data, "x.csv") == found


def test_a_file_on_disk_gives_the_same_as_its_bytes(tmp_path: Path) -> None:
    for expected in PAIRS:
        fixture = expected.with_name(expected.name.replace(".expected.json", ".csv"))
        path = tmp_path / fixture.name
        path.write_bytes(fixture.read_bytes())
        assert intake.read_file(path) == intake.read(fixture.read_bytes(), fixture.name)
    with pytest.raises(InputError, match="cannot be opened"):
        intake.read_file(tmp_path / "nothing.csv")


FIXTURES = Path(__file__).parent / "fixtures" / "intake"


def same_in_parts(path: Path, most: int) -> None:
    whole, parts = intake.read_file(path), list(intake.parts(path, most))
    assert [one for part in parts for one in part.activities] == list(whole.activities)
    assert [one for part in parts for one in part.problems] == list(whole.problems)
    assert sum(part.rows_read for part in parts) == whole.rows_read
    assert all(part.rows_read == len(part.activities) + part.rejected for part in parts)
    assert all(len(part.activities) <= most for part in parts)


@pytest.mark.parametrize("most", [1, 3, 1_000])
@pytest.mark.parametrize("name", ["ten_faults.csv", "missing_donors_column.csv", "tabs_windows.csv", "utf16_lao.csv"])
def test_a_file_in_parts_gives_what_it_gives_in_one(name, most):
    same_in_parts(FIXTURES / name, most)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 4), place, cell, st.booleans()), max_size=9), st.integers(1, 4))
def test_rows_in_parts_know_the_ids_of_the_rows_before(tmp_path, rows, most):
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["activity_id", "title", "locations_as_published", "sdgs"])
        out.writerows([[f"a{key}", title, where, "6", *(["beyond"] * long)] for key, where, title, long in rows])
    same_in_parts(path, most)


def test_iati_in_parts_gives_what_it_gives_in_one(tmp_path):
    one = (
        "<iati-activity><iati-identifier>XM-{}</iati-identifier><title><narrative>Wells</narrative></title>{}"
        "<location><name><narrative>Atapeuu</narrative></name></location></iati-activity>\n"
    )
    here, nowhere, there = '<recipient-country code="LA"/>', "", '<recipient-country code="KH"/>'
    body = [one.format(at % 5, (here, here, nowhere, there)[at % 4]) for at in range(13)]
    path = tmp_path / "a.xml"
    path.write_text(f'<iati-activities version="2.03">\n{"".join(body)}</iati-activities>', encoding="utf-8")
    for most in (1, 2, 100):
        same_in_parts(path, most)
    assert len(list(intake.parts(path, 2))) == 4  # of seven rows of the country
    path.write_text(f'<iati-activities version="2.03">\n{"".join(body)}', encoding="utf-8")
    with pytest.raises(InputError, match="not well-formed"):
        next(intake.parts(path, 1))
