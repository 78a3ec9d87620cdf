"""Floor 1: one cell's text -> its value and its problems, a pure function for each column of the template.

They are cached, since a column of a million rows holds few texts that differ; a problem gets its row when the row is
known.  Nothing is guessed: what is not clear is left out and asked for, with what the text can mean.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Generic, TypeVar

from geo import codes, notation, notation_goals
from geo.errors import Problem, UnknownCodeError
from geo.fields import Fields, PartialDate
from geo.notation import Reading

BUDGET_BASES = ("stated total", "sum of published years")
SCOPES = ("national", "subnational")
CACHED, LISTS_CACHED = 16_384, 65_536  # texts of a column

_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,15})?")
_DIGITS = re.compile(r"[0-9]{1,12}")  # most amounts and counts, hardly one like the other: not kept
_PARTS = re.compile(r"[;\n]")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cell(Generic[T]):
    """What a cell's text came to; the problems have no row yet."""

    value: T
    problems: tuple[Problem, ...] = ()


def problem(kind: str, column: str, value: str, expected: str, fix: str, **more: object) -> Problem:
    """Return a problem that has no row yet."""
    return Problem(kind, 0, str(column), value, expected, fix, **more)  # type: ignore[arg-type]


def _unsettled(column: str, text: str) -> Problem:
    return problem("unsettled", column, text, "a value", "It is left empty; fill it in once it is known.")


def _parts(column: str, text: str) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the parts of a list cell, separated by ``;`` or a line break, each once, in order; blanks are left out."""
    # Interned: of the names that a million rows list, few differ.
    found = dict.fromkeys(sys.intern(part) for piece in _PARTS.split(text) if (part := piece.strip()))
    kinds = {part: notation.nothing(part) for part in found}
    problems = [_unsettled(column, part) for part, kind in kinds.items() if kind == notation.UNSETTLED]
    return tuple(part for part, kind in kinds.items() if not kind), problems


def _one(
    column: str, text: str, read: Callable[[str], Reading[T]], kind: str, expected: str, fix: str
) -> Cell[T | None]:
    """Return the value of a cell that holds one, or None with a problem that has what the text can mean."""
    if blank := notation.nothing(text):
        return Cell(None, (_unsettled(column, text),) if blank == notation.UNSETTLED else ())
    found = read(text)
    if found.value is not None:
        return Cell(found.value)
    return Cell(None, (problem(kind, column, text, expected, fix, candidates=found.candidates),))


# ---- goals


@lru_cache(maxsize=CACHED)
def goals(text: str) -> Cell[notation_goals.Aims]:
    """Return the goals of ``sdgs``, and the targets that stand among them."""
    goals: list[int] = []
    targets: list[str] = []
    parts, problems = _parts(Fields.SDGS, text)
    for part in parts:
        found = notation_goals.aims(part)
        if found.value is None:
            expected = f"a goal from 1 to {codes.goals()[-1].number}"
            fix = "There is no such target; write the goal's number." if "." in part else "Use the goal's number alone."
            problems.append(problem("unknown_goal", Fields.SDGS, part, expected, fix, candidates=found.candidates))
            continue
        goals += found.value.goals
        targets += found.value.targets
    return Cell(notation_goals.Aims(tuple(sorted(set(goals))), tuple(dict.fromkeys(targets))), tuple(problems))


@lru_cache(maxsize=CACHED)
def targets(text: str) -> Cell[tuple[str, ...]]:
    """Return the codes of ``sdg_targets``; what is none is asked with targets alone: a goal is no answer here."""
    targets: list[str] = []
    parts, problems = _parts(Fields.SDG_TARGETS, text)
    for part in parts:
        found = notation_goals.aims(part)
        if found.value and found.value.targets:
            targets += found.value.targets
            continue
        expected, fix = "a target code such as 6.1 or 6.b", "Check the target's code."
        near = tuple(filter(codes.is_target, found.candidates)) or notation_goals.near_targets(part)
        problems.append(problem("unknown_target", Fields.SDG_TARGETS, part, expected, fix, candidates=near))
    return Cell(tuple(dict.fromkeys(targets)), tuple(problems))


# ---- lists


@lru_cache(maxsize=LISTS_CACHED)
def agencies(text: str) -> Cell[tuple[str, ...]]:
    """Return agency codes, lead first; a name that no table knows stays as it is spelled, with a problem."""
    found = []
    parts, problems = _parts(Fields.AGENCIES, text)
    for part in parts:
        try:
            found.append(codes.agency(part).code)
        except UnknownCodeError:
            found.append(part)
            expected = "an agency of the code table"
            fix = "Correct the spelling, or ask for the agency to be added; the name is kept as it stands."
            near = codes.nearest_agencies(part)
            problems.append(problem("unknown_agency", Fields.AGENCIES, part, expected, fix, candidates=near))
    return Cell(tuple(dict.fromkeys(found)), tuple(problems))


@lru_cache(maxsize=LISTS_CACHED)
def implementers(text: str) -> Cell[tuple[str, ...]]:
    """Return the implementing partners as they are spelled."""
    parts, problems = _parts(Fields.IMPLEMENTING_PARTNERS, text)
    return Cell(parts, tuple(problems))


@lru_cache(maxsize=LISTS_CACHED)
def donors(text: str) -> Cell[tuple[str, ...]]:
    """Return the donors under the table's names."""
    parts, problems = _parts(Fields.DONORS, text)
    return Cell(tuple(dict.fromkeys(map(codes.canonical_donor, parts))), tuple(problems))


@lru_cache(maxsize=LISTS_CACHED)
def places(text: str) -> Cell[tuple[str, ...]]:
    """Return the places as their source spells them."""
    parts, problems = _parts(Fields.LOCATIONS, text)
    return Cell(parts, tuple(problems))


# ---- one value


@lru_cache(maxsize=CACHED)
def status(text: str) -> Cell[str]:
    """Return the IATI code of a status."""
    if blank := notation.nothing(text):
        return Cell("", (_unsettled(Fields.STATUS, text),) if blank == notation.UNSETTLED else ())
    try:
        return Cell(codes.status(text).code)
    except UnknownCodeError:
        known = ", ".join(f"{status.code} {status.name_en}" for status in codes.statuses())
        expected, fix = f"an IATI status ({known})", "Use the code or the name."
        return Cell("", (problem("unknown_status", Fields.STATUS, text, expected, fix),))


def _date(column: Fields, text: str) -> Cell[PartialDate | None]:
    expected, fix = "a date as YYYY, YYYY-MM or YYYY-MM-DD", "Write the year first, such as 2024-03-31."
    return _one(column, text, notation.day, "bad_date", expected, fix)


@lru_cache(maxsize=CACHED)
def start(text: str) -> Cell[PartialDate | None]:
    """Return the start."""
    return _date(Fields.START_DATE, text)


@lru_cache(maxsize=CACHED)
def end(text: str) -> Cell[PartialDate | None]:
    """Return the end."""
    return _date(Fields.END_DATE, text)


def _one_of(column: Fields, text: str, allowed: tuple[str, ...], kind: str) -> Cell[str]:
    if blank := notation.nothing(text):
        return Cell("", (_unsettled(column, text),) if blank == notation.UNSETTLED else ())
    if text.casefold() in allowed:
        return Cell(allowed[allowed.index(text.casefold())])
    fix = "Use one of these words, or leave the cell empty."
    return Cell("", (problem(kind, column, text, " or ".join(allowed), fix),))


@lru_cache(maxsize=CACHED)
def scope(text: str) -> Cell[str]:
    """Return the scope that the publisher states."""
    return _one_of(Fields.SCOPE_AS_PUBLISHED, text, SCOPES, "unknown_scope")


@lru_cache(maxsize=CACHED)
def basis(text: str) -> Cell[str]:
    """Return what kind of budget it is."""
    return _one_of(Fields.BUDGET_BASIS, text, BUDGET_BASES, "unknown_basis")


def people(text: str) -> Cell[int | None]:
    """Return how many people were reached."""
    return Cell(int(text)) if _DIGITS.fullmatch(text) else _people(text)


@lru_cache(maxsize=CACHED)
def _people(text: str) -> Cell[int | None]:
    expected, fix = "a whole number", "Write digits only, such as 12000."
    return _one(Fields.PEOPLE_REACHED, text, notation.count, "bad_number", expected, fix)


@lru_cache(maxsize=CACHED)
def url(text: str) -> Cell[str]:
    """Return the source's address."""
    if notation.nothing(text):
        return Cell("")
    if re.fullmatch(r"https?://[^\s\"'<>\\]+", text, re.IGNORECASE):
        return Cell(text)
    expected, fix = "an address that begins with https://", "Copy the page's address."
    return Cell("", (problem("bad_url", Fields.SOURCE_URL, text, expected, fix),))


def amount(text: str) -> Cell[notation.Amount | None]:
    """Return the amount with the currency that it names."""
    return Cell(notation.Amount(Decimal(text))) if _DIGITS.fullmatch(text) else _amount(text)


@lru_cache(maxsize=CACHED)
def _amount(text: str) -> Cell[notation.Amount | None]:
    if stated := notation.below_zero(text):
        expected = "an amount of zero or more"
        fix = "In brackets or with a minus it is below zero, and no budget is. Write what was budgeted, or nothing."
        return Cell(None, (problem("negative_amount", Fields.BUDGET_USD, text, expected, fix, candidates=stated),))
    expected, fix = "an amount in digits", "Write digits, such as 120000."
    return _one(Fields.BUDGET_USD, text, notation.amount, "bad_amount", expected, fix)


# ---- places in figures and codes


@lru_cache(maxsize=CACHED)
def points(text: str) -> Cell[tuple[tuple[float, float], ...]]:
    """Return the positions of ``points``: "latitude longitude" in degrees (WGS 84), separated by ``;``."""
    found = []
    parts, problems = _parts(Fields.POINTS, text)
    for part in parts:
        numbers = [number for number in part.replace(",", " ").split() if _DEGREES.fullmatch(number)]
        if len(numbers) == 2 and len(part.replace(",", " ").split()) == 2:
            latitude, longitude = map(float, numbers)
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                found.append((latitude, longitude))
                continue
        fix = "Write degrees with the latitude first, such as 17.97 102.63."
        problems.append(problem("bad_point", Fields.POINTS, part, "a latitude and a longitude", fix))
    return Cell(tuple(dict.fromkeys(found)), tuple(problems))


@lru_cache(maxsize=CACHED)
def geography(text: str) -> Cell[tuple[tuple[str, str], ...]]:
    """Return what the publisher says of geography in IATI's codes: ``element=code``, separated by ``;``."""
    found = []
    parts, problems = _parts(Fields.GEOGRAPHY, text)
    for part in parts:
        element, equals, code = (piece.strip() for piece in part.partition("="))
        if element and equals and code:
            found.append((element, code))
        else:
            fix = "Write pairs such as activity-scope=4; location-reach=1."
            expected = "an IATI element and its code"
            problems.append(problem("bad_geography", Fields.GEOGRAPHY, part, expected, fix))
    return Cell(tuple(dict.fromkeys(found)), tuple(problems))
