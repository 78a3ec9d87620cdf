"""Floor 2.1: what is asked of the places of activities: names that no table knows, and names of more than one area.

A name that the capital shares is a special case.  Most rows that bear it alone are of an office, and the scope rule
tells so from the rest of the row; a person is asked only where nothing but the name itself would decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

from geo import gazetteer, pack, scope
from geo.errors import Problem
from geo.fields import Activity, Fields
from geo.gazetteer import Match
from geo.scope_case import geography

NAME_ITSELF = frozenset({"bare_capital"})  # the signal that is the shared name and nothing else


def place_problems(activities: Sequence[Activity]) -> list[Problem]:
    """Return a problem for each place that no name explains or that names more than one area.

    A name that the capital shares is left to ``capital_problems``.
    """
    problems: list[Problem] = []
    spellings = gazetteer.match_each(chain.from_iterable(activity.places for activity in activities))
    open_ = {text for text, found in spellings.items() if not _clear(found)}
    for activity in activities:
        # What is clear by itself stays clear beside other places: only the rest is looked at in their light.
        if open_.isdisjoint(activity.places):
            continue
        problems += of_activity(activity)
    return problems


def of_activity(activity: Activity) -> Iterator[Problem]:
    """Give what ``place_problems`` returns for one activity."""
    for match in gazetteer.match_all(activity.places):
        yield from _of_place(activity, match)


def _clear(found: Match) -> bool:
    return found.kind not in ("unknown", "ambiguous") and not found.unread and not found.candidates


def _of_place(activity: Activity, match: Match) -> Iterator[Problem]:
    if match.kind == "unknown":
        yield _unknown(activity, match.text, match.candidates)
        return
    if match.candidates and match.candidates not in _shared():
        yield _ambiguous(activity, match)
    if match.kind != "ambiguous":
        for part in match.unread:
            found = gazetteer.match(part)
            if found.kind == "unknown" and found.candidates:
                yield _unknown(activity, part, found.candidates)


def capital_problems(activities: Sequence[Activity]) -> list[Problem]:
    """Return a problem for each place whose name is the capital's or its namesake's, where the row does not tell.

    Alone, the name is asked where the scope rule's confidence is low, or would be without the name: the cases of the
    review queue, and those in which the name is its own only evidence.  In a list with other areas it is no office,
    and is asked where the rule kept neither of the two.
    """
    spellings = gazetteer.match_each(chain.from_iterable(activity.places for activity in activities))
    open_ = {text for text, found in spellings.items() if found.candidates in _shared()}
    problems: list[Problem] = []
    for activity in activities:
        if open_.isdisjoint(activity.places):
            continue
        places = [one for one in geography(activity.places).places if one.match.candidates in _shared()]
        decided = scope.decide(activity)
        unsure = "low" in (decided.confidence, scope.decide(activity, off=NAME_ITSELF).confidence)
        for match in (one.match for one in places):
            dropped = decided.scope == "subnational" and not _kept(decided.areas, match)
            if unsure if match.kind == "ambiguous" else match.kind == "areas" and dropped:
                problems.append(_ambiguous(activity, match))
    return problems


@cache
def _shared() -> frozenset[tuple[str, ...]]:
    """Return what the names that the capital shares may mean."""
    country = pack.settings()
    return frozenset(codes for _name, codes in country.ambiguous if country.capital in codes)


def _kept(areas: tuple[str, ...], match: Match) -> bool:
    return any(gazetteer.province(code) in match.candidates for code in areas)


def _written_out(match: Match) -> tuple[str, ...]:
    """Return a place once for each area that its first open name may mean, with that area named in full."""
    for name in gazetteer.mentions(match.text):
        if name.candidates and set(name.candidates) <= set(match.candidates):
            before, after = match.text[: name.start], match.text[name.end :]
            return tuple(f"{before}{gazetteer.label(code)}{after}" for code in name.candidates)
    return tuple(map(gazetteer.label, match.candidates))


def _ambiguous(activity: Activity, match: Match) -> Problem:
    column, expected = str(Fields.LOCATIONS), "the name of one province or district"
    fix = "Add the province after a comma."
    if match.candidates in _shared():
        fix = "Write which of them is meant, or “nationwide” if it is only where the office is."
    return Problem("ambiguous_place", activity.row, column, match.text, expected, fix, candidates=_written_out(match))


def _unknown(activity: Activity, text: str, candidates: tuple[str, ...]) -> Problem:
    column, expected = str(Fields.LOCATIONS), "the name of a province or district"
    fix, near = "Correct the spelling, or add the province.", tuple(map(gazetteer.label, candidates))
    return Problem("unknown_place", activity.row, column, text, expected, fix, candidates=near)
