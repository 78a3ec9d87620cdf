"""Floor 7: a selection as an OGC GeoPackage: its activities, its areas with their figures, and what the columns mean.

Layers ``activities`` (points) and ``areas`` (polygons of the view's level), tables ``columns`` (the data dictionary,
also as the standard's own column descriptions) and ``about``.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from geo import boundaries
from geo.crs import GEOGRAPHIC
from geo.dataset import Dataset
from geo.export import dictionary, records
from geo.fields import Fields
from geo.filters import Filters

ACTIVITIES, AREAS, DICTIONARY, ABOUT = "activities", "areas", "columns", "about"
INTEGERS = (Fields.PEOPLE_REACHED,)
FLOATS = (Fields.BUDGET_USD,)
# GeoPackage 1.3, extension "Schema": where programs look for a column's description.
_DESCRIBED = """
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
 description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name));
CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
 definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT,
 min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
 CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
"""


def render(dataset: Dataset, filters: Filters) -> bytes:
    """Return the activities that the filters keep, and the figures by area, as a GeoPackage in WGS 84."""
    about = records.about(dataset, filters)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.gpkg"
        _write(path, activity_frame(dataset, filters, lists=False), ACTIVITIES, "MultiPoint")
        _write(path, area_frame(dataset, filters), AREAS, "MultiPolygon")
        _write(path, pd.DataFrame(dictionary.rows()), DICTIONARY)
        told = pd.DataFrame([{"name": name, "value": str(value)} for name, value in about.items()])
        _write(path, told, ABOUT)
        settled = _settle(path, dataset.published, about["boundaries"])
        return settled.read_bytes()


def activity_frame(dataset: Dataset, filters: Filters, *, lists: bool) -> gpd.GeoDataFrame:
    """Return the activities as a frame in WGS 84; ``lists`` keeps list columns as lists, else ``;`` parts them."""
    found = list(records.activities(dataset, filters))
    columns: dict[str, Any] = {}
    for name in records.COLUMNS:
        values = [one.values[name] if lists else records.cell(one.values[name]) for one in found]
        kind = "Int64" if name in INTEGERS else "float64" if name in FLOATS else "object"
        columns[name] = pd.array(values, dtype=kind) if name in INTEGERS else pd.Series(values, dtype=kind)
    shapes = [shapely.MultiPoint(one.points) if one.points else None for one in found]
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=GEOGRAPHIC), crs=GEOGRAPHIC)


def area_frame(dataset: Dataset, filters: Filters) -> gpd.GeoDataFrame:
    """Return the areas of the view's level with their figures and their boundaries, WGS 84."""
    rows = records.areas(dataset, filters)
    frame = boundaries.load().at("adm2" if filters.level == "adm2" else "adm1")
    shapes = list(frame.geometry.loc[[row["pcode"] for row in rows]])
    made = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=gpd.GeoSeries(shapes, crs=GEOGRAPHIC), crs=GEOGRAPHIC)
    made["people_reached"] = pd.array(list(made["people_reached"]), dtype="Int64")
    return made


def _write(path: Path, frame: Any, layer: str, geometry: str = "") -> None:
    more = {"geometry_type": geometry, "promote_to_multi": True} if geometry else {}
    pyogrio.write_dataframe(frame, path, driver="GPKG", layer=layer, append=path.exists(), **more)


def _settle(path: Path, published: str, credit: str) -> Path:
    """Describe the columns and set what the writer takes from the clock; return the file written afresh.

    A file counts its changes, and how many they were hangs on the writer's timing: a fresh one has the same bytes.
    """
    settled = path.with_name("settled.gpkg")
    moment = f"{published or '1970-01-01'}"[:10] + "T00:00:00.000Z"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(_DESCRIBED)
        described = [(one.layer, one.column, one.column, one.meaning_en) for one in dictionary.columns()]
        insert = "INSERT INTO gpkg_data_columns (table_name, column_name, title, description) VALUES (?, ?, ?, ?)"
        database.executemany(insert, described)
        database.executemany(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')",
            [
                (table, "http://www.geopackage.org/spec121/#extension_schema")
                for table in ("gpkg_data_columns", "gpkg_data_column_constraints")
            ],
        )
        database.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))
        database.execute("UPDATE gpkg_contents SET description = ? WHERE table_name = ?", (credit, AREAS))
        database.execute("VACUUM INTO ?", (str(settled),))
    return settled
