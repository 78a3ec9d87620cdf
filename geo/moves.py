"""Floor 5: what the rule changed, place by place: in words, and as the views of the activities behind each number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from geo import i18n, words
from geo.dataset import SCOPES
from geo.filters import ELSEWHERE, Filters
from geo.summary import LOCATED, Summary


@dataclass(frozen=True, slots=True)
class Move:
    """How many activities a place has as registered and after the rule; ``place`` is a P-code or a scope."""

    place: str
    before: int
    after: int


def between(before: Summary, after: Summary) -> tuple[Move, ...]:
    """Return the places whose number the rule changed, the greatest change first; both are of one selection."""
    found = [
        Move(pcode, int(old), int(new))
        for pcode, old, new in zip(after.area.pcodes, before.area.activities, after.area.activities, strict=True)
    ]
    found += [
        Move(name, int(before.scopes[at]), int(after.scopes[at])) for at, name in enumerate(SCOPES) if at != LOCATED
    ]
    changed = (move for move in found if move.before != move.after)
    return tuple(sorted(changed, key=lambda move: (-abs(move.after - move.before), move.place)))


def sentence(found: Iterable[Move], language: str) -> str:
    """Return the changes in words, such as ``Vientiane Capital 58 → 13; nationwide 66 → 104.``"""
    parts = []
    for move in found:
        before, after = i18n.number(move.before, language), i18n.number(move.after, language)
        parts.append(f"{words.place_name(move.place, language)} {before} → {after}")
    return "; ".join(parts) + "." if parts else i18n.translator(language)("The rule changes nothing in this selection.")


def registered(place: str, filters: Filters) -> Filters | None:
    """Return the view of exactly the activities behind a number before the rule, None where no view names them.

    Filters on areas and scopes mean another thing in the view of one side alone: there the view of differences stays,
    narrowed to the place, unless it is narrowed so already.
    """
    if not (filters.area or filters.scope):
        return _one_side(place, filters, "registered")
    return None if filters.was else replace(filters, was=(place,), focus="", activity="")


def corrected(place: str, filters: Filters) -> Filters | None:
    """Return the view of exactly the activities behind a number after the rule, None where no view names them."""
    if not (filters.area or filters.scope):
        return _one_side(place, filters, "corrected")
    return None if filters.now else replace(filters, now=(place,), focus="", activity="")


def _one_side(place: str, filters: Filters, view: str) -> Filters:
    wanted = replace(filters, view=view, focus="", activity="")
    return replace(wanted, scope=(place,)) if place in SCOPES else replace(wanted, area=(place,))


def moved(filters: Filters) -> Filters | None:
    """Return the view of the activities that the rule moved, None where ``filters`` look at one place or at them."""
    return None if filters.was else replace(filters, view="difference", was=(ELSEWHERE,), focus="", activity="")
