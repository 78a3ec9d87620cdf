"""Made activities as columns, without an object a row: what the kernel counts, at any size, always the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

import numpy as np

from geo import codes, gazetteer
from geo.code_columns import Codes, Ints
from geo.dataset import Dataset, Places
from geo.fields import Activity

BASES = ("stated total", "sum of published years")


class Numbered(Sequence[Activity]):
    """So many activities, each made when it is asked for."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, at: int) -> Activity: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Activity]: ...

    def __getitem__(self, at: int | slice) -> Any:
        return Activity(f"made-{at:09}", "Made")


def dataset(size: int, seed: int = 20261123) -> Dataset:
    """Return ``size`` activities with 1 to 3 goals, agencies and districts each; a fifth is nationwide or unlocated."""
    random = np.random.default_rng(seed)
    goals = tuple(str(goal.number) for goal in codes.goals())
    agencies = tuple(f"Agency {number:02}" for number in range(40))
    donors = tuple(f"Donor {number:02}" for number in range(60))
    adm1, adm2 = gazetteer.all_areas("adm1"), gazetteer.all_areas("adm2")
    above = np.array([adm1.index(gazetteer.province(code)) for code in adm2])
    scope = random.choice(3, size, p=[0.05, 0.15, 0.8]).astype(np.int8)
    rows, districts = _pairs(random, size, len(adm2), 3)
    located = scope[rows] == 2
    rows, districts = rows[located], districts[located]
    inner = Codes.of_pairs(rows, districts, adm2, size)
    places = Places((), scope, Codes.of_pairs(rows, above[districts], adm1, size), inner, np.diff(inner.starts))
    first = random.integers(2000, 2026, size)
    cents = np.where(random.random(size) < 0.7, random.integers(10**5, 10**9, size), -1)

    def column(names: tuple[str, ...], most: int) -> Codes:
        return Codes.of_pairs(*_pairs(random, size, len(names), most), names, size)

    return Dataset(
        activities=Numbered(size),  # type: ignore[arg-type]
        registered=places,
        corrected=places,
        goals=column(goals, 3),
        targets=column(("1.1",), 1),
        agencies=column(agencies, 3),
        donors=column(donors, 2),
        implementers=column(donors, 2),
        status=column(("1", "2", "3", "4"), 1),
        basis=column(BASES, 1),
        first_year=first.astype(np.int16),
        last_year=(first + random.integers(0, 6, size)).astype(np.int16),
        cents=cents,
        people=np.where(random.random(size) < 0.3, random.integers(0, 10**6, size), -1),
        digest=f"made {size} {seed}",
        name="made",
        published="2026-11-23",
    )


def _pairs(random: np.random.Generator, size: int, codes_: int, most: int) -> tuple[Ints, Ints]:
    """Return (row, code) pairs, 1 to ``most`` a row."""
    rows = np.repeat(np.arange(size), random.integers(1, most + 1, size))
    return rows, random.integers(0, codes_, len(rows))
