"""Floor 0: how people write goals and targets: ``SDG 6``, ``06``, ``6,13``, ``6.1 By 2030 ...``, ``Clean water``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from geo import codes, notation
from geo.fold import fold
from geo.notation import CACHED, Reading

_CODE = re.compile(r"0?([0-9]{1,2})(?:\.([0-9]{1,2}|[a-z]))?")
_LED = re.compile(r"([0-9]{1,2}(?:\.(?:[0-9]{1,2}|[a-z])(?![a-z]))?)(?:\s*[:.–—-]\s*|\s+)(\D.*)", re.DOTALL)
_SEPARATORS = re.compile(r"\s*[,/&+|]\s*|\s+and\s+|\s+")
_DECIMAL_COMMA = re.compile(r"([0-9]{1,2}),([0-9]{1,2})")
PREFIX_WORDS = 2  # of a goal's name that are enough to know it by


@dataclass(frozen=True, slots=True)
class Aims:
    """Goals by number and targets by code, in the order of the text."""

    goals: tuple[int, ...] = ()
    targets: tuple[str, ...] = ()


@lru_cache(maxsize=CACHED)
def aims(text: str) -> Reading[Aims]:
    """Read one entry of a list of goals; a target stands for itself and for its goal."""
    found = _bare(notation.plain(text))
    if one := _code(found):
        return Reading(one)
    if _CODE.fullmatch(found):
        return Reading(None, _near(found))
    named = _named(found)
    if len(named) == 1:
        return Reading(Aims((named[0],)))
    if named:
        return Reading(None, tuple(map(str, named)))
    if all(map(_code, either := found.split(" or "))) and len(either) > 1:
        return Reading(None, tuple(either))
    if led := _LED.fullmatch(found):
        return _led(*led.groups())
    return _listed(found)


def _bare(text: str) -> str:
    """Return a text without the words that mean "goal" in front of a number."""
    return _goal_words().sub("", text).strip()


@cache
def _goal_words() -> re.Pattern[str]:
    names = sorted(map(notation.plain, notation.words()["goal_words"]), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})[\s#:.]*(?:no\.?|number)?\s*(?=[0-9])")


def _code(text: str) -> Aims | None:
    """Return what a single code means; None where it is none, or none that the tables hold."""
    found = _CODE.fullmatch(text)
    if not found:
        return None
    number, rest = int(found.group(1)), found.group(2)
    if number not in _numbers():
        return None
    if rest in (None, "0"):
        return Aims((number,))
    target = f"{number}.{rest}"
    return Aims((number,), (target,)) if codes.is_target(target) else None


@cache
def _numbers() -> frozenset[int]:
    return frozenset(goal.number for goal in codes.goals())


def _near(text: str) -> tuple[str, ...]:
    """Return what a code that does not exist may have meant: its goal, or two goals with a point between them."""
    number, _, rest = text.partition(".")
    if not rest or not _code(number):
        return ()
    both = (f"{int(number)};{int(rest)}",) if rest.isdecimal() and _code(rest) else ()
    return (str(int(number)), *both)


def near_targets(text: str) -> tuple[str, ...]:
    """Return the targets of a code's goal that are spelled nearly like the code, such as 6.1 and 6.3 for ``6.13``."""
    found = _CODE.fullmatch(_bare(notation.plain(text)))
    if not found or not found.group(2):
        return ()
    goal = int(found.group(1))
    own = [code for code, number in codes.targets().items() if number == goal]
    return codes.nearest(f"{goal}.{found.group(2)}", own)


@cache
def _names() -> Mapping[str, int]:
    return {
        fold(name): goal.number
        for goal in codes.goals()
        for name in (goal.name_en, goal.name_lo, goal.short_en, goal.short_lo)
        if name
    }


def _named(text: str) -> tuple[int, ...]:
    """Return the goals that a text names in full, in short or by its first words; several where it is not clear."""
    key = fold(text)
    if not key or key[0].isdigit():
        return ()
    if key in _names():
        return (_names()[key],)
    if len(key.split()) < PREFIX_WORDS:
        return ()
    return tuple(sorted({number for name, number in _names().items() if name.startswith(f"{key} ")}))


def _led(code: str, said: str) -> Reading[Aims]:
    """Read a code followed by words, such as ``6 Clean Water and Sanitation``; a goal and its name must agree."""
    found = _code(code)
    if not found:
        return _listed(f"{code} {said}")
    if found.targets:  # the code says all; the words are the target's own
        return Reading(found)
    named = _named(said)
    if not named and (more := _listed(f"{code} {said}")).value:
        return more
    if named == found.goals:
        return Reading(found)
    return Reading(None, tuple(dict.fromkeys(map(str, (*found.goals, *named)))))


def _listed(text: str) -> Reading[Aims]:
    """Read several codes in one entry; ``6,1`` can be two goals or a target and is asked."""
    parts = [_bare(part) for part in _SEPARATORS.split(text) if part]
    found = [_code(part) for part in parts]
    if len(parts) < 2 or not all(found):
        return Reading()
    if (comma := _DECIMAL_COMMA.fullmatch(text)) and codes.is_target(f"{int(comma.group(1))}.{comma.group(2)}"):
        return Reading(None, (f"{comma.group(1)};{comma.group(2)}", f"{comma.group(1)}.{comma.group(2)}"))
    kept = [one for one in found if one]
    return Reading(
        Aims(
            tuple(dict.fromkeys(goal for one in kept for goal in one.goals)),
            tuple(dict.fromkeys(target for one in kept for target in one.targets)),
        )
    )
