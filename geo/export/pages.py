"""Floor 7: a page of the studio as any file: printed as it is, or its map and figures as an office file or live map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from geo import printmap, provenance
from geo.dataset import Dataset
from geo.errors import InputError
from geo.export import content as content_of
from geo.export import docx, html, pptx, xlsx
from geo.export.content import Content
from geo.print_spec import Leaf
from geo.printmap import Press
from geo.studio import ONE_MAP

OFFICE: dict[str, Callable[[Content], bytes]] = {"pptx": pptx.slide, "docx": docx.document, "xlsx": xlsx.workbook}
FILES = (*printmap.FORMATS, *OFFICE, "html")


def make(dataset: Dataset, leaf: Leaf, press: Press, format: str) -> bytes:
    """Return a page as a file of one of ``FILES``.

    Raises:
        InputError: when the format is none, or cannot hold a page of this kind.
    """
    if format in printmap.FORMATS:
        return printmap.picture(leaf, press, format)
    if format not in FILES:
        raise InputError(f"Format {format!r} is unknown; expected one of {', '.join(FILES)}.")
    if leaf.kind not in ONE_MAP:
        held = ", ".join(ONE_MAP)
        raise InputError(f"A page of kind {leaf.kind!r} cannot be a {format.upper()} file; expected one of {held}.")
    found, _problems = provenance.filters_of(provenance.read_text(leaf.view), dataset)
    if format == "html":
        return html.render(dataset, found, title=leaf.title, draft=leaf.spec.draft)
    spec = replace(leaf.spec, title=leaf.title, subtitle=leaf.subtitle)
    return OFFICE[format](content_of.build(dataset, found, spec=spec))
