"""Floor 6: the snapshot studio: pages -> files.  The page, the command and other formats all ask here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from geo import i18n, printmap, provenance
from geo.errors import GeoError
from geo.print_spec import Leaf
from geo.printmap import Logo, Press, Progress
from geo.studio_pages import leaves, link
from geo.studio_spec import StudioSpec

ONE_MAP = ("map", "ranked", "province")  # kinds that an office file can hold: one map with its figures
ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP knows: the same bytes on any day


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that could not be printed, and why."""

    page: str
    reason: str


# ---- files


def press(spec: StudioSpec, *, dpi: int = 300, logo: Logo | None = None) -> Press:
    """Return how the pages of ``spec`` are printed."""
    return Press(spec.paper, spec.orientation, dpi, logo)


def pdf(pages: Sequence[Leaf], held: Press, progress: Progress | None = None) -> tuple[bytes, tuple[Failure, ...]]:
    """Return the pages as one PDF, and those that had to be left out: one bad page does not stop the others.

    Raises:
        GeoError: when no page at all can be printed.
    """
    try:
        return printmap.pdf(pages, held, progress), ()
    except GeoError:
        if len(pages) == 1:
            raise
    good, failures = [], []
    for leaf in pages:
        try:
            printmap.pdf((leaf,), held)
            good.append(leaf)
        except GeoError as error:
            failures.append(Failure(leaf.title, str(error)))
    return printmap.pdf(_renumbered(good), held, progress), tuple(failures)


def _renumbered(good: Sequence[Leaf]) -> list[Leaf]:
    """Return the pages that are left with the numbers that they now have, in their contents too."""
    numbers = {leaf.number: at for at, leaf in enumerate(good, 1)}
    return [
        replace(
            leaf,
            number=numbers[leaf.number],
            of=len(good),
            entries=tuple(replace(one, page=numbers[one.page]) for one in leaf.entries if one.page in numbers),
        )
        for leaf in good
    ]


def archive(
    pages: Sequence[Leaf], held: Press, format: str, progress: Progress | None = None
) -> tuple[bytes, tuple[Failure, ...]]:
    """Return the pages as a ZIP of files of one ``format``, the same bytes for the same pages."""
    out = io.BytesIO()
    failures = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if format == "png" else zipfile.ZIP_DEFLATED) as folder:
        for at, leaf in enumerate(pages, 1):
            try:
                data = printmap.picture(leaf, held, format)
                folder.writestr(_entry_of(name(leaf, held, format, at)), data)
            except GeoError as error:
                failures.append(Failure(leaf.title, str(error)))
            if progress:
                progress(at, len(pages))
    return out.getvalue(), tuple(failures)


def _entry_of(file: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(file, ZIP_DAY)
    info.external_attr = 0o644 << 16
    info.create_system = 3
    return info


def name(leaf: Leaf, held: Press, format: str, number: int = 0) -> str:
    """Return the file name of a page by UN practice, such as ``LAO_sdg06_A4_20261123.png``."""
    view = provenance.read_text(leaf.view)
    goals = tuple(int(goal) for goal in parse_qs(view.query).get("sdg", ()) if goal.isdecimal())
    kind = "" if leaf.kind in ("ranked", "province") else leaf.kind
    plain = printmap.file_name(leaf.spec, goals=goals, paper=held.paper, format=format, kind=kind)
    language = "" if leaf.spec.language == i18n.SOURCE_LANGUAGE else f"_{leaf.spec.language}"
    stem, _dot, end = plain.rpartition(".")
    return f"{number:02d}_{stem}{language}.{end}" if number else f"{stem}{language}.{end}"


__all__ = ["ONE_MAP", "Failure", "Leaf", "StudioSpec", "archive", "leaves", "link", "name", "pdf", "press"]
