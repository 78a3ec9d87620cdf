"""Floor 0: the matching key of a text.  It is for comparing only; what people read stays as it was written.

Latin letters lose case and diacritics.  Lao letters keep theirs and get one spelling of what the script lets people
type in several ways: ligatures and their two-letter forms, sara am, the order of vowel and tone marks, a doubled
``ເ`` for ``ແ``.  Zero-width characters go, punctuation becomes a space, and Lao words are closed up (Lao puts
spaces between phrases, not words, and typists differ).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LAO = "\u0e80-\u0eff"
# Vowel signs above and below, the semivowel sign lo, tone marks and other signs that hang on a Lao consonant.
LAO_MARKS = "\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
SARA_AM = "\u0eb3"  # NFKC takes it apart into niggahita and sara aa
TONES = "\u0ec8\u0ec9\u0eca\u0ecb"
COMBINING = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
# Letters whose bar or joining no Unicode decomposition takes off.
PLAIN = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h"})

# All but the zero-width space: that one is a word boundary in Lao text, and becomes a space as punctuation does.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200c-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_NOT_A_WORD = re.compile("[^a-z0-9]+")
_COMBINING = re.compile(f"[{COMBINING}]+")
_MARK_RUN = re.compile(f"[{LAO_MARKS}]{{2,}}")
_LAO_GAP = re.compile(f"(?<=[{LAO}]) +(?=[{LAO}])")
_CACHED_LENGTH = 200  # longer texts are summaries: they are folded once and kept by their owners


def fold(text: str) -> str:
    """Return the matching key of ``text``: words of letters, marks and digits with single spaces between them.

    Idempotent; the same for every Unicode normalisation form, case, diacritic (Latin) and spacing of ``text``.
    """
    return _fold_short(text) if len(text) <= _CACHED_LENGTH else _fold(text)


def squeeze(text: str) -> str:
    """Return the matching key without its spaces, under which names are looked up (``Some Name``, ``Somename``)."""
    return fold(text).replace(" ", "")


def _fold(text: str) -> str:
    if text.isascii():  # nothing below but case and punctuation touches it; five times as fast
        return " ".join(_NOT_A_WORD.sub(" ", text.lower()).split())
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _COMBINING.sub("", unicodedata.normalize("NFKD", plain)).translate(PLAIN)
    plain = _INVISIBLE.sub("", plain)
    plain = _LAO_GAP.sub("", " ".join("".join(map(_kept, plain)).split()))
    plain = plain.replace("ເເ", "ແ").replace("ຼ", "ລ")
    return _MARK_RUN.sub(lambda run: _ordered(run.group()), plain)


_fold_short = lru_cache(maxsize=65_536)(_fold)


def _ordered(marks: str) -> str:
    """Return Lao marks with vowels before tones, each once: the order in which they are pronounced."""
    return "".join(sorted(dict.fromkeys(marks), key=lambda mark: (mark in TONES, mark)))


@lru_cache(maxsize=4_096)
def _kept(character: str) -> str:
    """Return a letter or mark as it is, a digit of any script as 0 to 9, anything else as a space."""
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    return character if category[0] in "LMN" else " "
