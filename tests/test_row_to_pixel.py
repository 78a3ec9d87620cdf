"""One row's way: from the bytes of a file to the colour of one pixel, through every floor of the house."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from geo import dataset, intake, mapspec, printmap, tables, webmap
from geo.filters import Filters

FILE = """activity_id,title,sdgs,agencies,locations_as_published,scope_as_published
well,Wells for schools,6,UNICEF,"Sanamxay district, Attapeu Province",subnational
law,National water law,6,UNICEF,Vientiane,national
"""


@pytest.fixture(scope="module")
def data() -> dataset.Dataset:
    found = intake.read(FILE.encode(), "two.csv")
    return dataset.build(found.activities, digest=found.digest, published="2026-11-23", rows_read=found.rows_read)


def colour_share(picture: bytes, colour: str) -> float:
    """Return which part of a picture's pixels have exactly this colour."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return float((pixels == wanted).all(axis=2).mean())


@pytest.mark.parametrize(("level", "pcode"), [("adm1", "LA17"), ("adm2", "LA1703")])
def test_a_row_reaches_its_area_and_the_area_its_colour(data, level, pcode):
    view = Filters(level=level, sdg=("6",))
    figures, mask = tables.summarise(data, view)
    assert (figures.total, figures.located, figures.nationwide, figures.unlocated) == (2, 1, 1, 0)
    assert mask.all()
    spec = mapspec.build(data, view)
    found = {area.pcode: area for area in spec.areas}
    assert {code for code, area in found.items() if area.activities} == {pcode}
    one = next(each for each in spec.classes if each.index == found[pcode].class_index)
    assert (one.label, one.areas) == ("1", 1)
    assert spec.nationwide_text.startswith("Nationwide: 1 activities")

    signs = webmap.delta(spec)["classes"]
    assert [sign for sign in str(signs) if sign not in "0."] == [str(one.index)]
    assert str(signs)[webmap.areas(level).index(pcode)] == str(one.index)

    drawn = colour_share(printmap.render(spec, dpi=72), one.colour)
    empty = printmap.render(mapspec.build(data, Filters(level=level, sdg=("7",))), dpi=72)
    assert drawn > 10 * colour_share(empty, one.colour)
    assert drawn > 0.0005


def test_the_same_view_gives_the_same_bytes(data):
    view = Filters(sdg=("6",))
    assert printmap.render(mapspec.build(data, view), dpi=72) == printmap.render(mapspec.build(data, view), dpi=72)
