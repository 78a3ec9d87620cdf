"""Class breaks: the best of all groupings, without gap or overlap, on whatever numbers come."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.classes import Break, breaks, class_of, diverging_breaks, label
from geo.errors import InputError

SMALL = st.lists(st.integers(0, 40), max_size=9)
VALUES = st.lists(st.none() | st.integers(0, 10**13), max_size=160)
CHANGES = st.lists(st.none() | st.integers(-(10**6), 10**6), max_size=60)


def cost(groups: Sequence[Sequence[int]]) -> Fraction:
    """Return the sum of squared deviations from each group's mean."""
    return sum(((v - Fraction(sum(group), len(group))) ** 2 for group in groups for v in group), Fraction(0))


def least_cost(values: Sequence[int], k: int) -> Fraction:
    """Try every grouping of the sorted values into ``k`` runs that keep equal values together."""
    ordered = sorted(values)
    edges = [at for at in range(1, len(ordered)) if ordered[at] != ordered[at - 1]]
    groupings = (
        [ordered[start:end] for start, end in pairwise((0, *cut, len(ordered)))] for cut in combinations(edges, k - 1)
    )
    return min(cost(groups) for groups in groupings)


@given(SMALL, st.integers(1, 5))
def test_no_grouping_is_better(values: list[int], k: int) -> None:
    found = breaks(values, k)
    positive = [value for value in values if value]
    assert len(found) == min(k, len(set(positive)))
    if found:
        groups = [[value for value in positive if class_of(value, found) == at] for at in range(1, len(found) + 1)]
        assert cost(groups) == least_cost(positive, len(found))


@given(VALUES, st.integers(1, 7))
def test_classes_follow_one_another_and_hold_every_value(values: list[int | None], k: int) -> None:
    found = breaks(values, k)
    positive = [value for value in values if value]
    assert sum(one.count for one in found) == len(positive)
    assert all(one.count > 0 and one.lower <= one.upper for one in found)
    assert all(left.upper + 1 == right.lower for left, right in pairwise(found))
    if positive:
        assert (found[0].lower, found[-1].upper) == (min(positive), max(positive))
    for value in positive:
        one = found[class_of(value, found) - 1]
        assert one.lower <= value <= one.upper


@given(CHANGES, st.integers(1, 4))
def test_changes_are_classed_alike_on_both_sides_of_none(values: list[int | None], k: int) -> None:
    found = diverging_breaks(values, k)
    known = [value for value in values if value is not None]
    assert len(found) % 2 == 1
    assert [(one.lower, one.upper) for one in found] == [(-one.upper, -one.lower) for one in reversed(found)]
    assert (found[len(found) // 2].lower, found[len(found) // 2].upper) == (0, 0)
    assert sum(one.count for one in found) == len(known)


def test_known_groups() -> None:
    values = [1, 2, 2, 3, 20, 21, 22, 50, 0, None]
    assert breaks(values, 3) == (Break(1, 3, 4), Break(4, 22, 3), Break(23, 50, 1))
    assert breaks([5, 5, 5], 5) == (Break(5, 5, 3),)
    assert breaks([0, None, 0], 5) == ()
    assert diverging_breaks([0, None]) == (Break(0, 0, 1),)


def test_a_tie_always_falls_the_same_way() -> None:
    assert breaks([1, 2, 3], 2) == (Break(1, 1, 1), Break(2, 3, 2))


def test_values_outside_the_national_breaks_fall_in_the_outer_classes() -> None:
    found = breaks([10, 20, 30, 40], 2)
    assert [class_of(value, found) for value in (None, 0, 1, 99)] == [-1, 0, 1, 2]
    assert class_of(7, ()) == 0


@pytest.mark.parametrize(
    ("one", "signed", "text"),
    [
        (Break(5, 5, 1), False, "5"),
        (Break(5, 12, 1), False, "5 – 12"),
        (Break(1200, 3400, 1), False, "1,200 – 3,400"),
        (Break(-12, -5, 1), True, "−12 – −5"),
        (Break(0, 0, 1), True, "0"),
        (Break(5, 5, 1), True, "+5"),
    ],
)
def test_labels(one: Break, signed: bool, text: str) -> None:
    assert label(one, signed=signed) == text


@pytest.mark.parametrize(("values", "k"), [([1, 2], 0), ([1, -2], 3)])
def test_what_cannot_be_classed_is_refused(values: list[int], k: int) -> None:
    with pytest.raises(InputError, match="got"):
        breaks(values, k)
