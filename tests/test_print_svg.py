"""The SVG of a page: letters are letters again, with their fonts in the file, and nothing is drawn twice."""

from __future__ import annotations

import base64
import html
import io
import re
import unicodedata
from functools import cache

import pytest
from fontTools.ttLib import TTFont
from lxml import etree

from geo import library, print_glyphs, printmap, studio, words
from geo.filters import Filters
from geo.studio_spec import StudioSpec

pytestmark = pytest.mark.usefixtures("assets")
SVG = "{http://www.w3.org/2000/svg}"
TEXTS = ("Draft, 12.5 % of “all” – E F I l 1 (ok); Äé 0123456789", "ກຳປູເຈຍ ຫຼວງນ້ຳທາ ທົ່ວປະເທດ ບໍ່ແກ້ວ ຜົ້ງສາລີ ໃນ ໄທ ເຊກອງ ໜ ຫຼ")


@cache
def svg(language: str, title: str = "", view: str = "corrected") -> bytes:
    """A page as SVG."""
    spec = StudioSpec(Filters(view=view), kind="ranked", languages=(language,), title=title)
    return printmap.picture(studio.leaves(library.embedded(), spec)[0], studio.press(spec), "svg")


def texts(made: bytes) -> list[str]:
    return ["".join(one.itertext()) for one in etree.fromstring(made).iter(f"{SVG}text")]


@pytest.mark.parametrize("language", ["en", "lo"])
def test_every_name_is_text_and_no_letter_is_left_drawn(language: str) -> None:
    made = svg(language)
    found = texts(made)
    spec = studio.leaves(library.embedded(), StudioSpec(Filters(), languages=(language,)))[0].spec
    for area in spec.areas:
        name = unicodedata.normalize("NFC", words.area_name(area.pcode, language))
        # in the ranking, and on the map (there perhaps on two lines)
        assert name in found
    assert spec.title in found
    assert b"<use" not in made
    assert b"<symbol" not in made


@pytest.mark.parametrize("text", TEXTS)
def test_a_line_comes_back_letter_by_letter(text: str) -> None:
    assert text in texts(svg("en", text))


@pytest.mark.parametrize("language", ["en", "lo"])
def test_the_fonts_in_the_file_have_every_letter(language: str) -> None:
    made = svg(language).decode()
    faces = dict(re.findall(r"font-weight:(\d+);src:url\(data:font/woff2;base64,([^)]+)\)", made))
    fonts = {}
    for weight, packed in faces.items():
        with TTFont(io.BytesIO(base64.b64decode(packed))) as font:
            fonts[weight] = set(font.getBestCmap())
    used: dict[str, set[int]] = {}
    for weight, text in re.findall(r'font-weight="(\d+)"[^>]*>([^<]*)</text>', made):
        used.setdefault(weight, set()).update(map(ord, html.unescape(text)))
    assert set(used) == set(fonts)
    assert all(letters <= fonts[weight] for weight, letters in used.items())
    assert len(made) < 600_000


def test_a_label_and_its_halo_are_one_text() -> None:
    made = svg("en")
    labels = [one for one in etree.fromstring(made).iter(f"{SVG}text") if one.get("paint-order") == "stroke"]
    assert labels
    assert all(one.get("stroke") and one.get("fill") != one.get("stroke") for one in labels)
    assert b"data-halo" not in made
    # each province's name once on the map and once in the ranking
    assert texts(made).count("Savannakhet") == 2


def test_a_letter_of_another_font_stays_drawn() -> None:
    made = svg("en", "Ελλάδα שלום")
    assert b"<use" in made
    assert "UNICEF" not in texts(made)


def test_an_outline_is_known_by_its_curves_contours_box_and_area() -> None:
    # E and F fill the same box with the same straight lines; their areas differ
    found = print_glyphs.outline("M 0 0m 0 0h 4v 1h -3v 1h 3v 1h -3v 1h 3v 1h -4Z ")
    assert found is not None
    assert found.key == (0, 1)
    assert found.box == pytest.approx((0, 0, 4, 5))
    assert found.area == pytest.approx(14)
    assert print_glyphs.outline("") is None
    assert print_glyphs.known([], []) is None
