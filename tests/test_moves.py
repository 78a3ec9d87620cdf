"""What the rule changed: every number of the sentence is the total of the view that it opens."""

from __future__ import annotations

import pytest
from hypothesis import given

from geo import filters, library, moves, tables
from geo.dataset import SCOPES
from geo.filters import Filters, from_query
from tests.support_data import datasets
from tests.test_filters import views


def changed(data, view):
    after, mask = tables.summarise(data, view)
    return moves.between(tables.registered(data, view, mask), after)


def total(data, view):
    return int(filters.apply(data, view).sum())


@given(datasets(), views)
def test_each_number_opens_exactly_its_activities(data, view):
    for move in changed(data, view):
        for count, wanted in (
            (move.before, moves.registered(move.place, view)),
            (move.after, moves.corrected(move.place, view)),
        ):
            assert wanted is not None
            if view.view == "difference" or not (view.area or view.scope):
                assert total(data, wanted) == count


@pytest.mark.parametrize("level", ["adm1", "adm2"])
@pytest.mark.parametrize(
    "chosen", [{}, {"sdg": ("4",)}, {"area": ("LA01", "LA17")}, {"scope": ("nationwide",)}, {"was": ("LA01",)}]
)
def test_the_numbers_of_the_embedded_data_open_and_their_links_come_back(level, chosen):
    data = library.embedded()
    view = Filters(view="difference", level=level, **chosen)
    found = changed(data, view)
    assert found
    for move in found:
        before, after = moves.registered(move.place, view), moves.corrected(move.place, view)
        assert total(data, before) == move.before
        assert total(data, after) == move.after
        assert from_query(before.to_query(), data) == (before, ())


def test_what_the_rule_moved_is_a_view_and_what_it_left_is_not_in_it():
    data = library.embedded()
    view = moves.moved(Filters(sdg=("4",)))
    mask = filters.apply(data, view)
    pairs = list(zip(data.registered.decisions, data.corrected.decisions, strict=True))
    wanted = [before.areas != now.areas or before.scope != now.scope for before, now in pairs]
    goal = filters.apply(data, Filters(sdg=("4",)))
    assert mask.tolist() == [bool(a and b) for a, b in zip(wanted, goal, strict=True)]
    assert 0 < mask.sum() < goal.sum()
    assert moves.moved(view) is None
    assert moves.registered("LA01", Filters(area=("LA01",), was=("LA01",))) is None


def test_was_and_now_hold_whatever_the_view():
    data = library.embedded()
    for view in filters.VIEWS:
        kept = filters.apply(data, Filters(was=("LA01",), now=("nationwide",), view=view))
        for row in kept.nonzero()[0]:
            assert any(code.startswith("LA01") for code in data.registered.decisions[row].areas)
            assert data.corrected.decisions[row].scope == "nationwide"
        assert kept.any()
    assert from_query({"was": ["gone"], "now": ["elsewhere"]}, data)[0] == Filters()
    wrong = from_query({"was": ["gone"], "now": ["elsewhere"]}, data)[1]
    assert [problem.column for problem in wrong] == ["was", "now"]


def test_the_sentence_names_the_greatest_change_first():
    data = library.embedded()
    found = changed(data, Filters(view="difference"))
    sizes = [abs(move.after - move.before) for move in found]
    assert sizes == sorted(sizes, reverse=True)
    first = found[0]
    assert moves.sentence(found, "en").startswith(f"Vientiane Capital {first.before} → {first.after}; ")
    assert {move.place for move in found} & {*SCOPES} == {"nationwide", "unlocated"}
    assert moves.sentence((), "en") == "The rule changes nothing in this selection."
