"""Points to districts: the raster with its exact test gives what testing every polygon gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo import boundaries, polygons, units
from geo.errors import BoundaryError
from geo.pack import settings
from geo.resolver import NEAREST_M, Resolver, Where

Floats = NDArray[np.float64]


def shapes() -> NDArray[Any]:
    return np.asarray(boundaries.load().adm2.geometry.to_numpy())


def brute(x: Floats, y: Floats) -> NDArray[np.int64]:
    """The first district that holds or touches each point, -1 for none."""
    best = np.full(len(x), -1)
    for index in reversed(range(len(shapes()))):
        best[shapely.intersects_xy(shapes()[index], x, y)] = index
    return best


def nearest(x: Floats, y: Floats) -> tuple[NDArray[np.int64], Floats]:
    """The nearest district of each point in the projected CRS, and how far it is in metres."""
    to_flat = pyproj.Transformer.from_crs("EPSG:4326", settings().projected_crs, always_xy=True).transform
    flat = polygons.to_projected(shapes()).to_numpy()
    away = np.asarray(shapely.distance(flat[:, None], shapely.points(*to_flat(x, y))[None, :]))
    return away.argmin(axis=0), away.min(axis=0)


def scattered(count: int, seed: int) -> tuple[Floats, Floats]:
    west, south, east, north = settings().bounds
    random = np.random.default_rng(seed)
    return random.uniform(west, east, count), random.uniform(south, north, count)


def test_random_points_as_by_brute_force() -> None:
    x, y = scattered(20_000, 1)
    found = boundaries.resolver().resolve(x, y)
    inside = brute(x, y)
    assert (np.where(found.where == Where.INSIDE, found.index, -1) == inside).all()
    assert len(set(inside.tolist())) > 140


def test_vertices_and_points_on_borders_have_exactly_one_district() -> None:
    """Vertices and middles of edges are where rounding bites: within some ten nanometres either side."""
    points, owner = shapely.get_coordinates(shapes(), return_index=True)
    middles = ((points[1:] + points[:-1]) / 2)[owner[1:] == owner[:-1]]
    x, y = np.vstack([points, middles]).T
    found = boundaries.resolver().resolve(x, y)
    expected = brute(x, y)
    inside = expected >= 0
    assert (found.index[inside] == expected[inside]).all()
    assert (found.where[inside] == Where.INSIDE).all()
    assert (found.index >= 0).all()  # a border of the country that rounding puts outside goes to the nearest
    shared = [
        index for index in np.flatnonzero(inside)[:400] if shapely.intersects_xy(shapes(), x[index], y[index]).sum() > 1
    ]
    assert len(shared) > 50
    for index in shared:
        assert found.index[index] == np.flatnonzero(shapely.intersects_xy(shapes(), x[index], y[index]))[0]


@pytest.mark.parametrize("size", [8, 64, 2048])
def test_the_size_of_the_raster_changes_no_answer(size: int) -> None:
    other = Resolver.build(list(boundaries.load().adm2.index), list(shapes()), settings().projected_crs, size=size)
    x, y = scattered(3_000, 2)
    ours, theirs = boundaries.resolver().resolve(x, y), other.resolve(x, y)
    assert (ours.index == theirs.index).all()
    assert (ours.where == theirs.where).all()


def test_just_outside_goes_to_the_nearest_and_farther_is_a_problem() -> None:
    whole = shapely.union_all(shapes())
    random = np.random.default_rng(3)
    ring = shapely.get_coordinates(shapely.segmentize(shapely.get_exterior_ring(whole), 0.02))
    x, y = (ring + random.normal(0, 0.02, ring.shape)).T
    outside = ~shapely.intersects_xy(whole, x, y)
    x, y = x[outside], y[outside]
    found = boundaries.resolver().resolve(x, y)
    district, metres = nearest(x, y)
    near = metres <= NEAREST_M
    assert 50 < near.sum() < len(x) - 50
    assert (found.where == np.where(near, Where.NEAREST, Where.FAR)).all()
    assert (found.index == np.where(near, district, -1)).all()
    strict = boundaries.resolver(0.0).resolve(x, y)
    assert (strict.where == Where.FAR).all()


def test_swapped_points_are_told_and_never_placed() -> None:
    points, owners = units.reference_points("adm2")
    lon, lat = shapely.get_coordinates(points).T
    found = boundaries.resolver().resolve(lat, lon)
    assert (found.where == Where.SWAPPED).all()
    assert (found.index == -1).all()
    assert [found.codes[index] for index in found.candidate] == list(owners)


def test_each_reference_point_is_in_its_district() -> None:
    points, owners = units.reference_points("adm2")
    found = boundaries.resolver().resolve(*shapely.get_coordinates(points).T)
    assert [found.code(index) for index in range(len(owners))] == list(owners)


@pytest.mark.parametrize(
    ("lon", "lat", "where"),
    [
        (np.nan, 18.0, Where.INVALID),
        (102.6, np.inf, Where.INVALID),
        (-np.inf, np.nan, Where.INVALID),
        (1e300, 1e300, Where.INVALID),
        (1026.0, 18.0, Where.INVALID),
        (0.0, 0.0, Where.FAR),
        (100.5, 13.75, Where.FAR),
        (180.0, -90.0, Where.FAR),
        (17.97, 102.6, Where.SWAPPED),
        (102.6, 17.94, Where.NEAREST),
    ],
)
def test_odd_points(lon: float, lat: float, where: Where) -> None:
    found = boundaries.resolver().resolve([lon], [lat])
    assert Where(int(found.where[0])) is where
    assert bool(found.code(0)) == (where is Where.NEAREST)


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=30))
def test_any_number_has_one_answer_and_inputs_stay(points: list[tuple[float, float]]) -> None:
    lon, lat = (np.array([point[axis] for point in points], dtype=float) for axis in (0, 1))
    before = lon.copy(), lat.copy()
    found = boundaries.resolver().resolve(lon, lat)
    assert len(found.index) == len(found.where) == len(found.candidate) == len(points)
    assert ((found.index >= 0) == np.isin(found.where, [Where.INSIDE, Where.NEAREST])).all()
    assert ((found.candidate >= 0) == (found.where == Where.SWAPPED)).all()
    assert np.array_equal(before[0], lon, equal_nan=True)
    assert np.array_equal(before[1], lat, equal_nan=True)


def test_no_points_and_uneven_ones() -> None:
    assert len(boundaries.resolver().resolve([], []).index) == 0
    with pytest.raises(ValueError, match="2 longitudes and 1 latitudes"):
        boundaries.resolver().resolve([1, 2], [3])


def test_polygons_with_holes_islands_and_several_parts() -> None:
    """A square with a hole, an island of another in the hole, and a second part: the fill must keep them apart."""
    ring = shapely.Polygon(shapely.box(0, 0, 10, 10).exterior, [shapely.box(3, 3, 7, 7).exterior])
    holed = shapely.MultiPolygon([ring, shapely.box(12, 0, 14, 3)])
    both = [holed, shapely.box(4, 4, 6, 6)]
    resolver = Resolver.build(["a", "b"], both, "EPSG:3857", nearest_m=0.0, size=40)
    x, y = np.random.default_rng(4).uniform(-1, 15, (2, 5_000))
    expected = np.where(shapely.intersects_xy(both[0], x, y), 0, np.where(shapely.intersects_xy(both[1], x, y), 1, -1))
    assert (resolver.resolve(x, y).index == expected).all()
    assert set(expected.tolist()) == {-1, 0, 1}


@pytest.mark.parametrize("bad", [[], [shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)]])
def test_what_is_no_coverage_is_refused(bad: list[Any]) -> None:
    with pytest.raises(BoundaryError, match="expected 1 to 32,767"):
        Resolver.build(["a"] * len(bad), bad, "EPSG:3857")
