"""Floor 0: the words, numbers and dates of a language.

The text in the code is English and is its own key; ``data/i18n/<language>/LC_MESSAGES/messages.po`` holds the others
(``make i18n`` brings new texts in).  A text without a translation is shown in English.  The flag ``fuzzy`` marks a
translation that a native reader has yet to check: it is used all the same, since a reader of Lao is served better by
it than by English.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from gettext import c2py

from babel.core import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal
from babel.units import format_unit

from geo import pack
from geo.errors import UnknownCodeError
from geo.fields import PartialDate
from geo.money import Money

SOURCE_LANGUAGE = "en"
# Text in English is British; a language without a row here is its own locale.
LOCALES = {"en": "en_GB"}
SIZES = ((10**12, "terabyte"), (10**9, "gigabyte"), (10**6, "megabyte"), (10**3, "kilobyte"))
NO_BREAK = "\N{NO-BREAK SPACE}"

Translate = Callable[[str], str]
Plural = Callable[[str, str, int], str]


def catalogue_name(language: str) -> str:
    """Return the name in the pack of a language's catalogue."""
    return f"i18n/{language}/LC_MESSAGES/messages.po"


@cache
def _catalogue(language: str) -> Catalog | None:
    if language not in pack.settings().languages:
        known = ", ".join(pack.settings().languages)
        raise UnknownCodeError(f"Got language {language!r}; expected one of {known}. Use one of those.")
    if language == SOURCE_LANGUAGE:
        return None
    with pack.path(catalogue_name(language)).open("rb") as handle:
        return read_po(handle, locale=language)


@cache
def locale(language: str) -> Locale:
    """Return the locale whose numbers and dates a language uses.

    Raises:
        UnknownCodeError: when the pack does not have the language.
    """
    _catalogue(language)
    return Locale.parse(LOCALES.get(language, language))


def own_name(language: str) -> str:
    """Return a language's name in itself, such as ``ລາວ``.

    Raises:
        UnknownCodeError: when the pack does not have the language.
    """
    own = locale(language)
    return str(own.get_language_name(own) or language).capitalize()


def name_in(language: str, said_in: str) -> str:
    """Return a language's name in another one, such as ``Lao`` for ``lo`` said in ``en``.

    Raises:
        UnknownCodeError: when the pack does not have one of them.
    """
    return str(locale(language).get_language_name(locale(said_in)) or language)


@cache
def translator(language: str) -> Translate:
    """Return the function from an English text to the language's, or to the English text itself where it has none.

    Placeholders stay as they are: fill them with ``str.format`` after the translation.

    Raises:
        UnknownCodeError: when the pack does not have the language.
        PackError: when the language's catalogue is missing.
    """
    catalogue = _catalogue(language)

    def translate(text: str) -> str:
        found = catalogue.get(text) if catalogue is not None and text else None
        return found.string if found is not None and isinstance(found.string, str) and found.string else text

    return translate


@cache
def plural(language: str) -> Plural:
    """Return the function ``(singular, plural, count) -> text`` in the language, in English where it has none.

    Raises:
        UnknownCodeError: when the pack does not have the language.
        PackError: when the language's catalogue is missing.
    """
    catalogue = _catalogue(language)

    def choose(singular: str, several: str, count: int) -> str:
        found = catalogue.get(singular) if catalogue is not None else None
        if catalogue is not None and found is not None and isinstance(found.string, tuple | list):
            text = found.string[c2py(catalogue.plural_expr)(count)]
            if text:
                return str(text)
        return singular if count == 1 else several

    return choose


def number(value: int | float | Decimal, language: str) -> str:
    """Return a number with the language's separators, such as ``1,234`` or ``1.234``."""
    return format_decimal(value, locale=locale(language))


def compact(value: int | float | Decimal, language: str, digits: int = 1) -> str:
    """Return a number with the language's word for its size and ``digits`` decimals at most, such as ``4.7M``."""
    return format_compact_decimal(value, locale=locale(language), fraction_digits=digits)


def size(count: int, language: str) -> str:
    """Return a number of bytes as ``1.2 MB`` with the language's separators; a kB is 1,000 bytes."""
    worth, unit = next((pair for pair in SIZES if count >= pair[0]), SIZES[-1])
    rounded = round(count / worth, 1 if count < 100 * worth else 0)
    text = format_unit(rounded, f"digital-{unit}", "short", locale=locale(language))
    return str(text).replace(" ", NO_BREAK)


def money(amount: Money, language: str) -> str:
    """Return an amount to the unit of its currency, such as ``USD 1,234,567``; the code and the sum never part."""
    return f"{amount.currency}{NO_BREAK}{format_decimal(amount.amount, '#,##0', locale=locale(language))}"


@lru_cache(maxsize=4_096)
def date(value: datetime.date | PartialDate | str, language: str) -> str:
    """Return a date as precise as it is known: ``2015``, ``June 2015`` or ``30 June 2015``; other text as it stands."""
    if isinstance(value, datetime.date):
        return format_date(value, "long", locale=locale(language))
    try:
        known = value if isinstance(value, PartialDate) else PartialDate.parse(value)
    except ValueError:
        return str(value)
    if known.first == known.last:
        return format_date(known.first, "long", locale=locale(language))
    if known.first.month == known.last.month:
        return format_skeleton("yMMMM", known.first, locale=locale(language))
    return str(known.first.year)
