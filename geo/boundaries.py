"""Floor 1: the country's boundaries.  ``load`` is the one door; copies for a use are derived and cached, never stored.

Only districts are stored (``boundaries/adm2.geojson`` of the pack); provinces are dissolved from them.  All geometry is
WGS 84 longitude and latitude in degrees.  The frames are shared: nobody changes them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import shapely

from geo import pack, polygons, units
from geo.crs import GEOGRAPHIC, projected
from geo.errors import BoundaryError, UnknownCodeError, shorten
from geo.resolver import NEAREST_M, Resolver
from geo.units import Level

FILE = "boundaries/adm2.geojson"
NEXT = "Restore it from the repository, or build it again with data/build_boundaries.py."
COLUMNS = ("pcode", "name_en", "name_lo", "parent")

# For the browser: both well below the kilometre to which the source itself is generalised (4 decimals are 11 m).
WEB_TOLERANCE_M = 200.0
WEB_DIGITS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """The administrative units, indexed by P-code in rising order, in WGS 84.

    ``adm2``: name_en, name_lo, parent (P-code of the province), area_km2, geometry.
    ``adm1``: the same with population (census of the pack's year); its geometry is dissolved from ``adm2``.
    ``digest``: SHA-256 of the file.
    """

    adm2: gpd.GeoDataFrame
    adm1: gpd.GeoDataFrame
    digest: str

    def at(self, level: Level) -> gpd.GeoDataFrame:
        """Return the units of ``level``.

        Raises:
            UnknownCodeError: when there is no such level.
        """
        if level not in ("adm1", "adm2"):
            raise UnknownCodeError(f"got level {level!r}; expected adm1 (provinces) or adm2 (districts).")
        return self.adm1 if level == "adm1" else self.adm2


@dataclass(frozen=True, slots=True)
class Source:
    """Where boundaries come from: the bytes of their file, what messages call it, and whom every map must name."""

    data: bytes
    name: str
    credit: str


_own: list[Source] = []  # of this process, empty for the pack's


@cache
def load() -> Boundaries:
    """Return the boundaries of this process, verified: the pack's, or those that ``use`` put in their place.

    Raises:
        BoundaryError: when the file cannot stand for the country: number of units, codes, parents, validity, gaps.
        PackError: when a file of the pack is missing.
    """
    return _read(_own[0].data, _own[0].name) if _own else _read(pack.path(FILE).read_bytes(), FILE)


def use(source: Source | None) -> None:
    """Take other districts than the pack's, or with None the pack's again; the present ones stay when they are refused.

    Call it before anything is drawn: what other modules made of the old ones stays as it was.

    Raises:
        BoundaryError: as ``load``.
    """
    if _own == ([] if source is None else [source]):
        return
    if source is not None:
        _read(source.data, source.name)
    _own[:] = [] if source is None else [source]
    for made in (load, simplified, geojson, label_points, _neighbours, resolver):
        made.cache_clear()


def credit() -> str:
    """Return whom every map must name for the boundaries of this process."""
    return _own[0].credit if _own else pack.settings().data["boundary_credit"]


def _read(data: bytes, name: str) -> Boundaries:
    properties, shapes, _ = polygons.read_features(data, name)
    for number, row in enumerate(properties, 1):
        if missing := [column for column in COLUMNS if not isinstance(row.get(column), str)]:
            raise BoundaryError(f"{name}: feature {number} lacks {', '.join(missing)}; expected text in each. {NEXT}")
    order = sorted(range(len(shapes)), key=lambda index: properties[index]["pcode"])
    rows = [{column: properties[index][column] for column in COLUMNS} for index in order]
    return assemble(rows, [shapes[index] for index in order], name, hashlib.sha256(data).hexdigest())


def assemble(rows: Sequence[Mapping[str, str]], shapes: Sequence[Any], name: str, digest: str) -> Boundaries:
    """Return verified boundaries from districts in the order of their P-codes; ``rows`` have ``COLUMNS``.

    Raises:
        BoundaryError: as ``load``.
    """
    codes = [row["pcode"] for row in rows]
    provinces = units.rows("adm1")
    _check_codes(codes, [row["parent"] for row in rows], list(provinces), name)
    polygons.check_valid(codes, shapes, name)
    polygons.check_coverage(codes, shapes, name)
    _check_extent(shapes, name)
    adm2 = _frame(rows, shapes)
    adm2["area_km2"] = polygons.area_km2(shapes)
    whole = polygons.dissolve(shapes, [row["parent"] for row in rows])
    _check_gaps(whole, name)
    adm1 = _frame([provinces[code] for code in whole], list(whole.values()))
    people = _people()
    adm1["population"] = [people[code] for code in whole]
    # Summed, not measured again: a province is the sum of its districts to the last digit.
    adm1["area_km2"] = adm2.groupby("parent")["area_km2"].sum().reindex(adm1.index)
    return Boundaries(adm2, adm1, digest)


def _people() -> dict[str, int]:
    """The population of each province at the census of the pack's year."""
    country = pack.settings()
    column = f"pop_census{country.census_year}"
    return {row["pcode"]: int(row[column]) for row in pack.rows(country.data["adm1_names"])}


def _frame(rows: Sequence[Mapping[str, str]], shapes: Sequence[Any]) -> gpd.GeoDataFrame:
    data = {column: [row[column] for row in rows] for column in COLUMNS}
    return gpd.GeoDataFrame(data, geometry=list(shapes), crs=GEOGRAPHIC).set_index("pcode")


def _check_codes(codes: Sequence[str], parents: Sequence[str], provinces: Sequence[str], name: str) -> None:
    country = pack.settings()
    if twice := sorted(code for code, times in Counter(codes).items() if times > 1):
        raise BoundaryError(
            f"{name}: got P-codes {shorten(', '.join(twice))} more than once; expected each once. {NEXT}"
        )
    if len(codes) != country.adm2:
        raise BoundaryError(f"{name}: got {len(codes)} districts; expected {country.adm2}. {NEXT}")
    if unknown := sorted(set(parents) - set(provinces)):
        raise BoundaryError(f"{name}: got parents {shorten(', '.join(unknown))}; expected P-codes of provinces. {NEXT}")
    if len(set(parents)) != country.adm1:
        lacking = sorted(set(provinces) - set(parents))
        raise BoundaryError(
            f"{name}: got districts of {len(set(parents))} provinces; expected {country.adm1}. "
            f"None is in {shorten(', '.join(lacking))}. {NEXT}"
        )


def _check_extent(shapes: Sequence[Any], name: str) -> None:
    west, south, east, north = pack.settings().bounds
    got = tuple(round(float(bound), 3) for bound in shapely.total_bounds(list(shapes)))
    if not (west <= got[0] <= got[2] <= east and south <= got[1] <= got[3] <= north):
        raise BoundaryError(
            f"{name}: got bounds {got} (west, south, east, north); expected them within "
            f"{(west, south, east, north)} degrees. {NEXT}"
        )


def _check_gaps(provinces: dict[str, Any], name: str) -> None:
    union = shapely.coverage_union_all(list(provinces.values()))
    holes = [shapely.polygons(ring) for part in shapely.get_parts(union) for ring in shapely.get_rings(part)[1:]]
    if holes:
        x, y = shapely.get_coordinates(shapely.point_on_surface(holes[0]))[0]
        raise BoundaryError(
            f"{name}: got {len(holes)} gaps between districts, the first at longitude {x:.3f}, latitude {y:.3f}; "
            f"expected none. {NEXT}"
        )


@cache
def simplified(level: Level, tolerance_m: float, of: Boundaries | None = None) -> gpd.GeoDataFrame:
    """Return a copy of a level with fewer vertices, WGS 84, the other columns as they are.

    Provinces are dissolved from the simplified districts, so that at one tolerance the borders of both levels coincide.
    ``tolerance_m`` is in metres (0 keeps every vertex; see ``polygons.simplify``).
    """
    bounds = of or load()
    thin = polygons.simplify(list(bounds.adm2.geometry), float(tolerance_m))
    if level == "adm1":
        thin = list(polygons.dissolve(thin, list(bounds.adm2["parent"])).values())
    frame = bounds.at(level)
    return frame.set_geometry(gpd.GeoSeries(thin, index=frame.index, crs=GEOGRAPHIC))


@cache
def geojson(
    level: Level, tolerance_m: float = WEB_TOLERANCE_M, digits: int = WEB_DIGITS, of: Boundaries | None = None
) -> bytes:
    """Return a level as compact GeoJSON for the browser: ids are P-codes, no other property; always the same bytes.

    Raises:
        BoundaryError: when ``digits`` decimals are too few for a border.
    """
    frame = simplified(level, tolerance_m, of)
    return polygons.encode(list(frame.index), list(frame.geometry), digits)


@cache
def label_points(level: Level, of: Boundaries | None = None) -> Mapping[str, tuple[float, float]]:
    """Return a point (longitude, latitude) well inside each unit: the centre of the largest circle in it."""
    frame = (of or load()).at(level)
    centres = polygons.inner_centres(frame.geometry.to_numpy())
    return MappingProxyType(dict(zip(frame.index, ((x, y) for x, y in centres.tolist()), strict=True)))


def neighbours(pcode: str, of: Boundaries | None = None) -> tuple[str, ...]:
    """Return the P-codes, sorted, of the units of the same level that share a piece of border with ``pcode``.

    Raises:
        UnknownCodeError: when no unit has this P-code.
    """
    bounds = of or load()
    for level in ("adm1", "adm2"):
        if pcode in bounds.at(level).index:
            return _neighbours(level, of)[pcode]
    raise UnknownCodeError(f"got P-code {pcode!r}; expected one of a province or district. See the list of areas.")


@cache
def _neighbours(level: Level, of: Boundaries | None) -> dict[str, tuple[str, ...]]:
    frame = (of or load()).at(level)
    codes = list(frame.index)
    found: dict[str, list[str]] = {code: [] for code in codes}
    for left, right in polygons.touching(list(frame.geometry)):
        found[codes[left]].append(codes[right])
    return {code: tuple(others) for code, others in found.items()}


@cache
def resolver(nearest_m: float = NEAREST_M, of: Boundaries | None = None) -> Resolver:
    """Return the resolver of points to the districts of ``load()`` (or ``of``), in the order of ``adm2.index``."""
    adm2 = (of or load()).adm2
    return Resolver.build(list(adm2.index), list(adm2.geometry), projected(), nearest_m=nearest_m)
