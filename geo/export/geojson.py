"""Floor 7: a selection as GeoJSON (RFC 7946), a feature for each activity; nationwide and unlocated ones without place.

Beside the features stand, as foreign members, what the file is (``about``) and its data dictionary (``columns``).
"""

from __future__ import annotations

import json
from typing import Any

from geo.dataset import Dataset
from geo.export import dictionary, records
from geo.export.records import Record
from geo.fields import Fields
from geo.filters import Filters


def render(dataset: Dataset, filters: Filters) -> bytes:
    """Return the activities that the filters keep as a FeatureCollection in UTF-8; the same bytes each time."""
    head = {
        "type": "FeatureCollection",
        "about": records.about(dataset, filters),
        "columns": dictionary.rows("activities"),
    }
    lines = [_text(feature(one)) for one in records.activities(dataset, filters)]
    # A feature on each line: two versions can be compared with any tool that compares lines.
    body = ",\n".join(lines)
    return f'{_text(head)[:-1]},"features":[\n{body}\n]}}\n'.encode()


def feature(one: Record) -> dict[str, Any]:
    """Return an activity as a feature whose id is the activity's."""
    points = [list(point) for point in one.points]
    geometry = {"type": "MultiPoint", "coordinates": points} if points else None
    return {"type": "Feature", "id": one.values[Fields.ACTIVITY_ID], "properties": one.values, "geometry": geometry}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
