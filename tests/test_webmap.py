"""The map on screen: the document's bytes, what never gets into it, and the delta's size and shape."""

from __future__ import annotations

import base64
import json
import random
import re
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import boundaries, codes, pack, webmap
from geo.errors import InputError, UnknownCodeError
from geo.mapspec import AreaFigure, MapSpec
from tests.browser import fixture_app as fixture

HOSTILE = "{{7*7}}{% raw %}</script><img src=x onerror=alert(1)>"
pytestmark = pytest.mark.usefixtures("assets")


def size(change: dict[str, object]) -> tuple[int, int]:
    """The delta's bytes as JSON, and as the websocket sends them (deflated)."""
    raw = json.dumps(change, separators=(",", ":")).encode()
    return len(raw), len(zlib.compress(raw, 6))


def unpack(text: str) -> list[int]:
    """Base-128 numbers of a delta's ``goals``."""
    found, value, shift = [], 0, 0
    for byte in base64.b64decode(text):
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            found.append(value)
            value = shift = 0
    return found


def test_the_document_is_the_same_bytes_each_time() -> None:
    assert webmap.document() == webmap.document()
    data = webmap.embed(webmap.delta(fixture.spec("adm1", 1)))
    assert webmap.document(embedded=data) == webmap.document(embedded=data)


def test_the_document_names_no_host() -> None:
    assert not re.search(r"(?:https?:)?//[\w.-]+\.\w", webmap.document())
    for name in ("map.css", "areas.json", "adm1.geojson", "adm2.geojson"):
        assert b"://" not in webmap.asset(name), name
    assert not any(b"//" in place for place in re.findall(rb"url\(([^)]*)\)", webmap.asset("leaflet.css")))
    hosts = set(re.findall(rb"https?://([\w.-]+)", webmap.asset("map.js")))
    assert hosts <= {b"www.w3.org"}  # the name of the SVG namespace, which nobody asks


def test_the_document_holds_no_filter_value_and_no_name() -> None:
    html = webmap.document()
    for level in webmap.LEVELS:
        for name in boundaries.load().at(level)["name_en"]:
            assert name not in html
    assert not re.search(rf"\b{pack.settings().pcode}\d\d", html)
    assert all(goal.colour not in html for goal in codes.goals())


def test_jquery_and_bootstrap_are_not_asked_for() -> None:
    scripts = re.findall(r'<script src="([^"]+)"', webmap.document())
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', webmap.document())
    assert scripts == ["leaflet.js", "map.js"]
    assert styles == ["leaflet.css", "map.css"]


def test_a_hostile_text_reaches_no_template() -> None:
    spec = fixture.spec("adm1", 1, hostile=True)
    change = webmap.delta(replace(spec, legend_title=HOSTILE, nationwide_text=HOSTILE, attribution=HOSTILE))
    assert HOSTILE not in webmap.document()
    alone = webmap.document(embedded=webmap.embed(change))
    block = re.search(r'id="embedded">(.*?)</script>', alone, re.DOTALL)
    assert block
    assert "<" not in block[1]
    assert json.loads(block[1])["delta"]["legend"]["title"] == HOSTILE
    assert "49" not in json.loads(block[1])["delta"]["legend"]["title"]


@pytest.mark.parametrize("level", webmap.LEVELS)
def test_the_delta_says_what_the_spec_says(level: str) -> None:
    spec = fixture.spec(level, 4)  # type: ignore[arg-type]
    change: dict[str, Any] = webmap.delta(spec)
    assert json.loads(json.dumps(change)) == change
    columns = len(codes.goals())
    counts = unpack(change["goals"])
    for at, area in enumerate(sorted(spec.areas, key=lambda one: one.pcode)):
        sign = change["classes"][at]
        assert (-1 if sign == "-" else int(sign)) == area.class_index
        assert change["activities"][at] == area.activities
        texts, places = change["budget"]
        assert texts[places[at]] == area.budget_text
        row = counts[at * columns : (at + 1) * columns]
        assert {goal.number: n for goal, n in zip(codes.goals(), row, strict=True) if n} == dict(area.goals)


def test_a_district_map_of_one_province_leaves_the_others_out() -> None:
    province = webmap.areas("adm1")[-1]
    change: dict[str, Any] = webmap.delta(fixture.spec("adm2", 1, within=province))
    inside = boundaries.load().at("adm2")["parent"] == province
    signs = np.array(list(change["classes"]))
    assert ((signs != ".") == inside.to_numpy()).all()
    assert len(change["activities"]) == inside.sum()


def test_a_delta_of_all_districts_is_small() -> None:
    spec = fixture.spec("adm2", 1)
    raw, sent = size(webmap.delta(spec))
    assert raw <= 10_000
    assert sent <= 5_000


def test_a_delta_of_all_districts_is_small_at_its_worst() -> None:
    """Every district with other texts, and all goals with counts of two bytes: still within 10 kB on the wire."""
    rng = random.Random(3)
    areas = tuple(
        replace(
            area,
            people_text=f"{rng.randint(1, 10**7):,}",
            budget_text=f"USD {rng.random() * 100:.1f} – {rng.random() * 1000:.1f}M",
            goals=tuple((goal.number, rng.randint(1, 9000)) for goal in codes.goals()),
        )
        for area in fixture.spec("adm2", 1).areas
    )
    assert size(webmap.delta(replace(fixture.spec("adm2", 1), areas=areas)))[1] <= 10_000


def test_the_mask_costs_one_bit_a_point() -> None:
    spec = fixture.spec("adm1", 1)
    without, with_mask = (len(json.dumps(webmap.delta(spec, point_mask=bits))) for bits in (b"", bytes(12_500)))
    assert with_mask - without <= 12_500 * 4 / 3 + 4  # base64 of 100,000 bits


def test_the_delta_is_deterministic_and_leaves_its_input_alone() -> None:
    spec, again = fixture.spec("adm2", 9), fixture.spec("adm2", 9)
    backwards = replace(spec, areas=spec.areas[::-1])
    assert json.dumps(webmap.delta(spec)) == json.dumps(webmap.delta(again)) == json.dumps(webmap.delta(backwards))
    assert spec == again


def test_an_area_of_another_level_is_refused() -> None:
    spec = fixture.spec("adm1", 1)
    with pytest.raises(UnknownCodeError, match="adm2"):
        webmap.delta(replace(spec, level="adm2"))


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60), counts=st.lists(st.integers(0, 2**40), min_size=18, max_size=18))
def test_any_text_and_count_survives(text: str, counts: list[int]) -> None:
    spec: MapSpec = fixture.spec("adm1", 1)
    goals = tuple((goal.number, n) for goal, n in zip(codes.goals(), counts, strict=False) if n)
    first: AreaFigure = replace(spec.areas[0], value_text=text, people_text=text, goals=goals)
    change = json.loads(json.dumps(webmap.delta(replace(spec, areas=(first, *spec.areas[1:])))))
    if text:
        assert change["people"][0][change["people"][1][0]] == text
    assert unpack(change["goals"])[:18] == counts[: len(codes.goals())]


def test_the_point_table_keeps_positions_within_a_step_of_the_grid() -> None:
    west, south, east, north = pack.settings().bounds
    places = list(boundaries.label_points("adm2").values())
    table = webmap.point_table(places)
    total = int.from_bytes(table[:4], "little")
    grid = np.frombuffer(table[4:], "<u2").reshape(2, total).T
    back = grid / 65535 * (east - west, north - south) + (west, south)
    assert total == len(places)
    assert len(table) == 4 + 4 * total
    assert np.abs(back - places).max() < 1e-4
    assert webmap.point_table([]) == bytes(4)


def test_a_point_outside_the_country_is_refused() -> None:
    with pytest.raises(InputError, match="bounds"):
        webmap.point_table([(0.0, 0.0)])


def test_provinces_are_drawn_on_their_districts_lines() -> None:
    def places(name: str) -> set[tuple[float, float]]:
        rings: list[list[list[float]]] = []
        for feature in json.loads(webmap.asset(name))["features"]:
            geometry = feature["geometry"]
            parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
            rings += [ring for part in parts for ring in part]
        return {(x, y) for ring in rings for x, y in ring}

    assert places("adm1.geojson") <= places("adm2.geojson")


def test_every_language_has_every_word() -> None:
    fixed = json.loads(webmap.asset("areas.json"))
    keys = {frozenset(words) for words in fixed["texts"].values()}
    assert set(fixed["texts"]) == set(pack.settings().languages)
    assert len(keys) == 1
    used = set(re.findall(r"\bwords\.(\w+)", webmap.asset("map.js").decode()))
    assert used <= next(iter(keys))


def test_an_unknown_file_is_refused() -> None:
    with pytest.raises(UnknownCodeError, match=re.escape("map.js")):
        webmap.asset("../secret")
