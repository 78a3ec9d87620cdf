"""Floor 1: what a problem's value may have meant, as repairs that a person accepts, chooses among, or overrules.

Nothing here changes anything.  A proposal that is the only one and certain can be accepted with others of its kind;
all else is asked for, one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from geo import checks, codes, gazetteer, notation
from geo.errors import Problem, UnknownCodeError
from geo.fields import Fields
from geo.fold import squeeze
from geo.repairs import Repair

# Problems that no maker below has a proposal for, and that a person's own answer mends all the same.  All other kinds
# are told: they are of the file, of a whole row, of what its reader made of several cells, or the value is kept.
WRITTEN = frozenset(("missing_value", "bad_geography", "unsettled", "bad_point", "point_outside", "point_elsewhere"))
NEAR = 85  # of 100: how like a spelling must be to its only candidate to be mended with others of its kind


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to mend a value: how it is shown, what it changes, and whether it is certain if it is the only one."""

    text: str
    repairs: tuple[Repair, ...]
    certain: bool = True


def answerable(problem: Problem) -> bool:
    """Tell whether a change of one cell can mend the problem."""
    return problem.kind in WRITTEN | {*_MAKERS} and problem.row > 0 and problem.column in set(Fields)


def of(problem: Problem, cells: Mapping[str, str]) -> tuple[Proposal, ...]:
    """Return what may be meant, the likeliest first; ``cells`` are those of the problem's row."""
    if not answerable(problem):
        return ()
    if problem.value and notation.nothing(problem.value):
        return (Proposal("", (repair(problem, ""),)),)
    make = _MAKERS.get(problem.kind)
    return make(problem, cells) if make else ()


def certain(found: tuple[Proposal, ...]) -> Proposal | None:
    """Return the one proposal that can be accepted without a look at each case; None where a person is asked."""
    return found[0] if len(found) == 1 and found[0].certain else None


def repair(problem: Problem, after: str) -> Repair:
    """Return the repair that puts ``after`` in the place of the problem's value; "" leaves the value out."""
    return Repair(problem.row, problem.column, problem.value, after)


def _each(problem: Problem, texts: tuple[str, ...], *, certain: bool = True) -> tuple[Proposal, ...]:
    return tuple(Proposal(text, (repair(problem, text),), certain) for text in texts)


def _candidates(problem: Problem, cells: Mapping[str, str]) -> tuple[Proposal, ...]:
    return _each(problem, problem.candidates)


def _asked(problem: Problem, cells: Mapping[str, str]) -> tuple[Proposal, ...]:
    """Return the candidates, of which none is certain, however alone it stands."""
    return _each(problem, problem.candidates, certain=False)


def _place(problem: Problem, cells: Mapping[str, str]) -> tuple[Proposal, ...]:
    """Return the candidates that the gazetteer reads beyond doubt: an area with its P-code, or a list that has it.

    A name that is merely the nearest one is asked, however alone it stands: many villages are in no table.
    """
    before = len(gazetteer.match(problem.value).candidates)  # of two open names one is settled at a time
    read = map(gazetteer.match, problem.candidates)
    found = {one.text: one.areas[0] for one in read if one.areas and len(one.candidates) < max(before, 1)}
    names = [gazetteer.names(code).name_en for code in found.values()]
    close = all(_like(problem.value, (name, f"{name} Province", f"{name} District")) for name in names)
    return _each(problem, tuple(found), certain=close)


def _like(text: str, names: Iterable[str]) -> bool:
    """Tell whether a text is one of the names but for a slip or two."""
    return any(fuzz.ratio(squeeze(text), squeeze(name)) >= NEAR for name in names)


def _reversed(problem: Problem, cells: Mapping[str, str]) -> tuple[Proposal, ...]:
    """Return the two dates in the other order; which of them is wrong, nobody knows but the agency."""
    start, end = (cells.get(column, "").strip() for column in (Fields.START_DATE, Fields.END_DATE))
    swapped = (
        Repair(problem.row, str(Fields.START_DATE), start, end),
        Repair(problem.row, str(Fields.END_DATE), end, start),
    )
    return (Proposal(f"{end} – {start}", swapped, certain=False),)


def _currency(problem: Problem, cells: Mapping[str, str]) -> tuple[Proposal, ...]:
    """Return the currencies that the amount and its column name; the chosen one is then written in both."""
    text, stated = (cells.get(column, "").strip() for column in (Fields.BUDGET_USD, Fields.CURRENCY))
    amount = notation.amount(text).value
    if amount is None:
        return ()
    return tuple(
        Proposal(
            f"{amount.number} {code}",
            (
                Repair(problem.row, str(Fields.BUDGET_USD), text, f"{amount.number} {code}"),
                Repair(problem.row, str(Fields.CURRENCY), stated, code),
            ),
            certain=False,
        )
        for code in problem.candidates
    )


def _status(problem: Problem, cells: Mapping[str, str]) -> tuple[Proposal, ...]:
    names = {name: one.code for one in codes.statuses() for name in (one.name_en, *one.aliases)}
    near = tuple(dict.fromkeys(names[name] for name in codes.nearest(problem.value, list(names))))
    known = tuple(one.code for one in codes.statuses())
    if len(near) == 1:
        return _each(problem, near)
    return _each(problem, tuple(dict.fromkeys((*near, *known))), certain=False)


def _one_of(words: tuple[str, ...]) -> Callable[[Problem, Mapping[str, str]], tuple[Proposal, ...]]:
    def make(problem: Problem, cells: Mapping[str, str]) -> tuple[Proposal, ...]:
        near = codes.nearest(problem.value, words)
        return _each(problem, near) if len(near) == 1 else _each(problem, words, certain=False)

    return make


def _address(problem: Problem, cells: Mapping[str, str]) -> tuple[Proposal, ...]:
    text = problem.value.strip()
    bare = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[^\s\"'<>\\]*)?", text, re.IGNORECASE)
    return _each(problem, (f"https://{text}",) if bare else ())


def _identifier(problem: Problem, cells: Mapping[str, str]) -> tuple[Proposal, ...]:
    return _each(problem, (f"{problem.value}-row{problem.row}",), certain=False)


def _agency(problem: Problem, cells: Mapping[str, str]) -> tuple[Proposal, ...]:
    """Return the nearest agencies; a list that was not parted by ``;`` is parted where every part is known."""
    parts = [part.strip() for part in re.split(r",|/| and |&", problem.value)]
    try:
        known = tuple(codes.agency(part).code for part in parts)
    except UnknownCodeError:
        close = all(_like(problem.value, (code, *codes.agency_names(code))) for code in problem.candidates)
        return _each(problem, problem.candidates, certain=close)
    return _each(problem, (";".join(dict.fromkeys(known)),))


_MAKERS: dict[str, Callable[[Problem, Mapping[str, str]], tuple[Proposal, ...]]] = {
    "unknown_place": _place,
    "ambiguous_place": _place,
    "bad_date": _candidates,
    "dates_reversed": _reversed,
    "bad_amount": _candidates,
    "negative_amount": _asked,
    "bad_number": _candidates,
    "unknown_goal": _candidates,
    "unknown_target": _asked,
    "unknown_agency": _agency,
    "unknown_status": _status,
    "unknown_scope": _one_of(checks.SCOPES),
    "unknown_basis": _one_of(checks.BUDGET_BASES),
    "bad_currency": _currency,
    "bad_url": _address,
    "point_swapped": _candidates,
    "duplicate_id": _identifier,
}
