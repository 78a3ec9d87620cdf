"""Floor 0: the code tables of the country pack: goals, targets, agencies, donors and statuses.

Each table is a CSV in ``data/codes/`` whose ``source`` column says where a row is from; ``lo_review`` "yes" marks a
Lao name that a native reader has not checked yet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from geo import pack
from geo.errors import PackError, UnknownCodeError

# Below this score (0 to 100) two names share hardly more than letters: not worth proposing.
NEAREST_SCORE = 70
NEAREST_COUNT = 3


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal; ``colour`` is "#RRGGBB", ``short_*`` a word or two for a tile."""

    number: int
    name_en: str
    name_lo: str
    short_en: str
    short_lo: str
    colour: str

    def name(self, language: str) -> str:
        """Return the name in ``language``, in English where there is none."""
        return self.name_lo if pack.is_local(language) and self.name_lo else self.name_en

    def short(self, language: str) -> str:
        """Return the short name in ``language``, in English where there is none."""
        return self.short_lo if pack.is_local(language) and self.short_lo else self.short_en


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency; ``aliases`` are other spellings that can mean no other agency of the table."""

    code: str
    name_en: str
    name_lo: str
    aliases: tuple[str, ...]

    def name(self, language: str) -> str:
        """Return the full name in ``language``, in English where there is none."""
        return self.name_lo if pack.is_local(language) and self.name_lo else self.name_en


@dataclass(frozen=True, slots=True)
class Status:
    """One status of IATI's ActivityStatus codelist; ``code`` is "1" to "6"."""

    code: str
    name_en: str
    name_lo: str
    aliases: tuple[str, ...]

    def name(self, language: str) -> str:
        """Return the name in ``language``, in English where there is none."""
        return self.name_lo if pack.is_local(language) and self.name_lo else self.name_en


def _key(text: str) -> str:
    """Return what is left of a name when case, accents, punctuation and spaces do not count."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    # Only the marks of Latin script go: those of Lao are its vowels and tones.
    plain = re.sub(r"[\u0300-\u036f]", "", plain).replace("&", " and ")
    return re.sub(r"[^\w\u0e80-\u0eff]|_", "", plain)


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _index(table: str, entries: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return code by key for every spelling.

    Raises:
        PackError: when one spelling stands for two codes.
    """
    found: dict[str, str] = {}
    for code, names in entries:
        for name in names:
            if name and found.setdefault(_key(name), code) != code:
                raise PackError(
                    f"codes/{table}.csv gives {name!r} to both {found[_key(name)]} and {code}. Leave it to one."
                )
    return found


def nearest(text: str, names: Sequence[str], count: int = NEAREST_COUNT) -> tuple[str, ...]:
    """Return up to ``count`` of ``names`` that are spelled like ``text``, the nearest first; candidates, no answer."""
    if not _key(text):
        return ()
    hits = process.extract(text, names, scorer=fuzz.ratio, processor=_key, limit=count, score_cutoff=NEAREST_SCORE)
    return tuple(name for name, _score, _index in hits)


@cache
def goals() -> tuple[Goal, ...]:
    """Return the goals in the order of their numbers, national goals last.

    Raises:
        PackError: when the table is missing, or a number or colour in it is none.
    """
    found = []
    for row in pack.rows("codes/goals.csv"):
        if not row["number"].isdecimal() or not re.fullmatch(r"#[0-9A-F]{6}", row["colour"]):
            raise PackError(
                f"codes/goals.csv has {row['number']!r}, {row['colour']!r}; expected a number and #RRGGBB. Correct it."
            )
        found.append(
            Goal(int(row["number"]), row["name_en"], row["name_lo"], row["short_en"], row["short_lo"], row["colour"])
        )
    return tuple(sorted(found, key=lambda goal: goal.number))


def goal(number: int) -> Goal:
    """Return the goal of that number.

    Raises:
        UnknownCodeError: when the pack has no such goal.
    """
    for found in goals():
        if found.number == number:
            return found
    raise UnknownCodeError(f"Got goal {number}; expected 1 to {goals()[-1].number}. Use one of those numbers.")


@cache
def targets() -> dict[str, int]:
    """Return the goal by target code, such as ``{"15.1": 15, "6.b": 6}``; not to be changed."""
    return {row["code"]: int(row["goal"]) for row in pack.rows("codes/targets.csv")}


def is_target(code: str) -> bool:
    """Tell whether ``code`` is a target, spelled as in the list: ``15.1``, ``6.b``."""
    return code in targets()


@cache
def agencies() -> tuple[Agency, ...]:
    """Return the agencies in the order of the table."""
    return tuple(
        Agency(row["code"], row["name_en"], row["name_lo"], _parts(row["aliases"]))
        for row in pack.rows("codes/agencies.csv")
    )


@cache
def _agency_index() -> dict[str, str]:
    return _index("agencies", ((one.code, (one.code, *agency_names(one.code))) for one in agencies()))


@cache
def _agency_by_code() -> dict[str, Agency]:
    return {one.code: one for one in agencies()}


def agency(code_or_spelling: str) -> Agency:
    """Return the agency of a code, a name or a spelling; case, accents and punctuation do not count.

    Raises:
        UnknownCodeError: when no agency has it; the message names the nearest.
    """
    code = _agency_index().get(_key(code_or_spelling))
    if code is None:
        near = ", ".join(nearest_agencies(code_or_spelling)) or "none is near"
        raise UnknownCodeError(
            f"Got agency {code_or_spelling!r}; expected a code or name of codes/agencies.csv (nearest: {near}). "
            "Correct the spelling or add the agency."
        )
    return _agency_by_code()[code]


def agency_names(code: str) -> tuple[str, ...]:
    """Return every name and spelling of an agency but its code; none for a code that the table lacks."""
    one = _agency_by_code().get(code)
    return tuple(name for name in (one.name_en, one.name_lo, *one.aliases) if name) if one else ()


def nearest_agencies(text: str) -> tuple[str, ...]:
    """Return up to three codes of agencies whose code or name is like ``text``, the nearest first."""
    spellings = {name: one.code for one in agencies() for name in (one.code, *agency_names(one.code))}
    return tuple(dict.fromkeys(spellings[name] for name in nearest(text, list(spellings), len(spellings))))[
        :NEAREST_COUNT
    ]


@cache
def donor_names() -> dict[str, str]:
    """Return the local name of each donor of the table, "" where it has none; not to be changed."""
    return {row["name"]: row.get("name_lo", "") for row in pack.rows("codes/donors.csv")}


@cache
def _donor_index() -> dict[str, str]:
    table = pack.rows("codes/donors.csv")
    spellings = ((row["name"], row.get("name_lo", ""), *_parts(row["aliases"])) for row in table)
    return _index("donors", ((names[0], names) for names in spellings))


def canonical_donor(text: str) -> str:
    """Return the donor's name as the table has it, or ``text`` itself, trimmed, when the table lacks it."""
    return _donor_index().get(_key(text), text.strip())


def donor_name(donor: str, language: str) -> str:
    """Return a donor's name in ``language``, as it stands where the table has none."""
    return (donor_names().get(donor, "") if pack.is_local(language) else "") or donor


@cache
def statuses() -> tuple[Status, ...]:
    """Return IATI's activity statuses in the order of their codes."""
    return tuple(
        Status(row["code"], row["name_en"], row["name_lo"], _parts(row["aliases"]))
        for row in pack.rows("codes/statuses.csv")
    )


@cache
def _status_index() -> dict[str, str]:
    return _index("statuses", ((one.code, (one.code, one.name_en, one.name_lo, *one.aliases)) for one in statuses()))


def status(code_or_spelling: str) -> Status:
    """Return the status of a code, a name or a spelling, such as "2", "Implementation" or "ongoing".

    Raises:
        UnknownCodeError: when no status has it.
    """
    code = _status_index().get(_key(code_or_spelling))
    for one in statuses():
        if one.code == code:
            return one
    known = ", ".join(f"{one.code} {one.name_en}" for one in statuses())
    raise UnknownCodeError(f"Got status {code_or_spelling!r}; expected one of {known}. Use the code or the name.")
