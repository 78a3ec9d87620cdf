"""Floor 3: activities and their decisions -> one table with bit columns, the thing that is counted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from geo import active, codes, gazetteer, positions, scope
from geo.code_columns import Codes, Ints, Mask
from geo.cycles import without_cycles
from geo.errors import Problem
from geo.fields import Activity
from geo.fold import fold
from geo.money import CURRENCY, Money
from geo.scope import ScopeDecision

Decided: TypeAlias = tuple[Sequence[ScopeDecision], Sequence[ScopeDecision]]
VIEWS = ("corrected", "registered")
SCOPES = ("unlocated", "nationwide", "subnational")  # the code of a scope is its position
EMBEDDED = "embedded"  # how a link names the data that is there without any upload
FILE, FOLDER = "file", "folder"  # what such data is where it is not the country pack's own


@dataclass(frozen=True, eq=False)
class Places:
    """Where the activities stand under one view: ``scope`` holds positions in ``SCOPES``."""

    decisions: tuple[ScopeDecision, ...]
    scope: NDArray[np.int8]
    adm1: Codes
    adm2: Codes
    named: Ints  # how many areas of either level each activity has

    @classmethod
    def of(cls, decisions: Sequence[ScopeDecision]) -> Places:
        """Build the place columns; an area of level 2 counts for its province too."""
        units = {areas: _units(areas) for areas in {decision.areas for decision in decisions}}
        adm1, adm2 = ([units[decision.areas][level] for decision in decisions] for level in (0, 1))
        return cls(
            tuple(decisions),
            np.array([SCOPES.index(decision.scope) for decision in decisions], dtype=np.int8),
            Codes.of(adm1, gazetteer.all_areas("adm1")),
            Codes.of(adm2, gazetteer.all_areas("adm2")),
            np.array([len(decision.areas) for decision in decisions], dtype=np.int64),
        )

    def codes(self, level: str) -> Codes:
        """Return the areas of level ``adm1`` or ``adm2``."""
        return self.adm2 if level == "adm2" else self.adm1

    def of_scope(self, wanted: Iterable[str]) -> Mask:
        """Return which activities have one of the scopes; other words are ignored."""
        return np.isin(self.scope, [SCOPES.index(name) for name in wanted if name in SCOPES])

    def stands_in(self, wanted: Sequence[str]) -> Mask:
        """Return which activities stand in one of the areas, of either level, or have one of the scopes."""
        return self.adm1.any_of(wanted) | self.adm2.any_of(wanted) | self.of_scope(wanted)

    def differs(self, other: Places) -> Mask:
        """Return which activities stand elsewhere in ``other``, which places the same ones."""
        found: Mask = self.scope != other.scope
        for mine, theirs in ((self.adm1, other.adm1), (self.adm2, other.adm2)):
            found |= (mine.words != theirs.words).any(axis=1)
        return found


def _units(areas: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the areas of level 1 and of level 2 that count for a list of areas."""
    adm2 = tuple(code for code in areas if gazetteer.level(code) == "adm2")
    return tuple({gazetteer.province(code) for code in areas}), adm2


class Elsewhere(Protocol):
    """Other processes that hold the same rows and count them (``geo/cluster.py``)."""

    def partial(self, mask: Mask, view: str, level: str, basis: str, method: str) -> object:
        """Return the ``Summary`` of the masked rows, as ``summary.partial`` does."""
        ...


@dataclass(frozen=True, eq=False)
class Dataset:
    """All activities of one version with everything that filters and summaries need.

    ``first_year`` and ``last_year`` bound the years in which an activity is known to be active (0: no date known);
    ``cents`` is the budget in hundredths (-1: none stated in ``CURRENCY``); ``people`` is -1 where not stated.
    ``elsewhere`` counts in this process' place, where a scheduler was named.  ``published`` is the data's day as
    YYYY-MM-DD, ``came_from`` the file and sheet of each activity (or nothing), and ``origin`` what the data is where it
    is no version of the store: ``EMBEDDED``, ``FILE`` or ``FOLDER``.
    """

    activities: tuple[Activity, ...]
    registered: Places
    corrected: Places
    goals: Codes
    targets: Codes
    agencies: Codes
    donors: Codes
    implementers: Codes
    status: Codes
    basis: Codes
    first_year: NDArray[np.int16]
    last_year: NDArray[np.int16]
    cents: Ints
    people: Ints
    digest: str
    name: str
    published: str
    problems: tuple[Problem, ...] = ()
    rows_read: int = 0
    rejected: int = 0
    elsewhere: Elsewhere | None = None
    version: int = 0  # of the store; 0 is the embedded data
    origin: str = EMBEDDED
    came_from: Sequence[tuple[str, str]] = ()

    @property
    def pin(self) -> str:
        """How a link names this version."""
        return str(self.version) if self.version else EMBEDDED

    def __len__(self) -> int:
        return len(self.cents)

    @cached_property
    def files(self) -> frozenset[str]:
        """The names of the files that its rows and problems are of."""
        named = (*(file for file, _sheet in self.came_from), *(problem.file for problem in self.problems))
        return frozenset(filter(None, named))

    def places(self, view: str) -> Places:
        """Return the places as ``registered`` or, for every other view, as ``corrected`` by the rule."""
        return self.registered if view == "registered" else self.corrected

    @cached_property
    def index(self) -> dict[str, int]:
        """Row number by activity id."""
        return {activity.activity_id: row for row, activity in enumerate(self.activities)}

    @cached_property
    def days(self) -> Ints:
        """First and last day of each activity as ordinals of the calendar, shape (activities, 2); 0: no date known."""
        return np.array([active.days(activity) for activity in self.activities], dtype=np.int64).reshape(-1, 2)

    @cached_property
    def haystacks(self) -> tuple[str, ...]:
        """Folded text of each activity, for free-text filters."""
        return tuple(fold(" \n ".join(_texts(activity))) for activity in self.activities)


def _counted(activity: Activity) -> Money | None:
    """Return the budget if it is in the one currency that totals are in; there is no rate for another."""
    return activity.budget if activity.budget and activity.budget.currency == CURRENCY else None


def _texts(activity: Activity) -> tuple[str, ...]:
    agencies = (name for code in activity.agencies for name in (code, *codes.agency_names(code)))
    lists = (*activity.donors, *activity.implementers, *activity.places)
    return (activity.title, activity.summary, *lists, *agencies, activity.activity_id)


def build(
    activities: Sequence[Activity],
    *,
    digest: str,
    name: str = "",
    published: str = "",
    problems: tuple[Problem, ...] = (),
    rows_read: int = 0,
    overrides: dict[str, ScopeDecision] | None = None,
    decided: Decided | None = None,
    came_from: Sequence[tuple[str, str]] = (),
) -> Dataset:
    """Decide each activity's scope (a person's override first) and build the columns.

    ``decided`` are decisions that were taken before, as registered and as corrected, one an activity.
    """
    fixed = overrides or {}
    with without_cycles(len(activities)):
        columns = _columns(activities, decided or _decided(activities, fixed))
    return Dataset(
        activities=tuple(activities),
        digest=combined_digest(digest, fixed),
        name=name,
        published=published,
        problems=problems,
        rows_read=rows_read,
        rejected=rows_read - len(activities) if rows_read else 0,
        came_from=came_from,
        **columns,
    )


def _decided(activities: Sequence[Activity], fixed: dict[str, ScopeDecision]) -> Decided:
    units = positions.units([activity.points for activity in activities])
    pairs = list(zip(activities, units, strict=True))
    return (
        [scope.as_registered(activity, found) for activity, found in pairs],
        [fixed.get(activity.activity_id) or scope.decide(activity, found) for activity, found in pairs],
    )


def _columns(activities: Sequence[Activity], decided: Decided) -> dict[str, Any]:
    registered, corrected = decided
    years = np.fromiter(chain.from_iterable(map(active.years, activities)), np.int16, 2 * len(activities)).reshape(
        -1, 2
    )
    goals = {found: tuple(map(str, found)) for found in {activity.goals for activity in activities}}
    cents = [money.cents if (money := _counted(activity)) else -1 for activity in activities]
    people = [-1 if activity.people_reached is None else activity.people_reached for activity in activities]
    return {
        "registered": Places.of(registered),
        "corrected": Places.of(corrected),
        "goals": Codes.of(
            [goals[activity.goals] for activity in activities], [str(goal.number) for goal in codes.goals()]
        ),
        "targets": Codes.of([activity.targets for activity in activities]),
        "agencies": Codes.of([activity.agencies for activity in activities]),
        "donors": Codes.of([activity.donors for activity in activities]),
        "implementers": Codes.of([activity.implementers for activity in activities]),
        "status": Codes.of([[activity.status] if activity.status else [] for activity in activities]),
        "basis": Codes.of([[activity.budget_basis] if _counted(activity) else [] for activity in activities]),
        "first_year": years[:, 0],
        "last_year": years[:, 1],
        "cents": np.array(cents, dtype=np.int64),
        "people": np.array(people, dtype=np.int64),
    }


def combined_digest(digest: str, overrides: dict[str, ScopeDecision]) -> str:
    """Return the SHA-256 that names this data: the file's own, the rule's version and people's decisions."""
    decided = sorted((key, value.scope, value.areas) for key, value in overrides.items())
    return hashlib.sha256(repr((digest, scope.RULE_VERSION, decided)).encode()).hexdigest()
