"""What a printed page says adds up: a goal's total to its parts, a province to its districts and the note."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
import shapely

from geo import filters, gazetteer, library, mapspec, studio, svgmap
from geo.dataset import Dataset
from geo.filters import Filters
from geo.print_page import page
from geo.print_spec import FIXED, ORIENTATIONS, PAPERS, Leaf
from geo.print_text import width
from geo.studio_spec import StudioSpec

pytestmark = pytest.mark.usefixtures("assets")
SHEETS = [(p, o) for p in PAPERS for o in ORIENTATIONS if p not in FIXED or o == "landscape"]


@cache
def data() -> Dataset:
    """The embedded data."""
    return library.embedded()


@cache
def sheet(language: str, view: str = "corrected") -> Leaf:
    """The sheet of goals."""
    return studio.leaves(data(), StudioSpec(Filters(view=view), kind="sheet", languages=(language,)))[0]


@pytest.mark.parametrize("view", ["registered", "corrected"])
@pytest.mark.parametrize("language", ["en", "lo"])
@pytest.mark.parametrize(("paper", "orientation"), SHEETS)
def test_the_parts_of_each_goal_s_tile_add_up_to_its_total(
    paper: str, orientation: str, language: str, view: str
) -> None:
    content = page(sheet(language, view), paper=paper, orientation=orientation)
    assert len(content["cells"]) == 18
    for cell in content["cells"]:
        parts = [line["text"] for line in cell["told"] if line["text"][0] in "=+"]
        assert [text[0] for text in parts] == list("=++")[: len(parts)]
        assert sum(int(count) for text in parts for count in re.findall(r"\d+", text)) == int(cell["total"])
    if paper == "square":  # figures alone: the strip says in which order
        (strip,) = content["columns"][0]["items"]
        assert strip["text"].count("+") == 2


@pytest.mark.parametrize("language", ["en", "lo"])
@pytest.mark.parametrize(("paper", "orientation"), SHEETS)
def test_no_text_of_a_tile_touches_its_map(paper: str, orientation: str, language: str) -> None:
    cells = page(sheet(language), paper=paper, orientation=orientation)["cells"]
    one = cells[0]
    land = svgmap.draw("adm1", "", one["map-width"], one["map-height"], (2.0, 2.0, 2.0, 2.0)).outline
    for cell in cells:
        for box in _boxes(cell):
            assert not box.intersects(land), (cell["number"], [line["text"] for line in cell["told"]])


def _boxes(cell: dict[str, Any]) -> list[shapely.Polygon]:
    """Return the letters of a tile's texts as boxes over its map, from the bottom up, as maps.typ stacks them."""
    left, y = cell["map-width"] - cell["width"], cell["height"] - cell["head"] - 2 - 1.5
    found = []
    rows = [[(cell["total"], cell["total-size"], 700), (cell["unit"], 6.0, 400)]]
    rows += [[(line["text"], line["size"], 400)] for line in cell["told"]]
    for row in reversed(rows):
        x, base = left, y - 0.28 * row[0][1]
        for text, size, weight in row:
            wide = width(text, size, weight)
            found.append(shapely.box(x, base - 0.75 * size, x + wide, base))
            x += wide + 2.5
        y -= row[0][1] * 1.23 + 0.2
    return found


def shown(found: Filters) -> int:
    """Return how many activities of the view are in a district of the provinces that it shows."""
    places = data().places(found.view)
    districts = [code for province in found.area for code in gazetteer.children(province)]
    return int((filters.apply(data(), found) & places.adm2.any_of(districts)).sum())


def noted(notes: tuple[str, ...], word: str) -> int:
    """Return the figure of the note with ``word``, 0 without one."""
    return next((int(note.split()[0]) for note in notes if word in note), 0)


@pytest.mark.parametrize("view", ["registered", "corrected"])
def test_a_province_s_districts_and_its_note_add_up_to_the_province(view: str) -> None:
    for code in gazetteer.all_areas("adm1"):
        chosen = StudioSpec(Filters(view=view), kind="province", items=(code,))
        spec = studio.leaves(data(), chosen)[0].spec
        found = Filters(view=view, area=(code,), level="adm2")
        live = mapspec.build(data(), found)
        assert spec.total == live.total == live.located
        for notes in (spec.notes, live.notes):
            assert noted(notes, "no district there") == spec.total - shown(found), code


def test_attapeu_s_activities_with_districts_elsewhere_are_in_none_of_its_own() -> None:
    spec = mapspec.build(data(), Filters(area=("LA17",), level="adm2"))
    districts = [area.pcode for area in spec.areas if area.activities and gazetteer.province(area.pcode) == "LA17"]
    places = data().corrected
    here = places.adm1.any_of(["LA17"])
    own = here & places.adm2.any_of(districts)
    assert (spec.total, int(own.sum())) == (23, 8)
    assert int((here & ~own & places.adm2.words.any(axis=1)).sum()) == 4
    assert "15 activities name Attapeu but no district there." in spec.notes


def test_several_provinces_and_the_country_add_up_too() -> None:
    both = Filters(area=("LA16", "LA17"), level="adm2")
    spec = mapspec.build(data(), both)
    assert noted(spec.notes, "no district there") == spec.total - shown(both) > 0
    whole = mapspec.build(data(), Filters(level="adm2"))
    anywhere = int(np.count_nonzero(data().corrected.adm2.words.any(axis=1)))
    assert noted(whole.notes, "in no district.") == whole.located - anywhere > 0
    one = mapspec.build(data(), Filters(area=("LA1601",), level="adm2"))
    assert noted(one.notes, "district") == 0
