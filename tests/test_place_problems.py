"""What is asked of places: names of several areas, and the capital's shared name where the row does not tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geo import gazetteer, intake, library, pack, place_problems, proposals, scope
from geo.errors import Problem
from geo.fields import Activity
from geo.fold import fold
from geo.scope_case import geography

BOTH = ("Vientiane Capital (LA01)", "Vientiane Province (LA10)")


def asked(*places: str, title: str = "Wells", **more: object) -> list[Problem]:
    one = Activity("a", title, places=places, row=2, **more)  # type: ignore[arg-type]
    return [*place_problems.place_problems([one]), *place_problems.capital_problems([one])]


def names(shared: Path, list_: str) -> list[Any]:
    text = (shared / "corpora/made-here/text/lao-names.json").read_text(encoding="utf-8")
    found: list[Any] = json.loads(text)[list_]
    return found


@pytest.mark.shared
def test_names_that_must_be_asked_are(shared: Path) -> None:
    for name in names(shared, "ambiguous_must_ask"):
        (problem,) = asked(name)
        assert problem.kind in ("ambiguous_place", "unknown_place"), name
        assert (problem.value, problem.severity) == (name, "warning")
        assert len(problem.candidates) == 2, name
        offered = proposals.of(problem, {})
        assert [one.text for one in offered] == list(problem.candidates)
        assert proposals.certain(offered) is None


@pytest.mark.shared
def test_spellings_that_are_one_name_mean_one_thing(shared: Path) -> None:
    for one, other in names(shared, "equal_after_normalise"):
        first, second = gazetteer.match(one), gazetteer.match(other)
        same = (first.kind, first.areas, first.candidates) == (second.kind, second.areas, second.candidates)
        assert same if first.kind != "unknown" else fold(one) == fold(other), (one, other)


@pytest.mark.shared
def test_names_of_two_areas_stay_apart(shared: Path) -> None:
    for one, other in names(shared, "must_stay_distinct"):
        first, second = gazetteer.match(one), gazetteer.match(other)
        assert len(first.areas) == len(second.areas) == 1
        assert first.areas != second.areas, (one, other)


@pytest.mark.parametrize("name", ["Vientiane", "Viangchan", "ວຽງຈັນ", "VTE"])
def test_the_shared_name_is_asked_where_it_is_its_own_only_evidence(name: str) -> None:
    (problem,) = asked(name)
    assert (problem.kind, problem.row, problem.candidates) == ("ambiguous_place", 2, BOTH)
    assert "nationwide" in problem.fix


@pytest.mark.parametrize(
    ("title", "places"),
    [
        ("Support to the national statistics law", ("Vientiane",)),
        ("Drainage of the city of Vientiane", ("Vientiane Capital",)),
        ("Wells", ("ນະຄອນຫຼວງວຽງຈັນ",)),
        ("Wells", ("ແຂວງວຽງຈັນ",)),
        ("Wells", ("Vientiane", "Attapeu", "Sekong")),
        ("Wells", ("Vientiane", "Fouang")),
        ("Wells", ("Feuang and Mad, Vientiane",)),
        ("Wells", ("17 provinces and Vientiane",)),
    ],
)
def test_it_is_not_asked_where_the_row_tells(title: str, places: tuple[str, ...]) -> None:
    assert asked(*places, title=title) == []


def test_in_a_list_of_areas_it_is_no_office_and_is_asked_in_its_place() -> None:
    (problem,) = asked("Khammuan and Vientiane provinces")
    assert [gazetteer.match(one).areas for one in problem.candidates] == [("LA01", "LA12"), ("LA10", "LA12")]
    (problem,) = asked("VTE and Attapeu")
    assert problem.candidates == tuple(f"{one} and Attapeu" for one in BOTH)


def test_another_open_name_in_a_list_is_asked_and_the_rest_of_the_list_is_kept() -> None:
    (problem,) = asked("Viengkham and Xay districts")
    assert problem.candidates == ("Viengkham (LA0610) and Xay districts", "Viengkham (LA1009) and Xay districts")
    assert [gazetteer.match(one.text).areas for one in proposals.of(problem, {})] == [
        ("LA0401", "LA0610"),
        ("LA0401", "LA1009"),
    ]
    assert asked("Viengkham and Xay districts", "Luang Prabang") == []


def test_of_two_open_names_one_is_settled_at_a_time() -> None:
    (problem,) = asked("Viengkham and Xaysetha")
    for one in proposals.of(problem, {}):
        (next_,) = asked(one.text)
        assert [bool(gazetteer.match(text).candidates) for text in next_.candidates] == [False, False]


def test_of_the_embedded_data_the_review_queue_and_few_others_are_asked() -> None:
    data = library.embedded()
    rows = {problem.row for problem in data.problems if problem.kind == "ambiguous_place"}
    capital = pack.settings().capital
    bare = low = 0
    for activity, decision in zip(data.activities, data.corrected.decisions, strict=True):
        open_ = [one for one in geography(activity.places).places if capital in one.match.candidates]
        bare += bool(open_)
        if any(one.match.kind == "ambiguous" for one in open_) and decision.confidence == "low":
            low += 1
            assert activity.row in rows, activity.activity_id
        elif activity.row in rows:
            without = scope.decide(activity, off=place_problems.NAME_ITSELF)
            assert without.confidence == "low" or any(one.match.kind == "areas" for one in open_)
    assert low <= len(rows) < bare / 5  # a question to most of them would be noise


@pytest.mark.parametrize(
    ("cell", "areas"),
    [("ວຽງຈັນ", ["LA10"]), ("Attapeu Province; Khammuan and Vientiane provinces", ["LA10", "LA12", "LA17"])],
)
def test_an_answer_at_intake_settles_the_name_and_keeps_what_stands_beside_it(cell: str, areas: list[str]) -> None:
    data = f'activity_id,title,locations_as_published\na,Wells,"{cell}"\n'.encode()
    found = intake.read(data, "a.csv")
    assert (len(found.activities), found.rejected) == (1, 0)
    (problem,) = (one for one in found.problems if one.kind == "ambiguous_place")
    _capital, province = proposals.of(problem, {})
    again = intake.read(data, "a.csv", mended=province.repairs)
    assert again.unused == ()
    assert "ambiguous_place" not in {one.kind for one in again.problems}
    assert list(scope.decide(again.activities[0]).areas) == areas
