"""Floor 7: a selection as GeoParquet 1.1: its activities with list columns and points in WGS 84."""

from __future__ import annotations

import io
import json

import pyarrow as pa

from geo import parquet
from geo.dataset import Dataset
from geo.export import dictionary, geopackage, records
from geo.filters import Filters

WORDS = pa.list_(pa.string())
NUMBERS = pa.list_(pa.int64())


def render(dataset: Dataset, filters: Filters) -> bytes:
    """Return the activities that the filters keep; the same bytes each time.

    The file's metadata hold ``about`` and ``columns`` (JSON); each field bears its description.
    """
    plain = io.BytesIO()
    geopackage.activity_frame(dataset, filters, lists=True).to_parquet(plain, index=False, schema_version="1.1.0")
    table = parquet.read(plain.getvalue())
    told = {one.column: one.meaning_en for one in dictionary.columns("activities")}
    fields = [_field(field, told.get(field.name, "")) for field in table.schema]
    metadata = {
        b"geo": table.schema.metadata[b"geo"],
        b"about": _json(records.about(dataset, filters)),
        b"columns": _json(dictionary.rows("activities")),
    }
    return parquet.to_bytes(table.cast(pa.schema(fields, metadata)))


def _field(field: pa.Field, meaning: str) -> pa.Field:
    """Return a column's field with its type, which an empty column alone does not show, and its description."""
    kind = NUMBERS if field.name == "sdgs" else WORDS if field.name in records.LISTED else field.type
    if pa.types.is_null(kind):
        kind = pa.string()
    return pa.field(field.name, kind, metadata={"description": meaning} if meaning else None)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
