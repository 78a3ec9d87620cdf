"""Ramps: even steps of lightness for every goal, also as the colour-blind and a black-and-white printer see them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import codes, colours
from tests.colour_distance import difference, lab, linear

# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", IEEE TVCG 15 (2009), severity 1.0, on linear RGB.
MACHADO = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
# L* between neighbouring classes; the even step of five classes is 15, of six 12, of seven 10
STEP, STEPS_MORE = 11.0, {6: 8.5, 7: 7.0}
FIRST_STEP = 5.0  # L* between zero (white) and the lightest class
HUES = [colours.DEFAULT_HUE, *(goal.colour for goal in codes.goals())]


def simulated(colour: str, kind: str) -> str:
    """Return ``colour`` as seen with a colour vision deficiency, clipped to what a screen shows."""
    seen = [sum(m * part for m, part in zip(row, linear(colour), strict=True)) for row in MACHADO[kind]]
    encoded = (12.92 * p if p <= 0.0031308 else 1.055 * p ** (1 / 2.4) - 0.055 for p in (max(0.0, s) for s in seen))
    return "#" + "".join(f"{round(255 * min(part, 1.0)):02X}" for part in encoded)


def test_all_goals_are_here() -> None:
    assert len(HUES) == 19


@pytest.mark.parametrize("hue", HUES)
@pytest.mark.parametrize("kind", MACHADO)
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6, 7])
def test_every_ramp_darkens_step_by_step_under_colour_blindness(hue: str, kind: str, k: int) -> None:
    seen = [lab(simulated(colour, kind))[0] for colour in ("#FFFFFF", *colours.ramp(hue, k))]
    steps = [light - dark for light, dark in pairwise(seen)]
    assert steps[0] >= FIRST_STEP
    least = STEPS_MORE.get(k, STEP)
    assert min(steps[1:], default=least) >= least


@pytest.mark.parametrize("hue", HUES)
def test_every_ramp_is_the_same_in_black_and_white(hue: str) -> None:
    for k in range(1, 8):
        light = [colours.lightness(colour) for colour in colours.ramp(hue, k)]
        grey = [colours.lightness(colour) for colour in colours.ramp("#808080", k)]
        assert all(abs(one - other) < 0.6 for one, other in zip(light, grey, strict=True))
        assert all(abs((a - b) - (b - c)) < 1 for a, b, c in zip(light, light[1:], light[2:], strict=False))


@pytest.mark.parametrize("kind", [*MACHADO, ""])
@pytest.mark.parametrize("k", [1, 2, 3])
def test_losses_and_gains_are_told_apart(kind: str, k: int) -> None:
    scale = [simulated(colour, kind) if kind else colour for colour in colours.diverging(k)]
    assert len(scale) == 2 * k + 1
    assert all(difference(lab(scale[at]), lab(scale[-1 - at])) > 10 for at in range(k))
    assert [lab(colour)[0] for colour in scale[: k + 1]] == sorted(lab(colour)[0] for colour in scale[: k + 1])


@given(st.integers(0, 0xFFFFFF), st.integers(1, 9))
def test_any_colour_makes_a_ramp(number: int, k: int) -> None:
    made = colours.ramp(f"#{number:06X}", k)
    assert len(made) == k
    light = [colours.lightness(colour) for colour in made]
    assert light == sorted(light, reverse=True)


@given(st.integers(0, 0xFFFFFF))
def test_text_on_any_colour_can_be_read(number: int) -> None:
    colour = f"#{number:06X}"
    assert colours.contrast(colours.text_on(colour), colour) >= 4.1
    assert abs(colours.lightness(colour) - lab(colour)[0]) < 0.01


@pytest.mark.parametrize("wrong", ["red", "#FFF", "1F6FB2", ""])
def test_what_is_no_colour_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="Expected a colour"):
        colours.ramp(wrong, 3)
