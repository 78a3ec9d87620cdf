"""The embedded boundaries: 148 districts and 18 provinces without gap or overlap, and what is derived from them."""

from __future__ import annotations

import gzip
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo import boundaries, pack, polygons, units
from geo.errors import BoundaryError, UnknownCodeError
from geo.pack import settings

DATA = Path(__file__).resolve().parent.parent / "data"
TOTAL_KM2 = 230_524.0  # DESIGN.md, "Boundaries"
LEVELS: tuple[units.Level, ...] = ("adm1", "adm2")
UNITS = {"adm1": 18, "adm2": 148}


def shapes(level: units.Level) -> np.ndarray[Any, Any]:
    return np.asarray(boundaries.load().at(level).geometry.to_numpy())


def overlap(left: Any, right: Any) -> Any:
    """Intersection over union of each pair."""
    return shapely.area(shapely.intersection(left, right)) / shapely.area(shapely.union(left, right))


@pytest.mark.parametrize("level", LEVELS)
def test_units_are_valid_named_and_in_order(level: units.Level) -> None:
    frame = boundaries.load().at(level)
    assert len(frame) == UNITS[level]
    assert frame.index.is_unique
    assert frame.index.is_monotonic_increasing
    assert frame.geometry.is_valid.all()
    assert set(frame.geom_type) == {"Polygon"}
    assert frame.crs == "EPSG:4326"
    assert (frame[["name_en", "name_lo"]].map(str.strip) == frame[["name_en", "name_lo"]]).all(axis=None)
    assert (frame[["name_en", "name_lo"]] != "").all(axis=None)
    assert frame["name_lo"].map(lambda name: all("\u0e80" <= c <= "\u0eff" for c in name)).all()


@pytest.mark.parametrize("level", LEVELS)
def test_no_gap_and_no_overlap(level: units.Level) -> None:
    found = shapes(level)
    assert shapely.coverage_is_valid(found)
    whole = shapely.union_all(found)
    assert shapely.get_num_geometries(whole) == 1
    assert shapely.get_num_interior_rings(whole) == 0
    flat = polygons.to_projected(found)
    # Neither counted twice (overlap) nor left out (gap): the parts add up to the whole.
    assert flat.area.sum() == pytest.approx(flat.union_all().area, rel=1e-9)


def test_areas_add_up() -> None:
    loaded = boundaries.load()
    assert loaded.adm2["area_km2"].sum() == pytest.approx(TOTAL_KM2, rel=1e-3)
    assert loaded.adm1["area_km2"].sum() == pytest.approx(loaded.adm2["area_km2"].sum(), rel=1e-12)
    assert loaded.adm1["area_km2"].to_numpy() == pytest.approx(polygons.area_km2(shapes("adm1")), rel=1e-9)
    stated = {row["pcode"]: float(row["area_km2_cod"]) for row in pack.rows(settings().data["adm1_names"])}
    for code, area in loaded.adm1["area_km2"].items():
        assert area == pytest.approx(stated[str(code)], rel=5e-3), code


def test_parents_and_population() -> None:
    loaded = boundaries.load()
    assert all(str(code).startswith(parent) for code, parent in loaded.adm2["parent"].items())
    assert set(loaded.adm2["parent"]) == set(loaded.adm1.index)
    assert set(loaded.adm1["parent"]) == {settings().pcode}
    stated = {row["pcode"]: int(row["n_districts"]) for row in pack.rows(settings().data["adm1_names"])}
    assert loaded.adm2["parent"].value_counts().to_dict() == stated
    assert loaded.adm1["population"].sum() == 6_492_228  # census 2015, the published total (Lao Statistics Bureau)


def test_each_reference_point_lies_well_inside_its_district() -> None:
    points, owners = units.reference_points("adm2")
    assert list(owners) == list(boundaries.load().adm2.index)
    assert shapely.contains(shapes("adm2"), points).all()


def test_names_are_the_tables_and_the_file_is_canonical(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DATA))
    monkeypatch.delitem(sys.modules, "build_boundaries", raising=False)
    build_boundaries = importlib.import_module("build_boundaries")  # a script, found by the line above
    built = build_boundaries.encode(list(shapes("adm2")))
    assert built == pack.path(boundaries.FILE).read_bytes()
    assert len(built) < 250_000
    # Cleaning what is clean changes nothing: the build is a fixed point.
    assert build_boundaries.encode(build_boundaries.clean(list(shapes("adm2")))) == built


def test_name_fixes_are_still_needed() -> None:
    table = {row["adm2_pcode"]: row for row in pack.rows(settings().data["adm2_names"])}
    for fix in pack.rows(units.FIXES):
        row = table[fix["pcode"]]
        first = row["name_lo_cod"].strip() or row["name_lo_b"].strip()
        assert fix["name_lo"] != first, f"{fix['pcode']}: the table has it now; take the fix out"
        assert fix["reason"]


@pytest.mark.shared
def test_provinces_lie_on_the_reference(shared: Path) -> None:
    theirs = gpd.read_file(shared / "boundaries/lao_adm1_from_adm2.geojson").set_index("ADM1_PCODE").sort_index()
    assert list(theirs.index) == list(boundaries.load().adm1.index)
    assert overlap(shapes("adm1"), theirs.geometry.to_numpy()).min() >= 0.98


@pytest.mark.shared
def test_districts_lie_on_the_reference(shared: Path) -> None:
    """The source is generalised to about 1 km: small districts overlap less than 0.98, so metres are the measure."""
    theirs = gpd.read_file(shared / "boundaries/lao_adm2_pcoded.geojson").set_index("ADM2_PCODE").sort_index()
    reference = theirs.geometry.to_numpy()
    assert list(theirs.index) == list(boundaries.load().adm2.index)
    found = overlap(shapes("adm2"), reference)
    assert np.median(found) >= 0.98
    assert found.min() >= 0.88
    ours, flat = polygons.to_projected(shapes("adm2")), polygons.to_projected(reference)
    moved = ours.symmetric_difference(flat).area / flat.length  # metres, on average along the border
    assert moved.max() <= 250.0
    pairs = shapely.STRtree(reference).query(shapes("adm2"), predicate="intersects")
    for index in range(148):  # each is nearest to its own
        others = pairs[1][pairs[0] == index]
        best = others[np.argmax(overlap(shapes("adm2")[index], reference[others]))]
        assert best == index, theirs.index[index]


@pytest.mark.parametrize("tolerance", [0.0, 200.0, 1000.0, 5000.0])
def test_simplified_levels_keep_every_unit_and_share_borders(tolerance: float) -> None:
    districts = boundaries.simplified("adm2", tolerance)
    provinces = boundaries.simplified("adm1", tolerance)
    for frame, level in ((districts, "adm2"), (provinces, "adm1")):
        found = frame.geometry.to_numpy()
        assert len(found) == UNITS[level]
        assert not shapely.is_empty(found).any()
        assert shapely.is_valid(found).all()
        assert shapely.coverage_is_valid(found)
        assert shapely.get_num_interior_rings(shapely.union_all(found)) == 0
    corners = {tuple(point) for point in shapely.get_coordinates(districts.geometry.to_numpy()).tolist()}
    assert {tuple(point) for point in shapely.get_coordinates(provinces.geometry.to_numpy()).tolist()} <= corners
    assert boundaries.load().adm2["area_km2"].sum() == pytest.approx(
        polygons.area_km2(districts.geometry).sum(), rel=1e-2
    )
    assert boundaries.simplified("adm2", tolerance) is districts


def test_simplifying_removes_vertices() -> None:
    counts = [
        shapely.get_num_coordinates(boundaries.simplified("adm2", m).geometry.to_numpy()).sum() for m in (0, 1e3, 5e3)
    ]
    assert counts[0] > counts[1] > counts[2]


@pytest.mark.parametrize("level", LEVELS)
def test_geojson_for_the_browser(level: units.Level) -> None:
    data = boundaries.geojson(level)
    assert len(gzip.compress(data, mtime=0)) <= 90_000
    boundaries.geojson.cache_clear()
    boundaries.simplified.cache_clear()
    assert boundaries.geojson(level) == data
    features = json.loads(data)["features"]
    assert [feature["id"] for feature in features] == list(boundaries.load().at(level).index)
    assert all(feature["properties"] == {"pcode": feature["id"]} for feature in features)
    found = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    assert shapely.is_valid(found).all()
    assert shapely.coverage_is_valid(found)
    assert shapely.is_ccw(shapely.get_exterior_ring(found)).all()


def test_borders_of_both_levels_coincide_in_the_browser() -> None:
    points = [
        {
            tuple(point)
            for feature in json.loads(boundaries.geojson(level))["features"]
            for ring in feature["geometry"]["coordinates"]
            for point in ring
        }
        for level in LEVELS
    ]
    assert points[0] <= points[1]


def test_geojson_with_too_few_digits_is_refused() -> None:
    with pytest.raises(BoundaryError, match=r"0 decimals of a degree are too few.*Use 1"):
        boundaries.geojson("adm2", 0.0, 0)


@pytest.mark.parametrize("level", LEVELS)
def test_label_points_lie_well_inside(level: units.Level) -> None:
    places = boundaries.label_points(level)
    frame = boundaries.load().at(level)
    assert list(places) == list(frame.index)
    points = polygons.to_projected(shapely.points(list(places.values())))
    flat = polygons.to_projected(frame.geometry.to_numpy())
    depth = flat.boundary.distance(points)
    assert flat.contains(points).all()
    assert (depth >= 0.2 * np.sqrt(flat.area)).sum() >= 0.7 * len(flat)
    assert (depth >= 0.08 * np.sqrt(flat.area)).all()


def test_neighbours() -> None:
    assert boundaries.neighbours("LA01") == ("LA10", "LA11")
    assert "LA0102" in boundaries.neighbours("LA0101")
    for level in LEVELS:
        for code in boundaries.load().at(level).index:
            others = boundaries.neighbours(code)
            assert others
            assert code not in others
            assert all(code in boundaries.neighbours(other) for other in others)
    with pytest.raises(UnknownCodeError, match="'LA99'"):
        boundaries.neighbours("LA99")


def test_unknown_level_is_refused() -> None:
    with pytest.raises(UnknownCodeError, match="'adm3'"):
        boundaries.load().at("adm3")  # type: ignore[arg-type]


def rows() -> list[dict[str, str]]:
    return [dict(row) for row in units.rows("adm2").values()]


def broken(change: str) -> tuple[list[dict[str, str]], list[Any]]:
    """The districts with one thing wrong."""
    table, found = rows(), list(shapes("adm2"))
    x, y = shapely.get_coordinates(shapely.centroid(found[7]))[0]
    if change == "missing":
        return table[1:], found[1:]
    if change == "twice":
        return [table[0], *table[:-1]], found
    if change == "parent":
        table[0]["parent"] = "LA99"
    if change == "province":
        for row in table:
            row["parent"] = row["parent"].replace("LA18", "LA10")
    if change == "bow tie":
        found[0] = shapely.Polygon([(x, y), (x + 1, y + 1), (x + 1, y), (x, y + 1)])
    if change == "overlap":
        found[0] = shapely.buffer(found[0], 0.05)
    if change == "abroad":
        found = list(shapely.transform(found, lambda points: points + 20.0))
    if change == "gap":
        found[7] = shapely.difference(found[7], shapely.box(x - 0.01, y - 0.01, x + 0.01, y + 0.01))
    return table, found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("missing", "got 147 districts; expected 148"),
        ("twice", "got P-codes LA0101 more than once; expected each once"),
        ("parent", "got parents LA99; expected P-codes of provinces"),
        ("province", "got districts of 17 provinces; expected 18. None is in LA18"),
        ("bow tie", "got invalid polygons LA0101 .Self-intersection"),
        ("overlap", "the borders of LA0101, .* overlap"),
        ("abroad", "got bounds .* expected them within"),
        ("gap", "got 1 gaps between districts, the first at longitude"),
    ],
)
def test_bad_boundaries_are_refused_with_got_expected_and_next_step(change: str, message: str) -> None:
    with pytest.raises(BoundaryError, match=message) as caught:
        boundaries.assemble(*broken(change), "test.geojson", "")
    assert str(caught.value).startswith("test.geojson")
    assert "expected" in str(caught.value)


def test_sound_boundaries_are_taken() -> None:
    again = boundaries.assemble(*broken(""), "test.geojson", "digest")
    assert again.adm1.equals(boundaries.load().adm1)
    assert boundaries.geojson("adm1", of=again) == boundaries.geojson("adm1")
