"""Floor 5: text for paper: the fonts and what letters they cover, how wide a line is, how a long one is cut."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from geo.errors import PackError

FAMILY = "Noto Sans Lao"
WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}
_UNSEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)  # scripts without spaces; the typesetter knows their words
REPLACEMENT = "\ufffd"  # covered by Typst's embedded fonts
UNBROKEN = 30  # letters after which a word without a break may be broken (URLs, hostile titles)
BREAK = "\u200b"  # zero width space
ELLIPSIS = "…"

# Covered by the fonts embedded in Typst (DejaVu Sans Mono, Libertinus Serif), which stand behind ours; a test compiles
# every one of them under PDF/UA-1, which refuses a letter that no font covers.
_EMBEDDED = (
    (0x00A0, 0x0250),
    (0x0384, 0x038B),
    (0x038E, 0x03A2),
    (0x03A3, 0x0460),
    (0x05D0, 0x05EB),
    (0x0621, 0x063B),
    (0x0640, 0x0653),
    (0x0660, 0x066A),
    (0x1EA0, 0x1EFA),
    (0x2010, 0x2028),
    (0x2030, 0x2041),
    (0x2070, 0x2072),
    (0x2074, 0x208F),
    (0x20A0, 0x20B0),
    (0x2190, 0x2300),
    (0x25A0, 0x2600),
    (0xFFFD, 0xFFFE),
)


@dataclass(frozen=True, slots=True)
class Face:
    """One static font: advance by character, in em."""

    advances: dict[int, float]


def fonts_folder() -> Path:
    """Return the folder of the static font files: ``LAO_SDG_FONTS``, else the project's static/vendor/fonts.

    Raises:
        PackError: when the folder lacks a weight.
    """
    folder = Path(os.environ.get("LAO_SDG_FONTS") or Path(__file__).resolve().parent.parent / "static/vendor/fonts")
    missing = [name for name in map(_file, WEIGHTS) if not (folder / name).is_file()]
    if missing:
        raise PackError(f"The fonts {', '.join(missing)} are not in {folder}. Run `make assets` to cut them.")
    return folder


def font_file(weight: int) -> Path:
    """Return the path of our font in this weight.

    Raises:
        PackError: when it is missing.
    """
    return fonts_folder() / _file(weight)


def _file(weight: int) -> str:
    return f"{FAMILY.replace(' ', '')}-{WEIGHTS[weight]}.ttf"


@cache
def face(weight: int = 400) -> Face:
    """Return the advances of our font in this weight.

    Raises:
        PackError: when the font file is missing.
    """
    with TTFont(fonts_folder() / _file(weight), lazy=True) as font:
        em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
        return Face({code: metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()})


def width(text: str, size: float, weight: int = 400) -> float:
    """Return the width of one line of ``text`` at ``size``, both in points (kerning left out)."""
    advances = face(weight).advances
    return size * sum(advances.get(ord(letter), 0.6) for letter in text)


def clean(text: str, limit: int = 0, *, strict: bool = False) -> str:
    """Return ``text`` on one line, with nothing that a font of ours cannot show or that turns the line about.

    Control and direction marks go, other letters without a font become U+FFFD, words over ``UNBROKEN`` letters may be
    broken, and a text over ``limit`` letters is cut at a word with an ellipsis.  ``strict`` keeps to our own font, for
    a mark and a letter that are each covered and yet not together.
    """
    line = re.sub(" +", " ", _visible(text)).strip(" ")
    line = shorten(line, limit) if limit else line
    known = face().advances
    fallback = "?" if strict else REPLACEMENT
    shown = (letter if ord(letter) in known or (not strict and _embedded(ord(letter))) else fallback for letter in line)
    return " ".join(_breakable(word) for word in "".join(shown).split(" "))


def shorten(text: str, limit: int) -> str:
    """Return ``text`` cut to at most ``limit`` letters, at a word where there is one near the end."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit * 2 // 3 else cut).rstrip(" ,;:·-–") + ELLIPSIS


def _visible(text: str) -> str:
    """Drop what has no picture: controls, direction and format marks; keep the joiners and breaks of Lao text."""
    keep = (_instead(letter) if unicodedata.category(letter) in _UNSEEN else letter for letter in text)
    return unicodedata.normalize("NFC", "".join(keep))


def _instead(letter: str) -> str:
    if letter in "\t\n\r\x0b\x0c\x85\u2028\u2029":
        return " "
    return letter if letter == BREAK else REPLACEMENT if unicodedata.category(letter) in ("Cn", "Co", "Cs") else ""


def _embedded(code: int) -> bool:
    return any(first <= code < last for first, last in _EMBEDDED)


def _breakable(word: str) -> str:
    """Allow a break in a word that is too long for a line."""
    if len(word) <= UNBROKEN or BREAK in word or _UNSPACED.search(word):
        return word
    return BREAK.join(word[at : at + UNBROKEN] for at in range(0, len(word), UNBROKEN))
