"""``/files/<kind>?<view>``: the files that the pages offer, made when asked for; the address says what is in them."""

from __future__ import annotations

import asyncio
import gzip
import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from geo import filters, flows, library, matrix, news, pack, studio, studio_spec
from geo.dataset import Dataset
from geo.errors import GeoError, InputError
from geo.filters import Filters
from geo.store import StoreError
from pages._ui import cache, chart_files, file_links, matrix_parts, partner_flows, partner_overlaps, studio_files

LOG = logging.getLogger(__name__)
MAPS = ("csv", "xlsx", "png", "pdf", "pptx", "docx", "html", "iati", "hxl", "geojson", "gpkg", "parquet", "columns.csv")
PROBLEMS, FIXES = ("csv", "xlsx"), ("xlsx", "pdf")
STUDIO = ("png", "pdf", "svg", *studio_files.OFFICE)
GZIPPED = ("text/", "application/xml", "application/geo+json", "image/svg+xml")
MAKING = ThreadPoolExecutor(4, "files")  # that many at once: a printed page takes tens of megabytes
More = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class File:
    """A file: its bytes, its name and its media type."""

    body: bytes
    name: str
    media: str


def view_name(data: Dataset, found: Filters) -> str:
    """Return the stem of a file name by UN practice, such as LAO_sdg06_A4_20261123."""
    goals = "".join(f"_sdg{int(number):02d}" for number in found.sdg[:3])
    areas = "".join(f"_{code}" for code in found.area[:2])
    return f"{pack.settings().iso3}{goals}{areas}_A4_{data.published.replace('-', '')}"


def _map(kind: str, data: Dataset, found: Filters, _more: More) -> File:
    return File(cache.file(data, found, kind), view_name(data, found) + cache.name_end(kind), cache.MEDIA[kind])


def _matrix(data: Dataset, found: Filters, _more: More) -> File:
    cells = cache.matrix(data, matrix_parts.counted(found))
    name = f"{pack.settings().iso3}_goals_by_province_{data.published.replace('-', '')}.csv"
    return File(matrix.as_csv(cells, found).encode("utf-8-sig"), name, "text/csv")


def _flow(kind: str, data: Dataset, found: Filters, _more: More) -> File:
    _figures, mask = cache.selection(data, found)
    name = f"flows_donor_agency_goal.{kind}"
    if kind == "csv":
        return File(flows.paths_csv(flows.paths(data, mask)), name, "text/csv")
    return File(partner_flows.picture(flows.diagram(data, mask), found, labels=True), name, "image/svg+xml")


def _overlaps(data: Dataset, found: Filters, _more: More) -> File:
    rows = partner_overlaps.by_level(data, found)
    return File(flows.overlaps_csv(data, [*rows["adm2"], *rows["adm1"]]), "overlaps.csv", "text/csv")


def _problems(kind: str, data: Dataset, found: Filters, _more: More) -> File:
    return File(cache.problems_file(data.problems, kind, found.lang), f"problems.{kind}", cache.MEDIA[kind])


def _fixes(kind: str, data: Dataset, found: Filters, more: More) -> File:
    agency = more.get("of", "")
    if agency and agency not in data.agencies.names:
        raise InputError(
            f"No agency {agency!r} is in this data; expected one of the page's list. Choose it there anew."
        )
    made = cache.quality_file(data, agency, kind, found.lang)
    return File(made, f"{cache.quality_name(data, agency)}.{kind}", cache.MEDIA[kind])


def _studio(kind: str, data: Dataset, found: Filters, more: More) -> File:
    spec, problems = studio_spec.from_text(found.studio, found)
    pages = cache.studio_pages(data, spec)
    if problems or len(pages) != 1 or (kind in studio_files.OFFICE and pages[0].kind not in studio.ONE_MAP):
        raise InputError(f"These choices are no single page as {kind.upper()}. Make the file on the studio's page.")
    press = studio.press(spec, logo=studio_files.kept_logo(more.get("logo", "")))
    # Imported when first asked for: the writers of office files take half a second to load.
    from geo.export import pages as writers

    return File(writers.make(data, pages[0], press, kind), studio.name(pages[0], press, kind), studio_files.MIME[kind])


def _chart(kind: str, data: Dataset, found: Filters, more: More) -> File:
    parts = ("focus", "who", "goal")
    of = "_".join(re.sub(r"\W+", "_", getattr(found, name)) for name in parts if getattr(found, name))
    name = "_".join(filter(None, (pack.settings().iso3, of, kind, data.published.replace("-", ""))))
    if kind == "strips":
        drawn = chart_files.strips(data, found, more.get("page", "1"))
    else:
        drawn = {"years": chart_files.years, "provinces": chart_files.provinces}[kind](data, found)
    return File(drawn.encode(), f"{name}.svg", "image/svg+xml")


def _news(_data: Dataset, found: Filters, _more: More) -> File:
    items = news.apply(news.embedded().items, found)
    return File(news.as_csv(items), f"{pack.settings().iso3}_news.csv", "text/csv")


MAKERS: dict[str, Callable[[Dataset, Filters, More], File]] = {
    **{kind: partial(_map, kind) for kind in MAPS},
    **{f"problems.{kind}": partial(_problems, kind) for kind in PROBLEMS},
    **{f"fixes.{kind}": partial(_fixes, kind) for kind in FIXES},
    **{f"studio.{kind}": partial(_studio, kind) for kind in STUDIO},
    **{f"flow.{kind}": partial(_flow, kind) for kind in ("svg", "csv")},
    **{f"chart.{kind}.svg": partial(_chart, kind) for kind in ("years", "provinces", "strips")},
    "matrix.csv": _matrix,
    "news.csv": _news,
    "overlaps.csv": _overlaps,
}


def routes(base: str) -> list[Route]:
    """Return the route of the files, below the server's base path."""
    return [Route(f"{base}/{file_links.ROUTE}/{{kind:path}}", _answer, methods=["GET"])]


async def _answer(request: Request) -> Response:
    kind = request.path_params["kind"]
    if kind not in MAKERS:
        told = f"There is no file of the kind {kind[:40]!r}; expected one of {', '.join(MAKERS)}."
        return PlainTextResponse(told, status_code=404)
    try:
        packs = "gzip" in request.headers.get("accept-encoding", "")
        work = partial(_made, kind, request.query_params.multi_items(), packs)
        return await asyncio.get_running_loop().run_in_executor(MAKING, work)
    except StoreError:
        LOG.exception("the store did not answer for a file of kind %s", kind)
        return PlainTextResponse("The data cannot be read just now. Try again in a minute.", status_code=503)
    except GeoError as error:
        return PlainTextResponse(str(error), status_code=400)
    except Exception:  # a fault of ours: the log has it, the answer only says so
        LOG.exception("a file of kind %s failed", kind)
        told = "This file could not be made: a fault of ours. The operator finds the reason in the server's log."
        return PlainTextResponse(told, status_code=500)


def _made(kind: str, items: list[tuple[str, str]], packs: bool) -> Response:
    """Return the answer with a file.

    Raises:
        InputError: when the address names a filter that is not understood: none is left out in silence.
        GeoError: when the file cannot be made.
    """
    query: dict[str, list[str]] = {}
    for name, value in items:
        query.setdefault(name, []).append(value)
    data = library.at(query.get("version", [""])[-1])
    found, problems = filters.from_query(query, data)
    if problems:
        raise InputError(f"Got {problems[0].column}={problems[0].value!r}; expected {problems[0].expected}.")
    more: More = {name: query[name][-1] for name in ("of", "logo", "page") if name in query}
    file = MAKERS[kind](data, file_links.shown(kind, found), more)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding",
    }
    if packs and file.media.startswith(GZIPPED):
        body = gzip.compress(file.body, 6, mtime=0)
        return Response(body, media_type=file.media, headers={**headers, "Content-Encoding": "gzip"})
    return Response(file.body, media_type=file.media, headers=headers)
