"""Floor 0: class breaks for a map: exact Fisher-Jenks on integers, zero its own class, missing apart.

W. D. Fisher, "On Grouping for Maximum Homogeneity", JASA 53 (1958): the grouping of sorted values into k runs with the
least sum of squared deviations.  Costs are exact fractions, so that ties fall the same way on every machine.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise

from geo.errors import InputError

NO_DATA = -1
ZERO = 0
DEFAULT_CLASSES = 5
CLASSES_A_SIDE = 3  # of a diverging scale: six colours and white are as many as an eye can tell apart
RANGE = " – "


@dataclass(frozen=True, slots=True)
class Break:
    """One class: bounds in the values' own unit, both inclusive, and how many values lie in it."""

    lower: int
    upper: int
    count: int


def breaks(values: Iterable[int | None], k: int = DEFAULT_CLASSES) -> tuple[Break, ...]:
    """Return at most ``k`` rising classes of the positive ones among ``values``; zero and ``None`` are left apart.

    The classes follow one another without gap or overlap from the least value to the greatest; fewer distinct
    values than ``k`` give a class each.

    Raises:
        InputError: when ``k`` is below 1 or a value is negative.
    """
    if k < 1:
        raise InputError(f"A map needs at least 1 class, got {k}. Give a number from 1 up.")
    counts = Counter(value for value in values if value)
    if counts and min(counts) < 0:
        raise InputError(f"Class breaks are for values from 0 up, got {min(counts)}. Use diverging_breaks for changes.")
    distinct = sorted(counts)
    starts = [*_starts(distinct, [counts[value] for value in distinct], min(k, len(distinct))), len(distinct)]
    uppers = [distinct[end - 1] for end in starts[1:]]
    lowers = [*distinct[:1], *(upper + 1 for upper in uppers[:-1])]
    sizes = (sum(counts[value] for value in distinct[start:end]) for start, end in pairwise(starts))
    return tuple(map(Break, lowers, uppers, sizes))


def diverging_breaks(values: Iterable[int | None], k: int = CLASSES_A_SIDE) -> tuple[Break, ...]:
    """Return classes symmetric about 0, from the deepest loss to the greatest gain, with (0, 0) in the middle.

    The breaks are found on the sizes of all changes, so equal depths of colour stand for equal changes.

    Raises:
        InputError: when ``k`` is below 1.
    """
    given = [value for value in values if value is not None]
    side = breaks((abs(value) for value in given), k)
    bounds = [(-one.upper, -one.lower) for one in reversed(side)] + [(0, 0)] + [(one.lower, one.upper) for one in side]
    return tuple(Break(low, high, sum(low <= value <= high for value in given)) for low, high in bounds)


def class_of(value: int | None, classes: tuple[Break, ...]) -> int:
    """Return the class of ``value`` among rising ``classes``: -1 no data, 0 zero, else 1 to their number.

    A value beyond the outer bounds falls in the outer class, so that one national set of breaks serves every page.
    """
    if value is None:
        return NO_DATA
    if value == 0 or not classes:
        return ZERO
    return min(bisect_left([one.upper for one in classes], value), len(classes) - 1) + 1


def label(one: Break, *, signed: bool = False) -> str:
    """Return the bounds as a legend shows them: "5", "5 – 12", "1,200 – 3,400"; signed: "+5", "−12 – −5"."""
    form = _signed if signed else "{:,}".format
    return form(one.lower) if one.lower == one.upper else f"{form(one.lower)}{RANGE}{form(one.upper)}"


def _signed(value: int) -> str:
    return f"{value:+,}".replace("-", "−") if value else "0"


def _starts(values: list[int], counts: list[int], k: int) -> list[int]:
    """Return where each of ``k`` classes begins in the sorted distinct ``values`` (the least cost, leftmost on ties).

    The cost is the sum of squares less sum(S²/n) over the classes, S being a class' sum and n its size; the first
    term is the same for all groupings, so the second is made as great as can be.  The best start of the last class
    never moves left as values are added, so each layer is found by halves: O(k n log n).
    """
    if not values:
        return []
    size = [0, *accumulate(counts)]
    total = [0, *accumulate(value * count for value, count in zip(values, counts, strict=True))]

    def gain(start: int, end: int) -> Fraction:
        return Fraction((total[end] - total[start]) ** 2, size[end] - size[start])

    n = len(values)
    best = [Fraction(0), *(gain(0, end) for end in range(1, n + 1))]
    layers: list[list[int]] = []
    for used in range(2, k + 1):
        layer, layer_best = [0] * (n + 1), [Fraction(-1)] * (n + 1)
        todo = [(used, n, used - 1, n - 1)]
        while todo:
            low, high, left, right = todo.pop()
            if low > high:
                continue
            end = (low + high) // 2
            start = max(range(left, min(right, end - 1) + 1), key=lambda s: (best[s] + gain(s, end), -s))
            layer[end], layer_best[end] = start, best[start] + gain(start, end)
            todo += [(low, end - 1, left, start), (end + 1, high, start, right)]
        layers.append(layer)
        best = layer_best
    starts = [n]
    for layer in reversed(layers):
        starts.append(layer[starts[-1]])
    return [0, *reversed(starts[1:])]
