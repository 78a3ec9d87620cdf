"""Floor 5: two versions of the data side by side: rows that came, went or changed, and what becomes of the figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields

import numpy as np

from geo import gazetteer
from geo.dataset import SCOPES, Dataset
from geo.fields import Activity
from geo.scope import ScopeDecision

# Where an activity stands in its file says nothing of it.
COMPARED = tuple(item.name for item in fields(Activity) if item.name not in ("activity_id", "row"))


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an activity before and after, as text; a list with ``; `` between."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Changed:
    """An activity that both versions have, with the fields that differ."""

    activity: Activity
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """An activity that both versions have and that counts elsewhere on the corrected map."""

    activity: Activity
    old: ScopeDecision
    new: ScopeDecision


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure before and after; ``name`` is "total", a scope, a P-code or a basis of budgets."""

    name: str
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a change from one version to another does.

    ``old total + added - removed == new total``, and ``totals`` are the total and each scope, which add up to it.
    ``areas`` are the provinces whose number of activities differs; ``money`` the sums of budgets in cents by their
    basis.  ``ruled`` are the added and changed activities that count elsewhere than their source says, by the rule or a
    person: ``old`` is then the decision as registered.
    """

    added: tuple[Activity, ...]
    removed: tuple[Activity, ...]
    changed: tuple[Changed, ...]
    moved: tuple[Moved, ...]
    totals: tuple[Figure, ...]
    areas: tuple[Figure, ...]
    money: tuple[Figure, ...]
    ruled: tuple[Moved, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing that is shown differs."""
        return not (self.added or self.removed or self.changed or self.moved)


def compare(old: Dataset, new: Dataset) -> Comparison:
    """Return what changes from ``old`` to ``new``, activity by activity; those of one id are the same activity."""
    both = [(old.index[key], row) for key, row in new.index.items() if key in old.index]
    pairs = [(old.activities[was], new.activities[now]) for was, now in both]
    changed = [Changed(now, found) for was, now in pairs if (found := tuple(_differences(was, now)))]
    decisions = [(old.corrected.decisions[was], new.corrected.decisions[now], now) for was, now in both]
    moved = [
        Moved(new.activities[row], was, now)
        for was, now, row in decisions
        if (was.scope, was.areas) != (now.scope, now.areas)
    ]
    touched = {one.activity.activity_id for one in changed} | {*new.index} - {*old.index}
    return Comparison(
        added=tuple(one for one in new.activities if one.activity_id not in old.index),
        removed=tuple(one for one in old.activities if one.activity_id not in new.index),
        changed=tuple(changed),
        moved=tuple(moved),
        totals=tuple(_totals(old, new)),
        areas=tuple(_areas(old, new)),
        money=tuple(_money(old, new)),
        ruled=tuple(_ruled(new, touched)),
    )


def _ruled(data: Dataset, touched: Collection[str]) -> Iterator[Moved]:
    """Give the activities of these ids whose corrected place is not the registered one."""
    places = zip(data.activities, data.registered.decisions, data.corrected.decisions, strict=True)
    for activity, registered, now in places:
        if activity.activity_id in touched and (registered.scope, registered.areas) != (now.scope, now.areas):
            yield Moved(activity, registered, now)


def as_text(value: object) -> str:
    """Return a field of an activity as people read it."""
    if isinstance(value, tuple):
        return "; ".join(" ".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in value)
    return "" if value is None else str(value)


def _differences(old: Activity, new: Activity) -> Iterator[FieldChange]:
    for name in COMPARED:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield FieldChange(name, as_text(was), as_text(now))


def _totals(old: Dataset, new: Dataset) -> Iterator[Figure]:
    yield Figure("total", len(old), len(new))
    for position, name in reversed(list(enumerate(SCOPES))):
        was, now = (int((data.corrected.scope == position).sum()) for data in (old, new))
        yield Figure(name, was, now)


def _areas(old: Dataset, new: Dataset) -> Iterator[Figure]:
    counts = [_by_area(data) for data in (old, new)]
    for code in gazetteer.all_areas("adm1"):
        was, now = (found.get(code, 0) for found in counts)
        if was != now:
            yield Figure(code, was, now)


def _by_area(data: Dataset) -> dict[str, int]:
    counts = data.corrected.adm1.counts(np.ones(len(data), dtype=np.bool_))
    return dict(zip(data.corrected.adm1.names, map(int, counts), strict=True))


def _money(old: Dataset, new: Dataset) -> Iterator[Figure]:
    """Give the sum of budgets in cents by basis; bases are never added up."""
    names = sorted({*old.basis.names, *new.basis.names})
    for name in names:
        was, now = (_cents(data, name) for data in (old, new))
        yield Figure(name, was, now)


def _cents(data: Dataset, basis: str) -> int:
    return int(data.cents[data.basis.any_of((basis,))].clip(min=0).sum())
