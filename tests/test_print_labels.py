"""Labels of printed maps over kinds, papers and languages: no text on another, and no leader line through any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import shapely

from geo import gazetteer, library, print_map, studio
from geo.filters import Filters
from geo.print_labels import place
from geo.print_page import page
from geo.print_room import Wanted, Way, ground
from geo.print_spec import FIXED, ORIENTATIONS, PAPERS
from geo.studio_spec import StudioSpec
from tests.support_print import letters

pytestmark = pytest.mark.usefixtures("assets")
# in points of the page, A3 is A4
SHEETS = [(p, o) for p in PAPERS if p != "a3" for o in ORIENTATIONS if p not in FIXED or o == "landscape"]
KINDS = ("map", "ranked", "pair", "bivariate")
VIEWS = {
    "difference": Filters(view="difference"),
    "money": Filters(metric="budget"),
    "districts": Filters(level="adm2"),
}
NEAR = 2.0  # points between a label's letters, marks above them left out, and its leader line


@cache
def maps(paper: str, orientation: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return every map of the kinds, with what is placed on it."""
    return tuple(_maps(paper, orientation))


def _maps(paper: str, orientation: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for language in ("en", "lo"):
        asked = [(kind, "activities", StudioSpec(Filters(), kind=kind)) for kind in KINDS]
        asked += [("pair", name, StudioSpec(found, kind="pair")) for name, found in VIEWS.items()]
        asked += [
            ("province", code, StudioSpec(Filters(), kind="province", items=(code,)))
            for code in gazetteer.all_areas("adm1")[:: 1 if (paper, orientation) == ("a4", "landscape") else 6]
        ]
        for kind, name, chosen in asked:
            leaf = studio.leaves(library.embedded(), replace(chosen, languages=(language,)))[0]
            for part in page(leaf, paper=paper, orientation=orientation)["maps"]:
                yield f"{kind} {name} {language}", part


def texts(part: dict[str, Any]) -> list[tuple[str, shapely.Polygon]]:
    """Return the labels, the neighbours' names and the insets with their boxes, the labels first."""
    found = [(label["lines"][0]["text"], shapely.box(*print_map._around(label))) for label in part["labels"]]
    found += [(name["text"], shapely.box(*print_map._around(name))) for name in part["neighbours"]]
    return found + [("inset", shapely.box(*print_map._frame(inset))) for inset in part["insets"]]


@pytest.mark.parametrize(("paper", "orientation"), SHEETS)
def test_no_text_lies_on_another_and_no_leader_line_runs_through_one(paper: str, orientation: str) -> None:
    faults = []
    for name, part in maps(paper, orientation):
        all_texts = texts(part)
        faults += [(name, a, b) for (a, one), (b, other) in combinations(all_texts, 2) if one.intersects(other)]
        lines = {at: shapely.LineString(x["leader"]) for at, x in enumerate(part["labels"]) if x["leader"]}
        for at, line in lines.items():
            own = all_texts[at][0]
            faults += [(name, own, b) for of, (b, box) in enumerate(all_texts) if of != at and line.intersects(box)]
        faults += [(name, str(a), str(b)) for a, b in combinations(lines, 2) if lines[a].crosses(lines[b])]
    assert faults == []


@pytest.mark.parametrize(("paper", "orientation"), SHEETS)
def test_a_leader_line_begins_at_its_label_s_letters(paper: str, orientation: str) -> None:
    found = 0
    for name, part in maps(paper, orientation):
        for label in part["labels"]:
            if label["leader"]:
                found += 1
                start = shapely.Point(label["leader"][0])
                far = min(box.distance(start) for _text, box in letters(label))
                assert far < NEAR, (name, label["lines"][0]["text"])
    assert found


def test_the_name_of_a_country_and_the_value_of_a_province_are_left_alone() -> None:
    chosen = StudioSpec(Filters(), kind="pair")
    leaf = studio.leaves(library.embedded(), chosen)[0]
    for spec, part in zip(leaf.specs, page(leaf)["maps"], strict=True):
        assert {name["text"] for name in part["neighbours"]} >= {"CHINA", "MYANMAR", "THAILAND", "CAMBODIA"}
        drawing = print_map.drawn(spec, part["width"], part["height"])
        sekong = next(shape.geometry for shape in drawing.areas if shape.name_en == "Sekong")
        label = next(label for label in part["labels"] if label["lines"][0]["text"] == "Sekong")
        assert all(sekong.contains(box.buffer(0.5)) for _text, box in letters(label))


def test_a_line_goes_around_what_stands_in_its_way() -> None:
    area, land = shapely.box(148, 148, 152, 152), shapely.box(140, 140, 160, 160)
    wanted = (Wanted("a", area, (Way(("Name",), 40.0, 9.0, ((-19, -3, 19, 3),)),)),)
    plain = place(wanted, land, (0, 0, 300, 300))[0]
    assert plain.leader is not None
    middle = shapely.LineString(plain.leader).interpolate(0.5, normalized=True)
    wall = (middle.x - 3, middle.y - 3, middle.x + 3, middle.y + 3)
    around = place(wanted, land, (0, 0, 300, 300), (wall,))[0]
    assert around.leader is not None
    assert not shapely.LineString(around.leader).intersects(shapely.box(*wall))
    # and a label keeps off the line that another drew
    on = ground((0, 0, 300, 300), (), (plain.leader,))
    assert not on.free(np.array([[middle.x, middle.y]]), wanted[0].ways[0]).any()
