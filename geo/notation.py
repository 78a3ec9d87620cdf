"""Floor 0: how people write blanks, amounts and dates -> a value, or the values that the text can mean.

Digits of every script count as digits.  What can mean one thing only is read; what can mean several is left to a
person, with its candidates.  The words lie in the pack, ``codes/notation.toml``.
"""

from __future__ import annotations

import calendar
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar

from geo import pack
from geo.fields import PartialDate

CACHED = 65_536  # cells: a column of a million rows holds few that differ
BLANK, UNSETTLED = "blank", "unsettled"
# Day 0 of the two calendars that spreadsheets count in, and the serial numbers that can be a day of this century.
SERIAL_EPOCHS = (date(1899, 12, 30), date(1904, 1, 1))
SERIALS = range(30_000, 60_000)

_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){2,}(?:\.[0-9]{1,2})?|[0-9]{1,3},[0-9]{3}\.[0-9]{1,2}")
_SPACED = re.compile(r"[0-9]{1,3}(?:[ '’][0-9]{3})+(?:\.[0-9]{1,2})?")
_PLAIN = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,2})?")
_EXPONENT = re.compile(r"([0-9](?:\.[0-9]{1,9})?)e\+?([0-9]{1,2})")
_ONE_GROUP = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
_THOUSANDTHS = re.compile(r"(0)[.,]([0-9]{3})")
_BELOW_ZERO = re.compile(r"\((.+)\)|[-−](.+)")
_CENT = Decimal("0.01")
_POINTED = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+)(?:,([0-9]{1,2}))?")
_COMMA = re.compile(r"([0-9]{1,15}),([0-9]{1,2})")
_FRACTION = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})(?:[-/. ]([0-9]{1,2}))?")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])")
_TIMED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9:.]{5,15}(?:Z|[+-][0-9:]{2,5})?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a text means: ``value``, or None with ``candidates`` for a person to choose from, none where it is wrong."""

    value: T | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as written; ``currency`` is "" where the text names none."""

    number: Decimal
    currency: str = ""


@cache
def words() -> Mapping[str, Any]:
    """Return the pack's words of notation; not to be changed.

    Raises:
        PackError: when the pack lacks them.
    """
    return tomllib.loads(pack.path("codes/notation.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=CACHED)
def plain(text: str) -> str:
    """Return ``text`` in one form: compatibility letters resolved, digits 0 to 9, single spaces, lower case."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(str(unicodedata.digit(one)) if unicodedata.category(one) == "Nd" else one for one in text)
    return " ".join(text.casefold().split())


@cache
def _nothing() -> Mapping[str, str]:
    table = words()
    return {plain(word): kind for kind in (BLANK, UNSETTLED) for word in table[kind]}


@lru_cache(maxsize=CACHED)
def nothing(text: str) -> str:
    """Return "blank" for a text that stands for no value, "unsettled" for one that promises a value, else ""."""
    return _nothing().get(plain(text), "") if text else BLANK


# ---- amounts


@lru_cache(maxsize=CACHED)
def amount(text: str) -> Reading[Amount]:
    """Read an amount with its currency, such as ``1,200,000 USD``; ``1,200`` can mean two things and is asked.

    What is asked is offered to the cent, as money is kept.
    """
    number, currency = _currency(plain(text))
    number, factor = _factor(number)
    exact = _number(number) if factor == 1 else _times(number, factor)
    if exact is not None:
        return Reading(Amount(exact, currency))
    unit = f" {currency}" if currency else ""
    asked = dict.fromkeys(_digits((one * factor).quantize(_CENT)) for one in _meanings(number))
    return Reading(None, tuple(f"{one}{unit}" for one in asked if _PLAIN.fullmatch(one)))


def below_zero(text: str) -> tuple[str, ...]:
    """Return what an amount in brackets or with a minus can mean without them, as accounts write it; () for another."""
    number, currency = _currency(plain(text))
    found = _BELOW_ZERO.fullmatch(number)
    if not found:
        return ()
    stated = amount(f"{found.group(1) or found.group(2)} {currency}".strip())
    if stated.value is None:
        return stated.candidates
    return (f"{_digits(stated.value.number)} {stated.value.currency}".strip(),)


@lru_cache(maxsize=CACHED)
def count(text: str) -> Reading[int]:
    """Read a whole number, such as ``12,000``: a comma can but separate thousands where nothing is split."""
    number, factor = _factor(plain(text))
    if factor == 1 and re.fullmatch(r"[0-9]{1,12}|[0-9]{1,3}(?:[, '’][0-9]{3}){1,3}", number):
        return Reading(int(re.sub(r"[^0-9]", "", number)))
    exact = _times(number, factor) if factor > 1 else None
    if exact is not None and exact == exact.to_integral_value():
        return Reading(int(exact))
    found = (one * factor for one in _meanings(number))
    return Reading(None, tuple(_digits(one) for one in found if one == one.to_integral_value()))


@cache
def _signs() -> Mapping[str, str]:
    return {plain(sign): code for code, signs in words()["currency"].items() for sign in signs}


@cache
def _currency_pattern() -> re.Pattern[str]:
    signs = "|".join(map(re.escape, sorted(_signs(), key=len, reverse=True)))
    return re.compile(rf"(?:({signs})\s*)?([0-9(+−-].*?)(?:\s*({signs}))?")


def _currency(text: str) -> tuple[str, str]:
    """Return the number and the currency's code, "" where none is named; two that differ leave the text as it is."""
    found = _currency_pattern().fullmatch(text)
    if not found:
        return text, ""
    before, number, after = found.groups()
    codes = {_signs()[sign] for sign in (before, after) if sign}
    return (number, codes.pop() if codes else "") if len(codes) < 2 else (text, "")


@cache
def _factors() -> Mapping[str, int]:
    return {plain(word): int(factor) for factor, names in words()["multiplier"].items() for word in names}


def _factor(text: str) -> tuple[str, int]:
    found = re.fullmatch(r"([0-9.,]+)\s*([^\W\d_]\S*)", text)
    factor = _factors().get(found.group(2), 0) if found else 0
    return (found.group(1), factor) if found and factor else (text, 1)


def _times(number: str, factor: int) -> Decimal | None:
    """Return so many thousands or millions; ``1.234 million`` may be a thousand times as much and is asked."""
    exact = _FRACTION.fullmatch(number) and not _ONE_GROUP.fullmatch(number)
    return Decimal(_digits(Decimal(number) * factor)) if exact else None


def _number(text: str) -> Decimal | None:
    """Return the number of a text that can mean one only."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _GROUPED.fullmatch(text) or _SPACED.fullmatch(text):
        return Decimal(re.sub(r"[^0-9.]", "", text))
    if found := _EXPONENT.fullmatch(text):
        value = Decimal(found.group(1)).scaleb(int(found.group(2)))
        return Decimal(_digits(value)) if value < Decimal(10) ** 15 else None
    return None


def _meanings(text: str) -> tuple[Decimal, ...]:
    """Return the numbers that a text can mean, the likeliest first."""
    if found := _ONE_GROUP.fullmatch(text):
        return Decimal("".join(found.groups())), Decimal(".".join(found.groups()))
    if found := _THOUSANDTHS.fullmatch(text):
        return (Decimal(".".join(found.groups())),)
    if found := _POINTED.fullmatch(text):
        return (Decimal(found.group(1).replace(".", "") + (f".{found.group(2)}" if found.group(2) else "")),)
    if found := _COMMA.fullmatch(text):
        return (Decimal(".".join(found.groups())),)
    return ()


def _digits(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


# ---- dates


@lru_cache(maxsize=CACHED)
def day(text: str) -> Reading[PartialDate]:
    """Read a year, month or day in any usual order; ``03/04/2024`` can mean two days and is asked."""
    found = plain(text)
    if timed := _TIMED.fullmatch(found.upper()):
        found = timed.group(1)
    if re.fullmatch(r"[0-9]{4}", found):
        return _settled(int(found))
    if parts := _YEAR_FIRST.fullmatch(found) or _COMPACT.fullmatch(found):
        return _settled(*(int(part) for part in parts.groups() if part))
    if parts := _MONTH_YEAR.fullmatch(found):
        return _settled(int(parts.group(2)), int(parts.group(1)))
    if parts := _YEAR_LAST.fullmatch(found):
        return _either(*map(int, parts.groups()), short=len(parts.group(3)) == 2)
    if re.fullmatch(r"[0-9]{5}", found) and int(found) in SERIALS:
        return Reading(None, tuple((epoch + timedelta(int(found))).isoformat() for epoch in SERIAL_EPOCHS))
    return _named(found)


def _settled(year: int, month: int = 0, dom: int = 0, *, sure: bool = True) -> Reading[PartialDate]:
    """Return the date, or what it would be in another era when the year is none of ours."""
    limits = words()["date"]
    usual = range(limits["first_year"], limits["last_year"] + 1)
    for candidate, certain in ((year, sure), (year - limits["era_offset"], False)):
        if candidate in usual and (made := _date(candidate, month, dom)):
            return Reading(made) if certain else Reading(None, (str(made),))
    return Reading()


def _date(year: int, month: int, dom: int) -> PartialDate | None:
    if month > 12 or (dom and not (month and dom <= calendar.monthrange(year, month)[1])):
        return None
    return PartialDate.parse("-".join([f"{year:04}", *(f"{part:02}" for part in (month, dom) if part)]))


def _either(first: int, second: int, year: int, *, short: bool) -> Reading[PartialDate]:
    """Read a date with the year last: day and month in either order, as far as the calendar has such days."""
    whole = year + 2000 if short else year
    orders = dict.fromkeys(((second, first), (first, second)))
    found = [_settled(whole, month, dom, sure=not short) for month, dom in orders if month and dom]
    values = {str(one.value): one for one in found if one.value}
    asked = [*values, *(text for one in found for text in one.candidates)]
    if len(values) == 1 and len(asked) == 1:
        return next(iter(values.values()))
    return Reading(None, tuple(dict.fromkeys(asked)))


@cache
def _months() -> Mapping[str, int]:
    return {plain(name): number for number, names in enumerate(words()["date"]["months"], start=1) for name in names}


def _named(text: str) -> Reading[PartialDate]:
    """Read a date that names its month."""
    tokens = [token for token in re.split(r"[\s,./-]+", text) if token]
    months = [_months()[token] for token in tokens if token in _months()]
    numbers = [re.fullmatch(r"([0-9]{1,4})(?:st|nd|rd|th)?", token) for token in tokens if token not in _months()]
    if len(months) != 1 or not all(numbers) or len(numbers) not in (1, 2):
        return Reading()
    texts = [found.group(1) for found in numbers if found]
    years, days = [one for one in texts if len(one) == 4], [one for one in texts if len(one) < 3]
    if len(years) == 1 and len(years) + len(days) == len(texts):
        return _settled(int(years[0]), months[0], int(days[0]) if days else 0)
    if len(days) == 2 and re.search(r"[0-9]$", text):
        return _settled(2000 + int(days[1]), months[0], int(days[0]), sure=False)
    return Reading()


# ---- old fonts

_TIGHT = re.compile(r"[A-Za-z][;,\[\]=0-9][A-Za-z]")
LEAST_LETTERS, FEW_VOWELS = 10, 0.2


def old_font(text: str) -> bool:
    """Tell whether Latin letters look like another script typed in a font of before Unicode.

    Such text has punctuation and digits inside its words, and hardly a vowel.
    """
    if not _TIGHT.search(text) or not text.isascii() or "://" in text:
        return False
    letters = [one for one in text if one.islower()]  # acronyms have few vowels too
    return len(letters) >= LEAST_LETTERS and sum(one in "aeiouy" for one in letters) < FEW_VOWELS * len(letters)
