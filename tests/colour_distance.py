"""Colour arithmetic for tests: CIEDE2000 (Sharma, Wu and Dalal, 2005) and the contrast of WCAG 2.2."""

from __future__ import annotations

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

Lab = tuple[float, float, float]


def linear(colour: str) -> tuple[float, float, float]:
    """Return the linear light of "#RRGGBB" in red, green and blue, 0 to 1 (IEC 61966-2-1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def lab(colour: str) -> Lab:
    """Return CIE L*, a*, b* of "#RRGGBB" under D65."""
    red, green, blue = linear(colour)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def difference(one: Lab, other: Lab) -> float:
    """Return the CIEDE2000 difference of two colours in CIE L*a*b*."""
    mean_chroma = (hypot(*one[1:]) + hypot(*other[1:])) / 2
    stretch = 1 + 0.5 * (1 - sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7)))
    (c1, h1), (c2, h2) = ((hypot(a * stretch, b), degrees(atan2(b, a * stretch)) % 360) for _, a, b in (one, other))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    d_light, d_chroma = other[0] - one[0], c2 - c1
    d_hue = 2 * sqrt(c1 * c2) * sin(radians(turn) / 2)
    light, chroma = (one[0] + other[0]) / 2, (c1 + c2) / 2
    hue = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    weight = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )
    s_light = 1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * weight
    turn_blue = sin(radians(60 * exp(-(((hue - 275) / 25) ** 2))))
    rotation = -2 * sqrt(chroma**7 / (chroma**7 + 25**7)) * turn_blue
    parts = d_light / s_light, d_chroma / s_chroma, d_hue / s_hue
    return sqrt(sum(part * part for part in parts) + rotation * parts[1] * parts[2])


def ciede2000(one: str, other: str) -> float:
    """Return the CIEDE2000 difference of two colours "#RRGGBB"; 1 is about what an eye can tell."""
    return difference(lab(one), lab(other))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours "#RRGGBB", 1 to 21 (WCAG 2.2)."""
    weights = (0.2126, 0.7152, 0.0722)
    light = sorted(sum(w * part for w, part in zip(weights, linear(c), strict=True)) for c in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)
