"""Floor 1: vector files (GeoPackage, zipped shapefile, GeoParquet) read in a child process that ``confined`` bounds.

The drivers that reach for other files or the network are switched off before GDAL is loaded; what is read is what
stands in the bytes.  Nothing here is called in the application's own process.
"""

from __future__ import annotations

import encodings.cp437
import encodings.cp1252
import encodings.latin_1  # noqa: F401 - codecs of names in archives and tables: the child opens no file later
import io
import json
import os
import zipfile
from collections.abc import Iterator
from typing import Any

KEPT = ("ESRI Shapefile", "GPKG", "MEM")  # without the last, which reads nothing, pyogrio does not load
# Every other driver that GDAL may have been built with; OGR_SKIP knows no "all but".
SKIPPED = (
    "ADBC,AIVector,AVCBin,AVCE00,AmigoCloud,Arrow,CAD,CSV,CSW,Carto,DGN,DXF,EDIGEO,EEDA,ESRIJSON,Elasticsearch,"
    "FlatGeobuf,GDALG,GML,GMLAS,GPSBabel,GPX,GTFS,GeoJSON,GeoJSONSeq,GeoRSS,HANA,HTTP,IDB,Idrisi,JML,JSONFG,KML,LIBKML,"
    "LVBAG,MBTiles,MSSQLSpatial,MVT,MapInfo File,MapML,MiraMonVector,MongoDBv3,MySQL,NAS,NGW,OAPIF,OCI,ODBC,"
    "ODS,OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,OSM,OpenFileGDB,PCIDSK,PDF,PDS4,PGDUMP,PLSCENES,PMTiles,Parquet,PostgreSQL,S57,"
    "SOSI,SQLite,SXF,Selafin,TIGER,TopoJSON,UK .NTF,VDV,VFK,VICAR,VRT,WAsP,WFS,WFS3,XLS,XLSX,XODR,netCDF"
)
os.environ["OGR_SKIP"] = SKIPPED
os.environ |= {"GDAL_CACHEMAX": "64", "OGR_SQLITE_LOAD_EXTENSIONS": "", "GDAL_NUM_THREADS": "1"}

import numpy as np  # noqa: E402 - what is set above must stand before GDAL is loaded
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
import pyogrio  # noqa: E402
import pyogrio.raw  # noqa: E402
import shapely  # noqa: E402

from geo.errors import InputError, shorten  # noqa: E402

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
MAX_UNPACKED = 256 * 1024 * 1024
MAX_FEATURES = 200_000
LAYER = "activities"  # of our own GeoPackage

Head = dict[str, Any]


def read(data: bytes, name: str, wanted: str) -> Iterator[Any]:
    """Yield what the file is, then its features: ``{"p": properties, "s": geometry type, "g": geometry}``.

    ``wanted`` is "points" (positions, longitude first) or "polygons" (WKB in hexadecimal digits).

    Raises:
        InputError: when the file is of none of the three kinds, or has several layers to choose from.
    """
    if data.startswith(b"PAR1"):
        head, columns, shapes = _parquet(data, name)
    elif data.startswith(b"PK"):
        head, columns, shapes = _ogr(_shapefile(data, name), name, wanted, "zipped shapefile")
    elif data.startswith(b"SQLite format 3"):
        head, columns, shapes = _ogr(data, name, wanted, "GeoPackage")
    else:
        raise InputError(f"{name} is no GeoPackage, GeoParquet or zipped shapefile. Expected one of them.")
    names = list(columns)
    yield {**head, "columns": names}
    for at, shape in enumerate(shapes):
        properties = {column: _value(columns[column][at]) for column in names}
        yield {"p": properties, **_geometry(shape, wanted)}


def drivers(data: bytes) -> Iterator[Any]:
    """Yield the names of the drivers that are left, for the tests."""
    yield sorted(pyogrio.list_drivers())


# ---- GDAL


def _ogr(data: bytes, name: str, wanted: str, kind: str) -> tuple[Head, dict[str, Any], Any]:
    layers = [(str(layer), str(shape or "")) for layer, shape in pyogrio.list_layers(data)]
    layer = _layer(layers, name, wanted)
    count = int(pyogrio.read_info(data, layer=layer)["features"])
    if count > MAX_FEATURES:
        raise InputError(f"{name} has {count:,} features. Expected at most {MAX_FEATURES:,}. Split the file.")
    meta, _fids, shapes, values = pyogrio.raw.read(data, layer=layer, force_2d=True)
    head = {"kind": kind, "layer": layer, "crs": _crs(meta["crs"]), "encoding": str(meta.get("encoding") or "UTF-8")}
    columns = dict(zip(map(str, meta["fields"]), values, strict=True))
    return head, columns, shapes if shapes is not None else [None] * count


def _layer(layers: list[tuple[str, str]], name: str, wanted: str) -> str:
    """Return the layer to read: ours, else the only one with a geometry."""
    placed = [layer for layer, shape in layers if shape]
    if wanted == "points" and LAYER in placed:
        return LAYER
    if wanted == "polygons":
        placed = [layer for layer, shape in layers if "Polygon" in shape or shape == "Unknown"]
    if len(placed) == 1:
        return placed[0]
    got = f"{len(placed)} layers ({shorten(', '.join(placed), 120)})" if placed else "no layer of " + wanted
    raise InputError(f"{name} has {got}. Expected one layer of {wanted}. Export that layer alone.")


def _shapefile(data: bytes, name: str) -> bytes:
    """Return an archive with the one shapefile of ``data``, flat and unpacked; no link in it is followed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = {info.filename: info for info in archive.infolist() if not info.is_dir()}
            shapes = [path for path in found if path.lower().endswith(".shp") and "__MACOSX" not in path]
            if len(shapes) != 1:
                listed = shorten(", ".join(sorted(shapes)), 120) or "none"
                raise InputError(f"{name} has {len(shapes)} shapefiles ({listed}). Expected one. Zip that one alone.")
            stem = shapes[0][:-4]
            parts = {path[len(stem) :].lower(): info for path, info in found.items() if path.startswith(stem + ".")}
            parts = {ending: info for ending, info in parts.items() if ending in SHAPEFILE_PARTS}
            if lacking := [ending for ending in (".shx", ".dbf", ".prj") if ending not in parts]:
                raise InputError(
                    f"{name} lacks the shapefile's {', '.join(lacking)}. Expected .shp, .shx, .dbf and .prj. "
                    "Zip all four."
                )
            if sum(info.file_size for info in parts.values()) > MAX_UNPACKED:
                raise InputError(f"{name} unpacks to more than {MAX_UNPACKED // 2**20} MB. Simplify the boundaries.")
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as flat:
                for ending, info in parts.items():
                    with archive.open(info) as member:
                        flat.writestr(f"layer{ending}", member.read(MAX_UNPACKED))
            return out.getvalue()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name} is a damaged or locked archive ({error}). Expected a zipped shapefile.") from error


def _crs(text: str | None) -> str:
    """Return "EPSG:4326" for WGS 84, else what the file says, "" for nothing."""
    if not text:
        return ""
    plain = text.replace(" ", "")
    if plain.upper() in ("EPSG:4326", "OGC:CRS84"):
        return "EPSG:4326"
    geographic = plain.upper().startswith(("GEOGCS[", "GEOGCRS["))
    wgs84 = 'AUTHORITY["EPSG","4326"]]' in plain[-30:] or plain[:26].upper().startswith(
        ('GEOGCS["WGS84"', 'GEOGCS["GCS_WGS_1984"', 'GEOGCRS["WGS84"')
    )
    return "EPSG:4326" if geographic and wgs84 else shorten(text, 80)


# ---- Parquet


def _parquet(data: bytes, name: str) -> tuple[Head, dict[str, Any], Any]:
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        _bound(file.metadata, name)
        table = file.read(use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{name} is no whole Parquet file ({shorten(str(error), 120)}). Export it again.") from error
    try:
        geo = json.loads((table.schema.metadata or {})[b"geo"])
        column = str(geo["primary_column"])
        told = geo["columns"][column]
        encoding, crs = told["encoding"], told.get("crs", {"id": {"authority": "OGC", "code": "CRS84"}})
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise InputError(
            f"{name} is Parquet, but no GeoParquet. Expected its metadata 'geo'. Export it again."
        ) from error
    if encoding != "WKB" or column not in table.column_names:
        raise InputError(f"{name} keeps its geometry as {shorten(str(encoding), 40)}. Expected WKB. Export it so.")
    columns = {each: table.column(each).to_pylist() for each in table.column_names if each != column}
    head = {"kind": "GeoParquet", "layer": "", "crs": _projjson(crs), "encoding": "utf-8"}
    return head, columns, table.column(column).to_pylist()


def _bound(metadata: Any, name: str) -> None:
    size = sum(metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups))
    if metadata.num_rows > MAX_FEATURES or size > MAX_UNPACKED:
        raise InputError(
            f"{name} has {metadata.num_rows:,} rows of {size / 2**20:.0f} MB. Expected at most {MAX_FEATURES:,} rows "
            f"and {MAX_UNPACKED // 2**20} MB. Split the file."
        )


def _projjson(crs: Any) -> str:
    if not isinstance(crs, dict):
        return ""
    own = crs.get("id")
    named = (str(own.get("authority")), str(own.get("code"))) if isinstance(own, dict) else ("", "")
    if named == ("OGC", "CRS84"):
        return "EPSG:4326"
    if named[0] == "EPSG":
        return shorten(":".join(named), 80)
    return shorten(str(crs.get("name", "")), 80)


# ---- values


def _value(value: Any) -> Any:
    """Return a value as JSON holds it."""
    if isinstance(value, np.generic):
        value = None if value.dtype.kind == "M" and np.isnat(value) else value.item()
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list):
        return [_value(part) for part in value]
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, dict):
        return {}  # told apart from nothing: the reader says that it holds no text
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _geometry(raw: bytes | None, wanted: str) -> dict[str, Any]:
    if raw is None:
        return {"s": "", "g": [] if wanted == "points" else None}
    try:
        shape = shapely.force_2d(shapely.from_wkb(raw))
    except shapely.errors.GEOSException:
        return {"s": "a damaged geometry", "g": [] if wanted == "points" else None}
    if wanted == "points":
        positions = shapely.get_coordinates(shape).tolist() if shape.geom_type in ("Point", "MultiPoint") else []
        return {"s": shape.geom_type, "g": [[_value(part) for part in position] for position in positions]}
    return {"s": shape.geom_type, "g": shapely.to_wkb(shape, hex=True)}
