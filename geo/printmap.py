"""Floor 6: pages as files: PNG, PDF (PDF/UA-1) or SVG, the same bytes for the same pages.

The document is one Typst template (data/typst/map.typ); a page's words reach it as JSON, never as markup.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import Any, Literal

import typst

from geo import pack, print_halo, print_svg, provenance
from geo.errors import GeoError, InputError
from geo.mapspec import MapSpec
from geo.print_page import page
from geo.print_spec import Leaf
from geo.print_spec import paper as sheet_of
from geo.print_text import fonts_folder

Format = Literal["png", "pdf", "svg"]
Progress = Callable[[int, int], None]  # pages done, of how many
FORMATS: tuple[Format, ...] = ("png", "pdf", "svg")
DPI = (36, 1200)
INCH = 0.0254
PNG_HEADER = 8 + 25  # the signature and the IHDR chunk, after which ours may stand
_TOFU = "could not be displayed"
_lock = Lock()  # one compiler is shared: it keeps its fonts and its memory of what it has set


class PrintError(GeoError, RuntimeError):
    """The typesetter refused a page."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A user's logo, re-encoded: an SVG drawing that holds one picture, its size in page points, and its words."""

    svg: str
    width: float
    height: float
    alt: str


@dataclass(frozen=True, slots=True)
class Press:
    """How pages are printed: paper, orientation, resolution of a PNG, and a logo for each page's head."""

    paper: str = "a4"
    orientation: str = "landscape"
    dpi: int = 300
    logo: Logo | None = None


def render(
    spec: MapSpec, *, format: str = "png", paper: str = "a4", dpi: int = 300, orientation: str = "landscape"
) -> bytes:
    """Return the page of ``spec`` with ranked bars as a file's bytes; ``format`` is png, pdf or svg.

    ``paper`` is one of ``print_spec.PAPERS``; ``dpi`` is the resolution of a PNG.

    Raises:
        InputError: when the format, paper, resolution or date is none.
        UnknownCodeError: when the spec names an area that the boundaries do not have.
        PackError: when a font or the template is missing.
        PrintError: when the typesetter refuses the page.
    """
    leaf = Leaf("ranked", (spec,), spec.title, spec.subtitle)
    press = Press(paper, orientation, dpi)
    return pdf((leaf,), press) if format == "pdf" else picture(leaf, press, format)


def picture(leaf: Leaf, press: Press, format: str = "png") -> bytes:
    """Return one page as PNG or SVG.

    Raises:
        InputError: when the format, paper, resolution or date is none.
        PrintError: when the typesetter refuses the page.
    """
    kind = next((known for known in FORMATS if known == format), None)
    if kind is None:
        raise InputError(f"Format {format!r} is unknown; expected one of {', '.join(FORMATS)}.")
    if kind == "pdf":
        return pdf((leaf,), press)
    content, made = _set((leaf,), press, kind)
    title, description = content["title"], content["description"]
    if kind == "svg":
        return provenance.into_svg(print_svg.finish(made), leaf.view, title, description)
    texts = {"Title": title, "Description": description, **provenance.png_texts(leaf.view)}
    return _with_metadata(made, press.dpi, texts)


def pdf(leaves: Sequence[Leaf], press: Press, progress: Progress | None = None) -> bytes:
    """Return the pages as one PDF/UA-1 document with bookmarks; ``progress`` is told of each page composed.

    Raises:
        InputError: when there is no page, or the paper or a date is none.
        PrintError: when the typesetter refuses a page.
    """
    if not leaves:
        raise InputError("There is no page to print; expected at least one. Choose a province or a goal.")
    return _set(leaves, press, "pdf", progress)[1]


def _set(
    leaves: Sequence[Leaf], press: Press, format: Format, progress: Progress | None = None
) -> tuple[dict[str, Any], bytes]:
    """Return the document's data and its bytes; letters that no font has are replaced on a second attempt."""
    if not DPI[0] <= press.dpi <= DPI[1]:
        raise InputError(f"A resolution of {press.dpi} dpi cannot be printed; expected {DPI[0]} to {DPI[1]}.")
    content = _document(leaves, press, format, progress=progress)
    try:
        return content, _compile(content, format, press.dpi)
    except typst.TypstError as error:
        if _TOFU not in str(error):
            raise PrintError(f"The page could not be set: {error}. Report it with the link of the view.") from error
    content = _document(leaves, press, format, strict=True)
    return content, _compile(content, format, press.dpi)


def _document(
    leaves: Sequence[Leaf], press: Press, format: Format, *, strict: bool = False, progress: Progress | None = None
) -> dict[str, Any]:
    sheet = sheet_of(press.paper, press.orientation)
    pages = []
    for at, leaf in enumerate(leaves):
        one = page(leaf, paper=press.paper, orientation=press.orientation, strict=strict)
        pages.append({**one, "maps": [_outlined(part) for part in one["maps"]]} if format == "pdf" else one)
        if progress:
            progress(at + 1, len(leaves))
    first, spec = pages[0], leaves[0].spec
    logo = press.logo
    shown = {"svg": logo.svg, "width": logo.width, "height": logo.height, "alt": logo.alt} if logo else None
    told = provenance.keywords(leaves[0].view) or [f"data {spec.digest[:12]}", f"rule {spec.rule_version}"]
    head = {name: first[name] for name in ("lang", "title", "description", "author", "date")}
    size = {"width": sheet.width, "height": sheet.height, "unit": sheet.unit}
    return {**head, **size, "keywords": told, "logo": shown, "pages": pages}


def _outlined(part: dict[str, Any]) -> dict[str, Any]:
    """Return a map with its labels' halos as a drawing: text that is copied once."""
    halos = print_halo.drawing(part, _lines)
    return {**part, "halos": halos, "labels": [{**label, "halo": None} for label in part["labels"]]}


def _lines(lines: list[tuple[str, int]]) -> list[bytes]:
    """Return each line of text as an SVG of its own."""
    compiler, _template = _compiler()
    with _lock:
        made = compiler.compile(
            input=pack.path("typst/halo.typ").read_bytes(),
            format="svg",
            sys_inputs={"data": '{"unit":1}', "lines": json.dumps(lines, ensure_ascii=False)},
            timestamp=0,
        )
    return made if isinstance(made, list) else [made] if made else []


def file_name(
    spec: MapSpec, *, goals: tuple[int, ...] = (), paper: str = "a4", format: str = "png", kind: str = ""
) -> str:
    """Return the file's name in the manner of UN map series, such as ``LAO_sdg06_A4_20261123.png``."""
    theme = "sdg" + "-".join(f"{goal:02d}" for goal in goals) if goals else "sdg"
    parts = [pack.settings().iso3, theme, spec.within, kind, paper.upper(), spec.created[:10].replace("-", "")]
    return "_".join(part for part in parts if part) + f".{format}"


@cache
def _compiler() -> tuple[typst.Compiler, bytes]:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[fonts_folder()])
    template = pack.path("typst/map.typ")
    return typst.Compiler(root=template.parent, font_paths=fonts, ignore_system_fonts=True), template.read_bytes()


def _compile(content: dict[str, Any], format: Format, dpi: int) -> bytes:
    compiler, template = _compiler()
    day = content["date"]
    stamp = datetime(day["year"], day["month"], day["day"], tzinfo=UTC)
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    with _lock:
        made = compiler.compile(
            input=template,
            format=format,
            ppi=float(dpi),
            sys_inputs={"data": data},
            pdf_standards=["ua-1"] if format == "pdf" else [],
            timestamp=stamp,
        )
    if not isinstance(made, bytes):
        raise PrintError(f"Expected one page, the typesetter made {len(made or [])}. Please report it with the view.")
    return made


def _with_metadata(png: bytes, dpi: int, texts: dict[str, str]) -> bytes:
    """Return ``png`` with its resolution (pHYs) and international texts (iTXt, UTF-8); PNG 1.2, 11.3."""
    metre = round(dpi / INCH)
    chunks = [_chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1))]
    for key, text in texts.items():
        chunks.append(_chunk(b"iTXt", key.encode("latin-1") + b"\0\0\0\0\0" + text.encode()))
    return png[:PNG_HEADER] + b"".join(chunks) + b"".join(_without(png[PNG_HEADER:], b"pHYs"))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _without(chunks: bytes, kind: bytes) -> Iterator[bytes]:
    """Return PNG ``chunks`` without those of one ``kind``."""
    at = 0
    while at < len(chunks):
        end = at + 12 + struct.unpack(">I", chunks[at : at + 4])[0]
        if chunks[at + 4 : at + 8] != kind:
            yield chunks[at:end]
        at = end
