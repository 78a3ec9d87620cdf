"""Floor 7: the files in which a selection is given away as data, for a page, a command and the API alike."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from geo.dataset import Dataset
from geo.filters import Filters

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Format:
    """One format: how its file's name ends, its media type, what it is, and the function that makes it.

    ``tail`` stands before the ending where another format ends the same.
    """

    ending: str
    media: str
    text: str
    module: str
    function: str = "render"
    tail: str = ""

    @property
    def name_end(self) -> str:
        """What follows the name of a view in the name of its file."""
        return f"{self.tail}.{self.ending}"


# A line here adds a format to the command, and its key to the page's downloads gives it a button.
FORMATS: dict[str, Format] = {
    "csv": Format("csv", "text/csv", "CSV", "csvfile", "activities"),
    "xlsx": Format("xlsx", SHEET, "Excel workbook", "xlsx"),
    "geojson": Format("geojson", "application/geo+json", "GeoJSON", "geojson"),
    "gpkg": Format("gpkg", "application/geopackage+sqlite3", "GeoPackage", "geopackage"),
    "parquet": Format("parquet", "application/vnd.apache.parquet", "GeoParquet", "geoparquet"),
    "columns.csv": Format("csv", "text/csv", "what every column means", "dictionary", tail="_columns"),
    "iati": Format("xml", "application/xml", "IATI 2.03", "iati", tail="_iati"),
    "hxl": Format("csv", "text/csv", "HXL 3W", "hxl", tail="_hxl"),
}


def render(dataset: Dataset, filters: Filters, key: str) -> bytes:
    """Return a selection in the format of that key; the same bytes for the same view.

    Raises:
        InputError: when the data has no date and the format needs one.
        KeyError: when there is no such format.
    """
    one = FORMATS[key]
    # Imported when first asked for: some writers take half a second to load.
    make: Callable[[Dataset, Filters], bytes] = getattr(
        importlib.import_module(f"geo.export.{one.module}"), one.function
    )
    return make(dataset, filters)
