"""The only ``st.cache_*``: shared, read-only values by the data's digest and the filters, never by a frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from geo import (
    boundaries,
    boundary_file,
    boundary_report,
    filters,
    intake,
    library,
    mapspec,
    printmap,
    quality,
    smallmap,
    store,
    studio,
    tables,
    versions,
    webmap,
)
from geo import matrix as matrices
from geo.boundary_file import UserFile
from geo.boundary_report import Report
from geo.code_columns import Mask
from geo.dataset import Dataset
from geo.errors import BoundaryError, Problem, shorten
from geo.export import formats
from geo.filters import Filters
from geo.intake import Intake
from geo.mapspec import MapSpec
from geo.matrix import Matrix
from geo.printmap import Logo
from geo.quality import Fix
from geo.readers import RawTable
from geo.repairs import Repair
from geo.studio import Leaf, StudioSpec
from geo.summary import Summary
from geo.versions import Comparison
from pages._ui import mapfiles

OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA = {
    **{key: one.media for key, one in formats.FORMATS.items()},
    "docx": f"{OFFICE}.wordprocessingml.document",
    "html": "text/html",
    "pdf": "application/pdf",
    "png": "image/png",
    "pptx": f"{OFFICE}.presentationml.presentation",
}


def dataset() -> Dataset:
    """Return the data of this view: the newest, or the version that its link is pinned to.

    The same object until somebody publishes or decides.
    """
    return library.at((st.query_params.get_all("version") or [""])[-1])


def newest() -> Dataset:
    """Return the data that everybody sees without a pin; what the staff works on."""
    return library.current()


def intake_table(data: bytes, digest: str, name: str, kind: str, sheet: str) -> RawTable:
    """Return the cells of an uploaded file as they came; ``digest`` is that of its bytes.

    Raises:
        InputError: when the file cannot be read.
    """
    return _intake_table(data, digest, name, kind, sheet)


def intake_of(
    table: RawTable, digest: str, name: str, mapping: tuple[tuple[str, str], ...], mended: tuple[Repair, ...]
) -> Intake:
    """Return what an uploaded file gives with a person's columns and repairs.

    Raises:
        InputError: when a column is missing without which there is no activity.
    """
    return _intake_of(table, digest, name, table.kind, table.sheet, mapping, mended)


def candidate(found: Intake, base: int | None) -> Dataset:
    """Return the data as they would be with an uploaded file, on top of a version (0: embedded) or alone (None).

    Raises:
        GeoError: when the version cannot be read.
    """
    return _candidate(found, found.state, base, store.shared_store().stamp())


def comparison(before: Dataset, after: Dataset) -> Comparison:
    """Return what differs between two states of the data."""
    return _comparison(before, after, before.digest, after.digest)


def problems_file(found: tuple[Problem, ...], kind: str, language: str) -> bytes:
    """Return problems as a file to send back; ``kind`` is "csv" or "xlsx"."""
    from geo.export import problems  # imported when first asked for, as in ``_file``

    return problems.render(found, kind, language)


def fixes(data: Dataset, agency: str, language: str) -> tuple[Fix, ...]:
    """Return what an agency ("": every one) could mend."""
    return _fixes(data, data.digest, agency, language)


def quality_file(data: Dataset, agency: str, kind: str, language: str) -> bytes:
    """Return what an agency could mend as a file; ``kind`` is "xlsx" or "pdf"."""
    from geo.export import quality as files

    return files.render(data, agency, kind, language)


def quality_name(data: Dataset, agency: str) -> str:
    """Return the stem of the name of that file."""
    from geo.export import quality as files

    return files.name(data, agency)


@dataclass(frozen=True, slots=True)
class Checked:
    """A person's file of boundaries: taken, with its report, or refused, with ``fault``; ``picture`` may be ""."""

    found: UserFile | None
    report: Report | None
    picture: str
    fault: str = ""


def checked_boundaries(data: bytes, digest: str, name: str, language: str) -> Checked:
    """Return what was found in a file of boundaries, checked once."""
    return _checked_boundaries(data, digest, name, language)


@st.cache_resource(max_entries=3, show_spinner=False)
def _checked_boundaries(_data: bytes, digest: str, name: str, language: str) -> Checked:
    called = shorten(name, 60)
    try:
        found = boundary_file.read_user_file(_data, called)
    except BoundaryError as error:
        shapes, colours = boundary_report.sketch(_data, called)
        return Checked(None, None, smallmap.picture_of(shapes, colours, times=4) if shapes else "", str(error))
    report = boundary_report.build(found, language)
    drawn = {row["pcode"]: shape for row, shape in zip(found.rows, found.shapes, strict=True)}
    fills = {code: boundary_report.colour(share) for code, share in report.shares.items()}
    return Checked(found, report, smallmap.picture_of(drawn, fills, times=4))


def plain(found: Filters) -> Filters:
    """Return a view without what merely stands open in it, so that views that show the same share their figures."""
    return replace(found, focus="", activity="", goal="", who="", kind=())


def selection(data: Dataset, found: Filters) -> tuple[Summary, Mask]:
    """Return the figures of a view and the rows behind them."""
    return _selection(data, data.digest, plain(found))


def spec(data: Dataset, found: Filters) -> MapSpec:
    """Return the map of a view."""
    return _spec(data, data.digest, plain(found))


def matrix(data: Dataset, found: Filters) -> Matrix:
    """Return the goals by provinces of a view."""
    return _matrix(
        data, data.digest, replace(found.without_view(), view=found.view, method=found.method, basis=found.basis)
    )


def facets(data: Dataset, found: Filters) -> dict[str, Mask]:
    """Return the rows that each filter keeps by itself."""
    return _facets(data, data.digest, found.without_view())


def file(data: Dataset, found: Filters, kind: str) -> bytes:
    """Return a view as a file; ``kind`` is one of ``MEDIA``."""
    return _file(data, data.digest, plain(found), kind)


def name_end(kind: str) -> str:
    """Return what follows the name of a view in the name of its file."""
    return formats.FORMATS[kind].name_end if kind in formats.FORMATS else f".{kind}"


def studio_pages(data: Dataset, spec: StudioSpec) -> tuple[Leaf, ...]:
    """Return the pages of the studio's choices."""
    return _studio_pages(data, data.digest, spec)


def studio_picture(data: Dataset, spec: StudioSpec, number: int, dpi: int, logo: Logo | None) -> bytes:
    """Return one page of the studio's choices, counted from 0, as a PNG."""
    return _studio_picture(data, data.digest, spec, number, dpi, logo)


def points(data: Dataset, found: Filters) -> str:
    """Publish the activity points of a view (one for each district of an activity) and return their address."""
    return mapfiles.publish_points(_points(data, data.digest, found.view))


def delta(data: Dataset, found: Filters) -> dict[str, object]:
    """Return what the map on the page must change to show a view."""
    _figures, mask = selection(data, found)
    on = mask[data.places(found.view).adm2.rows]
    bits = np.packbits(on, bitorder="little").tobytes()
    return webmap.delta(spec(data, found), point_mask=bits, selected=found.focus)


@st.cache_resource(max_entries=8, show_spinner=False)
def _points(_data: Dataset, digest: str, view: str) -> bytes:
    column = _data.places(view).adm2
    where = boundaries.label_points("adm2")
    return webmap.point_table(where[column.names[item]] for item in column.items)


@st.cache_resource(max_entries=60, show_spinner=False)
def _fixes(_data: Dataset, digest: str, agency: str, language: str) -> tuple[Fix, ...]:
    return quality.fix_list(_data, agency, language)


@st.cache_resource(max_entries=500, show_spinner=False)
def _selection(_data: Dataset, digest: str, found: Filters) -> tuple[Summary, Mask]:
    return tables.summarise(_data, found)


@st.cache_resource(max_entries=500, show_spinner=False)
def _spec(_data: Dataset, digest: str, found: Filters) -> MapSpec:
    return mapspec.build(_data, found)


@st.cache_resource(max_entries=100, show_spinner=False)
def _matrix(_data: Dataset, digest: str, found: Filters) -> Matrix:
    return matrices.of(_data, found)


@st.cache_resource(max_entries=200, show_spinner=False)
def _facets(_data: Dataset, digest: str, found: Filters) -> dict[str, Mask]:
    return filters.facets(_data, found)


@st.cache_resource(max_entries=20, show_spinner=False)
def _studio_pages(_data: Dataset, digest: str, spec: StudioSpec) -> tuple[Leaf, ...]:
    return studio.leaves(_data, spec)


@st.cache_resource(max_entries=60, show_spinner=False)
def _studio_picture(_data: Dataset, digest: str, spec: StudioSpec, number: int, dpi: int, logo: Logo | None) -> bytes:
    return printmap.picture(studio_pages(_data, spec)[number], studio.press(spec, dpi=dpi, logo=logo))


@st.cache_resource(max_entries=50, show_spinner=False)
def _file(_data: Dataset, digest: str, found: Filters, kind: str) -> bytes:
    # Imported when first asked for: the writers of office files take half a second to load.
    if kind in formats.FORMATS:
        return formats.render(_data, found, kind)
    from geo.export import docx, html, pptx

    makers = {"docx": docx.render, "html": html.render, "pptx": pptx.render}
    if kind in makers:
        return makers[kind](_data, found)
    spec = StudioSpec(found)
    return printmap.picture(studio.leaves(_data, spec)[0], studio.press(spec), kind)


@st.cache_resource(max_entries=4, show_spinner=False)
def _intake_table(_data: bytes, digest: str, name: str, kind: str, sheet: str) -> RawTable:
    return intake.raw(_data, name, kind, sheet)


@st.cache_resource(max_entries=8, show_spinner=False)
def _intake_of(
    _table: RawTable,
    digest: str,
    name: str,
    kind: str,
    sheet: str,
    mapping: tuple[tuple[str, str], ...],
    mended: tuple[Repair, ...],
) -> Intake:
    return intake.examine(_table, digest, name, dict(mapping), mended)


@st.cache_resource(max_entries=4, show_spinner=False)
def _candidate(_found: Intake, state: str, base: int | None, stamp: str) -> Dataset:
    kept = store.shared_store()
    return library.decided(library.stacked((*library.layers(kept, base), _found)), kept.decisions())


@st.cache_resource(max_entries=8, show_spinner=False)
def _comparison(_before: Dataset, _after: Dataset, before: str, after: str) -> Comparison:
    return versions.compare(_before, _after)
