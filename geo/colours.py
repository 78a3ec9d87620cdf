"""Floor 0: colour ramps of fixed lightness, so that every goal's map reads in grey and under colour blindness.

A ramp keeps the hue of a given colour (OKLab, B. Ottosson 2020, https://bottosson.github.io/posts/oklab/) and takes its
steps in CIE 1976 L*, which depends on luminance alone: printed in black and white all ramps are the same ramp.
"""

from __future__ import annotations

from functools import cache
from math import atan2, cos, hypot, sin

DEFAULT_HUE = "#1F6FB2"  # a plain mid blue of ours
LOSS_HUE, GAIN_HUE = "#C4671B", "#1F6FB2"  # orange against blue is told apart by all three colour-blindness types
ZERO_COLOUR = "#FFFFFF"
NO_DATA_COLOUR = "#B9B9B4"  # of the hatch lines; never a fill
INK, PAPER = "#1C1C1C", "#FFFFFF"

# CIE L* of the lightest and the darkest class by the number of classes; zero is white (100).
_ENDS = {1: (62.0, 62.0), 2: (80.0, 50.0), 3: (85.0, 40.0), 4: (88.0, 34.0)}
_ENDS_MORE = (90.0, 30.0)
_FULL_CHROMA_AT = 62.0  # L* up to which a step may have the whole chroma of the hue; lighter ones fade to white
_LEAST_CHROMA = 0.05  # a hue greyer than this is still shown as a hue
_MOST_CHROMA = 0.18  # beyond it the middle steps of the reds come together in a tritanope's eye (a test computes it)

Triple = tuple[float, float, float]


@cache
def ramp(colour: str, k: int) -> tuple[str, ...]:
    """Return ``k`` colours "#RRGGBB" of the hue of ``colour``, light to dark in even steps of L*.

    Raises:
        ValueError: when ``colour`` is not "#RRGGBB".
    """
    _, a, b = _oklab(_linear(colour))
    chroma, hue = min(max(hypot(a, b), _LEAST_CHROMA), _MOST_CHROMA), atan2(b, a)
    light, dark = _ENDS.get(k, _ENDS_MORE)
    steps = [light + (dark - light) * index / max(k - 1, 1) for index in range(k)]
    fades = [min(1.0, (100 - step) / (100 - _FULL_CHROMA_AT)) for step in steps]
    return tuple(_colour(step, chroma * fade, hue) for step, fade in zip(steps, fades, strict=True))


def diverging(k: int) -> tuple[str, ...]:
    """Return 2k + 1 colours: deepest loss (orange) to lightest, white, lightest gain (blue) to deepest."""
    return (*reversed(ramp(LOSS_HUE, k)), ZERO_COLOUR, *ramp(GAIN_HUE, k))


def text_on(colour: str) -> str:
    """Return ink or paper, whichever has the greater contrast (WCAG 2.2, 1.4.3) on ``colour``."""
    return max((INK, PAPER), key=lambda text: contrast(text, colour))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(_linear(one)), _luminance(_linear(other))))
    return (light + 0.05) / (dark + 0.05)


def lightness(colour: str) -> float:
    """Return CIE 1976 L* of ``colour``, 0 (black) to 100 (white), D65."""
    return _lstar(_luminance(_linear(colour)))


def _colour(lstar: float, chroma: float, hue: float) -> str:
    """Return the sRGB colour of this L* and hue with ``chroma``, or with the most that the screen can show."""
    shown = _at_lightness(lstar, chroma, hue)
    if not _in_gamut(shown):
        low, high = 0.0, chroma
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (middle, high) if _in_gamut(_at_lightness(lstar, middle, hue)) else (low, middle)
        shown = _at_lightness(lstar, low, hue)
    return "#" + "".join(f"{round(255 * _encode(min(max(part, 0.0), 1.0))):02X}" for part in shown)


def _at_lightness(lstar: float, chroma: float, hue: float) -> Triple:
    """Return linear sRGB of this OKLab chroma and hue whose luminance is that of ``lstar``."""
    low, high = 0.0, 1.0
    a, b = chroma * cos(hue), chroma * sin(hue)
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if _lstar(_luminance(_from_oklab(middle, a, b))) < lstar else (low, middle)
    return _from_oklab((low + high) / 2, a, b)


def _in_gamut(rgb: Triple) -> bool:
    return all(-1e-4 <= part <= 1.0001 for part in rgb)


def _linear(colour: str) -> Triple:
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(f"Expected a colour such as #1F6FB2, got {colour!r}.")
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _decode(red), _decode(green), _decode(blue)


def _decode(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # IEC 61966-2-1


def _encode(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _luminance(rgb: Triple) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def _lstar(luminance: float) -> float:
    return 116 * luminance ** (1 / 3) - 16 if luminance > 216 / 24389 else max(luminance, 0.0) * 24389 / 27


def _oklab(rgb: Triple) -> Triple:
    red, green, blue = rgb
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(light: float, a: float, b: float) -> Triple:
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
